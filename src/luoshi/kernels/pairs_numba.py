"""Places of equal n-grams in two documents, and which of them have enough company to be looked at."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Batch = tuple[U64, U64, U8, U64, U64, U64, U64, U8]
"""Columns of places at work: left, right, how often the n-gram stands; pair, place; cells; whether kept."""

S32 = np.uint64(32)
LOW32 = np.uint64(0xFFFFFFFF)
C1 = np.uint64(0x9E3779B97F4A7C15)
C2 = np.uint64(0xC2B2AE3D27D4EB4F)
C3 = np.uint64(0x165667B19E3779F9)
ONE = np.uint64(1)
S6 = np.uint64(6)
S7 = np.uint64(7)
S9 = np.uint64(9)
S31 = np.uint64(31)
S40 = np.uint64(40)
S58 = np.uint64(58)
S63 = np.uint64(63)
S64 = np.uint64(64)
S128 = np.uint64(128)
MIDDLE = np.uint64(1) << np.uint64(40)
ALONE = np.uint64(1 << 31)
BATCH = 2048
"""Places found before their cells are looked up."""
MOST = 256
"""Records of an n-gram that is paired with all its equals, at most."""
HEAP = 65536
"""Additions that wait for a stretch of the table, at most."""
STRETCH = 19
"""Cells of a stretch, as a power of two: they fit a core's own cache."""
WEIGHT = STRETCH + 6
"""Where in an addition the weight stands, six bits."""


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


@njit(cache=True, nogil=True)
def _cells(batch: Batch, n: int, table_bits: int) -> None:
    """Names of the pairs of documents, places in them and the cells of these in both rasters.

    Of many at once and without a branch, so that the processor does several at a time; see
    :func:`luoshi.kernels.pairs_py.cell`.
    """
    left, right, _, pair, place, one, other, _ = batch
    shift = np.uint64(70 - table_bits)
    for k in range(n):
        a, b = min(left[k], right[k]), max(left[k], right[k])
        p = ((a >> S32) << S32) | (b >> S32)
        pair[k] = p
        pa, pb = a & LOW32, b & LOW32
        place[k] = (pa << S32) | pb
        across, along = pa - pb + MIDDLE, pa + pb
        u, v = across >> S7, along >> S9
        x = p * C1
        line = _line(x, u >> S6, v >> S6) >> shift
        one[k] = (line << S6) | (((x + u * C2 + v * C3) * C1) >> S58)
        u, v = (across + S64) >> S7, (along + S128) >> S9
        line = _line(x, u >> S6, v >> S6) >> shift
        other[k] = (line << S6) | (((x + u * C2 + (v + S64) * C3) * C1) >> S58)


@njit(inline="always")
def _raised(c: int, w: int) -> int:
    """The sum, 255 at most, without a branch."""
    t = np.uint32(c) + np.uint32(w)
    return np.uint8((t | (np.uint32(0) - (t >> np.uint32(8)))) & np.uint32(255))


@njit(cache=True, nogil=True)
def _gather(table: U8, batch: Batch, weights: U8, n: int) -> None:
    """Adds weights to cells; apart from their finding, so that the waits for memory overlap."""
    _, _, common, _, _, one, other, _ = batch
    for k in range(n):
        w = np.uint32(weights[common[k]])
        c = one[k]
        table[c] = _raised(table[c], w)
        c = other[k]
        table[c] = _raised(table[c], w)


@njit(cache=True, nogil=True)
def _settle(table: U8, heap: U32, begin: int, n: int) -> None:
    """Does the additions that wait for the stretch of the table from ``begin`` on."""
    for k in range(n):
        e = heap[k]
        w = (e >> np.uint32(WEIGHT)) & np.uint32(63)
        c = begin + np.int64(e & np.uint32((1 << STRETCH) - 1))
        table[c] = _raised(table[c], w)
        if e < ALONE:
            c = (c & ~np.int64(63)) | np.int64((e >> np.uint32(STRETCH)) & np.uint32(63))
            table[c] = _raised(table[c], w)


