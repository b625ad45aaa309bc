"""How confirmed commitments relate to upper documents, as tags for the ledger's facet ``link``.

A commitment has the relation of each link whose lower place overlaps its own: verbatim, adapted, specified.
Tags follow the machine's links: they are written with the commitment and after every comparison.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from luoshi_web.library.models import Link, Version
from luoshi_web.register.models import Commitment, Tag


def tags(commitments: Iterable[Commitment]) -> list[Tag]:
    """The unsaved tags of commitments, one for each relation."""
    links: dict[int, list[tuple[int, int, str]]] = {}
    out = []
    for c in commitments:
        if c.version_id not in links:
            rows = Link.objects.filter(comparison__lower=c.version_id)
            links[c.version_id] = list(rows.values_list("lower_start", "lower_end", "relation"))
        found = {r for start, end, r in links[c.version_id] if start < c.end and c.start < end}
        out += [Tag(commitment=c, kind="link", value=r) for r in sorted(found)]
    return out


def follow(*, by: Any, version: Version) -> int:
    """Writes the tags of a version's commitments anew; within the service that stores a comparison."""
    rows = list(Commitment.objects.filter(version=version).only("pk", "version", "start", "end"))
    Tag.objects.filter(commitment__in=rows, kind="link").delete()
    return len(Tag.objects.bulk_create(tags(rows), 500))
