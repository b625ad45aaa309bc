"""Plain twin of :mod:`luoshi.kernels.index_numba`, its oracle: same arguments, same results."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

ALL = 0xFFFFFFFFFFFFFFFF


def _tag(h: int, shift: int) -> int:
    """The 32 bits of a hash behind those that name the bucket."""
    return (h << (64 - shift) & ALL) >> 32


def spread(hashes: U64, shift: int, sizes: I64) -> None:
    """Adds to ``sizes`` how many n-grams fall into each bucket (the hash without its last ``shift`` bits)."""
    for h in hashes.tolist():
        if h:
            sizes[h >> shift] += 1


def post(hashes: U64, first: int, shift: int, low: int, high: int, places: I64, key: U64) -> None:
    """Writes entries of the buckets ``low`` to ``high``.

    :param hashes: of the symbols from ``first`` on.
    :param places: where the next entry of each of these buckets goes.
    :param key: gets the 32 bits behind the bucket's, then the place.
    """
    for i, h in enumerate(hashes.tolist()):
        if h and low <= h >> shift < high:
            at = int(places[(h >> shift) - low])
            places[(h >> shift) - low] += 1
            key[at] = _tag(h, shift) << 32 | first + i


def tidy(key: U64, begins: I64) -> None:
    """Sorts the entries of each bucket, in place."""
    for b in range(len(begins) - 1):
        part = slice(int(begins[b]), int(begins[b + 1]))
        key[part] = np.sort(key[part])


def _places(h: int, key: U64, begins: U32, shift: int) -> list[int]:
    b = h >> shift
    some = key[int(begins[b]) : int(begins[b + 1])].tolist()
    return [k & 0xFFFFFFFF for k in some if k >> 32 == _tag(h, shift)]


def times(hashes: U64, key: U64, begins: U32, shift: int, state: U8) -> None:
    """Adds to ``state`` how often each n-gram stands in the index; 255 is 255 or more."""
    for i, h in enumerate(hashes.tolist()):
        if h:
            state[i] = min(255, int(state[i]) + len(_places(h, key, begins, shift)))


def found_in(
    hashes: U64, state: U8, own: U32, own_bounds: I64, own_series: U32, need: int, cap: int,
    key: U64, begins: U32, shift: int, sym: U32, bounds: I64, page: U32, page_bits: int, age: U32,
    series: U32, begin: int, out_pair: U64, out_place: U64, out_common: U8,
) -> tuple[int, int]:  # fmt: skip
    """Places that new documents share with those of an index.

    As in :func:`luoshi.kernels.pairs_py.pairs`: all places of an n-gram under the cap, but of a stretch over
    which the equals go on only its ends and every eighth; of another the first in the earliest document.

    :param hashes: of all symbols ``own`` of the new documents, with ``state``.
    :param own_series: of the new documents; 0 is none; documents of one series are not compared.
    :param need: weight of an n-gram.
    :param page: the document of the index at every ``2**page_bits``-th symbol.
    :param begin: symbol to begin with.
    :returns: the symbol to go on with, and how many places were written: ordinal in the index << 32 | ordinal
        among the new, symbols from the beginnings the same way, and how often the n-gram stands.
    """

    def gram(s: U32, at: int, end: int) -> list[int] | None:
        weight, stop = 0, at
        while weight < need and stop < end:
            weight += 3 if s[stop] >= 0x80000000 else 2
            stop += 1
        return s[at:stop].tolist() if weight >= need else None

    made = 0
    for i in range(begin, len(hashes)):
        if not state[i]:
            continue
        q = int(np.searchsorted(own_bounds, i, side="right")) - 1
        first, last = int(own_bounds[q]), int(own_bounds[q + 1])
        h = int(hashes[i])
        places = _places(h, key, begins, shift)
        if made + len(places) > len(out_pair):
            return i, made
        before = i > first and 0 < state[i - 1] <= cap
        after = i + 1 < last and 0 < state[i + 1] <= cap
        found = []
        for g in places:
            d = int(np.searchsorted(bounds, g, side="right")) - 1
            if series[d] == 0 or series[d] != own_series[q]:
                found.append((d, g))
        if state[i] > cap:
            found = sorted(found, key=lambda x: (int(age[x[0]]), x[1]))[:1]
        elif _tag(h, shift) >> 4 & 7 != 0 and before and after:
            found = [
                (d, g)
                for d, g in found
                if g == bounds[d]
                or sym[g - 1] != own[i - 1]
                or gram(own, i + 1, last) is None
                or gram(own, i + 1, last) != gram(sym, g + 1, int(bounds[d + 1]))
            ]
        for d, g in found:
            out_pair[made] = d << 32 | q
            out_place[made] = (g - int(bounds[d])) << 32 | (i - first)
            out_common[made] = state[i]
            made += 1
    return len(hashes), made
