"""Ranks, common sources and shares over a set, with links made by hand."""

from __future__ import annotations

from dataclasses import replace

from luoshi.align import rank, sources
from luoshi.model import Document, DocumentRow, Evidence, LinkRow, Mapped

TEXT = "修复湖滨湿地，扩建轮渡码头。办好水产学校。"


def made(id_: str, date: str | None = None) -> Document:
    row = DocumentRow(id_, id_, id_, f"题{id_}", "opinion", "full", date=date)
    return Document(row, Mapped.of_source(TEXT))


def link(
    lower: str, upper: str, start: int, end: int, relation: str = "verbatim", score: float = 0.9
) -> LinkRow:
    a = Evidence(lower, start, end, TEXT[start:end])
    b = Evidence(upper, start, end, TEXT[start:end])
    return LinkRow(f"{lower}{upper}{start}", a, b, relation, score, direction="down", direction_basis="甲")  # type: ignore[arg-type]


def test_rank_by_relation_then_score() -> None:
    some = [
        link("a", "b", 0, 6, "adapted", 0.99),
        link("a", "c", 0, 6, "verbatim", 0.6),
        link("a", "d", 1, 6, "adapted", 0.7),
    ]
    assert [(x.upper.document, x.rank) for x in rank(some)] == [("c", 1), ("b", 2), ("d", 3)]


def test_of_equals_the_nearest_above_then_the_latest() -> None:
    """A county's words that stand in the city's plan, the province's and the centre's alike."""
    levels = {"a": "county", "b": "central", "c": "city", "d": "province", "e": "city"}
    dates = {"c": "2031-02-01", "e": "2031-03-01"}
    documents = [
        replace(made(i), row=replace(made(i).row, level=x, date=dates.get(i))) for i, x in levels.items()
    ]
    some = [link("a", u, 0, 6, "adapted", s) for u, s in (("b", 0.99), ("c", 0.9), ("d", 0.95), ("e", 0.9))]
    assert [(x.upper.document, x.rank) for x in rank(some, documents)] == [
        ("e", 1),
        ("c", 2),
        ("d", 3),
        ("b", 4),
    ]


def test_other_words_rank_apart() -> None:
    some = [link("a", "b", 0, 6, score=0.9), link("a", "c", 7, 13, score=0.5)]
    assert [x.rank for x in rank(some)] == [1, 1]


def test_two_links_to_one_upper_do_not_outrank_each_other() -> None:
    some = [link("a", "b", 0, 6, score=0.9), link("a", "b", 0, 5, score=0.5)]
    assert [x.rank for x in rank(some)] == [1, 1]


def test_common_source() -> None:
    documents = [made("a", "2031-05-01"), made("b", "2031-05-01"), made("c", "2031-01-01")]
    some = [link("a", "b", 0, 6), link("a", "c", 0, 6, score=0.8), link("b", "c", 0, 6)]
    by_upper = {(x.lower.document, x.upper.document): x.direction_basis for x in rank(some, documents)}
    assert "题c（2031-01-01）" in by_upper["a", "b"]
    assert by_upper["a", "c"] == by_upper["b", "c"] == "甲"


def test_a_later_document_is_no_source() -> None:
    documents = [made("a", "2031-05-01"), made("b", "2031-04-01"), made("c", "2031-04-20")]
    some = [link("a", "b", 0, 6), link("a", "c", 0, 6), link("b", "c", 0, 6)]
    assert all(x.direction_basis == "甲" for x in rank(some, documents))


def test_words_of_many_documents_are_stock() -> None:
    few = rank([link("a", u, 0, 6) for u in "bc"])
    many = rank([link("a", u, 0, 6) for u in "bcdefghij"])
    assert {x.stock for x in few} == {0}
    assert {x.stock for x in many} == {1}


def test_sources_count_characters_once() -> None:
    a = made("a")
    some = [
        link("a", "b", 0, 6),
        link("a", "b", 3, 13),
        link("a", "c", 7, 13),
        link("a", "c", 14, 20, "specified"),
    ]
    rows = sources([a], some)
    assert [(r.upper_document, r.characters, r.unique_characters) for r in rows] == [
        ("b", 12, 6),
        ("c", 6, 0),
    ]
    assert rows[0].share == round(12 / 18, 4)


def test_what_a_higher_level_took_up_later_is_no_source() -> None:
    later = replace(link("a", "c", 0, 6), direction="up")
    assert [r.upper_document for r in sources([made("a")], [link("a", "b", 0, 6), later])] == ["b"]


def test_nothing() -> None:
    assert rank([]) == ()
    assert sources([made("a")], []) == ()
