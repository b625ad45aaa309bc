"""The content of an OFD page: text objects to characters with their boxes (GB/T 33190, chapter 11)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from lxml import etree
from numpy.typing import NDArray

POINTS = 72 / 25.4
"""Points in a millimetre, OFD's unit."""
ASCENT, DESCENT = 0.88, 0.12
"""Of the em square, above and below the base line: what CJK fonts have."""
FAR = 1e5
"""Nothing on a page lies so many millimetres away."""
DEEP = 40
MOST = 200_000
"""Characters of a page beyond which it is no page."""
WATERMARK, HIDDEN = "watermark", "hidden text"
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NARROW = re.compile("[\x00-\xff\u2000-\u200a\uff61-\uff9f]")
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """The characters of a page in the order of the file.

    :param text: the characters.
    :param boxes: ``float64[n, 4]``: x0, y0, x1, y1 in points from the page's top left corner.
    :param sizes: ``float64[n]``: font size in points.
    :param runs: ``int64[n]``: ordinal of the piece of text (TextCode) that each belongs to.
    :param bold: ``bool[n]``.
    :param turned: ``int64[n]``: how far the line runs from left-to-right, clockwise in degrees.
    """

    text: str
    boxes: Floats
    sizes: Floats
    runs: NDArray[np.int64]
    bold: NDArray[np.bool_]
    turned: NDArray[np.int64]


@dataclass(slots=True)
class Collected:
    """What a page holds: characters column by column, what is left out, and what is no text."""

    chars: list[str] = field(default_factory=list)
    places: list[tuple[float, float, float, float]] = field(default_factory=list)
    matrices: list[Matrix] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    turned: list[int] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    pictures: int = 0
    paths: list[tuple[float, float, float, float]] = field(default_factory=list)

    def glyphs(self, origin: tuple[float, float]) -> Glyphs:
        """All characters with their boxes; ``origin`` is the corner of the page in millimetres."""
        text = "".join(self.chars)
        counts = np.asarray(self.counts, dtype=np.int64)
        place = np.asarray(self.places, dtype=np.float64).reshape(-1, 4)
        m = np.repeat(np.asarray(self.matrices, dtype=np.float64).reshape(-1, 6), counts, axis=0)
        sizes = np.repeat(np.asarray(self.sizes, dtype=np.float64), counts)
        xs = np.stack([place[:, 0], place[:, 2]])[[0, 1, 0, 1]]
        ys = np.stack([place[:, 1], place[:, 3]])[[0, 0, 1, 1]]
        px = (m[:, 0] * xs + m[:, 2] * ys + m[:, 4] - origin[0]) * POINTS
        py = (m[:, 1] * xs + m[:, 3] * ys + m[:, 5] - origin[1]) * POINTS
        boxes = np.stack([px.min(axis=0), py.min(axis=0), px.max(axis=0), py.max(axis=0)], axis=1)
        n = len(counts)
        return Glyphs(
            text,
            boxes,
            sizes * POINTS,
            np.repeat(np.arange(n, dtype=np.int64), counts),
            np.repeat(np.asarray(self.bold, dtype=np.bool_), counts),
            np.repeat(np.asarray(self.turned, dtype=np.int64), counts),
        )


def collect(root: etree._Element, into: Collected, bold_fonts: frozenset[str] = frozenset()) -> None:
    """Everything below a page's or template's ``Content``.

    :param bold_fonts: ids of fonts that are bold.
    """
    for node in _objects(root, 0):
        name = local(node)
        if name == "TextObject":
            _text(node, into, bold_fonts)
        elif name == "ImageObject":
            into.pictures += 1
        elif name == "PathObject":
            box = numbers(node.get("Boundary", ""))
            if len(box) == 4:
                into.paths.append((box[0], box[1], box[0] + box[2], box[1] + box[3]))


def _objects(node: etree._Element, depth: int) -> Iterator[etree._Element]:
    """Text, picture and path objects in the order in which they are painted."""
    for child in node:
        name = local(child)
        if name in ("TextObject", "ImageObject", "PathObject"):
            yield child
        elif name in ("Content", "Layer", "PageBlock") and depth < DEEP:
            yield from _objects(child, depth + 1)


