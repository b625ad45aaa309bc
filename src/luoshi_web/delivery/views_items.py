"""Pages of work items: the table, its facets, cells edited in place, one item with its proposals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi.report import division as paper
from luoshi_web.audit.services import Refused
from luoshi_web.delivery import (
    classes,
    forms,
    history,
    leaders,
    printing,
    proposals,
    selectors,
    services,
    table,
)
from luoshi_web.delivery import items as writes
from luoshi_web.delivery.models import Part, WorkItem
from luoshi_web.delivery.selectors import DRAFT, VIEW
from luoshi_web.delivery.writing import Wanted, parts_of
from luoshi_web.organisation.models import Unit
from luoshi_web.register.models import SavedView
from luoshi_web.register.selectors import commitment as register_commitment
from luoshi_web.ui import tables
from luoshi_web.ui.pages import Request, page, paginate, render

KEPT = (*table.FACETS, "q", "sort", "view")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@page(VIEW)
def items(request: Request) -> HttpResponse:
    """The table, or the tree, of what was filtered; facets are asked for apart."""
    rows = table.filtered(request.user, request.GET)
    context: dict[str, Any] = {
        "views": SavedView.objects.filter(account=request.user, table=services.TABLE).order_by("name"),
        "query": kept(request.GET).urlencode(),
        "sorts": [("", _("按方案")), ("deadline", _("按时限")), ("changed", _("按修改时间"))],
        "filtered": any(request.GET.get(n) for n in KEPT if n not in ("sort", "view")),
        "as_tree": request.GET.get("view") == "tree",
        "bulk_fields": bulk_fields(),
    }
    if context["as_tree"]:
        count = rows.count()
        context |= {"tree": table.tree(rows), "count": count, "cut": count > table.TREE and table.TREE}
    else:
        page_obj = paginate(request, selectors.detailed(table.ordered(rows, request.GET.get("sort", ""))))
        context |= {"page_obj": page_obj, "count": page_obj.paginator.count}
    return render(request, "delivery/items.html", context)


def bulk_fields() -> list[tuple[str, str]]:
    """What may be set for many rows at once."""
    return [
        ("leader", _("牵头领导")),
        ("lead", _("牵头单位")),
        ("responsible", _("责任单位")),
        ("support", _("配合单位")),
        ("deadline", _("完成时限")),
        ("chapter", _("章节")),
        ("criterion", _("完成标准")),
        ("review_on", _("复核日期")),
    ]


def kept(told: Any) -> QueryDict:
    """The part of a query string that says which rows: no page number."""
    out = QueryDict(mutable=True)
    for name in KEPT:
        if value := told.get(name, "").strip():
            out[name] = value
    return out


@page(VIEW)
def facets(request: Request) -> HttpResponse:
    """The facets with their counts."""
    found = []
    for f in table.facets(request.user, request.GET):
        rest = kept(request.GET)
        rest.pop(f["name"], None)
        found.append(f | {"rest": rest.urlencode()})
    context = {"facets": found, "base": reverse("delivery:items")}
    return render(request, "delivery/facets.html", context)


@page(VIEW)
def export(request: Request) -> Any:
    """The rows that the table shows: Excel, Word, CSV, JSON."""
    rows = selectors.detailed(
        table.ordered(table.filtered(request.user, request.GET), request.GET.get("sort", ""))
    )
    kind = request.GET.get("format", "")
    name = _("任务分解表")
    if kind in ("xlsx", "docx"):
        return sent(printing.of_items(rows, name), kind, name)
    columns = [tables.Column(printing.label(n), 20, n) for n in (*printing.FIELDS, "origin")]
    lines = ([printing.cells(i, n)[f] for f in (*printing.FIELDS, "origin")] for n, i in enumerate(rows, 1))
    return tables.download(tables.Table(name, columns, lines), kind)


def sent(made: Any, kind: str, name: str) -> HttpResponse:
    """A printed table as a file to keep."""
    from urllib.parse import quote

    body = paper.as_docx(made) if kind == "docx" else paper.as_xlsx(made)
    response = HttpResponse(body, content_type=DOCX if kind == "docx" else tables.XLSX)
    file = quote(f"{tables.file_name(name)}-{date.today().isoformat()}.{kind}")
    response["Content-Disposition"] = f"attachment; filename*=utf-8''{file}"
    return response


@page(VIEW, methods=("POST",))
def save_view(request: Request) -> HttpResponse:
    """Keeps the filters under a name, or forgets them."""
    query = kept(QueryDict(forms.said(request.POST, "query", 2000))).urlencode()
    if drop := forms.said(request.POST, "drop"):
        services.drop_view(by=request.user, name=drop)
        messages.success(request, _("已删除常用筛选“%s”。") % drop)
    else:
        view = services.save_view(by=request.user, name=forms.said(request.POST, "name"), query=query)
        messages.success(request, _("已存为常用筛选“%s”。") % view.name)
    return redirect(reverse("delivery:items") + (f"?{query}" if query else ""))


def picked(request: Request) -> list[tuple[WorkItem, int]]:
    """The items checked in a table, each with the revision that was seen: ``item=PK:REVISION``."""
    pairs = [x.partition(":") for x in request.POST.getlist("item")]
    seen = {forms.number(pk): forms.number(revision) for pk, _colon, revision in pairs}
    rows = {i.pk: i for i in selectors.detailed(selectors.items(request.user, DRAFT).filter(pk__in=seen))}
    if len(rows) != len(seen):
        raise Http404
    return [(rows[pk], revision) for pk, revision in seen.items()]


@page(DRAFT, methods=("POST",))
def bulk(request: Request) -> HttpResponse:
    """Sets one field of the items checked."""
    chosen = picked(request)
    field = request.POST.get("field", "")
    if not chosen:
        raise Refused(_("请先勾选任务。"))
    if field not in dict(bulk_fields()):
        raise Refused(_("请选择要修改的栏目。"))
    fields, names = forms.cell_value(field, request.POST)
    value = names if names is not None else fields[field]
    n = writes.bulk(by=request.user, owner=chosen[0][0].owner, items=chosen, field=field, value=value)
    messages.success(request, _("已修改 %d 条任务。") % n)
    return back(request, reverse("delivery:items"))


def back(request: Request, url: str) -> HttpResponse:
    """To the page that a form came from; by htmx, so that a draft is forgotten only when all went well."""
    asked = request.POST.get("next", "")
    if asked.startswith("/delivery/") and "\\" not in asked and "//" not in asked:
        url = asked
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if request.htmx else redirect(url)


@page(VIEW)
def row(request: Request, pk: int) -> HttpResponse:
    """One row of the table, as it stands."""
    return _row(request, selectors.item(request.user, pk))


def _row(request: Request, it: WorkItem) -> HttpResponse:
    it = selectors.item(request.user, it.pk)
    context = {
        "i": it, "edit": request.user.has_perm(DRAFT, it), "number": "",
        "in_division": request.GET.get("in") == "division" or request.POST.get("in") == "division",
    }  # fmt: skip
    return render(request, "delivery/row.html", context)


@page(DRAFT)
def edit_cell(request: Request, pk: int, name: str) -> HttpResponse:
    """A cell's form, in its place."""
    it = selectors.item(request.user, pk, DRAFT)
    if name not in forms.CELLS:
        raise Http404
    parts = parts_of(it)
    value = "、".join(parts[name]) if name in parts else getattr(it, name)
    context = {
        "i": it,
        "name": name,
        "value": "" if value is None else str(value),
        "long": name in ("text", "criterion"),
        "label": dict(bulk_fields()).get(name, _("任务事项")),
        "inside": request.GET.get("in", ""),
    }
    return render(request, "delivery/cell.html", context)


