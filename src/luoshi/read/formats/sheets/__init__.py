"""Ledgers of tasks in workbooks (XLSX, XLSM, XLS, ET, ODS) and in CSV: rows with cells under their header."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec

from luoshi.errors import Damaged, EmptyFile
from luoshi.model import Block, Problem, Reading, Source
from luoshi.read.account import Ledger
from luoshi.read.decode import peek
from luoshi.read.flat import decoded, reading
from luoshi.read.formats import container, ole
from luoshi.read.formats.docx.package import Package
from luoshi.read.formats.docx.scroll import Scroll
from luoshi.read.formats.sheets import delimited
from luoshi.read.formats.sheets.book import INSTALL, Book, sheets
from luoshi.read.formats.sheets.grid import blocks, header_row
from luoshi.read.protocol import Limits

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


BOOKS = frozenset({"Workbook", "Book", "WORKBOOK", "BOOK"})
"""Streams of the old binary format."""


class XlsxReader:
    """Reads workbooks."""

    name = "xlsx"
    extensions: tuple[str, ...] = (".xlsx", ".xlsm", ".xltx", ".xls", ".et", ".ett", ".ods")

    def score(self, head: bytes, name: str) -> float:
        """1 where the container's first entries are those of a workbook, else by its name."""
        named = name.lower().endswith(self.extensions)
        if head.startswith(b"PK\x03\x04"):
            if container.holds(head, "xl/") or container.media_type(head).startswith(MEDIA["ods"]):
                return 1.0
            return 0.9 if named and container.office(head) else 0.0
        if head.startswith(ole.MAGIC):
            if ole.utf16("Workbook") in head:
                return 0.97
            return 0.9 if named and ole.utf16("WordDocument") not in head else 0.0
        return 0.0

    def lacks(self) -> str:
        """Whether the extra office is missing."""
        return "" if find_spec("python_calamine") else INSTALL

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading; each sheet is a table.

        :raises Damaged: when it is encrypted or broken.
        :raises EmptyFile: when no visible sheet holds text.
        """
        package = None
        if data.startswith(ole.MAGIC):
            ole.refuse_encrypted(data, source.path)
            if not BOOKS & ole.streams(data):
                raise Damaged(
                    f"{source.path} is an old Office file without a readable workbook.",
                    hint="Open it in the program that it was written with, and save it as XLSX.",
                )
            kind = "xls"
        else:
            package = Package(data, source.path, limits)
            package.verify("xl/")
            kind = "xlsx" if "xl/workbook.xml" in package.names() else "ods"
        scroll = Scroll()
        book = sheets(data, source.path, package, scroll)
        named = len(book.sheets) > 1
        out: list[Block] = []
        for ordinal, sheet in enumerate(book.sheets, start=1):
            out += blocks(sheet, ordinal, named=named)
        if not out:
            raise EmptyFile(
                f"{source.path} holds no text"
                + (f" besides {len(book.hidden)} hidden sheets." if book.hidden else "."),
                hint="Show its hidden sheets, or fetch it again." if book.hidden else "Fetch it again.",
            )
        return (
            Reading(
                source=replace(source, media_type=MEDIA[kind], length=len(scroll.text)),
                blocks=tuple(out),
                dropped=scroll.ledger().close(out),
                problems=tuple(_problems(source, package, book)),
            ),
        )


def _problems(source: Source, package: Package | None, book: Book) -> Iterable[Problem]:
    if book.hidden:
        yield Problem(
            source.path, "info", "hidden-sheets", f"Hidden sheets are not read: {'、'.join(book.hidden)}.",
            "Show them in the workbook if they belong to the ledger.",
        )  # fmt: skip
    if book.hidden_rows:
        yield Problem(
            source.path, "info", "hidden-rows", f"{book.hidden_rows} hidden rows are read like the others.",
            "Delete them if they no longer hold.",
        )  # fmt: skip
    if package is not None and any(n.endswith("vbaProject.bin") for n in package.names()):
        yield Problem(source.path, "info", "macros", "The file holds macros; they were not looked at.")
    for sheet in book.sheets:
        if max((sum(map(bool, r)) for r in sheet.rows), default=0) > 1 and header_row(sheet.rows) is None:
            yield Problem(
                source.path, "info", "no-header", f"Sheet {sheet.name!r} has no row of column titles.",
                "Without it the columns of units and deadlines are not known.",
            )  # fmt: skip


class CsvReader:
    """Reads tables of text: cells between commas, tabs or semicolons."""

    name = "csv"
    extensions: tuple[str, ...] = (".csv", ".tsv", ".tab")

    def score(self, head: bytes, name: str) -> float:
        """By the shape of the first lines: as many cells in each, under known titles or in a CSV file."""
        text = peek(head)
        if not text or text.lstrip()[:1] in "<{#":
            return 0.0
        shape = delimited.shape(text)
        if shape is None:
            return 0.3 if text.strip() and name.lower().endswith(self.extensions) else 0.0
        if name.lower().endswith(self.extensions):
            return 0.9
        return 0.6 if shape.known else 0.0

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading, one table.

        :raises luoshi.errors.InputError: too large, empty, or no text.
        """
        text = decoded(data, source, limits)
        ledger = Ledger(text.text)
        shape = delimited.shape(text.text[:65536])
        sheet = delimited.sheet(text.text, shape.delimiter if shape else ",", ledger)
        out = tuple(blocks(sheet, 1))
        problems = []
        if shape is not None and header_row(sheet.rows) is None:
            problems.append(
                Problem(
                    source.path, "info", "no-header", "The table has no row of column titles.",
                    "Without it the columns of units and deadlines are not known.",
                )
            )  # fmt: skip
        if not out:
            raise (
                Damaged(f"{source.path} holds no cells.")
                if text.text.strip()
                else EmptyFile(f"{source.path} holds no text.", hint="Fetch it again.")
            )
        return (reading(text, source, "text/csv", out, ledger, problems=problems),)
