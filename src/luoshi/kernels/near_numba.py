"""Which documents stand near each other through third ones."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


@njit(inline="always")
def _wider(column: I64, made: int, more: int) -> I64:
    out = np.empty(max(2 * len(column), made + more), dtype=np.int64)
    out[:made] = column[:made]
    return out


@njit(cache=True, nogil=True)
def near(
    first: I64, other: I64, share: F64, known_first: I64, known: I64, standing: I64, series: I64, most: int
) -> tuple[I64, I64]:
    """See :func:`luoshi.kernels.near_py.near`."""
    documents = len(first) - 1
    sums = np.zeros(documents)
    reached = np.empty(documents, dtype=np.int64)
    of, to = np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int64)
    made = 0
    for d in range(documents):
        count = 0
        for i in range(first[d], first[d + 1]):
            m = other[i]
            for k in range(first[m], first[m + 1]):
                u = other[k]
                more = share[i] * share[k]
                if more > 0.0:
                    if sums[u] == 0.0:
                        reached[count] = u
                        count += 1
                    sums[u] += more
        some = np.sort(reached[:count])
        close = sums[some]
        sums[some] = 0.0
        sums[d] = -1.0
        for i in range(known_first[d], known_first[d + 1]):
            sums[known[i]] = -1.0
        left = 0
        for t in range(count):
            u = some[t]
            early, late = min(d, u), max(d, u)
            higher = standing[late] > standing[early] and standing[early] > 0
            if sums[u] == 0.0 and series[u] != series[d] and (u == late) == higher:
                some[left], close[left] = u, close[t]
                left += 1
        sums[d] = 0.0
        for i in range(known_first[d], known_first[d + 1]):
            sums[known[i]] = 0.0
        if made + left > len(of):
            of, to = _wider(of, made, left), _wider(to, made, left)
        room = np.full(8, most)
        for t in np.argsort(-close[:left], kind="mergesort"):
            u = some[t]
            if room[standing[u]] > 0:
                room[standing[u]] -= 1
                of[made], to[made] = d, u
                made += 1
    return of[:made].copy(), to[:made].copy()
