"""Arithmetic of days, months and years, and windows of time."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date | None:
    """The same day some months later (the month's last where it has none); ``None`` past year 9999."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date | None:
    """Some days later; ``None`` outside the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time with both ends (inclusive).

    ``grain``: day, xun (ten days), month, quarter, half, year, edge (its end or beginning: 年底, 月初).
    ``based``: it was computed from the date of the document.
    """

    first: date
    last: date
    grain: str
    based: bool = False


def year_window(year: int, based: bool = False) -> Window:
    """A whole year."""
    return Window(date(year, 1, 1), date(year, 12, 31), "year", based)


def months_window(year: int, first: int, last: int, grain: str, based: bool = False) -> Window:
    """From one month of a year to another, inclusive."""
    return Window(date(year, first, 1), last_of_month(year, last), grain, based)


def zh(day: date) -> str:
    """A date as Chinese documents write it: 2027年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
