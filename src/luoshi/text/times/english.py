"""Time expressions in English: by the end of 2027, within 30 days of publication, from 1 January 2024."""

from __future__ import annotations

import re
from datetime import date, timedelta

from luoshi.model.records import DateKind
from luoshi.text.calendars import add_workdays
from luoshi.text.times.arith import Window, add_days, add_months, months_window, year_window, zh
from luoshi.text.times.context import DOCUMENT, TRIGGER, Context

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_YEAR = r"(?:19|20)\d\d"
_COUNT = rf"(?:\d+|{'|'.join(_NUMBERS)})"
_DATE = re.compile(
    rf"(?:(?P<q>first|second|third|fourth)\s+quarter\s+of\s+(?P<qy>{_YEAR})|(?P<half>first|second)\s+half\s+of\s+(?P<hy>{_YEAR})"
    rf"|(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m1>{_MONTH})\s*,?\s*(?P<y1>{_YEAR})"
    rf"|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>{_YEAR})|(?P<m3>{_MONTH})\s*,?\s*(?P<y3>{_YEAR})"
    rf"|(?<![\d.\-–])(?P<y>{_YEAR})(?![\d.%]|\s*(?:yuan|km|households|people|units|projects))|(?P<near>this|next|last)\s+year)",
    re.IGNORECASE,
)
_EDGE = r"(?:the\s+)?(?:end|close)[\s\-]+(?:of\s+)?|year[\s\-]?end\s+|end[\s\-]"
_BEFORE = re.compile(
    rf"(?P<by>\b(?:by|no\s+later\s+than|not\s+later\s+than|until|till|up\s+to)\s+)(?P<edge>{_EDGE})?(?:the\s+)?$"
    rf"|(?P<before>\bbefore\s+)(?P<edge2>{_EDGE})?(?:the\s+)?$|(?P<asof>\bas\s+(?:of|at)\s+)(?:{_EDGE})?(?:the\s+)?$"
    rf"|(?P<since>\b(?:from|starting\s+(?:from|on|in)|beginning\s+(?:on|in)|with\s+effect\s+from|effective\s+(?:from|on|as\s+of)"
    rf"|(?:takes?|come[s]?|enter[s]?)\s+(?:effect|into\s+force)\s+(?:on|from))\s+)$|(?P<past>\bsince\s+)$|(?P<at>\b(?:in|during|at)\s+)(?:{_EDGE})?(?:the\s+)?$",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:\b(?:between|from)\s+)?(?<![\d])(?P<a>{_YEAR})\s*(?:[—\-–]|to|and|through)\s*(?P<b>{_YEAR})(?!\d)",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    rf"\b(?:within|in\s+less\s+than|no\s+later\s+than)\s+(?P<n>{_COUNT})\s+(?P<u>(?:working|business|calendar)?\s*(?:day|week|month|year|hour)s?)"
    r"(?P<ev>\s+(?:of|after|from|following)\s+(?:the\s+)?(?:date\s+of\s+)?(?P<e>[\w ]{3,40}?)(?=[,.;)]|$))?",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:publication|issuance|promulgation|issue|release|publishing|its date)\b"
    r"|\bthis\s+(?:notice|opinion|plan|regulation|measure|document|circular)",
    re.IGNORECASE,
)
_EVERY = re.compile(
    rf"\b(?:(?:every|each)\s+(?:year|month|quarter|week|day|(?:{_COUNT}|other)\s+(?:years?|months?|weeks?|days?))|annually|per\s+annum|quarterly|monthly|weekly|twice\s+a\s+year"
    r"|once\s+(?:a|every)\s+(?:year|month|quarter|week)|(?:a|per)\s+year)\b",
    re.IGNORECASE,
)
_PLAN = re.compile(r"\b(?P<n>1[0-9])th\s+Five[\s\-]Year\s+Plan(?:\s+period)?", re.IGNORECASE)
_VALID = re.compile(
    rf"\b(?:valid|in\s+force|effective)\s+for\s+(?:a\s+(?:period|term)\s+of\s+)?(?P<n>{_COUNT})\s+(?P<u>(?:year|month)s?)",
    re.IGNORECASE,
)
_VALID_BEFORE = re.compile(r"\b(?:valid|in\s+force|effective)\s+$", re.IGNORECASE)
_AHEAD = re.compile(
    rf"\b(?:over|in|during|for)\s+the\s+(?:next|coming)\s+(?P<n>{_COUNT})\s+(?P<u>(?:year|month)s?)",
    re.IGNORECASE,
)
_LATELY = re.compile(
    rf"\b(?:in\s+recent\s+years|(?:over|in)\s+the\s+(?:past|last)\s+{_COUNT}\s+(?:years?|months?))",
    re.IGNORECASE,
)
_GOAL = re.compile(
    r"\b(?:will|shall|must|should|to be|complete|achieve|reach|build|built|establish|exceed|aim|target)\w*",
    re.IGNORECASE,
)


