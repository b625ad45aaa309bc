"""Any table as a file: CSV, Excel, JSON; the one place where rows of the register leave as a table.

::

    columns = [Column(_("编号"), 7), Column(_("任务事项"), 48)]
    table = Table(_("任务台账"), columns, ([c.pk, c.text] for c in rows))
    return download(table, request.GET.get("format", ""))
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

_STRANGE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
"""What Excel cannot keep: control characters, halves of surrogate pairs."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WIDE = 190
"""Characters across beyond which a table is printed on A3."""
HIGHEST = 409.0
"""Points that a row of Excel may have."""
CHUNK = 1 << 16
"""Characters of a CSV file that are sent at once."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its width in Excel (characters), its name in JSON where that is not the head.

    ``form`` is how Excel shows its numbers (``0.0%``).
    """

    head: str
    width: float = 16
    key: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name (file and sheet), columns, rows of plain cells in their order.

    ``frozen`` columns stay in sight in Excel; ``notes`` stand below its last row.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    frozen: int = 1
    notes: Sequence[str] = ()


def as_csv(table: Table) -> Iterator[bytes]:
    """Comma-separated, UTF-8 with its mark, for Excel; a cell never begins a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([_harmless(c.head) for c in table.columns])
    for row in table.rows:
        writer.writerow([_harmless(c) for c in row])
        if out.tell() > CHUNK:
            yield out.getvalue().encode("utf-8", "replace")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8", "replace")


def _harmless(cell: Any) -> Any:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return _plain(cell)


def _plain(cell: Any) -> Any:
    """What all three formats can keep: numbers as numbers, all else as text."""
    if cell is None or isinstance(cell, bool | int | float | str):
        return cell
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def as_json(table: Table) -> Iterator[bytes]:
    """A list of objects, one per row."""
    keys = [c.key or c.head for c in table.columns]
    before = b"[\n"
    for row in table.rows:
        plain = {k: _plain(v) for k, v in zip(keys, row, strict=True)}
        yield before + json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def as_xlsx(table: Table) -> Any:
    """An Excel file, open at its beginning; texts are texts, never formulas or links."""
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it
    told = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, told) as book:
        sheet = book.add_worksheet(_sheet_name(table.name))
        head = book.add_format(
            {"bold": True, "bg_color": "#E0EEEE", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        cell = {"border": 1, "text_wrap": True, "valign": "top"}
        body = book.add_format(cell)
        shown = {
            i: book.add_format(cell | {"num_format": c.form}) for i, c in enumerate(table.columns) if c.form
        }
        widths = [c.width for c in table.columns]
        for i, width in enumerate(widths):
            sheet.set_column(i, i, width)
        sheet.freeze_panes(1, table.frozen)
        _printed(sheet, sum(widths))
        heads = [c.head for c in table.columns]
        sheet.set_row(0, _height(heads, widths))
        sheet.write_row(0, 0, heads, head)
        n = 0
        for n, row in enumerate(table.rows, 1):
            cells = [_cell(c) for c in row]
            sheet.set_row(n, _height(cells, widths))
            sheet.write_row(n, 0, cells, body)
            for i, form in shown.items():
                if isinstance(cells[i], int | float):
                    sheet.write_number(n, i, cells[i], form)
        sheet.autofilter(0, 0, n, max(0, len(table.columns) - 1))
        for i, note in enumerate(table.notes, n + 2):
            sheet.write_string(i, 0, note)
    out.seek(0)
    return out


def _printed(sheet: Any, width: float) -> None:
    """Across, the head on each page, its name above, numbers below; A3 for what A4 would make too small."""
    sheet.set_landscape()
    sheet.set_paper(8 if width > WIDE else 9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    sheet.set_header(f"&C&A&R{date.today().isoformat()}")
    sheet.set_footer("&C— &P / &N —")


def _height(cells: Sequence[Any], widths: Sequence[float]) -> float:
    """Points in which every text of a row is seen whole: only Excel itself fits heights on opening."""
    lines = 1
    for cell, width in zip(cells, widths, strict=False):
        if isinstance(cell, str) and (2 * len(cell) > width - 1 or "\n" in cell):
            room = max(2.0, width - 1.5)
            parts = cell.split("\n")
            lines = max(lines, sum(-int(-len(p.encode("gb18030", "replace")) // room) or 1 for p in parts))
    return min(HIGHEST, 15.0 * lines)


def _cell(cell: Any) -> Any:
    """A cell as Excel takes it: at most 32,767 characters, no control characters, no infinite numbers."""
    cell = _plain(cell)
    if isinstance(cell, float) and (cell != cell or cell in (float("inf"), float("-inf"))):
        return str(cell)
    if not isinstance(cell, str):
        return cell
    if _STRANGE.search(cell):
        cell = _STRANGE.sub(lambda m: "?" if m[0] >= " " else "", cell)
    return cell[:32767]


def _sheet_name(name: str) -> str:
    return "".join(c for c in name if c not in "[]:*?/\\'")[:31] or "1"


def file_name(title: str) -> str:
    """A title as a file's name: Chinese stops and dashes stay, what file systems do not take goes."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]+', "", re.sub(r"\s+", "_", title)).strip("._ ")[:80] or "1"


def download(table: Table, kind: str = "", *, name: str = "") -> HttpResponseBase:
    """The table as a file to keep: ``kind`` csv (also where it says nothing known), xlsx, json.

    :param name: the file's name without its ending; by default the table's name and the day.
    """
    name = file_name(name or f"{table.name}-{date.today().isoformat()}")
    if kind == "xlsx":
        return FileResponse(as_xlsx(table), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    if kind == "json":
        return _streamed(as_json(table), "application/json", f"{name}.json")
    return _streamed(as_csv(table), "text/csv; charset=utf-8", f"{name}.csv")


def _streamed(content: Iterator[bytes], media_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(name)}"
    return response
