"""Levels and dates of two documents, and what they say about who repeats whom.

Correspondence of wording is a fact, descent a hypothesis: the same caution as between documents of a set.
"""

from __future__ import annotations

import re

from luoshi.model.records import Direction
from luoshi.reuse.corpus import About
from luoshi.text.lexicon import mapping

_ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?([T ].*)?")


def dated(date: str | None) -> bool:
    """Whether a date is one by which documents are compared: ISO, as exact as it is known."""
    return bool(date and _ISO.fullmatch(date))


def rank_of(level: str | None) -> int:
    """5 for the centre down to 1 for a township; 0 for media and what is not known."""
    return int(mapping("luoshi.reuse", "levels.tsv").get((level or "").strip().lower(), "0"))


def direction(a: About, b: About) -> Direction:
    """From ``a``, which stands earlier in the order of date, level and id, to ``b``.

    ``down`` from a higher level, ``level`` among equals, ``up`` where the lower level wrote first,
    ``unknown`` for media, undated texts, dates in another form and texts of one day.
    """
    if not _before(a.date, b.date):
        return "unknown"
    ra, rb = rank_of(a.level), rank_of(b.level)
    if not (ra and rb):
        return "unknown"
    return "down" if ra > rb else "up" if ra < rb else "level"


def _before(first: str | None, second: str | None) -> bool:
    if not (first and second and dated(first) and dated(second)):
        return False
    n = min(len(first), len(second))
    return first[:n] < second[:n]
