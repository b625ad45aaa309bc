"""Rows of tables: the lines of a cell put together, rows that a page break cuts put together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from luoshi.model import Block, Mapped, concat
from luoshi.read.layout.chunks import Chunk, Sheet
from luoshi.read.layout.grid import Grid
from luoshi.read.layout.notes import exponents
from luoshi.read.layout.rows import Row, rows
from luoshi.read.normalise import tidy
from luoshi.read.reflow import LABEL, ends_sentence, separator

PADDING = 5.0
REPEATED = "repeated table head"


@dataclass(slots=True, eq=False)
class Cell:
    """Text of a cell; ``full`` where its last line reaches the cell's edge, so that it may go on."""

    body: Mapped
    full: bool = False
    bold: bool = False


@dataclass(slots=True, eq=False)
class TableRow:
    """A row of cells from left to right; merged cells stand in their first row."""

    cells: list[Cell]
    page: int

    @property
    def texts(self) -> list[str]:
        """The characters of each cell."""
        return [c.body.text for c in self.cells]


@dataclass(slots=True, eq=False)
class Table:
    """A table, or the part of one that stands on a page."""

    rows: list[TableRow]
    xs: tuple[float, ...]
    page: int
    taken: list[tuple[str, Mapped]] = field(default_factory=list)


def table_of(grid: Grid, chunks: Sequence[tuple[int, Chunk]], sheet: Sheet) -> Table:
    """The rows of a table.

    :param chunks: the chunks in it, each with its cell.
    """
    inside: dict[int, list[Chunk]] = {}
    for number, chunk in chunks:
        inside.setdefault(number, []).append(chunk)
    out: list[TableRow] = []
    seen: set[int] = set()
    for line in grid.cell:
        cells: list[Cell] = []
        last = -1
        for number in line.tolist():
            if number == last:
                continue
            last = number
            fresh = number not in seen
            seen.add(number)
            cells.append(_cell(inside.get(number, []), grid, number, sheet) if fresh else Cell(EMPTY_BODY))
        if any(c.body.text for c in cells):
            out.append(TableRow(cells, sheet.page.number))
    return Table(out, tuple(np.round(grid.xs, 1).tolist()), sheet.page.number)


EMPTY_BODY = Mapped.inserted("")


def _cell(chunks: Sequence[Chunk], grid: Grid, number: int, sheet: Sheet) -> Cell:
    if not chunks:
        return Cell(EMPTY_BODY)
    x0, _, x1, _ = grid.frame(number)
    lines = rows(chunks, sheet)
    room = x1 - x0 - 2 * PADDING
    parts: list[Mapped] = []
    for k, line in enumerate(lines):
        if k:
            parts += _between(lines[k - 1], line, room)
        parts.append(exponents(line))
    last = lines[-1]
    return Cell(
        tidy(concat(parts)), room - (last.x1 - last.x0) < 1.8 * last.em, all(line.bold for line in lines)
    )


def _between(a: Row, b: Row, room: float) -> list[Mapped]:
    """What stands between two lines of a cell: nothing where the first is full, else a space."""
    soft = room - (a.x1 - a.x0) < 1.8 * a.em and not LABEL.match(b.text)
    mark = separator(a.text, b.text)[0] if soft else " "
    return [Mapped.inserted(mark)] if mark else []


def join(first: Table, second: Table) -> bool:
    """Append a table that goes on after a page break; whether it did."""
    if second.page != first.page + 1 or not _alike(first, second):
        return False
    more = list(second.rows)
    heads = 0
    while heads < min(3, len(more), len(first.rows)) and more[heads].texts == first.rows[heads].texts:
        heads += 1
    for row in more[:heads]:
        for cell in row.cells:
            if cell.body:
                first.taken.append((REPEATED, cell.body))
    more = more[heads:]
    if more and _goes_on(first.rows[-1], more[0]):
        last = first.rows[-1]
        cells = [
            Cell(concat([c.body, d.body]), d.full if d.body else c.full, c.bold)
            for c, d in zip(last.cells, more[0].cells, strict=True)
        ]
        first.rows[-1] = TableRow(cells, last.page)
        more = more[1:]
    first.rows += more
    first.taken += second.taken
    first.page = second.page
    return True


def _alike(first: Table, second: Table) -> bool:
    """Whether two parts have the same columns, or the same width and the same head."""
    a, b = np.array(first.xs), np.array(second.xs)
    if len(a) == len(b):
        return float(np.abs((a - a[0]) - (b - b[0])).max()) <= 6.0
    same_width = abs((a[-1] - a[0]) - (b[-1] - b[0])) <= 6.0
    return same_width and first.rows[0].texts == second.rows[0].texts


def _goes_on(a: TableRow, b: TableRow) -> bool:
    """Whether a row is the rest of the one before the page break."""
    if len(a.cells) != len(b.cells):
        return False
    some = [(c, d) for c, d in zip(a.cells, b.cells, strict=True) if d.body]
    if not some or any(not c.body for c, _ in some):
        return False
    if b.cells[0].body and (LABEL.match(b.cells[0].body.text) or b.cells[0].body.text.isdigit()):
        return False
    return any(c.full and not ends_sentence(c.body.text) for c, _ in some)


def blocks(table: Table, ordinal: int) -> list[Block]:
    """The rows as blocks: cells kept apart by a tab."""
    out: list[Block] = []
    for row in table.rows:
        parts: list[Mapped] = []
        spans: list[tuple[int, int]] = []
        at = 0
        for cell in row.cells:
            if spans:
                parts.append(Mapped.inserted("\t"))
                at += 1
            spans.append((at, at + len(cell.body)))
            parts.append(cell.body)
            at += len(cell.body)
        marks = {"bold"} if all(c.bold for c in row.cells if c.body) else set()
        out.append(
            Block(
                concat(parts), "table-row", page=row.page, cells=tuple(spans), table=ordinal,
                marks=frozenset(marks),
            )
        )  # fmt: skip
    return out
