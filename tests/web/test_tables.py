"""Tables as Excel prints them: heights that show every text, page numbers, heads, shares in per cent."""

from __future__ import annotations

import io

import openpyxl

from luoshi_web.ui.tables import Column, Table, as_xlsx


def sheet(columns: list[Column], rows: list[list[object]]) -> openpyxl.worksheet.worksheet.Worksheet:
    with as_xlsx(Table("任务台账", columns, rows)) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read())).active


def test_rows_are_as_high_as_their_longest_text() -> None:
    some = sheet(
        [Column("任务事项", 20), Column("单位", 10)], [["疏浚河道" * 12, "市水利局"], ["短", "甲\n乙\n"]]
    )
    assert some.row_dimensions[2].height == 6 * 15  # 96 half-width characters where 18.5 have room
    assert some.row_dimensions[1].height is None and some.row_dimensions[3].height == 3 * 15
    long = sheet([Column("任务事项", 20)], [["字" * 30000]])
    assert 408 <= long.row_dimensions[2].height <= 409


def test_pages_have_head_and_number_and_fit() -> None:
    some = sheet([Column("任务事项", 48)], [["甲"]])
    assert some.print_title_rows == "$1:$1" and some.page_setup.orientation == "landscape"
    assert "&P" in (some.oddFooter.center.text or "") or "&[Page]" in (some.oddFooter.center.text or "")
    assert some.page_setup.paperSize == 9
    wide = sheet([Column(f"栏{i}", 20) for i in range(12)], [["甲"] * 12])
    assert wide.page_setup.paperSize == 8


def test_shares_are_shown_in_per_cent() -> None:
    some = sheet([Column("文件", 20), Column("占比", 10, form="0.0%")], [["甲", 0.4336], ["乙", ""]])
    assert some["B2"].number_format == "0.0%" and some["B2"].value == 0.4336
    assert some["B3"].value is None