def english(ctx: Context) -> None:
    """English expressions."""
    for rule in (_ranges, _recurring, _plans, _within, _validity, _spans, _dates):
        rule(ctx)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text.lower()]


def _shift(day: date, count: int, unit: str) -> date | None:
    unit = unit.lower().strip()
    if "working" in unit or "business" in unit:
        return add_workdays(day, min(count, 10_000)).day
    if "day" in unit:
        return add_days(day, count)
    if "week" in unit:
        return add_days(day, 7 * count)
    return (
        add_months(day, count * (12 if "year" in unit else 1))
        if "hour" not in unit and count < 2400
        else None
    )


def _ranges(ctx: Context) -> None:
    for m in _RANGE.finditer(ctx.norm):
        first, last = int(m["a"]), int(m["b"])
        if ctx.free(*m.span()) and first < last and not re.match(r"\s*年", ctx.norm[m.end() :]):
            window = Window(date(first, 1, 1), date(last, 12, 31), "year")
            kind: DateKind = "past" if ctx.over(window) else "period"
            ctx.add(
                *m.span(), kind, (window.first, window.last), why=f"{zh(window.first)}至{zh(window.last)}"
            )


def _recurring(ctx: Context) -> None:
    for m in _EVERY.finditer(ctx.norm):
        if ctx.free(*m.span()):
            ctx.add(*m.span(), "recurring", why="按周期重复，不是一次性的时限")


def _plans(ctx: Context) -> None:
    for m in _PLAN.finditer(ctx.norm):
        if ctx.free(*m.span()):
            first = 1953 + 5 * (int(m["n"]) - 1) + (3 if int(m["n"]) >= 3 else 0)
            window = Window(date(first, 1, 1), date(first + 4, 12, 31), "plan")
            kind: DateKind = "past" if ctx.over(window) else "period"
            ctx.add(*m.span(), kind, (window.first, window.last), why=f"{first}年至{first + 4}年")


def _within(ctx: Context) -> None:
    for m in _WITHIN.finditer(ctx.norm):
        if not ctx.free(*m.span()):
            continue
        own = m["ev"] is not None and _OWN.search(m["ev"]) is not None
        long = (
            re.search("year", m["u"], re.IGNORECASE)
            and m["ev"] is None
            and _GOAL.search(ctx.left(m.start()) + ctx.right(m.end()))
        )
        if own or long:
            last = _shift(ctx.base, _number(m["n"]), m["u"]) if ctx.base else None
            why = (
                f"自成文日期{zh(ctx.base)}起算，至{zh(last)}"
                if ctx.base and last
                else "自成文日期起算，日期不详"
            )
            ctx.add(*m.span(), "deadline", (None, last), anchor=DOCUMENT, why=why)
        else:
            ctx.add(*m.span(), "relative", anchor=TRIGGER, why="自具体事项发生时起算，逐件计算")


