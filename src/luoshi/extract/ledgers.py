"""Rows of tables that are lists of tasks: which cell holds the task, which its deadline, which a report."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from luoshi.model import Document, Paragraph
from luoshi.text.columns import header_roles
from luoshi.text.dates import TimeExpression
from luoshi.text.times.arith import last_of_month

READ = frozenset({"task", "category", "measure", ""})
"""Columns in which commitments stand; the others name bodies and dates, or report."""
_DATE = re.compile(
    r"\s*((?P<year>(?:19|20)\d\d)\s*(?:[-/.年]\s*(?P<month>\d{1,2})\s*(?:[-/.月]\s*(?P<day>\d{1,2})\s*日?|月)?|年)?)"
    r"(?:\s+\d{1,2}:\d\d(?::\d\d)?)?\s*"
)
_DAY = re.compile(r"\s*((?P<year>)(?P<month>\d{1,2})月(?P<day>\d{1,2})日)(?:之?前)?(?:完成)?\s*")
_BREAK = re.compile(r"(?<=[\u4e00-\u9fff。；）])\s+(?=[\u4e00-\u9fff（]|\d+[.．、）])")
_SHORT = 6
"""Characters that a part of a cell has at least, that stands alone."""
_ONGOING = re.compile(
    r"\s*(?:长期|持续|常年|全年|每年|每月|每季度|经常|常态化?|贯穿全年|立行立改|即知即改|长效)"
    r"(?:坚持|推进|实施|落实|任务|性?工作|性|化)*\s*"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: the role of its column, its span in the document's text."""

    role: str
    start: int
    end: int


class Ledgers:
    """The rows of a document's tables by the start of their paragraph."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._rows: dict[int, tuple[Cell, ...]] = {}
        columns: list[str] = []
        for paragraph in document.paragraphs:
            if paragraph.kind != "table-row":
                columns = []
                continue
            spans = _spans(document.text, paragraph)
            head = header_roles([document.text[a:b] for a, b in spans])
            if head:
                columns = head
                self._rows[paragraph.start] = ()
            elif columns and len(spans) > 1:
                roles = [*columns, *[""] * len(spans)]
                self._rows[paragraph.start] = tuple(
                    Cell(role, a, b) for role, (a, b) in zip(roles, spans, strict=False)
                )

    def cells(self, start: int) -> tuple[Cell, ...] | None:
        """The cells of the row that begins at a place; none of a header; ``None`` for anything else."""
        return self._rows.get(start)

    def tasks(self, start: int) -> list[tuple[int, int]] | None:
        """Spans of a row in which commitments are looked for, ``None`` where it is no row of a ledger."""
        cells = self._rows.get(start)
        if cells is None:
            return None
        return [part for c in cells if c.role in READ for part in self._parts(c)]

    def _parts(self, cell: Cell) -> list[tuple[int, int]]:
        """A cell, parted where its lines were: each is a task."""
        cuts = [m.span() for m in _BREAK.finditer(self._text, cell.start, cell.end)]
        edges = [(cell.start, cell.start), *cuts, (cell.end, cell.end)]
        parts = [(a[1], b[0]) for a, b in pairwise(edges)]
        return parts if all(b - a >= _SHORT for a, b in parts) else [(cell.start, cell.end)]

    def ongoing(self, start: int) -> bool:
        """Whether a row's deadline says that the task goes on."""
        return any(
            c.role == "deadline" and _ONGOING.fullmatch(self._text[c.start : c.end])
            for c in self._rows.get(start, ())
        )


def _spans(text: str, row: Paragraph) -> list[tuple[int, int]]:
    out = []
    at = row.start
    for cell in text[row.start : row.end].split("\t"):
        out.append((at, at + len(cell)))
        at += len(cell) + 1
    return out


def due(cell: str, found: list[TimeExpression], year: int | None = None) -> list[TimeExpression]:
    """The times of a cell under 完成时限: what it names is the day by which the task is due.

    :param found: what its text alone gives; a bare date (2025/6/30, 2025-06, 2025年6月) is read here.
    :param year: the year of a day that names none (11月30日), ``None`` where nobody knows.
    """
    m = _DATE.fullmatch(cell) or (_DAY.fullmatch(cell) if year else None)
    last = _last_day(m, year) if m else None
    if m and last:
        words = f"“{m[1]}”：所在栏为完成时限，至{last.year}年{last.month}月{last.day}日。"
        return [TimeExpression(m.start(1), m.end(1), m[1], "deadline", None, last, None, words)]
    return [
        replace(t, kind="deadline", explanation=f"{t.explanation}所在栏为完成时限。")
        if t.kind in ("period", "past") and t.to is not None
        else t
        for t in found
    ]


def _last_day(m: re.Match[str], known: int | None) -> date | None:
    """The last day of the day, month or year that a cell names."""
    year, month = int(m["year"] or known or 0), int(m["month"] or 12)
    try:
        return date(year, month, int(m["day"])) if m["day"] else last_of_month(year, month)
    except ValueError:
        return None