@page(DRAFT, methods=("POST",))
def set_cell(request: Request, pk: int, name: str) -> HttpResponse:
    """Keeps what was typed into a cell; answers with the row."""
    it = selectors.item(request.user, pk, DRAFT)
    if name not in forms.CELLS:
        raise Http404
    fields, names = forms.cell_value(name, request.POST)
    wanted = None
    if names is not None:
        held = [Wanted(a.part, a.name, a.basis, a.evidence) for a in it.assignments.all()]
        new = [Wanted(name, n) for n in names]
        order = ("lead", "responsible", "support")
        wanted = sorted([w for w in held if w.part != name] + new, key=lambda w: order.index(w.part))
    revision = forms.number(request.POST.get("revision", ""))
    writes.change_item(by=request.user, item=it, revision=revision, fields=fields, wanted=wanted)
    if not request.htmx:
        return redirect("delivery:item", pk=pk)
    return _row(request, it)


@page(VIEW)
def item(request: Request, pk: int) -> HttpResponse:
    """One item: words, sources with their evidence, units and where they come from, opinions, history."""
    it = selectors.item(request.user, pk)
    can = request.user.has_perm(DRAFT, it)
    in_force = getattr(it, "edition", None)
    sources = list(
        it.sources.all()
        if in_force
        else it.sources.select_related("commitment__document", "commitment__version")
    )
    context = {
        "i": it,
        "sources": sources,
        "parts": Part.choices,
        "can_change": can and it.editable,
        "can_establish": it.division_id is None
        and it.state == "draft"
        and request.user.has_perm(selectors.APPROVE, it),
        "offers": proposals.for_item(request.user, it) if can and it.editable else [],
        "opinions": it.opinions.select_related("inquiry__unit", "inquiry__consultation", "handled_by")
        if can
        else [],
        "form": forms.ItemForm.showing(it),
        "in_force": in_force,
        "classes": classes.of_item(it) if can and it.editable else {},
        "leader_posts": leaders.posts(it),
        "history": history.of(it, in_force.issued_at if in_force else None),
        "printed": printing.deadline(it),
    }
    return render(request, "delivery/item.html", context)


