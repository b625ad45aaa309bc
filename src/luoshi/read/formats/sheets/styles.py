"""What a workbook's own XML says beyond its values: number formats of cells, hidden rows, the used range."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from lxml import etree

from luoshi.errors import TooLarge
from luoshi.read.formats.docx.package import Package
from luoshi.read.formats.ofd.xml import local
from luoshi.read.formats.sheets.numfmt import BUILT_IN

CELLS = 8_000_000
"""Cells of the used range of a sheet at most: a stray cell at its far corner makes it as large as a sheet."""
_FULL_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^>]*[^/>]>")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
_ROW_NUMBER = re.compile(rb"\br=\"([0-9]{1,7})\"")
_REF = re.compile(rb"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")


@dataclass(slots=True)
class SheetStyle:
    """``formats``: number format by (row, column) from 0, only where it is not General."""

    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: int = 0


class Styles:
    """The styles of an XLSX package."""

    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._name = name
        self._parts = _sheet_parts(package)
        self._codes = _formats(package)

    def of_sheet(self, sheet: str) -> SheetStyle:
        """Formats of a sheet's cells.

        :raises TooLarge: when its used range is larger than any ledger.
        """
        out = SheetStyle()
        data = self._package.raw(self._parts.get(sheet, ""))
        if data is None:
            return out
        self._measure(data, sheet)
        out.hidden_rows = sum(1 for m in _ROW.finditer(data) if b'hidden="1"' in m.group())
        if self._codes:
            wanted = b"|".join(str(i).encode() for i in self._codes)
            pattern = re.compile(rb"<(?:\w+:)?c\s[^>]*?\bs=\"(" + wanted + rb")\"[^>]*>")
            for m in pattern.finditer(data):
                place = _REF.search(m.group())
                if place:
                    key = (int(place.group(2)) - 1, column(place.group(1)))
                    out.formats[key] = self._codes[int(m.group(1))]
        return out

    def _measure(self, data: bytes, sheet: str) -> None:
        letters: set[bytes] = set()
        last = first = 0
        for m in _FULL_CELL.finditer(data):
            letters.add(m.group(1))
            last = int(m.group(2))
            first = first or last
        for m in re.finditer(rb"<(?:\w+:)?row\s[^>]*[^/>]>", data):
            place = _ROW_NUMBER.search(m.group())
            last = max(last, int(place.group(1)) if place and letters else 0)
        columns = [column(x) for x in letters]
        wide = max(columns, default=0) - min(columns, default=0) + 1
        if wide * max(1, last - first + 1) > CELLS:
            raise TooLarge(
                f"{self._name}: the used range of sheet {sheet!r} has {last:,} rows and {wide:,} columns.",
                hint="Delete the empty rows and columns at its edge, or split it.",
            )


def column(letters: bytes) -> int:
    """Ordinal of a column from 0: A, B … Z, AA …"""
    n = 0
    for byte in letters:
        n = n * 26 + byte - 64
    return n - 1


def _sheet_parts(package: Package) -> dict[str, str]:
    """Sheet name → part."""
    main = package.main_part()
    root = package.xml(main) if main in package.names() else package.xml("xl/workbook.xml")
    if root is None:
        return {}
    targets = package.related(main if main in package.names() else "xl/workbook.xml")
    out = {}
    for node in root.iter("{*}sheet"):
        key = next((v for k, v in node.attrib.items() if str(k).endswith("}id")), "")
        if str(key) in targets:
            out[node.get("name", "")] = posixpath.normpath(targets[str(key)])
    return out


def _formats(package: Package) -> dict[int, str]:
    """Index of a cell style → its number format, without those that show a value as it is."""
    root = package.xml("xl/styles.xml")
    if root is None:
        return {}
    own = {n.get("numFmtId", ""): n.get("formatCode", "") for n in root.iter("{*}numFmt")}
    out = {}
    for i, node in enumerate(_styles_of(root)):
        key = node.get("numFmtId", "0")
        code = own.get(key) or BUILT_IN.get(int(key) if key.isdigit() else 0, "General")
        if code not in ("General", "@", "0"):
            out[i] = code
    return out


def _styles_of(root: etree._Element) -> list[etree._Element]:
    holder = next(root.iter("{*}cellXfs"), None)
    return [n for n in holder if local(n) == "xf"] if holder is not None else []
