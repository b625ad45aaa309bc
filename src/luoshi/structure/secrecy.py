"""The marks of secrecy that a document bears: 绝密, 机密 or 秘密 with a term.

A mark is a whole line (机密★10年, 密级：秘密) or a part of a line of marks (000012 机密★1年 特急). A bare
level counts only where marks stand, above the body and in the page's head and foot. A mention in a
sentence never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from luoshi.model import Drop
from luoshi.structure.lines import Line
from luoshi.structure.shape import plain, role
from luoshi.text.secrecy import LEVELS

_LEVEL = r"(?P<level>绝\s{0,4}密|机\s{0,4}密|秘\s{0,4}密)(?:级|件)?"
_SPAN = r"(?:长\s*期|(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:年|个\s*月|月|天|日))"
_STAR = r"[★☆＊*✩✭⭐]"
_MISREAD = r"[女大太本末×·•.．—-]"
"""What recognition makes of a star."""
_LABEL = r"密\s*级\s*(?:和保密期限)?\s*[：:\s]\s*"
_MARK = re.compile(
    rf"(?:{_LABEL})?{_LEVEL}"
    rf"(?:\s*{_STAR}\s*(?P<term>{_SPAN}|[\u4e00-\u9fff\d]{{1,12}}(?:前|后解密))?"
    rf"|\s*[（(]?\s*{_MISREAD}?\s*(?P<after>{_SPAN})\s*[）)]?)"
)
_LABELLED = re.compile(rf"{_LABEL}{_LEVEL}")
_BARE = re.compile(rf"[【\[（(]?\s*{_LEVEL}\s*[】\]）)]?")
_CELL = re.compile(r"密\s*级\s*(?:和保密期限)?\s*[：:]?")
_NAMED = re.compile(
    rf"[（(【\[]{_LEVEL}(?:{_STAR}.{{0,6}})?[）)】\]]|^{_LEVEL.replace('level', 'starred')}{_STAR}"
)
_LONGEST = 60
_FRONT = 16
"""Lines from the top of a document within which a bare level may stand."""
_FURNITURE = ("running", "page", "metadata", "head", "foot")
"""Beginnings of the reasons for which what stands beside the text was left out."""
_COMPANY = {"copy-number", "urgency", "number", "signer", "secrecy"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of secrecy: its level, its term as written (empty without one), and the span of both."""

    level: str
    term: str
    start: int
    end: int


def mark_in(text: str, *, front: bool = False) -> Mark | None:
    """The mark of secrecy that a line bears, ``None`` without one.

    :param front: the line stands where marks stand, so that a bare level counts too.
    """
    if "密" not in text or len(text) > _LONGEST:
        return None
    cells = list(re.finditer(r"[^\t]+", text))
    values = [_whole(c.group().strip(), bare=True) for c in cells]
    if sum(map(bool, values)) > 1:  # the levels as the columns of a form
        return None
    for name, value, m in zip(cells, cells[1:], values[1:], strict=False):
        if m and _CELL.fullmatch(name.group().strip()):
            return _mark(m, value.start() + value.group().index(value.group().strip()))
    line = plain(text)
    at = text.index(line)
    if (m := _whole(line, bare=front)) is not None:
        return _mark(m, at)
    words = [(w.start(), w.end()) for w in re.finditer(r"[^\s　]+", line)]
    for i, (start, _) in enumerate(words):
        for j in range(i, min(len(words), i + 3)):
            if (m := _whole(line[start : words[j][1]], bare=front)) is None:
                continue
            others = [line[a:b] for a, b in (*words[:i], *words[j + 1 :])]
            starred = m.re is _MARK and m.group("term") and not re.search("[，。；]", line)
            if starred or all(role(o) in _COMPANY for o in others):
                return _mark(m, at + start)
    return None


def _whole(text: str, *, bare: bool) -> re.Match[str] | None:
    return _MARK.fullmatch(text) or _LABELLED.fullmatch(text) or (_BARE.fullmatch(text) if bare else None)


def _mark(m: re.Match[str], at: int) -> Mark:
    groups = m.groupdict()
    term = "".join((groups.get("term") or groups.get("after") or "").split())
    end = m.end("term") if groups.get("term") else m.end("after") if groups.get("after") else m.end("level")
    return Mark("".join(m.group("level").split()), term, at + m.start("level"), at + end)


def level_of(
    lines: Sequence[Line], drops: Iterable[Drop], metadata: Mapping[str, str], path: str
) -> str | None:
    """The highest level that a document bears: in its lines, in what was left out of them (heads and feet of
    pages, metadata), in the metadata, or marked in the file's name; ``None`` where it bears none."""
    found: set[str] = set()
    for i, line in enumerate(lines):
        if mark := mark_in(line.text, front=i < _FRONT and _before_body(lines, i)):
            found.add(mark.level)
    for drop in drops:
        if "密" in drop.quote:
            bare = drop.reason.startswith(_FURNITURE)
            marks = (mark_in(text, front=bare) for text in drop.quote.splitlines())
            found.update(mark.level for mark in marks if mark)
    if mark := mark_in(metadata.get("secrecy", ""), front=True):
        found.add(mark.level)
    if m := _NAMED.search(PurePosixPath(path).stem):
        found.add(m.group("level") or m.group("starred"))
    return max(found, key=LEVELS.index, default=None)


def _before_body(lines: Sequence[Line], i: int) -> bool:
    """Whether no running text stands before the line."""
    return all(len(line.text) < 100 and not line.text.rstrip().endswith("。") for line in lines[:i])


def refused(level: str | None, allowed: str) -> bool:
    """Whether a document of this level may not be read where ``allowed`` and what lies below it may.

    :param allowed: one of :data:`LEVELS`, or an empty string where none is.
    """
    if level is None:
        return False
    return not allowed or LEVELS.index(level) > LEVELS.index(allowed)
