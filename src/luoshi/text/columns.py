"""What the columns of a ledger of tasks hold, by their titles."""

from __future__ import annotations

import re
from functools import cache

from luoshi.text.lexicon import table

LONGEST = 16
"""Characters of a column's title at most."""
REPEATED = frozenset({"lead", "units", "person", "deadline", "start"})
"""Columns whose merged cells hold for each of their rows; a merged task is one task."""
_BLANKS = re.compile(r"\s+")
_REMARK = re.compile(r"[（(][^（）()]{4,30}[）)]$")
"""A remark behind a column's title: 责任单位（排第一位的为牵头单位）."""


@cache
def _columns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row[0], re.compile(row[1])) for row in table("luoshi.text", "columns.tsv"))


@cache
def column_role(title: str) -> str:
    """``number``, ``task``, ``category``, ``lead``, ``units``, ``person``, ``deadline``, ``start``,
    ``progress``, ``measure`` or ``note``; empty for a title that we do not know."""
    bare = _REMARK.sub("", _BLANKS.sub("", title))
    if not bare or len(bare) > LONGEST:
        return ""
    return next((role for role, pattern in _columns() if pattern.fullmatch(bare)), "")


def header_roles(cells: list[str]) -> list[str]:
    """The roles of the columns where a row of cells is their header, else an empty list.

    A header has two columns that we know, of different kinds, and they are most of its cells.
    """
    roles = [column_role(c) for c in cells]
    known = [r for r in roles if r]
    filled = sum(1 for c in cells if c.strip())
    return roles if len(set(known)) >= 2 and len(known) >= 0.4 * filled else []


def repeats(text: str, role: str) -> bool:
    """Whether a merged cell's value is to be read in all of its rows: a body, a date, a column's title."""
    return role in REPEATED or bool(column_role(text))
