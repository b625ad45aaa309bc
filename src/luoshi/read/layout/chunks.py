"""Glyphs that stand side by side in the file: the grains that the layout is found of."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from luoshi.read.layout.page import QUARTERS, TURNED, Floats, Page

Index = NDArray[np.int64]
WATERMARK, TURNED_TEXT, OUTSIDE, OVERPRINT = "watermark", "turned text", "outside the page", "overprint"
_SLACK = 2.0


@dataclass(slots=True, eq=False)
class Chunk:
    """A run of glyphs on one line, or something that is ordered as a whole (a table).

    ``em`` is the font size, ``glyphs`` are indices into the page; ``payload`` is what it stands for, if not
    for glyphs.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    em: float
    glyphs: Index
    payload: object = None

    @property
    def cy(self) -> float:
        """Its middle height."""
        return (self.y0 + self.y1) / 2


@dataclass(slots=True, eq=False)
class Sheet:
    """A page made ready: the boxes that the layout goes by (turned upright), and the glyphs left out of it.

    :param taken: ``(reason, indices)``.
    :param wide: ``bool[n]``, ideographs and their punctuation.
    :param alive: ``bool[n]``, the glyphs that are laid out.
    """

    page: Page
    width: float
    height: float
    boxes: Floats
    sizes: Floats
    rules: Floats
    alive: NDArray[np.bool_]
    wide: NDArray[np.bool_]
    taken: list[tuple[str, Index]] = field(default_factory=list)


def prepare(page: Page) -> Sheet:
    """Turn the page so that its text is upright, and leave out what is no part of the text."""
    count = len(page.text)
    quarter = _quarter(page)
    width, height = page.level_size or (page.width, page.height)
    rules = page.rules
    boxes = page.boxes if page.level is None else page.level
    if quarter:
        boxes, rules = _turn(boxes, page, quarter), _turn(rules, page, quarter)
        if quarter % 2:
            width, height = height, width
    sheet = Sheet(
        page, width, height, boxes, page.sizes, rules, np.ones(count, dtype=np.bool_), wide_glyphs(page.text)
    )
    if not count:
        return sheet
    sheet.boxes = even_out(boxes, page.sizes)
    turn = (page.bits & TURNED > 0) | (page.bits >> QUARTERS > 0)
    upright = page.bits >> QUARTERS == quarter if quarter else ~turn
    slanted = turn & (page.bits >> QUARTERS == 0)
    _take(sheet, slanted & ~upright, WATERMARK)
    _take(sheet, ~upright & ~slanted, TURNED_TEXT)
    cx, cy = (sheet.boxes[:, 0] + sheet.boxes[:, 2]) / 2, (sheet.boxes[:, 1] + sheet.boxes[:, 3]) / 2
    outside = (cx < -_SLACK) | (cx > width + _SLACK) | (cy < -_SLACK) | (cy > height + _SLACK)
    _take(sheet, outside, OUTSIDE)
    _take(sheet, _doubled(sheet), OVERPRINT)
    return sheet


_WIDE = (
    (0x2014, 0x2014), (0x2018, 0x201D), (0x2026, 0x2026), (0x2460, 0x24FF), (0x2E80, 0xA4CF),
    (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6),
    (0x20000, 0x3FFFD),
)  # fmt: skip


def codes_of(text: str) -> NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def wide_glyphs(text: str) -> NDArray[np.bool_]:
    """``bool[n]``: which characters are as wide as they are high."""
    codes = codes_of(text)
    out = np.zeros(len(codes), dtype=np.bool_)
    for first, last in _WIDE:
        out |= (codes >= first) & (codes <= last)
    return out


def _take(sheet: Sheet, mask: NDArray[np.bool_], reason: str) -> None:
    mask = mask & sheet.alive
    if mask.any():
        sheet.taken.append((reason, np.flatnonzero(mask)))
        sheet.alive &= ~mask


