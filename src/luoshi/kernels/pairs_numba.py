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
S40 = np.uint64(40)
S58 = np.uint64(58)
S64 = np.uint64(64)
S63 = np.uint64(63)
ALONE = np.uint64(1) << np.uint64(63)
BATCH = 2048
"""Places found before their cells are looked up."""
HEAP = 65536
"""Additions that wait for a stretch of the table."""
STRETCH = 19
"""Cells of a stretch, as a power of two: they fit a core's own cache."""


@njit(inline="always")
def _inside(x: int, y: int) -> bool:
    """Whether the n-grams before and after are equal too: the place lies inside a run."""
    same = x ^ y
    return (
        same >> np.uint32(8) == 0 and x >> np.uint32(20) != 0 and (x >> np.uint32(8)) & np.uint32(0xFFF) != 0
    )


@njit(inline="always")
def _line(x: int, u: int, v: int) -> int:
    """Which 64 bytes of the table, before the shift."""
    line = (x ^ (u * C2)) * C1 + v * C2
    return (line ^ (line >> S31)) * C1


@njit(inline="always")
def _cells(pair: int, pa: int, pb: int, shift: int) -> tuple[int, int]:
    """The cells of a place in both rasters, see :func:`luoshi.kernels.pairs_py.cell`."""
    across = pa - pb + (np.int64(1) << np.int64(40))
    along = pa + pb
    u, v = np.uint64(across >> 7), np.uint64(along >> 9)
    u2, v2 = np.uint64((across + 64) >> 7), np.uint64((along + 128) >> 9)
    x = pair * C1
    line = _line(x, u >> S6, v >> S6) >> shift
    one = (line << S6) | (((x + u * C2 + v * C3) * C1) >> S58)
    # nearly always the same 64 bytes
    if (u2 >> S6) != (u >> S6) or (v2 >> S6) != (v >> S6):
        line = _line(x, u2 >> S6, v2 >> S6) >> shift
    other = (line << S6) | (((x + u2 * C2 + (v2 + S64) * C3) * C1) >> S58)
    return one, other


@njit(inline="always")
def _raised(c: int, w: int) -> int:
    """The sum, 255 at most, without a branch."""
    t = np.uint32(c) + np.uint32(w)
    return np.uint8((t | (np.uint32(0) - (t >> np.uint32(8)))) & np.uint32(255))


@njit(cache=True, nogil=True)
def _gather(table: U8, one: U64, other: U64, weight: U8, n: int) -> None:
    """Adds weights to cells; apart from their finding, so that the waits for memory overlap."""
    for k in range(n):
        w = np.uint32(weight[k])
        c = one[k]
        table[c] = _raised(table[c], w)
        c = other[k]
        table[c] = _raised(table[c], w)


@njit(cache=True, nogil=True)
def _settle(table: U8, heap: U64, n: int) -> None:
    """Does the additions that wait for a stretch of the table."""
    low = (np.uint64(1) << S40) - np.uint64(1)
    for k in range(n):
        e = heap[k]
        c = e & low
        w = np.uint32((e >> np.uint64(48)) & np.uint64(255))
        table[c] = _raised(table[c], w)
        if e < ALONE:
            c = ((c >> S6) << S6) | ((e >> S40) & S63)
            table[c] = _raised(table[c], w)


@njit(cache=True, nogil=True)
def _heap_up(
    table: U8, heaps: U64, filled: I64, shift: int, one: U64, other: U64, weight: U8, n: int
) -> None:  # fmt: skip
    """Lays additions on the heaps of their stretches; a full one is settled."""
    for k in range(n):
        c = one[k]
        o = other[k]
        w = np.uint64(weight[k]) << np.uint64(48)
        apart = (c ^ o) >> S6 != 0
        p = c >> shift
        at = filled[p]
        heaps[p, at] = (c | w | ALONE) if apart else (c | w | ((o & S63) << S40))
        at += 1
        if at == HEAP:
            _settle(table, heaps[p], at)
            at = 0
        filled[p] = at
        if apart:
            p = o >> shift
            at = filled[p]
            heaps[p, at] = o | w | ALONE
            at += 1
            if at == HEAP:
                _settle(table, heaps[p], at)
                at = 0
            filled[p] = at


@njit(cache=True, nogil=True)
def bars(table: U8, least: int, words: U64) -> None:
    """See :func:`luoshi.kernels.pairs_py.bars`."""
    for line in range(len(words)):
        word = np.uint64(0)
        for slot in range(64):
            word |= np.uint64(table[64 * line + slot] >= least) << np.uint64(slot)
        words[line] = word


@njit(cache=True, nogil=True)
def _sift(
    table: U8, words: U64, one: U64, other: U64, passes: U8, least: int, pair: U64, place: U64, common: U8,
    begin: int, n: int,
) -> int:  # fmt: skip
    """Keeps of the ``n`` places from ``begin`` on those whose cells hold enough; gives their end."""
    bar = np.uint8(least)
    if len(words):
        for k in range(n):
            both = (words[one[k] >> S6] >> (one[k] & S63)) | (words[other[k] >> S6] >> (other[k] & S63))
            passes[k] = both & np.uint64(1)
    else:
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
def _add(
    table: U8, heaps: U64, filled: I64, shift: int, one: U64, other: U64, weight: U8, n: int
) -> None:  # fmt: skip
    if len(heaps):
        _heap_up(table, heaps, filled, np.uint64(shift), one, other, weight, n)
    else:
        _gather(table, one, other, weight, n)


