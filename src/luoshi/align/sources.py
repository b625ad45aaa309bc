"""Over all pairs: rank of the uppers of the same words, and what explains a document's wording."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rapidfuzz.distance import Indel

from luoshi.align.pairing import RANK
from luoshi.model import Document, DocumentRow, LinkRow, SourceShareRow, row_id

Order = tuple[int, float, int, str, float, str]

CLOSENESS = {"verbatim": 0, "adapted": 1, "specified": 2}
MANY = (3, 8)
"""Documents of the set that have words verbatim, from which on they begin to be stock, and wholly are."""
OVERLAP = 0.5
"""Share of the shorter lower span that two links must have in common to speak of the same words."""


def rank(links: Iterable[LinkRow], documents: Sequence[Document | DocumentRow] = ()) -> tuple[LinkRow, ...]:
    """The links with what only the whole set tells.

    ``rank``: 1 is the best upper of the same words: the closest relation, then the likest wording, then the
    nearest level above and the latest date. Two links are about the same
    words when their lower spans overlap by half of the shorter one. ``stock``: words that stand in many
    documents of the set are stock phrase too. ``direction_basis``: where a third document, earlier than both,
    has the words of both ends, it says so (a common source, not a descent).

    :param documents: the set; without it a third document is named by its id, and earlier only where the
        direction of its links says so.
    :returns: in the order of lower document, place, rank.
    """
    rows = {d.id: d.row if isinstance(d, Document) else d for d in documents}
    groups: dict[str, list[LinkRow]] = defaultdict(list)
    for link in links:
        groups[link.lower.document].append(link)
    lists = {document: _Places(some) for document, some in groups.items()}
    orders = {x.id: _order(x, rows) for places in lists.values() for x in places.links}
    out: list[LinkRow] = []
    for places in lists.values():
        ranked = [_ranked(link, places, lists, rows, orders) for link in places.links]
        out += sorted(ranked, key=lambda x: (*_place(x)[:2], x.rank, *_place(x)[2:]))
    return tuple(out)


class _Places:
    """The links of a lower document, found by the words that they are about."""

    def __init__(self, links: Iterable[LinkRow]) -> None:
        self.links = sorted(links, key=_place)
        self._starts = [x.lower.start for x in self.links]
        self._longest = max(x.lower.end - x.lower.start for x in self.links)

    def around(self, start: int, end: int) -> Iterator[LinkRow]:
        """Links whose lower span overlaps a span by half of the shorter of the two."""
        first = bisect_left(self._starts, start - self._longest)
        for link in self.links[first : bisect_left(self._starts, end)]:
            there = link.lower
            over = min(end, there.end) - max(start, there.start)
            if over >= OVERLAP * min(end - start, there.end - there.start):
                yield link


def _ranked(
    link: LinkRow, places: _Places, lists: Mapping[str, _Places], rows: Mapping[str, DocumentRow],
    orders: Mapping[str, Order],
) -> LinkRow:  # fmt: skip
    same = list(places.around(link.lower.start, link.lower.end))
    others = [x for x in same if x.upper.document != link.upper.document]
    better = {x.upper.document for x in others if orders[x.id] < orders[link.id]}
    holders = {x.upper.document for x in same if x.relation == "verbatim"}
    stock = max(link.stock, min(1.0, max(0, len(holders) - MANY[0]) / (MANY[1] - MANY[0])))
    basis = link.direction_basis
    if link.relation != "specified":
        third = _common_source(link, others, lists, rows)
        if third:
            basis = f"{basis}；该表述更早见于{third}，或为共同来源"
    return replace(link, rank=len(better) + 1, stock=round(stock, 4), direction_basis=basis)


def _common_source(
    link: LinkRow, others: Sequence[LinkRow], lists: Mapping[str, _Places], rows: Mapping[str, DocumentRow]
) -> str | None:
    """The earliest document before both ends of a link that has the words of both; None where none has."""
    upper = lists.get(link.upper.document)
    if upper is None:
        return None
    sources = {x.upper.document for x in others if x.relation != "specified"}
    found = [
        x.upper.document
        for x in upper.around(link.upper.start, link.upper.end)
        if x.relation != "specified" and x.upper.document in sources and _earlier(x, link, rows)
    ]
    if not found:
        return None
    first = min(found, key=lambda d: ((rows[d].date or "9999") if d in rows else "", d))
    row = rows.get(first)
    return f"{row.title}（{row.date}）" if row and row.date else first


def _earlier(third: LinkRow, link: LinkRow, rows: Mapping[str, DocumentRow]) -> bool:
    """Whether the upper document of ``third`` is earlier than both documents of ``link``."""
    ids = (third.upper.document, link.lower.document, link.upper.document)
    dates = [rows[d].date for d in ids if d in rows]
    if len(dates) == len(ids):
        source, *ends = dates
        return bool(source) and all(end and source and source < end[: len(source)] for end in ends)
    return third.direction in ("down", "level")


def sources(documents: Sequence[Document], links: Iterable[LinkRow]) -> tuple[SourceShareRow, ...]:
    """Characters of each lower document that stand, verbatim or adapted, in each upper document.

    ``characters`` counts letters, digits and Han inside the lower spans of links whose relation is verbatim
    or adapted, each once; what a document of a higher level took up later is no source of it (direction
    ``up``). ``unique_characters`` are those that no other upper document explains; ``share`` is
    characters over all of the document's. Rows are sorted by lower document, then share.
    """
    spans: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        if link.relation != "specified" and link.direction != "up":
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


def _order(link: LinkRow, rows: Mapping[str, DocumentRow]) -> Order:
    """Closer relation first; then more like in wording, or, where the scores tell, likelier; among equals the
    upper that stands nearest above, then the latest."""
    upper, lower = rows.get(link.upper.document), rows.get(link.lower.document)
    above = abs(_level(upper) - _level(lower))
    likeness = Indel.normalized_similarity(_bare(link.upper.quote), _bare(link.lower.quote))
    value = likeness if link.relation != "specified" else link.score
    recent = "".join(chr(0x10FFFF - ord(c)) for c in (upper.date or "" if upper else ""))
    return CLOSENESS[link.relation], -round(value, 1), above, recent, -link.score, link.upper.document


def _level(row: DocumentRow | None) -> int:
    return RANK.get(row.level or "", 0) if row else 0


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text))