@page(DRAFT)
def new_item(request: Request) -> HttpResponse:
    """The form of an item that goes back to no document."""
    owners = selectors.owners(request.user)
    division = _division(request, request.GET.get("division", ""))
    initial = {
        "owner": division.owner if division else owners.first(),
        "division": division.pk if division else None,
    }
    form = forms.OriginForm(owners=owners, initial=initial)
    return render(request, "delivery/new_item.html", {"form": form, "division": division})


def _division(request: Request, value: str) -> Any:
    return selectors.division(request.user, forms.number(value), DRAFT) if value else None


@page(DRAFT, methods=("POST",))
def add_item(request: Request) -> HttpResponse:
    """Enters an item of other origin."""
    form = forms.OriginForm(request.POST, owners=Unit.objects.all())  # whether he may is the service's to say
    data = forms.valid(form)
    owner = data.pop("owner")
    division = _division(request, str(data.pop("division") or ""))
    wanted = writes.typed(*(forms.names_of(data.pop(p)) for p in ("lead", "responsible", "support")))
    it = writes.add_item(
        by=request.user, owner=owner, division=division, fields=form.led(data), wanted=wanted
    )
    messages.success(request, _("已录入：%s") % it)
    return back(request, reverse("delivery:item", args=[it.pk]))


@page(DRAFT, methods=("POST",))
def change(request: Request, pk: int) -> HttpResponse:
    """Words an item anew, gives it to other units."""
    it = selectors.item(request.user, pk, DRAFT)
    fields, wanted, revision, reason = forms.ItemForm(request.POST).told()
    writes.change_item(
        by=request.user, item=it, revision=revision, fields=fields, wanted=wanted, reason=reason
    )
    messages.success(request, _("已保存。"))
    return back(request, reverse("delivery:item", args=[pk]))


@page(DRAFT, methods=("POST",))
def take(request: Request, pk: int) -> HttpResponse:
    """Takes a proposal of units over."""
    it = selectors.item(request.user, pk, DRAFT)
    offer = proposals.one(request.user, it, request.POST.get("offer", ""))
    part = request.POST.get("part", "")
    writes.take(
        by=request.user,
        item=it,
        revision=forms.number(request.POST.get("revision", "")),
        wanted=offer.wanted(part if part in ("lead", "responsible", "support") else ""),
        chosen=offer.proposal.source,
    )
    messages.success(request, _("已采用，来由一并记录。"))
    return back(request, reverse("delivery:item", args=[pk]))


@page(DRAFT, methods=("POST",))
def resolve(request: Request, pk: int) -> HttpResponse:
    """Puts the units of a class in its place."""
    it = selectors.item(request.user, pk, DRAFT)
    name = forms.said(request.POST, "name", 200)
    revision = forms.number(request.POST.get("revision", ""))
    classes.resolve(by=request.user, item=it, revision=revision, name=name)
    messages.success(request, _("已将“%s”展开为具体单位。") % name)
    return back(request, reverse("delivery:item", args=[pk]))


@page(DRAFT, methods=("POST",))
def attach(request: Request, pk: int) -> HttpResponse:
    """Adds a source to an item, or takes one away."""
    it = selectors.item(request.user, pk, DRAFT)
    c = register_commitment(request.user, forms.number(request.POST.get("commitment", "")))
    writes.attach(
        by=request.user, item=it, revision=forms.number(request.POST.get("revision", "")), commitment=c,
        on=request.POST.get("on") == "1",
    )  # fmt: skip
    messages.success(request, _("已保存。"))
    return back(request, reverse("delivery:item", args=[pk]))


@page(DRAFT, methods=("POST",))
def cancel(request: Request, pk: int) -> HttpResponse:
    """Takes an item off the table."""
    it = selectors.item(request.user, pk, DRAFT)
    writes.cancel(
        by=request.user, item=it, revision=forms.number(request.POST.get("revision", "")),
        reason=forms.said(request.POST, "reason"),
    )  # fmt: skip
    messages.success(request, _("已撤销。"))
    return back(request, reverse("delivery:item", args=[pk]))


@page(selectors.APPROVE, methods=("POST",))
def establish(request: Request, pk: int) -> HttpResponse:
    """Puts an item of other origin on the register."""
    it = get_object_or_404(selectors.items(request.user, selectors.APPROVE), pk=pk)
    writes.establish(by=request.user, item=it, revision=forms.number(request.POST.get("revision", "")))
    messages.success(request, _("已立项。"))
    return back(request, reverse("delivery:item", args=[pk]))
