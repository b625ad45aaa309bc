from __future__ import annotations

from dataclasses import replace

import made_records as made
import pytest

from luoshi.model import Edit, Records
from luoshi.report.index import Index
from luoshi.report.tables import (
    TaskRow,
    coverage_lines,
    edits_text,
    link_lines,
    task_rows,
    unsourced_lines,
)


@pytest.fixture(scope="module")
def tasks() -> list[TaskRow]:
    return task_rows(Index(made.two()))


def by_text(tasks: list[TaskRow], part: str) -> TaskRow:
    return next(t for t in tasks if part in t.text)


def test_tasks_stand_in_the_order_of_documents_and_text(tasks: list[TaskRow]) -> None:
    assert [t.number for t in tasks] == list(range(1, 29))
    assert [t.evidence.document for t in tasks] == [made.UPPER] * 13 + [made.LOWER] * 15
    starts = [t.evidence.start for t in tasks[13:]]
    assert starts == sorted(starts)


def test_order_does_not_hang_on_the_order_of_rows() -> None:
    records = made.two()
    records.commitments.reverse()
    assert [t.text for t in task_rows(Index(records))][:2] == ["建成沿江绿色产业带", "守住“三条红线”"]


@pytest.mark.parametrize(
    ("part", "field", "expected"),
    [
        ("大力建设云江", "lead", "省农业农村厅"),
        ("大力建设云江", "responsible", "省水利厅、各市政府"),
        ("大力建设云江", "support", "省财政厅"),
        ("大力建设云江", "chapter", "第一章 夯实粮食根基"),
        ("大力建设云江", "article", "1.建设高标准农田"),
        ("大力建设云江", "place", "第一章 1"),
        ("大力建设云江", "deadline", "—"),
        ("大力建设云江", "strength", "加力推进"),
        ("大力建设云江", "places", "云江"),
        ("大力建设云江", "domain", "农业农村"),
        ("新增高标准农田", "deadline", "2027-12-31"),
        ("新增高标准农田", "deadline_text", "到2027年底"),
        ("新增高标准农田", "targets", "新增高标准农田200万亩"),
        ("新增高标准农田", "type", "指标"),
        ("持续推进", "deadline", "长期坚持"),
        ("完成云江", "deadline", "2026-06-30"),
        ("制定实施方案", "chapter", "四、组织实施"),
        ("制定实施方案", "article", "—"),
        ("制定实施方案", "lead", "—"),
    ],
)
def test_fields(tasks: list[TaskRow], part: str, field: str, expected: str) -> None:
    assert getattr(by_text(tasks, part), field) == expected


def test_english() -> None:
    row = by_text(task_rows(Index(made.two()), "en"), "持续推进")
    assert (row.deadline, row.type, row.strength) == ("Ongoing", "Action", "Do with force")


def test_links_know_their_places() -> None:
    line = next(k for k in link_lines(Index(made.two())) if k.change != "—")
    assert (line.lower_place, line.upper_place, line.change) == ("第一章 2", "二 （二）", "措辞较缓")
    assert line.edits == "加大→用好；力度→政策"


def test_edits() -> None:
    edits = (Edit("replace", "甲", "乙"), Edit("insert", "", "丙"), Edit("delete", "丁", ""))
    assert edits_text(edits) == "甲→乙；＋丙；－丁"
    assert edits_text(()) == "—"


def test_coverage_names_answers_lost_words_and_near_misses() -> None:
    lines = {v.row.evidence.quote: v for v in coverage_lines(Index(made.two()))}
    assert lines["新建航运职业院校"].by == "【第二章 5】推动航运职业教育创新发展"
    assert lines["新建航运职业院校"].lost == "新建、院校"
    missed = lines["提高内河港口通关能力和便利化程度"]
    assert (missed.status, missed.by) == ("未见承接", "—")
    assert missed.near == "临江港、北川港（“港”在此只是地名，不涉及通关）"


def test_unsourced() -> None:
    lines = unsourced_lines(Index(made.two()))
    assert lines[0].row.evidence.quote == "举办云江绿色产业大会"
    assert {u.nearest for u in lines} == {"—", "大力建设沿江地区高标准农田"}


def test_rows_that_point_nowhere_are_still_shown() -> None:
    records = made.two()
    bare = Records(commitments=[replace(records.commitments[0], deadline="t-gone", provision="p-gone")])
    bare.links, bare.coverage, bare.unsourced = records.links, records.coverage, records.unsourced
    index = Index(bare)
    (row,) = task_rows(index)
    assert (row.document_title, row.chapter, row.deadline) == (made.UPPER, "—", "—")
    assert len(link_lines(index)) == 8
    assert len(coverage_lines(index)) == 13
    assert len(unsourced_lines(index)) == 3
