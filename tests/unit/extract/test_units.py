"""Bodies of a document: notes, lines, tables."""

from __future__ import annotations

from luoshi import structure
from luoshi.extract import units
from luoshi.model import Document, Paragraph


def table(text: str) -> Document:
    document = structure.plain(text, id="t")
    rows = tuple(
        Paragraph(p.start, p.end, "table-row" if "\t" in document.text[p.start : p.end] else p.kind)
        for p in document.paragraphs
    )
    return document.with_rows(paragraphs=rows)


def show(document: Document) -> str:
    found = units.mentions(document)
    assert all(document.text[u.start : u.end] == u.name for u in found)
    return " ".join(f"{u.name}/{u.role[0]}" for u in found)


def test_notes_and_lines() -> None:
    text = "一、修渠。（水利局负责）\n责任单位：林业局、财政局\n其他事项照旧。"
    assert show(structure.plain(text, id="t")) == "水利局/r 林业局/r 财政局/r"


def test_a_remark_holds_for_the_whole_document() -> None:
    text = "修渠。（水利部、财政部负责，排在第一位的部门为牵头部门，下同）\n造林。（林草局、水利部负责）"
    assert show(structure.plain(text, id="t")) == "水利部/l 财政部/r 林草局/l 水利部/r"


def test_columns_of_a_table() -> None:
    head = "序号\t任务\t牵头单位\t责任单位\n"
    text = head + "1\t修渠\t水利局\t财政局、各镇\n2\t造林\t林业局\t财政局\n以上任务年底前完成。"
    assert show(table(text)) == "水利局/l 财政局/r 各镇/r 林业局/l 财政局/r"


def test_table_without_such_columns() -> None:
    assert show(table("序号\t任务\n1\t修渠（水利局负责）")) == "水利局/r"
