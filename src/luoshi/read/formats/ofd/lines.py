"""Characters of a page to lines in reading order, in the units that reflow judges by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from luoshi.model import Mapped, concat
from luoshi.model.reading import Align
from luoshi.read.formats.ofd.content import Glyphs
from luoshi.read.lines import Line, width

GAP = 0.28
"""Ideographs of room between two characters from which on a space stands there."""
WIDE_GAP = 1.0
"""From here on two: a column, a signature beside a date."""


@dataclass(slots=True)
class Row:
    """A line of a page before its margins are known: characters by index, its box, its font size."""

    index: NDArray[np.int64]
    x0: float
    y0: float
    x1: float
    y1: float
    size: float


def rows(glyphs: Glyphs) -> list[Row]:
    """The lines of a page from top to bottom, the characters of each from left to right."""
    if not glyphs.text:
        return []
    boxes = glyphs.boxes
    blank = np.fromiter((c.isspace() for c in glyphs.text), dtype=np.bool_, count=len(glyphs.text))
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    height = np.maximum(boxes[:, 3] - boxes[:, 1], 0.1)
    order = np.lexsort((boxes[:, 0], middle))
    order = order[~blank[order]]
    out: list[Row] = []
    group: list[int] = []
    level = reach = 0.0
    for i in order.tolist():
        if group and middle[i] - level > 0.5 * min(reach, height[i]):
            out.append(_row(glyphs, group))
            group = []
        if not group or height[i] > reach:
            level, reach = (float(middle[i]), float(height[i])) if not group else (level, reach)
        group.append(i)
    if group:
        out.append(_row(glyphs, group))
    return out


def _row(glyphs: Glyphs, group: Sequence[int]) -> Row:
    index = np.asarray(group, dtype=np.int64)
    boxes = glyphs.boxes[index]
    index = index[np.lexsort((index, boxes[:, 0]))]
    if _overprinted(glyphs, index):
        first = {int(r): i for i, r in reversed(list(enumerate(glyphs.runs[index].tolist())))}
        place = np.asarray([first[int(r)] for r in glyphs.runs[index].tolist()])
        index = index[np.lexsort((index, place))]
    return Row(
        index,
        float(boxes[:, 0].min()),
        float(boxes[:, 1].min()),
        float(boxes[:, 2].max()),
        float(boxes[:, 3].max()),
        float(np.median(glyphs.sizes[index])),
    )


def _overprinted(glyphs: Glyphs, index: NDArray[np.int64]) -> bool:
    """Whether pieces of text lie over one another, so that their characters would mix."""
    runs = glyphs.runs[index]
    if runs[0] == runs[-1] and (runs == runs[0]).all():
        return False
    boxes = glyphs.boxes[index]
    cover = (boxes[:-1, 2] - boxes[1:, 0]) / np.maximum(boxes[1:, 2] - boxes[1:, 0], 0.1)
    return bool(((cover > 0.4) & (runs[:-1] != runs[1:])).any())


def body(glyphs: Glyphs, row: Row, page: int) -> Mapped:
    """A line's characters with their boxes; spaces where the page leaves room between them."""
    boxes = glyphs.boxes[row.index]
    chars = [glyphs.text[i] for i in row.index.tolist()]
    cells = np.concatenate([np.full((len(boxes), 1), page, dtype=np.float64), boxes], axis=1)
    room = np.zeros(len(boxes))
    room[1:] = (boxes[1:, 0] - boxes[:-1, 2]) / row.size
    cuts = np.flatnonzero(room > GAP).tolist()
    if not cuts:
        return Mapped.of_glyphs("".join(chars), cells.astype(np.float32))
    parts: list[Mapped] = []
    for start, end in zip([0, *cuts], [*cuts, len(chars)], strict=True):
        if start:
            parts.append(Mapped.inserted("  " if room[start] > WIDE_GAP else " "))
        parts.append(Mapped.of_glyphs("".join(chars[start:end]), cells[start:end].astype(np.float32)))
    return concat(parts)


def lines(pages: Sequence[tuple[int, Glyphs, list[Row], float]]) -> list[Line]:
    """The lines of all pages with indents, widths and alignment.

    :param pages: number, characters, lines and width in points of each.
    """
    left, right = _margins([(row, wide) for _, _, found, wide in pages for row in found])
    out: list[Line] = []
    for number, glyphs, found, _ in pages:
        pitch = _pitch(found)
        before: Row | None = None
        for row in found:
            size = row.size or 1.0
            text = body(glyphs, row, number)
            line = Line(text, page=number, size=round(size, 1), page_break=before is None and bool(out))
            line.indent = max(0.0, round((row.x0 - left) / size, 2))
            line.width = line.indent + max(width(text.text), (row.x1 - row.x0) / size)
            line.measure = max(1.0, (right - left) / size)
            line.align = _align(row, left, right)
            line.bold = bool(glyphs.bold[row.index].mean() > 0.9)
            if before is not None and pitch and row.y1 - before.y1 > 1.6 * pitch:
                line.gap = 1
            out.append(line)
            before = row
    return out


def _margins(found: Sequence[tuple[Row, float]]) -> tuple[float, float]:
    """Left and right edge of the text: where most lines begin, and where the longest end."""
    if not found:
        return 0.0, 1.0
    long = [row for row, wide in found if row.x1 - row.x0 > 0.4 * wide] or [row for row, _ in found]
    left = float(np.percentile([row.x0 for row in long], 10))
    right = float(np.percentile([row.x1 for row in long], 95))
    return left, max(right, left + 1.0)


def _pitch(found: Sequence[Row]) -> float:
    """The usual distance between two lines of a page, 0 where there are too few."""
    steps = [b.y1 - a.y1 for a, b in pairwise(found) if b.y1 > a.y1 + 1]
    return float(np.median(steps)) if len(steps) >= 3 else 0.0


def _align(row: Row, left: float, right: float) -> Align:
    size = row.size
    before, after = row.x0 - left, right - row.x1
    if before > 2.6 * size and abs(before - after) <= 1.2 * size:
        return "center"
    if before > 0.4 * (right - left) and after < 0.3 * (right - left):
        return "right"
    return ""
