"""The Excel workbook: one sheet a question, made for filtering, printing and passing on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from luoshi.model import Records
from luoshi.report.files import printable, replace_file
from luoshi.report.index import Index
from luoshi.report.labels import NONE, label
from luoshi.report.tables import (
    coverage_lines,
    document_date,
    joined,
    link_lines,
    task_rows,
    unsourced_lines,
)
from luoshi.text.lexicon import table

CREATED = datetime(2000, 1, 1)
CELL_LIMIT = 32_767
ROW_LIMIT = 1_048_576
FONT = "宋体"
ACCENT = "#1F5F63"

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its key in the labels, columns as (key of the heading, width in characters), rows."""

    key: str
    columns: tuple[tuple[str, int], ...]
    rows: list[tuple[Cell, ...]]


def write(records: Records, path: Path) -> None:
    """Write the workbook; byte-identical for identical records.

    Text is always written as text, so that what begins with ``=`` or ``@`` never becomes a formula.

    :raises WriteFailed: the file cannot be written.
    """
    index = Index(records)
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": label("app.title"), "author": "Luoshi", "created": CREATED})
    book.set_calc_mode("manual")
    formats = _formats(book)
    for sheet in (*sheets(index), _notes(index)):
        _add(book, sheet, formats)
    book.close()
    replace_file(path, buffer.getvalue())


def sheets(index: Index) -> list[Sheet]:
    """All sheets but the notes, in order."""
    return [
        _tasks(index), _links(index), _coverage(index), _differences(index), _unsourced(index), _terms(index),
        _documents(index), _problems(index),
    ]  # fmt: skip


def _columns(sheet: str) -> tuple[tuple[str, int], ...]:
    rows = table("luoshi.report", "columns.tsv")
    return tuple((key, int(width)) for name, key, width in rows if name == sheet)


def _tasks(index: Index) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            t.number,
            t.document_title,
            t.chapter,
            t.article,
            t.text,
            t.commitment.verb or NONE,
            t.commitment.object or NONE,
            t.commitment.actor or NONE,
            t.lead,
            t.responsible,
            t.support,
            t.deadline,
            t.deadline_text,
            t.explanation,
            t.targets,
            t.places,
            t.type,
            t.strength,
            t.domain,
            t.sentence,
            t.commitment.id,
        )
        for t in task_rows(index)
    ]
    return Sheet("tasks", _columns("tasks"), rows)


def _links(index: Index) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            k.lower_title,
            k.lower_place,
            k.link.lower.quote,
            k.relation,
            k.link.upper.quote,
            k.upper_title,
            k.upper_place,
            k.edits,
            k.change,
            round(k.link.score, 3),
            k.link.rank,
            round(k.link.stock, 3),
            k.direction,
            k.link.direction_basis or NONE,
            k.link.id,
        )
        for k in link_lines(index)
    ]
    return Sheet("links", _columns("links"), rows)


def _coverage(index: Index) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            v.upper_title,
            v.place,
            v.row.evidence.quote,
            v.lower_title,
            v.status,
            v.by,
            v.lost,
            v.near,
            label("ui.yes") if v.row.provisional else NONE,
            "",
            v.row.id,
        )
        for v in coverage_lines(index)
    ]
    return Sheet("coverage", _columns("coverage"), rows)


def _differences(index: Index) -> Sheet:
    lost: dict[str, list[str]] = {}
    for v in index.records.coverage:
        for link in v.by:
            lost.setdefault(link, []).extend(v.lost)
    rows: list[tuple[Cell, ...]] = [
        (
            k.change,
            k.lower_title,
            k.lower_place,
            k.link.lower.quote,
            k.link.upper.quote,
            k.upper_title,
            k.upper_place,
            k.edits,
            joined(dict.fromkeys(lost.get(k.link.id, ()))),
            "",
            k.link.id,
        )
        for k in link_lines(index)
        if k.link.change or lost.get(k.link.id)
    ]
    return Sheet("differences", _columns("differences"), rows)


