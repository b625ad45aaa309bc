"""The table of work items: filters, facets with counts, order, tree."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from luoshi_web.delivery import selectors
from luoshi_web.delivery.models import Assignment, Division, ItemTag, Lifecycle, Origin, WorkItem
from luoshi_web.library.models import Document
from luoshi_web.register.templatetags.register import domain_name, relation_name

FACETS = (
    "division", "document", "chapter", "unit", "place", "year", "domain", "relation", "origin", "state",
)  # fmt: skip
MOST = 40
TREE = 600
"""Items that the tree shows; the filters choose which."""
NONE = "-"
"""The value of a facet for rows that have none."""
LIVE = "live"


def filtered(account: Any, told: Any, *, but: str = "") -> QuerySet[WorkItem]:
    """The items that a query string asks for; cancelled ones only where asked.

    :param but: a facet whose own filter is left out, so that its other values keep their counts.
    """
    rows = selectors.items(account)
    value = {n: said(told, n) for n in FACETS}
    if but:
        value[but] = ""
    if word := said(told, "q"):
        rows = rows.filter(Q(text__icontains=word) | Q(code__iexact=word) | Q(leader__icontains=word))
    if value["division"]:
        rows = _division(rows, value["division"])
    for name in ("chapter", "domain"):
        if value[name]:
            rows = rows.filter(**{name: "" if value[name] == NONE else value[name]})
    if value["origin"]:
        rows = rows.filter(origin=value["origin"])
    rows = _year(rows, value["year"])
    for kind in ("document", "place", "relation"):
        if value[kind]:
            tags = ItemTag.objects.filter(item=OuterRef("pk"), kind=kind)
            rows = rows.filter(
                ~Exists(tags) if value[kind] == NONE else Exists(tags.filter(value=value[kind]))
            )
    if value["unit"]:
        held = Assignment.objects.filter(item=OuterRef("pk"))
        rows = rows.filter(
            ~Exists(held) if value["unit"] == NONE else Exists(held.filter(name=value["unit"]))
        )
    if but == "state":
        return rows
    if value["state"] in Lifecycle.values:
        return rows.filter(state=value["state"])
    return rows.exclude(state=Lifecycle.CANCELLED)


def said(told: Any, name: str) -> str:
    """A parameter without what no database keeps."""
    return str(told.get(name, "")).replace("\x00", "").strip()


def _division(rows: QuerySet[WorkItem], value: str) -> QuerySet[WorkItem]:
    if value.isdecimal() and len(value) < 12:
        return rows.filter(division=int(value))
    return rows.filter(division=None) if value == NONE else rows.none()


def _year(rows: QuerySet[WorkItem], value: str) -> QuerySet[WorkItem]:
    if value == "ongoing":
        return rows.filter(deadline="", ongoing=True)
    if value == NONE:
        return rows.filter(deadline="", ongoing=False)
    return rows.filter(deadline__startswith=value) if value else rows


def ordered(rows: QuerySet[WorkItem], by: str) -> QuerySet[WorkItem]:
    """In the order asked for; a row's number last, so that pages never overlap."""
    if by == "deadline":
        return rows.annotate(unset=Q(deadline="")).order_by("unset", "deadline", "pk")
    if by == "changed":
        return rows.order_by("-changed_at", "-pk")
    return rows.order_by("-division", "position", "pk")


def labels() -> dict[str, str]:
    """Facets in words."""
    return {
        "division": _("分工方案"),
        "document": _("文件"),
        "chapter": _("章节"),
        "unit": _("单位"),
        "place": _("地点"),
        "year": _("时限"),
        "domain": _("领域"),
        "relation": _("与上位文件"),
        "origin": _("来源"),
        "state": _("状态"),
    }


def facets(account: Any, told: Any) -> list[dict[str, Any]]:
    """Each facet with its commonest values and their counts among the rows that the other filters leave."""
    words = labels()
    return [
        {
            "name": n, "label": words[n], "chosen": said(told, n),
            "values": _values(n, filtered(account, told, but=n).order_by()),
        }
        for n in FACETS
    ]  # fmt: skip


def _values(name: str, rows: QuerySet[WorkItem]) -> list[tuple[str, str, int]]:
    """Value, words, count."""
    if name in ("document", "place", "relation"):
        tags = ItemTag.objects.filter(kind=name, item__in=rows).values("value")
        found = list(tags.annotate(n=Count("item", distinct=True)).order_by("-n", "value")[:MOST])
        return _named(name, [(r["value"], r["n"]) for r in found])
    if name == "unit":
        held = Assignment.objects.filter(item__in=rows).values("name")
        units = held.annotate(n=Count("item", distinct=True)).order_by("-n", "name")[:MOST]
        return [(r["name"], r["name"], r["n"]) for r in units]
    if name == "division":
        some = rows.values("division", "division__title").annotate(n=Count("pk")).order_by("-n")[:MOST]
        return [(str(r["division"] or NONE), r["division__title"] or _("不属于方案"), r["n"]) for r in some]
    if name == "year":
        return _years(rows)
    column = rows.values(name).annotate(n=Count("pk")).order_by("-n", name)[:MOST]
    named: dict[str, Any] = {"state": dict(Lifecycle.choices), "origin": dict(Origin.choices)}.get(name, {})
    if name == "domain":
        return [(r[name] or NONE, domain_name(r[name]) or _("无"), r["n"]) for r in column]
    return [(r[name] or NONE, str(named.get(r[name], r[name]) or _("无")), r["n"]) for r in column]


def _named(name: str, found: list[tuple[str, int]]) -> list[tuple[str, str, int]]:
    if name == "place":
        return [(v, v, n) for v, n in found]
    if name == "relation":
        return [(v, _("无上位对应") if v == "none" else relation_name(v), n) for v, n in found]
    titles = Document.objects.filter(pk__in=[int(v) for v, _n in found]).values_list("pk", "title")
    words = {str(pk): title for pk, title in titles}
    return [(v, words.get(v, v), n) for v, n in found]


def _years(rows: QuerySet[WorkItem]) -> list[tuple[str, str, int]]:
    counts: dict[str, int] = {}
    years = rows.annotate(year=Substr("deadline", 1, 4)).values("year", "ongoing").annotate(n=Count("pk"))
    for r in years:
        key = r["year"] or ("ongoing" if r["ongoing"] else NONE)
        counts[key] = counts.get(key, 0) + r["n"]
    words = {"ongoing": _("长期坚持"), NONE: _("未写明")}
    return [(k, words.get(k, k), n) for k, n in sorted(counts.items(), key=lambda p: (p[0] < "0", p[0]))]


def tree(rows: QuerySet[WorkItem], limit: int = TREE) -> list[dict[str, Any]]:
    """Divisions, their chapters, the items of each, in order; at most ``limit`` items."""
    out: list[dict[str, Any]] = []
    divisions: dict[int | None, dict[str, Any]] = {}
    for item in selectors.detailed(rows.order_by("-division", "position", "pk"))[:limit]:
        top = divisions.get(item.division_id)
        if top is None:
            title: Division | None = item.division
            top = divisions[item.division_id] = {"division": title, "chapters": {}, "count": 0}
            out.append(top)
        top["chapters"].setdefault(item.chapter, []).append(item)
        top["count"] += 1
    return out
