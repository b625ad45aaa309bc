"""Links of an invented provincial plan with the central opinion above it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_texts import apart, document, lower, upper

from luoshi.align import Alignment, Features, align, pairs
from luoshi.align.pairing import Pair
from luoshi.model import Document, LinkRow


@pytest.fixture(scope="module")
def found() -> Alignment:
    low, up = lower(), upper()
    (pair,) = pairs([up, low])
    return align(low, up, pair)


def link(found: Alignment, words: str) -> LinkRow:
    """The surest link whose lower quote has the words."""
    return max((x for x in found.links if words in x.lower.quote), key=lambda x: x.score)


@pytest.mark.parametrize(
    ("words", "relation", "source"),
    [
        ("鱼种提纯复壮行动", "verbatim", "实施鱼种提纯复壮行动"),
        ("环湖轮渡码头体系", "verbatim", "加快建设环湖轮渡码头体系"),
        ("生态净水池塘", "adapted", "率先把近岸养殖池塘建成生态净水池塘"),
        ("芦苇湿地", "adapted", "同步扩大芦苇湿地修复范围"),
        ("用好补贴政策", "adapted", "坚持加大补贴力度和激发渔户干劲相结合"),
        ("支撑云江全面复兴", "adapted", "以渔民高素质发展支撑湖区全面复兴"),
    ],
)
def test_wording(found: Alignment, words: str, relation: str, source: str) -> None:
    x = link(found, words)
    assert x.relation == relation
    assert source in x.upper.quote


def test_edits_and_direction(found: Alignment) -> None:
    x = link(found, "用好补贴政策")
    assert [(e.op, e.upper, e.lower) for e in x.edits] == [("replace", "加大补贴力度", "用好补贴政策")]
    assert x.direction == "down"
    assert "2031-03-01" in x.direction_basis


def test_quotes_lie_within_a_sentence_each(found: Alignment) -> None:
    for x in (*found.links, *found.candidates):
        for end, made in ((x.lower, lower()), (x.upper, upper())):
            assert made.text[end.start : end.end] == end.quote
            assert any(s.evidence.start <= end.start and end.end <= s.evidence.end for s in made.sentences)


def test_verbatim_has_no_edits_and_no_change(found: Alignment) -> None:
    for x in found.links:
        if x.relation == "verbatim":
            assert not x.edits
            assert x.change is None


def test_texts_about_other_things_are_not_linked() -> None:
    low, up = apart(), upper()
    (pair,) = pairs([up, low])
    assert align(low, up, pair).links == ()


def test_formulas_and_stock_phrases_are_not_linked() -> None:
    pair = Pair("a", "b", "down", "")
    text = "坚持以习近平新时代中国特色社会主义思想为指导。{}\n现印发给你们，请认真贯彻执行。\n保障措施"
    a, b = document(text.format("修复芦苇湿地。"), id="a"), document(text.format("扩建轮渡码头。"), id="b")
    assert align(a, b, pair).links == ()


def test_labels_and_who_speaks_are_no_wording() -> None:
    pair = Pair("a", "b", "down", "")
    a = document("4.全力扩建青石轮渡码头。", id="a")
    b = document("会议强调，要全力扩建青石轮渡码头。", id="b")
    (x,) = align(a, b, pair).links
    assert (x.relation, x.lower.quote, x.upper.quote) == (
        "verbatim",
        "全力扩建青石轮渡码头",
        "要全力扩建青石轮渡码头",
    )


def test_a_boxed_summary_is_not_linked() -> None:
    twice = document("扩建青石轮渡码头群。\n本报讯。扩建青石轮渡码头群。", id="b")
    low = document("扩建青石轮渡码头群。", id="a")
    pair = Pair("a", "b", "down", "")
    boxed = twice.with_rows(box=(0, 10))
    assert {x.upper.start for x in align(low, twice, pair).links} == {0, 15}
    assert {x.upper.start for x in align(low, boxed, pair).links} == {15}


@pytest.mark.parametrize("text", ["", "。", "…… 123", "\n\n", "甲", "🙂🙂，🙂。", "a b c"])
def test_odd_texts(text: str) -> None:
    pair = Pair("a", "b", "unknown", "")
    odd = document(text, id="a")
    for low, up in ((odd, upper()), (upper(), odd), (odd, odd)):
        align(low, up, pair)


def test_features_may_be_handed_in(found: Alignment) -> None:
    low, up = lower(), upper()
    (pair,) = pairs([up, low])
    assert align(Features(low), Features(up), pair) == found


def alike(parts: Alignment, whole: Alignment) -> None:
    for some, others in ((parts.links, whole.links), (parts.candidates, whole.candidates)):
        assert [replace(x, score=0) for x in some] == [replace(x, score=0) for x in others]
        # sums of products may round differently in another shape
        assert [x.score for x in some] == pytest.approx([x.score for x in others], abs=1e-3)


def test_stripes_give_what_the_whole_gives(found: Alignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair too large for the memory is looked at a few blocks at a time."""
    monkeypatch.setattr("luoshi.align.cells.STRIPE", 40)
    low, up = lower(), upper()
    (pair,) = pairs([up, low])
    alike(align(low, up, pair), found)


def test_large_documents_give_what_small_ones_give(found: Alignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not all pairs of sentences are looked at, those that matter are."""
    monkeypatch.setattr("luoshi.align.cells.EVERY", 0)
    low, up = lower(), upper()
    (pair,) = pairs([up, low])
    alike(align(low, up, pair), found)


def test_a_speaker_of_few_words_is_carried_on_by_wording_only() -> None:
    text = "要修复湖滨湿地。\n要扩建轮渡码头，畅通跨湖物流。\n李某说，要办好水产学校。"
    made = document(text, id="b")
    paragraphs = [replace(p, speaker="王某") for p in made.paragraphs]
    paragraphs[-1] = replace(paragraphs[-1], speaker="李某")
    made = made.with_rows(paragraphs=tuple(paragraphs))
    low = document("办好水产学校。\n扩大水产技师学院招生。", id="a")
    links = align(low, made, Pair("a", "b", "down", "")).links
    other: Document = made
    said = other.paragraphs[-1]
    assert all(x.relation != "specified" for x in links if x.upper.start >= said.start)
