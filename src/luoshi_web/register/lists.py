"""Reads of the lists beside the comparisons: differences of wording, unsourced commitments, sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, overload

from django.db.models import Exists, F, OuterRef, QuerySet

from luoshi_web.library.models import Document, Link, SourceShare, Unsourced, Version
from luoshi_web.library.selectors import VIEW
from luoshi_web.organisation.access import visible
from luoshi_web.register import exports, ties
from luoshi_web.register.judging import CHANGES
from luoshi_web.register.models import DifferenceVerdict, GapDisposition, JudgedLink, LinkVerdict
from luoshi_web.ui.pages import number


class Both(Sequence[Any]):
    """Two result sets one after the other, for a paginator; nothing is loaded that is not shown."""

    def __init__(self, first: QuerySet[Any], second: QuerySet[Any]) -> None:
        self._parts = (first, second)
        self._counts = (first.count(), second.count())

    def __len__(self) -> int:
        return sum(self._counts)

    @overload
    def __getitem__(self, i: int) -> Any: ...
    @overload
    def __getitem__(self, i: slice) -> list[Any]: ...
    def __getitem__(self, i: int | slice) -> Any:
        if isinstance(i, int):
            return self[i : i + 1][0]
        start, end, _step = i.indices(len(self))
        n = self._counts[0]
        return [
            *self._parts[0][min(start, n) : min(end, n)],
            *self._parts[1][max(0, start - n) : max(0, end - n)],
        ]


def differences(account: Any, told: Any) -> Both:
    """Links with a difference of wording or target that nobody rejected; then those drawn by hand."""
    pairs = ties.comparisons(account)
    drawn = ties.judged(account).filter(
        by_hand=True, suspect=False, verdict=LinkVerdict.CONFIRMED,
        upper_version=F("upper_document__current"), lower_version=F("lower_document__current"),
    ).exclude(change="")  # fmt: skip
    for side in ("upper", "lower"):
        if pk := number(told.get(side)):
            pairs = pairs.filter(**{f"{side}__document": pk})
            drawn = drawn.filter(**{f"{side}_document": pk})
    links = Link.objects.filter(comparison__in=pairs).exclude(change="")
    said = JudgedLink.objects.filter(
        upper_version=OuterRef("comparison__upper"), lower_version=OuterRef("comparison__lower"),
        key=OuterRef("key"),
    )  # fmt: skip
    links = links.exclude(Exists(said.filter(verdict=LinkVerdict.REJECTED)))
    if (change := str(told.get("change", ""))) in CHANGES:
        links, drawn = links.filter(change=change), drawn.filter(change=change)
    verdict = str(told.get("verdict", ""))
    if verdict == "none":
        links, drawn = links.exclude(Exists(said.exclude(difference=""))), drawn.filter(difference="")
    elif verdict in DifferenceVerdict.values:
        links, drawn = (
            links.filter(Exists(said.filter(difference=verdict))),
            drawn.filter(difference=verdict),
        )
    order = ("comparison__lower__document", "lower_start", "upper_start", "pk")
    return Both(
        links.order_by(*order).select_related("comparison"),
        drawn.order_by("lower_document", "lower_start", "pk"),
    )


def difference_rows(some: Iterable[Link | JudgedLink], account: Any) -> list[dict[str, Any]]:
    """Lines of the list of differences."""
    rows = list(some)
    links = [x for x in rows if isinstance(x, Link)]
    pairs = {
        c.pk: c for c in ties.comparisons(account).filter(pk__in={x.comparison_id for x in links})
    }  # fmt: skip
    by_versions = {(c.upper_id, c.lower_id): c for c in ties.comparisons(account).filter(
        upper__in=[x.upper_version_id for x in rows if isinstance(x, JudgedLink)])}  # fmt: skip
    known = {
        (j.upper_version_id, j.lower_version_id, j.key): j
        for j in JudgedLink.objects.filter(key__in=[x.key for x in links]).select_related(
            "by", "difference_by"
        )
    }
    out = []
    for x in rows:
        if isinstance(x, Link):
            pair = pairs[x.comparison_id]
            j = known.get((pair.upper_id, pair.lower_id, x.key))
            link: Link | None = x
        else:
            found = by_versions.get((x.upper_version_id, x.lower_version_id))
            if found is None:
                continue
            pair, j, link = found, x, None
        places = (x.upper_start, x.upper_end), (x.lower_start, x.lower_end)
        t = ties.Tie(x.key, *places, x.relation, x.score, x.change, link, j)
        out.append(
            {
                "t": t, "pair": pair, "judged": j, "change": t.change, "edits": exports.edits(t),
                "upper_document": pair.upper.document, "lower_document": pair.lower.document,
                "upper": pair.upper.text[slice(*t.upper)], "lower": pair.lower.text[slice(*t.lower)],
            }
        )  # fmt: skip
    return out


def unsourced(account: Any, told: Any) -> QuerySet[Unsourced]:
    """Commitments of texts in force that no document above explains; not those that a person linked."""
    rows = visible(
        Unsourced.objects.filter(version__document__current=F("version"), version__document__withdrawn=False),
        account, VIEW, unit="version__document__owner", audience="version__document__audience",
    )  # fmt: skip
    if pk := number(told.get("lower")):
        rows = rows.filter(version__document=pk)
    linked = JudgedLink.objects.filter(
        lower_version=OuterRef("version"), verdict=LinkVerdict.CONFIRMED, lower_start__lt=OuterRef("end"),
        lower_end__gt=OuterRef("start"),
    )  # fmt: skip
    return (
        rows.exclude(Exists(linked))
        .select_related("version__document")
        .order_by("-version__document__date", "version", "start", "pk")
    )


def unsourced_rows(
    some: Iterable[Unsourced], account: Any
) -> list[tuple[Unsourced, str, dict[str, Any] | None]]:
    """Each with the label of its place and the nearest upper words, where the account may see them."""
    rows = list(some)
    outlines: dict[int, ties.Outline] = {}
    keys = {u.nearest["upper"]["document"] for u in rows if u.nearest}
    versions = {v.key: v for v in Version.objects.filter(key__in=keys).select_related("document")}
    seen = set(
        visible(Document.objects.filter(versions__key__in=keys), account, VIEW).values_list("pk", flat=True)
    )
    pairs = {
        (c.upper_id, c.lower_id): c.pk
        for c in ties.comparisons(account).filter(lower__in={u.version_id for u in rows})
    }
    out = []
    for u in rows:
        if u.version_id not in outlines:
            outlines[u.version_id] = ties.Outline(u.version)
        near = None
        above = versions.get(u.nearest["upper"]["document"]) if u.nearest else None
        if u.nearest and above is not None and above.document_id in seen:
            near = {
                "quote": u.nearest["upper"]["quote"], "start": u.nearest["upper"]["start"],
                "version": above.pk, "document": above.document, "score": u.nearest["score"],
                "pair": pairs.get((above.pk, u.version_id)), "upper": u.nearest["upper"],
                "lower": u.nearest["lower"],
            }  # fmt: skip
        out.append((u, outlines[u.version_id].label(u.start), near))
    return out


def sources(account: Any, lower: int = 0) -> QuerySet[SourceShare]:
    """How much of a document's wording each document above explains."""
    rows = SourceShare.objects.filter(comparison__in=ties.comparisons(account), characters__gt=0)
    if lower:
        rows = rows.filter(comparison__lower__document=lower)
    return rows.select_related("comparison__upper__document", "comparison__lower__document").order_by(
        "comparison__lower__document", "-characters", "pk"
    )


def suspects(account: Any) -> QuerySet[JudgedLink]:
    """Judged links one end of which changed."""
    rows = ties.judged(account).filter(suspect=True)
    names = [f"{s}_{n}" for s in ("upper", "lower") for n in ("document", "version", "checked")]
    return rows.select_related("by", "lower_document__owner", *names).order_by(
        "-changed_at", "lower_start", "pk"
    )


def suspect_gaps(account: Any) -> QuerySet[GapDisposition]:
    """Dispositions of requirements whose words changed."""
    rows: QuerySet[GapDisposition] = GapDisposition.objects.filter(withdrawn=False).exclude(state="valid")
    for side in ("upper", "lower"):
        rows = visible(
            rows, account, VIEW, unit=f"{side}_document__owner", audience=f"{side}_document__audience"
        )
    return rows.select_related(
        "by", "upper_document", "lower_document__owner", "upper_version", "checked"
    ).order_by("-changed_at", "start", "pk")
