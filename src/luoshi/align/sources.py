"""Over all pairs: rank of the uppers of the same words, and what explains a document's wording."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from luoshi.model import Document, LinkRow, SourceShareRow, row_id

CLOSENESS = {"verbatim": 0, "adapted": 1, "specified": 2}
OVERLAP = 0.5
"""Share of the shorter lower span that two links must have in common to speak of the same words."""


def rank(links: Iterable[LinkRow]) -> tuple[LinkRow, ...]:
    """The links with ``rank`` set: 1 is the best upper of the same words, by relation, then score.

    Links stay in the order of lower document, place, rank. Two links are about the same words when their
    lower spans overlap by half of the shorter one.
    """
    groups: dict[str, list[LinkRow]] = defaultdict(list)
    for link in links:
        groups[link.lower.document].append(link)
    out: list[LinkRow] = []
    for some in groups.values():
        some.sort(key=_place)
        ranked = []
        for n, link in enumerate(some):
            better = {
                other.upper.document
                for other in _around(some, n)
                if other.upper.document != link.upper.document and _order(other) < _order(link)
            }
            ranked.append(replace(link, rank=len(better) + 1))
        out += sorted(ranked, key=lambda x: (*_place(x)[:2], x.rank, *_place(x)[2:]))
    return tuple(out)


def sources(documents: Sequence[Document], links: Iterable[LinkRow]) -> tuple[SourceShareRow, ...]:
    """Characters of each lower document that stand, verbatim or adapted, in each upper document.

    ``characters`` counts letters, digits and Han inside the lower spans of links whose relation is verbatim
    or adapted, each once; ``unique_characters`` those that no other upper document explains; ``share`` is
    characters over all of the document's. Rows are sorted by lower document, then share.
    """
    spans: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        if link.relation != "specified":
            spans[link.lower.document][link.upper.document].append((link.lower.start, link.lower.end))
    out = []
    for document in documents:
        counted = [c.isalnum() for c in document.text]
        total = sum(counted)
        covers = {
            upper: {i for start, end in some for i in range(start, end) if counted[i]}
            for upper, some in spans[document.id].items()
        }
        seen: dict[int, int] = defaultdict(int)
        for cover in covers.values():
            for i in cover:
                seen[i] += 1
        rows = [
            SourceShareRow(
                id=row_id(f"{document.id}\t{upper}", "source", ""),
                lower_document=document.id,
                upper_document=upper,
                characters=len(cover),
                unique_characters=sum(seen[i] == 1 for i in cover),
                share=round(len(cover) / total, 4) if total else 0.0,
            )
            for upper, cover in covers.items()
            if cover
        ]
        out += sorted(rows, key=lambda r: (-r.characters, r.upper_document))
    return tuple(out)


def _place(link: LinkRow) -> tuple[int, int, str, int, str]:
    return (link.lower.start, link.lower.end, link.upper.document, link.upper.start, link.id)


def _order(link: LinkRow) -> tuple[int, float, str]:
    return (CLOSENESS[link.relation], -link.score, link.upper.document)


def _around(some: Sequence[LinkRow], n: int) -> Iterable[LinkRow]:
    """Links of a sorted list whose lower span overlaps the ``n``-th one's enough."""
    here = some[n].lower
    for other in some[max(0, n - 400) : n + 400]:
        there = other.lower
        over = min(here.end, there.end) - max(here.start, there.start)
        if over >= OVERLAP * min(here.end - here.start, there.end - there.start):
            yield other
