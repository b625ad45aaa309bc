"""Which documents are looked at as lower and upper of each other, and what may be said of the direction.

Correspondence of wording is a fact, descent a hypothesis: a direction is given only where level and date
speak for it, and ``basis`` says in words what it rests on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from luoshi.model import Document, DocumentRow
from luoshi.model.records import Direction

RANK = {"central": 5, "province": 4, "city": 3, "county": 2, "township": 1}
"""Administrative levels; media and unknown levels have none."""

LATENESS = {"speech-report": 0, "quotes": 0, "law": 0, "signed-article": 1, "commentary": 4, "editorial": 4}
"""Among texts whose order no date tells, those that usually speak about others (commentaries) are the lower
ones and those that others speak about (speeches) the upper; all further kinds stand between, at 2."""

CITED = 8
"""Characters from which a cited title tells one document from others."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents to be compared.

    :param lower: id of the document whose sentences are explained.
    :param upper: id of the document that may explain them.
    :param direction: ``down`` from a higher level, ``level`` among equals, ``up`` where the lower level
        wrote first, ``unknown`` for media, undated texts and texts of one day.
    :param basis: the reason, in Chinese, for the reader of the register.
    """

    lower: str
    upper: str
    direction: Direction
    basis: str


def pairs(documents: Sequence[DocumentRow | Document]) -> tuple[Pair, ...]:
    """Every two documents of a set once, ordered by lower and then upper document as given.

    Versions of one work are compared too (the later one is the lower).
    """
    rows = [d.row if isinstance(d, Document) else d for d in documents]
    order = {row.id: n for n, row in enumerate(rows)}
    out = [_pair(b, a) for n, a in enumerate(rows) for b in rows[:n]]
    return tuple(sorted(out, key=lambda p: (order[p.lower], order[p.upper])))


def told(lower: Sequence[str], upper: Sequence[str]) -> tuple[Pair, ...]:
    """Pairs whose roles the user gave: each lower document below each upper one, whatever their dates."""
    return tuple(Pair(a, b, "down", "上下位关系由使用者指定") for a in lower for b in upper)


def _pair(first: DocumentRow, second: DocumentRow) -> Pair:
    """Direction of two documents; ``first`` stands earlier in the set and breaks ties."""
    when = _compare_dates(first.date, second.date)
    a, b = RANK.get(first.level or "", 0), RANK.get(second.level or "", 0)
    if a and b and a != b:
        upper, lower = (first, second) if a > b else (second, first)
        return _levels(upper, lower, when if upper is first else _flip(when))
    if when in ("before", "after"):
        upper, lower = (first, second) if when == "before" else (second, first)
        if not (a and b):
            return Pair(
                lower.id, upper.id, "unknown", f"{upper.date}早于{lower.date}，但有一方为媒体或层级不明"
            )
        return Pair(lower.id, upper.id, "level", f"同级，{upper.date}早于{lower.date}")
    upper, lower = first, second
    if _lateness(first) > _lateness(second):
        upper, lower = second, first
    if when == "same":
        return Pair(lower.id, upper.id, "unknown", f"同日（{upper.date}），应为共同来源，不作传导判断")
    if not (a and b):
        return Pair(lower.id, upper.id, "unknown", "有一方为媒体或层级不明，且先后不明")
    return Pair(lower.id, upper.id, "unknown", "同级，日期不详，先后不明")


def _levels(upper: DocumentRow, lower: DocumentRow, when: str) -> Pair:
    """Two administrative levels; ``when`` says how the upper text's date stands to the lower one's."""
    if when == "same":
        return Pair(lower.id, upper.id, "unknown", f"同日（{upper.date}），应为共同来源，不作传导判断")
    if when == "before":
        return Pair(lower.id, upper.id, "down", f"上级在先：{upper.date}早于{lower.date}")
    if when == "after":
        return Pair(lower.id, upper.id, "up", f"下级在先：{lower.date}早于{upper.date}")
    if any((c.number and c.number == upper.number) or _titled(c.title, upper.title) for c in lower.cites):
        return Pair(lower.id, upper.id, "down", "上级文本，为下级文本所引用")
    return Pair(lower.id, upper.id, "unknown", "上级文本，但日期不详，先后不明")


def _titled(cited: str, title: str) -> bool:
    """Whether a cited title is that of a document, or all but its issuer or its “notice of”."""
    return len(cited) >= CITED and cited in title


def _lateness(row: DocumentRow) -> int:
    """How likely a text speaks about others: commentaries and media last."""
    return LATENESS.get(row.kind, 2) + (row.level in (None, "media"))


def _compare_dates(first: str | None, second: str | None) -> str:
    """``before``, ``after``, ``same`` (to the day) or ``unknown`` (undated, or not exact enough to tell)."""
    if not first or not second:
        return "unknown"
    n = min(len(first), len(second))
    if first[:n] == second[:n]:
        return "same" if n >= len("2023-11-07") else "unknown"
    return "before" if first[:n] < second[:n] else "after"


def _flip(when: str) -> str:
    return {"before": "after", "after": "before"}.get(when, when)
