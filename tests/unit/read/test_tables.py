"""Ledgers as rows of cells."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from luoshi.errors import InputError
from luoshi.read.protocol import Limits
from luoshi.read.tables import tables


def book(*sheets: list[list[str]], merge: str = "") -> bytes:
    made = openpyxl.Workbook()
    for n, rows in enumerate(sheets):
        sheet: Any = made.active if n == 0 else made.create_sheet()
        for row in rows:
            sheet.append(row)
        if merge:
            sheet.merge_cells(merge)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_workbook_with_a_title_above_its_heads() -> None:
    data = book(
        [["节水台账", "", ""], ["序号", "任务事项", "牵头单位"], ["1", "换表", "甲局"]], merge="A1:C1"
    )
    (grid,) = tables(data, "a.xlsx")
    assert grid.header == 1 and grid.rows[2] == ["1", "换表", "甲局"] and grid.bands == frozenset({0})


def test_a_unit_merged_over_rows_holds_for_each() -> None:
    data = book([["任务事项", "牵头单位"], ["换表", "甲局"], ["修管", ""]], merge="B2:B3")
    (grid,) = tables(data, "a.xlsx")
    assert [r[1] for r in grid.rows] == ["牵头单位", "甲局", "甲局"]


def test_several_sheets() -> None:
    rows = [["任务事项", "牵头单位"], ["换表", "甲局"]]
    assert len(tables(book(rows, rows), "a.xlsx")) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv(encoding: str) -> None:
    (grid,) = tables("任务事项,牵头单位\n更换老旧水表,市水利局\n".encode(encoding), "a.csv")
    assert grid.header == 0 and grid.rows[1] == ["更换老旧水表", "市水利局"]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04" + b"\x00" * 30, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 9, b"\x00" * 99],
)
def test_what_is_no_table(data: bytes) -> None:
    with pytest.raises(InputError):
        tables(data, "a.xlsx")


def test_too_large() -> None:
    with pytest.raises(InputError):
        tables(b"a,b\n" * 99, "a.csv", Limits(file_bytes=100))
