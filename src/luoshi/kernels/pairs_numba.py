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
C3 = np.uint64(0x165667B19E3779F9)
S6 = np.uint64(6)
S31 = np.uint64(31)
S58 = np.uint64(58)
BATCH = 2048
"""Places found before their cells are looked up."""


@njit(inline="always")
def _inside(x: int, y: int) -> bool:
    """Whether the n-grams before and after are equal too: the place lies inside a run."""
    same = x ^ y
    return (
        same >> np.uint32(8) == 0 and x >> np.uint32(20) != 0 and (x >> np.uint32(8)) & np.uint32(0xFFF) != 0
    )


@njit(inline="always")
def _cell(pair: int, pa: int, pb: int, half: int, shift: int) -> int:
    """See :func:`luoshi.kernels.pairs_py.cell`."""
    u = np.uint64((pa - pb + (np.int64(1) << np.int64(40)) + half) >> 7)
    v = np.uint64((pa + pb + 2 * half) >> 9)
    x = pair * C1
    line = (x ^ ((u >> S6) * C2)) * C1 + (v >> S6) * C2
    line = (line ^ (line >> S31)) * C1
    slot = (x + u * C2 + (v + np.uint64(half)) * C3) * C1
    return ((line >> shift) << S6) | (slot >> S58)


@njit(cache=True, nogil=True)
def _gather(table: U8, one: U64, other: U64, weight: U8, n: int) -> None:
    """Adds weights to cells; apart from their finding, so that the waits for memory overlap."""
    for k in range(n):
        w = np.uint16(weight[k])
        c = one[k]
        table[c] = min(np.uint16(255), np.uint16(table[c]) + w)
        c = other[k]
        table[c] = min(np.uint16(255), np.uint16(table[c]) + w)


@njit(cache=True, nogil=True)
def _sift(
    table: U8, one: U64, other: U64, passes: U8, least: int, pair: U64, place: U64, common: U8, begin: int,
    n: int,
) -> int:  # fmt: skip
    """Keeps of the ``n`` places from ``begin`` on those whose cells hold enough; gives their end."""
    bar = np.uint8(least)
    for k in range(n):
        passes[k] = (table[one[k]] >= bar) | (table[other[k]] >= bar)
    kept = begin
    for k in range(n):
        pair[kept] = pair[begin + k]
        place[kept] = place[begin + k]
        common[kept] = common[begin + k]
        kept += passes[k]
    return kept


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
    doc, at = np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int64)
    ranks, sets = np.empty(64, dtype=np.uint64), np.empty(64, dtype=np.uint32)
    one, other = np.empty(BATCH, dtype=np.uint64), np.empty(BATCH, dtype=np.uint64)
    weight = np.empty(BATCH, dtype=np.uint8)
    shift = np.uint64(70 - table_bits)
    gives = least > 0
    emitted = 0
    waiting = 0
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
        est = context[i] & np.uint32(0xFF)
        full = size <= cap and est <= cap
        if gives:
            most = size * (size - 1) // 2 if full else size
            if emitted + waiting + most > room or not full:
                emitted = _sift(
                    table, one, other, weight, least, out_pair, out_place, out_common, emitted, waiting
                )  # fmt: skip
                waiting = 0
            if emitted + waiting + most > room:
                return i, emitted
        if size > len(doc):
            doc, at = np.empty(2 * size, dtype=np.int64), np.empty(2 * size, dtype=np.int64)
            ranks, sets = np.empty(2 * size, dtype=np.uint64), np.empty(2 * size, dtype=np.uint32)
        for t in range(size):
            g = np.int64(key[i + t] & LOW32)
            d = np.int64(block[g >> block_shift])
            while bounds[d + 1] <= g:
                d += 1
            doc[t] = d
            at[t] = g - bounds[d]
            ranks[t] = np.uint64(rank[d])
            sets[t] = series[d]
        if not full:
            # too common to be paired with each other: each document once, with the earliest
            first = _earliest(doc, at, age, series, size, np.int64(-1))
            second = _earliest(doc, at, age, series, size, np.int64(sets[first]))
            for t in range(size if second >= 0 else 0):
                if t > 0 and doc[t] == doc[t - 1]:
                    continue
                o = first if sets[t] != sets[first] else second
                if age[doc[t]] < age[doc[o]]:
                    continue
                x, y = (o, t) if ranks[o] < ranks[t] else (t, o)
                p = (ranks[x] << S32) | ranks[y]
                if gives:
                    out_pair[emitted] = p
                    out_place[emitted] = (np.uint64(at[x]) << S32) | np.uint64(at[y])
                    out_common[emitted] = max(est, np.uint32(cap + 1))
                    emitted += 1
                    continue
                one[waiting] = _cell(p, at[x], at[y], 0, shift)
                other[waiting] = _cell(p, at[x], at[y], 64, shift)
                weight[waiting] = weights[est]
                waiting += 1
                if waiting == BATCH:
                    _gather(table, one, other, weight, waiting)
                    waiting = 0
            i = j
            continue
        sampled = (tag >> np.uint64(4)) & np.uint64(7) == 0
        for x in range(size - 1):
            cx = context[i + x]
            for y in range(x + 1, size):
                if not sampled and _inside(cx, context[i + y]):
                    continue
                if doc[x] == doc[y] or sets[x] == sets[y]:
                    continue
                if ranks[x] < ranks[y]:
                    p = (ranks[x] << S32) | ranks[y]
                    pa = at[x]
                    pb = at[y]
                else:
                    p = (ranks[y] << S32) | ranks[x]
                    pa = at[y]
                    pb = at[x]
                if gives:
                    out_pair[emitted + waiting] = p
                    out_place[emitted + waiting] = (np.uint64(pa) << S32) | np.uint64(pb)
                    out_common[emitted + waiting] = est
                else:
                    weight[waiting] = weights[est]
                one[waiting] = _cell(p, pa, pb, 0, shift)
                other[waiting] = _cell(p, pa, pb, 64, shift)
                waiting += 1
                if waiting == BATCH:
                    if gives:
                        emitted = _sift(
                            table, one, other, weight, least, out_pair, out_place, out_common, emitted,
                            waiting,
                        )  # fmt: skip
                    else:
                        _gather(table, one, other, weight, waiting)
                    waiting = 0
        i = j
    if gives:
        emitted = _sift(table, one, other, weight, least, out_pair, out_place, out_common, emitted, waiting)
    else:
        _gather(table, one, other, weight, waiting)
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
