"""Comma- and tab-separated tables (RFC 4180 and what programs make of it), each character with its place."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from luoshi.model import Mapped, concat
from luoshi.read.account import MARKUP, Ledger
from luoshi.read.formats.sheets.grid import UNTIDY, Sheet
from luoshi.read.normalise import tidy
from luoshi.text.columns import column_role

DELIMITERS = ",\t;，；|"
SAMPLE = 40
"""Rows by which the delimiter is judged."""


@dataclass(frozen=True, slots=True)
class Shape:
    """``known``: at least two of its columns have titles that we know."""

    delimiter: str
    known: bool


def shape(text: str) -> Shape | None:
    """The delimiter that cuts the first rows into the same number of cells, ``None`` where there is none."""
    text = text.lstrip("\ufeff")
    if m := re.match(r"sep=(.)\r?\n", text):
        return Shape(m.group(1), True)
    best: tuple[float, Shape] | None = None
    for delimiter in DELIMITERS:
        if delimiter not in text:
            continue
        rows = [r for r in _cells(text, delimiter, SAMPLE) if any(b > a for a, b, _ in r)]
        if len(text) >= 65536 and len(rows) > 1:
            rows = rows[:-1]
        counts = Counter(len(r) for r in rows)
        usual, times = counts.most_common(1)[0] if counts else (1, 0)
        if usual < 2 or times < 2 or times < 0.7 * len(rows):
            continue
        known = any(
            sum(1 for a, b, _ in row if column_role(text[a:b].strip('" \t\r'))) >= 2 for row in rows[:10]
        )
        value = times / len(rows) + (1 if known else 0) + 0.01 * usual
        if best is None or value > best[0]:
            best = value, Shape(delimiter, known)
    return best[1] if best else None


def sheet(text: str, delimiter: str, ledger: Ledger) -> Sheet:
    """The table of a decoded source; its delimiters are the tabs of the rows, its quotes are markup."""
    start = 0
    if m := re.match(r"\ufeff?sep=.\r?\n", text):
        start = m.end()
        ledger.drop(0, start, MARKUP)
    rows: list[list[str]] = []
    bodies: list[Mapped] = []
    for cells in _cells(text, delimiter, None, start):
        a, b = cells[0][0], cells[-1][1]
        part = text[a:b]
        if len(rows) < SAMPLE or any(x == y for x, y, _ in cells):
            # what stands before a table, and at the end of a row, is left without its delimiters
            for x, _, _ in cells[1:]:
                place = text.rindex(delimiter, 0, x)
                ledger.drop(place, place + 1, MARKUP)
        if not any(quoted for _, _, quoted in cells) and not UNTIDY.search(part.replace(delimiter, "x")):
            bodies.append(Mapped.of_source(part.replace(delimiter, "\t"), a))
            rows.append(bodies[-1].text.split("\t"))
            continue
        parts: list[Mapped] = []
        last = -1
        row = []
        for x, y, quoted in cells:
            if parts:
                at = text.index(delimiter, last)
                parts.append(Mapped.of_source("\t", at))
            cell = _cell(text, x, y, quoted, ledger)
            last = y + quoted
            parts.append(cell)
            row.append(cell.text)
        rows.append(row)
        bodies.append(concat(parts))
    return Sheet("", rows, bodies)


def _cell(text: str, start: int, end: int, quoted: bool, ledger: Ledger) -> Mapped:
    cell = Mapped.of_source(text[start:end], start)
    if quoted:
        ledger.drop(start - 1, start, MARKUP)
        ledger.drop(end, end + 1, MARKUP)
        doubled = [start + m.start() for m in re.finditer('""', cell.text)]
        for at in doubled:
            ledger.drop(at, at + 1, MARKUP)
        cell = cell.without((at - start, at - start + 1) for at in doubled)
    return tidy(cell.replace_text(re.sub(r"[\r\n\t]", " ", cell.text)))


def _cells(text: str, delimiter: str, limit: int | None, start: int = 0) -> list[list[tuple[int, int, bool]]]:
    """Rows of ``(start, end, quoted)``; a quoted cell's span is what stands between its quotes."""
    d = re.escape(delimiter)
    pattern = re.compile(rf'[ ]*"((?:[^"]|"")*)"[ ]*(?={d}|\r|\n|\Z)|([^{d}\r\n]*)')
    out: list[list[tuple[int, int, bool]]] = []
    row: list[tuple[int, int, bool]] = []
    at, n = start, len(text)
    while at <= n:
        m = pattern.match(text, at)
        if m is None:  # cannot be: the second alternative matches the empty string
            break
        quoted = m.group(1) is not None
        row.append((*m.span(1 if quoted else 2), quoted))
        at = m.end()
        if at < n and text[at] == delimiter:
            at += 1
            continue
        out.append(row)
        row = []
        if limit is not None and len(out) >= limit:
            break
        if at >= n:
            break
        at += 2 if text.startswith("\r\n", at) else 1
        if at >= n:
            break
    return out
