"""Columns of a ledger that somebody else made: which field each holds, guessed by its title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from luoshi.text.columns import column_role
from luoshi.text.lexicon import table

FIELDS = (
    "code", "number", "chapter", "task", "leader", "lead", "responsible", "support", "criterion", "deadline",
    "review", "origin", "note", "answer", "opinion",
)  # fmt: skip
"""Fields that a column may hold."""
_OTHERS = {
    "task": "task", "number": "number", "category": "chapter", "lead": "lead", "units": "responsible",
    "deadline": "deadline", "note": "note", "measure": "criterion", "person": "leader",
}  # fmt: skip
_BLANKS = re.compile(r"[\s\u3000]+")


@cache
def _columns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row[0], re.compile(row[1])) for row in table("luoshi.track", "ledger_columns.tsv"))


@cache
def field_of(title: str) -> str:
    """The field that a title names; empty for a title that we do not know."""
    bare = _BLANKS.sub("", title)
    for name, pattern in _columns():
        if pattern.fullmatch(bare) or pattern.fullmatch(title.strip()):
            return name
    return _OTHERS.get(column_role(title), "")


def guess(titles: Sequence[str]) -> list[str]:
    """The field of each column, empty where none fits; each field once.

    Of two columns for one field the first keeps it; a second task column (工作内容 beside 任务事项) holds the
    criterion where no other does, for that is where ledgers write what is to be reached.
    """
    found = [field_of(t) for t in titles]
    out: list[str] = []
    for i, name in enumerate(found):
        if name and name in out:
            name = "criterion" if name == "task" and "criterion" not in found[i:] + out else ""
        out.append(name)
    return out
