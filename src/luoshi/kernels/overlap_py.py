"""Plain twin of :mod:`luoshi.kernels.overlap_numba`, its oracle: same arguments, same results."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int32]
Weights = NDArray[np.float32]


def runs(
    a: NDArray[np.int32], weights: Weights, b: NDArray[np.int32], a_bounds: Index, b_bounds: Index, least: int
) -> tuple[Index, Weights]:
    """The heaviest run of equal characters of each pair of stretches of two texts.

    :param a: characters of one text, ``weights`` their weights; ``b`` those of the other.
    :param a_bounds: ``int32[n, 2]``, start and end in ``a`` of each pair's stretch; ``b_bounds`` in ``b``.
    :param least: shortest run that counts.
    :returns: ``int32[n, 3]`` of start in ``a``, start in ``b`` and length (0: none), ``float32[n]`` weights.
        Of equally heavy runs the first in ``a``, then in ``b``, is taken.
    """
    n = len(a_bounds)
    place = np.zeros((n, 3), dtype=np.int32)
    best = np.zeros(n, dtype=np.float32)
    for p in range(n):
        a0, a1 = int(a_bounds[p, 0]), int(a_bounds[p, 1])
        b0, b1 = int(b_bounds[p, 0]), int(b_bounds[p, 1])
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
                    place[p] = (i, j, length)
    return place, best


def longest(a: NDArray[np.int32], b: NDArray[np.int32]) -> tuple[int, int, int]:
    """Start in ``a``, start in ``b`` and length of the longest common stretch, the first of equals."""
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