def _unsourced(index: Index) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (u.title, u.place, u.row.evidence.quote, u.nearest, u.nearest_place, "", u.row.commitment)
        for u in unsourced_lines(index)
    ]
    return Sheet("unsourced", _columns("unsourced"), rows)


def _terms(index: Index) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            t.term,
            t.sense or NONE,
            t.count if t.count is not None else NONE,
            joined(t.members),
            index.title(t.evidence.document),
            t.evidence.quote,
            len(t.uses),
        )
        for t in index.records.terms
    ]
    return Sheet("terms", _columns("terms"), rows)


def _documents(index: Index) -> Sheet:
    tasks: dict[str, int] = {}
    for c in index.commitments:
        tasks[c.evidence.document] = tasks.get(c.evidence.document, 0) + 1
    rows: list[tuple[Cell, ...]] = [
        (
            n,
            d.title or NONE,
            label(f"level.{d.level}") if d.level else NONE,
            joined(d.issuers),
            d.number or NONE,
            document_date(d),
            label(f"basis.{d.date_basis}") if d.date_basis else NONE,
            label(f"kind.{d.kind}"),
            label(f"text.{d.text_status}"),
            tasks.get(d.id, 0),
            d.characters,
            joined((f"《{c.title}》{f'（{c.number}）' if c.number else ''}" for c in d.cites), "；"),
            d.source,
            d.id,
        )
        for n, d in enumerate(index.records.documents, 1)
    ]
    return Sheet("documents", _columns("documents"), rows)


def _problems(index: Index) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            label(f"severity.{p.severity}"),
            p.source,
            p.page if p.page is not None else NONE,
            p.code,
            p.message,
            p.hint or NONE,
        )
        for p in index.records.problems
    ]
    return Sheet("problems", _columns("problems"), rows)


def _notes(index: Index) -> Sheet:
    rows: list[tuple[Cell, ...]] = [(label("sheet.notes"), label(f"workbook.notes{n}")) for n in range(1, 7)]
    rows += [(label(f"sheet.{s.key}"), label("workbook.range", n=len(s.rows))) for s in sheets(index)]
    for group, keys in (
        ("strength", map(str, range(1, 8))),
        ("relation", ("verbatim", "adapted", "specified")),
    ):
        rows += [(label(f"col.{group}") + f" {key}", label(f"{group}.{key}")) for key in keys]
    return Sheet("notes", _columns("notes"), rows)


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": FONT, "font_size": 10, "valign": "top", "border": 1, "border_color": "#B8C4C4"}
    return {
        "head": book.add_format(
            {
                **base,
                "bold": True,
                "bg_color": ACCENT,
                "font_color": "#FFFFFF",
                "text_wrap": True,
                "valign": "vcenter",
            }
        ),
        "text": book.add_format({**base, "text_wrap": True, "num_format": "@"}),
        "number": book.add_format({**base, "num_format": "General"}),
    }


def _add(book: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    page = book.add_worksheet(label(f"sheet.{sheet.key}"))
    last = len(sheet.columns) - 1
    heads = [_heading(sheet, key) for key, _ in sheet.columns]
    for column, (head, (_, width)) in enumerate(zip(heads, sheet.columns, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, head, formats["head"])
    for number, row in enumerate(sheet.rows[: ROW_LIMIT - 1], 1):
        _row(page, number, row, formats)
    page.freeze_panes(1, 2 if sheet.key == "tasks" else 1)
    page.autofilter(0, 0, max(1, min(len(sheet.rows), ROW_LIMIT - 1)), last)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_footer("&C— &P —")
    page.set_header("&C&A")


def _heading(sheet: Sheet, key: str) -> str:
    return label(f"workbook.{key}") if sheet.key == "notes" else label(f"col.{key}")


def _row(page: Any, number: int, row: Sequence[Cell], formats: dict[str, Any]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            page.write_string(number, column, _fit(value), formats["text"])
        else:
            page.write_number(number, column, value, formats["number"])


def _fit(text: str) -> str:
    text = printable(text)
    if len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT:
        return text
    mark = label("workbook.truncated")
    return text[: CELL_LIMIT // 2 - len(mark)] + mark


__all__ = ["Sheet", "sheets", "write"]
