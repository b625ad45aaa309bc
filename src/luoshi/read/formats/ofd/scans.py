"""Pages of an OFD file that are scans: their picture is recognised, its text placed where the picture is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from luoshi.errors import InputError
from luoshi.read import ocr, paged
from luoshi.read.formats.ofd.content import Collected
from luoshi.read.formats.ofd.package import OfdDocument, OfdPackage
from luoshi.read.layout.page import Page

LEAST = 0.25
"""Share of the page that a picture covers at least, to be recognised as the page."""


def main_picture(page: Page, found: Collected) -> int | None:
    """Ordinal of the picture that is the page, ``None`` where there is none."""
    if len(page.images) != len(found.pictures) or not len(page.images):
        return None  # pictures beside the page cannot be told apart from those on it
    sides = page.images[:, 2:] - page.images[:, :2]
    areas = sides[:, 0] * sides[:, 1]
    best = int(areas.argmax())
    return best if float(areas[best]) >= LEAST * page.width * page.height else None


def recognise(
    package: OfdPackage, document: OfdDocument, pages: dict[int, tuple[Page, Collected]]
) -> Iterator[Page | ocr.Lost]:
    """The pages with the text that their pictures show, or why there is none."""
    boxes: dict[int, tuple[float, float]] = {}
    lost: list[ocr.Lost] = []

    def pictures() -> Iterator[ocr.Picture]:
        for number, (page, found) in pages.items():
            k = main_picture(page, found)
            try:
                data = package.raw(document.media.get(found.pictures[k], "")) if k is not None else None
            except InputError as error:
                lost.append(ocr.Lost(number, error.message))
                continue
            if data is None or k is None:
                lost.append(ocr.Lost(number, "its picture is not in the file"))
                continue
            x0, y0, x1, y1 = page.images[k].tolist()
            boxes[number] = (x0, y0)
            yield ocr.Picture(number, (x1 - x0, y1 - y0), data, frame=0)

    for found in paged.recognise(pictures()):
        if isinstance(found, ocr.Lost):
            yield found
        else:
            yield _placed(found, pages[found.number][0], boxes[found.number])
    yield from lost


def _placed(found: Page, own: Page, corner: tuple[float, float]) -> Page:
    """The recognised glyphs where the picture stands on its page."""
    shift = np.asarray([*corner, *corner], dtype=np.float32)
    return replace(
        found,
        width=own.width,
        height=own.height,
        boxes=found.boxes + shift,
        rules=found.rules + shift,
        level=None if found.level is None else found.level + shift,
    )