@njit(cache=True, nogil=True)
def _heap_up(table: U8, heaps: U32, filled: I64, batch: Batch, weights: U8, n: int) -> None:
    """Lays additions on the heaps of their stretches; a full one is settled.

    An addition is the cell within the stretch, which of its 64 neighbours is the other cell, and the weight.
    """
    _, _, common, _, _, one, other, _ = batch
    full = heaps.shape[1]
    again = False
    k = 0
    while k < n:
        c = one[k]
        o = other[k]
        w = np.uint64(weights[common[k]]) << np.uint64(WEIGHT)
        apart = (c ^ o) >> S6 != 0
        if again:
            c = o
        p = c >> np.uint64(STRETCH)
        at = filled[p]
        e = (c & np.uint64((1 << STRETCH) - 1)) | w
        heaps[p, at] = (e | ALONE) if apart else (e | ((o & S63) << np.uint64(STRETCH)))
        at += 1
        if at == full:
            _settle(table, heaps[p], np.int64(p) << STRETCH, at)
            at = 0
        filled[p] = at
        # a place whose cells lie apart is two additions
        again = apart and not again
        k += not again


@njit(cache=True, nogil=True)
def bars(table: U8, least: int, words: U64) -> None:
    """See :func:`luoshi.kernels.pairs_py.bars`."""
    for line in range(len(words)):
        word = np.uint64(0)
        for slot in range(64):
            word |= np.uint64(table[64 * line + slot] >= least) << np.uint64(slot)
        words[line] = word


@njit(cache=True, nogil=True)
def _sift(words: U64, batch: Batch, n: int, cap: int) -> int:
    """Notes which places lie in a cell that holds enough, or are over the cap; gives how many."""
    _, _, common, _, _, one, other, keep = batch
    for k in range(n):
        both = (words[one[k] >> S6] >> (one[k] & S63)) | (words[other[k] >> S6] >> (other[k] & S63))
        keep[k] = both & ONE
    total = 0
    for k in range(n):
        keep[k] |= common[k] > cap
        total += keep[k]
    return total


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


@njit(inline="always")
def _document(g: int, bounds: I64, block: U32, block_shift: int) -> int:
    """The document in which a symbol stands."""
    d = np.int64(block[g >> block_shift])
    while bounds[d + 1] <= g:
        d += 1
    return d


@njit(cache=True, nogil=True)
def _star(
    key: U64, bounds: I64, block: U32, block_shift: int, rank: U32, age: U32, series: U32, left: U64,
    right: U64,
) -> int:  # fmt: skip
    """Of an n-gram too common to be paired with all its equals each document once, with the earliest."""
    size = len(key)
    doc, at = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    for t in range(size):
        g = np.int64(key[t] & LOW32)
        doc[t] = _document(g, bounds, block, block_shift)
        at[t] = g - bounds[doc[t]]
    first = _earliest(doc, at, age, series, size, np.int64(-1))
    others = np.int64(series[doc[first]])
    second = _earliest(doc, at, age, series, size, others)
    count = 0
    for t in range(size if second >= 0 else 0):
        if t > 0 and doc[t] == doc[t - 1]:
            continue
        o = first if series[doc[t]] != others else second
        if age[doc[t]] < age[doc[o]]:
            continue
        left[count] = (np.uint64(rank[doc[o]]) << S32) | np.uint64(at[o])
        right[count] = (np.uint64(rank[doc[t]]) << S32) | np.uint64(at[t])
        count += 1
    return count


@njit(cache=True, nogil=True)
def _couples(
    who: U64, sets: U32, context: U32, first: int, size: int, sampled: bool, left: U64, right: U64, count: int
) -> int:  # fmt: skip
    """Of an n-gram each two records, but inside of runs every eighth n-gram only; without a branch."""
    for x in range(size - 1):
        one = who[x]
        its = sets[x]
        beside = context[first + x]
        for y in range(x + 1, size):
            left[count] = one
            right[count] = who[y]
            count += (its != sets[y]) & (sampled | (not _inside(beside, context[first + y])))
    return count


