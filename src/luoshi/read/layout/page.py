"""A page as its glyphs: what PDF, OFD and recognised scans have in common."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bits = NDArray[np.uint8]

BOLD, SPACED, UNMAPPED, UNSEEN, TURNED = 1, 2, 4, 8, 16
"""Bits of a glyph: bold face; white space stands before it in the file; the font does not say which character
it is; drawn invisibly; not upright. Two more bits count the quarter turns of a glyph that is not upright, 0
for a slant."""
QUARTERS = 6


def turned(degrees: float) -> int:
    """The bits of a glyph whose line runs at an angle, counter-clockwise from the page's own as shown."""
    degrees %= 360.0
    quarter = round(degrees / 90.0) % 4
    if abs((degrees - 90.0 * quarter + 180.0) % 360.0 - 180.0) > 4.0:
        return TURNED
    return TURNED | quarter << QUARTERS if quarter else 0


@dataclass(slots=True, eq=False)
class Page:
    """The glyphs of a page, white space left out, in the order of the file.

    :param number: from 1.
    :param width: and ``height``, in points, as the page is shown.
    :param text: one character a glyph.
    :param boxes: ``float32[n, 4]`` of ``(x0, y0, x1, y1)`` in points from the top left corner of the page as
        it is shown; as high as the line, as wide as the glyph's advance.
    :param sizes: ``float32[n]``, font size in points.
    :param bits: ``uint8[n]`` of :data:`BOLD` …
    :param rules: ``float32[k, 4]``, straight rules ``(x0, y0, x1, y1)``, horizontal or vertical.
    :param images: ``float32[m, 4]``, boxes of pictures.
    :param shapes: number of drawn shapes that are no rules.
    :param confidence: ``float32[n]`` of 0 to 1, where the glyphs were recognised in a picture.
    :param level: the boxes with the skew of the picture taken out, where it has one; the rules are level too.
    :param level_size: width and height of the levelled picture, where that was turned.
    """

    number: int
    width: float
    height: float
    text: str
    boxes: Floats
    sizes: Floats
    bits: Bits
    rules: Floats = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    images: Floats = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    shapes: int = 0
    confidence: Floats | None = None
    level: Floats | None = None
    level_size: tuple[float, float] | None = None

    def glyphs(self) -> Floats:
        """``float32[n, 5]``: the boxes with the page's number, as evidence holds them."""
        out = np.empty((len(self.text), 5), dtype=np.float32)
        out[:, 0] = self.number
        out[:, 1:] = self.boxes
        return out


def blank(number: int, width: float, height: float) -> Page:
    """A page without anything."""
    none = np.zeros((0, 4), np.float32)
    return Page(number, width, height, "", none, np.zeros(0, np.float32), np.zeros(0, np.uint8))
