"""Which uppers a document rests on most, by the passages that they share.

A walk of two steps, as random walks over graphs rank (personalised PageRank cut short): from a document to
those that it shares most with, and from these to theirs. A regulation whose sisters all draw on one law rests
on that law, though it shares few of its own words with it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels.near_numba import near

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

NEIGHBOURS = 32
"""So many documents, those with the most weight, each step goes to."""
EASE = 100.0
"""Characters added to the weight of all neighbours: who shares little with anybody is near to nobody."""
THROUGH = 2.0
"""What the way through others counts against the straight one."""


def shares_out(of: I64, weight: F64, documents: int) -> F64:
    """The share of each neighbour in all that a document has in common with others.

    :param weight: of its neighbours, greatest first, so that sums are the same wherever they are made.
    """
    out: F64 = weight / (np.bincount(of, weights=weight, minlength=documents) + EASE)[of]
    return out


def nearness(one: I64, two: I64, weight: F64, documents: int, of: I64, to: I64) -> F64:
    """How near the documents ``to`` stand to the documents ``of``.

    :param one: documents that share passages with ``two``; each pair once, numbered by age, so that the
        result does not depend on the order in which they were read.
    :param weight: of each pair, in characters times their rarity.
    :param of: rising.
    """
    a, b = np.r_[one, two], np.r_[two, one]
    both = np.r_[weight, weight]
    order = np.lexsort((b, -both, a))
    a, b, both = a[order], b[order], both[order]
    share = shares_out(a, both, documents)
    place = np.arange(len(a)) - np.searchsorted(a, a)
    strong = place < NEIGHBOURS
    starts = np.arange(documents + 1)
    through = near(
        np.searchsorted(a[strong], starts), b[strong], share[strong], np.searchsorted(of, starts),
        np.ascontiguousarray(to),
    )  # fmt: skip
    code = a * documents + b
    by_code = np.argsort(code)
    asked = of * documents + to
    at = np.minimum(np.searchsorted(code[by_code], asked), len(code) - 1)
    if not len(code):
        return through
    hit = by_code[at]
    return np.where(code[hit] == asked, share[hit], 0.0) + THROUGH * through
