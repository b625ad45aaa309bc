"""Rules of tables among the paths of a page (GB/T 33190, chapter 9)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from luoshi.read.formats.ofd.xml import child, number, numbers

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
Point = tuple[float, float]
THIN, SHORT, LEVEL = 1.06, 1.76, 0.35
"""Millimetres: a filled shape thinner than this is a rule; a stroke shorter than this is none; so much may
it slope."""
LONGEST = 20_000
"""Characters of a path's data beyond which it is a drawing."""
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def then(m: Matrix, k: Matrix) -> Matrix:
    """The matrix that applies ``m``, then ``k``."""
    return (
        m[0] * k[0] + m[1] * k[2],
        m[0] * k[1] + m[1] * k[3],
        m[2] * k[0] + m[3] * k[2],
        m[2] * k[1] + m[3] * k[3],
        m[4] * k[0] + m[5] * k[2] + k[4],
        m[4] * k[1] + m[5] * k[3] + k[5],
    )


def rules_of(node: etree._Element, matrix: Matrix) -> list[Box]:
    """The straight horizontal and vertical strokes of a ``PathObject``, in millimetres on the page."""
    stroked = node.get("Stroke", "true").lower() not in ("false", "0")
    filled = node.get("Fill", "false").lower() in ("true", "1")
    data = child(node, "AbbreviatedData")
    text = (data.text or "") if data is not None else ""
    if not (stroked or filled) or not text or len(text) > LONGEST:
        return []
    segments = list(_segments(text, matrix))
    if not segments:
        return []
    if filled and not stroked:
        return _filled(segments)
    half = max(0.0, min(number(node.get("LineWidth", ""), 0.353), THIN)) / 2
    out = []
    for (ax, ay), (bx, by) in segments:
        w, h = abs(ax - bx), abs(ay - by)
        if min(w, h) <= LEVEL and max(w, h) >= SHORT:
            x, y = (half, 0.0) if h > w else (0.0, half)
            out.append((min(ax, bx) - x, min(ay, by) - y, max(ax, bx) + x, max(ay, by) + y))
    return out


def _filled(segments: list[tuple[Point, Point]]) -> list[Box]:
    """A thin filled shape is a rule."""
    xs = [p[0] for s in segments for p in s]
    ys = [p[1] for s in segments for p in s]
    box = (min(xs), min(ys), max(xs), max(ys))
    w, h = box[2] - box[0], box[3] - box[1]
    return [box] if min(w, h) <= THIN and max(w, h) >= SHORT else []


def _segments(text: str, m: Matrix) -> Iterator[tuple[Point, Point]]:
    """The straight segments of a path; curves only move the pen."""
    words = text.split()
    at = 0
    here = start = (0.0, 0.0)
    while at < len(words):
        command = words[at]
        count = _ARGUMENTS.get(command)
        at += 1
        if count is None:
            continue
        if command == "C":
            if here != start:
                yield here, start
            here = start
            continue
        values = numbers(" ".join(words[at : at + count]))
        at += count
        if len(values) != count:
            return
        x, y = values[-2:]
        point = (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])
        if command in "SM":
            start = point
        elif command == "L":
            yield here, point
        here = point
