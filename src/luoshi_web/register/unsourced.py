"""Commitments that lost their source: those that only links explained which somebody rejected.

The list 无上位依据 holds what the machine found at the last comparison, and these; they are written anew with
every judgement of a link and after every comparison, so that the list follows the judgement at once.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef

from luoshi.cover.unsourced import EXPLAINED, explained, explains
from luoshi.model import row_id
from luoshi_web.library.models import Link, Unsourced, Version
from luoshi_web.register.models import JudgedLink, LinkVerdict


def follow(*, by: Any, version: Version) -> int:
    """Writes them anew for one lower version; within the service that judges or compares."""
    Unsourced.objects.filter(version=version, judged=True).delete()
    verdict = JudgedLink.objects.filter(
        verdict=LinkVerdict.REJECTED, lower_version=version, upper_version=OuterRef("comparison__upper"),
        key=OuterRef("key"),
    )  # fmt: skip
    links = Link.objects.filter(comparison__lower=version).annotate(rejected=Exists(verdict))
    some = [x for x in links.select_related("comparison__upper") if explains(x)]
    gone = [x for x in some if x.rejected]
    if not gone:
        return 0
    left = [(x.lower_start, x.lower_end) for x in some if not x.rejected]
    known = set(Unsourced.objects.filter(version=version).values_list("candidate", flat=True))
    rows = []
    for c in version.candidates.exclude(pk__in=known).order_by("start", "pk"):
        mine = [x for x in gone if x.lower_start < c.end and c.start < x.lower_end]
        if not mine or explained(left, c.start, c.end) >= EXPLAINED:
            continue
        near = max(mine, key=lambda x: (x.score, x.key))
        rows.append(
            Unsourced(
                version=version, key=row_id(version.key, "unsourced", c.key), candidate=c, start=c.start,
                end=c.end, nearest=_nearest(near, version), judged=True,
            )
        )  # fmt: skip
    Unsourced.objects.bulk_create(rows)
    return len(rows)


def _nearest(link: Link, lower: Version) -> dict[str, Any]:
    """The rejected link as the machine tells of a nearest one."""
    upper = link.comparison.upper
    ends = (("upper", upper, link.upper_start, link.upper_end),
            ("lower", lower, link.lower_start, link.lower_end))  # fmt: skip
    places = {
        side: {"document": v.key, "start": start, "end": end, "quote": v.text[start:end]}
        for side, v, start, end in ends
    }
    return {**places, "score": link.score, "relation": link.relation}
