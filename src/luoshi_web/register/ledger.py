"""The ledger of commitments (任务台账): filters, facets with counts, order, export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from luoshi_web.register import drafting, selectors
from luoshi_web.register.models import AnchorState, Commitment, CommitmentState, CommitmentType, Tag
from luoshi_web.register.templatetags.register import domain_name
from luoshi_web.ui.tables import Column, Table

FACETS = ("document", "chapter", "unit", "place", "year", "domain", "type", "state")
MOST = 40
"""Values of a facet that a page shows."""
NONE = "-"
"""The value of a facet for rows that have none."""


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
        rows = rows.filter(document=int(value["document"]))
    if value["chapter"]:
        rows = rows.filter(chapter=_plain(value["chapter"]))
    if value["domain"]:
        rows = rows.filter(domain=_plain(value["domain"]))
    if value["type"]:
        rows = rows.filter(type=value["type"])
    rows = _year(rows, value["year"])
    for kind in ("unit", "place"):
        if value[kind]:
            tags = Tag.objects.filter(commitment=OuterRef("pk"), kind=kind)
            rows = rows.filter(
                ~Exists(tags) if value[kind] == NONE else Exists(tags.filter(value=value[kind]))
            )
    return rows if but == "state" else _state(rows, value["state"])


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


def facets(account: Any, told: Any) -> list[dict[str, Any]]:
    """Each facet with its commonest values and their counts among the rows that the other filters leave."""
    labels = {
        "document": _("文件"), "chapter": _("章节"), "unit": _("单位"), "place": _("地点"), "year": _("时限"),
        "domain": _("领域"), "type": _("类型"), "state": _("状态"),
    }  # fmt: skip
    out = []
    for name in FACETS:
        values = _values(name, filtered(account, told, but=name))
        out.append({"name": name, "label": labels[name], "values": values, "chosen": told.get(name, "")})
    return out


def _values(name: str, rows: QuerySet[Commitment]) -> list[tuple[str, str, int]]:
    """Value, words, count."""
    rows = rows.order_by()
    if name in ("unit", "place"):
        tags = Tag.objects.filter(kind=name, commitment__in=rows).values("value")
        found = tags.annotate(n=Count("commitment", distinct=True)).order_by("-n", "value")[:MOST]
        return [(r["value"], r["value"], r["n"]) for r in found]
    if name == "document":
        some = rows.values("document", "document__title").annotate(n=Count("pk")).order_by("-n")[:MOST]
        return [(str(r["document"]), r["document__title"], r["n"]) for r in some]
    if name == "year":
        years = rows.annotate(year=Substr("deadline", 1, 4)).values("year", "ongoing").annotate(n=Count("pk"))
        counts: dict[str, int] = {}
        for r in years:
            key = r["year"] or ("ongoing" if r["ongoing"] else NONE)
            counts[key] = counts.get(key, 0) + r["n"]
        words = {"ongoing": _("长期坚持"), NONE: _("未写明")}
        return [(k, words.get(k, k), n) for k, n in sorted(counts.items(), key=lambda p: (p[0] < "0", p[0]))]
    if name == "state":
        return _states(rows)
    column = rows.values(name).annotate(n=Count("pk")).order_by("-n", name)[:MOST]
    if name == "domain":
        return [(r[name] or NONE, domain_name(r[name]) or _("无"), r["n"]) for r in column]
    named = dict(CommitmentType.choices)
    return [(r[name] or NONE, str(named.get(r[name], r[name]) or _("无")), r["n"]) for r in column]


def _states(rows: QuerySet[Commitment]) -> list[tuple[str, str, int]]:
    """By the state of the source; the withdrawn ones apart."""
    counts = {
        (r["state"], r["anchor_state"]): r["n"]
        for r in rows.values("state", "anchor_state").annotate(n=Count("pk"))
    }
    confirmed = CommitmentState.CONFIRMED
    out = [(v, _("出处%s") % words, counts.get((confirmed, v), 0)) for v, words in AnchorState.choices]
    gone = sum(n for (state, _a), n in counts.items() if state == CommitmentState.WITHDRAWN)
    return [x for x in [*out, (str(CommitmentState.WITHDRAWN), _("已撤销"), gone)] if x[2]]


def columns() -> list[str]:
    """The heads of an export."""
    return [
        _("编号"), _("任务事项"), _("类型"), _("完成标准"), _("牵头单位"), _("责任单位"), _("配合单位"),
        _("完成时限"), _("时限原文"), _("长期坚持"), _("领域"), _("文件"), _("文号"), _("章节"), _("条款"),
        _("原文"), _("状态"), _("出处状态"), _("确认人"), _("确认时间"),
    ]  # fmt: skip


def lines(rows: QuerySet[Commitment]) -> Iterator[list[Any]]:
    """The rows of an export."""
    for c in rows.select_related("document", "confirmed_by").iterator(2000):
        units = {
            role: "、".join(u["name"] for u in c.units if u.get("role") == role)
            for role, _w in drafting.ROLES
        }
        yield [
            c.pk, c.text, c.get_type_display(), c.criterion, units["lead"], units["responsible"],
            units["support"], c.deadline, c.deadline_quote, _("是") if c.ongoing else "",
            domain_name(c.domain),
            c.document.title, c.document.number, c.chapter, c.place_label, c.quote, c.get_state_display(),
            c.get_anchor_state_display(), str(c.confirmed_by), f"{c.confirmed_at:%Y-%m-%d}",
        ]  # fmt: skip


def table(rows: QuerySet[Commitment]) -> Table:
    """The ledger as a file's table."""
    widths = (7, 48, 7, 24, 18, 24, 24, 12, 16, 9, 12, 36, 18, 24, 12, 48, 9, 9, 12, 12)
    heads = [Column(head, width) for head, width in zip(columns(), widths, strict=True)]
    return Table(_("任务台账"), heads, lines(rows), frozen=2)
