"""Numbers in two wordings that measure the same thing, and which of them asks for more.

Two numbers are compared only where what they measure is the same (its words, not the numbers' unit alone):
产值年均增长7% and 收入年均增长7.5% are no pair. Amounts (个, 万亩, 公里, 亿元) sum up over the places
below: a city's 6万亩 is its share of the province's 50万亩, no lower target. Rates, time limits and
standards for each person or case hold at every level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from luoshi.align.words import local_words
from luoshi.text import lexicon
from luoshi.text.dates import find_times
from luoshi.text.numerals import HAN, parse_number

MUCH = 0.6
"""Part of the shorter name of what is measured that the longer one must hold."""
SOME = 0.45
"""Part of the longer name that the shorter one must hold."""
SCALE = {"亿": 1e8, "万": 1e4, "千": 1e3, "百": 1e2}
_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_NUMBER = re.compile(
    rf"百分之{HAN}+|{HAN}成(?:半)?(?![立为员功果长就本绩套品效])|{HAN}+(?=个?工作日|[日天](?:以|之)?内|个?小时|个月|倍|年时间)|{_DIGITS}"
)
"""Numbers in words only where a unit of time or 倍 follows: 三级医院 and 一批 are no quantities."""
_OTHER_UNIT = re.compile(r"平方公里|立方米|千瓦时|平方米|公里|千瓦|公顷|公斤|[A-Za-z\u4e00-\u9fff]")
_SCALE = re.compile(r"(?:万亿|千亿|百亿|千万|百万|亿|万|千)")
_SEPARATOR = re.compile(r"[，；。：、,;]|(?<=[%％\d个座家所项人户亩里元条名处件台套间万亿])和")
_NOT_NAME = re.compile(
    r"达到|超过|突破|实现|力争|确保|保持|稳定|控制|压缩|压减|缩短|提高|提升|增加|新增|建成|建设|完成|新建|改造|培育|打造|推进|以上"
    r"|以内|以下|左右|之内|不低于|不少于|不超过|不高于|至少|最高|最低|每个|每年|年均|增长|增速|增幅|下降|降低|减少|高于|低于|给予|至|到|在|内"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it measures.

    ``kind``: rate, limit or amount, see ``data/measures.tsv``.

    ``name``: the words of what is measured; ``change``: whether it is an increase or a fall; ``cap``: a
    smaller number asks for more; ``until``: the day by which it is to be reached, where the sentence says
    one.
    """

    value: float
    unit: str
    kind: str
    name: str
    change: bool
    cap: bool
    until: date | None = None


@cache
def _measures() -> dict[str, tuple[str, str, float]]:
    return {r[0]: (r[1], r[2], float(r[3])) for r in lexicon.table("luoshi.align", "measures.tsv")}


@cache
def _bound(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(r[0] for r in lexicon.table("luoshi.align", "bounds.tsv") if r[1] == kind))


@cache
def _cap_or_floor() -> re.Pattern[str]:
    # caps first: 不超过 holds 超过
    return re.compile(f"(?P<cap>{_bound('cap').pattern})|(?P<floor>{_bound('floor').pattern})")


def quantities(text: str, before: str = "") -> list[Quantity]:
    """The quantities of a wording; dates are none.

    :param before: what stands before it in its sentence, for the day that it names.
    """
    return list(_quantities(text, before))


def deadlines(text: str) -> list[date]:
    """The days by which something is to be done."""
    if not any(c.isdigit() or c in "年月末底期五" for c in text):
        return []
    return [t.to for t in find_times(text, None) if t.to and t.kind == "deadline"]


def _quantities(text: str, before: str) -> Iterator[Quantity]:
    if not _NUMBER.search(text):
        return
    whole = before + text
    times = [
        (t.start - len(before), t.end - len(before), t.to)
        for t in find_times(whole, None)
        if t.kind != "relative"
    ]
    for m in _NUMBER.finditer(text):
        # a duration (三年时间) is a time expression too, but one without a day
        if any(a <= m.start() < b and to for a, b, to in times):
            continue
        value = parse_number(m.group())
        scale = _SCALE.match(text, m.end())
        end = scale.end() if scale else m.end()
        unit = _unit_at(text, end)
        percent = m.group().startswith("百分之") or "成" in m.group()
        if value is None or not (unit or percent):
            continue
        for c in scale.group() if scale else "":
            value *= SCALE[c]
        kind, alike, factor = _measures().get(unit, ("amount", unit, 1.0))
        if percent:
            unit, kind, alike, factor = "", "rate", "%", 1.0
        until = [to for a, _, to in times if to and a < m.start()]
        yield _quantity(
            text, m.start(), end + len(unit), value * factor, alike, kind, until[-1] if until else None
        )


def _unit_at(text: str, at: int) -> str:
    """The longest known unit at a place, else one character of an unknown one."""
    for size in range(min(8, len(text) - at), 0, -1):
        if text[at : at + size] in _measures():
            return text[at : at + size]
    m = _OTHER_UNIT.match(text, at)
    return m.group() if m and m.group() not in "至到和或的" else ""


def _quantity(
    text: str, start: int, end: int, value: float, unit: str, kind: str, until: date | None
) -> Quantity:
    left = max((m.end() for m in _SEPARATOR.finditer(text, 0, start)), default=0)
    right = next((m.start() for m in _SEPARATOR.finditer(text, end)), len(text))
    head, tail = text[left:start], text[end:right]
    near = head[-12:] + "\0" + tail[:4]
    if kind == "amount" and (_bound("each").search(head) or re.match(r"[/／]|每", tail)):
        kind = "rate"
    said = _cap_or_floor().search(near)
    cap = said.lastgroup == "cap" if said else kind == "limit"
    return Quantity(
        value,
        unit,
        kind,
        _name(head, tail),
        _bound("change").search(head) is not None,
        cap,
        until,
    )


def _name(head: str, tail: str) -> str:
    """What is measured: the words around the number without those of any target."""
    return "".join(c for c in _NOT_NAME.sub("", _places().sub("", head + tail)) if c.isalpha())


@cache
def _places() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, local_words()), key=lambda w: (-len(w), w))))


def same_measure(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities measure the same thing in the same way."""
    if a.unit != b.unit or a.change != b.change or a.kind != b.kind:
        return False
    if not a.name or not b.name:
        return a.name == b.name
    x, y = _grams(a.name), _grams(b.name)
    both = len(x & y)
    return both >= MUCH * min(len(x), len(y)) and both >= SOME * max(len(x), len(y))


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(max(1, len(text) - 1)))


def compare(
    upper: list[Quantity], lower: list[Quantity], *, amounts: bool
) -> tuple[Literal["lower-target", "higher-target"] | None, bool]:
    """How the targets of two wordings differ, and whether any of them are to be compared at all.

    :param amounts: whether amounts are comparable: both wordings speak for one and the same place.
    A lower number that is to be reached earlier, or a higher one later, says nothing.
    """
    found: set[Literal["lower-target", "higher-target"]] = set()
    met = False
    for new in lower:
        same = [old for old in upper if same_measure(old, new)]
        if not same:
            continue
        met = True
        old = max(same, key=lambda q: len(_grams(q.name) & _grams(new.name)))
        if old.value == new.value or (old.kind == "amount" and not amounts):
            continue
        more = (new.value > old.value) != new.cap
        later = bool(old.until and new.until and new.until > old.until)
        earlier = bool(old.until and new.until and new.until < old.until)
        if more and not later:
            found.add("higher-target")
        elif not more and not earlier:
            found.add("lower-target")
    if "lower-target" in found:
        return "lower-target", met
    return ("higher-target" if found else None), met
