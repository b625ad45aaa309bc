"""The time expressions of a document as rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from luoshi.extract.clauses import label_end
from luoshi.extract.ledgers import Cell, Ledgers, due
from luoshi.extract.wording import pattern
from luoshi.model import DateRow, Document, IdMaker, Paragraph
from luoshi.text import dates

_REVIEW = re.compile(
    r"回顾|过去[一二三四五六七八九十两]?[年几]|工作总结|主要成[就绩]|取得的成[就绩]|工作情况$|工作进展"
)
_PLAN = re.compile(
    r"今后|未来|下一步|总体要求|目标|重点工作|主要任务|工作安排|工作打算|[今明]年|部署|建议|规划"
)
_FORCE = re.compile(r"施行|实施|生效|执行")
_DUE = pattern("note-due")
_STOP = re.compile(r"[。；;\n\t　）)】]")


def find(document: Document, new_id: IdMaker | None = None) -> list[DateRow]:
    """Rows of ``dates`` of a document, in order of their places.

    Dates are counted from the document's own (of adoption or issue), else the day of publication. Sections
    that look back (headings such as 工作回顾) are read as looking back.
    """
    make = new_id or IdMaker(document.id)
    base = dates.parse_iso(document.row.date) or dates.parse_iso(document.row.published)
    effective = dates.parse_iso(document.row.effective) or _effective(document, base)
    year = _title_year(document)
    if base is None and year is not None:
        base = date(year, 1, 1)  # an undated plan of a year
    out: list[DateRow] = []
    ledgers = Ledgers(document)
    for paragraph, looking_back in _paragraphs(document):
        cells = ledgers.cells(paragraph.start)
        if cells is not None:
            out.extend(_of_row(document, cells, base, year, make))
            continue
        part = document.text[paragraph.start : paragraph.end]
        label = label_end(part)  # 1.2028年底前…
        part = " " * label + part[label:]
        found = dates.find_times(part, base, retrospective=looking_back, effective=effective, year=year)
        found = _announced(part, found, base, year)
        out.extend(_row(document, paragraph.start, t, make) for t in found)
    return out


def _announced(
    part: str, found: Sequence[dates.TimeExpression], base: date | None, year: int | None
) -> list[dates.TimeExpression]:
    """The times of a paragraph, those behind 完成时限： read as what is due then."""
    out = list(found)
    for m in _DUE.finditer(part):
        stop = _STOP.search(part, m.end())
        start, end = m.end(), stop.start() if stop else len(part)
        cell = part[start:end]
        said = due(cell, dates.find_times(cell, base, year=year), year or (base.year if base else None))
        if said:
            moved = [replace(t, start=t.start + start, end=t.end + start) for t in said]
            out = [t for t in out if t.end <= start or t.start >= end] + moved
    return sorted(out, key=lambda t: t.start)


def _of_row(
    document: Document, cells: Sequence[Cell], base: date | None, year: int | None, make: IdMaker
) -> Iterator[DateRow]:
    """The times of a ledger's row, cell by cell; those under its deadlines are such."""
    for cell in cells:
        part = document.text[cell.start : cell.end]
        ahead = year or (base.year if base else None)
        found = dates.find_times(part, base, year=ahead if cell.role == "deadline" else year)
        for t in due(part, found, ahead) if cell.role == "deadline" else found:
            yield _row(document, cell.start, t, make)


def _row(document: Document, at: int, t: dates.TimeExpression, make: IdMaker) -> DateRow:
    return DateRow(
        id=make("date", t.quote),
        evidence=document.evidence(at + t.start, at + t.end),
        kind=t.kind,
        from_=t.from_.isoformat() if t.from_ else None,
        to=t.to.isoformat() if t.to else None,
        anchor=t.anchor,
        explanation=t.explanation,
    )


def _title_year(document: Document) -> int | None:
    """The one year that a plan's or notice's title names; a report's title names the year of its reading."""
    years = set(re.findall(r"(?<![\d—–-])((?:19|20)\d\d)年(?![—–-])", document.row.title))
    return (
        int(years.pop()) if len(years) == 1 and document.row.kind in ("notice", "plan", "measures") else None
    )


def _effective(document: Document, base: date | None) -> date | None:
    """The day of entry into force that the text itself names, usually in its last article."""
    for paragraph in reversed(document.paragraphs):
        part = document.text[paragraph.start : paragraph.end]
        if not _FORCE.search(part) or "本" not in part or "起" not in part:
            continue
        for t in dates.find_times(part, base):
            if t.kind == "start" and t.from_ and t.anchor is None and _FORCE.search(t.quote):
                return t.from_
    return None


def _paragraphs(document: Document) -> Iterator[tuple[Paragraph, bool | None]]:
    """The paragraphs, each with whether its section looks back (known in work reports only)."""
    looking_back: bool | None = None
    for paragraph in document.paragraphs:
        if document.row.kind == "work-report":
            text = document.text[paragraph.start : paragraph.end]
            if paragraph.kind in ("heading", "title") or len(text) <= 40:
                if _PLAN.search(text) and not re.search("回顾", text):
                    looking_back = False
                elif _REVIEW.search(text):
                    looking_back = True
        yield paragraph, looking_back
