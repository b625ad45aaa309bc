"""Commitments of other kinds of text: plans, task lists, laws, notices, news, reports."""

from __future__ import annotations

from dataclasses import replace

import pytest

from luoshi import structure
from luoshi.extract import extract
from luoshi.extract.actions import read
from luoshi.extract.domains import domain
from luoshi.model import CommitmentRow


def rows(text: str, date: str = "2027-03-01", kind: str = "") -> list[CommitmentRow]:
    document = structure.plain(text, id="doc", date=date)
    if kind:
        document = replace(document, row=replace(document.row, kind=kind))  # type: ignore[arg-type]
    return list(extract(document).commitments)


def test_a_title_with_the_documents_own_year_looks_ahead() -> None:
    text = "一、2026年工作情况\n疏浚航道，改造渡船。\n二、2027年主要工作\n修复江堤，新建泊位。"
    assert [c.evidence.quote for c in rows(text, kind="work-report")] == ["修复江堤", "新建泊位"]


def test_words_explained_at_the_end_of_a_report_are_no_commitments() -> None:
    text = "一、2027年主要工作\n修复江堤。\n二、名词解释\n以渡换桥：指拆除渡口，建设桥梁。"
    assert [c.evidence.quote for c in rows(text, kind="work-report")] == ["修复江堤"]


def test_a_year_before_the_documents_own_is_told_of() -> None:
    assert rows("2025年，市水利局开展航道普查，建立渡口台账。") == []
    assert len(rows("2027年，市水利局开展航道普查，建立渡口台账。")) == 2


def test_numbers_count_even_among_principles() -> None:
    text = "一、总体要求\n坚持安全第一，完善护渔机制。到2029年，渡船保险覆盖率达到95%。"
    assert [c.evidence.quote for c in rows(text)] == ["渡船保险覆盖率达到95%"]


def test_the_whole_of_something_by_a_day_is_a_goal() -> None:
    (goal,) = rows("2028年底前实现渡口视频监控全覆盖。")
    assert (goal.type, goal.verb, goal.object) == ("goal", "实现", "渡口视频监控全覆盖")
    assert goal.deadline is not None


@pytest.mark.parametrize(
    ("text", "ongoing"),
    [
        ("每年9月底前公布航道尺度。", True),
        ("各乡镇于每月10日前报送水位。", True),
        ("县水利局每半年开展一次渡口检查。", True),
        ("对渡口每年给予3万元补贴。", True),
        ("2028年9月底前公布航道尺度。", False),
        ("公布每年9月的航道尺度。", False),
    ],
)
def test_what_recurs_goes_on(text: str, ongoing: bool) -> None:
    (row,) = rows(text)
    assert row.ongoing is ongoing


def test_a_duty_holds_for_the_clauses_behind_it() -> None:
    found = rows("渡口经营者应当公布班次，配备救生设备，不得超载。可以设置候船室，提供饮水。")
    assert [c.strength for c in found] == [5, 5, 5, 2, 3]
    assert [c.actor for c in found[:3]] == ["渡口经营者"] * 3


def test_things_are_nobody() -> None:
    (action,) = read("渡口收费标准应当报送市水利局。")[0]
    assert (action.verb, action.object, action.actor) == ("报送", "渡口收费标准", None)


def test_who_is_told_of_in_a_condition_does_not_act() -> None:
    (action,) = read("渡口经营者未配备救生设备的，应当责令停航。")[0]
    assert action.actor is None
    (action,) = read("渡口经营者在渡船停航时，应当公布停航时间。")[0]
    assert action.actor == "渡口经营者"


@pytest.mark.parametrize(
    ("text", "titles", "field"),
    [
        ("健全乡村医生待遇保障机制", (), "livelihood"),
        ("完善乡村教师生活补助政策", (), "education"),
        ("新改建农村公路96公里", (), "infrastructure"),
        ("完善护林员补助政策", (), "environment"),
        ("推动股权市场规范健康发展", (), None),
        ("街道办事处负责受理申请", (), None),
        ("实施“归雁计划”", ("吸引人才留在山区", "补齐基础设施短板"), "talent"),
        ("加强组织实施", ("加快港口建设", "发展海洋渔业"), "infrastructure"),
        ("做好源头分类", (), None),
        ("推广适合山地的小型农机", (), "agriculture"),
        ("农村居民人均可支配收入年均增长6%", (), "livelihood"),
    ],
)
def test_domains(text: str, titles: tuple[str, ...], field: str | None) -> None:
    assert domain(text, titles) == field
