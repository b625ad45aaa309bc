"""Which places of a pair of documents have company, before the texts are there."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from luoshi.kernels.runs_numba import prune

U8 = NDArray[np.uint8]
U64 = NDArray[np.uint64]


@njit(cache=True, nogil=True)
def company(pair: U64, place: U64, common: U8, weights: U8, cap: int, enough: int, keep: U8) -> int:
    """See :func:`luoshi.kernels.company_py.company`."""
    n = len(pair)
    size = 0
    kept = 0
    keys = order = picked = np.empty(0, dtype=np.int64)
    i = 0
    while i < n:
        j = i
        total = np.int64(0)
        star = False
        while j < n and pair[j] == pair[i]:
            total += weights[common[j]]
            star = star or common[j] > cap
            keep[j] = 0
            j += 1
        if total >= enough or star:
            count = j - i
            if count > size:
                size = 2 * count + 64
                keys, order = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
                picked = np.empty(size, dtype=np.int64)
            left = prune(place, common, i, count, weights, cap, enough, keys, order, picked)
            for t in range(left):
                keep[picked[t]] = 1
            kept += left
        i = j
    return kept
