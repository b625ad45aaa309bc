"""Time expressions of a text: found, resolved, with their kind and how they were computed.

Kinds and conventions are those of the annotation guide: a kind follows the meaning (到2027年 is a deadline at
the year's end; 2020年到2025年 in a report of 2026 is past; 5个工作日内 counts from a trigger).
"""

from __future__ import annotations

import re
from datetime import date

from luoshi.text.times import calendar_rules, durations, english, named
from luoshi.text.times.arith import last_of_month
from luoshi.text.times.context import DOCUMENT, TRIGGER, Context, TimeExpression

__all__ = ["DOCUMENT", "TRIGGER", "TimeExpression", "find_times", "parse_iso"]


def parse_iso(text: object) -> date | None:
    """A date written ``2025-03-01``, ``2025-03`` (its last day) or ``2025`` (its last day), else ``None``."""
    if not isinstance(text, str) or not (
        m := re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text.strip())
    ):
        return None
    year, month, day = int(m[1]), int(m[2] or 12), m[3]
    try:
        return date(year, month, int(day)) if day else last_of_month(year, month)
    except ValueError:
        return None


def find_times(
    text: str, base: date | None, *, retrospective: bool = False, effective: date | None = None
) -> list[TimeExpression]:
    """The time expressions of a text, in order, without overlap.

    :param base: the document's date, from which 今年 or 自印发之日起30日内 are counted.
    :param retrospective: the text looks back (the review part of a work report).
    :param effective: the day the document takes effect, where the text itself does not say it.
    """
    ctx = Context(text, base, retrospective, effective)
    named.traps(ctx)
    durations.since(ctx)
    calendar_rules.ranges(ctx)
    named.recurring(ctx)
    named.plans(ctx)
    named.events(ctx)
    calendar_rules.atoms(ctx)
    durations.validity(ctx)
    named.vague(ctx)
    durations.spans(ctx)
    english.english(ctx)
    return sorted(ctx.found, key=lambda t: (t.start, t.end))
