"""Links between two documents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from luoshi.align.background import Background
from luoshi.align.features import Clause, Features
from luoshi.align.pairing import Pair
from luoshi.model import Document, LinkRow, row_id

SEED = 4
SHORTEST = 8
ADAPTED = 0.55


@dataclass(frozen=True, slots=True)
class Alignment:
    """Links of a pair of documents, and the candidates that fell below the threshold."""

    links: tuple[LinkRow, ...] = ()
    candidates: tuple[LinkRow, ...] = ()


def align(
    lower: Document | Features, upper: Document | Features, pair: Pair, background: object = None
) -> Alignment:
    """Sentences of ``lower`` that carry on sentences of ``upper``."""
    low = lower if isinstance(lower, Features) else Features(lower)
    up = upper if isinstance(upper, Features) else Features(upper)
    hits = []
    for a, b in _candidates(low, up):
        common = LCSseq.similarity(a.key, b.key)
        score = common / max(len(a.key), len(b.key))
        if score >= ADAPTED and common >= 6:
            hits.append((a, b, score))
    best: dict[tuple[int, int, int], tuple[Clause, Clause, float]] = {}
    for a, b, score in hits:
        k = (a.start, b.sentence, a.sentence)
        if k not in best or best[k][2] < score:
            best[k] = (a, b, score)
    runs: list[list[tuple[Clause, Clause, float]]] = []
    for hit in sorted(best.values(), key=lambda h: (h[0].sentence, h[1].sentence, h[0].start)):
        last = runs[-1][-1] if runs else None
        if (
            last
            and last[0].sentence == hit[0].sentence
            and last[1].sentence == hit[1].sentence
            and hit[0].start - last[0].end <= 1
            and 0 < hit[1].start - last[1].end + 1 <= 2
            and (last[2] == 1) == (hit[2] == 1)
        ):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    links = []
    for run in runs:
        if sum(len(h[0].key) for h in run) < SHORTEST:
            continue
        links.append(_row(low, up, pair, run))
    return Alignment(tuple(links))


def _candidates(low: Features, up: Features) -> list[tuple[Clause, Clause]]:
    where: dict[str, set[int]] = defaultdict(set)
    for n, c in enumerate(up.clauses):
        for i in range(len(c.key) - SEED + 1):
            where[c.key[i : i + SEED]].add(n)
    out = []
    for c in low.clauses:
        found = set()
        for i in range(len(c.key) - SEED + 1):
            found |= where.get(c.key[i : i + SEED], set())
        out += [(c, up.clauses[n]) for n in sorted(found)]
    return out


def _row(low: Features, up: Features, pair: Pair, run: list[tuple[Clause, Clause, float]]) -> LinkRow:
    a = low.document.evidence(run[0][0].start, run[-1][0].end)
    b = up.document.evidence(run[0][1].start, run[-1][1].end)
    exact = all(h[2] == 1 for h in run)
    return LinkRow(
        id=row_id(f"{a.document}\t{b.document}", "link", f"{a.quote}\t{b.quote}\t{a.start}\t{b.start}"),
        lower=a,
        upper=b,
        relation="verbatim" if exact else "adapted",
        score=round(sum(h[2] for h in run) / len(run), 4),
        direction=pair.direction,
        direction_basis=pair.basis,
    )
