"""Sentences of two documents that a shared passage joins, found by the kernels of text reuse.

The upper document's n-grams are an index (:mod:`luoshi.kernels.index_numba`) which the lower one's ask;
places in company become passages as in a corpus (:mod:`luoshi.kernels.passages_numba`). Rarity is no matter
here: which passages are stock phrases the judge of the pairs tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels import reuse as kernels

Index = NDArray[np.int32]
Array = NDArray[np.int32]
I64 = NDArray[np.int64]

NEED = 12
"""Weight of a seed, two a character: six characters."""
CAP = 32
"""A seed that stands more often leads only to its first place."""
WEIGHT, ENOUGH = 56, 112
"""Evidence of a seed, and of a passage: two seeds near each other."""
LEAST = 20
"""Weight of a passage from which on one seed is enough: ten characters."""
NEAR = 1
"""Upper sentences before and behind the one at the same place of a passage."""


@dataclass(frozen=True, slots=True, eq=False)
class Grams:
    """The n-grams of a document, to be asked.

    :param sym: ``uint32[n]``, its characters, ``mark`` 2 at the first of each sentence.
    :param key: entries by bucket of ``begins``, see :func:`luoshi.kernels.index_py.post`.
    """

    sym: NDArray[np.uint32]
    mark: NDArray[np.uint8]
    hashes: NDArray[np.uint64]
    key: NDArray[np.uint64]
    begins: NDArray[np.uint32]
    shift: int


def grams(key: Array, of_sentence: Array) -> Grams:
    """The n-grams of a document's characters; ``of_sentence`` rises."""
    sym = np.ascontiguousarray(key).view(np.uint32)
    n = len(sym)
    mark = np.zeros(n, dtype=np.uint8)
    mark[np.flatnonzero(np.diff(of_sentence, prepend=-1))] = 2
    hashes = np.zeros(n, dtype=np.uint64)
    kernels.grams(sym, np.array([0, n]), 0, n, NEED, hashes)
    power = max(4, (n // 8).bit_length())
    sizes = np.zeros(1 << power, dtype=np.int64)
    kernels.spread(hashes, 64 - power, sizes)
    begins = np.r_[np.int64(0), np.cumsum(sizes)]
    entries = np.empty(int(begins[-1]), dtype=np.uint64)
    kernels.post(hashes, 0, 64 - power, 0, 1 << power, begins[:-1].copy(), entries)
    kernels.tidy(entries, begins)
    return Grams(sym, mark, hashes, entries, begins.astype(np.uint32), 64 - power)


def passages(lower: Grams, upper: Grams) -> I64:
    """``int64[n, 4]``: first and last character (exclusive) of each shared passage above, and below."""
    if not len(lower.sym) or not len(upper.sym):
        return np.zeros((0, 4), dtype=np.int64)
    state = (lower.hashes != 0).astype(np.uint8)
    kernels.times(lower.hashes, upper.key, upper.begins, upper.shift, state)
    kernels.choose(lower.hashes, lower.mark, CAP, False, state)
    nobody = np.zeros(1, dtype=np.uint32)
    below, above = np.array([0, len(lower.sym)]), np.array([0, len(upper.sym)])
    page = np.zeros((len(upper.sym) >> 7) + 1, dtype=np.uint32)
    # a seed's places, at most CAP of each, or one; and as much as the commonest asks to have left
    room = int(state[state <= CAP].sum()) + int((state > CAP).sum()) + len(upper.sym)
    pair, place = np.empty(room, dtype=np.uint64), np.empty(room, dtype=np.uint64)
    common = np.empty(room, dtype=np.uint8)
    _, made = kernels.found_in(
        lower.hashes, state, lower.sym, below, nobody, NEED, CAP, upper.key, upper.begins, upper.shift,
        upper.sym, above, page, 7, nobody, nobody, 0, pair, place, common,
    )  # fmt: skip
    evidence, rarity = np.full(256, WEIGHT, dtype=np.uint8), np.zeros(256, dtype=np.uint8)
    only = np.zeros(1, dtype=np.int64)
    sides = (only, upper.sym, upper.mark, above), (only, lower.sym, lower.mark, below)
    rows = 256
    while True:
        found = np.empty((rows, kernels.FIELDS), dtype=np.int64)
        begin, count = kernels.passages(
            pair[:made], place[:made], common[:made], *sides, evidence, rarity, NEED, CAP, ENOUGH, LEAST, 0,
            found,
        )  # fmt: skip
        if begin == made:
            return found[:count, 2:6].copy()
        rows *= 4


def joined(found: I64, lower_of: Array, upper_of: Array) -> tuple[Index, Index]:
    """Ordinals of the sentences below and above that passages join: those at one place of it, and the next.

    :param lower_of: the sentence of each character.
    """
    rows: list[Index] = []
    columns: list[Index] = []
    for a0, a1, b0, b1 in found.tolist():
        sentence, first = np.unique(lower_of[b0:b1], return_index=True)
        middle = (first + np.r_[first[1:], b1 - b0]) // 2
        above = upper_of[np.minimum(a0 + middle * (a1 - a0) // (b1 - b0), a1 - 1)]
        low, high = int(upper_of[a0]), int(upper_of[a1 - 1])
        for step in range(-NEAR, NEAR + 1):
            rows.append(sentence.astype(np.int32))
            columns.append(np.clip(above + step, low, high).astype(np.int32))
    if not rows:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    return np.concatenate(rows), np.concatenate(columns)
