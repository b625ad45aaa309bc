"""The ledger of commitments (任务台账): filters, order, pages, export.

At 100,000 rows a page costs two queries that read indexes alone (count, numbers of the page's rows) and one
that reads the page's rows; an export reads the numbers first and then the rows in batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi_web.library.models import Provision
from luoshi_web.register import drafting, due, selectors
from luoshi_web.register.models import AnchorState, Commitment, CommitmentState, CommitmentType, Tag
from luoshi_web.register.templatetags.register import domain_name
from luoshi_web.ui.pages import number
from luoshi_web.ui.tables import Column, Table

FACETS = ("document", "chapter", "node", "unit", "place", "due", "year", "domain", "link", "type", "state")
TAGGED = ("unit", "place", "link")
"""Facets whose values are tags: a row may have several."""
NONE = "-"
"""The value of a facet for rows that have none."""
BATCH = 2000


def filtered(account: Any, told: Any, *, but: str = "") -> QuerySet[Commitment]:
    """The commitments that a query string asks for; withdrawn ones only where asked.

    :param but: a facet whose own filter is left out, so that its other values keep their counts.
    """
    rows = selectors.commitments(account)
    value = {n: _said(told, n) for n in FACETS}
    if but:
        value[but] = ""
    if word := _said(told, "q"):
        rows = rows.filter(Q(text__icontains=word) | Q(quote__icontains=word))
    if value["document"].isdecimal():
        rows = rows.filter(document=number(value["document"]))
    if value["chapter"]:
        rows = rows.filter(chapter=_plain(value["chapter"]))
    if value["node"].isdecimal():
        rows = _node(rows, number(value["node"]))
    if value["domain"]:
        rows = rows.filter(domain=_plain(value["domain"]))
    if value["type"]:
        rows = rows.filter(type=value["type"])
    rows = _year(rows, value["year"])
    if value["due"] in due.VALUES:
        rows = rows.filter(due.within("deadline", value["due"]))
    for kind in TAGGED:
        if value[kind] == NONE:
            rows = rows.filter(~Exists(Tag.objects.filter(commitment=OuterRef("pk"), kind=kind)))
        elif value[kind]:
            tagged = Tag.objects.filter(kind=kind, value=value[kind])
            rows = rows.filter(pk__in=tagged.values("commitment"))
    return rows if but == "state" else _state(rows, value["state"])


def _node(rows: QuerySet[Commitment], pk: int) -> QuerySet[Commitment]:
    """What stands in a node of an outline."""
    node = Provision.objects.filter(pk=pk).first()
    if node is None:
        return rows.none()
    return rows.filter(version=node.version_id, start__gte=node.start, start__lt=node.end)


def _said(told: Any, name: str) -> str:
    """A parameter without what no database keeps."""
    return str(told.get(name, "")).replace("\x00", "").strip()


def _plain(value: str) -> str:
    return "" if value == NONE else value


def _year(rows: QuerySet[Commitment], value: str) -> QuerySet[Commitment]:
    if value == "ongoing":
        return rows.filter(deadline="", ongoing=True)
    if value == NONE:
        return rows.filter(deadline="", ongoing=False)
    return rows.filter(deadline__startswith=value) if value else rows


def _state(rows: QuerySet[Commitment], value: str) -> QuerySet[Commitment]:
    if value in AnchorState.values:
        return rows.filter(state=CommitmentState.CONFIRMED, anchor_state=value)
    return rows.filter(state=value if value in CommitmentState.values else CommitmentState.CONFIRMED)


def ordered(rows: QuerySet[Commitment], by: str) -> QuerySet[Commitment]:
    """In the order asked for; a row's number last, so that pages never overlap."""
    if by == "deadline":
        return rows.annotate(open=Q(deadline="")).order_by("open", "deadline", "pk")
    if by == "strength":
        return rows.order_by("-strength", "pk")
    if by == "confirmed":
        return rows.order_by("-confirmed_at", "-pk")
    return rows.order_by("-document__date", "document", "start", "pk")


class Rows(Sequence[Commitment]):
    """Rows in order for a paginator: the numbers of a page's rows from an index, then those rows alone."""

    def __init__(self, rows: QuerySet[Commitment]) -> None:
        self.rows = rows
        self._count: int | None = None

    def count(self, value: Any = None) -> int:
        """How many there are."""
        if self._count is None:
            self._count = self.rows.order_by().count()
        return self._count

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, place: Any) -> Any:
        if not isinstance(place, slice):
            return self.rows[place]
        ids = list(self.rows.values_list("pk", flat=True)[place])
        found = Commitment.objects.select_related("document__owner").in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]


def columns() -> list[str]:
    """The heads of an export."""
    return [
        _("编号"), _("任务事项"), _("类型"), _("完成标准"), _("牵头单位"), _("责任单位"), _("配合单位"),
        _("完成时限"), _("时限原文"), _("长期坚持"), _("领域"), _("文件"), _("文号"), _("章节"), _("条款"),
        _("原文"), _("状态"), _("出处状态"), _("确认人"), _("确认时间"),
    ]  # fmt: skip


FIELDS = (
    "pk", "text", "type", "criterion", "units", "deadline", "deadline_quote", "ongoing", "domain",
    "document__title", "document__number", "chapter", "place_label", "quote", "state", "anchor_state",
    "confirmed_by__name", "confirmed_by__username", "confirmed_at",
)  # fmt: skip


def lines(rows: QuerySet[Commitment]) -> Iterator[list[Any]]:
    """The rows of an export, read in batches by number, so that no sort carries whole rows."""
    types = {k: str(v) for k, v in CommitmentType.choices}
    states = {k: str(v) for k, v in (*CommitmentState.choices, *AnchorState.choices)}
    yes, domains = _("是"), dict[str, str]()
    every = list(rows.values_list("pk", flat=True))
    for at in range(0, len(every), BATCH):
        ids = every[at : at + BATCH]
        found = {r[0]: r for r in Commitment.objects.filter(pk__in=ids).values_list(*FIELDS)}
        for pk in ids:
            if pk not in found:
                continue  # gone since
            _pk, text, kind, criterion, units, deadline, quoted, ongoing, domain, *rest = found[pk]
            title, number, chapter, label, quote, state, anchor, name, username, when = rest
            by_role: dict[str, list[str]] = {}
            for u in units:
                by_role.setdefault(u.get("role", ""), []).append(u["name"])
            if domain not in domains:
                domains[domain] = domain_name(domain)
            yield [
                pk, text, types.get(kind, kind), criterion,
                *("、".join(by_role.get(role, ())) for role, _w in drafting.ROLES), deadline, quoted,
                yes if ongoing else "", domains[domain], title, number, chapter, label, quote, states[state],
                states[anchor], name or username, f"{timezone.localtime(when):%Y-%m-%d}",
            ]  # fmt: skip


def table(rows: QuerySet[Commitment]) -> Table:
    """The ledger as a file's table."""
    widths = (7, 48, 7, 24, 18, 24, 24, 12, 16, 9, 12, 36, 18, 24, 12, 48, 9, 9, 12, 12)
    heads = [Column(head, width) for head, width in zip(columns(), widths, strict=True)]
    return Table(_("任务台账"), heads, lines(rows), frozen=2)
