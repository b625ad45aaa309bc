"""The proof that nothing of a page was lost: every glyph stands in a block or in a drop, and only once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from luoshi.model import Box, Reading
from luoshi.read.layout.page import Page
from luoshi.read.normalise import INVISIBLE, fold

_FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_Place = tuple[str, int, int, int, int]


def page_gaps(reading: Reading, pages: Iterable[Page]) -> list[tuple[int, str]]:
    """The glyphs that a reading does not account for, as ``(page, character)``; none, if all is well.

    A glyph is accounted for by a character of a block with its very box, or by a character of a drop on its
    page, of one whose boxes hold its middle before others. What a block or drop holds beyond the pages'
    glyphs counts as a gap too. Characters that show nothing, and white space, are not counted.
    """
    kept: dict[int, Counter[_Place]] = defaultdict(Counter)
    for block in reading.blocks:
        assert block.body.glyphs is not None
        for c, (page, *box) in zip(_folded(block.text), block.body.glyphs.tolist(), strict=True):
            if page:
                kept[int(page)][_place(c, box)] += 1
    out: list[tuple[int, str]] = []
    drops = _drops(reading)
    for page in pages:
        left = kept.pop(page.number, Counter())
        for c, box in zip(_folded(page.text), page.boxes.tolist(), strict=True):
            if INVISIBLE.match(c) or c.isspace():
                continue
            place = _place(c, box)
            if left[place] > 0:
                left[place] -= 1
            elif not _take(drops[page.number], c, box):
                out.append((page.number, c))
        out += [(page.number, place[0]) for place, n in left.items() for _ in range(n)]
    out += [(n, place[0]) for n, some in kept.items() for place, k in some.items() for _ in range(k)]
    out += [(n, c) for n, some in drops.items() for quote, _ in some for c in quote.elements()]
    return out


def _folded(text: str) -> str:
    return fold(text).translate(_FIGURES)


def _place(character: str, box: Iterable[float]) -> _Place:
    x0, y0, x1, y1 = (round(v * 20) for v in box)
    return character, x0, y0, x1, y1


def _drops(reading: Reading) -> dict[int, list[tuple[Counter[str], tuple[Box, ...]]]]:
    out: dict[int, list[tuple[Counter[str], tuple[Box, ...]]]] = defaultdict(list)
    for drop in reading.dropped:
        assert drop.boxes, drop
        out[drop.boxes[0][0]].append((Counter("".join(_folded(drop.quote).split())), drop.boxes))
    return out


def _take(drops: list[tuple[Counter[str], tuple[Box, ...]]], character: str, box: list[float]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    some = [(quote, boxes) for quote, boxes in drops if quote[character] > 0]
    for quote, boxes in some:
        if any(b[1] - 0.1 <= x <= b[3] + 0.1 and b[2] - 0.1 <= y <= b[4] + 0.1 for b in boxes):
            quote[character] -= 1
            return True
    if some:
        some[0][0][character] -= 1  # text set over itself: which of the drops holds it cannot be told
    return bool(some)
