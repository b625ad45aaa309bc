"""Commitments of a lower document that no upper document explains."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from luoshi.cover.words import content, halves
from luoshi.model import CommitmentRow, Document, LinkRow, UnsourcedRow, row_id
from luoshi.text.lexicon import mapping

EXPLAINED = 0.3
"""Share of a commitment's characters that must lie within links for it to count as explained."""
SURE = 0.5
"""Score from which a link with little wording in common explains anything; below, it is only the nearest."""
NEAR, LIKELY = 0.15, 0.45
"""Score without which a link is not even shown as the nearest; the one from which it is shown though it has
no word that names a thing in common with the commitment."""


def unsourced(
    lower: Document,
    commitments: Sequence[CommitmentRow],
    links: Sequence[LinkRow],
    candidates: Sequence[LinkRow],
) -> tuple[UnsourcedRow, ...]:
    """Commitments of ``lower`` that no upper document explains, each with the nearest link that falls short,
    where one comes near.

    :param links: links and ``candidates`` of all upper documents; others' lower ends are ignored. A link
        from a document that came later (direction ``up``) explains nothing.
    """
    mine = [(x.lower.start, x.lower.end) for x in links if explains(x) and x.lower.document == lower.id]
    spans = _joined(mine)
    weak = [x for x in links if not explains(x)] + list(candidates)
    weak = [x for x in weak if x.lower.document == lower.id and x.direction != "up"]
    weak.sort(key=lambda x: (x.lower.start, x.id))
    starts = [x.lower.start for x in weak]
    longest = max((x.lower.end - x.lower.start for x in weak), default=0)
    out: list[UnsourcedRow] = []
    for row in commitments:
        place = row.evidence
        if place.document != lower.id or _covered(spans, place.start, place.end) >= EXPLAINED * (
            place.end - place.start
        ):
            continue
        near = weak[bisect_left(starts, place.start - longest) : bisect_left(starts, place.end)]
        near = [x for x in near if x.lower.end > place.start and _worth_showing(x, place.quote)]
        nearest = max(near, key=lambda x: (x.score, x.id), default=None)
        out.append(UnsourcedRow(row_id(lower.id, "unsourced", row.id), place, row.id, nearest))
    return tuple(out)


def _worth_showing(link: LinkRow, commitment: str) -> bool:
    """Whether a link that falls short is about the commitment's matter: shown beside it, one that is not
    looks absurd."""
    if link.score < NEAR:
        return False
    if link.relation != "specified" or link.score >= LIKELY:
        return True
    said = link.upper.quote
    return any(w in said for w in _names(commitment)) or any(w in commitment for w in _names(said))


@lru_cache(maxsize=4096)
def _names(text: str) -> tuple[str, ...]:
    """The words of a text that name a thing, compounds also as their two halves."""
    light = mapping("luoshi.cover", "weights.tsv")
    found = [t.word for t in content(text) if t.tag[0] in "njlbs" or t.tag in ("vn", "i")]
    found += [half for word in found for half in halves(word) or ()]
    return tuple(w for w in found if len(w) > 1 and w not in light)


class Scored(Protocol):
    """What of a link says whether it explains anything: a row, or whatever keeps one."""

    @property
    def direction(self) -> str:
        """``down`` or ``up``."""

    @property
    def relation(self) -> str:
        """``verbatim``, ``adapted`` or ``specified``."""

    @property
    def score(self) -> float:
        """0 to 1."""


def explains(link: Scored) -> bool:
    """Whether a link is a source: from a document that came earlier, with enough in common."""
    return link.direction != "up" and (link.relation != "specified" or link.score >= SURE)


def explained(links: Sequence[tuple[int, int]], start: int, end: int) -> float:
    """The share of a place's characters within ``links``; from :data:`EXPLAINED` on it has a source."""
    return _covered(_joined(links), start, end) / max(1, end - start)


def _joined(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places joined where they touch, rising."""
    some = sorted(places)
    out: list[tuple[int, int]] = []
    for start, end in some:
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _covered(spans: list[tuple[int, int]], start: int, end: int) -> int:
    i = max(0, bisect_right(spans, (start, end)) - 1)
    total = 0
    while i < len(spans) and spans[i][0] < end:
        total += max(0, min(end, spans[i][1]) - max(start, spans[i][0]))
        i += 1
    return total
