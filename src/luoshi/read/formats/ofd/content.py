"""The content of an OFD page: text, rules and pictures for the layout (GB/T 33190, chapters 8 to 11)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
from lxml import etree

from luoshi.read.formats.ofd.paths import Matrix, rules_of, then
from luoshi.read.formats.ofd.xml import local, number, numbers
from luoshi.read.layout.page import BOLD, SPACED, UNMAPPED, Page, turned

POINTS = 72 / 25.4
"""Points in a millimetre, OFD's unit."""
ASCENT, DESCENT = 0.88, 0.12
"""Of the em square, above and below the base line: what CJK fonts have."""
FAR = 1e5
"""Nothing on a page lies so many millimetres away."""
DEEP = 12
MOST_GLYPHS = 200_000
"""Characters of a page beyond which it is no page of a document."""
MOST_OBJECTS = 50_000
HIDDEN = "hidden text"
_NARROW = re.compile("[\x00-\xff\u2000-\u200a\uff61-\uff9f]")
_PRIVATE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_KNOWN = frozenset({"TextObject", "ImageObject", "PathObject", "CompositeObject"})
_BLOCKS = frozenset({"Content", "Layer", "PageBlock"})


@dataclass(frozen=True, slots=True)
class Resources:
    """What objects refer to by id: which fonts are bold, and drawings that are used several times."""

    bold: frozenset[str] = frozenset()
    units: Mapping[str, etree._Element] = field(default_factory=dict)


