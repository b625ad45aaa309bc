"""Ledgers: headers, merged cells, hidden sheets, numbers and dates as people see them, CSV."""

from __future__ import annotations

import datetime as dt
import io
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from ole_writer import compound
from openpyxl.worksheet.worksheet import Worksheet

from luoshi.errors import Damaged, EmptyFile, InputError, TooLarge
from luoshi.extract import extract
from luoshi.model import Reading
from luoshi.read import Limits, coverage_gaps, read
from luoshi.read.formats.sheets.grid import header_row
from luoshi.read.formats.sheets.numfmt import show
from luoshi.structure import structure
from luoshi.text.columns import column_role

HEAD = ["序号", "任务事项", "牵头单位", "责任单位", "完成时限", "进展情况"]


def book(
    tmp_path: Path, *rows: list[object], name: str = "made.xlsx"
) -> tuple[openpyxl.Workbook, Worksheet, Path]:
    out = openpyxl.Workbook()
    sheet = out.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "台账"
    for row in rows:
        sheet.append(row)
    return out, sheet, tmp_path / name


def saved(made: openpyxl.Workbook, path: Path) -> Reading:
    made.save(path)
    (reading,) = read(path)
    assert coverage_gaps(reading) == ()
    return reading


def texts(reading: Reading) -> list[str]:
    return [b.text for b in reading.blocks]


def test_title_header_rows(tmp_path: Path) -> None:
    made, sheet, path = book(tmp_path, ["南屏县重点工作台账"], ["填报单位：县政府督查室"], HEAD)
    sheet.append([1, "新建体育公园2处", "县文旅局", "县财政局", "2025年9月底前", "已选址"])
    sheet.merge_cells("A1:F1")
    reading = saved(made, path)
    assert [b.kind for b in reading.blocks] == ["heading", "paragraph", "table-row", "table-row"]
    assert reading.blocks[0].align == "center"
    row = reading.blocks[3]
    assert [row.text[a:b] for a, b in row.cells] == [
        "1", "新建体育公园2处", "县文旅局", "县财政局", "2025年9月底前", "已选址",
    ]  # fmt: skip
    assert row.table == 1


def test_merged_cells_hold_for_all_their_rows(tmp_path: Path) -> None:
    made, sheet, path = book(tmp_path, HEAD)
    sheet.append([1, "改造老旧管网30公里", "县住建局", "县财政局", "2025年底前"])
    sheet.append([2, "新增公共车位500个", None, "县公安局", None])
    sheet.append(["二、民生领域"])
    sheet.append([3, "新建幼儿园2所", "县教体局", "", "2025年8月底前"])
    sheet.merge_cells("C2:C3")
    sheet.merge_cells("E2:E3")
    sheet.merge_cells("A4:F4")
    reading = saved(made, path)
    assert texts(reading)[2] == "2\t新增公共车位500个\t县住建局\t县公安局\t2025年底前"
    assert texts(reading)[3] == "二、民生领域"
    found = [c for d in structure(reading) for c in extract(d).commitments]
    units = {c.evidence.quote: [(u.name, u.role) for u in c.units] for c in found}
    assert units["新增公共车位500个"] == [("县住建局", "lead"), ("县公安局", "responsible")]
    assert units["新建幼儿园2所"] == [("县教体局", "lead")]
    assert all(c.deadline for c in found)


def test_a_header_of_two_rows(tmp_path: Path) -> None:
    made, sheet, path = book(
        tmp_path,
        ["序号", "任务事项", "责任单位", "", "完成时限"],
        ["", "", "牵头单位", "配合单位", ""],
        [1, "建成数字乡村平台1个", "县大数据局", "县农业农村局", "2025年10月"],
    )
    for area in ("A1:A2", "B1:B2", "C1:D1", "E1:E2"):
        sheet.merge_cells(area)
    reading = saved(made, path)
    assert texts(reading)[1] == "序号\t任务事项\t牵头单位\t配合单位\t完成时限"
    (commitment,) = [c for d in structure(reading) for c in extract(d).commitments]
    assert [(u.name, u.role) for u in commitment.units] == [
        ("县大数据局", "lead"),
        ("县农业农村局", "support"),
    ]
    assert commitment.deadline


def test_progress_and_remarks_are_no_commitments(tmp_path: Path) -> None:
    made, sheet, path = book(tmp_path, [*HEAD, "备注"])
    sheet.append(
        [1, "完成水源地保护围栏建设", "县生态环境局", "", "2025-06", "已完成招标，加快推进施工", "推进中"]
    )
    reading = saved(made, path)
    (document,) = structure(reading)
    found = extract(document)
    assert [c.evidence.quote for c in found.commitments] == ["完成水源地保护围栏建设"]
    (due,) = [d for d in found.dates if d.id == found.commitments[0].deadline]
    assert due.to == "2025-06-30"


