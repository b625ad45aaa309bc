"""The ledger's rows: worded anew in place, and several at once."""

from __future__ import annotations

import json
import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused
from luoshi_web.register import bulk, drafting, selectors, services
from luoshi_web.register.forms import CommitmentForm, day_of
from luoshi_web.register.models import Commitment, CommitmentType
from luoshi_web.register.views import REVIEW
from luoshi_web.register.views_ledger import VIEW, _kept
from luoshi_web.ui.pages import Request, number, page, render


def _row(request: Request, c: Commitment, said: str = "") -> HttpResponse:
    context = {
        "c": c,
        "can_change": request.user.has_perm(REVIEW, c),
    }
    response = render(request, "register/row.html", context)
    if said:
        response.headers["HX-Trigger"] = json.dumps({"luoshi:message": {"kind": "info", "text": said}})
    return response


@page(VIEW)
def row(request: Request, pk: int) -> HttpResponse:
    """A row of the ledger, as it stands."""
    return _row(request, selectors.commitment(request.user, pk))


@page(REVIEW)
def row_form(request: Request, pk: int) -> HttpResponse:
    """The row as a form, to stand in its place."""
    c = selectors.commitment(request.user, pk, REVIEW)
    form = CommitmentForm.showing({n: getattr(c, n) for n in services.EDITABLE}, c.revision)
    form.auto_id = f"r{pk}-%s"
    return render(request, "register/row_form.html", {"c": c, "form": form})


@page(REVIEW, methods=("POST",))
def change_row(request: Request, pk: int) -> HttpResponse:
    """Words a commitment anew; answers with its row."""
    c = selectors.commitment(request.user, pk, REVIEW)
    fields, revision, reason = CommitmentForm(request.POST).fields_for(c.units)
    services.change_commitment(by=request.user, commitment=c, revision=revision, fields=fields, reason=reason)
    if not request.htmx:
        return redirect("register:commitment", pk=pk)
    return _row(request, selectors.commitment(request.user, pk), _("已保存。"))


@page(REVIEW, methods=("POST",))
def change_many(request: Request) -> HttpResponse:
    """Makes one change to the rows that were picked."""
    told = request.POST
    pairs = [p.partition(":") for p in told.getlist("pick")]
    picked = {number(pk): number(revision) for pk, _colon, revision in pairs}
    ids = list(picked)[: bulk.MOST + 1]
    rows = {c.pk: c for c in selectors.commitments(request.user, REVIEW).filter(pk__in=ids)}
    if len(rows) != len(picked):
        raise PermissionDenied(REVIEW)
    what = told.get("what", "")
    n = bulk.change_many(
        by=request.user,
        commitments=[rows[pk] for pk in picked],
        revisions=list(picked.values()),
        what=what,
        value=_value(what, told),
        reason=told.get("reason", ""),
    )
    messages.success(request, _("已修改 %d 条。") % n if n else _("所选任务本来就是这样，没有修改。"))
    query = _kept_query(told.get("query", ""))
    url = reverse("register:commitments") + (f"?{query}" if query else "")
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if request.htmx else redirect(url)


def _kept_query(text: str) -> str:
    told = QueryDict(text[:2000])
    kept = _kept(told)
    for name in ("page", "size"):
        if told.get(name, "").isdecimal():
            kept[name] = told[name]
    return kept.urlencode()


def _value(what: str, told: Any) -> Any:
    """The value of a change, checked.

    :raises Refused: with what is wrong, in words.
    """
    if what not in bulk.CHANGES:
        raise Refused(_("请选择要改的内容。"), "what")
    text = told.get("value", "").strip()
    if what in ("units", "more-units"):
        if units := drafting.units_of(text):
            return units
        raise Refused(_("请填写单位。"), "value")
    if what in ("more-places", "fewer-places"):
        if places := [p.strip()[:200] for p in re.split(r"[、，,；;\s]+", text) if p.strip()]:
            return places
        raise Refused(_("请填写地点。"), "value")
    if what == "deadline":
        return day_of(text)
    if what == "ongoing":
        return True
    if what == "type":
        if told.get("type") in CommitmentType.values:
            return told["type"]
        raise Refused(_("请选择类型。"), "type")
    domain = told.get("domain", "")
    if domain not in dict(CommitmentForm.base_fields["domain"].choices):  # type: ignore[attr-defined]
        raise Refused(_("请选择领域。"), "domain")
    return domain
