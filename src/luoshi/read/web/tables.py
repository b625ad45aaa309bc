"""Tables of a page: those that hold data become rows with cells, those that only lay the page out do not."""

from __future__ import annotations

from luoshi.model import Mapped, concat
from luoshi.read.lines import Line, width
from luoshi.read.normalise import tidy
from luoshi.read.web.runs import Run
from luoshi.read.web.tree import Node

_LONG = 400
"""Characters of a cell from which on a table of few cells lays out a page."""


def data_tables(root: Node, lines: list[Run]) -> dict[Node, int]:
    """The innermost tables below a node that hold data, with their ordinals from 1 in document order."""
    held: dict[Node, int] = {}
    for run in lines:
        cell: Node | None = run.block
        while cell is not None and cell.tag not in ("td", "th"):
            cell = cell.parent
        if cell is not None:
            held[cell] = held.get(cell, 0) + len(run.line.text)
    out: dict[Node, int] = {}
    for node in root.walk():
        if node.tag == "table" and _is_data(node, held):
            out[node] = len(out) + 1
    return out


def _is_data(node: Node, held: dict[Node, int]) -> bool:
    rows: list[int] = []
    longest = 0
    stack = list(node.children)
    while stack:
        child = stack.pop()
        if child.tag == "table":
            return False
        if child.tag == "tr":
            cells = [c for c in child.children if c.tag in ("td", "th")]
            rows.append(sum(1 for c in cells if held.get(c)))
            longest = max([longest, *(held.get(c, 0) for c in cells)])
            if any(d.tag == "table" for c in cells for d in c.walk()):
                return False
        elif child.tag in ("tbody", "thead", "tfoot", "caption"):
            stack.extend(child.children)
    wide = [n for n in rows if n >= 2]
    if not wide:
        return False
    return len(wide) >= 2 or (len(rows) <= 2 and longest < _LONG)


def rows(lines: list[Run], tables: dict[Node, int]) -> list[Line]:
    """The lines of a document with those of a table's row put together, cells kept apart by a tab."""
    out: list[Line] = []
    row: list[tuple[Node, list[Line]]] = []
    current: tuple[Node, Node] | None = None
    for run in lines:
        place = _place(run.block, tables)
        if place is None or (current is not None and (place[0], place[1]) != current):
            if row and current is not None:
                out.append(_join(row, tables[current[0]]))
            row, current = [], None
        if place is None:
            out.append(run.line)
            continue
        current = (place[0], place[1])
        if row and row[-1][0] is place[2]:
            row[-1][1].append(run.line)
        else:
            row.append((place[2], [run.line]))
    if row and current is not None:
        out.append(_join(row, tables[current[0]]))
    return out


def _place(block: Node, tables: dict[Node, int]) -> tuple[Node, Node, Node] | None:
    """Table, row and cell of a block element in a data table."""
    cell = row = None
    node: Node | None = block
    while node is not None:
        if node.tag in ("td", "th") and cell is None:
            cell = node
        elif node.tag == "tr" and row is None:
            row = node
        elif node.tag == "table":
            return (node, row, cell) if node in tables and row is not None and cell is not None else None
        node = node.parent
    return None


def _join(row: list[tuple[Node, list[Line]]], ordinal: int) -> Line:
    """One line of a table's row; a tab between cells, a blank between the lines of a cell."""
    parts: list[Mapped] = []
    cells: list[tuple[int, int]] = []
    at = 0
    for _, lines in row:
        if cells:
            parts.append(Mapped.inserted("\t"))
            at += 1
        start = at
        for i, line in enumerate(lines):
            if i:
                parts.append(Mapped.inserted(" "))
                at += 1
            text = tidy(line.body)
            parts.append(text)
            at += len(text)
        cells.append((start, at))
    body = concat(parts)
    return Line(
        body,
        width=width(body.text),
        kind="table-row",
        cells=tuple(cells),
        table=ordinal,
        closed=True,
        bold=all(line.bold for _, lines in row for line in lines),
    )
