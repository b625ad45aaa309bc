"""Time expressions: a table of sentences, and what the table cannot say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from luoshi.text.dates import find_times, parse_iso

TABLE = [
    line.split("\t")
    for line in Path(__file__).with_name("dates.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def show(text: str, base: date | None) -> str:
    found = [
        "|".join((t.quote, t.kind, t.from_.isoformat() if t.from_ else "", t.to.isoformat() if t.to else ""))
        for t in find_times(text, base)
    ]
    return "  ".join(found) or "-"


@pytest.mark.parametrize(("text", "base", "expected"), TABLE, ids=[row[0][:20] for row in TABLE])
def test_table(text: str, base: str, expected: str) -> None:
    assert show(text, parse_iso(base)) == expected


def test_quote_stands_at_its_place_and_the_explanation_names_it() -> None:
    text = "各区要在2026年6月底前完成；自发布之日起30日内报送方案。"
    for t in find_times(text, date(2025, 3, 2)):
        assert text[t.start : t.end] == t.quote
        assert t.explanation.startswith(f"“{t.quote}”：")
        assert t.explanation.endswith("。")


def test_explanation_says_how_it_was_computed() -> None:
    (t,) = find_times("年内完成", date(2025, 3, 2))
    assert t.explanation == "“年内”：按成文日期2025年3月2日推算，句中要求在此期间完成，至2025年12月31日。"
    (t,) = find_times("自印发之日起5个工作日内报送", date(2030, 12, 30))
    assert "尚未公布" in t.explanation
    (t,) = find_times("年底前完成", None)
    assert "不详" in t.explanation


def test_looking_back() -> None:
    (t,) = find_times("上半年新建12座。", date(2026, 1, 20), retrospective=True)
    assert (t.kind, t.from_, t.to) == ("past", date(2025, 1, 1), date(2025, 6, 30))
    (t,) = find_times("“十六五”谋划。", date(2026, 1, 20), retrospective=True)
    assert t.kind == "period"


def test_validity_counts_from_the_day_known_from_elsewhere() -> None:
    (t,) = find_times("本办法有效期三年。", date(2025, 3, 2), effective=date(2025, 4, 1))
    assert (t.from_, t.to) == (date(2025, 4, 1), date(2028, 3, 31))


def test_months_take_the_year_of_the_title() -> None:
    (t,) = find_times("10月1日至7日放假。", date(2024, 11, 12), year=2025)
    assert (t.from_, t.to) == (date(2025, 10, 1), date(2025, 10, 7))


@pytest.mark.parametrize(
    ("text", "day"),
    [("2025-03-02", date(2025, 3, 2)), ("2025-02", date(2025, 2, 28)), ("2025", date(2025, 12, 31)),
     ("2025-02-30", None), ("20250302", None), ("", None), (None, None), (7, None)],
)  # fmt: skip
def test_parse_iso(text: object, day: date | None) -> None:
    assert parse_iso(text) == day


@pytest.mark.parametrize("text", ["2025年13月40日", "99999年底前", "自起", "第年月日", "至至至2025年2月30日"])
def test_impossible_dates_raise_nothing(text: str) -> None:
    for t in find_times(text, date(9999, 12, 31)):
        assert t.from_ is None or t.to is None or t.from_ <= t.to
