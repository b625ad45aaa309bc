"""The heaviest and the longest common run of two stretches of text."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Index = NDArray[np.int32]
Weights = NDArray[np.float32]


@njit(cache=True, nogil=True)
def runs(
    a: NDArray[np.int32], weights: Weights, b: NDArray[np.int32], a_bounds: Index, b_bounds: Index, least: int
) -> tuple[Index, Weights]:
    """See :func:`luoshi.kernels.overlap_py.runs`."""
    n = len(a_bounds)
    place = np.zeros((n, 3), dtype=np.int32)
    best = np.zeros(n, dtype=np.float32)
    for p in range(n):
        a0, a1 = a_bounds[p, 0], a_bounds[p, 1]
        b0, b1 = b_bounds[p, 0], b_bounds[p, 1]
        for i in range(a0, a1):
            for j in range(b0, b1):
                if a[i] != b[j] or (i > a0 and j > b0 and a[i - 1] == b[j - 1]):
                    continue
                length = 0
                weight = np.float32(0)
                while i + length < a1 and j + length < b1 and a[i + length] == b[j + length]:
                    weight += weights[i + length]
                    length += 1
                if length >= least and weight > best[p]:
                    best[p] = weight
                    place[p, 0] = i
                    place[p, 1] = j
                    place[p, 2] = length
    return place, best


@njit(cache=True, nogil=True)
def longest(a: NDArray[np.int32], b: NDArray[np.int32]) -> tuple[int, int, int]:
    """See :func:`luoshi.kernels.overlap_py.longest`."""
    best_a, best_b, best = 0, 0, 0
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] != b[j] or (i > 0 and j > 0 and a[i - 1] == b[j - 1]):
                continue
            length = 0
            while i + length < len(a) and j + length < len(b) and a[i + length] == b[j + length]:
                length += 1
            if length > best:
                best_a, best_b, best = i, j, length
    return best_a, best_b, best
