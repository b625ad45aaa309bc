"""Pages of the audit."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from luoshi_web.audit import chain
from luoshi_web.audit.models import AuditEvent
from luoshi_web.ui.pages import Request, page, paginate, render

FILTERS = {"actor": "actor", "action": "action__startswith", "type": "object_type", "object": "object_id"}


@page("audit.view_event")
def events(request: Request) -> HttpResponse:
    """The chain, latest first, with filters."""
    rows = AuditEvent.objects.all()
    for name, lookup in FILTERS.items():
        if value := request.GET.get(name, "").strip():
            rows = rows.filter(**{lookup: value})
    if since := request.GET.get("since", ""):
        rows = rows.filter(at__gte=since)
    if until := request.GET.get("until", ""):
        rows = rows.filter(at__lt=until + "T99")
    context = {"page_obj": paginate(request, rows, 100), "head": chain.head()}
    return render(request, "audit/events.html", context)


@page("audit.view_event")
def event(request: Request, pk: int) -> HttpResponse:
    """One event: before and after."""
    it = get_object_or_404(AuditEvent, pk=pk)
    before, after = _values(it.before), _values(it.after)
    rows = [(n, before.get(n, ""), after.get(n, "")) for n in sorted({*before, *after})]
    return render(request, "audit/event.html", {"event": it, "rows": rows})


@page("audit.verify_chain", methods=("POST",))
def verify(request: Request) -> HttpResponse:
    """Reads the whole chain and says whether it is sound."""
    verdict = chain.verify(chain.read_heads(settings.LUOSHI.heads))
    return render(request, "audit/verdict.html", {"verdict": verdict})


@page("audit.verify_chain")
def head(request: Request) -> HttpResponse:
    """The chain's head as a file, to be kept elsewhere."""
    now = chain.export_head(settings.LUOSHI.heads)
    response = HttpResponse(f"{now.id}\t{now.hash}\n", content_type="text/tab-separated-values")
    response["Content-Disposition"] = f'attachment; filename="luoshi-audit-head-{now.id}.tsv"'
    return response


def _values(text: str) -> dict[str, Any]:
    return json.loads(text) if text else {}
