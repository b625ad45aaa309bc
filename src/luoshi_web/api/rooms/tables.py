"""Every table as a file: CSV, Excel, JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Schema

from luoshi_web.api.base import Forbidden, Room
from luoshi_web.api.rooms import audit
from luoshi_web.delivery import printing
from luoshi_web.delivery import selectors as delivery
from luoshi_web.delivery import table as items
from luoshi_web.library import selectors as library
from luoshi_web.organisation.models import Account, Grant, Unit
from luoshi_web.register import exports, gaps, ledger, lists, selectors, ties
from luoshi_web.search.views import table as search_table
from luoshi_web.ui.pages import Request
from luoshi_web.ui.tables import Column, Table, download

Told = dict[str, str]
Builder = Callable[[Any, Told], Table]


@dataclass(frozen=True, slots=True)
class Kept:
    """A table: the scope and permission that it needs, and what makes it."""

    scope: str
    permission: str
    make: Builder


def _number(told: Told, name: str) -> int:
    value = told.get(name, "")
    if not (value.isdecimal() and len(value) < 12):
        raise Http404
    return int(value)


def _documents(account: Any, told: Told) -> Table:
    heads = ((_("编号"), 8), (_("标题"), 48), (_("文种"), 10), (_("文号"), 20), (_("发文机关"), 30),
             (_("层级"), 10), (_("成文日期"), 12), (_("归属"), 20), (_("字数"), 10))  # fmt: skip
    rows = library.shelf(account, told)

    def lines() -> Iterator[list[Any]]:
        for d in rows:
            size = d.current.characters if d.current else 0
            yield [d.pk, d.title, d.kind, d.number, "、".join(d.issuers), d.level, d.date, str(d.owner), size]

    return Table(_("文件库"), [Column(h, w) for h, w in heads], lines(), frozen=2)


def _terms(account: Any, told: Told) -> Table:
    heads = ((_("术语"), 20), (_("含义"), 60), (_("原文"), 60), (_("文件"), 40))
    rows = library.terms(account, told.get("q", ""))
    lines = ([t.term, t.sense, t.quote, t.version.document.title] for t in rows.iterator(500))
    return Table(_("术语"), [Column(h, w) for h, w in heads], lines)


def _candidates(account: Any, told: Told) -> Table:
    version = selectors.document(account, _number(told, "document")).current
    heads = (
        (_("编号"), 8),
        (_("原文"), 70),
        (_("类型"), 10),
        (_("单位"), 30),
        (_("齐备度"), 8),
        (_("状态"), 10),
    )
    lines = (
        [i.candidate.pk, i.candidate.quote, i.candidate.type,
         "、".join(u.get("name", "") for u in i.candidate.units), i.score, i.state]
        for i in selectors.items(version)
    )  # fmt: skip
    return Table(_("待审核条目"), [Column(h, w) for h, w in heads], lines)


def _commitments(account: Any, told: Told) -> Table:
    return ledger.table(ledger.ordered(ledger.filtered(account, told), told.get("sort", "")))


def _matrix(account: Any, told: Told) -> gaps.Matrix:
    upper = library.document(account, _number(told, "upper"))
    if upper.current is None:
        raise Http404
    return gaps.matrix(account, upper, _number(told, "lower") if told.get("lower") else None)


def _gaps(account: Any, told: Told) -> Table:
    table = _matrix(account, told)
    return exports.gap_table(table, gaps.fill(exports.complete(gaps.gaps(table, told))))


def _differences(account: Any, told: Told) -> Table:
    return exports.differences(lists.difference_rows(lists.differences(account, told), account))


def _unsourced(account: Any, told: Told) -> Table:
    return exports.unsourced(lists.unsourced_rows(lists.unsourced(account, told), account))


def _items(account: Any, told: Told) -> Table:
    names = (*printing.FIELDS, "origin")
    rows = delivery.detailed(items.ordered(items.filtered(account, told), told.get("sort", "")))
    lines = ([printing.cells(i, n)[f] for f in names] for n, i in enumerate(rows, 1))
    return Table(_("任务分解表"), [Column(printing.label(n), 20, n) for n in names], lines)


def _divisions(account: Any, told: Told) -> Table:
    heads = (
        (_("编号"), 8),
        (_("标题"), 48),
        (_("归属"), 24),
        (_("状态"), 10),
        (_("文号"), 20),
        (_("印发日期"), 12),
    )
    rows = delivery.divisions(account).order_by("-pk")
    lines = ([d.pk, d.title, str(d.owner), d.get_state_display(), d.number, d.issued_on] for d in rows)
    return Table(_("分工方案"), [Column(h, w) for h, w in heads], lines, frozen=2)


def _opinions(account: Any, told: Told) -> Table:
    of = delivery.division(account, _number(told, "division"), delivery.DRAFT)
    heads = ((_("编号"), 14), (_("任务事项"), 48), (_("单位"), 24), (_("反馈"), 10), (_("意见"), 48),
             (_("处理"), 10), (_("处理理由"), 36))  # fmt: skip
    lines = (
        [o.item.code, o.item.text, str(o.inquiry.unit), o.get_answer_display(), o.text,
         o.get_handling_display(), o.handling_reason]
        for o in delivery.opinions(of)
    )  # fmt: skip
    return Table(_("反馈意见"), [Column(h, w) for h, w in heads], lines)


def _units(account: Any, told: Told) -> Table:
    heads = ((_("编号"), 8), (_("名称"), 40), (_("简称"), 20), (_("层级"), 10), (_("性质"), 10),
             (_("行政区划代码"), 12), (_("设立日期"), 12), (_("撤销日期"), 12))  # fmt: skip
    lines = (
        [
            u.pk,
            u.name,
            u.short_name,
            u.get_level_display(),
            u.get_kind_display(),
            u.code,
            u.valid_from,
            u.valid_to,
        ]
        for u in Unit.objects.all().order_by("path").iterator(500)
    )
    return Table(_("单位"), [Column(h, w) for h, w in heads], lines, frozen=2)


def _accounts(account: Any, told: Told) -> Table:
    heads = ((_("用户名"), 20), (_("姓名"), 16), (_("所在单位"), 30), (_("启用"), 8), (_("角色"), 50))
    held: dict[int, list[str]] = {}
    for g in Grant.objects.select_related("unit"):
        held.setdefault(g.account_id, []).append(f"{g.get_role_display()}·{g.unit}")
    lines = (
        [
            a.username,
            a.name,
            str(a.unit or ""),
            _("是") if a.is_active else _("否"),
            "；".join(held.get(a.pk, [])),
        ]
        for a in Account.objects.select_related("unit").order_by("username")
    )
    return Table(_("账号"), [Column(h, w) for h, w in heads], lines)


def _events(account: Any, told: Told) -> Table:
    names = ("id", "at", "actor", "action", "object_type", "object_id", "object_name", "before", "after",
             "reason", "address", "previous", "hash")  # fmt: skip
    rows = audit.filtered(told).values_list(*names)
    return Table(_("审计记录"), [Column(n, 20, n) for n in names], rows.iterator(2000))


DOCUMENT, COMMITMENT = "library.view_document", "register.view_commitment"
TABLES: dict[str, Kept] = {
    "documents": Kept("library:read", DOCUMENT, _documents),
    "terms": Kept("library:read", DOCUMENT, _terms),
    "candidates": Kept("register:read", "register.review_commitment", _candidates),
    "commitments": Kept("register:read", COMMITMENT, _commitments),
    "comparisons": Kept(
        "register:read", DOCUMENT, lambda a, t: exports.pairs(list(ties.comparisons(a).order_by("pk")))
    ),
    "links": Kept(
        "register:read", DOCUMENT, lambda a, t: exports.links(ties.comparison(a, _number(t, "comparison")))
    ),
    "coverage": Kept("register:read", DOCUMENT, lambda a, t: exports.coverage(_matrix(a, t))),
    "gaps": Kept("register:read", DOCUMENT, _gaps),
    "differences": Kept("register:read", DOCUMENT, _differences),
    "unsourced": Kept("register:read", DOCUMENT, _unsourced),
    "suspects": Kept(
        "register:read", DOCUMENT, lambda a, t: exports.suspects(ties.judged(a).filter(suspect=True))
    ),
    "items": Kept("delivery:read", delivery.VIEW, _items),
    "divisions": Kept("delivery:read", delivery.VIEW, _divisions),
    "opinions": Kept("delivery:read", delivery.DRAFT, _opinions),
    "search": Kept("search:read", DOCUMENT, search_table),
    "units": Kept("organisation:read", "organisation.view_unit", _units),
    "accounts": Kept("organisation:read", "organisation.view_account", _accounts),
    "events": Kept("audit:read", "audit.view_event", _events),
}

room = Room("tables")


class TableOut(Schema):
    """A table that may be fetched."""

    name: str
    scope: str
    permission: str


@room("GET", "/tables", "site.use", response=list[TableOut], scope="")
def tables(request: Request) -> Any:
    """可取的表。The tables that there are, with the scope that each needs."""
    return [{"name": n, "scope": t.scope, "permission": t.permission} for n, t in TABLES.items()]


@room("GET", "/tables/{str:name}", "site.use", scope="")
def one_table(request: Request, name: str, format: str = "csv") -> Any:
    """一张表：csv、xlsx 或 json。A table as a file, with the filters of its list in the query string."""
    kept = TABLES.get(name)
    if kept is None or format not in ("csv", "xlsx", "json"):
        raise Http404
    token = getattr(request, "token", None)
    if token is not None and kept.scope not in token.scopes:
        raise Forbidden(kept.scope)
    account = request.user
    if not account.has_perm(kept.permission):
        raise PermissionDenied(kept.permission)
    told = {n: str(v).replace("\x00", "") for n, v in request.GET.items() if n != "format"}
    return download(kept.make(account, told), format)
