"""Whatever stands in a document stays text."""

from __future__ import annotations

import json
from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from luoshi.report.accounting import union
from luoshi.report.files import printable
from luoshi.report.html import safe_json
from luoshi.report.payload import utf16_offsets
from luoshi.report.taskbook import row_xml

ANY = st.text(st.characters(codec="utf-8"))
HARD = st.one_of(ANY, st.text("<>&/!-sript'\"\u2028\u2029\x00\x1b\ufffe\n]"), st.text(st.characters()))


@given(HARD)
def test_json_inside_a_script_holds_no_markup_and_comes_back_whole(text: str) -> None:
    written = safe_json([text, {text: 1}])
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == [text, {text: 1}]


@given(HARD)
def test_printable_text_is_good_xml(text: str) -> None:
    clean = printable(text)
    assert len(clean) == len(text)
    row = f'<x xmlns:w="w">{row_xml([text] * 6, head=False)}</x>'
    found = "".join(x.text or "" for x in ElementTree.fromstring(row).iter("{w}t"))
    assert found == clean.replace("\n", "") * 6


@given(ANY, st.data())
def test_offsets_of_a_browser(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    assert utf16_offsets(text)(at) == len(text[:at].encode("utf-16-le")) // 2


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda x: (min(x), max(x)))))
def test_union_covers_the_same_places_once(spans: list[tuple[int, int]]) -> None:
    joined = union(spans)
    places = {i for a, b in spans for i in range(a, b)}
    assert [i for a, b in joined for i in range(a, b)] == sorted(places)
    assert all(b < c for (_, b), (c, _) in pairwise(joined))
