"""Running heads and page numbers by their place: lines at the edge of the page that come back on others."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from luoshi.read.furniture import PAGE_NUMBER, RUNNING_HEAD
from luoshi.read.layout.rows import Row

BAND = 0.16
"""Share of the page's height, at the top and at the bottom, in which furniture stands."""
DEEP = 3
"""Lines of furniture at an edge at most."""
_DASH = "-—–－─―_~·•"
_NUMBER = re.compile(
    rf"[{_DASH}]{{1,3}}\s*\d{{1,4}}\s*[{_DASH}]{{1,3}}|第\s*(?:\d{{1,4}}|[一二三四五六七八九十百]{{1,5}})\s*页"
    r"(?:\s*[，,/／]?\s*[（(]?\s*共\s*\d{1,4}\s*页\s*[)）]?)?|"
    r"[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?|\d{1,4}\s*[/／]\s*\d{1,4}|\d{1,4}|[ivxIVX]{1,6}"
)
_BARE = re.compile(r"\d{1,4}|[ivxIVX]{1,6}|\d{1,4}\s*[/／]\s*\d{1,4}")
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True, eq=False)
class _Edge:
    """A line at an edge: ``depth`` lines stand between it and the edge, ``y`` is its distance from it."""

    page: int
    row: Row
    bottom: bool
    depth: int
    y: float
    apart: bool


def furniture(pages: Sequence[tuple[Sequence[Row], float]]) -> dict[int, str]:
    """The rows that are furniture, by ``id(row)``, with the reason.

    :param pages: for each page its rows and its height.
    """
    edges = [e for k, (rows, height) in enumerate(pages) for e in _edges(k, rows, height)]
    out: dict[int, str] = {}
    closed: set[tuple[int, bool]] = set()
    for depth in range(DEEP):
        # what stands further in is furniture only where all between it and the edge is
        open_ = [e for e in edges if e.depth == depth and (e.page, e.bottom) not in closed]
        numbers = _numbers(open_, len(pages))
        out.update((id(e.row), PAGE_NUMBER) for e in numbers)
        taken = {id(e.row) for e in numbers}
        heads = _heads([e for e in open_ if id(e.row) not in taken], len(pages))
        out.update((id(e.row), RUNNING_HEAD) for e in heads)
        closed.update((e.page, e.bottom) for e in open_ if id(e.row) not in out)
    return out


def _edges(page: int, rows: Sequence[Row], height: float) -> list[_Edge]:
    """The outermost lines of a page; lines side by side count as one depth."""
    order = sorted(rows, key=lambda r: (r.y0 + r.y1) / 2)
    out: list[_Edge] = []
    for bottom, some in ((False, order), (True, order[::-1])):
        levels: list[list[Row]] = []
        for row in some[: 4 * DEEP]:
            middle = (row.y0 + row.y1) / 2
            if (height - middle if bottom else middle) > BAND * height:
                break
            if levels and min(abs(middle - (o.y0 + o.y1) / 2) for o in levels[-1]) < 0.5 * row.em:
                levels[-1].append(row)
            else:
                levels.append([row])
        rest = some[sum(map(len, levels)) :]
        for depth, line in enumerate(levels[:DEEP]):
            inner = levels[depth + 1] if depth + 1 < len(levels) else rest[:1]
            for row in line:
                gap = min((max(row.y0 - o.y1, o.y0 - row.y1) for o in inner), default=height)
                middle = (row.y0 + row.y1) / 2
                out.append(
                    _Edge(page, row, bottom, depth, height - middle if bottom else middle, gap > 0.9 * row.em)
                )
    return out


def _numbers(edges: Sequence[_Edge], pages: int) -> list[_Edge]:
    """Page numbers: decorated ones at once, bare ones where they rise from page to page at one height."""
    some = [e for e in edges if _NUMBER.fullmatch(e.row.text.strip())]
    sure = [e for e in some if not _BARE.fullmatch(e.row.text.strip()) and e.apart]
    certain = {id(e) for e in sure}
    bare = [e for e in some if id(e) not in certain]
    out = list(sure)
    groups: dict[tuple[bool, int], list[_Edge]] = defaultdict(list)
    for e in bare:
        groups[e.bottom, round(e.y / 12)].append(e)
    for group in groups.values():
        steps = [_value(e.row.text) - e.page for e in group]
        usual = Counter(steps).most_common(1)[0][0]
        rising = [e for e, s in zip(group, steps, strict=True) if s == usual]
        if len(rising) >= 2 or (pages <= 2 and len(rising) == 1 and rising[0].apart and rising[0].bottom):
            out += rising
            if len(rising) >= 3:
                out += [e for e, s in zip(group, steps, strict=True) if s != usual and e.apart]
    return out


_ROMAN = {"i": 1, "v": 5, "x": 10}


def _value(text: str) -> int:
    digits = _DIGITS.search(text)
    if digits:
        return int(digits.group())
    values = [_ROMAN[c] for c in text.strip().lower() if c in _ROMAN]
    total = 0
    for k, v in enumerate(values):
        total += -v if k + 1 < len(values) and values[k + 1] > v else v
    return total


def _heads(edges: Sequence[_Edge], pages: int) -> list[_Edge]:
    """Lines that say the same, digits aside, at the same height of several pages."""
    groups: dict[tuple[bool, str], list[_Edge]] = defaultdict(list)
    for e in edges:
        groups[e.bottom, _DIGITS.sub("#", "".join(e.row.text.split()))].append(e)
    out: list[_Edge] = []
    for group in groups.values():
        if len({e.page for e in group}) < 2:
            continue
        heights = sorted(e.y for e in group)
        usual = heights[len(heights) // 2]
        level = [e for e in group if abs(e.y - usual) <= 6]
        if len({e.page for e in level}) >= 2 and (len(level) >= 3 or all(e.apart for e in level)):
            out += level
    return out
