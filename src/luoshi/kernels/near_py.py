"""Plain twin of :mod:`luoshi.kernels.near_numba`, its oracle: same arguments, same results."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


def near(first: I64, other: I64, share: F64, ask_first: I64, ask: I64) -> F64:
    """For every asked pair the sum over all third documents of share to it × share from it.

    :param first: ``int64[documents + 1]``, where the neighbours of each document begin in ``other`` and
        ``share``.
    :param ask_first: ``int64[documents + 1]``, where the documents asked for each one begin in ``ask``.
    :returns: ``float64[len(ask)]``.
    """
    out = np.zeros(len(ask))
    for d in range(len(ask_first) - 1):
        sums: dict[int, float] = {}
        for i in range(first[d], first[d + 1]):
            m = int(other[i])
            for k in range(first[m], first[m + 1]):
                u = int(other[k])
                sums[u] = sums.get(u, 0.0) + float(share[i]) * float(share[k])
        for k in range(ask_first[d], ask_first[d + 1]):
            out[k] = sums.get(int(ask[k]), 0.0)
    return out
