"""The table of work items: filters, facets with counts, order, tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import gettext as _

from luoshi_web.delivery import selectors
from luoshi_web.delivery.models import Assignment, Division, IssuedPart, ItemTag, Lifecycle, Origin, WorkItem
from luoshi_web.delivery.standing import column, either
from luoshi_web.library.models import Document
from luoshi_web.register import due
from luoshi_web.register.templatetags.register import domain_name, relation_name

FACETS = (
    "division", "document", "chapter", "unit", "place", "due", "year", "domain", "relation", "origin",
    "state",
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
    kept = getattr(rows, "kept", ())
    if kept:
        rows = rows.annotate(due=column(kept, "deadline"), place=column(kept, "position"))
    value = {n: said(told, n) for n in FACETS}
    if but:
        value[but] = ""
    if word := said(told, "q"):
        said_there = either(kept, text__icontains=word) | either(kept, leader__icontains=word)
        rows = rows.filter(said_there | Q(code__iexact=word))
    if value["division"]:
        rows = _division(rows, value["division"])
    for name in ("chapter", "domain"):
        if value[name]:
            rows = rows.filter(either(kept, **{name: "" if value[name] == NONE else value[name]}))
    if value["origin"]:
        rows = rows.filter(origin=value["origin"])
    rows = _year(rows, value["year"], kept)
    if value["due"] in due.VALUES:
        rows = rows.filter(_due(kept, value["due"]))
    for kind in ("document", "place", "relation"):
        if value[kind]:
            tags = ItemTag.objects.filter(item=OuterRef("pk"), kind=kind)
            rows = rows.filter(
                ~Exists(tags) if value[kind] == NONE else Exists(tags.filter(value=value[kind]))
            )
    if value["unit"]:
        rows = rows.filter(_unit(kept, "" if value["unit"] == NONE else value["unit"]))
    mine = Q(division__in=kept) if kept else Q(pk__in=[])
    if but == "state":
        return rows
    if value["state"] in Lifecycle.values:
        here = Q(state=value["state"]) & ~mine
        return rows.filter(here | mine if value["state"] == Lifecycle.ESTABLISHED else here)
    return rows.filter(mine | ~Q(state=Lifecycle.CANCELLED))


def _unit(kept: Sequence[int], name: str) -> Q:
    """Items in which a unit of that name has a part; without a name: in which none has.

    A unit goes by its own name, only one that we do not know by the name as written. What documents write
    for a unit that we know still finds its items, where nothing else is called so: old links hold.
    """
    live = Assignment.objects.filter(item=OuterRef("pk"))
    issued = IssuedPart.objects.filter(row__item=OuterRef("pk"))
    wanted = Q(unit__name=name) | Q(unit=None, name=name)
    if name and not any(m.objects.filter(wanted).exists() for m in (Assignment, IssuedPart)):
        wanted = Q(name=name)
    here, there = (Exists(x.filter(wanted)) if name else ~Exists(x) for x in (live, issued))
    mine = Q(division__in=kept)
    return (~mine & Q(here)) | (mine & Q(there)) if kept else Q(here)


def _due(kept: Sequence[int], value: str) -> Q:
    """Items on the register whose last day is past, or near; of divisions ``kept`` as they were issued."""
    live = Q(state=Lifecycle.ESTABLISHED) & due.within("deadline", value)
    if not kept:
        return live
    mine = Q(division__in=kept)
    return (~mine & live) | (mine & due.within("issued__deadline", value))


def said(told: Any, name: str) -> str:
    """A parameter without what no database keeps."""
    return str(told.get(name, "")).replace("\x00", "").strip()


def _division(rows: QuerySet[WorkItem], value: str) -> QuerySet[WorkItem]:
    if value.isdecimal() and len(value) < 12:
        return rows.filter(division=int(value))
    return rows.filter(division=None) if value == NONE else rows.none()


def _year(rows: QuerySet[WorkItem], value: str, kept: Sequence[int]) -> QuerySet[WorkItem]:
    if value == "ongoing":
        return rows.filter(either(kept, deadline="", ongoing=True))
    if value == NONE:
        return rows.filter(either(kept, deadline="", ongoing=False))
    return rows.filter(either(kept, deadline__startswith=value)) if value else rows


def ordered(rows: QuerySet[WorkItem], by: str) -> QuerySet[WorkItem]:
    """In the order asked for; a row's number last, so that pages never overlap."""
    kept = getattr(rows, "kept", ())
    if by == "deadline":
        due = "due" if kept else "deadline"
        return rows.annotate(unset=Q(**{due: ""})).order_by("unset", due, "pk")
    if by == "changed":
        return rows.order_by("-changed_at", "-pk")
    return rows.order_by("-division", "place" if kept else "position", "pk")


