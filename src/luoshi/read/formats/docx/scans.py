"""Scanned pages that were pasted into a Word file: a picture that fills a page is recognised in its place.

The text of a picture stands nowhere in the file, so its characters have no place in the source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from luoshi.errors import InputError
from luoshi.model import Block, Mapped, Problem
from luoshi.read import ocr, paged
from luoshi.read.formats.docx.package import Package, W
from luoshi.read.layout.compose import compose
from luoshi.read.layout.page import Page

SHARE = 0.4
"""Share of the page that a picture covers at least to be taken for a scanned page."""
WIDTH = 0.5
"""Share of the page's width that it covers at least."""
A4 = (595.3, 841.9)
_EMU = 12700
"""Units of a drawing in a point."""
_TWIPS = 20
_SIDE = r"(?:^|;)\s*{}\s*:\s*([\d.]+)\s*(pt|in|cm|mm|px)?"
_UNITS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, None: 0.75}


@dataclass(frozen=True, slots=True)
class Scan:
    """A picture in a paragraph: the id of its part, its size in points (0 where nothing says)."""

    part: str
    width: float
    height: float

    def fills(self, page: tuple[float, float]) -> bool:
        """Whether it is as good as a page."""
        return self.width >= WIDTH * page[0] and self.width * self.height >= SHARE * page[0] * page[1]


def pictures(node: etree._Element) -> list[Scan]:
    """The pictures below a drawing, in order."""
    out: list[Scan] = []
    size = (0.0, 0.0)
    for child in node.iter():
        name = str(child.tag).rsplit("}", 1)[-1]
        if name == "extent":
            size = (_number(child.get("cx")) / _EMU, _number(child.get("cy")) / _EMU)
        elif name == "shape":
            size = (_side(child.get("style", ""), "width"), _side(child.get("style", ""), "height"))
        elif name in ("blip", "imagedata"):
            part = next((v for k, v in child.attrib.items() if str(k).endswith(("}embed", "}id"))), "")
            out.append(Scan(str(part), *size))
    return out


def _number(value: str | None) -> float:
    return float(value) if value and value.isdigit() else 0.0


def _side(style: str, name: str) -> float:
    m = re.search(_SIDE.format(name), style)
    return float(m[1]) * _UNITS[m[2]] if m else 0.0


def page_size(body: etree._Element) -> tuple[float, float]:
    """Width and height of the first section's pages in points, A4 where nothing says."""
    size = next(body.iter(W + "pgSz"), None)
    if size is None:
        return A4
    width, height = _number(size.get(W + "w")) / _TWIPS, _number(size.get(W + "h")) / _TWIPS
    return (width, height) if width and height else A4


def placeholder(n: int) -> Block:
    """What stands for the ``n``-th scan of a file until it is recognised."""
    return Block(Mapped.inserted("\ufffc"), "caption", marks=frozenset({f"scan:{n}"}))


def _ordinal(block: Block) -> int | None:
    return next((int(m[5:]) for m in block.marks if m.startswith("scan:")), None)


def recognised(
    blocks: Sequence[Block],
    scans: Sequence[Scan],
    package: Package,
    related: dict[str, str],
    source: str,
    tables: int,
) -> tuple[list[Block], list[Problem]]:
    """The blocks with the text of scanned pages in the places of their pictures, and what is told of them.

    :param tables: ordinal of the last table of the file itself.
    """
    wanted = sorted(n for b in blocks if (n := _ordinal(b)) is not None)
    if not wanted:
        return list(blocks), []
    numbers = {n: k for k, n in enumerate(wanted, 1)}
    if not ocr.installed():
        return [b for b in blocks if _ordinal(b) is None], [
            paged.unread(source, list(numbers.values()), "extra")
        ]
    pages, problems = _pages({numbers[n]: scans[n] for n in wanted}, package, related, source)
    out: list[Block] = []
    run: list[Page] = []
    for block in blocks:
        n = _ordinal(block)
        if n is not None:
            run += [pages[numbers[n]]] if numbers[n] in pages else []
            continue
        out += _composed(run, tables)
        tables = max(tables, out[-1].table if out else 0)
        run = []
        out.append(block)
    out += _composed(run, tables)
    return out, problems + paged.doubts(source, [pages[k] for k in sorted(pages)])


def _pages(
    scans: dict[int, Scan], package: Package, related: dict[str, str], source: str
) -> tuple[dict[int, Page], list[Problem]]:
    """The recognised pages by number, and a problem for each that could not be."""
    problems: list[Problem] = []
    asked: list[ocr.Picture] = []
    for number, scan in scans.items():
        try:
            data = package.raw(related.get(scan.part, ""))
        except InputError as error:
            problems.append(paged.unread(source, [number], error.message.rstrip("。.")))
            continue
        if data is None:
            problems.append(paged.unread(source, [number], "its picture is not in the file"))
        else:
            asked.append(ocr.Picture(number, (scan.width, scan.height), data, frame=0))
    pages: dict[int, Page] = {}
    for found in paged.recognise(asked):
        if isinstance(found, ocr.Lost):
            problems.append(paged.unread(source, [found.number], found.why))
        else:
            pages[found.number] = found
    return pages, problems


def _composed(pages: list[Page], tables: int) -> list[Block]:
    """The blocks of scanned pages that follow each other, as blocks of a file without pages."""
    return [
        replace(b, body=Mapped.inserted(b.text), page=0, table=b.table + tables if b.table else 0)
        for b in (compose(pages).blocks if pages else ())
    ]
