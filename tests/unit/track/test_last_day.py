"""The last day of a deadline that is as exact as known."""

from __future__ import annotations

from datetime import date

import pytest

from luoshi.track.deadlines import last_day


@pytest.mark.parametrize(
    ("day", "last"),
    [
        ("2026", date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 31)),
        ("2026-06-15", date(2026, 6, 15)),
        ("", None),
        ("待定", None),
        ("2026-13", None),
        ("2026-02-30", None),
        ("0000", None),
        ("2026-06-15-1", None),
    ],
)
def test_last_day(day: str, last: date | None) -> None:
    assert last_day(day) == last
