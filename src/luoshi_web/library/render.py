"""A version's text for a page: paragraphs, cut where marks begin and end; for every page that shows text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from luoshi_web.library.models import Provision, Version


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text that a page lights: ``kind`` becomes a CSS class, ``key`` an id among its kind."""

    start: int
    end: int
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text under the same marks; ``first`` names those that begin here."""

    text: str
    start: int
    marks: tuple[Mark, ...] = ()
    first: tuple[Mark, ...] = ()

    @property
    def kinds(self) -> str:
        """The marks' kinds as CSS classes."""
        return " ".join(sorted({m.kind for m in self.marks}))

    @property
    def keys(self) -> str:
        """The marks' keys, for scripts."""
        return " ".join(m.key for m in self.marks)


@dataclass(slots=True)
class Paragraph:
    """A paragraph: ``kind`` title, heading, body, table-row or note; ``anchor`` the node that begins here."""

    start: int
    end: int
    kind: str
    level: int
    speaker: str
    segments: list[Segment] = field(default_factory=list)
    anchor: str = ""
    new_speaker: bool = False


def paragraphs(
    version: Version, marks: Iterable[Mark] = (), provisions: Sequence[Provision] = ()
) -> list[Paragraph]:
    """The paragraphs of a version with its marks; marks may overlap and cross paragraphs."""
    ordered = sorted(marks, key=lambda m: (m.start, -m.end))
    anchors = sorted((p.start, p.key) for p in reversed(provisions))
    out: list[Paragraph] = []
    at, node, speaker = 0, 0, ""
    open_: list[Mark] = []
    for start, end, kind, level, who in version.paragraphs or _lines(version.text):
        p = Paragraph(start, end, kind, level, who, new_speaker=bool(who) and who != speaker)
        speaker = who
        while node < len(anchors) and anchors[node][0] < end:
            p.anchor = p.anchor or anchors[node][1]
            node += 1
        open_ = [m for m in open_ if m.end > start]
        while at < len(ordered) and ordered[at].start < end:
            if ordered[at].end > start:
                open_.append(ordered[at])
            at += 1
        p.segments = _cut(version.text, start, end, open_)
        out.append(p)
    return out


def _cut(text: str, start: int, end: int, marks: Sequence[Mark]) -> list[Segment]:
    cuts = {start, end}
    for m in marks:
        cuts |= {max(start, m.start), min(end, m.end)}
    places = sorted(cuts)
    out = []
    for a, b in pairwise(places):
        here = tuple(m for m in marks if m.start <= a and m.end >= b)
        out.append(Segment(text[a:b], a, here, tuple(m for m in here if m.start == a)))
    return out


def _lines(text: str) -> list[list[Any]]:
    out: list[list[Any]] = []
    at = 0
    for line in text.split("\n"):
        out.append([at, at + len(line), "body", 0, ""])
        at += len(line) + 1
    return out
