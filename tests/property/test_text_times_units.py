"""What holds for any text: quotes stand at their places, nothing overlaps, nothing is raised."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.text import calendars, dates, numerals, regions, units

PIECES = st.sampled_from(
    [
        *"年月日内前底起至到—、，。；：（）《》“”0123456789〇一二三十两半 \n\t",
        *[
            "2027年",
            "3月",
            "自",
            "之日",
            "工作日",
            "每年",
            "有效期",
            "“十五五”",
            "时期",
            "今年",
            "明年",
            "上半年",
            "一季度",
            "近",
            "今后",
            "五年",
            "完成",
            "施行",
        ],
        *[
            "印发",
            "牵头单位：",
            "市财政局",
            "等",
            "和",
            "各区政府",
            "负责",
            "牵头",
            "配合",
            "会同",
            "由",
            "沈阳市",
            "辽宁省",
            "朝阳区",
            "京津冀",
        ],
        *("by the end of ", "within ", "30 days", "2026", "Lead: ", "Treasury"),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60))
DAYS = st.one_of(st.none(), st.dates())


@settings(max_examples=300, deadline=None)
@given(TEXTS, DAYS, st.booleans())
def test_times(text: str, base: date | None, looking_back: bool) -> None:
    found = dates.find_times(text, base, retrospective=looking_back)
    assert found == dates.find_times(text, base, retrospective=looking_back)
    end = 0
    for t in found:
        assert t.start >= end and t.end > t.start
        assert text[t.start : t.end] == t.quote
        assert t.explanation
        end = t.end


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_units(text: str) -> None:
    found = units.find_units(text)
    assert found == units.find_units(text)
    for u in found:
        assert text[u.start : u.end] == u.name == u.name.strip()
        assert u.name not in ("", "等")
        assert u.role in ("lead", "responsible", "support")


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_regions(text: str) -> None:
    end = 0
    for m in regions.find(text):
        assert m.start >= end and m.end > m.start
        assert m.code is None or regions.get(m.code) is not None
        end = m.end
    assert regions.code_of(text) is None or text


@given(st.integers(0, 9999))
def test_numerals_read_what_is_written(value: int) -> None:
    digits, units_ = "零一二三四五六七八九", ("千", "百", "十", "")
    words = "".join(
        (digits[int(c)] + u) if c != "0" else "零" for c, u in zip(f"{value:04}", units_, strict=True)
    )
    assert numerals.parse_int(words) == value
    assert numerals.parse_int(str(value)) == value


@given(st.dates(date(2005, 1, 1), date(2040, 1, 1)), st.integers(0, 60))
def test_workdays(day: date, count: int) -> None:
    found = calendars.add_workdays(day, count)
    assert found.day >= day
    assert count == 0 or calendars.is_workday(found.day)[0]
    assert calendars.add_workdays(day, count + 1).day > found.day
