"""Coverage of one upper document's requirements by one lower document."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.cover.requirements import requirements
from luoshi.model import CoverageRow, Document, DocumentRow, IdMaker, LinkRow
from luoshi.model.records import Direction, Status


def expected(upper: DocumentRow, lower: DocumentRow, direction: Direction) -> bool:
    """Whether the lower document could be expected to answer the upper one's requirements.

    It stands below it, or beside it and later; neither is a media text. Signed articles and digests of quotes
    are uppers but answer nobody.
    """
    if direction not in ("down", "level"):
        return False
    if "media" in (upper.branch, lower.branch, upper.level, lower.level):
        return False
    return lower.kind not in ("signed-article", "quotes", "commentary", "editorial")


def cover(
    upper: Document,
    lower: Document,
    links: Sequence[LinkRow],
    candidates: Sequence[LinkRow],
) -> tuple[CoverageRow, ...]:
    """One row for each requirement of ``upper``, in its order."""
    make = IdMaker(f"{upper.id}\t{lower.id}")
    provisional = lower.row.text_status != "full"
    out: list[CoverageRow] = []
    for r in requirements(upper):
        mine = [x for x in links if min(x.upper.end, r.end) - max(x.upper.start, r.start) > 0]
        best = max((min(x.upper.end, r.end) - max(x.upper.start, r.start) for x in mine), default=0) / (
            r.end - r.start
        )
        status: Status = "carried" if best >= 0.6 else "partly" if best > 0.2 else "absent"
        place = upper.evidence(r.start, r.end)
        out.append(
            CoverageRow(
                id=make("coverage", place.quote), evidence=place, lower_document=lower.id, status=status,
                by=tuple(x.id for x in mine), provisional=provisional,
            )
        )  # fmt: skip
    return tuple(out)