@dataclass(slots=True)
class Collected:
    """What a page holds: pieces of text column by column, rules, pictures, and what is left out.

    Places are in millimetres in the coordinates of a piece's own object, whose matrix leads to the page.
    """

    texts: list[str] = field(default_factory=list)
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)
    advances: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    matrices: list[Matrix] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    bits: list[int] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    images: list[tuple[float, float, float, float]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    shapes: int = 0
    objects: int = 0

    def page(self, ordinal: int, box: tuple[float, float, float, float]) -> Page:
        """The page with this number; ``box`` is its corner and size in millimetres."""
        text = "".join(self.texts)
        counts = np.asarray(self.counts, dtype=np.int64)
        m = np.repeat(np.asarray(self.matrices, dtype=np.float64).reshape(-1, 6), counts, axis=0)
        em = np.repeat(np.asarray(self.sizes, dtype=np.float64), counts)
        x0 = np.asarray(self.xs, dtype=np.float64)
        y = np.asarray(self.ys, dtype=np.float64)
        xs = np.stack([x0, x0 + np.asarray(self.advances, dtype=np.float64)])[[0, 1, 0, 1]]
        ys = np.stack([y - ASCENT * em, y + DESCENT * em])[[0, 0, 1, 1]]
        px = (m[:, 0] * xs + m[:, 2] * ys + m[:, 4] - box[0]) * POINTS
        py = (m[:, 1] * xs + m[:, 3] * ys + m[:, 5] - box[1]) * POINTS
        boxes = np.stack([px.min(axis=0), py.min(axis=0), px.max(axis=0), py.max(axis=0)], axis=1)
        sizes = em * np.hypot(m[:, 2], m[:, 3]) * POINTS
        bits = np.repeat(np.asarray(self.bits, dtype=np.uint8), counts)
        shown, keep, spaced, odd = _shown(text)
        bits[spaced] |= SPACED
        bits[odd] |= UNMAPPED
        return Page(
            ordinal,
            box[2] * POINTS,
            box[3] * POINTS,
            shown,
            boxes[keep].astype(np.float32),
            sizes[keep].astype(np.float32),
            bits[keep],
            rules=_boxes(self.rules, box),
            images=_boxes(self.images, box),
            shapes=self.shapes,
        )


def _shown(text: str) -> tuple[str, list[int], list[int], list[int]]:
    """The text without white space, where its characters stood, and which of them follow white space or are
    no characters that anybody knows."""
    keep: list[int] = []
    spaced: list[int] = []
    blank = False
    for i, c in enumerate(text):
        if c.isspace():
            blank = True
            continue
        if blank:
            spaced.append(i)
            blank = False
        keep.append(i)
    shown = text if len(keep) == len(text) else "".join([text[i] for i in keep])
    return shown, keep, spaced, [m.start() for m in _PRIVATE.finditer(text)]


def _boxes(
    rows: list[tuple[float, float, float, float]], box: tuple[float, float, float, float]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Boxes on the page in points, without those beside it."""
    out = np.asarray(rows, dtype=np.float64).reshape(-1, 4) - [box[0], box[1], box[0], box[1]]
    inside = (out[:, 0] < box[2]) & (out[:, 2] > 0) & (out[:, 1] < box[3]) & (out[:, 3] > 0)
    limit = np.array([box[2], box[3], box[2], box[3]])
    cut: np.ndarray[tuple[int, ...], np.dtype[np.float32]] = (np.clip(out[inside], 0, limit) * POINTS).astype(
        np.float32
    )
    return cut


def collect(root: etree._Element, into: Collected, resources: Resources, base: Matrix = IDENTITY) -> None:
    """Everything that is painted below a node: a page's or template's ``Content``, an ``Appearance``."""
    _collect(root, into, resources, base, 0)


def _collect(node: etree._Element, into: Collected, resources: Resources, base: Matrix, depth: int) -> None:
    for item in _objects(node, 0):
        into.objects += 1
        if into.objects > MOST_OBJECTS or len(into.xs) > MOST_GLYPHS:
            return
        matrix = _matrix(item, base)
        if matrix is None:
            continue
        name = local(item)
        if name == "TextObject":
            _text(item, into, resources, matrix)
        elif name == "PathObject":
            found = rules_of(item, matrix)
            into.rules += found
            into.shapes += not found
        elif name == "ImageObject":
            into.images.append(_frame(item, base))
            into.pictures.append(item.get("ResourceID", ""))
        elif depth < DEEP:
            unit = resources.units.get(item.get("ResourceID", ""))
            if unit is not None:
                _collect(unit, into, resources, matrix, depth + 1)


def _objects(node: etree._Element, depth: int) -> Iterator[etree._Element]:
    """Objects in the order in which they are painted."""
    for child in node:
        name = local(child)
        if name in _KNOWN:
            yield child
        elif name in _BLOCKS and depth < DEEP * 4:
            yield from _objects(child, depth + 1)


def _matrix(node: etree._Element, base: Matrix) -> Matrix | None:
    """From an object's own coordinates to the page's: its CTM, then the corner of its boundary."""
    box = numbers(node.get("Boundary", ""))
    if len(box) < 2:
        return None
    own = numbers(node.get("CTM", ""))
    a, b, c, d, e, f = own if len(own) == 6 else IDENTITY
    out = (a, b, c, d, e + box[0], f + box[1])
    out = out if base is IDENTITY else then(out, base)
    return out if all(abs(v) < FAR for v in out) else None


def _frame(node: etree._Element, base: Matrix) -> tuple[float, float, float, float]:
    box = numbers(node.get("Boundary", ""))
    x, y, w, h = (*box, 0.0, 0.0)[:4] if len(box) >= 2 else (0.0, 0.0, 0.0, 0.0)
    px = [base[0] * u + base[2] * v + base[4] for u in (x, x + w) for v in (y, y + h)]
    py = [base[1] * u + base[3] * v + base[5] for u in (x, x + w) for v in (y, y + h)]
    return min(px), min(py), max(px), max(py)


def _text(node: etree._Element, into: Collected, resources: Resources, matrix: Matrix) -> None:
    size = number(node.get("Size", ""), 0.0)
    if not 0 < size < FAR:
        return
    hidden = node.get("Visible", "true").lower() in ("false", "0") or node.get("Alpha") == "0"
    bold = number(node.get("Weight", ""), 400.0) >= 600 or node.get("Font", "") in resources.bold
    reading = int(number(node.get("ReadDirection", ""), 0.0)) % 360
    wide = number(node.get("HScale", ""), 1.0)
    wide = wide if 0.01 < wide < 100 else 1.0
    angle = -math.degrees(math.atan2(matrix[1], matrix[0]))
    x, y = 0.0, 0.0
    for code in node:
        if local(code) != "TextCode":
            continue
        text = (code.text or "").replace("\n", "").replace("\r", "")
        x, y = number(code.get("X", ""), x), number(code.get("Y", ""), y)
        if not text or abs(x) > FAR or abs(y) > FAR:
            continue
        if hidden:
            into.left_out.append(text)
            continue
        text = text[: MOST_GLYPHS - len(into.xs)]
        dx = deltas(code.get("DeltaX", ""), len(text) - 1)
        dy = deltas(code.get("DeltaY", ""), len(text) - 1)
        down = reading if reading % 180 else 90 if _goes_down(dx, dy) else 0
        _place(into, text, (x, y), (dx, dy), (size, wide), down)
        into.texts.append(text)
        into.counts.append(len(text))
        into.matrices.append(matrix)
        into.sizes.append(size)
        into.bits.append(turned(angle - down) | (BOLD if bold else 0))


def _goes_down(dx: list[float], dy: list[float]) -> bool:
    """Whether a piece of text runs down the page, as its steps say."""
    return sum(map(abs, dy)) > 2 * sum(map(abs, dx))


def _place(
    into: Collected,
    text: str,
    start: tuple[float, float],
    steps: tuple[list[float], list[float]],
    scale: tuple[float, float],
    down: int,
) -> None:
    """The base point and width of each character."""
    (x, y), (dx, dy), (size, wide) = start, steps, scale
    full = size * wide
    natural = [0.5 * full if _NARROW.match(c) else full for c in text]
    if not dx:
        dx = natural[:-1] if not down and not dy else [0.0] * (len(text) - 1)
    if not dy:
        dy = [size if down and not any(dx) else 0.0] * (len(text) - 1)
    into.xs += accumulate(dx, initial=x)
    into.ys += accumulate(dy, initial=y)
    most = 1.05 * full
    into.advances += [d if 0.2 * n < d <= most else n for d, n in zip(dx, natural, strict=False)]
    into.advances.append(natural[-1])


def deltas(value: str, wanted: int) -> list[float]:
    """The steps between characters; ``g 5 4.2`` stands for five steps of 4.2 (chapter 11.3).

    Where there are fewer than wanted the last one holds for the rest.
    """
    if not value or wanted < 1:
        return []
    if "g" not in value:
        out = numbers(value)[:wanted]
    else:
        out = []
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
    out = [v if -FAR < v < FAR else 0.0 for v in out]
    return out + [out[-1]] * (wanted - len(out)) if out else out