def test_hidden_sheets_and_rows_are_said(tmp_path: Path) -> None:
    made, sheet, path = book(tmp_path, HEAD, [1, "办好实事10件", "县政府办", "", "2025年底前"])
    sheet.row_dimensions[2].hidden = True
    other = made.create_sheet("底稿")
    other.append(["不给看", "草稿"])
    other.sheet_state = "hidden"
    reading = saved(made, path)
    assert {p.code for p in reading.problems} == {"hidden-sheets", "hidden-rows"}
    assert [d.reason for d in reading.dropped if "不给看" in d.quote] == ["hidden sheet"]
    assert not any("草稿" in t for t in texts(reading))


def test_each_sheet_is_a_table(tmp_path: Path) -> None:
    made, _sheet, path = book(tmp_path, HEAD, [1, "修路3公里", "县交通局", "", "2025年底前"])
    second = made.create_sheet("二季度")
    second.append(HEAD)
    second.append([1, "架桥1座", "县交通局", "", "2025年底前"])
    reading = saved(made, path)
    assert [(b.text[:3], b.table) for b in reading.blocks] == [
        ("台账", 0), ("序号\t", 1), ("1\t修", 1), ("二季度", 0), ("序号\t", 2), ("1\t架", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (1.0, "General", "1"),
        (0.1 + 0.2, "General", "0.3"),
        (-2.5, "General", "-2.5"),
        (12345678901.0, "General", "12345678901"),
        (0.355, "0.0%", "35.5%"),
        (0.35, "0%", "35%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (1234567.0, "#,##0", "1,234,567"),
        (2.5, '0.0"万元"', "2.5万元"),
        (-3.0, "0;(0)", "(3)"),
        (0.0, '0;-0;"—"', "—"),
        (1500000.0, '0.0,,"百万"', "1.5百万"),
        (7.0, "000", "007"),
        (2.5, "0.##", "2.5"),
        (12000.0, "0.00E+00", "1.20E+04"),
        (5.0, "[$¥-804]#,##0", "¥5"),
        (0.5, "# ?/?", "0.5"),
        (True, "General", "TRUE"),
        (dt.date(2025, 6, 30), 'yyyy"年"m"月"d"日"', "2025年6月30日"),
        (dt.date(2025, 6, 30), "yyyy\\-mm\\-dd", "2025-06-30"),
        (dt.datetime(2025, 6, 3, 0, 0), "yyyy/m/d", "2025/6/3"),
        (dt.datetime(2025, 6, 3, 9, 5), "yyyy/m/d h:mm", "2025/6/3 9:05"),
        (dt.date(2025, 6, 3), '[$-804]yyyy"年"m"月";@', "2025年6月"),
        (dt.date(2025, 6, 3), "General", "2025/6/3"),
        (dt.date(2025, 6, 3), "mmm-yy", "Jun-25"),
        (dt.date(2025, 6, 3), "aaaa", "星期二"),
        (dt.time(14, 30), "h:mm AM/PM", "2:30 PM"),
        (dt.timedelta(hours=30, minutes=5), "[h]:mm:ss", "30:05:00"),
        ("文字", "0.00", "文字"),
        (None, "0", ""),
    ],
)
def test_values_as_people_see_them(value: object, code: str, expected: str) -> None:
    assert show(value, code) == expected  # type: ignore[arg-type]


def test_formats_of_cells(tmp_path: Path) -> None:
    made, sheet, path = book(tmp_path, ["序号", "任务", "完成率", "完成时限", "投资（万元）"])
    sheet.append([1, "建设项目", 0.456, dt.date(2025, 3, 1), 12345.678])
    sheet["C2"].number_format = "0%"
    sheet["D2"].number_format = 'yyyy"年"m"月"'
    sheet["E2"].number_format = "#,##0.0"
    assert texts(saved(made, path))[1] == "1\t建设项目\t46%\t2025年3月\t12,345.7"


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("序 号", "number"), ("任务名称", "task"), ("重点工作", "task"), ("目标任务", "task"),
        ("具体举措", "task"),
        ("牵头单位", "lead"), ("主办部门", "lead"), ("责任单位", "units"), ("配合 单位", "units"),
        ("协办单位", "units"), ("完成时限", "deadline"), ("办结时间", "deadline"), ("时间节点", "deadline"),
        ("计划完成时间", "deadline"), ("进展情况", "progress"), ("目前进展", "progress"),
        ("完成情况", "progress"),
        ("备注", "note"), ("分管领导", "person"), ("责任人", "person"), ("总投资", "measure"),
        ("云江省人民政府", ""), ("完成8所学校食堂改造工程建设任务并投入使用", ""), ("", ""),
    ],
)  # fmt: skip
def test_titles_of_columns(title: str, role: str) -> None:
    assert column_role(title) == role


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["标题"], ["序号", "任务", "责任单位"], ["1", "修路", "局"]], 1),
        ([["甲", "乙"], ["1", "2"]], 0),
        ([["1", "2"], ["3", "4"]], None),
        ([["序号", "任务", "单位"], ["序号", "任务", "责任单位"], ["1", "x", "y"]], 1),
        ([], None),
    ],
)
def test_the_header_is_found(rows: list[list[str]], expected: int | None) -> None:
    assert header_row(rows) == expected


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [HEAD, ["1", "建成驿站6个", "县文旅局", "县住建局、县林业局", "2025年底前", ""]]
    path = tmp_path / "made.csv"
    path.write_bytes("\r\n".join(delimiter.join(r) for r in rows).encode(encoding))
    (reading,) = read(path)
    assert reading.source.media_type == "text/csv"
    assert coverage_gaps(reading) == ()
    assert texts(reading) == ["\t".join(HEAD), "1\t建成驿站6个\t县文旅局\t县住建局、县林业局\t2025年底前"]