@njit(cache=True, nogil=True)
def _fill(
    key: U64, context: U32, begin: int, cap: int, bounds: I64, block: U32, block_shift: int, rank: U32,
    age: U32, series: U32, batch: Batch,
) -> tuple[int, int]:  # fmt: skip
    """Pairs of records, as many n-grams as fit the batch.

    :returns: the record to go on with, and how many there are; less than 0 where the batch must be larger.
    """
    left, right, common, _, _, _, _, _ = batch
    who, sets = np.empty(MOST, dtype=np.uint64), np.empty(MOST, dtype=np.uint32)
    n = len(key)
    count = 0
    i = begin
    while i < n and count < BATCH:
        tag = key[i] >> S32
        j = i + 1
        while j < n and key[j] >> S32 == tag:
            j += 1
        size = j - i
        est = np.int64(context[i] & np.uint32(0xFF))
        if size == 1:
            made = 0
        elif size <= cap and est <= cap:
            for t in range(size):
                g = np.int64(key[i + t] & LOW32)
                d = _document(g, bounds, block, block_shift)
                who[t] = (np.uint64(rank[d]) << S32) | np.uint64(g - bounds[d])
                sets[t] = series[d]
            sampled = (tag >> np.uint64(4)) & np.uint64(7) == 0
            made = _couples(who, sets, context, i, size, sampled, left, right, count) - count
        else:
            if count + size > len(left):
                return i, count if count else -size
            est = max(est, cap + 1)
            made = _star(
                key[i:j], bounds, block, block_shift, rank, age, series, left[count:], right[count:]
            )  # fmt: skip
        for k in range(count, count + made):
            common[k] = est
        count += made
        i = j
    return i, count


@njit(inline="always")
def _batch(size: int) -> Batch:
    left, right = np.empty(size, dtype=np.uint64), np.empty(size, dtype=np.uint64)
    pair, place = np.empty(size, dtype=np.uint64), np.empty(size, dtype=np.uint64)
    one, other = np.empty(size, dtype=np.uint64), np.empty(size, dtype=np.uint64)
    common, keep = np.empty(size, dtype=np.uint8), np.empty(size, dtype=np.uint8)
    return left, right, common, pair, place, one, other, keep


@njit(cache=True, nogil=True)
def weigh(
    key: U64, context: U32, ends: I64, first: int, step: int, cap: int, bounds: I64, block: U32,
    block_shift: int, rank: U32, age: U32, series: U32, weights: U8, table: U8, table_bits: int,
) -> None:  # fmt: skip
    """See :func:`luoshi.kernels.pairs_py.weigh`."""
    batch = _batch(BATCH + cap * cap)
    bits = max(0, table_bits - STRETCH)
    heaps = np.empty((1 << bits if bits else 0, HEAP >> max(0, bits - 6)), dtype=np.uint32)
    filled = np.zeros(len(heaps), dtype=np.int64)
    for b in range(first, len(ends) - 1, step):
        some, sides = key[ends[b] : ends[b + 1]], context[ends[b] : ends[b + 1]]
        i = 0
        while i < len(some):
            i, n = _fill(some, sides, i, cap, bounds, block, block_shift, rank, age, series, batch)
            if n < 0:
                batch = _batch(-2 * n)
                continue
            _cells(batch, n, table_bits)
            if bits:
                _heap_up(table, heaps, filled, batch, weights, n)
            else:
                _gather(table, batch, weights, n)
    for p in range(len(heaps)):
        _settle(table, heaps[p], p << STRETCH, filled[p])


@njit(cache=True, nogil=True)
def give(
    key: U64, context: U32, cap: int, bounds: I64, block: U32, block_shift: int, rank: U32, age: U32,
    series: U32, words: U64, table_bits: int, begin: int, out_pair: U64, out_place: U64, out_common: U8,
) -> tuple[int, int]:  # fmt: skip
    """See :func:`luoshi.kernels.pairs_py.give`."""
    batch = _batch(BATCH + cap * cap)
    emitted = 0
    i = begin
    while i < len(key):
        j, n = _fill(key, context, i, cap, bounds, block, block_shift, rank, age, series, batch)
        if n < 0:
            batch = _batch(-2 * n)
            continue
        _cells(batch, n, table_bits)
        # one more, since all are written and those that are not kept written over
        if emitted + _sift(words, batch, n, cap) + 1 > len(out_pair):
            break
        _, _, common, pair, place, _, _, keep = batch
        for k in range(n):
            out_pair[emitted] = pair[k]
            out_place[emitted] = place[k]
            out_common[emitted] = common[k]
            emitted += keep[k]
        i = j
    return i, emitted


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
