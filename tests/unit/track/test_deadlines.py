"""Deadline cells: (what the ledger says, day, ongoing, read)."""

from __future__ import annotations

from datetime import date

import pytest

from luoshi.track import deadlines

BASE = date(2025, 3, 1)
CELLS = [
    ("2025年底前", "2025-12-31", False, True),
    ("2025年6月底前", "2025-06-30", False, True),
    ("2025-06-30", "2025-06-30", False, True),
    ("2025.6.30", "2025-06-30", False, True),
    ("2025/6/3", "2025-06-03", False, True),
    ("2025-06-30 00:00:00", "2025-06-30", False, True),
    ("20250630", "2025-06-30", False, True),
    ("45838", "2025-06-30", False, True),
    ("2025.12", "2025-12", False, True),
    ("2025年12月", "2025-12", False, True),
    ("2026", "2026", False, True),
    ("2026年", "2026", False, True),
    ("2025年上半年", "2025-06-30", False, True),
    ("2025年第三季度", "2025-09-30", False, True),
    ("2025年6月—2026年12月", "2026-12-31", False, True),
    ("6月底前", "2025-06-30", False, True),
    ("年内", "2025-12-31", False, True),
    ("长期坚持", "", True, True),
    ("持续推进", "", True, True),
    ("常态化推进", "", True, True),
    ("每年3月底前", "", True, True),
    ("2025年6月30日前完成，长期坚持", "2025-06-30", True, True),
    ("", "", False, True),
    ("—", "", False, True),
    ("待定", "", False, True),
    ("2025年13月", "", False, False),
    ("2025-02-30", "", False, False),
    ("立即", "", False, False),
    ("尽快办结", "", False, False),
]


@pytest.mark.parametrize(("cell", "day", "ongoing", "readable"), CELLS)
def test_cell(cell: str, day: str, ongoing: bool, readable: bool) -> None:
    found = deadlines.read(cell, BASE)
    assert (found.day, found.ongoing, found.readable) == (day, ongoing, readable)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2025", "2025年底前"), ("2025-06", "2025年6月底前"), ("2025-06-30", "2025年6月底前"),
        ("2025-06-15", "2025年6月15日前"), ("2025-12-31", "2025年底前"), ("2024-02-29", "2024年2月底前"),
        ("", ""), ("待定", "待定"),
    ],
)  # fmt: skip
def test_spoken(day: str, words: str) -> None:
    assert deadlines.spoken(day) == words


@pytest.mark.parametrize("day", ["2025", "2025-06", "2025-06-30", "2025-06-15", "2024-02-29"])
def test_spoken_is_read_again(day: str) -> None:
    again = deadlines.read(deadlines.spoken(day), BASE).day
    assert again.startswith(day)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("每年12月底前小结", ["2027-12-31"]),
        ("每年6月、12月底前报送", ["2027-06-30", "2027-12-31"]),
        ("每年度3月15日前", ["2027-03-15"]),
        ("2025年底前完成一半，2026年底前全部完成", ["2025-12-31", "2026-12-31"]),
        ("逐年提高", []),
        ("", []),
    ],
)
def test_milestones_of_a_year(text: str, days: list[str]) -> None:
    assert [d.isoformat() for d in deadlines.milestones(text, 2027)] == days
