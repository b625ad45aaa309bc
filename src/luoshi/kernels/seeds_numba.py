"""Which n-grams of a text are looked up in the others, their partition by hash, and the pairs of places."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

WINDOW = 48
FEW = 3
BATCH = 4096
MOST_BITS = 16
ZERO64 = np.uint64(0)
S32 = np.uint64(32)
LOW12 = np.uint32(0xFFF)
LOW32 = np.uint64(0xFFFFFFFF)


@njit(cache=True, nogil=True)
def choose(hashes: U64, mark: U8, cap: int, alone: bool, state: U8) -> int:
    """See :func:`luoshi.kernels.seeds_py.choose`."""
    n = len(hashes)
    begin = 0
    under = 0
    best = -1
    rarest = np.uint8(0)
    total = 0
    for i in range(n + 1):
        if i == n or (i > begin and (mark[i] & 3 == 2 or i - begin >= WINDOW)):
            if best >= 0 and under < FEW:
                state[best] = rarest
                total += 1
            begin = i
            under = 0
            best = -1
            if i == n:
                break
        s = state[i]
        keep = np.uint8((s >= 2) & (s <= cap))
        two = np.uint8(alone & (s == 0) & (hashes[i] != ZERO64))
        state[i] = s * keep | two
        under += keep | two
        total += keep
        if s <= cap or s < 2:
            continue
        if best < 0 or s < rarest or (s == rarest and hashes[i] < hashes[best]):
            best = i
            rarest = s
    return total


@njit(cache=True, nogil=True)
def tally(hashes: U64, state: U8, shift: int, sizes: I64) -> None:
    """See :func:`luoshi.kernels.seeds_py.tally`."""
    s = np.uint64(shift)
    for i in range(len(hashes)):
        sizes[hashes[i] >> s] += state[i] > 1


@njit(inline="always")
def _echo(h: int, s: int, cap: int) -> int:
    """Twelve bits that tell an n-gram from others; 0 where it is not paired with all its equals."""
    x = np.uint32(h >> np.uint64(3)) & LOW12
    return max(x, np.uint32(1)) * np.uint32((s != 0) & (s <= cap))


@njit(cache=True, nogil=True)
def scatter(
    hashes: U64, state: U8, origin: int, first: int, last: int, bounds: I64, cap: int, shift: int, low: int,
    high: int, places: I64, key: U64, context: U32,
) -> None:  # fmt: skip
    """See :func:`luoshi.kernels.seeds_py.scatter`."""
    s = np.uint64(shift)
    left = np.uint64(64 - shift)
    n = len(hashes)
    d = np.searchsorted(bounds, first, side="right") - 1
    lo = np.uint64(low)
    span = np.uint64(high) - lo
    some = np.empty(BATCH, dtype=np.int64)
    for begin in range(first - origin, last - origin, BATCH):
        # those that are looked up first, without a branch that nobody can foretell
        count = 0
        for i in range(begin, min(begin + BATCH, last - origin)):
            some[count] = i
            count += (state[i] > 1) & ((hashes[i] >> s) - lo < span)
        for t in range(count):
            i = some[t]
            g = i + origin
            h = hashes[i]
            while bounds[d + 1] <= g:
                d += 1
            prev = np.uint32(0)
            follow = np.uint32(0)
            if g > bounds[d] and i > 0:
                prev = _echo(hashes[i - 1], state[i - 1], cap)
            if g + 1 < bounds[d + 1] and i + 1 < n:
                follow = _echo(hashes[i + 1], state[i + 1], cap)
            slot = (h >> s) - lo
            at = places[slot]
            places[slot] = at + 1
            key[at] = (((h << left) >> S32) << S32) | np.uint64(g)
            context[at] = (prev << np.uint32(20)) | (follow << np.uint32(8)) | np.uint32(state[i])


@njit(cache=True, nogil=True)
def _sort(key: U64, context: U32, first: int, last: int, places: U32, key_out: U64, context_out: U32) -> None:
    """Sorts the records from ``first`` to ``last``: by leading bits, then few by comparing them."""
    n = last - first
    bits = 1
    while (1 << bits) < n and bits < MOST_BITS:
        bits += 1
    shift = np.uint64(64 - bits)
    places[: (1 << bits) + 1] = 0
    for i in range(first, last):
        places[(key[i] >> shift) + np.uint64(1)] += np.uint32(1)
    for b in range(1 << bits):
        places[b + 1] += places[b]
    for i in range(first, last):
        b = key[i] >> shift
        at = places[b]
        places[b] = at + np.uint32(1)
        key_out[at] = key[i]
        context_out[at] = context[i]
    begin = 0
    for b in range(1 << bits):
        end = np.int64(places[b])
        if end - begin > 32:
            by = np.argsort(key_out[begin:end])
            for t in range(end - begin):
                key[first + begin + t] = key_out[begin + by[t]]
                context[first + begin + t] = context_out[begin + by[t]]
        else:
            for t in range(begin, end):
                k = key_out[t]
                c = context_out[t]
                j = first + t
                while j > first + begin and key[j - 1] > k:
                    key[j] = key[j - 1]
                    context[j] = context[j - 1]
                    j -= 1
                key[j] = k
                context[j] = c
        begin = end


@njit(cache=True, nogil=True)
def order(key: U64, context: U32, ends: I64, first: int, step: int) -> None:
    """See :func:`luoshi.kernels.seeds_py.order`."""
    most = 0
    for b in range(first, len(ends) - 1, step):
        most = max(most, ends[b + 1] - ends[b])
    places = np.empty((1 << MOST_BITS) + 1, dtype=np.uint32)
    key_out, context_out = np.empty(most, dtype=np.uint64), np.empty(most, dtype=np.uint32)
    for b in range(first, len(ends) - 1, step):
        if ends[b + 1] - ends[b] > 1:
            _sort(key, context, ends[b], ends[b + 1], places, key_out, context_out)
