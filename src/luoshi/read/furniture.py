"""Page furniture among lines: page numbers, also in mid-sentence, and running heads."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from luoshi.model import Mapped
from luoshi.read.lines import Line, width
from luoshi.read.normalise import HAN
from luoshi.read.reflow import LABEL, ends_sentence

PAGE_NUMBER, RUNNING_HEAD = "page number", "running head"
APART = 250.0
"""Text (in ideographs) that stands at least between two bare page numbers."""
_DASH = "-—–－─―"
_NUMBER = re.compile(
    rf"[{_DASH}]{{1,3}}\s*\d{{1,4}}\s*[{_DASH}]{{1,3}}|第\s*\d{{1,4}}\s*页(?:\s*[，,/／]?\s*共\s*\d{{1,4}}\s*页)?|"
    r"[Pp]age\s+\d{1,4}(?:\s+of\s+\d{1,4})?|\d{1,3}\s*[/／]\s*\d{1,3}|[·•]\s*\d{1,4}\s*[·•]|\d{1,4}"
)
_INLINE = re.compile(
    rf"(?<=[{HAN}，、；。：”）])\s*(?:[{_DASH}]\s\d{{1,3}}\s[{_DASH}]|[－─―]\d{{1,3}}[－─―]|"
    rf"第\s?\d{{1,3}}\s?页\s?[，,/]?\s?共\s?\d{{1,3}}\s?页)\s*(?=[{HAN}“（《]|$)"
)
_EDGE_NUMBER = re.compile(rf"^[{_DASH}]\s?\d{{1,3}}\s?[{_DASH}]\s+(?=\S)")
_NUMBERED = re.compile(r"(?:附表|续?表|图|专栏|案例|问|答)\s*\d*")
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Stripped:
    """The lines that are left, and what was taken with its reason."""

    kept: list[Line] = field(default_factory=list)
    taken: list[tuple[str, Mapped]] = field(default_factory=list)


def strip_furniture(lines: Sequence[Line]) -> Stripped:
    """The lines without page numbers and running heads; a page begins after each."""
    out = Stripped()
    numbers = _page_numbers(lines)
    heads = _running_heads(lines, numbers)
    page = False
    for i, line in enumerate(lines):
        if i in numbers or i in heads:
            out.taken.append((PAGE_NUMBER if i in numbers else RUNNING_HEAD, line.body))
            page = True
            continue
        if page:
            line.page_break = True
            page = False
        out.kept.append(_without_inline(line, out.taken))
    return out


def _page_numbers(lines: Sequence[Line]) -> set[int]:
    """Lines that hold a page number and nothing else.

    A decorated number (— 12 —, 第 12 页) is one wherever it stands alone. A bare one must stand far from
    other bare numbers and not in a column of short lines, and their sequence must rise.
    """
    out: set[int] = set()
    bare: list[int] = []
    for i, line in enumerate(lines):
        if line.kind != "paragraph" or len(line.text) > 16 or not _NUMBER.fullmatch(line.text):
            continue
        if line.text.isdigit():
            bare.append(i)
        elif not re.search(r"\d\s*[/／]", line.text) or _stands_apart(lines, i):
            out.add(i)
    if bare:
        position = [0.0]
        for line in lines:
            position.append(position[-1] + line.width)
        far = [
            i
            for k, i in enumerate(bare)
            if (k == 0 or position[i] - position[bare[k - 1]] >= APART)
            and (k + 1 == len(bare) or position[bare[k + 1]] - position[i] >= APART)
        ]
        chain = _rising(lines, far)
        steps = [int(lines[b].text) - int(lines[a].text) for a, b in pairwise(chain)]
        if len(chain) < 3 or steps.count(1) < 0.6 * len(steps):
            chain = _rising(lines, [i for i in far if _stands_apart(lines, i)])
        out.update(chain)
    return out


def _stands_apart(lines: Sequence[Line], i: int) -> bool:
    """Whether the lines around a number look like text, or a page shows: a gap, a cut sentence."""
    line = lines[i]
    before = lines[i - 1] if i else None
    after = lines[i + 1] if i + 1 < len(lines) else None
    if line.page_break or (after is not None and after.page_break):
        return True
    if before is None or after is None:
        return True
    cut = before.width >= 12 and not ends_sentence(before.text) and not LABEL.match(after.text)
    return cut or line.gap >= 1 or (before.width >= 12 and after.width >= 12)


def _rising(lines: Sequence[Line], places: list[int]) -> list[int]:
    """The longest rising sequence of page numbers; years alone are none."""
    tails: list[int] = []
    last: list[int] = []
    before: dict[int, int] = {}
    for i in places:
        value = int(lines[i].text)
        k = bisect_left(tails, value)
        before[i] = last[k - 1] if k else -1
        tails[k : k + 1] = [value]
        last[k : k + 1] = [i]
    chosen: list[int] = []
    i = last[-1] if last else -1
    while i >= 0:
        chosen.append(i)
        i = before[i]
    chosen.reverse()
    if len(chosen) < 0.6 * len(places):
        return []
    if all(1900 <= int(lines[i].text) <= 2100 for i in chosen):
        return []
    return chosen


def _running_heads(lines: Sequence[Line], numbers: set[int]) -> set[int]:
    """Short lines that come back, but for their digits, beside page numbers and page breaks."""
    places: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        if i in numbers or line.kind != "paragraph" or line.width > 40 or ends_sentence(line.text):
            continue
        if not LABEL.match(line.text) and not _NUMBERED.match(line.text):
            places.setdefault(_DIGITS.sub("#", line.text), []).append(i)
    out: set[int] = set()
    for key, where in places.items():
        if len(where) < 3 or key == "#":
            continue
        near = sum(1 for i in where if _at_page_edge(lines, i, numbers))
        if near >= 0.7 * len(where):
            out.update(where)
    return out


def _at_page_edge(lines: Sequence[Line], i: int, numbers: set[int]) -> bool:
    if lines[i].page_break or any(k in numbers for k in (i - 2, i - 1, i + 1, i + 2)):
        return True
    return i + 1 < len(lines) and lines[i + 1].page_break


def _without_inline(line: Line, taken: list[tuple[str, Mapped]]) -> Line:
    """A line without page numbers that joined lines left in its middle."""
    if not any(c in line.text for c in _DASH) and "页" not in line.text:
        return line
    spans = [m.span() for pattern in (_INLINE, _EDGE_NUMBER) for m in pattern.finditer(line.text)]
    if not spans or line.cells:
        return line
    taken.extend((PAGE_NUMBER, line.body[a:b]) for a, b in spans)
    body = line.body.without(spans).strip()
    return replace(line, body=body, width=line.width - width(line.text) + width(body.text)) if body else line
