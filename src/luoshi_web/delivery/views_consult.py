"""Pages of consultation: asking units, their answers by link or Excel, what the drafter makes of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused
from luoshi_web.delivery import classes, consulting, forms, importing, printing, selectors
from luoshi_web.delivery.models import Answer, Consultation, Inquiry
from luoshi_web.delivery.selectors import ANSWER, DRAFT
from luoshi_web.delivery.views_imports import uploaded
from luoshi_web.delivery.views_items import back, sent
from luoshi_web.organisation.models import Unit
from luoshi_web.ui.pages import Request, page, paginate, render


@page(DRAFT)
def consult(request: Request, pk: int) -> HttpResponse:
    """Whom to ask, how, until when."""
    d = selectors.division(request.user, pk, DRAFT)
    found = classes.of_division(d)
    context = {
        "d": d,
        "units": consulting.candidates(d),
        "classes": found,
        "strangers": [n for n in consulting.strangers(d) if n not in found],
        "kinds": Consultation.KINDS,
        "due": (date.today() + timedelta(days=consulting.DAYS)).isoformat(),
    }
    return render(request, "delivery/consult.html", context)


@page(DRAFT, methods=("POST",))
def resolve_all(request: Request, pk: int) -> HttpResponse:
    """Puts the units of a class in its place in all items, so that they can be asked."""
    d = selectors.division(request.user, pk, DRAFT)
    name = forms.said(request.POST, "name", 200)
    n = classes.resolve_all(by=request.user, division=d, name=name)
    messages.success(request, _("已在 %(n)d 条任务中将“%(name)s”展开为具体单位。") % {"n": n, "name": name})
    return back(request, reverse("delivery:consult", args=[pk]))


@page(DRAFT, methods=("POST",))
def open_round(request: Request, pk: int) -> HttpResponse:
    """Asks the units checked."""
    d = selectors.division(request.user, pk, DRAFT)
    told = request.POST
    ids = [forms.number(x) for x in told.getlist("unit")]
    due, _names = forms.cell_value("review_on", {"value": told.get("due", "")})
    kind = told.get("kind", "")
    made = consulting.open_round(
        by=request.user,
        division=d,
        revision=forms.number(told.get("revision", "")),
        units=list(Unit.objects.filter(pk__in=ids)),
        kind=kind if kind in dict(Consultation.KINDS) else "opinion",
        message=forms.said(told, "message"),
        due=due["review_on"],
    )
    messages.success(request, _("已向 %d 个单位征求意见。") % len(ids))
    return back(request, reverse("delivery:consultation", args=[made.pk]))


@page(DRAFT)
def consultation(request: Request, pk: int) -> HttpResponse:
    """Who has answered, what, and what became of it."""
    c = selectors.consultation(request.user, pk)
    opinions = list(selectors.opinions(c.division).filter(inquiry__consultation=c))
    inquiries = list(c.inquiries.select_related("unit", "answered_by").order_by("unit__path"))
    said: dict[int, dict[str, int]] = {}
    for o in opinions:
        counts = said.setdefault(o.inquiry_id, dict.fromkeys(Answer.values, 0))
        counts[o.answer] += 1
    context = {
        "c": c,
        "d": c.division,
        "inquiries": [(i, said.get(i.pk)) for i in inquiries],
        "links": {
            i.pk: request.build_absolute_uri(reverse("delivery:answer", args=[i.key])) for i in inquiries
        },
        "opinions": [o for o in opinions if o.answer != Answer.AGREE],
        "silent": sum(i.answered_at is None for i in inquiries),
        "can_handle": c.division.state in ("draft", "consulting"),
    }
    return render(request, "delivery/consultation.html", context)


@page(DRAFT, methods=("POST",))
def close(request: Request, pk: int) -> HttpResponse:
    """Ends a round."""
    c = selectors.consultation(request.user, pk)
    consulting.close(
        by=request.user, consultation=c, revision=forms.number(request.POST.get("revision", "")),
        reason=forms.said(request.POST, "reason"),
    )  # fmt: skip
    messages.success(request, _("本轮已结束，可以继续修改任务。"))
    return back(request, reverse("delivery:division", args=[c.division_id]))


def _inquiry(c: Consultation, unit: int) -> Inquiry:
    return get_object_or_404(c.inquiries.select_related("unit", "consultation__division__owner"), unit=unit)


@page(DRAFT)
def unit_file(request: Request, pk: int, unit: int) -> HttpResponse:
    """The Excel copy that one unit fills in."""
    return _file(_inquiry(selectors.consultation(request.user, pk), unit))


def _file(inquiry: Inquiry) -> HttpResponse:
    given = {o.item_id: o for o in inquiry.opinions.all()}
    made = printing.of_inquiry(inquiry, selectors.asked(inquiry), given)
    name = f"{inquiry.consultation.division.title}-{_('反馈意见表')}-{inquiry.unit.name}"
    return sent(made, "xlsx", name)


@page(DRAFT, methods=("POST",))
def unit_upload(request: Request, pk: int, unit: int) -> HttpResponse:
    """Reads the copy that a unit sent back; it is looked at before it counts."""
    c = selectors.consultation(request.user, pk)
    name, data = uploaded(request)
    imp = importing.receive_answers(
        by=request.user, division=c.division, inquiry=_inquiry(c, unit), name=name, data=data
    )
    return redirect("delivery:import", pk=imp.pk)


@page(DRAFT, methods=("POST",))
def handle(request: Request, pk: int) -> HttpResponse:
    """Adopts an opinion, or not."""
    o = selectors.opinion(request.user, pk)
    how = request.POST.get("how", "")
    if how not in ("adopt", "reject"):
        raise Refused(_("请选择采纳或不采纳。"))
    consulting.handle(
        by=request.user,
        opinion=o,
        revision=forms.number(request.POST.get("revision", "")),
        adopt=how == "adopt",
        reason=forms.said(request.POST, "reason"),
    )
    messages.success(request, _("已记录处理意见。"))
    return back(request, reverse("delivery:consultation", args=[o.inquiry.consultation_id]))


# --- the unit's side ------------------------------------------------------------


@page(ANSWER)
def inbox(request: Request) -> HttpResponse:
    """What units are asked: the latest round first, in it those without an answer."""
    rows = selectors.inquiries(request.user).order_by("-consultation", "answered_at", "-pk")
    context = {"page_obj": paginate(request, rows), "today": timezone.localdate()}
    return render(request, "delivery/inbox.html", context)


@page(ANSWER)
def answer(request: Request, key: str) -> HttpResponse:
    """The rows of one unit, each to be agreed to, commented on or declined."""
    i = selectors.inquiry(request.user, key)
    given = {o.item_id: o for o in i.opinions.select_related("handled_by")}
    rows: list[dict[str, Any]] = []
    for item in selectors.asked(i):
        mine = [a.get_part_display() for a in item.assignments.all() if a.unit_id == i.unit_id]
        rows.append(
            {
                "i": item,
                "mine": mine,
                "said": given.get(item.pk),
                "row": printing.cells(item, 0),
                "sources": item.sources.all(),
            }
        )
    context = {
        "i": i, "c": i.consultation, "d": i.consultation.division, "rows": rows, "answers": Answer.choices,
        "open": i.consultation.closed_at is None,
    }  # fmt: skip
    return render(request, "delivery/answer.html", context)


@page(ANSWER, methods=("POST",))
def send(request: Request, key: str) -> HttpResponse:
    """Keeps a unit's answers."""
    i = selectors.inquiry(request.user, key)
    told = request.POST
    answers = {
        item.pk: (told.get(f"answer-{item.pk}", ""), forms.said(told, f"text-{item.pk}"))
        for item in selectors.asked(i)
        if told.get(f"answer-{item.pk}")
    }
    consulting.answer(
        by=request.user, inquiry=i, revision=forms.number(told.get("revision", "")), answers=answers,
        signer=forms.said(told, "signer", 60),
    )  # fmt: skip
    messages.success(request, _("已反馈。结束征求意见之前可以再改。"))
    return back(request, reverse("delivery:answer", args=[key]))


@page(ANSWER)
def answer_file(request: Request, key: str) -> HttpResponse:
    """The same rows in Excel."""
    return _file(selectors.inquiry(request.user, key))


@page(ANSWER, methods=("POST",))
def answer_upload(request: Request, key: str) -> HttpResponse:
    """Reads the filled-in copy; it is looked at before it counts."""
    i = selectors.inquiry(request.user, key)
    name, data = uploaded(request)
    imp = importing.receive_reply(by=request.user, inquiry=i, name=name, data=data)
    return redirect("delivery:import", pk=imp.pk)
