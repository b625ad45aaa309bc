"""How much of each document another one holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.reuse.corpus import Corpus
from luoshi.reuse.finish import Passages

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
    """A row for each pair of documents with a passage, as columns.

    ``a_share`` and ``b_share`` are the covered parts of the texts; ``weight`` the characters of b that a
    covers, each times the rarity of its passage; ``rank`` the place of a among all sources of b by it.
    """
    p = passages
    n = max(1, len(corpus.about))
    code, group = np.unique(p.b * n + p.a, return_inverse=True)
    group = group.astype(np.int64)
    a, b = code % n, code // n
    length = np.array([x.length for x in corpus.about] or [0], dtype=np.int64)
    in_a, _ = union(group, p.a_start, p.a_end)
    in_b, weight = union(group, p.b_start, p.b_end, p.rarity.astype(np.float64))
    order = np.lexsort((corpus.age[a], -weight, corpus.age[b]))
    a, b, in_a, in_b, weight = a[order], b[order], in_a[order], in_b[order], weight[order]
    first = np.flatnonzero(np.r_[True, b[1:] != b[:-1]]) if len(b) else np.zeros(0, dtype=np.int64)
    rank = np.arange(len(b)) - np.repeat(first, np.diff(np.r_[first, len(b)])) + 1
    return {
        "a": a,
        "b": b,
        "passages": np.bincount(group, minlength=len(code))[order],
        "a_characters": in_a,
        "b_characters": in_b,
        "a_share": (in_a / length[a]).astype(np.float32).round(4),
        "b_share": (in_b / length[b]).astype(np.float32).round(4),
        "weight": weight.astype(np.float32).round(1),
        "rank": rank,
    }
