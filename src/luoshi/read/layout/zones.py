"""Reading order: a page cut into zones, columns and their zones, down to single columns.

The recursive XY cut (Nagy and Seth 1984) with one change. Taking the widest gap first reads two columns whose
lines stand level across the gutter. Here the page is seen as horizontal strips; strips that leave one gutter
free, one below the other, are a zone with columns, provided that both sides look like running text: several
lines, wide enough, well filled. Everything else is read across.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from luoshi.read.layout.chunks import Chunk

GUTTER = 0.9
"""Width of the narrowest gutter, in font sizes."""
NARROWEST = 7.0
"""Width of the narrowest column, in font sizes."""
FILLED = 0.55
LEAST_LINES = 3
DEEPEST = 8
MOST_CHUNKS = 8_000
"""Chunks of a page beyond which it is a drawing rather than columns."""


@dataclass(slots=True)
class Zone:
    """A single column: its chunks from top to bottom, unordered within lines.

    :param depth: how many column cuts lead to it; 0 is the page itself.
    """

    chunks: list[Chunk]
    depth: int


@dataclass(slots=True)
class _Strip:
    """Chunks that overlap in height, and the stretches of the page's width that they cover."""

    chunks: list[Chunk]
    top: float
    bottom: float
    spans: list[tuple[float, float]]


def zones(chunks: Sequence[Chunk], depth: int = 0) -> list[Zone]:
    """The columns of a page in reading order."""
    if not chunks:
        return []
    if depth >= DEEPEST or not 2 * LEAST_LINES <= len(chunks) <= MOST_CHUNKS:
        return [Zone(list(chunks), depth)]
    strips = _strips(chunks)
    em = median([c.em for c in chunks])
    out: list[Zone] = []
    plain: list[_Strip] = []
    i = 0
    while i < len(strips):
        run = _run(strips, i, em)
        if run is None:
            plain.append(strips[i])
            i += 1
            continue
        end, gutter = run
        start = _back(plain, strips[i], gutter, em)
        body = plain[start:] + strips[i:end]
        out += _plain(plain[:start], depth)
        plain = []
        middle = (gutter[0] + gutter[1]) / 2
        inside = [c for s in body for c in s.chunks]
        out += zones([c for c in inside if c.x1 <= middle + 0.01], depth + 1)
        out += zones([c for c in inside if c.x1 > middle + 0.01], depth + 1)
        i = end
    return out + _plain(plain, depth)


def _plain(strips: Sequence[_Strip], depth: int) -> list[Zone]:
    inside = [c for s in strips for c in s.chunks]
    return [Zone(inside, depth)] if inside else []


def _strips(chunks: Sequence[Chunk]) -> list[_Strip]:
    out: list[_Strip] = []
    for c in sorted(chunks, key=lambda c: c.cy):
        half = 0.3 * min(c.em, c.y1 - c.y0) if c.payload is None else (c.y1 - c.y0) / 2
        top, bottom = c.cy - half, c.cy + half
        if out and top < out[-1].bottom:
            last = out[-1]
            last.chunks.append(c)
            last.top, last.bottom = min(last.top, top), max(last.bottom, bottom)
            k = len(out) - 1
            while k > 0 and out[k].top < out[k - 1].bottom:
                out[k - 1].chunks += out[k].chunks
                out[k - 1].bottom = max(out[k - 1].bottom, out[k].bottom)
                del out[k]
                k -= 1
        else:
            out.append(_Strip([c], top, bottom, []))
    for strip in out:
        strip.spans = _union([(c.x0, c.x1) for c in strip.chunks])
    return out


