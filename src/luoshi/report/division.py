"""A division of work (任务分解表) as provinces print it: A4 landscape, one table, a band per chapter.

Excel and Word show the same rows. The head is repeated on each page, rows never break across pages, nothing
is cut short: heights are worked out from the text, since only Excel itself fits them on opening.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import docx
import xlsxwriter
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt

from luoshi.report import paper
from luoshi.report.files import printable, settle_zip

WIDTH = 247.0
"""Millimetres between the margins."""
CREATED = datetime(2000, 1, 1)
UNIT = 2.02
"""Millimetres of a unit of column width in Excel, in print."""
LINE_HEIGHT = 16.5
HIGHEST = 409.0
LONGEST = 32_767
_SENSE = re.compile(
    r"(?:[》）]|精神|的| (?=\S)|(?=关于)|(?=贯彻落实)|(?<=[年度])(?=推进|重点))(?![》）”’、，。；：])"
)
"""Where a title may be broken."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of its cells, its head, its width in mm; ``center`` for short cells.

    ``choices`` are the only values that Excel lets in; ``free`` cells may be filled in, all others are
    protected where the table has some; a ``hidden`` column is kept for reading the file back in.
    """

    key: str
    head: str
    width: float
    center: bool = False
    choices: tuple[str, ...] = ()
    free: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class DivisionTable:
    """What is printed: ``rows`` are cells by key; ``chapter`` of a row names its band."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, str]]
    subtitle: str = ""
    notes: Sequence[str] = ()
    sheet: str = "1"

    def chapters(self) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
        """The rows under their bands; rows without a chapter stand under none."""
        for chapter, rows in groupby(self.rows, key=lambda r: r.get("chapter", "")):
            yield chapter, list(rows)

    @property
    def shown(self) -> list[Column]:
        """The columns that are printed, fitted to the width of the page."""
        some = [c for c in self.columns if not c.hidden]
        scale = WIDTH / sum(c.width for c in some)
        return [Column(c.key, c.head, c.width * scale, c.center, c.choices, c.free) for c in some]


def as_docx(table: DivisionTable) -> bytes:
    """The division as a Word file; the same bytes for the same table."""
    book = docx.Document()
    section = book.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(26), Mm(24)
    section.footer_distance = Mm(15)
    paper.page_number(section.footer, WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(
        book, broken(table.title, 31), paper.TITLE_FONT, 22, after=6 if table.subtitle else 14, line=30
    )
    if table.subtitle:
        _paragraph(book, table.subtitle, paper.SECOND_FONT, 14, after=12, line=22)
    shown = table.shown
    rows = [_row_xml([(c.head, c.width, 1) for c in shown], shown, head=True)]
    for chapter, some in table.chapters():
        if chapter:
            rows.append(_band_xml(chapter, len(shown)))
        rows += [_row_xml([(r.get(c.key, ""), c.width, 1) for c in shown], shown) for r in some]
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{paper.twips(c.width)}"/>' for c in shown)
    made = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{paper.twips(WIDTH)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    body = book.element.body
    body.insert(len(body) - 1, made)
    for n, note in enumerate(table.notes):
        _paragraph(book, note, paper.SECOND_FONT, 12, before=8 if n == 0 else 0, line=20, center=False)
    core = book.core_properties
    core.author = core.last_modified_by = "Luoshi"
    core.title, core.comments, core.revision = printable(table.title)[:200], "", 1
    core.created = core.modified = CREATED
    buffer = io.BytesIO()
    book.save(buffer)
    return settle_zip(buffer.getvalue())


def _paragraph(
    book: Any,
    text: str,
    font: str,
    size: float,
    *,
    before: float = 0,
    after: float = 0,
    line: float,
    center: bool = True,
) -> None:
    paragraph = book.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    if center:
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.run(paragraph, text, font, size)


def broken(title: str, room: int) -> str:
    """A title that is wider than a line, in two lines that end where its sense does.

    :param room: characters of a line.
    """
    if _width(title) <= 2 * room:
        return title
    places = [
        m.end()
        for m in _SENSE.finditer(title)
        if max(_width(title[: m.end()]), _width(title[m.end() :])) <= 2 * room
    ]
    if not places:
        return title
    at = min(places, key=lambda p: abs(2 * p - len(title)))
    return f"{title[:at].rstrip()}\n{title[at:].lstrip()}"


def _row_xml(
    cells: Sequence[tuple[str, float, int]], columns: Sequence[Column], *, head: bool = False
) -> str:
    inner = "".join(
        paper.cell_xml(text, width, head=head, center=head or c.center, span=span)
        for (text, width, span), c in zip(cells, columns, strict=True)
    )
    repeat = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{inner}</w:tr>"


def _band_xml(chapter: str, span: int) -> str:
    """The band of a chapter: one cell across the table, kept with the row that follows."""
    cell = paper.cell_xml(chapter, WIDTH, head=True, span=span)
    cell = cell.replace("<w:pPr>", "<w:pPr><w:keepNext/>", 1)
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"


def as_xlsx(table: DivisionTable) -> bytes:
    """The division as an Excel file, ready to print; texts are texts, never formulas or links."""
    buffer = io.BytesIO()
    told = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, told)
    book.set_properties({"title": printable(table.title)[:200], "author": "Luoshi", "created": CREATED})
    page = book.add_worksheet("".join(c for c in table.sheet if c not in "[]:*?/\\'")[:31] or "1")
    forms = _formats(book)
    columns = [*table.shown, *(c for c in table.columns if c.hidden)]
    last = len(table.shown) - 1
    for n, column in enumerate(columns):
        hidden = {"hidden": True} if column.hidden else {}
        page.set_column(n, n, column.width / UNIT, None, hidden)
    at = _top(page, table, forms, last)
    for n, column in enumerate(columns):
        page.write_string(at, n, printable(column.head), forms["head"])
    page.set_row(at, _height([(c.head, c.width) for c in columns], 24))
    page.repeat_rows(0 if at == 0 else at)
    page.freeze_panes(at + 1, 0)
    first = at + 1
    at = _body(page, table, columns, forms, first)
    for column, n in ((c, n) for n, c in enumerate(columns) if c.choices and at > first):
        page.data_validation(first, n, at - 1, n, {"validate": "list", "source": list(column.choices)})
    for note in table.notes:
        page.merge_range(at, 0, at, last, printable(note)[:LONGEST], forms["note"])
        page.set_row(at, _height([(note, WIDTH)], 18))
        at += 1
    page.print_area(0, 0, at - 1, last)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.7)
    page.set_footer("&C— &P —")
    page.center_horizontally()
    if any(c.free for c in columns):
        page.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    book.close()
    return settle_zip(buffer.getvalue())


