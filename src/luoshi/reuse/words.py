"""What documents are about, as pairs of neighbouring symbols, and how alike that makes two of them.

The cosine of weighed n-grams (tf-idf), with n = 2: for documents that share a subject and no sentence. Pairs
of symbols are told apart by 16 bits of a hash, so that frequencies are a table of fixed size. In a large
corpus one in three is looked at, the same ones everywhere. Weights are whole numbers: their sums are the same
in any order, on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels import words_numba as kernels
from luoshi.reuse.corpus import Symbols

U16 = NDArray[np.uint16]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

TERMS = kernels.TERMS
LARGE = 30_000_000
"""Symbols of a corpus beyond which only one term in three is looked at, so that it costs little time."""
MOST = 1 << 15
"""A pair that stands more often in a document counts like this."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The terms of documents.

    :param first: ``int64[documents + 1]``, where each begins in ``terms`` and ``weight``.
    :param square: ``int64[documents]``, sums of the squares of the weights.
    """

    first: I64
    terms: U16
    weight: U16
    square: I64


def every(symbols: int) -> int:
    """One term in so many is looked at in a corpus of so many symbols."""
    return 3 if symbols > LARGE else 1


def standing(columns: Symbols, step: int) -> tuple[I64, I64]:
    """In how many documents each term stands (these add up), and how many terms each document has.

    :param step: of :func:`every`.
    """
    times = np.zeros(TERMS, dtype=np.int64)
    distinct = np.zeros(len(columns.bounds) - 1, dtype=np.int64)
    kernels.standing(columns.sym, columns.bounds, step, times, distinct)
    return times, distinct


def words(columns: Symbols, times: I64 | None = None, documents: int = 0, step: int = 0) -> Words:
    """The terms of documents, weighed by how rare they are and how often they stand.

    :param times: in how many documents each term stands, of ``documents``; by default these are all.
    :param step: of :func:`every`; by default that of these documents.
    """
    step = step or every(len(columns.sym))
    here, distinct = standing(columns, step)
    if times is None:
        times, documents = here, len(distinct)
    first = np.zeros(len(distinct) + 1, dtype=np.int64)
    np.cumsum(distinct, out=first[1:])
    inverse = np.rint(16 * np.log2((documents + 1) / np.maximum(times, 1))).astype(np.uint16)
    often = np.zeros(MOST, dtype=np.uint16)
    often[1:] = np.rint(8 * (1 + np.log2(np.arange(1, MOST))))
    size = int(first[-1])
    out = Words(first, np.empty(size, np.uint16), np.empty(size, np.uint16), np.zeros_like(distinct))
    kernels.weights(
        columns.sym, columns.bounds, step, inverse, often, first, out.terms, out.weight, out.square
    )
    return out


def likeness(some: Words, of: I64, to: I64) -> F64:
    """How alike the documents ``of`` and ``to`` are: 1 the same terms as often, 0 none in common.

    :param of: equal ones next to each other, so that it does not take long.
    """
    out = np.zeros(len(of), dtype=np.int64)
    kernels.products(some.first, some.terms, some.weight, of, to, out)
    # The square of each is exact, so the root of their product is the same in either order.
    size = np.sqrt(some.square[of].astype(np.float64) * some.square[to].astype(np.float64))
    return np.asarray(out / np.maximum(size, 1.0), dtype=np.float64)
