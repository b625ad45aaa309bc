"""The page of the search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from luoshi_web.search.find import FACETS, TABS, Found, find
from luoshi_web.search.models import Kind
from luoshi_web.ui.pages import Request, page, render
from luoshi_web.ui.tables import Column, Table, download

KEPT = ("q", "tab", "sort", *FACETS)
VIEW = "library.view_document"
MOST_ROWS = 5000
"""Rows of an export."""


@page(VIEW)
def search(request: Request) -> HttpResponse:
    """What was asked, what was found, and where."""
    number = request.GET.get("page", "")
    found = find(request.user, request.GET, page=int(number) if number.isdecimal() and len(number) < 8 else 1)
    labels = {"provisions": _("条款"), "documents": _("文件"), "commitments": _("任务")}
    context = {
        "found": found,
        "q": request.GET.get("q", "").replace("\x00", ""),
        "tabs": [
            {
                "name": n,
                "label": labels[n],
                "total": found.totals.get(n, 0),
                "query": _with(request.GET, tab=n),
            }
            for n in TABS
        ],
        "facets": [f | {"rest": _with(request.GET, **{f["name"]: ""})} for f in found.facets],
        "chosen": any(request.GET.get(f) for f in FACETS),
        "plain": _with(request.GET, **dict.fromkeys(FACETS, "")),
        "sorts": [("", _("最新在前")), ("hits", _("命中多的在前"))],
        "query": _with(request.GET),
    }
    return render(request, "search/search.html", context)


def _with(told: Any, **changes: str) -> str:
    """The query string with some parameters changed, from its first page."""
    out = QueryDict(mutable=True)
    for name in KEPT:
        if value := changes.get(name, told.get(name, "")):
            out[name] = value
    return out.urlencode()


@page(VIEW)
def export(request: Request) -> Any:
    """What was found as a table: as CSV, Excel or JSON."""
    return download(table(request.user, request.GET), request.GET.get("format", ""))


def table(account: Any, told: Any) -> Table:
    """The hits of a query as a table, at most :data:`MOST_ROWS`."""
    columns = [
        Column(_("文件"), 40, "title"), Column(_("文号"), 18, "number"), Column(_("成文日期"), 12, "date"),
        Column(_("条款"), 24, "label"), Column(_("原文"), 80, "text"),
        Column(_("任务编号"), 10, "commitment"),
    ]  # fmt: skip
    found = find(account, told, size=MOST_ROWS)
    notes = [_("只列出前 %d 条。") % MOST_ROWS] if found.total > MOST_ROWS else []
    return Table(_("检索结果"), columns, _rows(found), notes=notes)


def _rows(found: Found) -> Iterator[list[Any]]:
    for hit in found.hits:
        p, e = hit.paper, hit.entry
        text = "".join(s.text for s in hit.snippet)
        yield [
            p.title, p.number, p.date, e.label if e else "", text,
            hit.commitment if hit.kind == Kind.COMMITMENT else None,
        ]  # fmt: skip
