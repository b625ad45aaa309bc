"""A page of a PDF as arrays. Runs in the child process: it talks to PDFium and to nobody else."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.read.formats.pdf import native as n
from luoshi.read.layout.chunks import even_out
from luoshi.read.layout.page import BOLD, SPACED, TURNED, UNMAPPED, UNSEEN, Page, turned

Floats = NDArray[np.float32]
MOST_GLYPHS = 200_000
"""Glyphs of a page beyond which it is no page of a document (a map, a drawing)."""
MOST_OBJECTS = 50_000
MOST_SEGMENTS = 2_000
THIN = 3.0
"""Points: a filled rectangle thinner than this is a rule."""
SHORT = 5.0
DEEP = 6
_BOLD = (
    "bold", "black", "heavy", "simhei", "heiti", "stheiti", "xiaobiaosong", "dabiaosong", "-hei", "fzhei",
    "fzxbs", "fzdbs", "hyhei", "黑体", "小标宋", "大标宋", "gothic-dem", "sourcehansanssc-b", "lishu",
)  # fmt: skip
_HYPHENS = {0x02: "-", 0xAD: "-", 0xFFFE: "-"}
"""What is drawn as a hyphen: also the soft one, which has no width in a text but is a glyph on a page."""


@dataclass(slots=True)
class Frame:
    """The page's visible box in PDF space and how it is turned when shown."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown, in points."""
        w, h = self.right - self.left, self.top - self.bottom
        return (h, w) if self.turns % 2 else (w, h)

    def show(self, boxes: Floats) -> Floats:
        """Boxes ``(x0, y0, x1, y1)`` of PDF space as shown, from the top left."""
        x0, x1 = boxes[:, 0] - self.left, boxes[:, 2] - self.left
        y0, y1 = boxes[:, 1] - self.bottom, boxes[:, 3] - self.bottom
        w, h = self.right - self.left, self.top - self.bottom
        if self.turns == 0:
            out = (x0, h - y1, x1, h - y0)
        elif self.turns == 1:
            out = (y0, x0, y1, x1)
        elif self.turns == 2:
            out = (w - x1, y0, w - x0, y1)
        else:
            out = (h - y1, w - x1, h - y0, w - x0)
        return np.stack(out, axis=1).astype(np.float32)


def frame_of(page: int) -> Frame:
    """The frame of a loaded page; A4 where the file's own is no page."""
    box = (ctypes.c_float * 4)()
    ok = n.page_box(page, ctypes.addressof(box))
    left, top, right, bottom = (float(v) for v in box)
    if not ok or not (1 <= right - left < 1e5 and 1 <= top - bottom < 1e5):
        left, bottom, right, top = 0.0, 0.0, 595.0, 842.0
    return Frame(left, bottom, right, top, n.page_rotation(page) % 4)


def page_of(page: int, number: int) -> Page:
    """The glyphs, rules and pictures of a loaded page."""
    frame = frame_of(page)
    text = n.load_text(page)
    try:
        out = _glyphs(text, frame, number)
    finally:
        if text:
            n.close_text(text)
    drawn = _Drawn()
    drawn.walk(page)
    out.rules = _seen(frame.show(_floats(drawn.rules)), out)
    out.images = _seen(frame.show(_floats(drawn.images)), out)
    out.shapes = drawn.shapes
    return out


def _floats(rows: list[tuple[float, float, float, float]]) -> Floats:
    return np.array(rows, dtype=np.float32).reshape(-1, 4)


def _seen(boxes: Floats, page: Page) -> Floats:
    """The boxes cut to the page, without those beside it."""
    if not len(boxes):
        return boxes
    boxes = np.nan_to_num(boxes, nan=-1e6, posinf=1e6, neginf=-1e6)
    inside = (boxes[:, 0] < page.width) & (boxes[:, 2] > 0) & (boxes[:, 1] < page.height) & (boxes[:, 3] > 0)
    boxes = boxes[inside]
    limit = np.array([page.width, page.height, page.width, page.height], np.float32)
    return np.clip(boxes, 0, limit)


