"""Plain twin of :mod:`luoshi.kernels.words_numba`, its oracle: same arguments, same results."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]

TERMS = 1 << 16
FIRST, SECOND = 0x9E3779B1, 0x85EBCA77


def term(one: int, other: int) -> int:
    """The number of two symbols that follow each other, below :data:`TERMS`; several pairs share one."""
    h = (one * FIRST + other) & 0xFFFFFFFF
    h = ((h ^ (h >> 15)) * SECOND) & 0xFFFFFFFF
    return h >> 16


def terms_of(sym: U32, first: int, last: int, every: int) -> list[int]:
    """The terms of a stretch that are looked at, in their order."""
    some = (term(int(sym[i]), int(sym[i + 1])) for i in range(first, last - 1))
    return [t for t in some if t % every == 0]


def standing(sym: U32, bounds: I64, every: int, times: I64, distinct: I64) -> None:
    """Adds to ``times`` in how many documents each term stands.

    :param bounds: where each document begins in the symbols, and the end of the last.
    :param every: terms that are no multiple of it are left out.
    :param times: ``int64[TERMS]``.
    :param distinct: takes how many terms each document has.
    """
    for d in range(len(bounds) - 1):
        some = set(terms_of(sym, int(bounds[d]), int(bounds[d + 1]), every))
        distinct[d] = len(some)
        for t in some:
            times[t] += 1


def weights(
    sym: U32, bounds: I64, every: int, inverse: U16, often: U16, first: I64, terms: U16, weight: U16,
    square: I64,
) -> None:  # fmt: skip
    """The terms of each document, in the order in which they first stand in it, with their weights.

    :param inverse: ``uint16[TERMS]``, what a term is worth by itself.
    :param often: what a term is worth that stands so often in the document; beyond the last like the last.
    :param first: where the terms of each document begin in ``terms`` and ``weight``.
    :param square: takes the sum of the squares of the weights of each document.
    """
    for d in range(len(bounds) - 1):
        count: dict[int, int] = {}
        for t in terms_of(sym, int(bounds[d]), int(bounds[d + 1]), every):
            count[t] = count.get(t, 0) + 1
        square[d] = 0
        for k, (t, c) in enumerate(count.items(), int(first[d])):
            w = int(inverse[t]) * int(often[min(c, len(often) - 1)])
            terms[k], weight[k] = t, w
            square[d] += w * w


def products(first: I64, terms: U16, weight: U16, of: I64, to: I64, out: I64) -> None:
    """For pairs of documents the sum over their terms of the product of the weights.

    :param first: ``int64[documents + 1]``.
    :param of: equal ones next to each other.
    """
    for k in range(len(of)):
        a = {int(terms[i]): int(weight[i]) for i in range(first[of[k]], first[of[k] + 1])}
        out[k] = sum(a.get(int(terms[i]), 0) * int(weight[i]) for i in range(first[to[k]], first[to[k] + 1]))
