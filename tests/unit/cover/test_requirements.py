"""Requirement clauses: a table of sentences, and what of a document counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from luoshi.cover import requirements
from luoshi.cover.clauses import pieces
from luoshi.cover.requirements import in_sentence
from luoshi.model import Document, Paragraph
from luoshi.structure import plain

ROWS = [
    # cells of a table have tabs of their own, so the last tab divides
    line.rsplit("\t", 1)
    for line in (Path(__file__).parent / "clauses.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("row", ROWS, ids=[r[0][:16] for r in ROWS])
def test_sentence(row: list[str]) -> None:
    text = row[0].removeprefix("~")
    found = [text[a:b] for a, b in in_sentence(text, ordering=row[0].startswith("~"))]
    assert found == (row[1].split("|") if len(row) > 1 and row[1] else [])


@pytest.mark.parametrize("text", ["", "。", "，，，", "“没有合上的引号，后面还有", "（（）", "要", "\n"])
def test_odd_input_splits_without_error(text: str) -> None:
    assert all(0 <= a <= b <= len(text) for a, b in pieces(text))
    if text:
        assert all(0 <= a < b <= len(text) for a, b in in_sentence(text))


def speech(lines: list[tuple[str, str | None]]) -> Document:
    base = plain("\n".join(t for t, _ in lines), id="d1")
    paragraphs, at = [], 0
    for text, speaker in lines:
        paragraphs.append(Paragraph(at, at + len(text), speaker=speaker))
        at += len(text) + 1
    return base.with_rows(paragraphs=tuple(paragraphs), row=replace(base.row, kind="speech-report"))


def test_only_the_main_speaker_is_heard() -> None:
    document = speech(
        [
            ("省长强调，要加快修通山区公路，完善村卫生室，建好寄宿制学校。", "省长"),
            ("秘书长表示，要办好会务。", "秘书长"),
            ("要守住耕地红线。", "省长"),
        ]
    )
    quotes = [document.text[r.start : r.end] for r in requirements(document)]
    assert quotes == ["加快修通山区公路", "完善村卫生室", "建好寄宿制学校", "守住耕地红线"]


def test_box_and_headings_are_left_out() -> None:
    text = "要加快修通山区公路。\n要加快修通山区公路。"
    document = plain(text, id="d2").with_rows(box=(0, 10))
    assert [r.start for r in requirements(document)] == [12]
    assert document.evidence(12, requirements(document)[0].end).quote == "加快修通山区公路"


OPINION = """\
关于牧区医疗的意见
牧区卫生条件有了改善，医生外流仍然突出，务必高度重视。
现提出如下意见。
一、主要目标
牧民看病更加方便，巡诊车辆配备到位。
二、主要任务
（一）健全巡诊制度，配备流动诊疗车。每月派出流动诊疗车巡诊。
（二）加强蒙药质量监管。严查假药。
三、加强组织领导
各旗县要制定具体方案，明确分工。
本意见由自治区卫生健康委负责解释。"""


def test_opening_goals_and_run_in_titles() -> None:
    base = plain(OPINION, id="d3")
    document = base.with_rows(row=replace(base.row, kind="opinion"))
    assert document.provisions, "the text is taken apart"
    quotes = [document.text[r.start : r.end] for r in requirements(document)]
    assert quotes == [
        "务必高度重视",
        "牧民看病更加方便",
        "巡诊车辆配备到位",
        "健全巡诊制度",
        "配备流动诊疗车",
        "每月派出流动诊疗车巡诊",
        "严查假药",
        "各旗县要制定具体方案，明确分工",
    ]
