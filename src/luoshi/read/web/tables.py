"""Tables of a page: those that hold data become rows with cells, those that only lay the page out do not."""

from __future__ import annotations

from luoshi.model import EMPTY, Mapped, concat, join
from luoshi.read.lines import Line, width
from luoshi.read.normalise import tidy
from luoshi.read.web.runs import Run
from luoshi.read.web.tree import Node
from luoshi.text.columns import header_roles, repeats

_WIDEST, _HIGHEST = 60, 2000
"""Columns and rows that one cell spans at most."""
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
    """The lines of a document with those of a table's row put together, cells kept apart by a tab.

    Cells without text keep their place. A body or a date in a cell that spans several rows holds for each of
    them and is set again, as text that stands nowhere in the source; a task that spans them stands once.
    """
    out: list[Line] = []
    made = {table: _Table(table, ordinal) for table, ordinal in tables.items()}
    row: dict[Node, list[Line]] = {}
    current: tuple[Node, Node] | None = None
    for run in lines:
        place = _place(run.block, tables)
        if place is None or (current is not None and (place[0], place[1]) != current):
            if row and current is not None:
                out.append(made[current[0]].line(current[1], row))
            row, current = {}, None
        if place is None:
            out.append(run.line)
            continue
        current = (place[0], place[1])
        row.setdefault(place[2], []).append(run.line)
    if row and current is not None:
        out.append(made[current[0]].line(current[1], row))
    return out


class _Table:
    """A table under reading: what its rows hold in each column, and the texts of merged cells so far."""

    def __init__(self, table: Node, ordinal: int) -> None:
        self._ordinal = ordinal
        self._slots = _grid(table)
        self._texts: dict[Node, str] = {}
        self._columns: list[str] = []

    def line(self, row: Node, cells: dict[Node, list[Line]]) -> Line:
        """One line of a row; a tab between cells, a blank between the lines of a cell."""
        bodies: list[Mapped] = []
        seen: set[Node] = set()
        for node, own in self._slots.get(row, ()):
            if own and node in cells:
                body = _spaced(cells[node])
                self._texts[node] = body.text
            elif own or node in seen:
                body = EMPTY
            else:
                role = self._columns[len(bodies)] if len(bodies) < len(self._columns) else ""
                text = self._texts.get(node, "")
                body = Mapped.inserted(text) if text and repeats(text, role) else EMPTY
            seen.add(node)
            bodies.append(body)
        bodies += [_spaced(some) for node, some in cells.items() if node not in seen]
        while bodies and not bodies[-1]:
            bodies.pop()
        self._columns = header_roles([b.text for b in bodies]) or self._columns
        return _joined(bodies, self._ordinal, all(x.bold for some in cells.values() for x in some))


def _grid(table: Node) -> dict[Node, list[tuple[Node, bool]]]:
    """For each row its columns: the cell that covers each, and whether it stands there itself (at its first
    column) or reaches there from the left or from a row above."""
    out: dict[Node, list[tuple[Node, bool]]] = {}
    hanging: dict[int, tuple[int, Node]] = {}
    for row in table.walk():
        if row.tag != "tr":
            continue
        slots: list[tuple[Node, bool]] = []
        for cell in row.children:
            if cell.tag not in ("td", "th"):
                continue
            _fill_from_above(slots, hanging)
            across, down = _span(cell, "colspan", _WIDEST), _span(cell, "rowspan", _HIGHEST)
            for k in range(across):
                if down > 1:
                    hanging[len(slots)] = (down - 1, cell)
                slots.append((cell, k == 0))
        _fill_from_above(slots, hanging)
        out[row] = slots
    return out


def _fill_from_above(slots: list[tuple[Node, bool]], hanging: dict[int, tuple[int, Node]]) -> None:
    """Add the columns at the end of a row that cells of rows above reach down to."""
    while (hangs := hanging.get(len(slots))) and hangs[0]:
        hanging[len(slots)] = (hangs[0] - 1, hangs[1])
        slots.append((hangs[1], False))


def _span(cell: Node, name: str, most: int) -> int:
    value = cell.attrs.get(name, "").strip()
    return max(1, min(most, int(value))) if value.isascii() and value.isdigit() and len(value) < 6 else 1


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


def _spaced(lines: list[Line]) -> Mapped:
    """The lines of a cell with a blank between them."""
    return join([tidy(line.body) for line in lines], " ")


def _joined(bodies: list[Mapped], ordinal: int, bold: bool) -> Line:
    cells: list[tuple[int, int]] = []
    at = 0
    for body in bodies:
        cells.append((at, at + len(body)))
        at += len(body) + 1
    parts: list[Mapped] = []
    for k, body in enumerate(bodies):
        parts += [Mapped.inserted("\t"), body] if k else [body]
    whole = concat(parts)
    return Line(
        whole,
        width=width(whole.text),
        kind="table-row",
        cells=tuple(cells),
        table=ordinal,
        closed=True,
        bold=bold,
    )
