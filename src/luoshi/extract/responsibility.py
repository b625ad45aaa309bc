"""Who answers for which stretch of a document: notes in brackets, labelled lines, running text.

A note at the end of a paragraph (an article, an item) stands for everything since the note before it; a line
that holds nothing but a label and bodies stands for the provision that it closes. Running text stands for its
sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from luoshi.model import Document, Paragraph, Unit
from luoshi.text.unit_lists import members, shaped
from luoshi.text.units import UnitMention

_ANYONE = re.compile(r"任何|国家$|企业|个人|其他|每个|不同|一个")
_OWN_LINE = re.compile(r"\s*[（(【\[]?[^。；]{0,12}(?:单位|部门|牵头|负责|责任|分工)[^。；]{0,8}[：:]")


@dataclass(frozen=True, slots=True)
class Charge:
    """A stretch of the clean text and the body that answers for it."""

    start: int
    end: int
    unit: Unit


def charges(document: Document, mentions: Sequence[UnitMention]) -> list[Charge]:
    """The charges of a document, in order of their stretches.

    :param mentions: the bodies that it makes responsible, in order (:func:`luoshi.extract.units.mentions`).
    """
    text = document.text
    by_paragraph: dict[int, list[UnitMention]] = {}
    starts = [p.start for p in document.paragraphs]
    for mention in mentions:
        by_paragraph.setdefault(bisect_right(starts, mention.start) - 1, []).append(mention)
    out: list[Charge] = []
    open_from = 0
    for n, paragraph in enumerate(document.paragraphs):
        if paragraph.kind in ("title", "heading"):
            open_from = paragraph.end
        found = by_paragraph.get(n)
        if not found:
            continue
        part = text[paragraph.start : paragraph.end]
        if paragraph.kind == "table-row":
            out += [Charge(paragraph.start, paragraph.end, u.unit) for u in found]
        elif _OWN_LINE.match(part) and paragraph.start > open_from:
            start = _closed_by(document, paragraph, open_from)
            out += [Charge(start, paragraph.end, u.unit) for u in found]
        else:
            here = [replace(u, start=u.start - paragraph.start, end=u.end - paragraph.start) for u in found]
            out += _within(part, paragraph.start, here)
            if _noted(part, here):
                open_from = paragraph.end
    return sorted(out, key=lambda c: (c.start, c.end))


def _closed_by(document: Document, line: Paragraph, floor: int) -> int:
    """Where the stretch begins that a line of bodies closes: its provision, else behind the last charge."""
    for p in document.provisions:
        if p.id == line.provision:
            return max(floor, p.evidence.start)
    return floor


def _noted(part: str, found: Sequence[UnitMention]) -> bool:
    return any(_bracket(part, u.start) for u in found)


def _bracket(part: str, at: int) -> tuple[int, int] | None:
    """The bracket around a place, if it stands in one."""
    depth = 0
    for i in range(at - 1, -1, -1):
        if part[i] in "）)】]":
            depth += 1
        elif part[i] in "（(【[":
            if depth == 0:
                close = re.compile(r"[）)】\]]").search(part, at)
                return i, close.end() if close else len(part)
            depth -= 1
    return None


def _within(part: str, base: int, found: Sequence[UnitMention]) -> list[Charge]:
    """Charges of a paragraph: each note reaches back to the note before it, running text to its sentence."""
    out: list[Charge] = []
    notes: list[tuple[int, int]] = []
    for unit in found:
        note = _bracket(part, unit.start)
        if note is None and _labelled(part, unit.start):
            note = (part.rfind("。", 0, unit.start) + 1, len(part))
        if note is None:
            start = max(part.rfind(c, 0, unit.start) for c in "。；！？\n") + 1
            stops = [i for i in (part.find(c, unit.end) for c in "。；！？\n") if i >= 0]
            out.append(Charge(base + start, base + min(stops, default=len(part)), unit.unit))
            continue
        if not notes or notes[-1][0] != note[0]:
            notes.append(note)
        since = notes[-2][1] if len(notes) > 1 else 0
        out.append(Charge(base + since, base + note[1], unit.unit))
    return out


def _labelled(part: str, at: int) -> bool:
    """Whether the body stands behind a label with a colon in its own sentence."""
    begin = part.rfind("。", 0, at) + 1
    return bool(_OWN_LINE.match(part, begin))


def of_actor(text: str, span: tuple[int, int]) -> tuple[Unit, ...]:
    """The bodies named by the words before a verb: A and B answer, after 会同 they support.

    Classes that no one can be held to (国家, 企业, 任何单位和个人) are no bodies here.
    """
    start, end = span
    found: list[Unit] = []
    joint = text.find("会同", start, end)
    parts = (
        [(start, end, "responsible")]
        if joint < 0
        else [(start, joint, "responsible"), (joint + 2, end, "support")]
    )
    for a, b, role in parts:
        names = [(m.start, m.end) for m in members(text, a, b)]
        if not all(shaped(text[i:j]) for i, j in names):
            names = [(a, b)]  # 交通、水利部门
        for i, j in names:
            name = text[i:j]
            if shaped(name) and not _ANYONE.match(name):
                unit = UnitMention(name, "support" if role == "support" else "responsible", i, j).unit
                if unit not in found:
                    found.append(unit)
    return tuple(found)


def of_span(found: Sequence[Charge], starts: Sequence[int], start: int, end: int) -> tuple[Unit, ...]:
    """The bodies that answer for a span, each once.

    :param starts: the charges' starts, in their order.
    """
    out: list[Unit] = []
    for charge in reversed(found[: bisect_right(starts, start)]):
        if charge.start <= start and end <= charge.end + 1 and charge.unit not in out:
            out.append(charge.unit)
        if start - charge.start > 6000:
            break
    return tuple(reversed(out))