@njit(cache=True, nogil=True)
def _pairs(
    key: U64, context: U32, cap: int, bounds: I64, block: U32, block_shift: int, rank: U32, age: U32,
    series: U32, weights: U8, table: U8, table_bits: int, least: int, begin: int, out_pair: U64,
    out_place: U64, out_common: U8, words: U64, heaps: U64, filled: I64, heap_shift: int,
) -> tuple[int, int]:  # fmt: skip
    """:func:`pairs`, with the table as ``words`` of :func:`bars` or with heaps where there are any."""
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
                    table, words, one, other, weight, least, out_pair, out_place, out_common, emitted,
                    waiting,
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
                one[waiting], other[waiting] = _cells(p, at[x], at[y], shift)
                weight[waiting] = weights[est]
                waiting += 1
                if waiting == BATCH:
                    _add(table, heaps, filled, heap_shift, one, other, weight, waiting)
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
                one[waiting], other[waiting] = _cells(p, pa, pb, shift)
                waiting += 1
                if waiting == BATCH:
                    if gives:
                        emitted = _sift(
                            table, words, one, other, weight, least, out_pair, out_place, out_common,
                            emitted, waiting,
                        )  # fmt: skip
                    else:
                        _add(table, heaps, filled, heap_shift, one, other, weight, waiting)
                    waiting = 0
        i = j
    if gives:
        emitted = _sift(
            table, words, one, other, weight, least, out_pair, out_place, out_common, emitted, waiting
        )  # fmt: skip
    else:
        _add(table, heaps, filled, heap_shift, one, other, weight, waiting)
    return n, emitted


@njit(cache=True, nogil=True)
def pairs(
    key: U64, context: U32, cap: int, bounds: I64, block: U32, block_shift: int, rank: U32, age: U32,
    series: U32, weights: U8, table: U8, table_bits: int, least: int, begin: int, out_pair: U64,
    out_place: U64, out_common: U8,
) -> tuple[int, int]:  # fmt: skip
    """See :func:`luoshi.kernels.pairs_py.pairs`."""
    none = np.empty(0, dtype=np.uint64)
    heaps, filled = np.empty((0, 0), dtype=np.uint64), np.empty(0, dtype=np.int64)
    return _pairs(
        key, context, cap, bounds, block, block_shift, rank, age, series, weights, table, table_bits, least,
        begin, out_pair, out_place, out_common, none, heaps, filled, 0,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def weigh(
    key: U64, context: U32, ends: I64, first: int, step: int, cap: int, bounds: I64, block: U32,
    block_shift: int, rank: U32, age: U32, series: U32, weights: U8, table: U8, table_bits: int,
) -> None:  # fmt: skip
    """See :func:`luoshi.kernels.pairs_py.weigh`."""
    none, common = np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint8)
    bits = min(6, max(0, table_bits - STRETCH))
    heaps = np.empty((1 << bits if bits else 0, HEAP), dtype=np.uint64)
    filled = np.zeros(len(heaps), dtype=np.int64)
    for b in range(first, len(ends) - 1, step):
        _pairs(
            key[ends[b] : ends[b + 1]], context[ends[b] : ends[b + 1]], cap, bounds, block, block_shift, rank,
            age, series, weights, table, table_bits, 0, 0, none, none, common, none, heaps, filled,
            table_bits - bits,
        )  # fmt: skip
    for p in range(len(heaps)):
        _settle(table, heaps[p], filled[p])


@njit(cache=True, nogil=True)
def give(
    key: U64, context: U32, cap: int, bounds: I64, block: U32, block_shift: int, rank: U32, age: U32,
    series: U32, weights: U8, words: U64, table_bits: int, begin: int, out_pair: U64, out_place: U64,
    out_common: U8,
) -> tuple[int, int]:  # fmt: skip
    """See :func:`luoshi.kernels.pairs_py.give`."""
    table = np.empty(0, dtype=np.uint8)
    heaps, filled = np.empty((0, 0), dtype=np.uint64), np.empty(0, dtype=np.int64)
    return _pairs(
        key, context, cap, bounds, block, block_shift, rank, age, series, weights, table, table_bits, 1,
        begin, out_pair, out_place, out_common, words, heaps, filled, 0,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def deal(
    pair: U64, place: U64, common: U8, parts: int, out_pair: U64, out_place: U64, out_common: U8, ends: I64
) -> None:  # fmt: skip
    """See :func:`luoshi.kernels.pairs_py.deal`."""
    n = len(pair)
    by = np.empty(n, dtype=np.uint16)
    many = np.uint64(parts)
    at = np.zeros(parts, dtype=np.int64)
    for i in range(n):
        p = ((pair[i] * C1) >> S40) % many
        by[i] = p
        at[p] += 1
    total = 0
    ends[0] = 0
    for p in range(parts):
        size = at[p]
        at[p] = total
        total += size
        ends[p + 1] = total
    for i in range(n):
        p = by[i]
        k = at[p]
        at[p] = k + 1
        out_pair[k] = pair[i]
        out_place[k] = place[i]
        out_common[k] = common[i]


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