def _validity(ctx: Context) -> None:
    for m in _VALID.finditer(ctx.norm):
        if ctx.free(*m.span()):
            _dates(ctx)
            first, based = ctx.start_of_validity()
            last = _shift(first, _number(m["n"]), m["u"]) if first else None
            if last and not based:
                last -= timedelta(days=1)
            why = f"自{zh(first)}起算，至{zh(last)}" if first and last else "起算日期不详"
            ctx.add(*m.span(), "validity", (first, last), anchor=DOCUMENT if based else None, why=why)


def _spans(ctx: Context) -> None:
    for m in _AHEAD.finditer(ctx.norm):
        if ctx.free(*m.span()):
            last = _shift(ctx.base, _number(m["n"]), m["u"]) if ctx.base else None
            ctx.add(*m.span(), "period", (ctx.base, last), anchor=DOCUMENT, why="自成文日期起算")
    for m in _LATELY.finditer(ctx.norm):
        if ctx.free(*m.span()):
            ctx.add(*m.span(), "past", anchor=DOCUMENT, why="成文之前的一段时间")


def _dates(ctx: Context) -> None:
    for m in _DATE.finditer(ctx.norm):
        before = ctx.before(m.start(), _BEFORE)
        if not ctx.free(*m.span()) or (m["y"] and before is None) or re.match(r"\s*年", ctx.norm[m.end() :]):
            continue
        window = _window(ctx, m)
        if window is not None:
            _judge(ctx, m, window, before)


def _window(ctx: Context, m: re.Match[str]) -> Window | None:
    rank = ("first", "second", "third", "fourth")
    if m["near"]:
        if ctx.base is None:
            return None
        shift = {"this": 0, "next": 1, "last": -1}[m["near"].lower()]
        return year_window(ctx.base.year + shift, True)
    if m["q"]:
        i = rank.index(m["q"].lower())
        return months_window(int(m["qy"]), 3 * i + 1, 3 * i + 3, "quarter")
    if m["half"]:
        i = rank.index(m["half"].lower())
        return months_window(int(m["hy"]), 6 * i + 1, 6 * i + 6, "half")
    if m["y"]:
        return year_window(int(m["y"]))
    name = m["m1"] or m["m2"] or m["m3"]
    month = _MONTHS.index(name[:3].lower()) + 1
    year = int(m["y1"] or m["y2"] or m["y3"])
    if m["m3"]:
        return months_window(year, month, month, "month")
    try:
        day = date(year, month, int(m["d1"] or m["d2"]))
    except ValueError:
        return None
    return Window(day, day, "day")


def _judge(ctx: Context, m: re.Match[str], window: Window, before: re.Match[str] | None) -> None:
    start, end = m.span()
    anchor = DOCUMENT if window.based else None
    both = (window.first, window.last)
    if before is None or before["at"]:
        if ctx.over(window):
            ctx.add(start, end, "past", both, anchor=anchor, why=f"{zh(window.first)}至{zh(window.last)}")
        elif before is not None or window.grain == "day" or m["near"]:
            goal = _GOAL.search(ctx.right(end)) or _GOAL.search(ctx.left(start))
            kind: DateKind = "deadline" if goal and window.grain != "day" else "period"
            ctx.add(start, end, kind, (None, window.last) if kind == "deadline" else both, anchor=anchor,
                    why=f"{zh(window.first)}至{zh(window.last)}")  # fmt: skip
        return
    if before["since"]:
        ctx.add(
            before.start(), end, "start", (window.first, None), anchor=anchor, why=f"自{zh(window.first)}起"
        )
    elif before["past"]:
        ctx.add(
            before.start(), end, "past", (window.first, None), anchor=anchor, why=f"自{zh(window.first)}以来"
        )
    elif before["asof"]:
        ctx.add(before.start(), end, "past", (None, window.last), anchor=anchor, why=f"截至{zh(window.last)}")
    else:
        plain = before["before"] and not before["edge2"] and window.grain != "day"
        last = window.first - timedelta(days=1) if plain else window.last
        valid = ctx.before(before.start(), _VALID_BEFORE)
        kind = "validity" if valid else ("past" if ctx.over(window) else "deadline")
        ctx.add(before.start(), end, kind, (None, last), anchor=anchor, why=f"至{zh(last)}")
