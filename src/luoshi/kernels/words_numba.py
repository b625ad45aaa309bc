"""What documents are about: pairs of neighbouring symbols, weighed, and how alike they make two documents."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]

TERMS = 1 << 16
FIRST, SECOND = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77)
S15, S16 = np.uint32(15), np.uint32(16)


@njit(inline="always")
def _term(one: int, other: int) -> int:
    """See :func:`luoshi.kernels.words_py.term`."""
    h = np.uint32(one * FIRST + other)
    h = np.uint32((h ^ (h >> S15)) * SECOND)
    return np.uint32(h >> S16)  # type: ignore[return-value]


@njit(cache=True, nogil=True)
def standing(sym: U32, bounds: I64, every: int, times: I64, distinct: I64) -> None:
    """See :func:`luoshi.kernels.words_py.standing`."""
    seen = np.full(TERMS, -1, dtype=np.int32)
    step = np.uint32(every)
    for d in range(len(bounds) - 1):
        count = 0
        for i in range(bounds[d], bounds[d + 1] - 1):
            t = _term(sym[i], sym[i + 1])
            new = (seen[t] != d) & (t % step == 0)
            seen[t] = d
            times[t] += new
            count += new
        distinct[d] = count


@njit(cache=True, nogil=True)
def weights(
    sym: U32, bounds: I64, every: int, inverse: U16, often: U16, first: I64, terms: U16, weight: U16,
    square: I64,
) -> None:  # fmt: skip
    """See :func:`luoshi.kernels.words_py.weights`."""
    step = np.uint32(every)
    # Narrow tables: what is asked for at random fits a core's own cache.
    count = np.zeros(TERMS, dtype=np.uint16)
    some = np.empty(TERMS + 1, dtype=np.uint16)
    last = np.uint16(len(often) - 1)
    for d in range(len(bounds) - 1):
        n = 0
        for i in range(bounds[d], bounds[d + 1] - 1):
            t = _term(sym[i], sym[i + 1])
            c = count[t]
            kept = t % step == 0
            # without a branch that nobody can foretell: written either way, kept where it is new
            some[n] = t
            n += (c == 0) & kept
            count[t] = c + np.uint16((c < last) & kept)
        total = np.uint64(0)
        at = first[d]
        for k in range(n):
            t = some[k]
            w = np.uint64(inverse[t]) * np.uint64(often[count[t]])
            count[t] = 0
            terms[at + k] = t
            weight[at + k] = w
            total += w * w
        square[d] = total


@njit(cache=True, nogil=True)
def products(first: I64, terms: U16, weight: U16, of: I64, to: I64, out: I64) -> None:
    """See :func:`luoshi.kernels.words_py.products`."""
    here = np.zeros(TERMS, dtype=np.uint16)
    d = np.int64(-1)
    for k in range(len(of)):
        if of[k] != d:
            if d >= 0:
                for i in range(first[d], first[d + 1]):
                    here[terms[i]] = 0
            d = of[k]
            for i in range(first[d], first[d + 1]):
                here[terms[i]] = weight[i]
        total = np.int64(0)
        for i in range(first[to[k]], first[to[k] + 1]):
            total += np.int64(here[terms[i]]) * np.int64(weight[i])
        out[k] = total
