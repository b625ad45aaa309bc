"""Names and terms of any text: nothing breaks, spans fit, the same input gives the same rows."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.extract import entities
from luoshi.extract.terms import collect
from luoshi.structure import plain

WORDS = (
    "实施|推进|建设|支持|企业|高校|贵州|遵义|京津冀|省市县|工程|行动|计划|基地|机场|新区|国家|“|”|（|）|、|和|与|，|。|；|："
    "|三大|五项|双核|一圈|两区|3|50|项|个|万亿级|2028年|三年|《|》|即|包括|一是|二是|三是|安全|坚持|相结合|等|的|到|同|要|\n"
)
TEXTS = st.lists(st.sampled_from(WORDS.split("|")) | st.text(max_size=3), max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_spans_fit_and_repeat(text: str) -> None:
    found = entities.spans(text, "520000")
    assert all(0 <= s.start < s.end <= len(text) for s in found)
    assert found == entities.spans(text, "520000")
    inner = [s for s in found if s.type != "DATE"]
    assert all(a.end <= b.start for a, b in pairwise(inner))


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=3))
def test_terms_quote_their_text(texts: list[str]) -> None:
    documents = [plain(text, id=f"d{i}") for i, text in enumerate(texts)]
    by_id = {d.id: d for d in documents}
    rows = collect(documents)
    for row in rows:
        for e in (row.evidence, *row.uses):
            assert by_id[e.document].text[e.start : e.end] == e.quote
        assert not row.members or row.count is None or row.count == len(row.members)
    assert len({r.id for r in rows}) == len(rows)
    assert rows == collect(documents)
