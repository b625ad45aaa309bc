"""How confirmed commitments relate to upper documents, as tags for the ledger's facet ``link``.

A commitment has the relation of each link whose lower place overlaps its own: verbatim, adapted, specified;
links that somebody rejected do not count, those drawn by hand do. Tags are written with the commitment, after
every comparison and every judgement of a link.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from luoshi_web.library.models import Link, Version
from luoshi_web.register.models import Commitment, JudgedLink, LinkVerdict, Tag


def tags(commitments: Iterable[Commitment]) -> list[Tag]:
    """The unsaved tags of commitments, one for each relation."""
    links: dict[int, list[tuple[int, int, str]]] = {}
    out = []
    for c in commitments:
        if c.version_id not in links:
            links[c.version_id] = _links(c.version_id)
        found = {r for start, end, r in links[c.version_id] if start < c.end and c.start < end}
        out += [Tag(commitment=c, kind="link", value=r) for r in sorted(found)]
    return out


def _links(version: int) -> list[tuple[int, int, str]]:
    """Lower place and relation of the links of a version as they stand after people's judgement."""
    judged = JudgedLink.objects.filter(lower_version=version)
    rejected = judged.filter(
        verdict=LinkVerdict.REJECTED, upper_version=OuterRef("comparison__upper"), key=OuterRef("key")
    )
    found = Link.objects.filter(~Exists(rejected), comparison__lower=version)
    by_hand = judged.filter(by_hand=True, verdict=LinkVerdict.CONFIRMED)
    fields = ("lower_start", "lower_end", "relation")
    return [*found.values_list(*fields), *by_hand.values_list(*fields)]


def follow(*, by: Any, version: Version) -> int:
    """Writes the tags of a version's commitments anew; within the service that stores a comparison."""
    rows = list(Commitment.objects.filter(version=version).only("pk", "version", "start", "end"))
    Tag.objects.filter(commitment__in=rows, kind="link").delete()
    return len(Tag.objects.bulk_create(tags(rows), 500))
