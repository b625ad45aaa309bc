"""Tables by their rules: horizontal and vertical lines that cross make cells.

The lines of one table hang together. Their distinct positions span a grid; squares of the grid that no line
parts are one (merged) cell. Open sides are closed where the horizontal lines end together.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.read.layout.page import Floats

THIN = 3.5
SNAP = 2.5
REACH = 4.0
MOST_RULES = 3_000
MOST_SQUARES = 20_000


@dataclass(slots=True, eq=False)
class Grid:
    """A table: ``xs`` and ``ys`` are the positions of its lines, ``cell[row, column]`` the number of the cell
    that a square belongs to, counted in reading order; a cell's first square is where its text goes."""

    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    cell: NDArray[np.int32]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Its outline."""
        return float(self.xs[0]), float(self.ys[0]), float(self.xs[-1]), float(self.ys[-1])

    def locate(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.int32]:
        """The cell of each point, -1 outside."""
        column = np.searchsorted(self.xs, x, side="right") - 1
        row = np.searchsorted(self.ys, y, side="right") - 1
        inside = (column >= 0) & (row >= 0) & (column < len(self.xs) - 1) & (row < len(self.ys) - 1)
        out = np.full(len(x), -1, np.int32)
        out[inside] = self.cell[row[inside], column[inside]]
        return out

    def frame(self, number: int) -> tuple[float, float, float, float]:
        """The outline of a cell."""
        row, column = np.nonzero(self.cell == number)
        return (
            float(self.xs[column.min()]),
            float(self.ys[row.min()]),
            float(self.xs[column.max() + 1]),
            float(self.ys[row.max() + 1]),
        )


def grids(rules: Floats) -> list[Grid]:
    """The tables that the rules of a page draw, from top to bottom."""
    if len(rules) < 4 or len(rules) > MOST_RULES:
        return []
    widths, heights = rules[:, 2] - rules[:, 0], rules[:, 3] - rules[:, 1]
    level = (heights <= THIN) & (widths > heights)
    plumb = (widths <= THIN) & (heights > widths)
    across = _merged(rules[level][:, [0, 2, 1, 3]])
    down = _merged(rules[plumb][:, [1, 3, 0, 2]])
    out = []
    for h, v in _together(across, down):
        grid = _grid([across[i] for i in h], [down[i] for i in v])
        if grid is not None:
            out.append(grid)
    out.sort(key=lambda g: (g.box[1], g.box[0]))
    return out


def _merged(rules: Floats) -> list[tuple[float, float, float]]:
    """Rules as ``(start, end, position)``, pieces of one line put together."""
    rows = sorted(((a + b) / 2, s, e) for s, e, a, b in rules.tolist())
    lines: list[list[tuple[float, float, float]]] = []
    for at, start, end in rows:
        if lines and at - lines[-1][0][0] <= SNAP:
            lines[-1].append((at, start, end))
        else:
            lines.append([(at, start, end)])
    out: list[tuple[float, float, float]] = []
    for line in lines:
        position = sum(r[0] for r in line) / len(line)
        start, end = None, 0.0
        for _, s, e in sorted(line, key=lambda r: r[1]):
            if start is not None and s <= end + REACH:
                end = max(end, e)
                continue
            if start is not None:
                out.append((start, end, position))
            start, end = s, e
        if start is not None:
            out.append((start, end, position))
    return out


def _together(
    across: list[tuple[float, float, float]], down: list[tuple[float, float, float]]
) -> list[tuple[list[int], list[int]]]:
    """Which lines touch each other, directly or through others."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    if not across or not down:
        return []
    v = np.array(down)
    for i, (start, end, y) in enumerate(across):
        touch = (
            (v[:, 2] >= start - REACH)
            & (v[:, 2] <= end + REACH)
            & (v[:, 0] <= y + REACH)
            & (v[:, 1] >= y - REACH)
        )
        for k in np.flatnonzero(touch).tolist():
            parent[root(len(across) + k)] = root(i)
    groups: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i in range(len(parent)):
        side = 0 if i < len(across) else 1
        groups[root(i)][side].append(i if side == 0 else i - len(across))
    return [g for g in groups.values() if len(g[0]) >= 2 and g[1]]


def _table_lines(
    across: list[tuple[float, float, float]], down: list[tuple[float, float, float]]
) -> tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]:
    """The lines that part cells: those that end at others, or span the table.

    What stops in mid-cell is an underline, or the stroke of a seal or a character in a scan.
    """
    left, right = min(a[0] for a in across), max(a[1] for a in across)
    top, bottom = min(d[0] for d in down), max(d[1] for d in down)
    h = [a for a in across if _anchored(a, down, left, right)]
    v = [d for d in down if _anchored(d, across, top, bottom)]
    return h, v


def _anchored(
    line: tuple[float, float, float], others: list[tuple[float, float, float]], first: float, last: float
) -> bool:
    start, end, at = line
    stops = [o[2] for o in others if o[0] - REACH <= at <= o[1] + REACH]
    return all(any(abs(x - s) <= REACH for s in [*stops, first, last]) for x in (start, end))


def _positions(lines: list[tuple[float, float, float]], *more: float) -> NDArray[np.float64]:
    out: list[float] = []
    for at in sorted([line[2] for line in lines] + list(more)):
        if not out or at - out[-1] > SNAP:
            out.append(at)
    return np.array(out)


def _grid(across: list[tuple[float, float, float]], down: list[tuple[float, float, float]]) -> Grid | None:
    across, down = _table_lines(across, down)
    if len(across) < 2 or not down:
        return None
    left, right = min(a[0] for a in across), max(a[1] for a in across)
    xs = _positions(down, *(x for x in (left, right) if all(abs(x - d[2]) > REACH for d in down)))
    ys = _positions(across)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 2 or rows * columns > MOST_SQUARES:
        return None
    above = _drawn(across, ys[1:-1], (xs[:-1] + xs[1:]) / 2)
    beside = _drawn(down, xs[1:-1], (ys[:-1] + ys[1:]) / 2)
    return Grid(xs, ys, _cells(rows, columns, above, beside))


def _drawn(
    lines: list[tuple[float, float, float]], positions: NDArray[np.float64], middles: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """``[position, middle]``: whether a line is drawn at a position across the middle of a square."""
    out = np.zeros((len(positions), len(middles)), dtype=np.bool_)
    for start, end, at in lines:
        near = np.abs(positions - at) <= SNAP
        out[np.ix_(near, (middles >= start - 1) & (middles <= end + 1))] = True
    return out


def _cells(rows: int, columns: int, above: NDArray[np.bool_], beside: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Numbers of the cells: squares that no line parts belong together."""
    out = np.full((rows, columns), -1, np.int32)
    number = 0
    for r in range(rows):
        for c in range(columns):
            if out[r, c] >= 0:
                continue
            stack = [(r, c)]
            out[r, c] = number
            while stack:
                y, x = stack.pop()
                around = (
                    (y + 1, x, y + 1 < rows and not above[y, x]),
                    (y - 1, x, y > 0 and not above[y - 1, x]),
                    (y, x + 1, x + 1 < columns and not beside[x, y]),
                    (y, x - 1, x > 0 and not beside[x - 1, y]),
                )
                for ny, nx, joined in around:
                    if joined and out[ny, nx] < 0:
                        out[ny, nx] = number
                        stack.append((ny, nx))
            number += 1
    return out
