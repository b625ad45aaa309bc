"""Families of passages: stretches of documents joined where they nearly coincide or are said to be equal."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]
BACK = 32


@njit(cache=True, nogil=True)
def _root(parent: I64, i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@njit(cache=True, nogil=True)
def families(document: I64, start: I64, end: I64, left: I64, right: I64) -> I64:
    """See :func:`luoshi.kernels.families_py.families`."""
    n = len(document)
    parent = np.arange(n)
    for i in range(n):
        for j in range(i - 1, max(-1, i - 1 - BACK), -1):
            if document[j] != document[i]:
                break
            over = min(end[i], end[j]) - start[i]
            if over * 10 >= 9 * (max(end[i], end[j]) - start[j]):
                p, q = _root(parent, i), _root(parent, j)
                parent[max(p, q)] = min(p, q)
    for k in range(len(left)):
        p, q = _root(parent, left[k]), _root(parent, right[k])
        parent[max(p, q)] = min(p, q)
    for i in range(n):
        parent[i] = _root(parent, i)
    return parent


@njit(cache=True, nogil=True)
def equal(sym_a: U32, first_a: I64, sym_b: U32, first_b: I64, size: I64) -> U8:
    """See :func:`luoshi.kernels.families_py.equal`."""
    out = np.ones(len(size), dtype=np.uint8)
    for k in range(len(size)):
        for t in range(size[k]):
            if sym_a[first_a[k] + t] != sym_b[first_b[k] + t]:
                out[k] = 0
                break
    return out