def _formats(book: Any) -> dict[str, Any]:
    cell = {"font_name": "仿宋_GB2312", "font_size": 11, "valign": "vcenter", "border": 1, "text_wrap": True}
    return {
        "title": book.add_format(
            {
                "font_name": "方正小标宋简体",
                "font_size": 20,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
            }
        ),
        "subtitle": book.add_format(
            {
                "font_name": "楷体_GB2312",
                "font_size": 12,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
            }
        ),
        "head": book.add_format({**cell, "font_name": "黑体", "align": "center"}),
        "band": book.add_format({**cell, "font_name": "黑体", "align": "left", "indent": 1}),
        "text": book.add_format({**cell, "num_format": "@", "indent": 1}),
        "center": book.add_format({**cell, "num_format": "@", "align": "center"}),
        "free": book.add_format(
            {**cell, "num_format": "@", "locked": False, "bg_color": "#FFF9E5", "indent": 1}
        ),
        "note": book.add_format(
            {"font_name": "楷体_GB2312", "font_size": 11, "valign": "top", "text_wrap": True}
        ),
    }


def _top(page: Any, table: DivisionTable, forms: dict[str, Any], last: int) -> int:
    """Title and subtitle across the table; the row after them."""
    title = broken(table.title, 34)
    page.merge_range(0, 0, 0, last, printable(title), forms["title"])
    # 20 pt are 7.06 mm a character
    lines = sum(-(-_width(part) * 3.53 // (WIDTH - 6)) for part in title.split("\n"))
    page.set_row(0, 30.0 * lines + 8)
    if not table.subtitle:
        return 1
    page.merge_range(1, 0, 1, last, printable(table.subtitle), forms["subtitle"])
    page.set_row(1, _height([(table.subtitle, WIDTH)], 20))
    return 2


def _body(page: Any, table: DivisionTable, columns: Sequence[Column], forms: dict[str, Any], at: int) -> int:
    """The rows under their bands; the row after the last."""
    last = len(table.shown) - 1
    for chapter, rows in table.chapters():
        if chapter:
            page.merge_range(at, 0, at, last, printable(chapter)[:LONGEST], forms["band"])
            page.set_row(at, _height([(chapter, WIDTH)], 22))
            at += 1
        for row in rows:
            for n, c in enumerate(columns):
                form = forms["free" if c.free else "center" if c.center else "text"]
                page.write_string(at, n, printable(row.get(c.key, ""))[:LONGEST], form)
            page.set_row(at, _height([(row.get(c.key, ""), c.width) for c in columns if not c.hidden], 22))
            at += 1
    return at


def _height(cells: Sequence[tuple[str, float]], least: float) -> float:
    """Height in points in which all cells (text, width in mm) are seen whole; 11 pt are 3.88 mm."""
    lines = 1
    for text, width in cells:
        room = max(2, int((width - 7.5) / 1.98))
        lines = max(lines, sum(max(1, -(-_width(part) // room)) for part in text.split("\n")))
    return min(HIGHEST, max(least, 7 + LINE_HEIGHT * lines))


def _width(text: str) -> int:
    """Width in half-width characters."""
    return len(text.encode("gb18030", "replace"))


__all__ = ["Column", "DivisionTable", "as_docx", "as_xlsx"]
