"""Pictures of pages, with places on them lit: the evidence of a record where it stands.

PDF pages are rendered, scans shown as they are; pages of formats that only give glyphs (OFD) are drawn anew,
each character in its place.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Protocol, runtime_checkable

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from luoshi.errors import Damaged, InputError, UsageError
from luoshi.model import Box, Problem, Source
from luoshi.read.formats.archive import member
from luoshi.read.formats.image import MOST_PIXELS, ImageReader, frames
from luoshi.read.formats.pdf import PdfReader
from luoshi.read.formats.pdf.document import Lost, opened
from luoshi.read.layout.page import Page
from luoshi.read.opening import HEAD
from luoshi.read.protocol import Limits, Reader
from luoshi.read.registry import choose

DPI = 150
LIGHT = (255, 226, 84)
EDGE = (226, 130, 0)
_MARGIN = 1.5
_FONTS = (
    "NotoSerifCJK-Regular", "NotoSansCJK-Regular", "SourceHanSerifSC-Regular", "SourceHanSansSC-Regular",
    "simsun", "SimSun", "wqy-zenhei", "wqy-microhei", "uming", "STSong", "PingFang",
)  # fmt: skip
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")


@runtime_checkable
class GivesPages(Reader, Protocol):
    """A reader that can tell the glyphs of its pages."""

    def pages(self, data: bytes, source: Source, limits: Limits) -> Iterator[Page]:
        """The pages, in order."""
        ...


def picture(
    path: Path, number: int, *, boxes: Iterable[Box] = (), dpi: int = DPI, limits: Limits | None = None
) -> bytes:
    """A page as a PNG picture.

    :param number: of the page, from 1.
    :param boxes: places to light; those on other pages are passed over.
    :param dpi: pixels an inch; a page of huge size gets fewer.
    :raises UsageError: when there is no such file, or no such page, or its format has no pages.
    :raises InputError: when the page cannot be shown.
    """
    image, points = shown(path, number, dpi=dpi, limits=limits)
    lit = light(image, [b for b in boxes if b[0] == number], image.width / points[0])
    out = io.BytesIO()
    lit.save(out, "PNG")
    return out.getvalue()


def shown(
    path: Path,
    number: int,
    *,
    name: str = "",
    inside: str = "",
    dpi: int = DPI,
    limits: Limits | None = None,
) -> tuple[Image.Image, tuple[float, float]]:
    """A page as an image, and its width and height in points (those of the evidence's boxes).

    :param name: what the file is called, where it is kept under another name.
    :param inside: where in an archive the original lies: what a document's ``source`` says after ``!/``.
    :raises UsageError: as :func:`picture` does.
    :raises InputError: as :func:`picture` does.
    """
    limits = limits or Limits()
    name = name or path.name
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist.", hint="Check the path.") from None
    except OSError as failure:
        raise InputError(
            f"{path} cannot be opened: {failure.strerror}.", hint="Check its permissions."
        ) from None
    if inside:
        data, name = member(data, name, inside, limits), PurePosixPath(inside).name
    reader = choose(data[:HEAD], name)
    if isinstance(reader, PdfReader):
        return _of_pdf(data, name, number, dpi, limits)
    if isinstance(reader, ImageReader):
        return _of_image(data, name, number, dpi, limits)
    if isinstance(reader, GivesPages):
        source = Source(name, hashlib.sha256(data).hexdigest(), len(data), "", reader="")
        return _drawn(reader.pages(data, source, limits), name, number, dpi)
    raise UsageError(
        f"{name} has no pages.", hint="PDF, OFD and pictures have; others show with `luoshi show`."
    )


def light(image: Image.Image, boxes: Sequence[Box], dots: float) -> Image.Image:
    """The picture with places lit as by a marker, the text under them still legible.

    :param dots: pixels a point.
    """
    if not boxes:
        return image
    layer = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(layer)
    for _, x0, y0, x1, y1 in boxes:
        box = [
            max(0.0, (x0 - _MARGIN) * dots), max(0.0, (y0 - _MARGIN) * dots),
            min(image.width - 1.0, (x1 + _MARGIN) * dots), min(image.height - 1.0, (y1 + _MARGIN) * dots),
        ]  # fmt: skip
        if box[2] > box[0] and box[3] > box[1]:
            draw.rectangle(box, fill=LIGHT, outline=EDGE, width=max(1, round(0.7 * dots)))
    return ImageChops.multiply(image, layer)


def _no_page(name: str, number: int, count: int) -> UsageError:
    return UsageError(f"{name} has no page {number}.", hint=f"It has {count} page{'s' * (count != 1)}.")


def _of_pdf(
    data: bytes, name: str, number: int, dpi: int, limits: Limits
) -> tuple[Image.Image, tuple[float, float]]:
    with opened(data, name, limits.page_seconds) as document:
        if not 1 <= number <= document.pages:
            raise _no_page(name, number, document.pages)
        found = document.picture(number, dpi / 72)
    if isinstance(found, Lost):
        raise Damaged(
            f"Page {number} of {name} cannot be shown.", hint="Open it in a PDF program and save it anew."
        )
    return Image.frombytes("RGB", (found.width, found.height), found.pixels, "raw", "BGR"), found.points


def _of_image(
    data: bytes, name: str, number: int, dpi: int, limits: Limits
) -> tuple[Image.Image, tuple[float, float]]:
    problems: list[Problem] = []
    found = dict(frames(data, name, limits.pages, problems))
    if number not in found:
        raise _no_page(name, number, len(found))
    frame = found[number]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                image.seek(number - 1)
                shown = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as failure:
        raise Damaged(f"Page {number} of {name} is damaged: {failure}.", hint="Scan it anew.") from None
    width = round(frame.points[0] * dpi / 72)
    if width < shown.width:
        shown = shown.resize((width, max(1, round(width * shown.height / shown.width))))
    return shown, frame.points


def _drawn(
    pages: Iterator[Page], name: str, number: int, dpi: int
) -> tuple[Image.Image, tuple[float, float]]:
    count = 0
    for page in pages:
        count = max(count, page.number)
        if page.number == number:
            return draw_page(page, dpi / 72), (page.width, page.height)
    raise _no_page(name, number, count)


def draw_page(page: Page, dots: float) -> Image.Image:
    """A page drawn of its glyphs and rules; where no Chinese font is installed, characters are grey bars.

    :param dots: pixels a point; fewer where the page is huge.
    """
    dots = min(dots, (MOST_PIXELS / 4 / max(1.0, page.width * page.height)) ** 0.5)
    image = Image.new("RGB", (max(1, round(page.width * dots)), max(1, round(page.height * dots))), "white")
    draw = ImageDraw.Draw(image)
    for x0, y0, x1, y1 in (page.rules * dots).tolist():
        draw.rectangle((x0, y0, max(x0, x1), max(y0, y1)), fill=(90, 90, 90))
    for x0, y0, x1, y1 in (page.images * dots).tolist():
        draw.rectangle((x0, y0, max(x0, x1), max(y0, y1)), outline=(190, 190, 190))
    for c, (x0, y0, x1, y1), size in zip(
        page.text, (page.boxes * dots).tolist(), page.sizes.tolist(), strict=True
    ):
        font = _font(round(size * dots))
        if font is None:
            draw.rectangle((x0, y0 + 0.2 * (y1 - y0), x1, y1 - 0.2 * (y1 - y0)), fill=(200, 200, 200))
        else:
            draw.text(((x0 + x1) / 2, (y0 + y1) / 2), c, fill="black", font=font, anchor="mm")
    return image


@cache
def _font_file() -> str | None:
    for name in _FONTS:
        for folder in _FOLDERS:
            found = sorted(Path(folder).rglob(f"{name}.tt[cf]")) + sorted(Path(folder).rglob(f"{name}.otf"))
            if found:
                return str(found[0])
    return None


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | None:
    file = _font_file()
    if file is None or not 1 <= size <= 2000:
        return None
    try:
        return ImageFont.truetype(file, size, index=2 if "CJK" in file and file.endswith("ttc") else 0)
    except OSError:
        return None
