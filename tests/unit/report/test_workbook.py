from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import made_records as made
import openpyxl
import pytest

from luoshi.errors import WriteFailed
from luoshi.model import Records
from luoshi.report import workbook

SHEETS = ["任务分解表", "上下对照", "逐条对照表", "表述差异", "无来源任务", "术语", "文件", "问题", "说明"]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    workbook.write(made.two(), path)
    return openpyxl.load_workbook(path)


def rows(sheet: Any) -> list[dict[str, Any]]:
    values = list(sheet.iter_rows(values_only=True))
    return [dict(zip(values[0], row, strict=True)) for row in values[1:]]


def test_sheets(book: Any) -> None:
    assert book.sheetnames == SHEETS


@pytest.mark.parametrize("name", SHEETS)
def test_layout(book: Any, name: str) -> None:
    sheet = book[name]
    assert sheet.freeze_panes in ("B2", "C2")
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet["A1"].font.bold


def test_tasks(book: Any) -> None:
    found = rows(book["任务分解表"])
    assert len(found) == 28
    row = next(r for r in found if r["任务事项"] == "新增高标准农田200万亩")
    assert row["牵头单位"] == "省农业农村厅"
    assert row["配合单位"] == "省财政厅"
    assert row["完成时限"] == "2027-12-31"
    assert row["时限依据"] == "“2027年底”：该年最后一日"
    assert row["条款"] == "1.建设高标准农田"
    assert row["领域"] == "农业农村"
    assert all(value not in (None, "") for r in found for value in r.values())
    assert book["任务分解表"]["E2"].alignment.wrap_text


def test_a_count_leads_to_what_it_counts(book: Any) -> None:
    links = [cell.hyperlink.location for cell in book["文件"]["J"][1:]]
    assert links == ["'任务分解表'!A2", "'任务分解表'!A15"]
    assert book["任务分解表"]["B15"].value == made.two().documents[1].title


def test_what_is_printed(book: Any) -> None:
    assert "$A$1:$L$29" in book["任务分解表"].print_area


def test_other_sheets(book: Any) -> None:
    assert rows(book["上下对照"])[0]["文字改动"] == "沿江地区→云江"
    assert {r["落实情况"] for r in rows(book["逐条对照表"])} == {"已承接", "部分承接", "未见承接"}
    assert [r["表述差异（待研判）"] for r in rows(book["表述差异"])] == ["措辞较缓", "范围收窄"]
    assert [r["未见词语"] for r in rows(book["表述差异"])] == ["支持力度", "新建、院校"]
    assert len(rows(book["无来源任务"])) == 3
    assert rows(book["术语"])[0]["具体内容"].startswith("云江、临江港")
    assert [r["任务数"] for r in rows(book["文件"])] == [13, 15]
    assert rows(book["问题"])[0]["程度"] == "错误"


def test_gaps_towards_a_document_that_hardly_answers_are_counted(tmp_path: Path) -> None:
    records = made.two()
    records.coverage = [
        replace(v, status="partly" if n == 2 else "absent", by=()) for n, v in enumerate(records.coverage)
    ]
    workbook.write(records, tmp_path / "a.xlsx")
    found = rows(openpyxl.load_workbook(tmp_path / "a.xlsx")["逐条对照表"])
    assert [row["落实情况"] for row in found] == ["未见承接", "部分承接"]
    assert found[0]["上位要求"] == "（其余12条要求未见承接，合计一行，逐条内容见报告）"


def test_rows_are_high_enough_for_their_text(book: Any) -> None:
    sheet = book["任务分解表"]
    assert sheet.row_dimensions[15].height >= 2 * 13
    assert sheet.row_dimensions[16].height <= 409


def hostile() -> Records:
    records = made.two()
    first = records.commitments[0]
    for n, text in enumerate(
        [
            '=HYPERLINK("http://x")',
            "+1+1",
            "-2",
            "@SUM(A1)",
            "http://example.org/",
            "007",
            "\x00\x1b[31m\x0b",
            "字" * 40_000,
        ]
    ):
        records.commitments[n] = replace(records.commitments[n], object=text, verb=text[:5])
    assert first is not records.commitments[0]
    return records


def test_text_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook.write(hostile(), path)
    sheet = openpyxl.load_workbook(path)["任务分解表"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    values = [row["对象"] for row in rows(sheet)]
    assert values[:6] == ['=HYPERLINK("http://x")', "+1+1", "-2", "@SUM(A1)", "http://example.org/", "007"]
    assert "\x1b" not in values[6]
    assert values[7].endswith("全文见报告）")
    xml = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml


def test_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    workbook.write(made.two(), tmp_path / "a.xlsx")
    workbook.write(made.two(), tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_no_records(tmp_path: Path) -> None:
    workbook.write(Records(), tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == SHEETS


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WriteFailed, match="cannot be written"):
        workbook.write(Records(), tmp_path / "no" / "a.xlsx")
