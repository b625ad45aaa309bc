"""How well planted passages are found.

The measures of plagiarism detection (Potthast, Stein, Barrón-Cedeño, Rosso: An evaluation framework for plagiarism
detection, COLING 2010). A case s and a detection r are pairs of stretches; r detects s when it meets both stretches of
s, and then s ⊓ r are the characters of both sides that they share, otherwise nothing.

- precision = mean over the detections of |∪ₛ(s ⊓ r)| / |r|
- recall = mean over the cases of |∪ᵣ(s ⊓ r)| / |s|
- granularity = mean over the detected cases of the number of their detections
- PlagDet = F₁(precision, recall) / log₂(1 + granularity)

Besides: ``characters``, the share of all characters of the cases that is covered (what most speak of as recall), and
``hit``, the share of the cases of which half is covered on both sides.

A detection both of whose sides lie in stock sentences that stand in many documents is neither right nor wrong and left
out. What detects no case belongs to no level: for the figures of a level it counts with the level's share of the cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2

Span = tuple[int, int]
Pair = tuple[str, str]

STOCK_SHARE = 0.8
"""A detection lies in stock sentences when so much of it does, on both sides."""


@dataclass(frozen=True)
class Case:
    """Two stretches of two documents; of a detection the level is empty."""

    a: str
    a_span: Span
    b: str
    b_span: Span
    level: str = ""

    def __len__(self) -> int:
        return self.a_span[1] - self.a_span[0] + self.b_span[1] - self.b_span[0]

    @property
    def pair(self) -> Pair:
        return (self.a, self.b) if self.a <= self.b else (self.b, self.a)

    def sides(self) -> tuple[Span, Span]:
        """The stretches in the order of ``pair``."""
        return (self.a_span, self.b_span) if self.a <= self.b else (self.b_span, self.a_span)


@dataclass(frozen=True)
class Score:
    cases: int
    detections: float
    characters: float
    hit: float
    precision: float
    recall: float
    granularity: float

    @property
    def plagdet(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both / log2(1 + self.granularity) if both else 0.0


def common(x: Span, y: Span) -> Span:
    """What two stretches share; empty where they share nothing."""
    start = max(x[0], y[0])
    return start, max(start, min(x[1], y[1]))


def covered(spans: Iterable[Span]) -> int:
    """Characters in the union."""
    total = reach = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reach))
        reach = max(reach, end)
    return total


def detects(r: Case, s: Case) -> tuple[Span, Span] | None:
    """The shared stretches of either side, or ``None`` where r does not detect s; both of one pair."""
    (ra, rb), (sa, sb) = r.sides(), s.sides()
    one, two = common(ra, sa), common(rb, sb)
    return (one, two) if one[0] < one[1] and two[0] < two[1] else None


def size(parts: Sequence[tuple[Span, Span]]) -> tuple[int, int]:
    """Characters of the union on either side."""
    return covered(p[0] for p in parts), covered(p[1] for p in parts)


def scores(cases: Sequence[Case], found: Iterable[Case], stock: Iterable[Case] = ()) -> dict[str, Score]:
    """A score for each level, and for all cases together (``all``).

    :param stock: places of stock sentences, in ``a``.
    """
    of_pair: dict[Pair, list[int]] = defaultdict(list)
    for k, s in enumerate(cases):
        of_pair[s.pair].append(k)
    places: dict[str, list[Span]] = defaultdict(list)
    for s in stock:
        places[s.a].append(s.a_span)
    met: list[list[tuple[Span, Span]]] = [[] for _ in cases]
    right: dict[str, list[float]] = defaultdict(list)
    wrong = 0
    for r in found:
        shared: dict[int, tuple[Span, Span]] = {}
        for k in of_pair.get(r.pair, ()):
            parts = detects(r, cases[k])
            if parts:
                shared[k] = parts
                met[k].append(parts)
        if shared:
            share = sum(size(list(shared.values()))) / len(r)
            for level in {cases[k].level for k in shared}:
                right[level].append(share)
            right["all"].append(share)
        elif not (in_stock(r.a_span, places.get(r.a)) and in_stock(r.b_span, places.get(r.b))):
            wrong += 1
    out = {}
    for level in ["all", *dict.fromkeys(s.level for s in cases)]:
        some = [k for k, s in enumerate(cases) if level in ("all", s.level)]
        out[level] = score(cases, met, some, right[level], wrong * len(some) / len(cases))
    return out


def score(
    cases: Sequence[Case],
    met: Sequence[Sequence[tuple[Span, Span]]],
    some: Sequence[int],
    right: Sequence[float],
    wrong: float,
) -> Score:
    """The score of some of the cases; ``right`` holds the share of each detection that is right."""
    total = chars = hits = 0
    recall = 0.0
    times = []
    for k in some:
        s = cases[k]
        (a0, a1), (b0, b1) = s.sides()
        a, b = size(met[k])
        total += len(s)
        chars += a + b
        recall += (a + b) / len(s)
        hits += 2 * a >= a1 - a0 and 2 * b >= b1 - b0
        if met[k]:
            times.append(len(met[k]))
    n = max(1, len(some))
    finds = len(right) + wrong
    return Score(
        cases=len(some),
        detections=finds,
        characters=chars / max(1, total),
        hit=hits / n,
        precision=sum(right) / finds if finds else 0.0,
        recall=recall / n,
        granularity=sum(times) / len(times) if times else 1.0,
    )


def in_stock(span: Span, places: Sequence[Span] | None) -> bool:
    """Whether a stretch lies in stock sentences."""
    inside = covered(common(span, p) for p in places or ())
    return inside >= STOCK_SHARE * (span[1] - span[0])
