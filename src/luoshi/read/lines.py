"""Lines of a page or of a text file, with what their shape says: indent, width, gap, alignment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from luoshi.model import Mapped
from luoshi.model.reading import Align, BlockKind

SPACES = (
    " \t\x0b\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u202f\u205f\u3000\ufeff\u200b"
)
_NEWLINE = re.compile("\r\n|[\n\r\x85\u2028\u2029]|\f")
_FIGURE_WIDE = "—…“”‘’·"
_NARROW = re.compile("[\x00-\xb6\xb8-\u10ff\u2000-\u2002\u2004-\u200a\u200c-\u200f\u202f]")
_NO_WIDTH = re.compile("[\u200b\ufeff]")
TAB = 4.0
"""Half-width cells that a tab counts as."""


@dataclass(slots=True)
class Line:
    """A line of a source, in the units of its own typography.

    :param body: its characters with origins, without white space at its ends.
    :param indent: distance of the first character from the left margin, in ideographs.
    :param width: distance of the end of the last character from the left margin, in ideographs.
    :param gap: blank lines before it beyond the usual spacing of the file.
    :param trail: half-width blanks after its last character (in text out of Word, a paragraph's mark).
    :param page_break: a page or column begins before it.
    :param align: as the layout shows it, empty where it does not.
    :param size: font size in points, 0 where unknown.
    :param page: 1-based page, 0 where there are none.
    :param measure: width of its column in ideographs where the layout knows it, else 0.
    :param bold: set in bold.
    :param kind: what the format says; anything but a paragraph is joined to nothing before it.
    :param level: heading level or list depth.
    :param cells: of a table row, ``(start, end)`` of each cell in the body.
    :param table: ordinal of the table, 0 outside tables.
    :param closed: nothing is joined after it.
    """

    body: Mapped
    indent: float = 0.0
    width: float = 0.0
    gap: int = 0
    trail: int = 0
    page_break: bool = False
    align: Align = ""
    size: float = 0.0
    page: int = 0
    measure: float = 0.0
    bold: bool = False
    kind: BlockKind = "paragraph"
    level: int = 0
    cells: tuple[tuple[int, int], ...] = ()
    table: int = 0
    closed: bool = False

    @property
    def text(self) -> str:
        """Its characters."""
        return self.body.text


def widths(text: str) -> NDArray[np.float64]:
    """Running width of a text in ideographs, ``[len(text) + 1]``: wide characters count 1, others a half."""
    if not text:
        return np.zeros(1)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    wide = codes >= 0x1100
    for c in _FIGURE_WIDE:
        wide |= codes == ord(c)
    wide &= ~((codes >= 0x2000) & (codes < 0x2010)) & (codes != 0x202F) & (codes != 0xFEFF)
    wide |= codes == 0x2003
    cells = np.where(wide, 1.0, 0.5)
    cells[codes == 9] = TAB / 2
    cells[(codes == 0x200B) | (codes == 0xFEFF)] = 0.0
    return np.concatenate([[0.0], np.cumsum(cells)])


def width(text: str) -> float:
    """Width of a text in ideographs: the last of :func:`widths`, faster for a line."""
    if text.isascii():
        return 0.5 * len(text) + (TAB / 2 - 0.5) * text.count("\t")
    if len(text) > 2000:
        return float(widths(text)[-1])
    out = len(text) - 0.5 * len(_NARROW.findall(text))
    if "\t" in text:
        out += (TAB / 2 - 0.5) * text.count("\t")
    return out - len(_NO_WIDTH.findall(text))


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """``(start, end, newline)`` of each line, newlines excluded; a form feed ends a line too."""
    start = 0
    for m in _NEWLINE.finditer(text):
        yield start, m.start(), m.group()
        start = m.end()
    if start < len(text):
        yield start, len(text), ""


def split(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The non-blank lines of a stretch of a decoded source.

    A file in which nearly every line is followed by a blank one is taken as single-spaced; where such a
    file then lacks the blank, and the next line begins with a space, a page began.
    """
    stretch = text[start:end]
    offsets = np.arange(start, start + len(stretch), dtype=np.int32)
    running = widths(stretch)
    out: list[Line] = []
    blanks: list[int] = []
    blank = 0
    page = False
    for a, b, newline in spans(stretch):
        raw = stretch[a:b]
        body = raw.strip(SPACES)
        if body:
            lead = a + len(raw) - len(raw.lstrip(SPACES))
            stop = lead + len(body)
            line = Line(Mapped(body, offsets[lead:stop]))
            line.indent = float(running[lead] - running[a])
            line.width = float(running[stop] - running[a])
            line.trail = b - stop
            line.page_break = page
            out.append(line)
            blanks.append(blank)
            blank = 0
            page = False
        else:
            blank += 1
        page = page or newline == "\f"
    _gaps(out, blanks)
    return out


def _gaps(lines: list[Line], blanks: list[int]) -> None:
    """Turn counts of blank lines into gaps beyond the usual spacing, and see page breaks."""
    if len(lines) < 2:
        return
    counts = Counter(blanks[1:])
    base = 1 if counts[1] > 0.8 * (len(lines) - 1) else 0
    for line, n in zip(lines, blanks, strict=True):
        line.gap = max(0, n - base)
    if not base or counts[0] > 0.15 * len(lines):
        return
    for (_, line), n in zip(pairwise(lines), blanks[1:], strict=True):
        if n == 0 and 0 < line.indent % 2 <= 0.5:
            line.page_break = True
            line.indent -= 0.5
            line.width -= 0.5
