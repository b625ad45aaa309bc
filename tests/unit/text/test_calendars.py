"""Working days, with and without a published calendar."""

from __future__ import annotations

from datetime import date

import pytest

from luoshi.text import calendars


@pytest.mark.parametrize(
    ("day", "works", "certain"),
    [
        (date(2025, 1, 29), False, True),  # the lunar new year
        (date(2025, 1, 26), True, True),  # a Sunday worked for it
        (date(2025, 3, 3), True, True),
        (date(2031, 10, 1), False, False),  # statutory, no notice yet
        (date(2031, 1, 23), False, False),  # lunar new year of the table
        (date(2031, 3, 3), True, False),
    ],
)
def test_is_workday(day: date, works: bool, certain: bool) -> None:
    assert calendars.is_workday(day) == (works, certain)


def test_add_workdays_skips_holidays_and_counts_moved_days() -> None:
    assert calendars.add_workdays(date(2025, 1, 24), 2) == calendars.Workday(date(2025, 1, 27), True)
    assert calendars.add_workdays(date(2025, 1, 27), 1).day == date(2025, 2, 5)
    assert calendars.add_workdays(date(2031, 3, 3), 5) == calendars.Workday(date(2031, 3, 10), False)
    assert calendars.add_workdays(date(2025, 3, 3), 0).day == date(2025, 3, 3)


def test_limits() -> None:
    with pytest.raises(ValueError, match="working days"):
        calendars.add_workdays(date(2025, 1, 1), -1)
    assert calendars.add_workdays(date.max, 3) == calendars.Workday(date.max, False)


def test_spring_festival() -> None:
    assert calendars.spring_festival(2025) == date(2025, 1, 29)
    assert calendars.spring_festival(1900) is None
