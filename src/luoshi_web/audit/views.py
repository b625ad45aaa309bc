"""Pages of the audit."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from luoshi_web.audit import chain, words
from luoshi_web.audit.actions import ACTIONS
from luoshi_web.audit.models import AuditEvent
from luoshi_web.ui.pages import Request, page, paginate, render

FILTERS = {"object": "object_id"}


@page("audit.view_event")
def events(request: Request) -> HttpResponse:
    """The chain, latest first, with filters."""
    rows = AuditEvent.objects.all()
    for name, lookup in FILTERS.items():
        if value := request.GET.get(name, "").strip():
            rows = rows.filter(**{lookup: value})
    if said := request.GET.get("type", "").strip():
        rows = rows.filter(object_type__in=[said, *words.kinds(said)])
    if said := request.GET.get("actor", "").strip():
        rows = rows.filter(actor__in=[said, *words.called(said)])
    if done := request.GET.get("action", "").strip():
        rows = rows.filter(Q(action__startswith=done) | Q(action__in=words.codes(done)))
    if since := _midnight(request.GET.get("since", "")):
        rows = rows.filter(at__gte=since)
    if until := _midnight(request.GET.get("until", ""), 1):
        rows = rows.filter(at__lt=until)
    page_obj = paginate(request, rows, 100)
    names = words.people(e.actor for e in page_obj)
    for e in page_obj:
        e.who = names.get(e.actor, e.actor)
        e.said, e.kind, e.moment = words.action(e.action), words.kind(e.object_type), words.moment(e.at)
    actions = dict.fromkeys(str(said) for said in ACTIONS.values())
    context = {"page_obj": page_obj, "head": chain.head(), "actions": actions}
    context["kinds"] = words.every_kind()
    return render(request, "audit/events.html", context)


@page("audit.view_event")
def event(request: Request, pk: int) -> HttpResponse:
    """One event: before and after."""
    it = get_object_or_404(AuditEvent, pk=pk)
    context = {
        "event": it,
        "said": words.action(it.action),
        "who": words.people([it.actor]).get(it.actor, it.actor),
        "kind": words.kind(it.object_type),
        "moment": words.moment(it.at),
        "rows": words.changes(it.object_type, it.before, it.after),
        "raw": json.dumps(
            {name: getattr(it, name) for name in chain.FIELDS[:-1] if name not in ("before", "after")}
            | {"before": words.values(it.before), "after": words.values(it.after)},
            ensure_ascii=False,
            indent=2,
        ),
    }
    return render(request, "audit/event.html", context)


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


def _midnight(day: str, later: int = 0) -> str:
    """The beginning of a day here, ``later`` days on, in the words of the chain; empty for what is no day."""
    try:
        here = datetime.combine(date.fromisoformat(day) + timedelta(days=later), time.min)
        return timezone.make_aware(here).astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        return ""
