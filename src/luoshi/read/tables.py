"""Workbooks and tables of text as rows of cells: for ledgers whose columns are mapped by hand."""

from __future__ import annotations

from dataclasses import dataclass

from luoshi.errors import EmptyFile, TooLarge
from luoshi.model import Source
from luoshi.read.account import Ledger
from luoshi.read.flat import decoded
from luoshi.read.formats import ole
from luoshi.read.formats.docx.package import Package
from luoshi.read.formats.docx.scroll import Scroll
from luoshi.read.formats.sheets import delimited
from luoshi.read.formats.sheets.book import sheets
from luoshi.read.formats.sheets.grid import Sheet, header_row
from luoshi.read.protocol import MIB, Limits

LIMITS = Limits(text_bytes=16 * MIB, file_bytes=16 * MIB, unpacked_bytes=256 * MIB)
"""Those of a ledger, which is small."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet as people see it: merged cells of units and dates are repeated in each of their rows.

    ``header`` is the index of the row of column titles, ``None`` where none was recognised; ``bands`` are
    rows that one merged cell spans (the name of a part).
    """

    name: str
    rows: list[list[str]]
    header: int | None
    bands: frozenset[int]


def tables(data: bytes, name: str, limits: Limits = LIMITS) -> list[Grid]:
    """The visible sheets that hold text.

    :param name: the file's name, for messages and to know a table of text.
    :raises luoshi.errors.InputError: too large, damaged, encrypted, empty, or no table.
    """
    if len(data) > limits.file_bytes:
        raise TooLarge(
            f"{name} has {len(data) / MIB:,.1f} MiB, the limit is {limits.file_bytes / MIB:,.0f} MiB."
        )
    if data.startswith(b"PK\x03\x04"):
        package = Package(data, name, limits)
        package.verify("xl/")
        found = sheets(data, name, package, Scroll()).sheets
    elif data.startswith(ole.MAGIC):
        ole.refuse_encrypted(data, name)
        found = sheets(data, name, None, Scroll()).sheets
    else:
        text = decoded(data, Source(name, "", len(data), "text/csv"), limits).text
        shape = delimited.shape(text[:65536])
        found = [delimited.sheet(text, shape.delimiter if shape else ",", Ledger(text))]
    out = [_grid(s) for s in found if any(any(row) for row in s.rows)]
    if not out:
        raise EmptyFile(f"{name} holds no table.")
    return out


def _grid(sheet: Sheet) -> Grid:
    bands = {
        i for i, row in enumerate(sheet.rows) if sum(1 for c in row if c) == 1 and sheet.wide.get(i, 1) > 1
    }
    return Grid(sheet.name, sheet.rows, header_row(sheet.rows), frozenset(bands))
