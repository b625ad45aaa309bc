"""The lines of a column: glyphs that stand level, from left to right, with the spaces between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from luoshi.model import Mapped
from luoshi.read.layout.chunks import Chunk, Index, Sheet
from luoshi.read.layout.page import BOLD, SPACED

LETTER_GAP, WIDE_GAP, FAR_GAP = 0.15, 0.45, 1.8
"""Gaps in font sizes from which on a space stands between letters, between ideographs, and two spaces do."""
_WIDE = re.compile(
    "[\u2014\u2018-\u201d\u2026\u2460-\u24ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
    "\uffe0-\uffe6\U00020000-\U0003fffd]"
)


@dataclass(slots=True, eq=False)
class Row:
    """A line of a page.

    :param body: its text, spaces inserted (as page 0).
    :param order: the glyphs' indices on the page, from left to right.
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

    @property
    def text(self) -> str:
        """Its characters."""
        return self.body.text


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
    if len(order) > 1 and bool((np.diff(middle) < 0).any()):
        order = order[np.argsort(middle, kind="stable")]
        boxes = sheet.boxes[order]
    page = sheet.page
    em = median([c.em for c in group for _ in range(len(c.glyphs))]) if len(group) > 1 else group[0].em
    bold = page.bits[order] & BOLD
    text = "".join([page.text[i] for i in order.tolist()])
    wide = _wides(text)
    body, pitch = _spaced(text, wide, order, boxes, em, sheet)
    return Row(
        body, order, page.number, group[0].x0, min(c.y0 for c in group), max(c.x1 for c in group),
        max(c.y1 for c in group), em, pitch, bool(bold.mean() >= 0.5),
    )  # fmt: skip


def _wides(text: str) -> NDArray[np.bool_]:
    return np.array([bool(_WIDE.match(c)) for c in text], dtype=np.bool_)


def _spaced(
    text: str, wide: NDArray[np.bool_], order: Index, boxes: NDArray[np.float32], em: float, sheet: Sheet
) -> tuple[Mapped, float]:
    """The text with its spaces, and the usual distance from one ideograph to the next."""
    page = sheet.page
    glyphs = np.empty((len(order), 5), np.float32)
    glyphs[:, 0] = page.number
    glyphs[:, 1:] = page.boxes[order]
    if len(order) < 2:
        return Mapped.of_glyphs(text, glyphs), 0.0
    size = np.minimum(sheet.sizes[order][:-1], sheet.sizes[order][1:])
    gap = (boxes[1:, 0] - boxes[:-1, 2]) / np.maximum(size, 1.0)
    both = wide[:-1] & wide[1:]
    steps = (boxes[1:, 0] - boxes[:-1, 0])[both]
    pitch = float(np.median(steps)) if len(steps) >= 8 else 0.0
    spread = gap[both]
    if len(spread) >= 3:
        usual = float(np.median(spread))
        if usual > 0.2 and float((np.abs(spread - usual) < 0.25).mean()) >= 0.7:
            gap = gap - usual
    some = (page.bits[order[1:]] & SPACED) > 0
    neither = ~wide[:-1] & ~wide[1:]
    space = np.where(both, gap > WIDE_GAP, np.where(neither, gap > LETTER_GAP, gap > WIDE_GAP))
    space |= some & (gap > 0.08)
    at = np.flatnonzero(space)
    if not len(at):
        return Mapped.of_glyphs(text, glyphs), pitch
    counts = np.where(gap[at] >= FAR_GAP, 2, 1)
    parts: list[str] = []
    last = 0
    for i, k in zip(at.tolist(), counts.tolist(), strict=True):
        parts += [text[last : i + 1], " " * k]
        last = i + 1
    parts.append(text[last:])
    where = np.repeat(at + 1, counts)
    return Mapped.of_glyphs("".join(parts), np.insert(glyphs, where, 0.0, axis=0)), pitch
