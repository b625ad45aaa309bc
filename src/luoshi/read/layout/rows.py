"""The lines of a column: glyphs that stand level, from left to right, with the spaces between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.model import Mapped
from luoshi.read.layout.chunks import Chunk, Index, Sheet
from luoshi.read.layout.page import BOLD, SPACED, Page

SMALL = 0.78
"""Size of note marks and exponents at most, as a share of the line's."""
LETTER_GAP, WIDE_GAP, FAR_GAP = 0.15, 0.45, 1.8
"""Gaps in font sizes from which on a space stands between letters, between ideographs, and two spaces do."""


@dataclass(slots=True, eq=False)
class Row:
    """A line of a page.

    :param body: its text, spaces inserted (as page 0).
    :param order: the glyphs' indices on the page, from left to right.
    :param raised: spans of the text that are set small and high: note marks, exponents.
    :param rough: recognised in a picture: sizes and places are estimates.
    """

    body: Mapped
    order: Index
    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    em: float
    pitch: float
    bold: bool
    rough: bool = False
    raised: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        """Its characters."""
        return self.body.text


def half_points(size: float) -> float:
    """A font size to the half point, never 0."""
    return max(0.5, round(size * 2) / 2)


def rows(chunks: Sequence[Chunk], sheet: Sheet) -> list[Row]:
    """The lines of a column, from top to bottom."""
    return [_row(group, sheet) for group in level(chunks)]


def level(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """Chunks that stand level with the tallest of their line."""
    groups: list[list[Chunk]] = []
    leads: list[Chunk] = []
    for c in sorted(chunks, key=lambda c: (c.cy, c.x0)):
        best, most = -1, 0.0
        for k in range(max(0, len(groups) - 4), len(groups)):
            lead = leads[k]
            shared = min(c.y1, lead.y1) - max(c.y0, lead.y0)
            part = shared / max(0.1, min(c.y1 - c.y0, lead.y1 - lead.y0))
            if part > most:
                best, most = k, part
        if best >= 0 and most >= 0.5 and not _collides(c, groups[best], most):
            groups[best].append(c)
            if c.em > 1.1 * leads[best].em or (c.em >= 0.9 * leads[best].em and _wider(c, leads[best])):
                leads[best] = c
        else:
            groups.append([c])
            leads.append(c)
    return groups


def _wider(a: Chunk, b: Chunk) -> bool:
    return a.x1 - a.x0 > b.x1 - b.x0


def _collides(c: Chunk, group: Sequence[Chunk], part: float) -> bool:
    """Whether a chunk stands over or under one of the line rather than beside it."""
    if part >= 0.75:
        return False
    return any(min(c.x1, g.x1) - max(c.x0, g.x0) > 0.5 * min(c.em, g.em) for g in group)


def _row(group: Sequence[Chunk], sheet: Sheet) -> Row:
    group = sorted(group, key=lambda c: c.x0)
    order = np.concatenate([c.glyphs for c in group]) if len(group) > 1 else group[0].glyphs
    boxes = sheet.boxes[order]
    middle = boxes[:, 0] + boxes[:, 2]
    if len(group) > 1 and bool((middle[1:] < middle[:-1]).any()):
        order = order[np.argsort(middle, kind="stable")]
        boxes = sheet.boxes[order]
    page = sheet.page
    em = _em(group)
    body, pitch, at = _spaced(order, boxes, sheet)
    return Row(
        body, order, page.number, group[0].x0, min(c.y0 for c in group), max(c.x1 for c in group),
        max(c.y1 for c in group), em, pitch, 2 * int(np.count_nonzero(page.bits[order] & BOLD)) >= len(order),
        page.confidence is not None, _raised(sheet.sizes[order], boxes, em, at),
    )  # fmt: skip


def _em(group: Sequence[Chunk]) -> float:
    """The size of most glyphs of a line."""
    if len(group) == 1:
        return group[0].em
    weight: dict[float, int] = {}
    for c in group:
        weight[c.em] = weight.get(c.em, 0) + len(c.glyphs)
    return max(weight, key=lambda em: (weight[em], em))


def _middle(values: NDArray[np.floating]) -> float:
    return float(np.sort(values)[len(values) // 2])


def _raised(
    sizes: NDArray[np.float32], boxes: NDArray[np.float32], em: float, at: Index
) -> tuple[tuple[int, int], ...]:
    """The stretches of a line that are set small and high."""
    small = sizes <= SMALL * em
    if not small.any() or small.all():
        return ()
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    high = small & (middle < _middle(middle[~small]) - 0.08 * em)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], high, [False]]).astype(np.int8)))
    return tuple((int(at[a]), int(at[b - 1]) + 1) for a, b in edges.reshape(-1, 2).tolist())


def _spaced(order: Index, boxes: NDArray[np.float32], sheet: Sheet) -> tuple[Mapped, float, Index]:
    """The text with its spaces, the usual distance from one ideograph to the next, and each glyph's place."""
    page = sheet.page
    source = page.text
    text = "".join([source[i] for i in order.tolist()])
    count = len(order)
    if count < 2:
        return Mapped.of_glyphs(text, _with_page(page, order, np.arange(count), count)), 0.0, np.arange(count)
    sizes, wide = sheet.sizes[order], sheet.wide[order]
    gap = (boxes[1:, 0] - boxes[:-1, 2]) / np.maximum(np.minimum(sizes[:-1], sizes[1:]), 1.0)
    both = wide[:-1] & wide[1:]
    steps = (boxes[1:, 0] - boxes[:-1, 0])[both]
    pitch = _middle(steps) if len(steps) >= 8 else 0.0
    if len(steps) >= 3:
        spread = gap[both]
        usual = _middle(spread)
        if usual > 0.2 and np.count_nonzero(np.abs(spread - usual) < 0.25) >= 0.7 * len(spread):
            gap = gap - usual
    neither = ~(wide[:-1] | wide[1:])
    space = gap > np.where(neither, LETTER_GAP, WIDE_GAP)
    space |= ((page.bits[order[1:]] & SPACED) > 0) & (gap > 0.08)
    at = np.arange(count)
    if not space.any():
        return Mapped.of_glyphs(text, _with_page(page, order, at, count)), pitch, at
    extra = np.where(gap >= FAR_GAP, 2, 1) * space
    at[1:] += np.cumsum(extra)
    counts = extra.tolist()
    out = [text[0]]
    for c, k in zip(text[1:], counts, strict=True):
        out.append(" " * k + c if k else c)
    total = int(at[-1]) + 1
    return Mapped.of_glyphs("".join(out), _with_page(page, order, at, total)), pitch, at


def _with_page(page: Page, order: Index, at: Index, total: int) -> NDArray[np.float32]:
    """Boxes as evidence holds them, at the given places of a longer text; page 0 for the spaces."""
    out = np.zeros((total, 5), np.float32)
    out[at, 0] = page.number
    out[at, 1:] = page.boxes[order]
    return out
