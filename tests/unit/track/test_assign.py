"""Proposals of units, each with the words that it rests on."""

from __future__ import annotations

import pytest

from luoshi.track import assign
from luoshi.track.assign import Duties, Earlier, Named, by_earlier, first_note, from_text, notes_for_all

A, B = Named("市林业局", "responsible"), Named("市财政局", "responsible")


def proposal(line: str, named: list[Named], note: str = "") -> assign.Proposal | None:
    text = f"{line}\n{note}"
    return from_text(text, (0, len(line)), 0, named, first_note(text))


def test_the_note_beside_the_task() -> None:
    line = "新建苗圃三处。（牵头单位：市林业局；责任单位：市财政局）"
    found = proposal(line, [Named("市林业局", "lead"), B])
    assert found is not None and found.source == "text"
    assert found.evidence[0].text == "（牵头单位：市林业局；责任单位：市财政局）"


def test_a_note_for_the_whole_document_makes_the_first_lead() -> None:
    line = "新建苗圃三处。（责任单位：市林业局、市财政局）"
    note = "各项任务排在第一位的部门为牵头部门，下同。"
    found = proposal(line, [A, B], note)
    assert found is not None and found.source == "note"
    assert [u.role for u in found.units] == ["lead", "responsible"]
    assert found.evidence[1].text == note.rstrip("。")


def test_a_note_for_the_whole_document_yields_to_what_the_task_says() -> None:
    line = "新建苗圃三处。（市财政局牵头，市林业局配合）"
    named = [Named("市财政局", "lead"), Named("市林业局", "support")]
    found = proposal(line, named, "排在第一位的为牵头部门，下同")
    assert found is not None and found.source == "text" and found.units == tuple(named)


def test_units_that_the_text_does_not_name_come_from_the_review() -> None:
    found = proposal("新建苗圃三处。", [A])
    assert found is not None and found.source == "register" and not found.evidence
    assert proposal("新建苗圃三处。", []) is None


def test_units_of_a_tables_columns_stand_in_its_row() -> None:
    line = "1\t新建苗圃三处\t市林业局\t市财政局\t2026年底前"
    found = proposal(line, [Named("市林业局", "lead"), B])
    assert found is not None and found.source == "text"
    assert found.evidence[0].text == "1 新建苗圃三处 市林业局 市财政局 2026年底前"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("以上任务均需各县（区）人民政府落实，不再列出。", ["各县（区）人民政府"]),
        ("各项任务均由各市、州人民政府负责，不再逐一列出。", ["各市、州人民政府"]),
        ("所有工作均要抓好。", []),
        ("不再列出其他事项。", []),
    ],
)
def test_notes_for_all(text: str, names: list[str]) -> None:
    assert [u.name for p in notes_for_all(text) for u in p.units] == names


DUTIES = {
    1: ("市林业局", "（一）负责林地保护和林木种苗管理。（二）组织森林防火工作。"),
    2: ("市水利局", "负责水库除险加固和河道治理。承担农村供水工程管理。"),
    3: ("市民政局", "负责养老服务和社会救助。"),
}


@pytest.mark.parametrize(
    ("task", "name", "word"),
    [
        ("完成十二座水库除险加固", "市水利局", "水库"),
        ("新建林木种苗基地", "市林业局", "种苗"),
        ("扩大养老服务覆盖面", "市民政局", "养老"),
        ("发展跨境电子商务", "", ""),
    ],
)
def test_duties(task: str, name: str, word: str) -> None:
    found = Duties(DUTIES).propose(task)
    assert (found[0].units[0].name if found else "") == name
    if found:
        assert any(word in w for w in found[0].words) and found[0].about in DUTIES[found[0].key][1]
        assert found[0].units[0].role == "lead"


def test_earlier_tasks() -> None:
    earlier = [
        Earlier(7, "完成8座病险水库除险加固", (Named("市水利局", "lead"),)),
        Earlier(8, "建设职业学校实训基地", (Named("市教育局", "lead"),)),
        Earlier(9, "完成水库除险加固", ()),
    ]
    found = by_earlier("完成23座病险水库除险加固", earlier)
    assert [p.key for p in found] == [7] and found[0].units[0].name == "市水利局" and found[0].score > 0.7
    assert by_earlier("改造老旧管网", earlier) == [] and by_earlier("", earlier) == []