def test_quoted_cells_keep_their_places(tmp_path: Path) -> None:
    source = (
        '序号,任务事项,责任单位\n1,"建设""一河两岸""绿道,长12公里\n并开放","县住建局\n县水务局"\n'
        '2,"",县林业局\n'
    )
    path = tmp_path / "made.csv"
    path.write_text(source, encoding="utf-8")
    (reading,) = read(path)
    assert coverage_gaps(reading) == ()
    assert texts(reading)[1] == '1\t建设"一河两岸"绿道,长12公里 并开放\t县住建局 县水务局'
    body = reading.blocks[1].body
    for character, offset in zip(body.text, body.offsets.tolist(), strict=True):
        if offset >= 0 and character not in " \t":
            assert source[offset] == character


def test_a_table_under_a_wrong_name_is_known_by_its_titles(tmp_path: Path) -> None:
    path = tmp_path / "made.txt"
    path.write_text("序号,任务事项,责任单位\n1,清理河道,县水务局\n2,修缮水闸,县水务局\n", encoding="utf-8")
    (reading,) = read(path)
    assert reading.source.reader == "csv"
    path.write_text(
        "第一条 为了规范管理，制定本办法。\n第二条 本县适用本办法，法律另有规定的除外。\n", encoding="utf-8"
    )
    (reading,) = read(path)
    assert reading.source.reader == "text"


# what is refused


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _, path = book(tmp_path, HEAD)
    made.save(path)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(InputError, match=r"pip install 'luoshi\[office\]'"):
        read(path)


def test_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(compound(["EncryptedPackage", "EncryptionInfo"]))
    with pytest.raises(Damaged, match="encrypted"):
        read(path)


def test_a_stray_cell_at_the_far_corner(tmp_path: Path) -> None:
    made, sheet, path = book(tmp_path, HEAD)
    sheet["XFD1048576"] = "x"
    made.save(path)
    with pytest.raises(TooLarge, match="used range"):
        read(path)


def test_empty_and_cut_off(tmp_path: Path) -> None:
    made, _, path = book(tmp_path)
    made.save(path)
    with pytest.raises(EmptyFile):
        read(path)
    made, _sheet, path = book(tmp_path, HEAD)
    made.save(path)
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(InputError):
        read(path)


def test_a_bomb(tmp_path: Path) -> None:
    made, _, path = book(tmp_path, HEAD)
    made.save(path)
    with zipfile.ZipFile(path) as z:
        parts = {i.filename: z.read(i) for i in z.infolist()}
    parts["xl/sharedStrings.xml"] = b"<sst>" + b" " * (60 << 20) + b"</sst>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts.items():
            z.writestr(name, data)
    path.write_bytes(out.getvalue())
    with pytest.raises(TooLarge, match="bomb"):
        read(path)
    with pytest.raises(TooLarge):
        read(path, limits=Limits(unpacked_bytes=1 << 20))


@pytest.mark.slow
def test_twenty_thousand_rows(tmp_path: Path) -> None:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("台账")
    sheet.append(HEAD)
    for n in range(20_000):
        sheet.append(
            [n + 1, f"完成第{n}处水毁修复", "县水务局", "县财政局", dt.date(2025, 1 + n % 12, 1), "在建"]
        )
    path = tmp_path / "long.xlsx"
    made.save(path)
    start = time.process_time()
    (reading,) = read(path)
    assert time.process_time() - start < 3
    assert len(reading.blocks) == 20_001
