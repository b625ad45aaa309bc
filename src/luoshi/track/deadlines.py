"""Deadlines as ledgers write them: a day, a month, a span in words, or no end at all (长期坚持)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from luoshi.text.dates import find_times
from luoshi.text.lexicon import table

_NUMBERS = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*[-./．年]\s*(?P<m>\d{1,2})(?:\s*[-./．月]\s*(?P<d>\d{1,2}))?\s*[日号月]?"
    r"(?:\s+\d\d?:\d\d(?::\d\d)?)?"
    r"|(?P<c>(?:19|20)\d{6})"
    r"|(?P<o>(?:19|20)\d\d)年?"
)
_NOTHING = re.compile(r"[\s—\-/／无、]*|未定|待定|另行(?:通知|确定)|视情况?而定")
_SERIAL = re.compile(r"[34567]\d{4}(?:\.0+)?")
_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline cell, read.

    ``day`` is the last day (ISO, as exact as written: ``2025``, ``2025-06``, ``2025-06-30``) or empty;
    ``recurring`` the words of a date that comes back (每年3月底前); ``readable`` is false where the cell says
    something that was not understood.
    """

    day: str = ""
    ongoing: bool = False
    recurring: str = ""
    explanation: str = ""
    readable: bool = True

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return not self.day and not self.ongoing


@cache
def _ongoing() -> re.Pattern[str]:
    return re.compile("|".join(row[0] for row in table("luoshi.track", "ongoing.tsv")))


def read(text: str, base: date | None = None) -> Deadline:
    """What a deadline cell says.

    :param base: the ledger's date, from which 年内 or 6月底前 are counted.
    """
    text = text.strip()
    if _NOTHING.fullmatch(text):
        return Deadline()
    if m := _NUMBERS.fullmatch(text):
        return _numbers(m, text)
    if _SERIAL.fullmatch(text):
        counted = _EPOCH + timedelta(days=int(float(text)))
        return Deadline(counted.isoformat(), explanation=f"Excel日期序号{text}")
    ongoing = _ongoing().search(text) is not None
    days, recurring, why = [], "", ""
    for t in find_times(text, base):
        if t.kind == "recurring":
            recurring, ongoing = recurring or t.quote, True
        elif t.to is not None:
            days.append(t.to)
            why = t.explanation
    day = max(days).isoformat() if days else ""
    return Deadline(day, ongoing, recurring, why, readable=bool(day or ongoing))


def last_day(day: str) -> date | None:
    """The last day of a deadline (ISO, as exact as known): a year or a month ends with its last day.

    ``None`` where it is empty or no date.
    """
    year, month, exact = (*day.split("-"), "", "")[:3]
    try:
        if exact:
            return date.fromisoformat(day)
        first = date(int(year), int(month or 12), 1)
    except ValueError:
        return None
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def milestones(text: str, year: int) -> tuple[date, ...]:
    """The days of one year that a yearly milestone names (每年12月底前小结), rising.

    Dates that name their own year stand whatever ``year`` is; words without a date give none.
    """
    said = text.replace("每年度", "每年").replace("每年", f"{year}年")
    times = find_times(said, date(year, 1, 1))
    return tuple(sorted({t.to for t in times if t.to is not None}))


def _numbers(m: re.Match[str], text: str) -> Deadline:
    """A date in figures; an impossible one is not read."""
    if m["o"]:
        return Deadline(m["o"])
    if m["c"]:
        year, month, day = int(m["c"][:4]), int(m["c"][4:6]), int(m["c"][6:])
    else:
        year, month, day = int(m["y"]), int(m["m"]), int(m["d"] or 0)
    try:
        exact = date(year, month, day or 1)
    except ValueError:
        return Deadline(readable=False)
    return Deadline(exact.isoformat() if day else f"{exact:%Y-%m}")


def spoken(day: str) -> str:
    """A deadline as printed: ``2025-06-30`` → 2025年6月底前, ``2025-06-15`` → 2025年6月15日前."""
    m = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", day)
    if m is None:
        return day
    if m[2] is None or (m[3] and day.endswith("-12-31")):
        return f"{m[1]}年底前"
    month = f"{m[1]}年{int(m[2])}月"
    if m[3] is None:
        return f"{month}底前"
    last = (date(int(m[1]), int(m[2]), int(m[3])) + timedelta(days=1)).day == 1
    return f"{month}底前" if last else f"{month}{int(m[3])}日前"
