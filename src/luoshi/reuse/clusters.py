"""Families of a passage over all documents."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels import reuse as kernels
from luoshi.reuse.corpus import Corpus
from luoshi.reuse.finish import Passages

I64 = NDArray[np.int64]


def clusters(corpus: Corpus, passages: Passages) -> dict[str, Any]:
    """A row for each member of each family, as columns: those of :func:`families`."""
    return families(corpus, passages)[0]


def families(corpus: Corpus, passages: Passages) -> tuple[dict[str, Any], I64]:
    """A row for each member of each family, as columns, and the number of the family of each passage.

    Two stretches are of one family where a passage joins them, or where they stand in one document and
    overlap by nine tenths of what they cover together. Stock phrases make families of their own, so that none
    joins what else has nothing in common. Families are numbered from 0 in the order of their earliest member,
    in one document those of stock phrases last; stretches of one family that overlap are one member.
    ``earliest`` marks the first member in the order of date, level and id.
    """
    p = passages
    layer = 2 * corpus.age.astype(np.int64)
    stock = p.relation == "stock"
    spans = np.concatenate([
        np.stack([layer[p.a] + stock, p.a_start, p.a_end], axis=1),
        np.stack([layer[p.b] + stock, p.b_start, p.b_end], axis=1),
    ])  # fmt: skip
    if not len(spans):
        return _columns(corpus, np.zeros((0, 4), dtype=np.int64)), np.zeros(0, dtype=np.int64)
    order = np.lexsort((spans[:, 2], spans[:, 1], spans[:, 0]))
    ordered = spans[order]
    new = np.r_[True, (ordered[1:] != ordered[:-1]).any(axis=1)]
    number = np.empty(len(spans), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    each = ordered[new]
    n = len(p.a)
    family = kernels.families(
        np.ascontiguousarray(each[:, 0]), np.ascontiguousarray(each[:, 1]), np.ascontiguousarray(each[:, 2]),
        number[:n].copy(), number[n:].copy(),
    )  # fmt: skip
    family = np.unique(family, return_inverse=True)[1]
    each[:, 0] //= 2
    return _columns(corpus, _members(each, family)), family[number[:n]]


def _members(spans: I64, family: I64) -> I64:
    """Family, rank, start, end of the members: overlapping stretches of a family and document made one."""
    order = np.lexsort((spans[:, 1], spans[:, 0], family))
    f, d, s, e = family[order], *spans[order].T
    far = int(spans[:, 2].max()) + 1
    key = np.cumsum(np.r_[True, (f[1:] != f[:-1]) | (d[1:] != d[:-1])]) * far
    reach = np.maximum.accumulate(key + e) - key
    first = np.r_[True, (key[1:] != key[:-1]) | (s[1:] >= reach[:-1])]
    at = np.flatnonzero(first)
    last = np.r_[at[1:], len(f)] - 1
    return np.stack([f[at], d[at], s[at], reach[last]], axis=1)


def _columns(corpus: Corpus, members: I64) -> dict[str, Any]:
    family, rank, start, end = members.T
    size = np.bincount(family) if len(family) else np.zeros(0, dtype=np.int64)
    first = np.r_[True, family[1:] != family[:-1]] if len(family) else np.zeros(0, dtype=bool)
    new = np.r_[True, (family[1:] != family[:-1]) | (rank[1:] != rank[:-1])] if len(family) else first
    documents = np.bincount(family, weights=new).astype(np.int64) if len(family) else size
    return {
        "cluster": family,
        "document": corpus.by_age[rank],
        "start": start,
        "end": end,
        "earliest": first,
        "members": size[family],
        "documents": documents[family],
    }
