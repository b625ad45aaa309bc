"""How much of each document another one holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.reuse.corpus import Corpus
from luoshi.reuse.direction import rank_of
from luoshi.reuse.finish import Passages
from luoshi.reuse.ranking import nearness

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


def union(group: I64, start: I64, end: I64, weight: F64 | None = None) -> tuple[I64, F64]:
    """Characters covered in each group by stretches that may overlap.

    :param group: ordinals from 0; so many groups as its greatest plus one.
    :param weight: of each stretch; where stretches overlap the one that begins first counts.
    :returns: covered characters, and the same times the weight.
    """
    groups = int(group.max()) + 1 if len(group) else 0
    order = np.lexsort((end, start, group))
    g, s, e = group[order], start[order], end[order]
    far = int(e.max()) + 1 if len(e) else 1
    reach = np.maximum.accumulate(g * far + e) - g * far
    before = np.r_[np.int64(0), reach[:-1]]
    before[np.r_[True, g[1:] != g[:-1]] if len(g) else np.zeros(0, dtype=bool)] = 0
    new = np.maximum(0, e - np.maximum(s, before))
    times = new if weight is None else new * weight[order]
    covered = np.bincount(g, weights=new, minlength=groups).astype(np.int64)
    return covered, np.bincount(g, weights=times, minlength=groups).astype(np.float64)


def shares(corpus: Corpus, passages: Passages) -> dict[str, Any]:
    """A row for each pair of documents with a passage, as columns, by their ages.

    Besides those of :func:`pairs_of` there is ``rank``: the place of the upper among all uppers of the other
    by nearness (:func:`luoshi.reuse.ranking.nearness`), the nearest first.
    """
    out = pairs_of(corpus, passages)
    a, b = corpus.age[out["a"]].astype(np.int64), corpus.age[out["b"]].astype(np.int64)
    turned = out["upper"] == "b"
    weight = out["weight"].astype(np.float64)
    out["rank"] = _rank(np.where(turned, b, a), np.where(turned, a, b), weight, max(1, len(corpus.about)))
    return out


def pairs_of(corpus: Corpus, passages: Passages) -> dict[str, Any]:
    """What can be said of each pair of documents by itself; all passages of a pair must be given.

    ``a_share`` and ``b_share`` are the covered parts of the texts. ``upper`` names the one of both that the
    other may rest on: that of the higher level, among equals and where a level is not known the earlier, a.
    ``weight`` are the characters of the other that the upper covers, each times the square of the rarity of
    its passage, so that stock phrases hardly count.
    """
    p = passages
    n = max(1, len(corpus.about))
    code, group = np.unique(corpus.age[p.b].astype(np.int64) * n + corpus.age[p.a], return_inverse=True)
    group = group.astype(np.int64)
    a, b = corpus.by_age[code % n], corpus.by_age[code // n]
    length = np.array([x.length for x in corpus.about] or [0], dtype=np.int64)
    rare = p.rarity.astype(np.float64) ** 2
    in_a, weight_a = union(group, p.a_start, p.a_end, rare)
    in_b, weight_b = union(group, p.b_start, p.b_end, rare)
    level = np.array([rank_of(x.level) for x in corpus.about] or [0], dtype=np.int64)
    turned = (level[b] > level[a]) & (level[a] > 0)
    return {
        "a": a,
        "b": b,
        "passages": np.bincount(group, minlength=len(code)),
        "a_characters": in_a,
        "b_characters": in_b,
        "a_share": (in_a / length[a]).astype(np.float32).round(4),
        "b_share": (in_b / length[b]).astype(np.float32).round(4),
        "upper": np.where(turned, "b", "a").astype(object),
        "weight": np.where(turned, weight_a, weight_b).round(1).astype(np.float32),
    }


def _rank(upper: I64, lower: I64, weight: F64, documents: int) -> I64:
    """Place of each upper among those of its lower, both numbered by age, from 1."""
    order = np.lexsort((upper, lower))
    of, to = lower[order], upper[order]
    close = nearness(to, of, weight[order], documents, of, to)
    by_place = np.lexsort((to, -weight[order], -close, of))
    first = np.searchsorted(of, of)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order[by_place]] = np.arange(len(order)) - first + 1
    return rank
