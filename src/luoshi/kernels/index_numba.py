"""An index of n-grams: places by hash, and what a new text finds there."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

S32 = np.uint64(32)
LOW32 = np.uint64(0xFFFFFFFF)
ZERO64 = np.uint64(0)
WORD = np.uint32(0x80000000)
SAMPLED = np.uint64(7)


@njit(cache=True, nogil=True)
def spread(hashes: U64, shift: int, sizes: I64) -> None:
    """See :func:`luoshi.kernels.index_py.spread`."""
    s = np.uint64(shift)
    for i in range(len(hashes)):
        if hashes[i] != ZERO64:
            sizes[hashes[i] >> s] += 1


@njit(cache=True, nogil=True)
def post(hashes: U64, first: int, shift: int, low: int, high: int, places: I64, key: U64) -> None:
    """See :func:`luoshi.kernels.index_py.post`."""
    s = np.uint64(shift)
    left = np.uint64(64 - shift)
    lo = np.uint64(low)
    width = np.uint64(high - low)
    for i in range(len(hashes)):
        h = hashes[i]
        slot = (h >> s) - lo
        if h == ZERO64 or slot >= width:
            continue
        at = places[slot]
        places[slot] = at + 1
        key[at] = (((h << left) >> S32) << S32) | np.uint64(first + i)


@njit(cache=True, nogil=True)
def tidy(key: U64, begins: I64) -> None:
    """See :func:`luoshi.kernels.index_py.tidy`."""
    for b in range(len(begins) - 1):
        first, last = begins[b], begins[b + 1]
        if last - first > 48:
            key[first:last] = np.sort(key[first:last])
            continue
        for i in range(first + 1, last):
            k = key[i]
            j = i
            while j > first and key[j - 1] > k:
                key[j] = key[j - 1]
                j -= 1
            key[j] = k


@njit(cache=True, nogil=True)
def _range(h: int, key: U64, begins: U32, shift: int) -> tuple[int, int]:
    """First and last entry of an n-gram."""
    b = np.int64(h >> np.uint64(shift))
    tag = (h << np.uint64(64 - shift)) >> S32
    low, high = np.int64(begins[b]), np.int64(begins[b + 1])
    end = high
    while low < high:
        middle = (low + high) >> 1
        if key[middle] >> S32 < tag:
            low = middle + 1
        else:
            high = middle
    high = low
    while high < end and key[high] >> S32 == tag:
        high += 1
    return low, high


@njit(cache=True, nogil=True)
def times(hashes: U64, key: U64, begins: U32, shift: int, state: U8) -> None:
    """See :func:`luoshi.kernels.index_py.times`."""
    for i in range(len(hashes)):
        if hashes[i] != ZERO64:
            first, last = _range(hashes[i], key, begins, shift)
            state[i] = min(255, np.int64(state[i]) + last - first)


@njit(cache=True, nogil=True)
def _goes_on(sym: U32, p: int, end: int, own: U32, i: int, own_end: int, need: int) -> bool:
    """Whether the n-grams behind two places are equal too, where those at them are."""
    weight = 0
    t = 1
    while weight < need:
        if p + t >= end or i + t >= own_end or sym[p + t] != own[i + t]:
            return False
        weight += 3 if own[i + t] >= WORD else 2
        t += 1
    return True


@njit(cache=True, nogil=True)
def found_in(
    hashes: U64, state: U8, own: U32, own_bounds: I64, own_series: U32, need: int, cap: int,
    key: U64, begins: U32, shift: int, sym: U32, bounds: I64, page: U32, page_bits: int, age: U32,
    series: U32, begin: int, out_pair: U64, out_place: U64, out_common: U8,
) -> tuple[int, int]:  # fmt: skip
    """See :func:`luoshi.kernels.index_py.found_in`."""
    room = len(out_pair)
    made = 0
    q = np.searchsorted(own_bounds, begin, side="right") - 1
    for i in range(begin, len(hashes)):
        if state[i] == 0:
            continue
        while own_bounds[q + 1] <= i:
            q += 1
        first, last = _range(hashes[i], key, begins, shift)
        if made + last - first > room:
            return i, made
        h = hashes[i]
        sampled = (((h << np.uint64(64 - shift)) >> S32) >> np.uint64(4)) & SAMPLED == ZERO64
        begins_doc = i == own_bounds[q]
        ends_doc = i + 1 == own_bounds[q + 1]
        before = not begins_doc and 0 < state[i - 1] <= cap
        after = not ends_doc and 0 < state[i + 1] <= cap
        best = np.int64(-1)
        best_age = np.uint32(0)
        for e in range(first, last):
            g = np.int64(key[e] & LOW32)
            d = np.int64(page[g >> page_bits])
            while bounds[d + 1] <= g:
                d += 1
            if series[d] != 0 and series[d] == own_series[q]:
                continue
            if state[i] > cap:
                if best < 0 or age[d] < best_age:
                    best, best_age = g, age[d]
                    best_d = d
                continue
            inside = before and after and g > bounds[d] and sym[g - 1] == own[i - 1]
            if inside and not sampled and _goes_on(sym, g, bounds[d + 1], own, i, own_bounds[q + 1], need):
                continue
            out_pair[made] = (np.uint64(d) << S32) | np.uint64(q)
            out_place[made] = (np.uint64(g - bounds[d]) << S32) | np.uint64(i - own_bounds[q])
            out_common[made] = state[i]
            made += 1
        if best >= 0 and made < room:
            out_pair[made] = (np.uint64(best_d) << S32) | np.uint64(q)
            out_place[made] = (np.uint64(best - bounds[best_d]) << S32) | np.uint64(i - own_bounds[q])
            out_common[made] = state[i]
            made += 1
    return len(hashes), made