def labels() -> dict[str, str]:
    """Facets in words."""
    return {
        "division": _("分工方案"),
        "document": _("文件"),
        "chapter": _("章节"),
        "unit": _("单位"),
        "place": _("地点"),
        "due": _("到期"),
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
    kept = getattr(rows, "kept", ())
    if name in ("document", "place", "relation"):
        tags = ItemTag.objects.filter(kind=name, item__in=rows).values("value")
        found = list(tags.annotate(n=Count("item", distinct=True)).order_by("-n", "value")[:MOST])
        return _named(name, [(r["value"], r["n"]) for r in found])
    if name == "unit":
        return _units(rows, kept)
    if name == "division":
        some = rows.values("division", "division__title").annotate(n=Count("pk")).order_by("-n")[:MOST]
        return [(str(r["division"] or NONE), r["division__title"] or _("不属于方案"), r["n"]) for r in some]
    if name == "year":
        return _years(rows, kept)
    if name == "due":
        terms = [(v, w, rows.filter(_due(kept, v)).count()) for v, w in due.labels().items()]
        return [t for t in terms if t[2]]
    shown = rows.annotate(shown=column(kept, name)).values("shown")
    counted = shown.annotate(n=Count("pk")).order_by("-n", "shown")[:MOST]
    named: dict[str, Any] = {"state": dict(Lifecycle.choices), "origin": dict(Origin.choices)}.get(name, {})
    if name == "domain":
        return [(r["shown"] or NONE, domain_name(r["shown"]) or _("无"), r["n"]) for r in counted]
    return [(r["shown"] or NONE, str(named.get(r["shown"], r["shown"]) or _("无")), r["n"]) for r in counted]


def _units(rows: QuerySet[WorkItem], kept: Sequence[int]) -> list[tuple[str, str, int]]:
    """The units that most rows name: each once, however documents write it; else names as written."""
    counts: Counter[str] = Counter()
    live = Assignment.objects.filter(item__in=rows.exclude(division__in=kept) if kept else rows)
    called = Coalesce("unit__name", "name")
    some = live.annotate(called=called).values("called").annotate(n=Count("item", distinct=True))
    for r in some.order_by("-n", "called")[:MOST]:
        counts[r["called"]] += r["n"]
    if kept:
        issued = IssuedPart.objects.filter(row__item__in=rows.filter(division__in=kept))
        fixed = issued.annotate(called=called).values("called").annotate(n=Count("row", distinct=True))
        for r in fixed.order_by("-n", "called")[:MOST]:
            counts[r["called"]] += r["n"]
    most = sorted(counts.items(), key=lambda p: (-p[1], p[0]))[:MOST]
    return [(name, name, n) for name, n in most]


def _named(name: str, found: list[tuple[str, int]]) -> list[tuple[str, str, int]]:
    if name == "place":
        return [(v, v, n) for v, n in found]
    if name == "relation":
        return [(v, _("无上位对应") if v == "none" else relation_name(v), n) for v, n in found]
    titles = Document.objects.filter(pk__in=[int(v) for v, _n in found]).values_list("pk", "title")
    words = {str(pk): title for pk, title in titles}
    return [(v, words.get(v, v), n) for v, n in found]


def _years(rows: QuerySet[WorkItem], kept: Sequence[int]) -> list[tuple[str, str, int]]:
    counts: dict[str, int] = {}
    shown = rows.annotate(year=Substr(column(kept, "deadline"), 1, 4), lasts=column(kept, "ongoing"))
    for r in shown.values("year", "lasts").annotate(n=Count("pk")):
        key = r["year"] or ("ongoing" if r["lasts"] else NONE)
        counts[key] = counts.get(key, 0) + r["n"]
    words = {"ongoing": _("长期坚持"), NONE: _("未写明")}
    return [(k, words.get(k, k), n) for k, n in sorted(counts.items(), key=lambda p: (p[0] < "0", p[0]))]


def tree(rows: QuerySet[WorkItem], limit: int = TREE) -> list[dict[str, Any]]:
    """Divisions, their chapters, the items of each, in order; at most ``limit`` items."""
    out: list[dict[str, Any]] = []
    divisions: dict[int | None, dict[str, Any]] = {}
    for item in selectors.detailed(ordered(rows, ""))[:limit]:
        top = divisions.get(item.division_id)
        if top is None:
            title: Division | None = item.division
            top = divisions[item.division_id] = {"division": title, "chapters": {}, "count": 0}
            out.append(top)
        top["chapters"].setdefault(item.chapter, []).append(item)
        top["count"] += 1
    return out
