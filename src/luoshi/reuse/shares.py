"""How much of each document another one holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.reuse.corpus import Corpus
from luoshi.reuse.direction import rank_of
from luoshi.reuse.finish import Passages
from luoshi.reuse.ranking import ranked
from luoshi.reuse.words import Words, likeness
from luoshi.reuse.words import words as words_of

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


def shares(corpus: Corpus, passages: Passages, words: Words | None = None) -> dict[str, Any]:
    """A row for each pair of documents with a passage, and for some uppers without, by their ages.

    Besides the columns of :func:`pairs_of` there are ``likeness`` (:mod:`luoshi.reuse.words`) and ``rank``:
    the place of the upper among all uppers of the other (:mod:`luoshi.reuse.ranking`), the nearest first.

    :param words: of all documents, as the corpus has them; by default they are taken from its symbols.
    """
    out = pairs_of(corpus, passages)
    terms = words or words_of(corpus.symbols)
    age = corpus.age.astype(np.int64)
    a, b, turned = age[out["a"]], age[out["b"]], out["upper"] == "b"
    standing = standings(corpus)[corpus.by_age]
    r = ranked(
        np.where(turned, b, a), np.where(turned, a, b), out["weight"].astype(np.float64), standing,
        corpus.series[corpus.by_age].astype(np.int64),
        lambda of, to: likeness(terms, corpus.by_age[of], corpus.by_age[to]),
    )  # fmt: skip
    more = len(r.rank) - len(a)
    upper, lower = r.upper[len(a) :], r.lower[len(a) :]
    one, other = np.r_[a, np.minimum(upper, lower)], np.r_[b, np.maximum(upper, lower)]
    names = np.where(upper < lower, "a", "b").astype(object)
    order = np.lexsort((one, other))
    columns = {n: np.r_[v, names if n == "upper" else np.zeros(more, dtype=v.dtype)] for n, v in out.items()}
    columns |= {
        "a": corpus.by_age[one], "b": corpus.by_age[other],
        "likeness": r.likeness.round(4).astype(np.float32), "rank": r.rank,
    }  # fmt: skip
    return {n: v[order] for n, v in columns.items()}


def standings(corpus: Corpus) -> I64:
    """The standing of each document (:func:`luoshi.reuse.direction.rank_of`); of none a zero."""
    known = {level: rank_of(level) for level in {x.level for x in corpus.about}}
    return np.array([known[x.level] for x in corpus.about] or [0], dtype=np.int64)


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
    level = standings(corpus)
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