def _glyphs(text: int | None, frame: Frame, number: int) -> Page:
    width, height = frame.size
    count = max(0, min(n.count_chars(text), MOST_GLYPHS)) if text else 0
    codes = [n.char_code(text, i) for i in range(count)]
    raw = (ctypes.c_float * (4 * count))()
    base = ctypes.addressof(raw)
    for i in range(count):
        n.char_box(text, i, base + 16 * i)
    boxes = np.frombuffer(memoryview(raw).cast("B"), dtype=np.float32).reshape(-1, 4)[:, [0, 3, 2, 1]]
    owners = [n.char_object(text, i) or 0 for i in range(count)]
    runs = _Runs(text, frame.turns)
    sizes: list[float] = []
    bits: list[int] = []
    keep: list[int] = []
    out: list[str] = []
    space = 0
    for i, (code, owner) in enumerate(zip(codes, owners, strict=True)):
        if 0xDC00 <= code < 0xE000 and out and keep[-1] == i - 1 and 0xD800 <= codes[i - 1] < 0xDC00:
            out[-1] = chr(0x10000 + ((codes[i - 1] - 0xD800) << 10) + code - 0xDC00)
            continue
        character = _HYPHENS.get(code) or (chr(code) if 0 < code < 0x110000 else "\ufffd")
        if character.isspace():
            space = space or (0 if n.char_generated(text, i) else SPACED)
            continue
        size, bit = runs.of(i, owner)
        if code == 0 or code == 0xFFFD or n.char_unmapped(text, i):
            bit |= UNMAPPED
        out.append(character if not 0xD800 <= code < 0xDC00 else "\ufffd")
        sizes.append(size)
        bits.append(bit | space)
        keep.append(i)
        space = 0
    shown = frame.show(_shared_out(boxes[keep])) if keep else np.zeros((0, 4), np.float32)
    shown = np.nan_to_num(shown, nan=0.0, posinf=1e6, neginf=-1e6)
    points, flags = np.array(sizes, np.float32), np.array(bits, np.uint8)
    if not (flags & TURNED).any():
        shown = even_out(shown, points)
    return Page(number, width, height, "".join(out), shown, points, flags)


def _shared_out(boxes: Floats) -> Floats:
    """Boxes in which the characters of one glyph (a ligature, a dash of two ems) each have their part."""
    same = (boxes[1:] == boxes[:-1]).all(axis=1)
    if not same.any():
        return boxes
    boxes = boxes.copy()
    starts = np.concatenate([[0], np.flatnonzero(~same) + 1, [len(boxes)]])
    for a, b in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        if b - a > 1:
            edges = np.linspace(boxes[a, 0], boxes[a, 2], b - a + 1, dtype=np.float32)
            boxes[a:b, 0], boxes[a:b, 2] = edges[:-1], edges[1:]
    return boxes


class _Runs:
    """Size and face of glyphs; those of one text object share them."""

    def __init__(self, text: int | None, turns: int) -> None:
        self._text = text
        self._turns = turns
        self._runs: dict[int, tuple[float, int]] = {}
        self._fonts: dict[int, bool] = {}
        self._matrix = (ctypes.c_float * 6)()
        self._name = ctypes.create_string_buffer(256)

    def of(self, i: int, owner: int) -> tuple[float, int]:
        """Size in points and bits of a glyph."""
        run = self._runs.get(owner) if owner else None
        if run is None:
            run = self._runs[owner] = self._run(i, owner)
        return run

    def _run(self, i: int, owner: int) -> tuple[float, int]:
        size = float(n.char_size(self._text, i))
        bits = 0
        if n.char_matrix(self._text, i, ctypes.addressof(self._matrix)):
            a, b, c, d = (float(v) for v in self._matrix[:4])
            scale = (c * c + d * d) ** 0.5
            size *= scale if 1e-6 < scale < 1e6 else 1.0
            bits |= turned(math.degrees(math.atan2(b, a)) - 90.0 * self._turns)
        if owner:
            if self._bold(n.text_font(owner)):
                bits |= BOLD
            if n.text_mode(owner) == 3:
                bits |= UNSEEN
        return (size if 0 < size < 1e4 else 10.0), bits

    def _bold(self, font: int | None) -> bool:
        if not font:
            return False
        bold = self._fonts.get(font)
        if bold is None:
            length = n.font_name(font, ctypes.addressof(self._name), 256)
            raw = self._name.raw[: min(256, max(0, length - 1))]
            name = raw.decode("utf-8", "replace").lower()
            if "\ufffd" in name:
                name = raw.decode("gb18030", "replace").lower()
            bold = any(word in name for word in _BOLD) or n.font_weight(font) >= 600
            self._fonts[font] = bold
        return bold


