"""Dates of documents: in datelines, adoption notes, signatures and metadata tables.

(Deadlines and periods inside the text are :mod:`luoshi.text.dates`' business.)
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
"""Full-width digits to plain ones, one for one."""
_CN = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "○": "0",
    "Ｏ": "0",
    "O": "0",
    "0": "0",
}
_Y4 = r"(?P<y>(?:19|20)\d{2}|[一二][零〇○ＯO九0]{1}[零〇○ＯO一二三四五六七八九0]{2})"
_M = r"(?P<m>\d{1,2}|十[一二]?|[一二三四五六七八九])"
_D = r"(?P<d>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_TO = r"(?:日?\s*(?:至|到|—|－|-|–|~|～)\s*(?:(?P<m2>\d{1,2})\s*月\s*)?(?P<d2>\d{1,2}))?"
_S = r"[\s　]*"

_FULL = re.compile(rf"{_Y4}{_S}年{_S}{_M}{_S}月{_S}{_D}{_S}{_TO}{_S}日")
_MONTH = re.compile(rf"{_Y4}{_S}年{_S}{_M}{_S}月(?!{_S}\d)")
_ISO = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)")
_DAY = re.compile(rf"(?<![年\d]){_M}{_S}月{_S}{_D}{_S}{_TO}{_S}日")
_BARE_DAY = re.compile(
    r"(?<![月\d至到—-])(?P<d>\d{1,2})\s*(?:日?\s*(?:至|到|—|-)\s*(?P<d2>\d{1,2}))?\s*日(?=上午|下午|晚|在|，|起|出席|主持|召开|凌晨|中午|清晨)"
)
_EN_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_EN = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?\s+(?P<w1>[A-Z][a-z]{2,8})\.?,?\s+|(?P<w2>[A-Z][a-z]{2,8})\.?\s+(?P<d2>\d{1,2}),?\s+)"
    r"(?P<y>(?:19|20)\d{2})"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text. ``year``, ``month`` and ``day`` may be missing; of several days it is the last."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None

    def iso(self, year: int | None = None) -> str | None:
        """``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; ``None`` where the year is missing or the date is none."""
        y = self.year or year
        if y is None:
            return None
        if self.month is None:
            return f"{y:04d}"
        if self.day is None:
            return f"{y:04d}-{self.month:02d}" if 1 <= self.month <= 12 else None
        try:
            return dt.date(y, self.month, self.day).isoformat()
        except ValueError:
            return None


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (int(_CN[tens]) if tens else 1) * 10 + (int(_CN[ones]) if ones else 0)
    return int("".join(_CN[c] for c in text))


def _last(m: re.Match[str]) -> tuple[int | None, int | None]:
    """Month and day of a match, the last day where it names several."""
    groups = m.groupdict()
    month, day = _number(groups.get("m")), _number(groups.get("d"))
    if groups.get("d2"):
        return _number(groups.get("m2")) or month, _number(groups["d2"])
    return month, day


def find(text: str) -> list[Found]:
    """Dates in a text, in order: full ones, then those without a year or a month that no full one covers."""
    out: list[Found] = []
    text = text.translate(WIDE)

    def add(m: re.Match[str], year: int | None, month: int | None, day: int | None) -> None:
        if any(f.start < m.end() and m.start() < f.end for f in out):
            return
        found = Found(m.start(), m.end(), year, month, day)
        if found.iso(found.year or 2000) is not None:
            out.append(found)

    for pattern in (_FULL, _ISO):
        for m in pattern.finditer(text):
            add(m, _number(m.group("y")), *_last(m))
    for m in _EN.finditer(text):
        word = (m.group("w1") or m.group("w2")).lower()
        month = next((i for i, name in enumerate(_EN_MONTHS, 1) if name == word or name[:3] == word), None)
        if month:
            add(m, int(m.group("y")), month, int(m.group("d1") or m.group("d2")))
    for m in _DAY.finditer(text):
        add(m, None, *_last(m))
    for m in _MONTH.finditer(text):
        add(m, _number(m.group("y")), _number(m.group("m")), None)
    for m in _BARE_DAY.finditer(text):
        add(m, None, None, _number(m.group("d2") or m.group("d")))
    return sorted(out, key=lambda f: f.start)


def parse(text: str) -> str | None:
    """The date that a metadata value gives, as exact as it is: ``2022年10月`` → ``2022-10``.

    The time zone is the source's own. ``None`` where there is no date, or a span of years.
    """
    text = text.strip().strip("'\"")
    for found in find(text):
        if found.year is not None and found.month is not None:
            return found.iso()
    if re.fullmatch(r"(?:19|20)\d{2}\s*年?", text):
        return text[:4]
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def is_date_line(text: str) -> bool:
    """Whether a line holds a date and nothing else (a signature's date)."""
    text = text.strip(" 　\t（）()")
    dates = [f for f in find(text) if f.year]
    return len(dates) == 1 and dates[0].start == 0 and not text[dates[0].end :].strip(" 　起")