def _text(node: etree._Element, into: Collected, bold_fonts: frozenset[str]) -> None:
    box = numbers(node.get("Boundary", ""))
    if len(box) < 2:
        return
    size = number(node.get("Size", ""), 0.0)
    matrix = _matrix(numbers(node.get("CTM", "")), box)
    if not 0 < size < FAR or matrix is None:
        return
    bold = number(node.get("Weight", ""), 400.0) >= 600 or node.get("Font", "") in bold_fonts
    reason = _hidden(node)
    reading = int(number(node.get("ReadDirection", ""), 0.0)) % 360
    character = int(number(node.get("CharDirection", ""), 0.0)) % 360
    angle = math.degrees(math.atan2(matrix[1], matrix[0])) % 360
    if min(angle % 90, 90 - angle % 90) > 3:
        reason = reason or WATERMARK
    scale = math.hypot(matrix[2], matrix[3])
    wide = number(node.get("HScale", ""), 1.0) or 1.0
    x, y = 0.0, 0.0
    for code in node:
        if local(code) != "TextCode":
            continue
        text = (code.text or "").replace("\n", "").replace("\r", "")
        x, y = number(code.get("X", ""), x), number(code.get("Y", ""), y)
        if not text or abs(x) > FAR or abs(y) > FAR:
            continue
        if reason:
            into.left_out.append((text, reason))
            continue
        if len(into.places) + len(text) > MOST:
            return
        dx = deltas(code.get("DeltaX", ""), len(text) - 1)
        dy = deltas(code.get("DeltaY", ""), len(text) - 1)
        into.chars.append(text)
        into.places += _places(text, (x, y), (dx, dy), size, wide, reading)
        into.matrices.append(matrix)
        into.counts.append(len(text))
        into.sizes.append(size * scale)
        into.bold.append(bold)
        into.turned.append(character or (round(angle / 90) * 90 + reading) % 360)


def _places(
    text: str,
    start: tuple[float, float],
    steps: tuple[list[float], list[float]],
    size: float,
    wide: float,
    reading: int,
) -> list[tuple[float, float, float, float]]:
    """Box of each character in the coordinates of its object: x0, y0, x1, y1."""
    (x, y), (dx, dy) = start, steps
    across = not dx and not dy and reading in (0, 180)
    down = not dx and not dy and not across
    out = []
    last = len(text) - 1
    for i, c in enumerate(text):
        natural = size * wide * (0.5 if _NARROW.match(c) else 1.0)
        step = dx[i] if i < len(dx) else (natural if across or dx else 0.0)
        own = step if i < last and 0.2 * natural < step <= 1.05 * size * wide else natural
        out.append((x, y - ASCENT * size, x + own, y + DESCENT * size))
        x += step
        y += dy[i] if i < len(dy) else (size if down else 0.0)
    return out


def deltas(value: str, wanted: int) -> list[float]:
    """The steps between characters; ``g 5 4.2`` stands for five steps of 4.2 (chapter 11.3).

    Where there are fewer than wanted the last one holds for the rest.
    """
    if not value or wanted < 1:
        return []
    out: list[float] = []
    if "g" in value:
        words = value.split()
        i = 0
        while i < len(words) and len(out) < wanted:
            if words[i] == "g" and i + 2 < len(words):
                count = int(min(max(0.0, number(words[i + 1], 0.0)), wanted - len(out)))
                out += [number(words[i + 2], 0.0)] * count
                i += 3
            else:
                out.append(number(words[i], 0.0))
                i += 1
    else:
        out = numbers(value)[:wanted]
    out = [v if abs(v) < FAR else 0.0 for v in out]
    return out + [out[-1]] * (wanted - len(out)) if out else out


def _matrix(ctm: list[float], box: list[float]) -> Matrix | None:
    a, b, c, d, e, f = ctm if len(ctm) == 6 else IDENTITY
    out = (a, b, c, d, e + box[0], f + box[1])
    return out if all(abs(v) < FAR for v in out) else None


def _hidden(node: etree._Element) -> str:
    if node.get("Visible", "true").lower() in ("false", "0") or node.get("Alpha") == "0":
        return HIDDEN
    return ""


def local(node: etree._Element) -> str:
    """Name of an element without its namespace (files name it in several ways), empty for a comment."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(node: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element down a path of names."""
    for name in path:
        if node is None:
            return None
        node = next((c for c in node if local(c) == name), None)
    return node


def number(text: str, default: float) -> float:
    """A number, or the default."""
    try:
        value = float(text)
    except ValueError:
        return default
    return value if math.isfinite(value) else default


def numbers(text: str) -> list[float]:
    """All numbers of an attribute; none where one of them is too large to be a place."""
    try:
        out = [float(w) for w in text.split()]
    except ValueError:
        out = [float(m) for m in _NUMBER.findall(text)]
    return out if all(math.isfinite(v) for v in out) else []
