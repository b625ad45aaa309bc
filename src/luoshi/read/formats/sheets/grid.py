"""The sheet of a ledger: title, header, rows, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from luoshi.model import Block, Mapped, concat
from luoshi.read.normalise import INVISIBLE, fold
from luoshi.text.columns import LONGEST, column_role, header_roles

SEARCHED = 30
"""Rows from the top among which the header is looked for."""
_BLANKS = re.compile(r"[\s\u3000]+")
UNTIDY = re.compile(
    "^\\s|\\s$|\\s\\s|[^\\S ]|[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]|" + INVISIBLE.pattern
)
"""What makes a cell need :func:`clean`."""
_DATED = re.compile(r"[\d\s.,:/%年月日-]+")


@dataclass(slots=True)
class Sheet:
    """The cells of a sheet as people see them.

    :param rows: the cells of each row from the first used column on, tidied.
    :param bodies: of each row its cells with a tab between them, with origins.
    :param filled: cells ``(row, column)`` that only repeat a merged one's value.
    :param wide: cells that the widest merged range of a row spans, where there is one.
    """

    name: str
    rows: list[list[str]]
    bodies: list[Mapped]
    filled: frozenset[tuple[int, int]] = frozenset()
    wide: dict[int, int] = field(default_factory=dict)


def clean(text: str) -> str:
    """A cell's text on one line, tidy."""
    return _BLANKS.sub(" ", INVISIBLE.sub("", fold(text))).strip() if UNTIDY.search(text) else text


def header_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Index of the (last) header row, ``None`` where there is none.

    The first row with two columns that we know; else the first of short texts above a full table. Where the
    row below it subdivides it (its own titles are known too), that one.
    """
    best = None
    for i, row in enumerate(rows[:SEARCHED]):
        if header_roles(list(row)):
            best = i
            break
    if best is None:
        return _by_shape(rows)
    while best + 1 < len(rows) and best < SEARCHED:
        below = [c for c in rows[best + 1] if c]
        known_below = [c for c in below if column_role(c)]
        if len(known_below) < 2 or len(known_below) < 0.6 * len(below):
            break
        best += 1
    return best


def _by_shape(rows: Sequence[Sequence[str]]) -> int | None:
    for i, row in enumerate(rows[:SEARCHED]):
        cells = [c for c in row if c]
        if len(cells) < 2:
            continue
        below = rows[i + 1 : i + 4]
        short = all(len(c) <= LONGEST and not _DATED.fullmatch(c) for c in cells)
        if short and len(set(cells)) == len(cells) and any(sum(map(bool, b)) >= 2 for b in below):
            return i
        return None
    return None


def blocks(sheet: Sheet, ordinal: int, *, named: bool = False) -> Iterator[Block]:
    """The blocks of a sheet: what stands above the header as paragraphs, then the rows of the table.

    :param ordinal: of the table in the file.
    :param named: the sheet's name stands for a title where it has none of its own.
    """
    head = header_row(sheet.rows)
    full = max((sum(map(bool, row)) for row in sheet.rows), default=0)
    titled = False
    for i, row in enumerate(sheet.rows):
        own = [k for k, c in enumerate(row) if c and (i, k) not in sheet.filled]
        if not own:
            continue
        if (head is None or i < head) and (
            full <= 1 or len(own) == 1 or (head is not None and not _is_head(row))
        ):
            body = _spaced(sheet.bodies[i], row, own)
            first = not titled and head is not None and len(body.text) <= 60
            yield Block(
                body,
                "heading" if first else "paragraph",
                level=1 if first else 0,
                align="center" if sheet.wide.get(i, 1) > 2 else "",
            )
        else:
            if named and not titled:
                yield Block(Mapped.inserted(sheet.name), "heading", level=1)
            yield _row(sheet.bodies[i], row, ordinal, is_head=i == head)
        titled = True


def _is_head(row: Sequence[str]) -> bool:
    return sum(1 for c in row if column_role(c)) >= 2


def _row(body: Mapped, row: Sequence[str], ordinal: int, *, is_head: bool) -> Block:
    last = max(k for k, text in enumerate(row) if text)
    spans = _spans(row[: last + 1])
    return Block(
        body if len(body) == spans[-1][1] else body[: spans[-1][1]],
        "table-row",
        cells=spans,
        table=ordinal,
        marks=_BOLD if is_head else _NONE,
    )


_BOLD, _NONE = frozenset({"bold"}), frozenset[str]()


def _spans(row: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """``(start, end)`` of each cell in its row's body."""
    out = []
    at = 0
    for text in row:
        out.append((at, at + len(text)))
        at += len(text) + 1
    return tuple(out)


def _spaced(body: Mapped, row: Sequence[str], cells: Sequence[int]) -> Mapped:
    """Some cells of a row as a line of text."""
    spans = _spans(row)
    parts: list[Mapped] = []
    for k in cells:
        parts += [Mapped.inserted(" ")] if parts else []
        parts.append(body[slice(*spans[k])])
    return concat(parts)
