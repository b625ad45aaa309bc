"""Markdown's marks are read, the text between them keeps its places."""

from __future__ import annotations

from luoshi.model import Reading
from luoshi.read import Limits, coverage_gaps, read_with
from luoshi.read.formats.markdown import MarkdownReader

LONG = "各级各部门要提高站位、主动担当，围绕年度任务，倒排工期、挂图作战，确保各项举措见效，让群众得到好处。"


def reading_of(text: str) -> Reading:
    (reading,) = read_with(MarkdownReader(), text.encode(), "a.md", Limits())
    assert coverage_gaps(reading) == ()
    for block in reading.blocks:
        for character, offset in zip(block.text, block.body.offsets.tolist(), strict=True):
            assert offset < 0 or text[offset] in (character, "&")
    return reading


def shape(reading: Reading) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, b.text) for b in reading.blocks]


def test_headings() -> None:
    text = (
        "# 云江省防汛要点\n\n##一、总体要求\n\n### 二、任务 ###\n\n总则\n===\n\n"
        f"#1 号机组要检修。\n\n{LONG}\n"
    )
    assert shape(reading_of(text)) == [
        ("heading", 1, "云江省防汛要点"),
        ("heading", 2, "一、总体要求"),
        ("heading", 3, "二、任务"),
        ("heading", 1, "总则"),
        ("paragraph", 0, "#1号机组要检修。"),
        ("paragraph", 0, LONG),
    ]


def test_lists_and_quotes() -> None:
    text = "- 甲县\n* 乙县\n  - 丙乡\n1. 抓好落实。\n> 引文一段。\n"
    assert shape(reading_of(text)) == [
        ("list-item", 1, "甲县"),
        ("list-item", 1, "乙县"),
        ("list-item", 2, "丙乡"),
        ("list-item", 1, "1. 抓好落实。"),
        ("paragraph", 0, "引文一段。"),
    ]


def test_emphasis_links_pictures_code_and_entities() -> None:
    text = (
        "**一、总体要求**\n\n要**加快**推进_示范_工程，见[实施方案](https://example.org/a(1).pdf)。![图](a.png)\n\n"
        "使用`代码`与\\*星号\\*，A&amp;B 两类，共 3*4*5 项。<u>重点</u>任务<!-- 注 -->。\n"
    )
    reading = reading_of(text)
    assert [b.text for b in reading.blocks] == [
        "一、总体要求",
        "要加快推进_示范_工程，见实施方案。",
        "使用代码与*星号*，A&B 两类，共3*4*5项。重点任务。",
    ]
    assert "bold" in reading.blocks[0].marks and "bold" not in reading.blocks[1].marks
    assert "![图](a.png)" in [d.quote.strip() for d in reading.dropped if d.reason == "image"]


def test_tables_become_rows_with_cells() -> None:
    table = "| 任务 | 责任**单位** |\n| --- | :---: |\n| 加固堤防 | 水利厅 |\n| 备好物资 | |"
    text = f"{LONG}\n\n{table}\n\n{LONG}\n"
    reading = reading_of(text)
    rows = [b for b in reading.blocks if b.kind == "table-row"]
    assert [[b.text[a:z] for a, z in b.cells] for b in rows] == [
        ["任务", "责任单位"],
        ["加固堤防", "水利厅"],
        ["备好物资", ""],
    ]
    assert {b.table for b in rows} == {1}


def test_a_bar_alone_is_no_table() -> None:
    assert shape(reading_of("甲 | 乙\n丙 | 丁\n")) == [
        ("paragraph", 0, "甲 | 乙"),
        ("paragraph", 0, "丙 | 丁"),
    ]


def test_indented_paragraphs_are_no_code() -> None:
    reading = reading_of(f"# 通知\n\n　　{LONG}\n\n    {LONG}\n\n```\n{LONG}\n```\n")
    assert [b.text for b in reading.blocks] == ["通知", LONG, LONG, LONG]
    assert [b.indent for b in reading.blocks] == [0, 2, 2, 0]


def test_metadata_lines_under_the_title() -> None:
    text = (
        "# 云江省防汛要点\n\n**发布日期**: 2025-03-01\n**发布机构**: 云江省水利厅\n"
        f"**原文链接**: [https://example.org](https://example.org)\n\n---\n\n## 政策全文\n\n{LONG}\n"
    )
    reading = reading_of(text)
    assert [b.text for b in reading.blocks] == ["云江省防汛要点", LONG]
    assert reading.metadata == {"published": "2025-03-01", "issuer": "云江省水利厅"}


def test_a_paragraph_cut_in_two_is_joined() -> None:
    reading = reading_of(f"# 通知\n\n{LONG}{LONG[:20]}\n\n{LONG[20:]}\n\n{LONG}\n")
    assert [b.text for b in reading.blocks] == ["通知", LONG + LONG, LONG]
