"""Footnotes at the foot of a column, their marks in the text, exponents, and tables of contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from luoshi.model import Mapped
from luoshi.read.layout.rows import Row, half_points

NOTE_MARK, CONTENTS = "note mark", "table of contents"
_MARK = re.compile(r"(?:[\[〔（(]?(\d{1,3})[\]〕）)]?|([①-⑳])|(\*{1,3}))\s*(?=\S)")
_DIGITS = re.compile(r"[0-9①-⑳*\[\]〔〕]+")
_EXPONENTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LEADERS = re.compile(
    r".{2,60}?(?:[.．…·‥・]\s*){5,}\s*[-—–（(]{0,2}\s*(?:\d{1,4}|[ivxIVX]{1,6})\s*[-—–）)]{0,2}"
)
_CONTENTS_TITLE = re.compile(r"(?:目\s*[录次錄]|contents)", re.IGNORECASE)
SMALLER = 0.93
"""Size of a footnote at most, as a share of that of the running text."""


@dataclass(slots=True)
class Foot:
    """What is left of a column's rows, the rows of its footnotes, and what was taken out, with the reason."""

    rows: list[Row]
    notes: list[Row] = field(default_factory=list)
    taken: list[tuple[str, Mapped]] = field(default_factory=list)


def body_size(rows: Sequence[Row]) -> float:
    """The font size of the running text."""
    weight = Counter[float]()
    for row in rows:
        weight[half_points(row.em)] += len(row.text)
    return weight.most_common(1)[0][0] if weight else 0.0


def foot(rows: Sequence[Row], body: float) -> Foot:
    """Part a column from its footnotes, and its words from the marks of notes."""
    out = Foot(list(rows))
    if not any(row.raised for row in rows) or any(row.rough for row in rows):
        return out
    start = _start(rows, body)
    marks = {m for row in rows[:start] for m in _marks(row)}
    first = _MARK.match(rows[start].text) if start < len(rows) else None
    if first and not any(g in marks for g in first.groups() if g):
        start = len(rows)
    out.notes = [_plain(row) for row in rows[start:]]
    out.rows = []
    for row in rows[:start]:
        kept, taken = _unmarked(row)
        out.taken += taken
        if kept.text:
            out.rows.append(kept)
    return out


def _start(rows: Sequence[Row], body: float) -> int:
    """Where the footnotes begin: small lines at the end of a column, the first of them with a mark."""
    k = len(rows)
    while k and rows[k - 1].em <= SMALLER * body:
        k -= 1
    while k < len(rows) and not _MARK.match(rows[k].text):
        k += 1
    return k


def _marks(row: Row) -> list[str]:
    return ["".join(c for c in row.text[a:b] if c not in "[]〔〕") for a, b in row.raised]


def _plain(row: Row) -> Row:
    return replace(row, raised=())


def _unmarked(row: Row) -> tuple[Row, list[tuple[str, Mapped]]]:
    """A line without the marks of notes; what is raised behind a letter or figure is an exponent."""
    body = exponents(row)
    spans = [(a, b) for a, b in row.raised if _DIGITS.fullmatch(body.text[a:b])]
    return replace(row, body=body.without(spans).strip(), raised=()), [
        (NOTE_MARK, body[a:b]) for a, b in spans
    ]


def exponents(row: Row) -> Mapped:
    """The text of a line with its exponents; nothing is taken out."""
    text = row.text
    for a, b in row.raised:
        if a and text[a - 1].isascii() and text[a - 1].isalnum() and text[a:b].isdigit():
            text = text[:a] + text[a:b].translate(_EXPONENTS) + text[b:]
    return row.body.replace_text(text)


def contents(rows: Sequence[Row]) -> set[int]:
    """``id(row)`` of the lines of a table of contents: a title, leaders, the page."""
    found = [i for i, row in enumerate(rows) if _LEADERS.fullmatch(row.text)]
    if len(found) < 2:
        return set()
    out = {id(rows[i]) for i in found}
    title = rows[found[0] - 1] if found[0] else None
    if title is not None and _CONTENTS_TITLE.fullmatch(title.text.strip()):
        out.add(id(title))
    return out
