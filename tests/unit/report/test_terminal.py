from __future__ import annotations

import io
from dataclasses import replace

import made_records as made
import pytest
from rich.console import Console

from luoshi.model import Records
from luoshi.report import terminal


def printed(draw, *arguments, width: int = 130, **options) -> str:  # type: ignore[no-untyped-def]
    out = io.StringIO()
    draw(*arguments, console=Console(file=out, width=width, highlight=False), **options)
    return out.getvalue()


def test_compare() -> None:
    text = printed(terminal.compare, made.two())
    for part in (
        "云政发〔2024〕12号",
        "≈ 改写 4",
        "● 已承接 6   ◐ 部分承接 2   ○ 未见承接 5",
        "沿江地区→云江",
        "措辞较缓",
    ):
        assert part in text


def test_compare_in_english() -> None:
    assert "○ Not found 5" in printed(terminal.compare, made.two(), language="en")


def test_compare_of_nothing() -> None:
    assert printed(terminal.compare, Records()) == "没有文件。\n"
    records = made.two()
    assert "没有找到对应的表述。" in printed(terminal.compare, Records(documents=records.documents))


@pytest.mark.parametrize("table", [t for t in Records.TABLES if t not in ("problems", "dropped", "sources")])
def test_show_every_kind_of_row(table: str) -> None:
    records = made.two()
    for row in getattr(records, table):
        text = printed(terminal.show, records, table, row)
        assert row.id in text
        assert len(text.splitlines()) > 3


def test_show_a_commitment_with_its_context_and_source() -> None:
    records = made.two()
    row = next(c for c in records.commitments if "大力建设云江" in c.evidence.quote)
    text = printed(terminal.show, records, "commitments", row)
    for part in ("1.建设高标准农田。", "牵头单位：省农业农村厅", "≈ 改写", "大力建设沿江地区高标准农田"):
        assert part in text


def test_problem_and_dropped_rows() -> None:
    records = made.two()
    assert "文件在第3页中断。" in printed(terminal.show, records, "problems", records.problems[0])
    assert "navigation" in printed(terminal.show, records, "dropped", records.dropped[0])


def test_escape_sequences_and_markup_of_a_document_do_nothing() -> None:
    records = made.two()
    records.documents[0] = replace(records.documents[0], title="\x1b[2J[bold red]标题[/]")
    text = printed(terminal.compare, records)
    assert "\x1b" not in text
    assert "[bold red]标题[/]" in text
