"""A division of work as it is printed: nothing cut short, heads repeated, bands, the same bytes."""

from __future__ import annotations

import io
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from luoshi.report.division import Column, DivisionTable, as_docx, as_xlsx, broken

COLUMNS = (
    Column("number", "序号", 13, True), Column("task", "任务事项", 98), Column("lead", "牵头单位", 34),
    Column("code", "编号", 20, hidden=True),
)  # fmt: skip
LONG = "加快建设覆盖山区乡村的应急广播和气象预警终端并纳入日常管护" * 12
ROWS = (
    {"number": "1", "task": "修建水窖", "lead": "甲局", "chapter": "一、供水", "code": "a"},
    {"number": "2", "task": LONG, "lead": "乙局、丙局", "chapter": "一、供水", "code": "b"},
    {"number": "3", "task": "=1+1", "lead": "丁局", "chapter": "二、供电", "code": "c"},
)


def table(title: str = "山区水电分工方案", **more: Any) -> DivisionTable:
    return DivisionTable(title, COLUMNS, ROWS, "（征求意见稿）", ("注：甲局排第一。",), **more)


def sheet(made: DivisionTable) -> Any:
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(made))).active


def test_excel_is_set_up_for_print() -> None:
    page = sheet(table())
    assert page.page_setup.orientation == "landscape" and page.page_setup.paperSize == 9
    assert page.print_title_rows == "$3:$3" and page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_area.endswith("$A$1:$C$9")
    assert page.column_dimensions["D"].hidden


def test_chapters_are_bands_across_the_table() -> None:
    page = sheet(table())
    merged = {str(r) for r in page.merged_cells.ranges}
    assert {"A1:C1", "A2:C2", "A4:C4", "A7:C7"} <= merged
    assert page["A4"].value == "一、供水" and page["A7"].value == "二、供电"


def test_texts_are_whole_and_never_formulas() -> None:
    page = sheet(table())
    assert page["B6"].value == LONG and page["B8"].value == "=1+1" and page["B8"].data_type == "s"
    assert page.row_dimensions[6].height > 6 * page.row_dimensions[5].height / 2
    word = docx.Document(io.BytesIO(as_docx(table()))).tables[0]
    assert LONG in word.cell(3, 1).text


def test_word_repeats_the_head_and_breaks_no_row() -> None:
    rows = docx.Document(io.BytesIO(as_docx(table()))).tables[0]._tbl.tr_lst
    assert rows[0].find(".//" + qn("w:tblHeader")) is not None
    assert all(r.find(".//" + qn("w:cantSplit")) is not None for r in rows)
    assert rows[1].find(".//" + qn("w:gridSpan")).get(qn("w:val")) == "3"


def test_the_same_table_is_the_same_bytes() -> None:
    assert as_docx(table()) == as_docx(table())
    assert as_xlsx(table()) == as_xlsx(table())


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("山区水电分工方案", 1),
        ("《中共某某省委某某省人民政府关于加快山区水电设施更新改造的实施意见》重点任务分工方案", 2),
        ("某某省人民政府办公厅关于贯彻落实全省山区水电设施更新改造工作会议精神重点任务的分工方案", 2),
        ("《某某市推进山区水电设施更新改造三年行动方案（2024—2026年）》任务分工方案（征求意见稿）", 2),
        ("一" * 50, 1),
    ],
)
def test_long_titles_break_where_their_sense_does(title: str, lines: int) -> None:
    parts = broken(title, 31).split("\n")
    assert len(parts) == lines and "".join(parts) == title
    assert not any(p[0] in "》）、，。" for p in parts)


def test_an_empty_division_is_a_table_too() -> None:
    empty = DivisionTable("方案", COLUMNS, ())
    assert sheet(empty)["A2"].value == "序号"
    assert len(docx.Document(io.BytesIO(as_docx(empty))).tables[0].rows) == 1


def test_cells_to_be_filled_in_are_free_and_the_rest_protected() -> None:
    columns = (*COLUMNS, Column("answer", "反馈", 20, choices=("同意", "不承担"), free=True))
    page = sheet(DivisionTable("方案", columns, ROWS))
    assert page.protection.sheet and not page["D4"].protection.locked and page["B4"].protection.locked
    (rule,) = page.data_validations.dataValidation
    assert rule.formula1 == '"同意,不承担"'


def test_control_characters_do_no_harm() -> None:
    rows = ({"number": "1", "task": "甲\x00\x0b\ud800乙", "lead": "", "chapter": "", "code": ""},)
    assert as_docx(DivisionTable("方\x01案", COLUMNS, rows)) and as_xlsx(
        DivisionTable("方\x01案", COLUMNS, rows)
    )
