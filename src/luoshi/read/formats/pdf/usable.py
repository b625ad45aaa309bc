"""Whether the text of a page can be used, or the page must be recognised from its picture.

A font without a ToUnicode map gives a page full of glyphs and no word of text, in every program. It shows by
control and private characters, by Latin letters with accents in a row, or by ideographs that nobody writes.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from luoshi.read.layout.chunks import codes_of
from luoshi.read.layout.page import UNMAPPED, UNSEEN, Page

TEXT, PICTURE, GARBLED, LAYER, EMPTY = "text", "picture", "garbled", "layer", "empty"
FEW = 25
"""Glyphs up to which a page under a picture counts as one without text (a page number, a stamp's name)."""
COVERED = 0.4
_SOME_SHAPES = 60
_BAD_SHARE = 0.3
_BULLETS = frozenset("\uf06c\uf06e\uf075\uf076\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc\uf09f\uf0be\uf072\uf0e0\uf02d")


@cache
def _common() -> NDArray[np.bool_]:
    """``bool[65536]``: the 3,755 ideographs of the first level of GB 2312."""
    out = np.zeros(1 << 16, dtype=np.bool_)
    for lead in range(0xB0, 0xD8):
        for trail in range(0xA1, 0xFF):
            try:
                out[ord(bytes((lead, trail)).decode("gb2312"))] = True
            except UnicodeDecodeError:
                continue
    return out


def verdict(page: Page) -> str:
    """What a page is.

    ``text``, ``picture`` (to be recognised), ``garbled`` (to be recognised, its text is none), ``layer``
    (text that another recogniser put under the picture) or ``empty``.
    """
    count = len(page.text)
    covered = cover(page)
    if count == 0:
        return PICTURE if covered > 0.02 or page.shapes > _SOME_SHAPES else EMPTY
    if _garbled(page):
        return GARBLED
    if count <= FEW and covered > COVERED:
        return PICTURE
    if covered > COVERED and float((page.bits & UNSEEN > 0).mean()) > 0.8:
        return LAYER
    return TEXT


def cover(page: Page) -> float:
    """The share of the page under pictures, 0 to 1."""
    if not len(page.images):
        return 0.0
    sides = page.images[:, 2:] - page.images[:, :2]
    total = float((sides[:, 0] * sides[:, 1]).sum())
    return min(1.0, total / max(1.0, page.width * page.height))


def _garbled(page: Page) -> bool:
    codes = codes_of(page.text)
    count = len(codes)
    private = (codes >= 0xE000) & (codes < 0xF900)
    for bullet in _BULLETS:
        private &= codes != ord(bullet)
    bad = (page.bits & UNMAPPED > 0) | (codes < 0x20) | (codes == 0xFFFD) | private
    bad |= (codes >= 0x7F) & (codes < 0xA0)
    accented = (codes >= 0xA1) & (codes <= 0xFF) & (codes != 0xB7) & (codes != 0xB0) & (codes != 0xD7)
    if float((bad | accented).mean()) > _BAD_SHARE and count >= 4:
        return True
    han = codes[(codes >= 0x4E00) & (codes < 0xA000)]
    return len(han) >= 60 and float(_common()[han].mean()) < 0.6
