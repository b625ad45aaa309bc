"""Commitments of whole documents: bodies, deadlines, places, sections that look back; figures on the gold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from luoshi import structure
from luoshi.extract import extract
from luoshi.extract.actions import read
from luoshi.model import CommitmentRow, Document


def plan(text: str, **row: str) -> Document:
    document = structure.plain(text, id="plan", date="2027-03-01")
    return replace(document, row=replace(document.row, **row)) if row else document


def by_quote(document: Document) -> dict[str, CommitmentRow]:
    return {c.evidence.quote: c for c in extract(document).commitments}


def test_bodies_of_a_note_answer_for_all_that_stands_before_it() -> None:
    found = by_quote(
        plan("修复江堤，疏浚河道。改造渡船。（责任单位：市水利局、市交通局）巡查水库。（市应急局牵头）")
    )
    bodies = {q: [(u.name, u.role) for u in c.units] for q, c in found.items()}
    both = [("市水利局", "responsible"), ("市交通局", "responsible")]
    assert bodies == {
        "修复江堤": both,
        "疏浚河道": both,
        "改造渡船": both,
        "巡查水库": [("市应急局", "lead")],
    }


def test_bodies_of_a_line_answer_for_the_item_that_it_closes() -> None:
    text = (
        "1.河道整治。修复江堤。\n改造渡船。\n责任单位：市水利局\n2.安全度汛。巡查水库。\n责任单位：市应急局"
    )
    found = by_quote(plan(text))
    assert [u.name for u in found["修复江堤"].units] == ["市水利局"]
    assert [u.name for u in found["改造渡船"].units] == ["市水利局"]
    assert [u.name for u in found["巡查水库"].units] == ["市应急局"]


def test_the_actor_answers_where_no_note_does() -> None:
    found = by_quote(plan("市水利局要修复江堤，疏浚河道。国家鼓励植树造林。"))
    assert [u.name for u in found["疏浚河道"].units] == ["市水利局"]
    assert found["国家鼓励植树造林"].actor == "国家"
    assert found["国家鼓励植树造林"].units == ()


def test_deadlines_in_front_hold_to_the_full_stop() -> None:
    document = plan("到2029年，新建泊位12个，改造渡船；疏浚河道。巡查水库。2028年6月底前完成江堤修复。")
    found = extract(document)
    due = {d.id: d.to for d in found.dates}
    dates = {c.evidence.quote: due.get(c.deadline or "") for c in found.commitments}
    assert dates == {
        "新建泊位12个": "2029-12-31",
        "改造渡船": "2029-12-31",
        "疏浚河道": "2029-12-31",
        "巡查水库": None,
        "2028年6月底前完成江堤修复": "2028-06-30",
    }


def test_open_activities() -> None:
    found = by_quote(plan("持续开展水质巡查。改造渡船。"))
    assert found["持续开展水质巡查"].ongoing
    assert not found["改造渡船"].ongoing


def test_reviews_hold_no_commitments() -> None:
    text = "一、过去一年工作回顾\n修复江堤五十公里，改造渡船。\n二、今年重点工作\n疏浚河道。"
    assert list(by_quote(plan(text, kind="work-report"))) == ["疏浚河道"]


def test_lists_of_cases_are_no_tasks_and_lists_of_duties_are() -> None:
    cases = "有下列情形之一的，责令改正：\n（一）占用航道；\n（二）损毁航标。"
    assert not [q for q in by_quote(plan(cases)) if "航道" in q or "航标" in q]
    duties = "水利部门履行下列职责：\n（一）编制流域规划；\n（二）组织河道巡查。"
    assert {"编制流域规划", "组织河道巡查"} <= set(by_quote(plan(duties)))


def test_items_that_are_a_heading_and_nothing_else_are_tasks() -> None:
    text = "一、重点任务\n1.修复江堤。\n2.改造渡船。"
    assert list(by_quote(plan(text))) == ["修复江堤", "改造渡船"]


def test_a_boxed_summary_does_not_count_twice() -> None:
    document = plan("要修复江堤。要疏浚河道。\n他强调，要修复江堤。")
    boxed = replace(document, box=(0, 12))
    assert [c.evidence.start for c in extract(boxed).commitments] == [6, 17]
    assert len(extract(document).commitments) == 3


def test_rows_point_to_their_sentence_and_repeat_exactly() -> None:
    document = plan("加快建设云江新港，打造内河航运高地。改造渡船。改造渡船。")
    found = extract(document)
    assert found == extract(document)
    assert len({c.id for c in found.commitments}) == len(found.commitments) == 3
    text = document.text
    for c in found.commitments:
        assert text[c.evidence.start : c.evidence.end] == c.evidence.quote
    assert [i for s in found.sentences for i in s.commitments] == [c.id for c in found.commitments]


@pytest.mark.parametrize("text", ["", "。", "\n\n", "（）", "，，，。", "123", "要要要。", "“", "一、\n二、"])
def test_scraps_do_no_harm(text: str) -> None:
    extract(plan(text))


@pytest.mark.corpus
def test_gold_actions(shared: Path, seeds: Path) -> None:
    """F1, verbs and objects on the annotated articles stay above what the project promises."""
    text = "".join(next(iter(sorted(seeds.glob("002*")))).read_text("utf-8").split())
    ends = [m.end() for m in re.finditer(r"[。！？；]+[”’）」]*", text)]
    spans = list(zip([0, *ends], ends, strict=False))
    hits = wanted = got = verbs = things = 0
    for line in (shared / "gold" / "actions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] == "heading":
            continue
        start, end = spans[int(row["sid"][4:])]
        sentence = text[start:end]
        found = {sentence[a.start : a.end]: a for a in read(sentence)[0] if a.type == "action"}
        wanted += len(row["actions"])
        got += len(found)
        for action in row["actions"]:
            mine = found.get(action["quote"])
            hits += mine is not None
            verbs += mine is not None and mine.verb == action["verb"]
            things += mine is not None and (mine.object or None) == action["object"]
    assert 2 * hits / (wanted + got) >= 0.94
    assert verbs / hits >= 0.95
    assert things / hits >= 0.93


def test_titles_that_build_a_foundation_do_not_look_back() -> None:
    text = "一、夯实航运发展基础\n修复江堤。\n二、发展基础\n修建渡口。\n三、发展现状和形势\n疏浚河道。"
    assert set(by_quote(plan(text))) == {"修复江堤"}


def test_forbidden_acts_and_cases_are_no_tasks() -> None:
    text = (
        "第三条 船厂不得有下列行为：\n（一）出具虚假证明，谋取利益；\n（二）改造禁用渡船。\n第四条 巡查水库。"
    )
    assert set(by_quote(plan(text))) == {"巡查水库"}
