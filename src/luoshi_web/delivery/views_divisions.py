"""Pages of divisions: the list, the workbench, picking commitments, approval and issue, export."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused
from luoshi_web.delivery import checks, forms, printing, proposals, selectors, services
from luoshi_web.delivery import items as writes
from luoshi_web.delivery.models import Division, DivisionState, WorkItem
from luoshi_web.delivery.selectors import APPROVE, DRAFT, VIEW
from luoshi_web.delivery.views_items import back, bulk_fields, picked, sent
from luoshi_web.library.models import Document
from luoshi_web.organisation.models import Unit
from luoshi_web.register.models import Commitment
from luoshi_web.ui.pages import Request, page, paginate, render

STATES = ("draft", "consulting", "submitted", "approved", "issued")


@page(VIEW)
def divisions(request: Request) -> HttpResponse:
    """The divisions with their state."""
    rows = selectors.divisions(request.user).order_by("-pk")
    if word := request.GET.get("q", "").replace("\x00", "").strip():
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word))
    if (state := request.GET.get("state", "")) in DivisionState.values:
        rows = rows.filter(state=state)
    page_obj = paginate(request, rows)
    counts = selectors.tally(list(page_obj))
    context = {
        "page_obj": page_obj,
        "rows": [(d, counts.get(d.pk, 0)) for d in page_obj],
        "states": DivisionState.choices,
        "form": forms.DivisionForm(owners=selectors.owners(request.user))
        if request.user.has_perm(DRAFT)
        else None,
    }
    return render(request, "delivery/divisions.html", context)


@page(DRAFT, methods=("POST",))
def add_division(request: Request) -> HttpResponse:
    """A new division."""
    data = forms.valid(forms.DivisionForm(request.POST, owners=Unit.objects.all()))
    made = services.add_division(by=request.user, **data)
    return redirect("delivery:pick", pk=made.pk)


@page(VIEW)
def division(request: Request, pk: int) -> HttpResponse:
    """The workbench: items under their chapters, what is lacking, what comes next."""
    d = selectors.division(request.user, pk)
    drafter = request.user.has_perm(DRAFT, d)
    if not drafter and d.round > 1 and d.state != DivisionState.ISSUED:
        messages.info(request, _("方案正在调整，以下为现行印发稿。"))
        return redirect("delivery:edition", pk=d.pk, number=d.round - 1)
    rows = list(selectors.rows(d))
    chapters: dict[str, list[WorkItem]] = {}
    for item in rows:
        chapters.setdefault(item.chapter, []).append(item)
    edition = d.editions.filter(number=d.round).select_related("submitted_by", "approved_by").first()
    context = {
        "d": d,
        "chapters": list(chapters.items()),
        "count": len(rows),
        "edition": edition,
        "editions": d.editions.exclude(issued_at=None).order_by("-number"),
        "rounds": d.consultations.order_by("-number"),
        "check": checks.of(d) if drafter and d.state in ("draft", "consulting") else None,
        "differences": services.differences(d),
        "drafter": drafter,
        "edit": drafter and d.open,
        "approver": request.user.has_perm(APPROVE, d),
        "own_submission": edition is not None and edition.submitted_by_id == request.user.pk,
        "overdue": printing.overdue(rows, date.today()) if d.state == DivisionState.APPROVED else [],
        "steps": _steps(d),
        "form": forms.DivisionForm(
            initial={n: getattr(d, n) for n in ("title", "note", "reach", "revision")}
        ),
        "bulk_fields": bulk_fields(),
        "today": date.today().isoformat(),
        "in_division": True,
    }
    return render(request, "delivery/division.html", context)


def _steps(d: Division) -> list[tuple[str, str]]:
    """The states in their order, each done, here or ahead."""
    at = STATES.index(d.state)
    words = dict(DivisionState.choices)
    asked = d.consultations.exists()
    out = []
    for n, state in enumerate(STATES):
        done = n < at and (state != "consulting" or asked)
        out.append((str(words[DivisionState(state)]), "done" if done else "here" if n == at else ""))
    return out


@page(DRAFT, methods=("POST",))
def change_division(request: Request, pk: int) -> HttpResponse:
    """Words title and note anew."""
    d = selectors.division(request.user, pk, DRAFT)
    data = forms.valid(forms.DivisionForm(request.POST))
    revision = data.pop("revision")
    fields = {n: forms.clean(v) for n, v in data.items()}
    services.change_division(by=request.user, division=d, revision=revision, fields=fields)
    messages.success(request, _("已保存。"))
    return back(request, reverse("delivery:division", args=[pk]))


@page(DRAFT)
def pick(request: Request, pk: int) -> HttpResponse:
    """Confirmed commitments to make items of: by document and chapter, those not taken yet."""
    d = selectors.division(request.user, pk, DRAFT)
    told = request.GET
    rows = selectors.pickable(request.user, free=told.get("taken") != "all")
    documents = Document.objects.filter(pk__in=rows.order_by().values("document")).order_by("-date", "pk")
    document = forms.number(told.get("document", ""))
    if document:
        rows = rows.filter(document=document)
    chapters = list(rows.order_by("start").values_list("chapter", flat=True)) if document else []
    if chapter := told.get("chapter", "").replace("\x00", ""):
        rows = rows.filter(chapter=chapter)
    if word := told.get("q", "").replace("\x00", "").strip():
        rows = rows.filter(Q(text__icontains=word) | Q(quote__icontains=word))
    context = {
        "d": d,
        "page_obj": paginate(request, rows.select_related("document"), 100),
        "documents": documents[:300],
        "document": document,
        "chapters": list(dict.fromkeys(c for c in chapters if c)),
        "here": set(Commitment.objects.filter(work__item__division=d).values_list("pk", flat=True)),
    }
    return render(request, "delivery/pick.html", context)


@page(DRAFT, methods=("POST",))
def compose(request: Request, pk: int) -> HttpResponse:
    """Makes items of the commitments checked: one of each, or one of all."""
    d = selectors.division(request.user, pk, DRAFT)
    ids = {forms.number(x): None for x in request.POST.getlist("commitment")}
    rows = {c.pk: c for c in selectors.pickable(request.user).filter(pk__in=ids).select_related("document")}
    if not ids or len(rows) != len(ids):
        raise Refused(_("请先勾选任务举措；如页面打开已久，请刷新后重选。"))
    chosen = sorted(rows.values(), key=lambda c: (c.document_id, c.start))
    made = writes.compose(
        by=request.user, division=d, commitments=chosen, merge=request.POST.get("how") == "merge",
        text=forms.said(request.POST, "text"),
    )  # fmt: skip
    messages.success(request, _("已列入 %d 条任务。单位须逐条确认，没有自动采用。") % len(made))
    return back(request, reverse("delivery:division", args=[pk]))


@page(DRAFT, methods=("POST",))
def rows(request: Request, pk: int) -> HttpResponse:
    """What is done to the rows checked: merged, given what the text says, put in order."""
    d = selectors.division(request.user, pk, DRAFT)
    how = request.POST.get("how", "")
    if how == "arrange":
        n = writes.arrange(by=request.user, division=d)
        messages.success(request, _("已按原文顺序排列，移动 %d 条。") % n)
        return back(request, reverse("delivery:division", args=[pk]))
    chosen = picked(request)
    if not chosen:
        raise Refused(_("请先勾选任务。"))
    if how == "merge":
        merged = writes.merge(
            by=request.user, division=d, items=chosen, text=forms.said(request.POST, "text"),
            due=request.POST.get("due", ""),
        )  # fmt: skip
        messages.success(request, _("已合并为一条，请核对文字和单位。"))
        return back(request, reverse("delivery:item", args=[merged.pk]))
    if how == "take-text":
        n = _take_text(request, chosen)
        messages.success(request, _("已为 %d 条任务采用原文写明的单位，来由一并记录。") % n)
        return back(request, reverse("delivery:division", args=[pk]))
    raise Refused(_("请选择处理办法。"))


def _take_text(request: Request, chosen: list[tuple[WorkItem, int]]) -> int:
    """Takes what the documents themselves say, for rows that somebody checked."""
    n = 0
    for item, revision in chosen:
        wanted = [w for o in proposals.from_sources(item) for w in o.wanted()]
        if wanted:
            before = item.revision
            writes.take(by=request.user, item=item, revision=revision, wanted=wanted, chosen="text")
            n += item.revision != before
    return n


@page(DRAFT, methods=("POST",))
def submit(request: Request, pk: int) -> HttpResponse:
    """Sends a division up."""
    d = selectors.division(request.user, pk, DRAFT)
    services.submit(by=request.user, division=d, revision=forms.number(request.POST.get("revision", "")))
    messages.success(request, _("已送审。"))
    return back(request, reverse("delivery:division", args=[pk]))


@page(APPROVE, methods=("POST",))
def decide(request: Request, pk: int) -> HttpResponse:
    """Approves a division, or sends it back."""
    d = selectors.division(request.user, pk, APPROVE)
    revision, opinion = forms.number(request.POST.get("revision", "")), forms.said(request.POST, "opinion")
    if request.POST.get("how") == "return":
        services.send_back(by=request.user, division=d, revision=revision, opinion=opinion)
        messages.success(request, _("已退回修改。"))
    else:
        approver = forms.said(request.POST, "approver")
        services.approve(by=request.user, division=d, revision=revision, approver=approver, opinion=opinion)
        messages.success(request, _("已记录领导审定。"))
    return back(request, reverse("delivery:division", args=[pk]))


@page(APPROVE, methods=("POST",))
def issue(request: Request, pk: int) -> HttpResponse:
    """Issues an approved division."""
    d = selectors.division(request.user, pk, APPROVE)
    fields, _names = forms.cell_value("review_on", {"value": request.POST.get("day", "")})
    services.issue(
        by=request.user, division=d, revision=forms.number(request.POST.get("revision", "")),
        number=forms.said(request.POST, "number", 100), day=fields["review_on"] or date.today(),
    )  # fmt: skip
    messages.success(request, _("已印发，任务已立项并锁定。"))
    return back(request, reverse("delivery:division", args=[pk]))


@page(DRAFT, methods=("POST",))
def revise(request: Request, pk: int) -> HttpResponse:
    """Opens an issued division again."""
    d = selectors.division(request.user, pk, DRAFT)
    services.revise(
        by=request.user, division=d, revision=forms.number(request.POST.get("revision", "")),
        reason=forms.said(request.POST, "reason"),
    )  # fmt: skip
    messages.success(request, _("已开启新一轮，原印发稿已保存。"))
    return back(request, reverse("delivery:division", args=[pk]))


@page(VIEW)
def export(request: Request, pk: int) -> HttpResponse:
    """The division as it is printed, or its working copy."""
    d = selectors.division(request.user, pk)
    copy = request.GET.get("copy", "")
    working = _("工作底稿")
    name = f"{d.title}-{working}" if copy == "working" else d.title
    made = printing.of_division(d, copy)
    return sent(made, "docx" if request.GET.get("format") == "docx" else "xlsx", name)


@page(VIEW)
def edition(request: Request, pk: int, number: int) -> Any:
    """An edition as it was issued; ``?format=`` as a file."""
    e = selectors.edition(request.user, pk, number)
    if (kind := request.GET.get("format", "")) in ("xlsx", "docx"):
        made = printing.six(e.rows, e.division.title, e.number_issued, e.division.note)
        return sent(made, kind, f"{e.division.title}-{e.number}")
    chapters: dict[str, list[Any]] = {}
    for r in e.rows:
        chapters.setdefault(r["chapter"], []).append(r)
    return render(
        request, "delivery/edition.html", {"e": e, "d": e.division, "chapters": list(chapters.items())}
    )
