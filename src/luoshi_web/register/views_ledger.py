"""Pages of confirmed commitments: the ledger, its export, one commitment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi_web.register import facets as counting
from luoshi_web.register import ledger, selectors, services
from luoshi_web.register.forms import CommitmentForm
from luoshi_web.register.models import CommitmentType, SavedView
from luoshi_web.register.views import REVIEW
from luoshi_web.ui.pages import Request, number, page, paginate, render
from luoshi_web.ui.tables import download

VIEW = "register.view_commitment"
SIZES = ("50", "100", "200")
"""Rows of a page."""
KEPT = (*ledger.FACETS, "q", "sort")


@page(VIEW)
def commitments(request: Request) -> HttpResponse:
    """The ledger: what was confirmed, filtered and in order; its facets are asked for apart."""
    rows = ledger.ordered(ledger.filtered(request.user, request.GET), request.GET.get("sort", ""))
    size = request.GET.get("size", "")
    page_obj = paginate(request, ledger.Rows(rows), int(size) if size in SIZES else 50)
    shown = [(c, request.user.has_perm(REVIEW, c)) for c in page_obj]
    context = {
        "page_obj": page_obj,
        "rows": shown,
        "sizes": SIZES,
        "can_change_some": any(can for _c, can in shown),
        "types": CommitmentType.choices,
        "domains": list(CommitmentForm.base_fields["domain"].choices),  # type: ignore[attr-defined]
        "views": SavedView.objects.filter(account=request.user, table=services.TABLE).order_by("name"),
        "query": _kept(request.GET).urlencode(),
        "sorts": [
            ("", _("按文件")),
            ("deadline", _("按时限")),
            ("strength", _("按力度")),
            ("confirmed", _("按确认时间")),
        ],
        "filtered": any(request.GET.get(n) for n in KEPT if n != "sort"),
    }
    return render(request, "register/commitments.html", context)


def _kept(told: Any) -> QueryDict:
    """The part of a query string that says which rows: no page number."""
    out = QueryDict(mutable=True)
    for name in KEPT:
        if value := told.get(name, "").strip():
            out[name] = value
    return out


@page(VIEW)
def facets(request: Request) -> HttpResponse:
    """The facets with their counts."""
    found = counting.facets(request.user, request.GET)
    context = {
        "facets": [f | {"rest": _without(request.GET, f["name"])} for f in found],
        "tree": counting.tree(request.user, request.GET),
        "rest": _without(request.GET, "document", "chapter", "node"),
        "base": reverse("register:commitments"),
    }
    return render(request, "register/facets.html", context)


def _without(told: Any, *names: str) -> str:
    kept = _kept(told)
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()


@page(VIEW)
def export(request: Request) -> Any:
    """The rows that the ledger shows, as CSV or Excel."""
    rows = ledger.ordered(ledger.filtered(request.user, request.GET), request.GET.get("sort", ""))
    return download(ledger.table(rows), request.GET.get("format", ""))


@page(VIEW, methods=("POST",))
def save_view(request: Request) -> HttpResponse:
    """Keeps the filters under a name, or forgets them."""
    query = _kept(QueryDict(request.POST.get("query", "")[:2000])).urlencode()
    if drop := request.POST.get("drop", ""):
        services.drop_view(by=request.user, name=drop)
        messages.success(request, _("已删除常用筛选“%s”。") % drop)
    else:
        view = services.save_view(by=request.user, name=request.POST.get("name", ""), query=query)
        messages.success(request, _("已存为常用筛选“%s”。") % view.name)
    return redirect(reverse("register:commitments") + (f"?{query}" if query else ""))


@page(VIEW)
def commitment(request: Request, pk: int) -> HttpResponse:
    """One commitment: words and source, who, until when, what stands above and below, its history."""
    c = selectors.commitment(request.user, pk)
    above, below = selectors.lineage(request.user, c)
    values = {n: getattr(c, n) for n in (*services.EDITABLE,)}
    origins = list(
        c.origins.select_related("by", "version").prefetch_related("commitments").order_by("start")
    )
    siblings = {s.pk: s for o in origins for s in o.commitments.all() if s.pk != c.pk}
    context = {
        "c": c,
        "above": above,
        "below": below,
        "origins": origins,
        "siblings": list(siblings.values()),
        "history": selectors.history(c),
        "form": CommitmentForm.showing(values, c.revision),
        "can_change": request.user.has_perm(REVIEW, c),
    }
    return render(request, "register/commitment.html", context)


@page(REVIEW, methods=("POST",))
def change(request: Request, pk: int) -> HttpResponse:
    """Words a commitment anew."""
    c = selectors.commitment(request.user, pk, REVIEW)
    fields, revision, reason = CommitmentForm(request.POST).fields_for(c.units)
    services.change_commitment(by=request.user, commitment=c, revision=revision, fields=fields, reason=reason)
    messages.success(request, _("已保存。"))
    return _to(request, pk)


@page(REVIEW, methods=("POST",))
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Takes a commitment off the register."""
    c = selectors.commitment(request.user, pk, REVIEW)
    services.withdraw(
        by=request.user, commitment=c, revision=number(request.POST.get("revision", "")),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, _("已撤销。"))
    return _to(request, pk)


def _to(request: Request, pk: int) -> HttpResponse:
    """The commitment's page; by htmx, so that a draft is forgotten only when all went well."""
    url = reverse("register:commitment", args=[pk])
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if request.htmx else redirect(url)
