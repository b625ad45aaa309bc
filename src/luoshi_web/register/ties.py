"""Reads of links between two documents: the machine's proposals with what people decided about them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from luoshi_web.library.models import Comparison, Coverage, Document, Link, Provision, SourceShare, Version
from luoshi_web.library.selectors import VIEW
from luoshi_web.organisation.access import visible
from luoshi_web.register.models import GapDisposition, JudgedLink, LinkVerdict
from luoshi_web.ui import labels

RELATIONS = ("verbatim", "adapted", "specified")
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tie:
    """A link as a page shows it: the machine's, a person's, or both. ``state``: open, confirmed, rejected."""

    key: str
    upper: Place
    lower: Place
    relation: str
    score: float | None
    change: str
    link: Link | None
    judged: JudgedLink | None

    @property
    def state(self) -> str:
        """What was decided about it."""
        return str(self.judged.verdict) if self.judged else str(LinkVerdict.OPEN)

    @property
    def revision(self) -> int:
        """The revision that a form names: 0 where nobody judged yet."""
        return self.judged.revision if self.judged else 0

    @property
    def by_hand(self) -> bool:
        """Whether a person drew it and the machine did not."""
        return self.link is None


def both(rows: QuerySet[Any], account: Any, path: str = "") -> QuerySet[Any]:
    """The rows of which an account sees the upper and the lower document.

    :param path: where the comparison stands, ``comparison__``; for a row of ours see :func:`judged`.
    """
    for side in ("upper", "lower"):
        rows = visible(
            rows, account, VIEW, unit=f"{path}{side}__document__owner",
            audience=f"{path}{side}__document__audience",
        )  # fmt: skip
    return rows


def comparisons(account: Any) -> QuerySet[Comparison]:
    """The comparisons of texts in force that an account sees both ends of."""
    rows = Comparison.objects.filter(
        done_at__isnull=False,
        upper__document__current=F("upper"),
        lower__document__current=F("lower"),
        upper__document__withdrawn=False,
        lower__document__withdrawn=False,
    ).select_related("upper__document__owner", "lower__document__owner")
    return both(rows, account)


def comparison(account: Any, pk: int) -> Comparison:
    """One pair, also of texts that are in force no more.

    :raises Http404: also where it exists and the account may not see both ends.
    """
    rows = Comparison.objects.filter(done_at__isnull=False)
    rows = rows.select_related("upper__document__owner", "lower__document__owner")
    found: Comparison = get_object_or_404(both(rows, account), pk=pk)
    return found


def judged(account: Any) -> QuerySet[JudgedLink]:
    """The judged links of which an account sees both documents."""
    rows: QuerySet[JudgedLink] = JudgedLink.objects.all()
    for side in ("upper", "lower"):
        rows = visible(
            rows, account, VIEW, unit=f"{side}_document__owner", audience=f"{side}_document__audience"
        )
    return rows


def ties(pair: Comparison, key: str = "") -> list[Tie]:
    """The links of a pair in the order of the lower text; those drawn by hand and taken back are left out."""
    known = JudgedLink.objects.filter(upper_version=pair.upper_id, lower_version=pair.lower_id)
    links = pair.links.all()
    if key:
        known, links = known.filter(key=key), links.filter(key=key)
    judged_ = {j.key: j for j in known.select_related("by", "difference_by", "lower_document__owner")}
    out = []
    for x in links:
        j = judged_.pop(x.key, None)
        out.append(
            Tie(
                x.key, (x.upper_start, x.upper_end), (x.lower_start, x.lower_end), x.relation, x.score,
                x.change, x, j,
            )
        )  # fmt: skip
    for j in judged_.values():
        if j.verdict == LinkVerdict.OPEN and not j.difference:
            continue
        out.append(
            Tie(
                j.key, (j.upper_start, j.upper_end), (j.lower_start, j.lower_end), j.relation, j.score,
                j.change, None, j,
            )
        )  # fmt: skip
    return sorted(out, key=lambda t: (t.lower, t.upper, t.key))


def around(account: Any, version: int, start: int, end: int) -> tuple[list[dict[str, Any]], ...]:
    """What stands above and below a place: links that nobody rejected and those drawn by hand, surest first.

    Each with the other end (``version``, ``start``, ``text``) and the ``pair`` that shows both side by side.
    """
    out = []
    for mine, other in (("lower", "upper"), ("upper", "lower")):
        some = Comparison.objects.filter(
            **{mine: version, f"{other}__document__current": F(other), f"{other}__document__withdrawn": False}
        ).select_related(f"{other}__document")
        pairs = {getattr(c, f"{other}_id"): c for c in both(some, account)}
        touching = {f"{mine}_start__lt": end, f"{mine}_end__gt": start}
        rejected = JudgedLink.objects.filter(
            upper_version=OuterRef("comparison__upper"), lower_version=OuterRef("comparison__lower"),
            key=OuterRef("key"), verdict=LinkVerdict.REJECTED,
        )  # fmt: skip
        found: list[Any] = list(
            Link.objects.filter(comparison__in=pairs.values(), **touching)
            .exclude(Exists(rejected))
            .select_related("comparison")
            .order_by("-score", "pk")[:20]
        )
        drawn = JudgedLink.objects.filter(
            by_hand=True, verdict=LinkVerdict.CONFIRMED, suspect=False, **touching
        )
        drawn = drawn.filter(**{f"{mine}_version": version, f"{other}_version__in": list(pairs)})
        keys = {x.key for x in found}
        rows = [x for x in drawn.order_by("pk")[:20] if x.key not in keys] + found
        side = []
        for x in rows:
            there = (
                getattr(x.comparison, f"{other}_id")
                if isinstance(x, Link)
                else getattr(x, f"{other}_version_id")
            )
            at, to = getattr(x, f"{other}_start"), getattr(x, f"{other}_end")
            text_of = getattr(pairs[there], other)
            side.append(
                {
                    "link": x,
                    "version": text_of,
                    "start": at,
                    "text": text_of.text[at:to],
                    "pair": pairs[there],
                }
            )
        out.append(side)
    return tuple(out)


class Outline:
    """Where places of a version stand: labels of the innermost node, number of its chapter."""

    def __init__(self, version: Version) -> None:
        rows = Provision.objects.filter(version=version).order_by("start", "depth")
        self.rows = list(rows.only("pk", "start", "end", "depth", "label", "title", "parent_id", "key"))
        self._by = {p.pk: p for p in self.rows}
        self._starts = [p.start for p in self.rows]
        self.chapters = [p for p in self.rows if p.parent_id is None]
        self._chapter_starts = [p.start for p in self.chapters]

    def at(self, start: int) -> Provision | None:
        """The innermost node around a place."""
        i = bisect_right(self._starts, start) - 1
        p = self.rows[i] if i >= 0 else None
        while p is not None and p.end <= start:
            p = self._by.get(p.parent_id) if p.parent_id else None
        return p

    def label(self, start: int) -> str:
        """The labels from the chapter down to the innermost node, ``二（一）``; a chapter with its title."""
        chain: list[str] = []
        p = self.at(start)
        if p is not None and p.parent_id is None:
            return labels.headed(p.label, p.title[:12])
        while p is not None:
            chain.append(p.label)
            p = self._by.get(p.parent_id) if p.parent_id else None
        return labels.joined(reversed(chain))[:60]

    def chapter(self, start: int) -> int:
        """The ordinal of the chapter, from 1; 0 outside of all."""
        i = bisect_right(self._chapter_starts, start) - 1
        return i + 1 if i >= 0 and start < self.chapters[i].end else 0


def chapters(outline: Outline) -> list[tuple[int, str]]:
    """The chapters for a filter."""
    return [(i, labels.headed(p.label, p.title)[:40]) for i, p in enumerate(outline.chapters, 1) if str(p)]


def overview(pairs: Sequence[Comparison]) -> list[dict[str, Any]]:
    """For a list of pairs: links by relation, judged ones, requirements by state, share of the wording."""
    ids = [c.pk for c in pairs]
    none = dict.fromkeys(("confirmed", "rejected", "absent", "partly", "carried"), 0)
    out: dict[int, dict[str, Any]] = {
        c.pk: {"pair": c, "relation": dict.fromkeys(RELATIONS, 0), **none, "share": None} for c in pairs
    }
    for r in Link.objects.filter(comparison__in=ids).values("comparison", "relation").annotate(n=Count("pk")):
        out[r["comparison"]]["relation"][r["relation"]] = r["n"]
    for v in (
        Coverage.objects.filter(comparison__in=ids).values("comparison", "status").annotate(n=Count("pk"))
    ):
        out[v["comparison"]][v["status"]] = v["n"]
    for s in SourceShare.objects.filter(comparison__in=ids):
        out[s.comparison_id]["share"] = s.share
    by_versions = {(c.upper_id, c.lower_id): c.pk for c in pairs}
    judged_ = JudgedLink.objects.filter(_any(pairs)).values("upper_version", "lower_version", "verdict")
    for j in judged_.annotate(n=Count("pk")):
        one = out[by_versions[j["upper_version"], j["lower_version"]]]
        if j["verdict"] in ("confirmed", "rejected"):
            one[j["verdict"]] = j["n"]
    return [out[c.pk] for c in pairs]


def _any(pairs: Iterable[Comparison]) -> Q:
    where = Q(pk__in=[])
    for c in pairs:
        where |= Q(upper_version=c.upper_id, lower_version=c.lower_id)
    return where


def dispositions(upper: Version) -> dict[tuple[int, int, int], GapDisposition]:
    """What was said of a version's requirements: lower document, start, end → disposition."""
    rows = GapDisposition.objects.filter(upper_version=upper, withdrawn=False).select_related("by")
    return {(g.lower_document_id, g.start, g.end): g for g in rows if g.state == "valid"}


def documents(account: Any, side: str) -> list[Document]:
    """The documents that stand as ``upper`` or ``lower`` in a comparison that the account sees."""
    other = "lower" if side == "upper" else "upper"
    rows = Comparison.objects.filter(**{side: OuterRef("current")}, done_at__isnull=False, links_count__gt=0)
    rows = visible(
        rows, account, VIEW, unit=f"{other}__document__owner", audience=f"{other}__document__audience"
    )
    seen: QuerySet[Document] = visible(Document.objects.filter(withdrawn=False), account, VIEW)
    return list(seen.filter(Exists(rows)).only("pk", "title").order_by("-date", "pk"))
