"""The Excel workbook: one sheet a question, made for filtering, printing and passing on.

Which columns a sheet has, in which order and how wide, stands in ``data/columns.tsv``.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from luoshi.model import Records
from luoshi.report.files import printable, replace_file
from luoshi.report.index import Index
from luoshi.report.labels import NONE, label
from luoshi.report.tables import (
    CoverageLine,
    TaskRow,
    coverage_lines,
    document_date,
    joined,
    link_lines,
    task_rows,
    unsourced_lines,
)
from luoshi.text.lexicon import table
from luoshi.text.messages import chinese

CREATED = datetime(2000, 1, 1)
CELL_LIMIT = 32_767
ROW_LIMIT = 1_048_576
RELATED = 0.05
"""Share of the requirements that a lower document must carry for its gaps to be listed one by one."""
HEIGHT_LIMIT = 409.0
LINE_HEIGHT = 13.0
FONT = "宋体"
ACCENT = "#1F5F63"


class Jump(NamedTuple):
    """A number that leads to the row which it counts from: sheet and row (0 is the heading)."""

    value: int
    sheet: str
    row: int


Cell = str | int | float | Jump


class Column(NamedTuple):
    """A column: key of its heading, width in characters, whether it is printed."""

    key: str
    width: int
    printed: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its key in the labels, and rows by column."""

    key: str
    rows: list[dict[str, Cell]]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in order; those that are not printed stand last."""
        rows = table("luoshi.report", "columns.tsv")
        return tuple(Column(row[1], int(row[2]), row[3] == "yes") for row in rows if row[0] == self.key)


def write(records: Records, path: Path) -> None:
    """Write the workbook; byte-identical for identical records.

    Text is always written as text, so that what begins with ``=`` or ``@`` never becomes a formula.

    :raises WriteFailed: the file cannot be written.
    """
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
    for sheet in sheets(Index(records)):
        _add(book, sheet, formats)
    book.close()
    replace_file(path, buffer.getvalue())


def sheets(index: Index) -> list[Sheet]:
    """All sheets in order."""
    tasks = task_rows(index)
    made = [
        Sheet("tasks", [_task(t) for t in tasks]),
        _links(index),
        _coverage(index),
        _differences(index),
        _unsourced(index),
        _terms(index),
        _documents(index, tasks),
        _problems(index),
    ]
    return [*made, _notes(made)]


def _task(t: TaskRow) -> dict[str, Cell]:
    c = t.commitment
    return {
        "number": t.number,
        "document": t.short_title,
        "chapter": t.chapter,
        "article": t.article if t.article != NONE else t.place,
        "task": t.text,
        "lead": t.lead,
        "responsible": t.responsible,
        "support": t.support,
        "deadline": t.deadline,
        "targets": t.targets,
        "type": t.type,
        "strength": t.strength,
        "domain": t.domain,
        "places": t.places,
        "verb": "".join(c.modifiers) + c.verb or NONE,
        "object": c.object or NONE,
        "actor": c.actor or NONE,
        "deadlinetext": t.deadline_text,
        "explanation": t.explanation,
        "sentence": t.sentence,
        "id": c.id,
    }


def _links(index: Index) -> Sheet:
    rows: list[dict[str, Cell]] = [
        {
            "lower": k.lower_title,
            "lowerplace": k.lower_place,
            "lowertext": k.link.lower.quote,
            "relation": k.relation,
            "uppertext": k.link.upper.quote,
            "upper": k.upper_title,
            "upperplace": k.upper_place,
            "edits": k.edits,
            "change": k.change,
            "score": round(k.link.score, 3),
            "rank": k.link.rank,
            "stock": round(k.link.stock, 3),
            "direction": k.direction,
            "directionbasis": k.link.direction_basis or NONE,
            "id": k.link.id,
        }
        for k in link_lines(index)
    ]
    return Sheet("links", rows)


def _coverage(index: Index) -> Sheet:
    """A row for each requirement and lower document; where a lower document hardly answers the upper one, the
    requirements without an answer are counted in one row."""
    lines = coverage_lines(index)
    pairs: dict[tuple[str, str], Counter[str]] = {}
    for v in lines:
        pairs.setdefault((v.row.evidence.document, v.row.lower_document), Counter())[v.row.status] += 1
    distant = {pair for pair, count in pairs.items() if count["carried"] < RELATED * count.total()}
    rows: list[dict[str, Cell]] = []
    for v in lines:
        pair = (v.row.evidence.document, v.row.lower_document)
        if v.row.status != "absent" or pair not in distant:
            rows.append(_requirement(v))
        elif pair in pairs:
            rows.append(_counted(v, pairs.pop(pair)["absent"]))
    return Sheet("coverage", rows)


def _requirement(v: CoverageLine) -> dict[str, Cell]:
    return {
        "upper": v.upper_title,
        "upperplace": v.place,
        "requirement": v.row.evidence.quote,
        "lower": v.lower_title,
        "coverage": v.status,
        "by": v.by,
        "change": v.change,
        "lost": v.lost,
        "near": v.near,
        "provisional": label("ui.yes") if v.row.provisional else NONE,
        "judgement": "",
        "id": v.row.id,
    }


def _counted(v: CoverageLine, count: int) -> dict[str, Cell]:
    row = _requirement(v)
    return {
        **row,
        "upperplace": NONE,
        "requirement": label("workbook.counted", n=count),
        "change": NONE,
        "lost": NONE,
        "near": NONE,
        "id": NONE,
    }


def _differences(index: Index) -> Sheet:
    lost: dict[str, list[str]] = {}
    for v in index.records.coverage:
        for link in v.by:
            lost.setdefault(link, []).extend(v.lost)
    rows: list[dict[str, Cell]] = [
        {
            "change": k.change,
            "lower": k.lower_title,
            "lowerplace": k.lower_place,
            "lowertext": k.link.lower.quote,
            "uppertext": k.link.upper.quote,
            "upper": k.upper_title,
            "upperplace": k.upper_place,
            "edits": k.edits,
            "lost": joined(dict.fromkeys(lost.get(k.link.id, ()))),
            "judgement": "",
            "id": k.link.id,
        }
        for k in link_lines(index)
        if k.link.change or lost.get(k.link.id)
    ]
    return Sheet("differences", rows)


def _unsourced(index: Index) -> Sheet:
    rows: list[dict[str, Cell]] = [
        {
            "document": u.title,
            "place": u.place,
            "task": u.row.evidence.quote,
            "nearest": u.nearest,
            "basis": u.nearest_place,
            "judgement": "",
            "id": u.row.commitment,
        }
        for u in unsourced_lines(index)
    ]
    return Sheet("unsourced", rows)


def _terms(index: Index) -> Sheet:
    rows: list[dict[str, Cell]] = [
        {
            "term": t.term,
            "sense": t.sense or NONE,
            "count": t.count if t.count is not None else NONE,
            "members": joined(t.members),
            "document": index.short_title(t.evidence.document),
            "definition": t.evidence.prefix + t.evidence.quote + t.evidence.suffix,
            "uses": len(t.uses),
        }
        for t in index.records.terms
    ]
    return Sheet("terms", rows)


def _documents(index: Index, tasks: list[TaskRow]) -> Sheet:
    first: dict[str, int] = {}
    count: dict[str, int] = {}
    for row, t in enumerate(tasks, 1):
        first.setdefault(t.evidence.document, row)
        count[t.evidence.document] = count.get(t.evidence.document, 0) + 1
    rows: list[dict[str, Cell]] = [
        {
            "number": n,
            "title": d.title or NONE,
            "level": label(f"level.{d.level}") if d.level else NONE,
            "issuer": joined(d.issuers),
            "docnumber": d.number or NONE,
            "date": document_date(d),
            "datebasis": label(f"basis.{d.date_basis}") if d.date_basis else NONE,
            "kind": label(f"kind.{d.kind}"),
            "status": label(f"text.{d.text_status}"),
            "tasks": Jump(count[d.id], label("sheet.tasks"), first[d.id]) if d.id in count else 0,
            "characters": d.characters,
            "cites": joined((f"《{c.title}》{f'（{c.number}）' if c.number else ''}" for c in d.cites), "；"),
            "source": d.source,
            "id": d.id,
        }
        for n, d in enumerate(index.records.documents, 1)
    ]
    return Sheet("documents", rows)


def _problems(index: Index) -> Sheet:
    rows: list[dict[str, Cell]] = [
        {
            "severity": label(f"severity.{p.severity}"),
            "source": p.source,
            "page": p.page if p.page is not None else NONE,
            "code": p.code,
            "message": chinese(p.message),
            "hint": chinese(p.hint) or NONE,
        }
        for p in index.records.problems
    ]
    return Sheet("problems", rows)


def _notes(made: list[Sheet]) -> Sheet:
    lines = [(label("sheet.notes"), label(f"workbook.notes{n}")) for n in range(1, 8)]
    lines += [(label(f"sheet.{s.key}"), label("workbook.range", n=len(s.rows))) for s in made]
    lines += [(f"{label('col.strength')} {n}", label(f"strength.{n}")) for n in range(1, 8)]
    return Sheet("notes", [{"field": a, "meaning": b} for a, b in lines])


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": FONT, "font_size": 10, "valign": "top", "border": 1, "border_color": "#B8C4C4"}
    head = {"bold": True, "bg_color": ACCENT, "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
    return {
        "head": book.add_format({**base, **head}),
        "text": book.add_format({**base, "text_wrap": True, "num_format": "@"}),
        "number": book.add_format({**base, "num_format": "General"}),
        "jump": book.add_format({**base, "font_color": ACCENT, "underline": 1}),
    }


def _add(book: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    page = book.add_worksheet(label(f"sheet.{sheet.key}"))
    columns = sheet.columns
    for number, column in enumerate(columns):
        page.set_column(number, number, column.width)
        prefix = "workbook" if sheet.key == "notes" else "col"
        page.write_string(0, number, label(f"{prefix}.{column.key}"), formats["head"])
    last_row = min(len(sheet.rows), ROW_LIMIT - 1)
    for number, row in enumerate(sheet.rows[:last_row], 1):
        page.set_row(number, _height(row, columns))
        for place, column in enumerate(columns):
            _cell(page, number, place, row[column.key], formats)
    page.freeze_panes(1, 2 if sheet.key == "tasks" else 1)
    page.autofilter(0, 0, max(1, last_row), len(columns) - 1)
    page.print_area(0, 0, max(1, last_row), sum(c.printed for c in columns) - 1)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_header("&C&A")
    page.set_footer("&C— &P —")


def _height(row: dict[str, Cell], columns: tuple[Column, ...]) -> float:
    """Height in points that shows the printed columns whole: only Excel itself fits heights on opening."""
    lines = 1
    for column in columns:
        value = row[column.key]
        if column.printed and isinstance(value, str) and len(value) * 2 > column.width:
            parts = value.split("\n")
            lines = max(lines, sum(-(-_width(part) // (column.width - 1)) or 1 for part in parts))
    return min(HEIGHT_LIMIT, 3 + LINE_HEIGHT * lines)


def _width(text: str) -> int:
    """Width in half-width characters."""
    return len(text.encode("gb18030", "replace"))


def _cell(page: Any, row: int, column: int, value: Cell, formats: dict[str, Any]) -> None:
    if isinstance(value, str):
        page.write_string(row, column, _fit(value), formats["text"])
    elif isinstance(value, Jump):
        page.write_url(row, column, f"internal:'{value.sheet}'!A{value.row + 1}", formats["jump"])
        page.write_number(row, column, value.value, formats["jump"])
    else:
        page.write_number(row, column, value, formats["number"])


def _fit(text: str) -> str:
    text = printable(text)
    # the limit counts UTF-16 units, two at most for a character
    if len(text) <= CELL_LIMIT // 2 or len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT:
        return text
    mark = label("workbook.truncated")
    return text[: CELL_LIMIT // 2 - len(mark)] + mark


__all__ = ["Sheet", "sheets", "write"]