class _Drawn:
    """Rules and pictures among the objects of a page, those within forms too."""

    def __init__(self) -> None:
        self.rules: list[tuple[float, float, float, float]] = []
        self.images: list[tuple[float, float, float, float]] = []
        self.shapes = 0
        self._left = MOST_OBJECTS
        self._box = (ctypes.c_float * 4)()
        self._address = ctypes.addressof(self._box)
        self._flags = (ctypes.c_int * 2)()
        self._point = (ctypes.c_float * 2)()

    def walk(self, page: int) -> None:
        """All objects of a page."""
        for i in range(min(n.count_objects(page), self._left)):
            self._object(n.get_object(page, i), _IDENTITY, 0)

    def _object(self, item: int | None, matrix: tuple[float, ...], depth: int) -> None:
        self._left -= 1
        if not item or self._left < 0:
            return
        kind = n.object_type(item)
        if kind == n.PATH_OBJECT:
            self._path(item, matrix)
        elif kind == n.IMAGE_OBJECT:
            box = self._bounds(item)
            if box:
                self.images.append(_moved(box, matrix))
        elif kind == n.FORM_OBJECT and depth < DEEP:
            inner = _times(self._matrix(item), matrix)
            for i in range(max(0, min(n.form_count(item), self._left))):
                self._object(n.form_object(item, i), inner, depth + 1)

    def _matrix(self, item: int) -> tuple[float, ...]:
        values = (ctypes.c_float * 6)()
        return tuple(values) if n.object_matrix(item, ctypes.addressof(values)) else _IDENTITY

    def _bounds(self, item: int) -> tuple[float, float, float, float] | None:
        a = self._address
        if not n.object_bounds(item, a, a + 4, a + 8, a + 12):
            return None
        left, bottom, right, top = (float(v) for v in self._box)
        return left, bottom, right, top

    def _path(self, item: int, matrix: tuple[float, ...]) -> None:
        box = self._bounds(item)
        if box is None:
            return
        box = _moved(box, matrix)
        f = ctypes.addressof(self._flags)
        n.path_mode(item, f, f + 4)
        filled, stroked = bool(self._flags[0]), bool(self._flags[1])
        if not (filled or stroked):
            return
        w, h = box[2] - box[0], box[3] - box[1]
        if min(w, h) <= THIN:
            if max(w, h) >= SHORT:
                self.rules.append(box)
            return
        count = n.path_segments(item)
        if not stroked or count > MOST_SEGMENTS:
            self.shapes += 1
            return
        self._outline(item, count, _times(self._matrix(item), matrix))

    def _outline(self, item: int, count: int, matrix: tuple[float, ...]) -> None:
        """The straight strokes of a path."""
        p = ctypes.addressof(self._point)
        here = start = (0.0, 0.0)
        found = False
        for i in range(count):
            segment = n.path_segment(item, i)
            if not segment or not n.segment_point(segment, p, p + 4):
                continue
            point = _at(self._point[0], self._point[1], matrix)
            kind = n.segment_type(segment)
            if kind == n.SEGMENT_MOVE:
                start = point
            elif kind == n.SEGMENT_LINE:
                found |= self._stroke(here, point)
            here = point
            if n.segment_close(segment):
                found |= self._stroke(here, start)
                here = start
        if not found:
            self.shapes += 1

    def _stroke(self, a: tuple[float, float], b: tuple[float, float]) -> bool:
        w, h = abs(a[0] - b[0]), abs(a[1] - b[1])
        if min(w, h) > 1.0 or max(w, h) < SHORT:
            return False
        self.rules.append((min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])))
        return True


_IDENTITY: tuple[float, ...] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _times(m: tuple[float, ...], k: tuple[float, ...]) -> tuple[float, ...]:
    """The matrix that applies ``m``, then ``k``."""
    return (
        m[0] * k[0] + m[1] * k[2],
        m[0] * k[1] + m[1] * k[3],
        m[2] * k[0] + m[3] * k[2],
        m[2] * k[1] + m[3] * k[3],
        m[4] * k[0] + m[5] * k[2] + k[4],
        m[4] * k[1] + m[5] * k[3] + k[5],
    )


def _at(x: float, y: float, m: tuple[float, ...]) -> tuple[float, float]:
    return x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5]


def _moved(box: tuple[float, float, float, float], m: tuple[float, ...]) -> tuple[float, float, float, float]:
    if m is _IDENTITY:
        return box
    a, b = _at(box[0], box[1], m), _at(box[2], box[3], m)
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])
