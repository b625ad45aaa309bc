"""Pages of imports: a file, what its columns hold, what would come of it, then all at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused
from luoshi_web.delivery import forms, importing, importing_answers, printing, selectors
from luoshi_web.delivery.models import LedgerImport
from luoshi_web.delivery.selectors import DRAFT
from luoshi_web.ui.pages import Request, page, paginate, render

EITHER = "site.use_content"
"""Drafters bring in ledgers, units' officers their answers: which of them is the selector's to say."""
SHOWN = 400
"""Rows of a preview that a page shows."""


def uploaded(request: Request) -> tuple[str, bytes]:
    """Name and bytes of the file of a form.

    :raises Refused: when there is none, or it is too large for a ledger.
    """
    file = request.FILES.get("file")
    if file is None:
        raise Refused(_("请选择文件。"), "file")
    if file.size > importing.LARGEST:
        raise Refused(_("文件超过 %d MB，请分批导入。") % (importing.LARGEST >> 20), "file")
    return str(file.name), file.read()


@page(DRAFT)
def imports(request: Request) -> HttpResponse:
    """Files that wait or were brought in."""
    from luoshi_web.organisation.access import visible

    rows = visible(
        LedgerImport.objects.filter(kind="ledger").select_related("owner", "by", "division"),
        request.user,
        DRAFT,
    )
    divisions = selectors.divisions(request.user, DRAFT).filter(state="draft").order_by("-pk")
    context = {
        "page_obj": paginate(request, rows.defer("sheets").order_by("-pk")),
        "owners": selectors.owners(request.user),
        "divisions": divisions[:200],
        "division": forms.number(request.GET.get("division", "")),
    }
    return render(request, "delivery/imports.html", context)


@page(DRAFT, methods=("POST",))
def add_import(request: Request) -> HttpResponse:
    """Reads a ledger."""
    name, data = uploaded(request)
    owner = selectors.owners(request.user).filter(pk=forms.number(request.POST.get("owner", ""))).first()
    division = None
    if told := request.POST.get("division", ""):
        division = selectors.division(request.user, forms.number(told), DRAFT)
        owner = division.owner
    if owner is None:
        from django.core.exceptions import PermissionDenied

        raise PermissionDenied
    imp = importing.receive_ledger(by=request.user, owner=owner, division=division, name=name, data=data)
    return redirect("delivery:import", pk=imp.pk)


@page(EITHER)
def show(request: Request, pk: int) -> HttpResponse:
    """What the columns hold, and what would come of the rows."""
    imp = selectors.ledger_import(request.user, pk)
    answers = imp.kind != "ledger"
    found = importing.Preview()
    if imp.state == "open":
        found = importing_answers.preview_answers(imp) if answers else importing.preview(imp)
    sheet = imp.sheets[imp.sheet]
    fields = [(f, words(f)) for f in (importing.ANSWERS if answers else importing.LEDGER)]
    context = {
        "imp": imp,
        "columns": importing.columns(imp),
        "fields": fields,
        "found": found,
        "lines": found.lines[:SHOWN],
        "more": max(0, len(found.lines) - SHOWN),
        "answers": answers,
        "blocked": any(p.blocking for line in found.lines for p in line.problems) if answers else False,
        "sheets": [(n, s["name"], len(s["rows"])) for n, s in enumerate(imp.sheets)],
        "header": sheet["header"] + 1,
        "countersign": imp.inquiry is not None and imp.inquiry.consultation.kind == "countersign",
    }
    return render(request, "delivery/import.html", context)


def words(field: str) -> str:
    """A field's name for the mapping."""
    return _("复核日期") if field == "review" else printing.label(field)


@page(EITHER, methods=("POST",))
def set_mapping(request: Request, pk: int) -> HttpResponse:
    """Corrects the columns, and decides about rows and names."""
    imp = selectors.ledger_import(request.user, pk)
    told = request.POST
    if any("\x00" in n for n in told):
        raise Refused(_("没有这一栏目。"))
    sheet = forms.number(told.get("sheet", ""))
    mapping = told.getlist("field")
    if sheet != imp.sheet and sheet < len(imp.sheets):
        mapping = importing.guessed(imp.sheets[sheet])
    choices: dict[str, Any] = {
        "rows": {
            n[4:]: v for n, v in told.items() if n.startswith("row-") and v in ("add", "skip", "update")
        },
        "units": {
            **imp.choices.get("units", {}),
            **{n[5:]: v.replace("\x00", "") for n, v in told.items() if n.startswith("unit-") and v},
        },
    }
    importing.set_mapping(
        by=request.user, imp=imp, revision=forms.number(told.get("revision", "")), sheet=sheet,
        header=max(0, forms.number(told.get("header", "")) - 1), mapping=mapping, choices=choices,
    )  # fmt: skip
    return redirect("delivery:import", pk=pk)


@page(EITHER, methods=("POST",))
def apply(request: Request, pk: int) -> HttpResponse:
    """Takes a file over, whole."""
    imp = selectors.ledger_import(request.user, pk)
    revision = forms.number(request.POST.get("revision", ""))
    if imp.kind == "ledger":
        seen = forms.said(request.POST, "seen", 16)
        told = importing.apply_ledger(by=request.user, imp=imp, revision=revision, seen=seen)
        messages.success(request, _("已导入：新增 %(add)d 条，修改 %(update)d 条，跳过 %(skip)d 条。") % told)
        return (
            redirect("delivery:division", pk=imp.division_id)
            if imp.division_id
            else redirect("delivery:items")
        )
    inquiry = importing_answers.apply_answers(
        by=request.user, imp=imp, revision=revision, signer=forms.said(request.POST, "signer", 60)
    )
    messages.success(request, _("已收下 %s 的反馈意见。") % inquiry.unit)
    if imp.kind == "reply":
        return redirect("delivery:answer", key=inquiry.key)
    return redirect("delivery:consultation", pk=inquiry.consultation_id)


@page(EITHER, methods=("POST",))
def drop(request: Request, pk: int) -> HttpResponse:
    """Puts a file aside."""
    imp = selectors.ledger_import(request.user, pk)
    importing.drop(by=request.user, imp=imp)
    messages.success(request, _("已放弃导入，没有写入任何内容。"))
    if imp.inquiry is None:
        return redirect("delivery:imports")
    if imp.kind == "reply":
        return redirect("delivery:answer", key=imp.inquiry.key)
    return redirect("delivery:consultation", pk=imp.inquiry.consultation_id)
