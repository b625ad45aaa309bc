"""Places of equal n-grams in two documents, and which of them have enough company to be looked at."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

S32 = np.uint64(32)
LOW32 = np.uint64(0xFFFFFFFF)
C1 = np.uint64(0x9E3779B97F4A7C15)
C2 = np.uint64(0xC2B2AE3D27D4EB4F)


@njit(inline="always")
def _add(table: U8, cell: int, weight: int) -> None:
    table[cell] = min(255, np.int64(table[cell]) + weight)


@njit(inline="always")
def _inside(x: int, y: int) -> bool:
    """Whether the n-grams before and after are equal too: the place lies inside a run."""
    same = x ^ y
    return (
        same >> np.uint32(8) == 0 and x >> np.uint32(20) != 0 and (x >> np.uint32(8)) & np.uint32(0xFFF) != 0
    )


@njit(inline="always")
def _cells(pair: int, pa: int, pb: int, half: int) -> int:
    """Hashes of the two overlapping cells of the plane of a document pair that a place lies in."""
    u = pa - pb + (np.int64(1) << np.int64(40))
    v = pa + pb
    x = pair * C1
    a = (x ^ (np.uint64((u + half) >> 7) * C2)) * C1 + np.uint64((v + 2 * half) >> 9) * C2
    a ^= a >> np.uint64(31)
    return a * C1


@njit(inline="always")
def _earliest(doc: I64, at: I64, age: U32, series: U32, size: int, other: int) -> int:
    """The place in the document of least age, outside of the series ``other``; -1 where there is none."""
    best = -1
    for t in range(size):
        if np.int64(series[doc[t]]) == other:
            continue
        if best < 0 or (age[doc[t]], at[t]) < (age[doc[best]], at[best]):
            best = t
    return best


@njit(cache=True, nogil=True)
def pairs(
    key: U64, context: U32, cap: int, bounds: I64, block: U32, block_shift: int, rank: U32, age: U32,
    series: U32, weights: U8, table: U8, table_bits: int, least: int, begin: int, out_pair: U64,
    out_place: U64, out_common: U8,
) -> tuple[int, int]:  # fmt: skip
    """See :func:`luoshi.kernels.pairs_py.pairs`."""
    n = len(key)
    room = len(out_pair)
    doc = np.empty(64, dtype=np.int64)
    at = np.empty(64, dtype=np.int64)
    shift = np.uint64(64 - table_bits)
    emitted = 0
    i = begin
    while i < n:
        j = i + 1
        tag = key[i] >> S32
        while j < n and key[j] >> S32 == tag:
            j += 1
        size = j - i
        if size == 1:
            i = j
            continue
        if size > len(doc):
            doc = np.empty(2 * size, dtype=np.int64)
            at = np.empty(2 * size, dtype=np.int64)
        for t in range(size):
            g = np.int64(key[i + t] & LOW32)
            d = np.int64(block[g >> block_shift])
            while bounds[d + 1] <= g:
                d += 1
            doc[t] = d
            at[t] = g - bounds[d]
        est = context[i] & np.uint32(0xFF)
        w = np.int64(weights[est])
        sampled = (tag >> np.uint64(4)) & np.uint64(7) == 0
        full = size <= cap and est <= cap
        if least > 0 and emitted + (size * (size - 1) // 2 if full else size) > room:
            return i, emitted
        if not full:
            # too common to be paired with each other: each document once, with the earliest
            first = _earliest(doc, at, age, series, size, np.int64(-1))
            second = _earliest(doc, at, age, series, size, np.int64(series[doc[first]]))
            if second < 0:
                i = j
                continue
            for t in range(size):
                if t > 0 and doc[t] == doc[t - 1]:
                    continue
                o = first if series[doc[t]] != series[doc[first]] else second
                if age[doc[t]] < age[doc[o]]:
                    continue
                x, y = (o, t) if rank[doc[o]] < rank[doc[t]] else (t, o)
                p = (np.uint64(rank[doc[x]]) << S32) | np.uint64(rank[doc[y]])
                if least == 0:
                    _add(table, _cells(p, at[x], at[y], 0) >> shift, w)
                    _add(table, _cells(p, at[x], at[y], 64) >> shift, w)
                else:
                    out_pair[emitted] = p
                    out_place[emitted] = (np.uint64(at[x]) << S32) | np.uint64(at[y])
                    out_common[emitted] = max(est, np.uint32(cap + 1))
                    emitted += 1
            i = j
            continue
        for x in range(size - 1):
            cx = context[i + x]
            dx = doc[x]
            rx = rank[dx]
            qx = series[dx]
            for y in range(x + 1, size):
                cy = context[i + y]
                if not sampled and _inside(cx, cy):
                    continue
                dy = doc[y]
                if dx == dy or qx == series[dy]:
                    continue
                if rx < rank[dy]:
                    p = (np.uint64(rx) << S32) | np.uint64(rank[dy])
                    pa = at[x]
                    pb = at[y]
                else:
                    p = (np.uint64(rank[dy]) << S32) | np.uint64(rx)
                    pa = at[y]
                    pb = at[x]
                c1 = _cells(p, pa, pb, 0) >> shift
                c2 = _cells(p, pa, pb, 64) >> shift
                if least == 0:
                    _add(table, c1, w)
                    _add(table, c2, w)
                elif table[c1] >= least or table[c2] >= least:
                    out_pair[emitted] = p
                    out_place[emitted] = (np.uint64(pa) << S32) | np.uint64(pb)
                    out_common[emitted] = est
                    emitted += 1
        i = j
    return n, emitted


@njit(cache=True, nogil=True)
def sort_pairs(pair: U64, place: U64, common: U8) -> None:
    """See :func:`luoshi.kernels.pairs_py.sort_pairs`."""
    n = len(pair)
    every = np.uint64(0)
    some = ~np.uint64(0)
    for i in range(n):
        every |= pair[i]
        some &= pair[i]
    vary = every ^ some
    pair_b = np.empty(n, dtype=np.uint64)
    place_b = np.empty(n, dtype=np.uint64)
    common_b = np.empty(n, dtype=np.uint8)
    places = np.empty(2049, dtype=np.int64)
    turned = False
    for digit in range(6):
        shift = np.uint64(11 * digit)
        mask = np.uint64(2047)
        if (vary >> shift) & mask == 0:
            continue
        places[:] = 0
        for i in range(n):
            places[((pair[i] >> shift) & mask) + np.uint64(1)] += 1
        for b in range(2048):
            places[b + 1] += places[b]
        for i in range(n):
            b = (pair[i] >> shift) & mask
            at = places[b]
            places[b] = at + 1
            pair_b[at] = pair[i]
            place_b[at] = place[i]
            common_b[at] = common[i]
        pair, pair_b = pair_b, pair
        place, place_b = place_b, place
        common, common_b = common_b, common
        turned = not turned
    if turned:
        for i in range(n):
            pair_b[i] = pair[i]
            place_b[i] = place[i]
            common_b[i] = common[i]
