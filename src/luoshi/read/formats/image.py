"""Scans and photographs of documents: PNG, JPEG, TIFF (a frame is a page), BMP, WebP. Needs the extra ocr."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace

from PIL import Image, UnidentifiedImageError

from luoshi.errors import Damaged, EmptyFile, InputError, TooLarge
from luoshi.model import Problem, Reading, Source
from luoshi.read import ocr, paged
from luoshi.read.layout.compose import compose
from luoshi.read.layout.page import Page
from luoshi.read.protocol import Limits

MOST_PIXELS = 120_000_000
"""Pixels of a picture that is decoded: 360 MB in memory. An A3 page at 600 dots per inch has 70 million."""
LONGEST = 30_000
_MARKS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"BM", "image/bmp"),
)
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_HINT = "Scan or export it anew, at 200 to 300 dots per inch."


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture in a file: its pixels and its size in points."""

    width: int
    height: int
    points: tuple[float, float]


class ImageReader:
    """Recognises pictures of pages."""

    name = "image"
    extensions: tuple[str, ...] = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")

    def score(self, head: bytes, name: str) -> float:
        """1 where the file begins with the mark of a picture."""
        kind = _media_type(head)
        if kind == "image/bmp":
            return 1.0 if len(head) > 14 and head[6:10] == b"\0\0\0\0" else 0.0
        return 1.0 if kind else 0.0

    def lacks(self) -> str:
        """Whether the extra ocr is missing."""
        return "" if ocr.installed() else ocr.INSTALL

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading.

        :raises InputError: when recognition is not installed, or the picture is damaged or too large.
        :raises EmptyFile: when no text is recognised in it.
        """
        if not ocr.installed():
            raise NeedsOcr(f"{source.path} is a picture; text in pictures is not read.", hint=ocr.INSTALL)
        problems: list[Problem] = []
        found = list(frames(data, source.path, limits.pages, problems))
        pages: list[Page] = []
        wanted = [
            ocr.Picture(number, frame.points, data, frame=number - 1)
            for number, frame in found
            if _bearable(frame)
        ]
        for page in paged.recognise(wanted):
            if isinstance(page, ocr.Lost):
                problems.append(paged.unread(source.path, [page.number], page.why))
            else:
                pages.append(page)
        pages.sort(key=lambda p: p.number)
        composed = compose(pages)
        if not composed.blocks:
            worst = next((p for p in problems if p.severity == "error"), None)
            if worst is not None:
                raise Damaged(f"{source.path}: {worst.message}", hint=worst.hint)
            raise EmptyFile(f"{source.path} shows no text that could be recognised.", hint=_HINT)
        return (
            Reading(
                source=replace(source, media_type=_media_type(data)),
                blocks=tuple(composed.blocks),
                dropped=tuple(composed.dropped),
                metadata=composed.metadata,
                problems=(*problems, *paged.doubts(source.path, pages)),
            ),
        )


class NeedsOcr(InputError):
    """The file is a picture, and the extra that recognises text is not installed."""

    code = "missing-extra"


def _media_type(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in _MARKS if head.startswith(mark)), "")


def _bearable(frame: Frame) -> bool:
    return frame.width * frame.height <= MOST_PIXELS and max(frame.width, frame.height) <= LONGEST


def frames(data: bytes, name: str, most: int, problems: list[Problem]) -> Iterator[tuple[int, Frame]]:
    """The pictures of a file by their numbers from 1; nothing is decoded, sizes stand in the headers.

    :param problems: gets those that are too large, and those that are left out.
    :raises Damaged: when it is no picture that can be opened.
    :raises TooLarge: when its only picture has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise _huge(name, "more than 178 million pixels") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, OverflowError, EOFError) as failure:
        raise Damaged(f"{name} is a damaged picture: {failure}.", hint=_HINT) from None
    count = int(getattr(image, "n_frames", 1))
    for k in range(min(count, most)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                image.seek(k)
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as failure:
            problems.append(
                Problem(name, "error", "page-lost", f"Page {k + 1} is damaged: {failure}.", _HINT, page=k + 1)
            )
            return
        frame = _frame(image)
        if not _bearable(frame):
            size = f"{frame.width:,} × {frame.height:,} pixels"
            if count == 1:
                raise _huge(name, size)
            problems.append(
                Problem(name, "error", "too-large", f"Page {k + 1} has {size}.", _HINT, page=k + 1)
            )
        yield k + 1, frame
    if count > most:
        problems.append(
            Problem(
                name, "warning", "too-many-pages",
                f"{name} has {count:,} pages; the first {most:,} were read.",
                "Split it, or raise the limit of pages.", page=most + 1,
            )
        )  # fmt: skip


def _huge(name: str, size: str) -> TooLarge:
    return TooLarge(f"{name} is a picture of {size}; at most {MOST_PIXELS:,} are decoded.", hint=_HINT)


def _frame(image: Image.Image) -> Frame:
    """The size of a frame as it is shown; in points by its resolution where that is credible, else as A4."""
    width, height = image.size
    turned = Image.Image.getexif(image).get(0x0112, 1) in (5, 6, 7, 8)  # PNG's own would decode the picture
    if turned:
        width, height = height, width
    resolution = image.info.get("dpi", (0, 0))
    try:
        dots = float(resolution[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        dots = 0.0
    short, long = (72 * side / max(dots, 1.0) for side in sorted((width, height)))
    if not (96 < dots <= 2400 and short >= 150 and long <= 4000):
        dots = 72 * max(width, height) / 842.0
    return Frame(width, height, (72 * width / dots, 72 * height / dots))
