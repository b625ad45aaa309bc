"""Which pages have text that can be used, and which must be recognised from their picture."""

from __future__ import annotations

import numpy as np
import pytest

from luoshi.read.formats.pdf.usable import cover, verdict
from luoshi.read.layout.page import UNMAPPED, UNSEEN, Page, blank

TEXT = "各县要把特色产业摆在突出位置，一件一件抓下去，年年有新的进展。" * 4
WHOLE = (0.0, 0.0, 595.0, 842.0)


def page(text: str, *, bits: int = 0, picture: tuple[float, ...] | None = None, shapes: int = 0) -> Page:
    out = blank(1, 595, 842)
    out.text = text
    out.boxes = np.zeros((len(text), 4), np.float32)
    out.sizes = np.full(len(text), 12, np.float32)
    out.bits = np.full(len(text), bits, np.uint8)
    out.shapes = shapes
    if picture:
        out.images = np.array([picture], np.float32)
    return out


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (page(""), "empty"),
        (page("", shapes=9), "empty"),
        (page("", picture=WHOLE), "picture"),
        (page("", shapes=500), "picture"),
        (page("—12—", picture=WHOLE), "picture"),
        (page("—12—"), "text"),
        (page(TEXT), "text"),
        (page(TEXT, picture=(100, 100, 200, 150)), "text"),
        (page(TEXT, picture=WHOLE), "text"),
        (page(TEXT, picture=WHOLE, bits=UNSEEN), "layer"),
        (page(TEXT, bits=UNSEEN), "text"),
        (page(TEXT, bits=UNMAPPED), "garbled"),
        (page("\ue123\ue456\ue789\uf123" * 9), "garbled"),
        (page("\uf0b7 重点任务 \uf0b7 保障措施"), "text"),
        (page("¸÷ÏØÒª°ÑÌØÉ«²úÒµ°ÚÔÚÍ»³öÎ»ÖÃ"), "garbled"),
        (page("Café à la carte, übergroße Straße"), "text"),
        (page("\x01\x02\x03\x04" * 9), "garbled"),
        (page("".join(chr(0x9000 + 7 * k) for k in range(120))), "garbled"),
        (page("2024 15.3 % 100"), "text"),
        (page("�" * 30 + TEXT[:20]), "garbled"),
    ],
)
def test_verdict(made: Page, expected: str) -> None:
    assert verdict(made) == expected


def test_cover() -> None:
    assert cover(page("")) == 0
    assert cover(page("", picture=WHOLE)) == pytest.approx(1)
    assert cover(page("", picture=(0, 0, 595, 421))) == pytest.approx(0.5)