def _quarter(page: Page) -> int:
    """The quarter turn that most glyphs have."""
    if not len(page.bits):
        return 0
    counts = np.bincount(page.bits[page.bits & TURNED > 0] >> QUARTERS, minlength=4)
    best = int(counts[1:].argmax()) + 1
    return best if counts[best] > 0.6 * len(page.bits) else 0


def _turn(boxes: Floats, page: Page, quarter: int) -> Floats:
    """Boxes after the page was turned clockwise by ``quarter`` quarters."""
    x0, y0, x1, y1 = boxes.T
    w, h = page.width, page.height
    if quarter == 1:
        out = (h - y1, x0, h - y0, x1)
    elif quarter == 2:
        out = (w - x1, h - y1, w - x0, h - y0)
    else:
        out = (y0, w - x1, y1, w - x0)
    return np.stack(out, axis=1).astype(np.float32)


def even_out(boxes: Floats, sizes: Floats) -> Floats:
    """Boxes of fonts with odd ascents, brought to the height of their size."""
    heights = boxes[:, 3] - boxes[:, 1]
    odd = (heights > 1.8 * sizes) | (heights < 0.5 * sizes)
    if not odd.any():
        return boxes
    boxes = boxes.copy()
    middle = (boxes[odd, 1] + boxes[odd, 3]) / 2
    boxes[odd, 1], boxes[odd, 3] = middle - sizes[odd] / 2, middle + sizes[odd] / 2
    return boxes


def _doubled(sheet: Sheet) -> NDArray[np.bool_]:
    """Glyphs that are drawn a second time over themselves (imitated bold, shadows)."""
    out = np.zeros(len(sheet.alive), dtype=np.bool_)
    index = np.flatnonzero(sheet.alive)
    if len(index) < 2:
        return out
    codes = codes_of(sheet.page.text)[index]
    x, y, size = sheet.boxes[index, 0], sheet.boxes[index, 1], sheet.sizes[index]
    width = np.minimum(sheet.boxes[index, 2] - x, size)
    for shift in (0.0, 0.5):
        bins = np.floor(y / 6.0 + shift)
        order = np.lexsort((index, x, bins, codes))
        a, b = order[:-1], order[1:]
        same = (codes[a] == codes[b]) & (bins[a] == bins[b])
        close = (np.abs(x[a] - x[b]) < 0.3 * width[a]) & (np.abs(y[a] - y[b]) < 0.25 * size[a])
        out[index[np.maximum(a, b)[same & close]]] = True
    return out


def chunks(sheet: Sheet, cells: NDArray[np.int32] | None = None) -> list[Chunk]:
    """The runs of glyphs, in the order of the file.

    :param cells: ``int32[n]``, the table cell of each glyph; a run does not leave its cell.
    """
    index = np.flatnonzero(sheet.alive)
    if not len(index):
        return []
    boxes, sizes = sheet.boxes[index], sheet.sizes[index]
    cy = (boxes[:, 1] + boxes[:, 3]) / 2
    em = np.maximum(sizes[:-1], sizes[1:])
    gap = boxes[1:, 0] - boxes[:-1, 2]
    cut = (np.abs(np.diff(cy)) > 0.3 * em) | (gap > 0.6 * em) | (gap < -0.4 * em)
    cut |= np.diff(boxes[:, 0]) < -0.1 * em
    if cells is not None:
        cut |= np.diff(cells[index]) != 0
    starts = np.concatenate([[0], np.flatnonzero(cut) + 1])
    x0 = np.minimum.reduceat(boxes[:, 0], starts).tolist()
    y0 = np.minimum.reduceat(boxes[:, 1], starts).tolist()
    x1 = np.maximum.reduceat(boxes[:, 2], starts).tolist()
    y1 = np.maximum.reduceat(boxes[:, 3], starts).tolist()
    ems = np.maximum.reduceat(sizes, starts).tolist()
    parts = np.split(index, starts[1:])
    return [Chunk(*row) for row in zip(x0, y0, x1, y1, ems, parts, strict=True)]