def _union(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    spans.sort()
    out: list[tuple[float, float]] = []
    for a, b in spans:
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        else:
            out.append((a, b))
    return out


def _run(strips: Sequence[_Strip], i: int, em: float) -> tuple[int, tuple[float, float]] | None:
    """The strips from ``i`` on that leave a gutter free, as ``(end, gutter)``, if they are columns."""
    spans = strips[i].spans
    if i + 1 < len(strips) and strips[i + 1].top - strips[i].bottom < 0.6 * em:
        # columns whose lines do not stand level alternate
        spans = _union([*spans, *strips[i + 1].spans])
    best: tuple[int, tuple[float, float]] | None = None
    for (_, a), (b, _) in pairwise(spans):
        if b - a < GUTTER * em:
            continue
        end, gutter = _extend(strips, i, (a, b), em)
        end = _trim(strips, i, end, gutter, em)
        if best is not None and (end, gutter[1] - gutter[0]) <= (best[0], best[1][1] - best[1][0]):
            continue
        if _are_columns(strips[i:end], gutter, em):
            best = (end, gutter)
    return best


def _extend(
    strips: Sequence[_Strip], i: int, gutter: tuple[float, float], em: float
) -> tuple[int, tuple[float, float]]:
    end = i + 1
    while end < len(strips):
        free = _free(gutter, strips[end].spans)
        if free[1] - free[0] < GUTTER * em:
            break
        gutter = free
        end += 1
    return end, gutter


def _free(gutter: tuple[float, float], spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The widest part of a gutter that spans leave free."""
    at, best = gutter[0], (gutter[0], gutter[0])
    for a, b in spans:
        if b <= gutter[0] or a >= gutter[1]:
            continue
        if a - at > best[1] - best[0]:
            best = (at, a)
        at = max(at, b)
    if gutter[1] - at > best[1] - best[0]:
        best = (at, gutter[1])
    return best


def _trim(strips: Sequence[_Strip], i: int, end: int, gutter: tuple[float, float], em: float) -> int:
    """Where the columns end: not with lines on one side that stand apart below both."""
    two = max((k for k in range(i, end) if _sides(strips[k], gutter) == 3), default=i)
    pitch = median([b.top - a.top for a, b in pairwise(strips[i:end])] or [em])
    for k in range(two + 1, end):
        if strips[k].top - strips[k - 1].bottom > 1.2 * pitch:
            return k
    return end


def _sides(strip: _Strip, gutter: tuple[float, float]) -> int:
    """1 for text on the left, 2 on the right, 3 on both."""
    middle = (gutter[0] + gutter[1]) / 2
    return (strip.spans[0][0] < middle) + 2 * (strip.spans[-1][1] > middle)


def _back(plain: Sequence[_Strip], first: _Strip, gutter: tuple[float, float], em: float) -> int:
    """From which of the strips above the columns on one of them has begun."""
    k = len(plain)
    while k and _free(gutter, plain[k - 1].spans) == gutter:
        strip = plain[k - 1]
        room = plain[k].top - strip.bottom if k < len(plain) else first.top - strip.bottom
        if room > (1.5 if _sides(strip, gutter) == 1 else 0.6) * em:
            break
        if any(c.payload is not None for c in strip.chunks):
            break
        k -= 1
    return k


def _are_columns(strips: Sequence[_Strip], gutter: tuple[float, float], em: float) -> bool:
    middle = (gutter[0] + gutter[1]) / 2
    for side in (0, 1):
        inside = [c for s in strips for c in s.chunks if (c.x1 > middle + 0.01) == bool(side)]
        if not inside or not _like_text(inside, em):
            return False
    return True


def _like_text(chunks: Sequence[Chunk], em: float) -> bool:
    """Whether the chunks of one side look like a column of running text (or hold a table)."""
    width = max(c.x1 for c in chunks) - min(c.x0 for c in chunks)
    if width < NARROWEST * em:
        return False
    if any(c.payload is not None for c in chunks):
        return True
    lines: list[tuple[float, float]] = []
    for c in sorted(chunks, key=lambda c: c.cy):
        if lines and c.cy - lines[-1][0] < 0.5 * c.em:
            lines[-1] = (lines[-1][0], lines[-1][1] + c.x1 - c.x0)
        else:
            lines.append((c.cy, c.x1 - c.x0))
    return len(lines) >= LEAST_LINES and sum(w for _, w in lines) >= FILLED * width * len(lines)
