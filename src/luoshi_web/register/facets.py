"""Facets of the ledger: the commonest values of each, counted among the rows that the other filters leave.

Counted from indexes that hold all columns of a facet, and kept for a while: a count may be served although
something changed since, for at most :data:`SHARE` times the seconds that counting took. So small registers
are always counted anew, and at 100,000 commitments facets never take more than a fiftieth of the server's
time per filter, however many write.
"""

from __future__ import annotations

import time
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luoshi_web.audit.models import AuditEvent
from luoshi_web.library.models import Document, Provision
from luoshi_web.register import due
from luoshi_web.register.ledger import FACETS, NONE, TAGGED, _said, filtered
from luoshi_web.register.models import AnchorState, Commitment, CommitmentState, CommitmentType, Tag
from luoshi_web.register.templatetags.register import domain_name, relation_name
from luoshi_web.ui.pages import number

MOST = 40
"""Values of a facet that a page shows."""
SHARE = 50
AGE = 600
"""Seconds after which counts are taken anew in any case."""
SHOWN = tuple(n for n in FACETS if n not in ("document", "chapter", "node"))
"""Facets as lists; documents and chapters are a tree (:func:`tree`)."""
Value = tuple[str, str, int]
"""Value, words, count."""


def facets(account: Any, told: Any) -> list[dict[str, Any]]:
    """Each facet with its commonest values and their counts."""
    labels = {
        "unit": _("单位"), "place": _("地点"), "due": _("到期"), "year": _("时限"), "domain": _("领域"),
        "link": _("与上位文件的关系"), "type": _("类型"), "state": _("状态"),
    }  # fmt: skip
    return [
        {"name": n, "label": labels[n], "values": _kept(account, told, n), "chosen": _said(told, n)}
        for n in SHOWN
    ]


def tree(account: Any, told: Any) -> dict[str, Any]:
    """The tree beside the table: documents, below the chosen one its outline, all with counts."""
    chosen = _said(told, "document")
    out: dict[str, Any] = {"documents": _kept(account, told, "document"), "chosen": chosen, "nodes": []}
    if chosen.isdecimal():
        out["nodes"] = _outline(account, told, number(chosen))
        out["chosen_node"] = _said(told, "node")
        if chosen not in {v for v, _w, _n in out["documents"]}:
            name = Document.objects.filter(pk=number(chosen)).values_list("title", flat=True).first()
            out["documents"] = [(chosen, name or "", 0), *out["documents"]]
    return out


def _outline(account: Any, told: Any, document: int) -> list[tuple[Provision, int]]:
    """The nodes of a document's current outline that hold rows, with how many."""
    rows = filtered(account, told, but="node").filter(document=document)
    starts = list(rows.filter(version=F("document__current")).values_list("start", flat=True))
    if not starts:
        return []
    nodes = Provision.objects.filter(version__document=document, version=F("version__document__current"))
    out = []
    for node in nodes.filter(depth__lte=3).order_by("start", "depth"):
        n = sum(node.start <= s < node.end for s in starts)
        if n and (node.label or node.title):
            out.append((node, n))
    return out


def _kept(account: Any, told: Any, name: str) -> list[Value]:
    """A facet's values, counted or as they were counted a moment ago."""
    grants = sorted((g.role, g.unit.path) for g in account.grants)
    asked = [(n, _said(told, n)) for n in (*FACETS, "q") if n != name]
    key = f"facet:{hash((name, tuple(grants), tuple(asked), get_language()))}"
    last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first()
    now = time.monotonic()
    if (known := cache.get(key)) is not None:
        stamp, until, values = known
        if stamp == last or now < until:
            return list(values)
    values = _values(name, filtered(account, told, but=name).order_by())
    took = time.monotonic() - now
    cache.set(key, (last, now + SHARE * took if took > 0.02 else 0.0, values), AGE)
    return values


def _values(name: str, rows: QuerySet[Commitment]) -> list[Value]:
    if name in TAGGED:
        tags = Tag.objects.filter(kind=name, commitment__in=rows.values("pk")).values("value")
        found = tags.annotate(n=Count("commitment", distinct=True)).order_by("-n", "value")[:MOST]
        out = [(r["value"], r["value"], r["n"]) for r in found]
        return _links(rows, out) if name == "link" else out
    if name == "document":
        return _documents(rows)
    if name == "due":
        counted = [(v, w, rows.filter(due.within("deadline", v)).count()) for v, w in due.labels().items()]
        return [x for x in counted if x[2]]
    if name == "year":
        return _years(rows)
    if name == "state":
        return _states(rows)
    column = rows.values(name).annotate(n=Count("pk")).order_by("-n", name)[:MOST]
    if name == "domain":
        return [(r[name] or NONE, domain_name(r[name]) or _("无"), r["n"]) for r in column]
    named = dict(CommitmentType.choices)
    return [(r[name] or NONE, str(named.get(r[name], r[name]) or _("无")), r["n"]) for r in column]


def _documents(rows: QuerySet[Commitment]) -> list[Value]:
    """Titles are read for those shown alone."""
    some = list(rows.values("document").annotate(n=Count("pk")).order_by("-n", "document")[:MOST])
    titles = dict(Document.objects.filter(pk__in=[r["document"] for r in some]).values_list("pk", "title"))
    return [(str(r["document"]), titles.get(r["document"], ""), r["n"]) for r in some]


def _years(rows: QuerySet[Commitment]) -> list[Value]:
    years = rows.annotate(year=Substr("deadline", 1, 4)).values("year", "ongoing").annotate(n=Count("pk"))
    counts: dict[str, int] = {}
    for r in years:
        key = r["year"] or ("ongoing" if r["ongoing"] else NONE)
        counts[key] = counts.get(key, 0) + r["n"]
    words = {"ongoing": _("长期坚持"), NONE: _("未写明")}
    return [(k, words.get(k, k), n) for k, n in sorted(counts.items(), key=lambda p: (p[0] < "0", p[0]))]


def _links(rows: QuerySet[Commitment], found: list[Value]) -> list[Value]:
    """Relations to upper documents in their order, and those rows that have none."""
    counts = {v: n for v, _w, n in found}
    out: list[Value] = [
        (v, relation_name(v), counts[v]) for v in ("verbatim", "adapted", "specified") if v in counts
    ]
    linked = Tag.objects.filter(kind="link", commitment__in=rows.values("pk"))
    none = rows.count() - linked.values("commitment").distinct().count() if out else 0
    return [*out, (NONE, _("上位文件中未见"), none)] if none else out


def _states(rows: QuerySet[Commitment]) -> list[Value]:
    """By the state of the source; the withdrawn ones apart."""
    counts = {
        (r["state"], r["anchor_state"]): r["n"]
        for r in rows.values("state", "anchor_state").annotate(n=Count("pk"))
    }
    confirmed = CommitmentState.CONFIRMED
    out = [(v, _("出处%s") % words, counts.get((confirmed, v), 0)) for v, words in AnchorState.choices]
    gone = sum(n for (state, _a), n in counts.items() if state == CommitmentState.WITHDRAWN)
    return [x for x in [*out, (str(CommitmentState.WITHDRAWN), _("已撤销"), gone)] if x[2]]
