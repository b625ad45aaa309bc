"""Search."""

from __future__ import annotations

from typing import Any

from ninja import Query, Schema
from pydantic import Field

from luoshi_web.api.base import Room, said
from luoshi_web.search.find import Hit, find
from luoshi_web.search.models import Kind
from luoshi_web.ui.pages import Request

room = Room("search")
VIEW = "library.view_document"


class SearchFilter(Schema):
    """What to look for: ``q`` as on the page; ``tab`` provisions, documents or commitments; facets."""

    q: str
    tab: str = ""
    sort: str = ""
    genre: str = ""
    level: str = ""
    year: str = ""
    issuer: str = ""
    owner: str = ""
    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(20, ge=1, le=200)


class HitOut(Schema):
    """Something found: the words around it, and the stretches of them (start, end) that match."""

    document: int
    title: str
    number: str
    date: str
    version: int | None
    start: int | None
    end: int | None
    label: str
    commitment: int | None
    text: str
    lit: list[tuple[int, int]]


class FacetOut(Schema):
    """A facet: value, words, count."""

    name: str
    label: str
    chosen: str
    values: list[tuple[str, str, int]]


class FoundOut(Schema):
    """A page of what was found; ``terms`` are what was looked for; not ``whole``: the index grows yet."""

    terms: list[str]
    taken_apart: bool
    whole: bool
    tab: str
    totals: dict[str, int]
    facets: list[FacetOut]
    items: list[HitOut]
    count: int
    page: int
    pages: int
    milliseconds: int


def _hit(hit: Hit) -> dict[str, Any]:
    text, lit = "", []
    for s in hit.snippet or hit.title:
        if s.lit:
            lit.append((len(text), len(text) + len(s.text)))
        text += s.text
    p, e = hit.paper, hit.entry
    return {
        "document": p.pk, "title": p.title, "number": p.number, "date": p.date,
        "version": e.version_id if e else p.current, "start": e.start if e else None,
        "end": e.end if e else None, "label": e.label if e else "",
        "commitment": hit.commitment if hit.kind == Kind.COMMITMENT else None, "text": text, "lit": lit,
    }  # fmt: skip


@room("GET", "/search", VIEW, response=FoundOut)
def search(request: Request, filters: Query[SearchFilter]) -> Any:
    """全文检索。Documents, provisions and commitments with the words that were asked for."""
    told = said(**filters.dict(exclude={"page", "size"}))
    found = find(request.user, told, page=filters.page, size=filters.size)
    return {
        "terms": [str(t) for t in found.query.wanted], "taken_apart": found.taken_apart,
        "whole": found.whole, "tab": found.tab,
        "totals": found.totals, "facets": found.facets, "items": [_hit(h) for h in found.hits],
        "count": found.total, "page": found.page, "pages": found.pages, "milliseconds": found.milliseconds,
    }  # fmt: skip
