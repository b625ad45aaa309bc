"""Counts of coverage per pair of documents and per part of the upper one, for reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from luoshi.model import CoverageRow, ProvisionRow
from luoshi.model.records import Status


@dataclass(frozen=True, slots=True)
class Summary:
    """How many requirements of an upper document a lower one carries.

    ``provision``: id of the part of the upper document that is counted, ``None`` for the whole of it.
    """

    upper: str
    lower: str
    carried: int
    partly: int
    absent: int
    provisional: bool
    provision: str | None = None

    @property
    def total(self) -> int:
        """All requirements counted."""
        return self.carried + self.partly + self.absent

    @property
    def share(self) -> float:
        """Share of the requirements carried, a partly carried one counting half; 0 where there are none."""
        return (self.carried + self.partly / 2) / self.total if self.total else 0.0


def summary(rows: Sequence[CoverageRow], provisions: Sequence[ProvisionRow] = ()) -> tuple[Summary, ...]:
    """Counts per upper and lower document in the order of the rows.

    :param provisions: provisions of the upper documents; then a count for each outermost provision (a
        chapter, a part) follows the one for the whole.
    """
    tops: dict[str, list[ProvisionRow]] = defaultdict(list)
    for p in provisions:
        if p.parent is None:
            tops[p.evidence.document].append(p)
    counts: dict[tuple[str, str, str | None], dict[Status, int]] = {}
    unsure: set[tuple[str, str]] = set()
    for row in rows:
        pair = (row.evidence.document, row.lower_document)
        top = next(
            (p.id for p in tops[pair[0]] if p.evidence.start <= row.evidence.start < p.evidence.end), None
        )
        for place in (None, top) if top else (None,):
            n = counts.setdefault((*pair, place), {"carried": 0, "partly": 0, "absent": 0})
            n[row.status] += 1
        if row.provisional:
            unsure.add(pair)
    pairs = list(dict.fromkeys(k[:2] for k in counts))
    order = {pair: i for i, pair in enumerate(pairs)}
    return tuple(
        Summary(upper, lower, n["carried"], n["partly"], n["absent"], (upper, lower) in unsure, place)
        for (upper, lower, place), n in sorted(counts.items(), key=lambda x: order[x[0][:2]])
    )
