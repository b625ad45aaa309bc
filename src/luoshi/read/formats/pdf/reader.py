"""The PDF reader: pages with text as they are, pages without by recognition, each problem with its page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from luoshi.errors import Damaged, EmptyFile
from luoshi.model import Problem, Reading, Source
from luoshi.read import ocr, paged
from luoshi.read.formats.pdf import usable
from luoshi.read.formats.pdf.document import Document, Lost, Picture, opened
from luoshi.read.layout.compose import Laid, compose, lay, unlaid
from luoshi.read.layout.page import Page
from luoshi.read.ocr.setting import DPI
from luoshi.read.protocol import Limits

MEDIA = "application/pdf"
UNREADABLE_FONT, REPLACED = "unreadable font", "recognised anew"
LARGEST = 3400
"""Pixels of the longer side of a page that is recognised."""
_LOST = {
    "time": "too slow to read", "crash": "malformed", "unreadable": "malformed",
    "given up": "after several that were too slow or malformed",
}  # fmt: skip
_HINT = "Open it in a PDF program and save or print it anew."


@dataclass(slots=True)
class _Pages:
    """The pages of a file, laid out, and what is to be told of them."""

    laid: dict[int, Laid] = field(default_factory=dict)
    wanted: dict[int, tuple[str, Page]] = field(default_factory=dict)
    recognised: list[Page] = field(default_factory=list)
    lost: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    layers: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)


class PdfReader:
    """Reads PDF files."""

    name = "pdf"
    extensions: tuple[str, ...] = (".pdf",)

    def score(self, head: bytes, name: str) -> float:
        """1 where the file begins with the mark of a PDF, 0.9 where junk stands before it."""
        at = head[:1024].find(b"%PDF-")
        return 0.0 if at < 0 else 1.0 if at == 0 else 0.9

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading.

        :raises Damaged: when it is encrypted, or cannot be repaired.
        :raises EmptyFile: when no page holds text.
        """
        with opened(data, source.path, limits.page_seconds) as document:
            last = min(document.pages, limits.pages)
            pages = _read(document, last)
            _recognise(document, pages)
        composed = compose([pages.laid[k] for k in sorted(pages.laid)])
        problems = _problems(source, data, document.pages, last, pages)
        if not composed.blocks:
            raise _nothing(source, problems)
        return (
            Reading(
                source=replace(source, media_type=MEDIA),
                blocks=tuple(composed.blocks),
                dropped=tuple(composed.dropped),
                metadata=composed.metadata,
                problems=tuple(problems),
            ),
        )


def _read(document: Document, last: int) -> _Pages:
    """The pages with their own text; those to be recognised are noted."""
    out = _Pages()
    for page in document.read(last):
        if isinstance(page, Lost):
            out.lost[page.why].append(page.number)
            continue
        kind = usable.verdict(page)
        if kind in (usable.PICTURE, usable.GARBLED):
            out.wanted[page.number] = (kind, page)
            continue
        if kind == usable.LAYER:
            out.layers.append(page.number)
        elif kind == usable.TEXT and usable.cover(page) > 0.15:
            out.pictures.append(page.number)
        out.laid[page.number] = lay(page)
    return out


def _recognise(document: Document, pages: _Pages) -> None:
    """Recognise the pages without usable text; where that cannot be, keep what text they have."""
    if not pages.wanted:
        return
    if not ocr.installed():
        pages.lost["extra"] += sorted(pages.wanted)
    else:
        for found in paged.recognise(_pictures(document, pages)):
            if isinstance(found, ocr.Lost):
                pages.lost["ocr " + found.why].append(found.number)
                continue
            _, own = pages.wanted[found.number]
            reason = UNREADABLE_FONT if pages.wanted[found.number][0] == usable.GARBLED else REPLACED
            pages.recognised.append(found)
            pages.laid[found.number] = lay(found, besides=own, reason=reason)
    for number, (kind, own) in pages.wanted.items():
        if number not in pages.laid:
            pages.laid[number] = unlaid(own, UNREADABLE_FONT) if kind == usable.GARBLED else lay(own)


def _pictures(document: Document, pages: _Pages) -> Iterator[ocr.Picture]:
    for number in sorted(pages.wanted):
        page = pages.wanted[number][1]
        scale = min(DPI / 72, LARGEST / max(page.width, page.height))
        picture = document.picture(number, scale)
        if isinstance(picture, Picture):
            yield ocr.Picture(number, picture.points, picture.pixels, picture.width, picture.height)
        else:
            pages.lost[picture.why].append(number)


def _problems(source: Source, data: bytes, count: int, last: int, pages: _Pages) -> list[Problem]:
    path = source.path
    out: list[Problem] = []
    if count > last:
        out.append(
            Problem(
                path, "warning", "too-many-pages",
                f"{path} has {count:,} pages; the first {last:,} were read.",
                "Split it, or raise the limit of pages.", page=last + 1,
            )
        )  # fmt: skip
    if b"%%EOF" not in data[-2048:]:
        out.append(
            Problem(
                path, "warning", "truncated", f"{path} is cut off at its end; what is there was read.",
                "Fetch it again.",
            )
        )  # fmt: skip
    for why, numbers in sorted(pages.lost.items()):
        numbers = sorted(numbers)
        if why in _LOST:
            what = paged.pages_are(numbers, "is", "are") + f" left out ({_LOST[why]})."
            out.append(Problem(path, "error", "page-lost", what, _HINT, page=numbers[0]))
        else:
            out.append(paged.unread(path, numbers, why.removeprefix("ocr ")))
    garbled = sorted(n for n, (kind, _) in pages.wanted.items() if kind == usable.GARBLED)
    if garbled:
        what = paged.pages_are(garbled, "has", "have")
        out.append(
            Problem(
                path, "warning", "unreadable-font",
                f"{what} text in a font that does not say which characters it shows.",
                "The pages were recognised from their pictures." if ocr.installed() else ocr.INSTALL,
                page=garbled[0],
            )
        )  # fmt: skip
    if pages.layers:
        what = paged.pages_are(pages.layers, "is a scan", "are scans")
        out.append(
            Problem(
                path, "info", "text-layer", f"{what} with text that another program recognised.",
                "Compare figures and names with the picture.", page=pages.layers[0],
            )
        )  # fmt: skip
    if pages.pictures:
        what = paged.pages_are(pages.pictures, "holds a picture", "hold pictures")
        out.append(
            Problem(
                path, "info", "pictures", f"{what} beside text; pictures there are not read.",
                "Look at them if they may hold text.", page=pages.pictures[0],
            )
        )  # fmt: skip
    return out + paged.doubts(path, sorted(pages.recognised, key=lambda p: p.number))


def _nothing(source: Source, problems: list[Problem]) -> Damaged | EmptyFile:
    """The refusal of a file of which no text could be had."""
    worst = next((p for p in problems if p.severity == "error"), None)
    if worst is None:
        return EmptyFile(f"{source.path} holds no text.", hint="Check that it is the right file.")
    if worst.code == "missing-extra":
        return EmptyFile(f"{source.path} holds pictures only. {worst.message}", hint=worst.hint)
    return Damaged(f"{source.path}: {worst.message}", hint=worst.hint)
