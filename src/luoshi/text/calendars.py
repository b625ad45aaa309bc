"""Working days: which days count, and the date that lies some working days ahead.

The package chinesecalendar knows the days moved by each year's holiday notice (调休) and raises for years
without one. ``data/workdays.tsv`` is an editable table for those years and for corrections; where neither
knows the year, weekends and the statutory days off are used and the result says that it is not certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar

from luoshi.text.lexicon import table


@dataclass(frozen=True, slots=True)
class Workday:
    """A computed day; ``certain`` is false where a year on the way has no published calendar."""

    day: date
    certain: bool


@cache
def _changes() -> dict[date, bool]:
    return {date.fromisoformat(day): what == "班" for day, what, *_ in table("luoshi.text", "workdays.tsv")}


@cache
def _listed_years() -> frozenset[int]:
    return frozenset(day.year for day in _changes())


@cache
def _statutory() -> frozenset[tuple[int, int]]:
    return frozenset((int(row[0][:2]), int(row[0][3:])) for row in table("luoshi.text", "statutory_days.tsv"))


@cache
def _new_years() -> dict[int, date]:
    return {int(row[0]): date.fromisoformat(row[1]) for row in table("luoshi.text", "lunar_new_year.tsv")}


def spring_festival(year: int) -> date | None:
    """The first day of the lunar year that begins in ``year``; ``None`` outside the table (2000 to 2035)."""
    return _new_years().get(year)


def is_workday(day: date) -> tuple[bool, bool]:
    """Whether a day is a working day, and whether that is certain."""
    changes = _changes()
    if day in changes:
        return changes[day], True
    weekday = day.weekday() < 5
    if day.year in _listed_years():
        return weekday, True
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        pass
    festival = spring_festival(day.year)
    off = (day.month, day.day) in _statutory()
    # New Year's Eve and the first three days of the lunar year
    off = off or (festival is not None and -1 <= (day - festival).days <= 2)
    return weekday and not off, False


def add_workdays(day: date, count: int) -> Workday:
    """The ``count``-th working day after ``day`` (the day itself is not counted).

    :raises ValueError: when ``count`` is negative or above 10,000.
    """
    if not 0 <= count <= 10_000:
        raise ValueError(f"{count} working days are outside 0 to 10,000")
    certain = True
    left = count
    while left:
        if day == date.max:
            return Workday(day, False)
        day += timedelta(days=1)
        works, sure = is_workday(day)
        certain = certain and sure
        left -= works
    return Workday(day, certain)
