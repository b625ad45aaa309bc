"""Plain twin of :mod:`luoshi.kernels.seeds_numba`, its oracle: same arguments, same results."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

WINDOW = 48
"""Symbols of a sentence at most; a longer one is cut."""
FEW = 3
"""Seeds under the cap with which a sentence needs none over it."""


def choose(hashes: U64, mark: U8, cap: int, alone: bool, state: U8) -> int:
    """Which n-grams are looked up.

    All that stand 2 to ``cap`` times; and of a sentence with fewer than :data:`FEW` of them the rarest of the
    others, of equals the one with the least hash, then the first.

    :param mark: border before each symbol in its bits 0–1.
    :param alone: whether 0 is told of an n-gram of which the table says 2 and which has no equal all the
        same (:func:`luoshi.kernels.counts_py.tell`). It counts among those that are looked up, so that the
        choice does not depend on who counted, but becomes 1: no record is made of it.
    :param state: how often each n-gram stands; becomes 0 where it is not looked up.
    :returns: of how many records are made.
    """
    total = 0
    begin = 0
    for i in range(len(hashes) + 1):
        if i < len(hashes) and (i == begin or (mark[i] & 3 != 2 and i - begin < WINDOW)):
            continue
        places = range(begin, i)
        two = [t for t in places if alone and not state[t] and hashes[t]]
        under = [t for t in places if 2 <= state[t] <= cap]
        over = [t for t in places if state[t] > max(cap, 1)]
        best = min(over, key=lambda t: (int(state[t]), int(hashes[t]), t), default=-1)
        kept = {*under, best} if len(under) + len(two) < FEW and best >= 0 else set(under)
        for t in places:
            if t not in kept:
                state[t] = t in two
        total += len(kept)
        begin = i
    return total


def tally(hashes: U64, state: U8, shift: int, sizes: I64) -> None:
    """Adds to ``sizes`` how many n-grams that are looked up fall into each bucket (the leading bits)."""
    for h, s in zip(hashes.tolist(), state.tolist(), strict=True):
        if s > 1:
            sizes[h >> shift] += 1


def _echo(h: int, s: int, cap: int) -> int:
    """Twelve bits of an n-gram that is paired with all its equals; 0 of another."""
    return ((h >> 3) & 0xFFF or 1) if 0 < s <= cap else 0


def scatter(
    hashes: U64, state: U8, origin: int, first: int, last: int, bounds: I64, cap: int, shift: int, low: int,
    high: int, places: I64, key: U64, context: U32,
) -> None:  # fmt: skip
    """Writes records of n-grams to their buckets.

    :param hashes: of the symbols from ``origin`` on, with ``state``; one before ``first`` and one behind
        ``last``, where there are any, tell the neighbours.
    :param places: where the next record of each bucket from ``low`` to ``high`` goes.
    :param key: gets the 32 bits behind the bucket's, then the place; ``context`` twelve bits of the n-gram
        before and behind in the same text (0: none, or not paired in full), then how often it stands.
    """
    n = len(hashes)
    for g in range(first, last):
        i = g - origin
        h = int(hashes[i])
        bucket = h >> shift
        if state[i] < 2 or not low <= bucket < high:
            continue
        d = int(np.searchsorted(bounds, g, side="right")) - 1
        before = g > bounds[d] and i > 0
        behind = g + 1 < bounds[d + 1] and i + 1 < n
        prev = _echo(int(hashes[i - 1]), int(state[i - 1]), cap) if before else 0
        follow = _echo(int(hashes[i + 1]), int(state[i + 1]), cap) if behind else 0
        at = int(places[bucket - low])
        places[bucket - low] += 1
        key[at] = ((h << (64 - shift)) & 0xFFFFFFFFFFFFFFFF) >> 32 << 32 | g
        context[at] = prev << 20 | follow << 8 | int(state[i])


def order(key: U64, context: U32, ends: I64, first: int, step: int) -> None:
    """Sorts the records of every ``step``-th bucket from ``first`` on by key, in place.

    :param ends: where each bucket begins, and the end.
    """
    for b in range(first, len(ends) - 1, step):
        part = slice(ends[b], ends[b + 1])
        by = np.argsort(key[part], kind="stable")
        key[part], context[part] = key[part][by], context[part][by]
