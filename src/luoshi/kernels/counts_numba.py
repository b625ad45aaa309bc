"""How often each n-gram stands, without a table that has to lie in memory as a whole."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

ZERO64 = np.uint64(0)
S32 = np.uint64(32)
MANY = np.uint16(255)
BITS = 8
"""Bits behind those of its entry by which n-grams of one entry are told apart."""


@njit(cache=True, nogil=True)
def split(hashes: U64, bits: int, slots: U32, ends: I64) -> None:
    """See :func:`luoshi.kernels.counts_py.split`."""
    parts = 1 << bits
    top = np.uint64(64 - bits)
    left = np.uint64(bits)
    at = np.zeros(parts, dtype=np.int64)
    for i in range(len(hashes)):
        at[hashes[i] >> top] += hashes[i] != ZERO64
    total = 0
    ends[0] = 0
    for p in range(parts):
        size = at[p]
        at[p] = total
        total += size
        ends[p + 1] = total
    for i in range(len(hashes)):
        h = hashes[i]
        if h != ZERO64:
            p = h >> top
            slots[at[p]] = np.uint32((h << left) >> S32)
            at[p] += 1


@njit(cache=True, nogil=True)
def tell(slots: U32, begins: I64, ends: I64, part: int, table: U16, told: U8) -> None:
    """See :func:`luoshi.kernels.counts_py.tell`."""
    shift = 32
    while len(table) >> (32 - shift) > 1:
        shift -= 1
    s = np.uint32(shift)
    behind = np.uint32(shift - BITS)
    table[:] = 0
    for b in range(len(begins)):
        for i in range(begins[b] + ends[b, part], begins[b] + ends[b, part + 1]):
            entry = slots[i] >> s
            c = table[entry] ^ np.uint16(((slots[i] >> behind) & np.uint32(255)) << np.uint32(8))
            table[entry] = c + np.uint16((c & MANY) != MANY)
    for b in range(len(begins)):
        for i in range(begins[b] + ends[b, part], begins[b] + ends[b, part + 1]):
            c = table[slots[i] >> s]
            # two n-grams, and not of the same bits: neither has an equal
            told[i] = (c & MANY) * (((c & MANY) != 2) | (c >> np.uint16(8) == 0))


@njit(cache=True, nogil=True)
def bring_back(hashes: U64, bits: int, told: U8, ends: I64, state: U8) -> None:
    """See :func:`luoshi.kernels.counts_py.bring_back`."""
    top = np.uint64(64 - bits)
    at = ends[:-1].copy()
    for i in range(len(hashes)):
        h = hashes[i]
        if h == ZERO64:
            state[i] = 0
            continue
        p = h >> top
        state[i] = told[at[p]]
        at[p] += 1
