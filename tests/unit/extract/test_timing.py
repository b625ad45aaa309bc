"""Rows of dates of a document."""

from __future__ import annotations

from dataclasses import replace

from luoshi import structure
from luoshi.extract import timing
from luoshi.model import Document, Paragraph


def document(text: str, date: str | None = "2025-03-02", **row: object) -> Document:
    made = structure.plain(text, id="t", date=date)
    return made.with_rows(row=replace(made.row, **row))


def test_rows_stand_at_their_places() -> None:
    made = document("一、总则\n到2027年建成。年内完成改造，自印发之日起30日内报送方案。")
    rows = timing.find(made)
    assert [(r.kind, r.to) for r in rows] == [
        ("deadline", "2027-12-31"),
        ("deadline", "2025-12-31"),
        ("deadline", "2025-04-01"),
    ]
    assert all(made.text[r.evidence.start : r.evidence.end] == r.evidence.quote for r in rows)
    assert len({r.id for r in rows}) == 3


def test_same_quote_twice_has_two_ids() -> None:
    rows = timing.find(document("年内完成甲。\n年内完成乙。"))
    assert len({r.id for r in rows}) == 2


def test_validity_counts_from_the_last_article() -> None:
    rows = timing.find(document("第九条 本办法自2025年5月1日起施行。\n本办法有效期两年。"))
    assert (rows[-1].from_, rows[-1].to) == ("2025-05-01", "2027-04-30")


def test_sections_that_look_back() -> None:
    made = document(
        "一、上年工作回顾\n上半年建成3座。\n二、今年工作安排\n上半年建成5座。",
        "2026-01-20",
        kind="work-report",
    )
    made = made.with_rows(paragraphs=tuple(Paragraph(p.start, p.end) for p in made.paragraphs))
    kinds = [(r.kind, r.to) for r in timing.find(made) if r.evidence.quote == "上半年"]
    assert kinds == [("past", "2025-06-30"), ("deadline", "2026-06-30")]


def test_the_year_of_the_title() -> None:
    made = document("七、10月1日至7日放假。", "2024-11-12", kind="notice", title="关于2025年放假安排的通知")
    assert [(r.from_, r.to) for r in timing.find(made)] == [("2025-10-01", "2025-10-07")]


def test_without_a_date() -> None:
    (row,) = timing.find(document("年底前完成。", None))
    assert (row.kind, row.to, row.anchor) == ("deadline", None, "document date")
