"""What is tried only where it can fit is found all the same."""

from __future__ import annotations

import re
from importlib import import_module
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshi.extract import parse, wording
from luoshi.extract.names import bodies
from luoshi.extract.reader import WHEN_OPENS
from luoshi.text.sought import Sought

MODULES = (
    "luoshi.extract.clauses", "luoshi.extract.places", "luoshi.extract.names.figures",
    "luoshi.extract.names.labels", "luoshi.text.times.atoms", "luoshi.text.times.calendar_rules",
    "luoshi.text.times.durations", "luoshi.text.times.named",
)  # fmt: skip
AROUND = st.text(alphabet="一二十0129年月日前后内上下的，。至到第省市县委 ", max_size=12)


def _of(module: ModuleType) -> list[tuple[str, Sought]]:
    return [(f"{module.__name__}.{k}", v) for k, v in vars(module).items() if isinstance(v, Sought)]


SOUGHT = dict(pair for name in MODULES for pair in _of(import_module(name)))
SOUGHT |= {f"bodies.{f.__name__}": f() for f in (bodies._local, bodies._subject, bodies._governments)}


def _spans(found: object) -> list[tuple[int, int]]:
    return [m.span() for m in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(SOUGHT))
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_finds_what_the_pattern_finds(name: str, data: st.DataObject) -> None:
    sought = SOUGHT[name]
    made = data.draw(st.from_regex(sought.pattern))
    text = data.draw(AROUND) + made + data.draw(AROUND)
    assert _spans(sought.finditer(text)) == _spans(sought.pattern.finditer(text))
    ours, alone = sought.search(text), sought.pattern.search(text)
    assert (ours and ours.span()) == (alone and alone.span())


@pytest.mark.parametrize(("name", "opens"), [("time", parse.TIME_OPENS), ("when", WHEN_OPENS)])
@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(data=st.data())
def test_times_begin_with_the_characters_that_are_asked_for(
    name: str, opens: frozenset[str], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(wording.pattern(name), fullmatch=True))
    assert text[0] in opens or text[0].isdecimal()


@pytest.mark.parametrize(
    "text", ["云江县人民政府", "各级党委（党组）", "县教育局(体育局)", "果园", "农业的部门", "", "）", "部门"]
)
def test_names_of_those_who_act(text: str) -> None:
    assert wording.is_actor(text) is (wording.actor().fullmatch(text) is not None)


def test_a_text_without_a_beginning_is_gone_through_once() -> None:
    """The pattern itself is asked nowhere: the work of a sentence without numbers is one look."""

    sought = Sought(r"(?<!第)\d+个", first=r"\d")
    tried = 0

    class Counting:
        def match(self, text: str, at: int) -> re.Match[str] | None:
            nonlocal tried
            tried += 1
            return re.compile(r"(?<!第)\d+个").match(text, at)

    sought.pattern = Counting()  # type: ignore[assignment]
    assert not list(sought.finditer("建设果园，修复江堤。" * 50)) and tried == 0
    assert len(list(sought.finditer("建设果园12个，江堤3个。"))) == 2 and tried == 2
