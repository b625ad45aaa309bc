"""Characters to symbols, symbols to hashed n-grams, and how often each n-gram stands in the corpus."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

DROP, SINGLE, LETTER, CLAUSE, SENTENCE, OPENING, CLOSING = 0, 1, 2, 3, 4, 5, 6
WORD = np.uint32(0x80000000)
FOLDED = np.uint32(0x0FFFFFFF)
LONGEST_WORD = 63
RUN = 512
"""N-grams hashed at a time: they fit the processor's first cache."""
BASE = np.uint64(0x9E3779B97F4A7C15)
MIX = np.uint64(0xFF51AFD7ED558CCD)
ZERO64 = np.uint64(0)
ONE64 = np.uint64(1)
S32 = np.uint64(32)
S29 = np.uint64(29)


@njit(cache=True, nogil=True)
def symbols(
    codes: U32, bounds: I64, table: U32, out: U32, start: U32, width: U8, mark: U8, out_bounds: I64
) -> int:
    """See :func:`luoshi.kernels.symbols_py.symbols`."""
    n = 0
    size = np.uint32(len(table))
    for d in range(len(bounds) - 1):
        out_bounds[d] = n
        first = bounds[d]
        border = 2
        head = 0
        tail = 0
        behind = False
        i = first
        last = bounds[d + 1]
        while i < last:
            c = codes[i]
            entry = table[c] if c < size else np.uint32(0)
            kind = entry >> np.uint32(28)
            if kind in (SINGLE, LETTER):
                if behind:
                    mark[n - 1] |= np.uint8(tail << 2)
                j = i + 1
                if kind == SINGLE:
                    out[n] = entry & FOLDED
                else:
                    h = np.uint32((np.uint32(2166136261) ^ (entry & FOLDED)) * np.uint32(16777619))
                    while j < last and j - i < LONGEST_WORD:
                        c = codes[j]
                        entry = table[c] if c < size else np.uint32(0)
                        if entry >> np.uint32(28) != LETTER:
                            break
                        h = np.uint32((h ^ (entry & FOLDED)) * np.uint32(16777619))
                        j += 1
                    h = np.uint32((h ^ (h >> np.uint32(15))) * np.uint32(0x85EBCA6B))
                    out[n] = h ^ (h >> np.uint32(13)) | WORD
                start[n] = i - first
                width[n] = j - i
                mark[n] = np.uint8(border | (head << 5))
                n += 1
                border = head = tail = 0
                behind = True
                i = j
                continue
            if kind == CLAUSE:
                border = max(border, 1)
            elif kind == SENTENCE:
                border = 2
            if kind == OPENING:
                head = min(head + 1, 3)
            else:
                head = 0
                if behind and kind != DROP and tail == i - start[n - 1] - first - width[n - 1] and tail < 7:
                    tail += 1
            i += 1
        if behind:
            mark[n - 1] |= np.uint8(tail << 2)
    out_bounds[len(bounds) - 1] = n
    return n


@njit(inline="always")
def _mixed(h: int) -> int:
    x = h ^ (h >> S32)
    x *= MIX
    x ^= x >> S29
    x *= BASE
    x ^= x >> S32
    return x | ONE64


@njit(cache=True, nogil=True)
def _even(sym: U32, first: int, n: int, size: int, out: U64) -> None:
    """Hashes of ``n`` n-grams of ``size`` symbols, in loops that are done several turns at once."""
    some = sym[first : first + n]
    for t in range(n):
        out[t] = np.uint64(some[t]) + ONE64
    for k in range(1, size):
        some = sym[first + k : first + k + n]
        for t in range(n):
            out[t] = out[t] * BASE + (np.uint64(some[t]) + ONE64)
    for t in range(n):
        out[t] = _mixed(out[t])


@njit(cache=True, nogil=True)
def _uneven(sym: U32, i: int, stop: int, end: int, need: int, power: U64, out: U64, at: int) -> int:
    """Hashes from a symbol on as long as there is a word in the n-gram; gives the symbol to go on with."""
    j = i
    weight = 0
    word = i
    h = ZERO64
    while i < stop and word >= i:
        while weight < need and j < end:
            s = sym[j]
            h = h * BASE + np.uint64(s) + ONE64
            if s >= WORD:
                word = j
            weight += 3 if s >= WORD else 2
            j += 1
        if weight < need:
            while i < stop:
                out[at] = ZERO64
                at += 1
                i += 1
            break
        out[at] = _mixed(h)
        s = sym[i]
        h -= (np.uint64(s) + ONE64) * power[j - i - 1]
        weight -= 3 if s >= WORD else 2
        at += 1
        i += 1
    return i


@njit(cache=True, nogil=True)
def grams(sym: U32, bounds: I64, first: int, last: int, need: int, out: U64) -> None:
    """See :func:`luoshi.kernels.symbols_py.grams`."""
    power = np.empty(need + 1, dtype=np.uint64)
    power[0] = ONE64
    for p in range(need):
        power[p + 1] = power[p] * BASE
    size = (need + 1) // 2
    d = np.searchsorted(bounds, first, side="right") - 1
    i = first
    while i < last:
        while bounds[d + 1] <= i:
            d += 1
        end = bounds[d + 1]
        stop = min(end, last)
        # n-grams without a word are equally long
        word = i
        most = min(i + RUN + size - 1, end)
        while word < most and sym[word] < WORD:
            word += 1
        n = min(word - size + 1, stop) - i
        if n > 0:
            _even(sym, i, n, size, out[i - first : i - first + n])
            i += n
        else:
            i = _uneven(sym, i, stop, end, need, power, out, i - first)


@njit(cache=True, nogil=True)
def count(hashes: U64, table: U8, shift: int, low: int) -> None:
    """See :func:`luoshi.kernels.symbols_py.count`."""
    s = np.uint64(shift)
    first = np.uint64(low)
    size = np.uint64(len(table))
    for i in range(len(hashes)):
        h = hashes[i]
        slot = (h >> s) - first
        if h != ZERO64 and slot < size:
            c = table[slot]
            table[slot] = c + np.uint8(c != 255)


@njit(cache=True, nogil=True)
def add_up(table: U8, other: U8) -> None:
    """See :func:`luoshi.kernels.symbols_py.add_up`."""
    for i in range(len(table)):
        table[i] = min(np.uint16(255), np.uint16(table[i]) + np.uint16(other[i]))


@njit(cache=True, nogil=True)
def look_up(hashes: U64, table: U8, shift: int, low: int, out: U8) -> None:
    """See :func:`luoshi.kernels.symbols_py.look_up`."""
    s = np.uint64(shift)
    first = np.uint64(low)
    size = np.uint64(len(table))
    for i in range(len(hashes)):
        h = hashes[i]
        slot = (h >> s) - first
        if h == ZERO64:
            out[i] = 0
        elif slot < size:
            out[i] = table[slot]


@njit(cache=True, nogil=True)
def digests(sym: U32, bounds: I64, out: U64) -> None:
    """See :func:`luoshi.kernels.symbols_py.digests`."""
    for d in range(len(bounds) - 1):
        h = np.uint64(bounds[d + 1] - bounds[d])
        for i in range(bounds[d], bounds[d + 1]):
            h = (h ^ np.uint64(sym[i])) * BASE
            h ^= h >> S29
        out[d] = h
