"""Rows of ledgers: what a cell under 完成时限 says, cells of several tasks."""

from __future__ import annotations

import datetime as dt
from datetime import date

import pytest
from made_readings import documents

from luoshi.extract import extract
from luoshi.extract.ledgers import Ledgers, due
from luoshi.text.dates import find_times

HEAD = "|序号\t任务事项\t牵头单位\t完成时限\t进展情况"


@pytest.mark.parametrize(
    ("cell", "last"),
    [
        ("2025/6/30", date(2025, 6, 30)),
        ("2025-06-30", date(2025, 6, 30)),
        ("2025.6.30", date(2025, 6, 30)),
        ("2025-06-30 00:00:00", date(2025, 6, 30)),
        ("2025-02", date(2025, 2, 28)),
        ("2025年6月", date(2025, 6, 30)),
        ("2025年6月30日", date(2025, 6, 30)),
        ("2025年", date(2025, 12, 31)),
        ("2025", date(2025, 12, 31)),
        (" 2025年9月底前 ", date(2025, 9, 30)),
        ("2025/13/45", None),
        ("尽快", None),
        ("12", None),
    ],
)
def test_deadlines(cell: str, last: date | None) -> None:
    found = [t for t in due(cell, find_times(cell, dt.date(2025, 1, 1))) if t.kind == "deadline"]
    assert [t.to for t in found] == ([last] if last else [])
    assert all(t.quote == cell[t.start : t.end] and cell.strip().startswith(t.quote) for t in found)


@pytest.mark.parametrize(
    ("cell", "ongoing"),
    [
        ("长期坚持", True),
        ("持续推进", True),
        ("常态化", True),
        ("每季度", True),
        ("2025年底", False),
        ("长期来看", False),
    ],
)
def test_tasks_that_go_on(cell: str, ongoing: bool) -> None:
    (document,) = documents(f"关于重点任务的清单\n{HEAD}\n|1\t加强河道巡查\t县水务局\t{cell}\t")
    row = document.paragraphs[-1]
    assert Ledgers(document).ongoing(row.start) is ongoing


def test_lines_of_a_cell_are_tasks_of_their_own() -> None:
    (document,) = documents(
        f"关于重点任务的清单\n{HEAD}\n"
        "|1\t新增托位200个并投入使用。 改造小区12个惠及千户\t县卫健局\t2025\t已完成一半"
    )
    row = document.paragraphs[-1]
    tasks = Ledgers(document).tasks(row.start)
    assert tasks is not None
    assert [document.text[a:b] for a, b in tasks] == ["新增托位200个并投入使用。", "改造小区12个惠及千户"]


def test_tables_without_known_columns_are_no_ledgers() -> None:
    (document,) = documents("关于统计的表\n|甲\t乙\n|一\t二")
    assert all(Ledgers(document).tasks(p.start) is None for p in document.paragraphs)


def test_a_column_with_a_remark_and_a_year_ahead() -> None:
    (document,) = documents(
        "关于2027年重点任务的清单\n2027年2月1日\n|任务事项\t责任单位（排第一位的为牵头单位）\t完成时限\n"
        "|修复江堤12处\t市水利局、市财政局\t全年\n|每季度至少组织1次巡查\t市应急局\t11月30日"
    )
    found = extract(document)
    due_on = {d.id: d.to for d in found.dates}
    assert [
        (c.verb, [(u.name, u.role) for u in c.units], due_on.get(c.deadline or "")) for c in found.commitments
    ] == [
        ("修复", [("市水利局", "lead"), ("市财政局", "responsible")], "2027-12-31"),
        ("组织", [("市应急局", "lead")], "2027-11-30"),
    ]


def test_a_day_without_a_year_needs_one_that_is_known() -> None:
    assert [t.to for t in due("11月30日前", [], 2027)] == [date(2027, 11, 30)]
    assert due("11月30日", []) == []
