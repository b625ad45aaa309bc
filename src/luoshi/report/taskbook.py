"""The Word task book 任务书 in the layout of an official document (GB/T 9704-2012).

A4, margins 37/35/28/26 mm, 22 lines of 28 characters a page, title in 小标宋 22 pt, body 仿宋 16 pt, chapters
黑体, page number “— 1 —” outside. The fonts are named, not embedded; Word falls back to what is there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from luoshi.model import DocumentRow, Records
from luoshi.report.files import printable, replace_file, settle_zip
from luoshi.report.index import Index
from luoshi.report.labels import NONE, label
from luoshi.report.paper import (
    BODY_FONT,
    HEAD_FONT,
    SECOND_FONT,
    TITLE_FONT,
    cell_xml,
    fonts,
    page_number,
    twips,
)
from luoshi.report.tables import TaskRow, document_date, task_rows

LINE = Pt(28.9)
NO_TASKS = frozenset({"commentary", "editorial", "signed-article", "quotes"})
"""Kinds of documents that set no tasks."""

COLUMNS = (
    ("number", 13), ("task", 50), ("lead", 22), ("responsible", 25), ("deadline", 22), ("basis", 24),
)  # fmt: skip
"""Heading and width in mm; together the 156 mm of the type area."""


def write(records: Records, path: Path) -> None:
    """Write the task book; byte-identical for identical records.

    :raises WriteFailed: the file cannot be written.
    """
    index = Index(records)
    tasks = task_rows(index)
    chosen = [t for t in tasks if t.document is None or t.document.kind not in NO_TASKS]
    left_out = [d for d in records.documents if d.kind in NO_TASKS]
    book = docx.Document()
    _page(book)
    _styles(book)
    _front(book, chosen)
    groups = [(key, list(rows)) for key, rows in groupby(chosen, key=lambda t: t.evidence.document)]
    number = 1
    for n, (_, rows) in enumerate(groups, 1):
        if len(groups) > 1:
            _document_heading(book, n, rows[0])
        number = _chapters(book, rows, number)
    if left_out:
        _left_out(book, left_out)
    _properties(book)
    buffer = io.BytesIO()
    book.save(buffer)
    replace_file(path, settle_zip(buffer.getvalue()))


def spoken_date(date: str) -> str:
    """An ISO date as running text has it: 2025-06-30 → 2025年6月30日; anything else as it is."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", date)
    if found is None:
        return date
    return "".join(f"{int(part)}{unit}" for part, unit in zip(found.groups(), "年月日", strict=True) if part)


def _page(book: Any) -> None:
    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "578")
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(grid)
    book.settings.odd_and_even_pages_header_footer = True
    page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _styles(book: Any) -> None:
    for name, font, size in (
        ("Normal", BODY_FONT, 16),
        ("Title", TITLE_FONT, 22),
        ("Heading 1", HEAD_FONT, 16),
        ("Heading 2", SECOND_FONT, 16),
    ):
        style = book.styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
        style.font.color.rgb = docx.shared.RGBColor(0, 0, 0)
        fonts(style.element.get_or_add_rPr(), font)
        spacing = style.paragraph_format
        spacing.space_before = spacing.space_after = Pt(0)
        spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    title = book.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(35)
    title.paragraph_format.space_after = LINE
    for border in title.element.findall(".//" + qn("w:pBdr")):
        border.getparent().remove(border)


def _paragraph(book: Any, text: str, style: str = "Normal", indent: bool = True) -> Any:
    paragraph = book.add_paragraph(printable(text), style=style)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    return paragraph


def _front(book: Any, tasks: Sequence[TaskRow]) -> None:
    documents = list(dict.fromkeys(t.evidence.document for t in tasks))
    if not tasks:
        _paragraph(book, label("taskbook.title"), "Title", indent=False)
        _paragraph(book, label("taskbook.nothing"))
        return
    title = tasks[0].document_title
    one = len(documents) == 1
    _paragraph(
        book,
        label("taskbook.titleone", title=title) if one else label("taskbook.title"),
        "Title",
        indent=False,
    )
    key = "taskbook.introone" if one else "taskbook.intro"
    _paragraph(book, label(key, title=title, count=len(documents), tasks=len(tasks)))


def _document_heading(book: Any, n: int, task: TaskRow) -> None:
    heading = _paragraph(book, f"《{task.document_title}》", "Heading 1")
    heading.paragraph_format.space_before = Pt(12 if n > 1 else 0)
    heading.paragraph_format.keep_with_next = True
    row = task.document
    if row is not None:
        facts = [
            x
            for x in ("、".join(row.issuers), row.number or "", spoken_date(document_date(row)))
            if x and x != NONE
        ]
        if facts:
            _paragraph(book, f"（{'，'.join(facts)}）")


def _chapters(book: Any, rows: Sequence[TaskRow], number: int) -> int:
    """The tables of one document; returns the next number."""
    divided = any(t.chapter != NONE for t in rows)
    for chapter, tasks in groupby(rows, key=lambda t: t.chapter):
        if divided:
            title = chapter if chapter != NONE else label("taskbook.ungrouped")
            heading = _paragraph(book, title, "Heading 2")
            heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(6)
            heading.paragraph_format.keep_with_next = True
        number = _table(book, list(tasks), number)
    return number


def _table(book: Any, tasks: Sequence[TaskRow], number: int) -> int:
    """A table of tasks, as one piece of XML: python-docx looks at the whole table for each cell."""
    head = [label(f"col.{key}") for key, _ in COLUMNS]
    rows = [row_xml(head, head=True)]
    rows += [row_xml(cells, head=False) for cells in _cells(tasks, number)]
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for _, width in COLUMNS)
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    width = sum(twips(width) for _, width in COLUMNS)
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    body = book.element.body
    body.insert(len(body) - 1, table)  # before the section's properties, which stand last
    return number + len(tasks)


def _cells(tasks: Sequence[TaskRow], number: int) -> Iterator[list[str]]:
    for n, t in enumerate(tasks, number):
        helpers = f"（{label('role.support')}：{t.support}）" if t.support != NONE else ""
        responsible = "\n".join(x for x in (t.responsible if t.responsible != NONE else "", helpers) if x)
        yield [
            str(n),
            t.text,
            t.lead,
            responsible or NONE,
            t.deadline,
            t.article if t.article != NONE else t.place,
        ]


def row_xml(texts: Sequence[str], *, head: bool) -> str:
    """A row of the table; what stands in the texts is escaped."""
    cells = "".join(
        cell_xml(text, width, head=head, center=head or i in (0, 4))
        for i, (text, (_, width)) in enumerate(zip(texts, COLUMNS, strict=True))
    )
    repeat = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{cells}</w:tr>"


def _left_out(book: Any, documents: Sequence[DocumentRow]) -> None:
    paragraph = _paragraph(book, label("taskbook.excluded"))
    paragraph.paragraph_format.space_before = Pt(12)
    for d in documents:
        _paragraph(book, f"{d.title}（{label(f'kind.{d.kind}')}，{spoken_date(document_date(d))}）")


def _properties(book: Any) -> None:
    core = book.core_properties
    core.author = core.last_modified_by = "Luoshi"
    core.title = label("taskbook.title")
    core.created = core.modified = datetime(2000, 1, 1)
    core.revision = 1
    core.comments = ""
