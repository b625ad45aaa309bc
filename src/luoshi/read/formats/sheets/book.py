"""Workbooks to sheets of text, through python-calamine."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from luoshi.errors import Damaged, InputError
from luoshi.model import Mapped, concat
from luoshi.read.formats.docx.package import Package
from luoshi.read.formats.docx.scroll import Scroll
from luoshi.read.formats.sheets.grid import Sheet, clean, header_row
from luoshi.read.formats.sheets.numfmt import shown
from luoshi.read.formats.sheets.styles import CELLS, SheetStyle, Styles
from luoshi.text.columns import column_role, repeats

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

HIDDEN = "hidden sheet"
INSTALL = "Install the extra office: pip install 'luoshi[office]'."


class NeedsOffice(InputError):
    """The file is a workbook, and the extra that reads workbooks is not installed."""

    code = "missing-extra"


_PLAIN = SheetStyle()


@dataclass(slots=True)
class Book:
    """The visible sheets, and what else is in the file."""

    sheets: list[Sheet] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    hidden_rows: int = 0


def workbook(data: bytes, name: str) -> CalamineWorkbook:
    """An open workbook.

    :raises InputError: when python-calamine is not installed.
    :raises Damaged: when it is encrypted or cannot be read.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError
    except ImportError:
        raise NeedsOffice(
            f"{name} is a workbook, and what reads workbooks is not installed.",
            hint=f"{INSTALL} Or save the sheet as CSV.",
        ) from None
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise Damaged(f"{name} is encrypted with a password.", hint="Save it without the password.") from None
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: BaseException) -> Damaged:
    return Damaged(f"{name} is a damaged workbook: {error}.", hint="Open it and save it anew.")


@contextmanager
def _no_panic(name: str, *, quiet: bool) -> Iterator[None]:
    """What goes wrong inside the library is an error about the file.

    Its panics are no ``Exception``, lest anybody catch them by accident; we do it on purpose, by their name.

    :param quiet: keep from the terminal what it writes of a panic; the old binary format can bring it to one.
    """
    try:
        with _silence() if quiet else nullcontext():
            yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(name, error) from error


@contextmanager
def _silence() -> Iterator[None]:
    """Standard error of the process goes nowhere for a while, that of compiled code too."""
    with Path(os.devnull).open("wb") as nowhere:
        try:
            kept = os.dup(2)
        except OSError:
            yield
            return
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def sheets(data: bytes, name: str, package: Package | None, scroll: Scroll) -> Book:
    """The sheets of a workbook; their text goes on the scroll.

    :param package: its ZIP, for number formats and limits; ``None`` for the old binary format.
    """
    styles = Styles(package, name) if package is not None and "xl/workbook.xml" in package.names() else None
    with _no_panic(name, quiet=package is None):
        return _sheets(workbook(data, name), name, styles, scroll)


def _sheets(book: CalamineWorkbook, name: str, styles: Styles | None, scroll: Scroll) -> Book:
    measured = {}
    out = Book()
    for info in book.sheets_metadata:
        if "WorkSheet" not in str(info.typ):
            continue
        if styles is not None:
            measured[info.name] = styles.of_sheet(info.name)
        sheet = _load(book, info.name, name)
        style = measured.get(info.name, _PLAIN)
        if not str(info.visible).endswith(".Visible"):
            out.hidden.append(info.name)
            rows = sheet.to_python(skip_empty_area=True)
            scroll.leave_out("\n".join("\t".join(clean(shown(v)) for v in row) for row in rows), HIDDEN)
            continue
        out.hidden_rows += style.hidden_rows
        out.sheets.append(_sheet(sheet, style, scroll))
    return out


def _load(book: CalamineWorkbook, sheet: str, name: str) -> CalamineSheet:
    from python_calamine import CalamineError

    try:
        return book.get_sheet_by_name(sheet)
    except (CalamineError, ValueError, OSError) as error:
        raise _damaged(f"{name}, sheet {sheet!r},", error) from error


def _sheet(source: CalamineSheet, style: SheetStyle, scroll: Scroll) -> Sheet:
    values = source.to_python(skip_empty_area=True)
    top, left = source.start or (0, 0)
    formats = style.formats
    rows = [
        [
            clean(value)
            if isinstance(value, str)
            else shown(value, formats.get((i, k), "General") if formats else "General")
            for k, value in enumerate(line, start=left)
        ]
        for i, line in enumerate(values, start=top)
    ]
    filled, wide = _merge(rows, source, top, left)
    with_filled = {i for i, _ in filled}
    bodies = []
    for i, row in enumerate(rows):
        if i not in with_filled:
            bodies.append(scroll.add("\t".join(row).rstrip("\t")))
            continue
        parts: list[Mapped] = []
        for k, text in enumerate(row):
            parts += [Mapped.inserted("\t")] if k else []
            parts.append(Mapped.inserted(text) if (i, k) in filled else scroll.add(text))
        bodies.append(concat(parts))
    return Sheet(source.name, rows, bodies, filled, wide)


def _merge(
    rows: list[list[str]], source: CalamineSheet, top: int, left: int
) -> tuple[frozenset[tuple[int, int]], dict[int, int]]:
    """Cells of a merged range show its value where it holds for all: a lead unit beside three tasks.

    A range across most of the sheet is a title or the name of a part, and stands once; so does a task.
    """
    filled: set[tuple[int, int]] = set()
    wide: dict[int, int] = {}
    roles = _roles(rows)
    width = max((sum(1 for c in row if c) for row in rows), default=0)
    room = CELLS
    for (r0, c0), (r1, c1) in source.merged_cell_ranges or ():
        y, x = r0 - top, c0 - left
        if not (0 <= y < len(rows) and 0 <= x < len(rows[y])):
            continue
        across = c1 - c0 + 1
        wide[y] = max(wide.get(y, 1), across)
        text = rows[y][x]
        room -= (r1 - r0 + 1) * across
        role = roles[x] if x < len(roles) else ""
        if not text or room < 0 or across > max(2, width // 2) or not repeats(text, role):
            continue
        for i in range(y, min(r1 - top + 1, len(rows))):
            for k in range(x, min(c1 - left + 1, len(rows[i]))):
                if (i, k) != (y, x) and not rows[i][k]:
                    rows[i][k] = text
                    filled.add((i, k))
    return frozenset(filled), wide


def _roles(rows: list[list[str]]) -> list[str]:
    """What the columns hold, by the header and the row above it that it may subdivide."""
    head = header_row(rows)
    if head is None:
        return []
    above = rows[head - 1] if head else []
    return [
        column_role(text) or (column_role(above[k]) if k < len(above) else "")
        for k, text in enumerate(rows[head])
    ]
