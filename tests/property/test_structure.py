"""What holds for any text at all: nothing is lost, spans nest, the same text gives the same rows."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_readings import reading

from luoshi.model import Document
from luoshi.structure import plain, settle, structure
from luoshi.text.segment import sentence_spans

LABELS = [
    "一、", "二、", "九、", "（一）", "（三）", "1.", "2.", "7.", "（1）", "①", "——", "●", "一是", "首先，",
    "第一章 ", "第二节 ", "第三条 ", "附件", "附件2", "Article 1 ", "(a) ", "A. ",
    "目录", "#", "^", "=", "|", "*",
]  # fmt: skip
WORDS = [
    "建设水网", "到2030年", "。", "；", "：", "，", "“节水”", "（水利局）", "《水法》", "2024年3月1日",
    "林远山强调，", "会议指出，",
    "云川省水利厅", "关于节水的意见", "云水办〔2024〕3号", "（2024年3月1日通过）", "各县：",
    "本报云州3月9日电 ", " ", "　", "\t", "？",
    "……", "ab. C", "\u200b", "■", "\U00020000", "首页", "打印",
]  # fmt: skip
LINES = st.lists(
    st.tuples(st.sampled_from([*LABELS, "", "", ""]), st.lists(st.sampled_from(WORDS), max_size=7)),
    max_size=24,
)
TEXTS = LINES.map(lambda lines: "\n".join(label + "".join(words) for label, words in lines))
ANY = st.text(max_size=300)


def check(document: Document) -> None:
    text = document.text
    covered: set[int] = set()
    by_id = {p.id: p.evidence for p in document.provisions}
    for s in document.sentences:
        e = s.evidence
        assert text[e.start : e.end] == e.quote and e.quote == e.quote.strip() != ""
        assert not covered & set(range(e.start, e.end))
        covered |= set(range(e.start, e.end))
        if s.provision is not None:
            assert by_id[s.provision].start <= e.start and e.end <= by_id[s.provision].end
    assert {i for i, c in enumerate(text) if not c.isspace()} <= covered
    for p in document.provisions:
        assert text[p.evidence.start : p.evidence.end] == p.evidence.quote
        if p.parent is not None:
            above = by_id[p.parent]
            assert above.start <= p.evidence.start and p.evidence.end <= above.end
    rows = [*document.provisions, *document.sentences, *document.dropped]
    assert len({r.id for r in rows}) == len(rows)
    assert len({p.eid for p in document.provisions}) == len(document.provisions)
    assert [text[p.start : p.end] for p in document.paragraphs] == [line for line in text.split("\n") if line]


def lost(text: str, found: tuple[Document, ...]) -> str:
    """Characters of the blocks that stand in no sentence and no dropped row."""
    kept: set[int] = set()
    for d in found:
        spans = [s.evidence.source_span for s in d.sentences] + [x.source_span for x in d.dropped]
        for span in spans:
            if span is not None:
                kept |= set(range(*span))
    starts = {0} | {i + 1 for i, c in enumerate(text) if c == "\n"}
    marks = {i for i in starts if text[i : i + 1] in tuple("#^=|*")}
    return "".join(c for i, c in enumerate(text) if not c.isspace() and i not in kept | marks)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS | ANY)
def test_any_reading(text: str) -> None:
    made = reading(text)
    found = structure(made)
    assert found
    for d in found:
        check(d)
    assert lost(text, found) == ""
    again = structure(made)
    assert [(d.row, d.provisions, d.sentences, d.dropped) for d in again] == [
        (d.row, d.provisions, d.sentences, d.dropped) for d in found
    ]
    assert len(settle(found)) == len(found)


@settings(max_examples=100, deadline=None)
@given(TEXTS | ANY)
def test_any_text_alone(text: str) -> None:
    document = plain(text, id="x")
    check(document)
    assert document.dropped == () or all(d.reason == "white space" for d in document.dropped)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80) | st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_sentences_cover_the_text(text: str) -> None:
    spans = sentence_spans(text)
    assert spans == sorted(spans)
    assert all(a < b <= c for (a, b), (c, _) in pairwise(spans))
    inside = {i for a, b in spans for i in range(a, b)}
    assert {i for i, c in enumerate(text) if not c.isspace()} <= inside
