"""The bodies that a document makes responsible: notes, labelled lines, running text, columns of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from luoshi.model import Document, Paragraph
from luoshi.model.records import Role
from luoshi.text import units
from luoshi.text.units import UnitMention

_TITLE = re.compile(
    r"[^：:、，\d]*(?:单位|部门|机构|[处科]室|主体|方|地区|区县|县区|委办局|企业|组|分工|[)）])"
)
_REMARK = re.compile(r"[（(][^（）()]{4,30}[）)]$")
_HINT = re.compile(
    r"牵头|负责|责任|单位|部门|机构|配合|会同|分工|主办|承办|落实|参与|指导|[委局厅部办府司室](?:等)?[）)】]|[（(【][^（()）】]{2,60}[委局厅部办府司室](?:等)?[；;，,]|[Rr]esponsib|[Ll]ead|[Ss]upport"
)


def mentions(document: Document) -> list[UnitMention]:
    """All bodies with a part, in order; spans are of the document's clean text.

    In a table the column's title (牵头单位, 责任部门) gives the part; a document-wide remark that the first
    named body leads (排在第一位的部门为牵头部门) holds for every note.
    """
    text = document.text
    first = units.first_named_leads(text)
    out: list[UnitMention] = []
    columns: dict[int, Role] = {}
    for paragraph in document.paragraphs:
        if paragraph.kind in ("title", "heading"):
            columns = {}
        elif paragraph.kind == "table-row":
            columns, found = _row(text, paragraph, columns, first)
            out += found
            if columns:
                continue
        else:
            columns = {}
        part = text[paragraph.start : paragraph.end]
        if _HINT.search(part):
            out += [_moved(u, paragraph.start) for u in units.find_units(part, first_leads=first)]
    return sorted(out, key=lambda u: (u.start, u.end))


def _moved(mention: UnitMention, by: int) -> UnitMention:
    return replace(mention, start=mention.start + by, end=mention.end + by)


def _cells(text: str, row: Paragraph) -> Iterator[tuple[int, int, int]]:
    """Ordinal and span of each cell; cells of a row stand one tab apart."""
    at = row.start
    for i, cell in enumerate(text[row.start : row.end].split("\t")):
        yield i, at, at + len(cell)
        at += len(cell) + 1


def _row(
    text: str, row: Paragraph, columns: dict[int, Role], first: bool
) -> tuple[dict[int, Role], list[UnitMention]]:  # fmt: skip
    """The columns' parts after this row (a header sets them), and the bodies of the row."""
    cells = list(_cells(text, row))
    heads: dict[int, Role] = {}
    for i, start, end in cells:
        cell = _REMARK.sub("", text[start:end].strip())
        role = units.label_role(cell) if len(cell) <= 12 and _TITLE.fullmatch(cell) else None
        if role:
            heads[i] = role
    if heads:
        return heads, []
    out: list[UnitMention] = []
    for i, start, end in cells:
        if i in columns:
            found = units.parse_cell(text[start:end], columns[i], first_leads=first)
        elif columns:
            found = units.find_units(text[start:end], first_leads=first, running=False)
        else:
            continue
        out += [_moved(u, start) for u in found]
    return columns, out
