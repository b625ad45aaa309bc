"""Time expressions of a text: found, resolved, with their kind and how they were computed.

Kinds and conventions are those of the annotation guide: a kind follows the meaning (到2027年 is a deadline at
the year's end; 2020年到2025年 in a report of 2026 is past; 5个工作日内 counts from a trigger).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from luoshi.text.times import calendar_rules, durations, english, named
from luoshi.text.times.arith import last_of_month
from luoshi.text.times.context import DOCUMENT, TRIGGER, Context, TimeExpression

__all__ = ["DOCUMENT", "TRIGGER", "TimeExpression", "find_times", "parse_iso"]


# what a text must hold for a rule to find anything; most paragraphs of a law hold no time at all
_ANY = re.compile(r"[年月日天周期季时今届会节”·近即度世未]|[A-Za-z]{3}")
_RULES: tuple[tuple[re.Pattern[str], Callable[[Context], None]], ...] = (
    (re.compile(r"[\d年岁日小满]"), named.traps),
    (re.compile("起"), durations.since),
    (re.compile("[年月日]"), calendar_rules.ranges),
    (re.compile("[每年期按逐度]"), named.recurring),
    (re.compile("五"), named.plans),
    (
        re.compile("届|会|杯|周年|华诞|赛|[·•．]|校庆|[元春清劳端中国][旦节明动午秋庆]|五一|十一"),
        named.events,
    ),
    (re.compile("[年月季]"), calendar_rules.atoms),
    (re.compile("期|试行|暂行"), durations.validity),
    (
        re.compile(
            "近|来|今后|未来|即日|起|度|当[年月]|期限|时间|世纪|阶段|连续|上一|下一|次年|翌年|年[增下减提翻来间]"
        ),
        named.vague,
    ),
    (re.compile("[日天周月年]|小时|分钟|星期|学期|季度"), durations.spans),
    (re.compile("[A-Za-z]{3}"), english.english),
)


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
    text: str,
    base: date | None,
    *,
    retrospective: bool | None = None,
    effective: date | None = None,
    year: int | None = None,
) -> list[TimeExpression]:
    """The time expressions of a text, in order, without overlap.

    :param base: the document's date, from which 今年 or 自印发之日起30日内 are counted.
    :param retrospective: whether the text looks back (the review part of a work report); ``None`` when it is
        not known, so that the words decide.
    :param effective: the day the document takes effect, where the text itself does not say it.
    :param year: the year that the document's title names (关于2019年…安排的通知), for months without one.
    """
    ctx = Context(text, base, retrospective, effective, year)
    if _ANY.search(ctx.norm):
        for needs, rule in _RULES:
            if needs.search(ctx.norm):
                rule(ctx)
    return sorted(ctx.found, key=lambda t: (t.start, t.end))
