"""Text that remembers where each of its characters stood in the source.

Every cleaning step (dropping a page number, joining two lines, mapping a radical to its character)
is written as an operation on :class:`Mapped`, so that the offsets survive all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Box = tuple[int, float, float, float, float]
"""``(page, x0, y0, x1, y1)``: 1-based page, points from its top left corner."""

Offsets = NDArray[np.int32]
Glyphs = NDArray[np.float32]

_SHORT = 400
"""Characters up to which a list is gone through sooner than an array."""

_NO_OFFSETS: Offsets = np.zeros(0, dtype=np.int32)
_NO_GLYPHS: Glyphs = np.zeros((0, 5), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Mapped:
    """A string with the origin of each character.

    :param text: the characters.
    :param offsets: ``int32[len(text)]``, the code point of the decoded source that each character
        came from, -1 where it was inserted or where the source is paginated.
    :param glyphs: ``float32[len(text), 5]`` of ``(page, x0, y0, x1, y1)`` for paginated sources, page 0
        where a character was inserted; ``None`` for flat sources (text, Markdown, HTML).
    """

    text: str
    offsets: Offsets
    glyphs: Glyphs | None = None

    def __post_init__(self) -> None:
        if len(self.offsets) != len(self.text):
            raise ValueError(f"{len(self.text)} characters but {len(self.offsets)} offsets")
        if self.glyphs is not None and len(self.glyphs) != len(self.text):
            raise ValueError(f"{len(self.text)} characters but {len(self.glyphs)} glyph boxes")

    @classmethod
    def of_source(cls, text: str, start: int = 0) -> Mapped:
        """A stretch of the decoded source that begins at code point ``start``."""
        return cls(text, np.arange(start, start + len(text), dtype=np.int32))

    @classmethod
    def inserted(cls, text: str) -> Mapped:
        """Characters that stand nowhere in the source (a computed number, a joining space)."""
        return cls(text, np.full(len(text), -1, dtype=np.int32))

    @classmethod
    def of_glyphs(cls, text: str, glyphs: Glyphs) -> Mapped:
        """Characters of a paginated source with their boxes."""
        return cls(text, np.full(len(text), -1, dtype=np.int32), np.asarray(glyphs, dtype=np.float32))

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def __getitem__(self, part: slice) -> Mapped:
        """A contiguous stretch (step 1)."""
        return Mapped(self.text[part], self.offsets[part], None if self.glyphs is None else self.glyphs[part])

    def __add__(self, other: Mapped) -> Mapped:
        return concat((self, other))

    def strip(self, chars: str | None = None) -> Mapped:
        """Without the given characters (white space by default) at both ends."""
        left = len(self.text) - len(self.text.lstrip(chars))
        return self[left : max(left, len(self.text.rstrip(chars)))]

    def take(self, keep: Sequence[int] | NDArray[np.int64]) -> Mapped:
        """The characters at the given rising positions only."""
        index = np.asarray(keep, dtype=np.int64)
        text = "".join([self.text[i] for i in index.tolist()])
        return Mapped(text, self.offsets[index], None if self.glyphs is None else self.glyphs[index])

    def without(self, spans: Iterable[tuple[int, int]]) -> Mapped:
        """Without the given ``(start, end)`` spans."""
        mask = np.ones(len(self.text), dtype=np.bool_)
        for start, end in spans:
            mask[start:end] = False
        return self if bool(mask.all()) else self.take(np.flatnonzero(mask))

    def replace_text(self, text: str) -> Mapped:
        """The same origins under other characters, one for one.

        :raises ValueError: when the lengths differ.
        """
        return Mapped(text, self.offsets, self.glyphs)

    def source_span(self, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """First and last (exclusive) source code point of a span, ``None`` where nothing of it stands
        in the source."""
        part = self.offsets[start:end]
        if len(part) > _SHORT:
            part = part[part >= 0]
            return (int(part.min()), int(part.max()) + 1) if len(part) else None
        some = part.tolist()
        first = min(some, default=-1)
        if first < 0:
            some = [at for at in some if at >= 0]
            first = min(some, default=-1)
        return (first, max(some) + 1) if some else None

    def boxes(self, start: int = 0, end: int | None = None) -> tuple[Box, ...] | None:
        """One box per line of the page that the span touches, ``None`` for flat sources.

        Characters belong to one line while they stay on the page, overlap vertically by half a
        character and do not jump back to the left.
        """
        if self.glyphs is None:
            return None
        out: list[list[float]] = []
        for page, x0, y0, x1, y1 in self.glyphs[start:end].tolist():
            if page < 1:
                continue
            if out:
                last = out[-1]
                overlap = min(last[4], y1) - max(last[2], y0)
                height = min(last[4] - last[2], y1 - y0)
                if last[0] == page and overlap >= 0.5 * height and x0 >= last[1] - 1:
                    last[1:] = [min(last[1], x0), min(last[2], y0), max(last[3], x1), max(last[4], y1)]
                    continue
            out.append([page, x0, y0, x1, y1])
        return tuple((int(p), round(a, 2), round(b, 2), round(c, 2), round(d, 2)) for p, a, b, c, d in out)


EMPTY = Mapped("", _NO_OFFSETS)


def concat(parts: Iterable[Mapped]) -> Mapped:
    """All parts one after another; flat parts among paginated ones get page 0."""
    some = [p for p in parts if p.text]
    if not some:
        return EMPTY
    if len(some) == 1:
        return some[0]
    glyphs: Glyphs | None = None
    if any(p.glyphs is not None for p in some):
        glyphs = np.concatenate(
            [p.glyphs if p.glyphs is not None else np.zeros((len(p.text), 5), np.float32) for p in some]
        )
    return Mapped("".join(p.text for p in some), np.concatenate([p.offsets for p in some]), glyphs)


def join(parts: Iterable[Mapped], separator: str) -> Mapped:
    """The parts with an inserted separator between them."""
    out: list[Mapped] = []
    for part in parts:
        if out:
            out.append(Mapped.inserted(separator))
        out.append(part)
    return concat(out)
