"""How near two documents stand to each other through third ones."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


@njit(cache=True, nogil=True)
def near(first: I64, other: I64, share: F64, ask_first: I64, ask: I64) -> F64:
    """See :func:`luoshi.kernels.near_py.near`."""
    out = np.zeros(len(ask))
    sums = np.zeros(len(first))
    for d in range(len(ask_first) - 1):
        low, high = ask_first[d], ask_first[d + 1]
        if low == high:
            continue
        for i in range(first[d], first[d + 1]):
            m = other[i]
            for k in range(first[m], first[m + 1]):
                sums[other[k]] += share[i] * share[k]
        for k in range(low, high):
            out[k] = sums[ask[k]]
        for i in range(first[d], first[d + 1]):
            m = other[i]
            for k in range(first[m], first[m + 1]):
                sums[other[k]] = 0.0
    return out
