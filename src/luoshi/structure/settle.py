"""What only the neighbours tell: the year of an event, and which files are versions of one document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from luoshi.model import Document
from luoshi.structure.dating import NEWS, event_day, nearest_year
from luoshi.structure.lines import bare
from luoshi.structure.when import Found, find

_LEAST_SHARED = 8
"""Characters that the name of an event must share for two texts to tell of the same one."""


def _undated_event(document: Document) -> Found | None:
    """The day of the event that a report without a year tells of."""
    if document.row.date is not None or document.row.kind not in NEWS:
        return None
    body = [document.text[p.start : p.end] for p in document.paragraphs if p.kind == "body"]
    if document.box is not None:
        body = [
            document.text[p.start : p.end]
            for p in document.paragraphs
            if p.kind == "body" and p.start >= document.box[1]
        ]
    notes = [document.text[p.start : p.end] for p in document.paragraphs[:8] if p.kind == "note"]
    dateline = next((t for t in notes if re.search(r"电", t)), "")
    found = event_day("\n".join(t for t in body if len(t) > 30)[:1200], dateline)
    return found if found is not None and found.month and found.day and not found.year else None


def _dated(document: Document, iso: str, basis: str) -> Document:
    return document.with_rows(row=replace(document.row, date=iso, date_basis=basis))


def with_year_near(document: Document, k: int, documents: Sequence[Document]) -> Document:
    """The ``k``-th document of a compilation, dated with the year of the dated one that stands nearest."""
    found = _undated_event(document)
    if found is None:
        return document
    dated = [
        (abs(i - k), i, d.row.date) for i, d in enumerate(documents) if d.row.date and len(d.row.date) == 10
    ]
    for _, _, near in sorted(dated):
        if near and (iso := nearest_year(found, near)):
            return _dated(document, iso, "compilation")
    return document


def _longest_shared(a: str, b: str) -> int:
    best = 0
    row = [0] * (len(b) + 1)
    for ca in a:
        last = 0
        for j, cb in enumerate(b, 1):
            last, row[j] = row[j], (last + 1 if ca == cb else 0)
            best = max(best, row[j])
    return best


def _year_elsewhere(document: Document, found: Found, others: Sequence[Document]) -> str | None:
    """The date that another document gives the same event, in full."""
    title = bare(document.row.title)
    for other in others:
        if other.row.id == document.row.id:
            continue
        for line in other.text.split("\n"):
            for date in find(line):
                if (date.year, date.month, date.day) == (None, None, None) or date.year is None:
                    continue
                if (date.month, date.day) != (found.month, found.day):
                    continue
                around = bare(line[max(0, date.start - 60) : date.end + 80])
                if _longest_shared(title, around) >= _LEAST_SHARED:
                    return date.iso()
    return None


def _versions(documents: Sequence[Document]) -> list[Document]:
    """Documents of the same title, issuer and level count as one work even where one lacks its number."""
    first: dict[tuple[str, str | None, str | None], str] = {}
    out = []
    for d in documents:
        key = (bare(d.row.title), d.row.level, d.row.region)
        if not key[0] or d.row.kind in ("other",):
            out.append(d)
            continue
        work = first.setdefault(key, d.row.work)
        out.append(
            d if work == d.row.work or not _same(d, work) else d.with_rows(row=replace(d.row, work=work))
        )
    return out


def _same(document: Document, work: str) -> bool:
    """Two different numbers are two documents, whatever their titles (yearly plans, notices of holidays)."""
    return document.row.number is None or "号" not in work


def settle(documents: Sequence[Document]) -> tuple[Document, ...]:
    """The same documents, in the same order, with what only the batch tells.

    A report whose own text, metadata and compilation give no year takes it from another document that dates
    the same event in full; versions of one document get the same ``work``.
    """
    out = []
    for d in documents:
        found = _undated_event(d)
        iso = _year_elsewhere(d, found, documents) if found is not None else None
        out.append(_dated(d, iso, "batch") if iso else d)
    return tuple(_versions(out))
