"""Which uppers a document rests on most.

Who shares passages with it, and whom it reaches over a third: a regulation whose sisters all draw on one law
rests on that law, though it may share no passage with it. Among these uppers the one is nearer that is about
the same (:mod:`luoshi.reuse.words`), and, of two that are equally so, the one on which more others lean: the
law rather than its implementing rules. How much a document leans on an upper is that upper's share in all the
passages that it has in common with others (as links are weighed where pages are ranked by them).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels.near_numba import near

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

NEIGHBOURS = 32
"""So many documents, those with the most weight, each of the two steps to an upper over a third goes to."""
EASE = 100.0
"""Characters added to the weight of all neighbours: who shares little with anybody leans on nobody."""
REACHED = 32
"""So many uppers of each level that share no passage are looked at, those most strongly reached."""
KEPT = 8
"""So many of them of each level are told."""
WHOLE = 1 << 20
"""What a document leans on an upper is told in parts of a million, so that sums are the same in any order."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """Pairs of an upper and a lower, numbered by age: those that were given, in their order, then the others.

    :param likeness: see :func:`luoshi.reuse.words.likeness`.
    :param rank: place of the upper among those of its lower, from 1.
    """

    upper: I64
    lower: I64
    likeness: F64
    rank: I64


def shares_out(of: I64, weight: F64, documents: int) -> F64:
    """The share of each neighbour in all that a document has in common with others.

    :param weight: of its neighbours, greatest first, so that sums are the same wherever they are made.
    """
    out: F64 = weight / (np.bincount(of, weights=weight, minlength=documents) + EASE)[of]
    return out


def parts(share: F64) -> I64:
    """Shares as whole numbers of parts of :data:`WHOLE`."""
    return np.rint(share * WHOLE).astype(np.int64)


def scores(alike: F64, leaning: I64) -> F64:
    """By what uppers are ordered.

    :param leaning: what all lower documents lean on the upper together, in parts of :data:`WHOLE`.
    """
    return np.asarray(alike * np.sqrt(1 + leaning / WHOLE), dtype=np.float64)


def ranked(
    upper: I64, lower: I64, weight: F64, standing: I64, series: I64, alike: Callable[[I64, I64], F64]
) -> Ranks:
    """Ranks the uppers of each document.

    :param upper: with ``lower`` the pairs that share passages; documents are numbered by age, so that the
        result does not depend on the order in which they were read.
    :param weight: of each pair, in characters times their rarity.
    :param standing: ``int64[documents]``, see :func:`luoshi.reuse.direction.rank_of`; 0 is unknown.
    :param series: ``int64[documents]``; those of one number do not rest on each other.
    :param alike: gives :func:`luoshi.reuse.words.likeness` of pairs; equal ones of the first come together.
    """
    documents = len(standing)
    one, other, both = np.r_[lower, upper], np.r_[upper, lower], np.r_[weight, weight]
    order = np.lexsort((other, -both, one))
    share = np.empty(len(one), dtype=np.float64)
    share[order] = shares_out(one[order], both[order], documents)
    leaning = np.zeros(documents, dtype=np.int64)
    np.add.at(leaning, upper, parts(share[: len(upper)]))
    of, to = _reached(one[order], other[order], share[order], standing, series)
    uppers, lowers = np.r_[upper, to], np.r_[lower, of]
    by = np.argsort(lowers, kind="stable")
    like = np.empty(len(by), dtype=np.float64)
    like[by] = alike(lowers[by], uppers[by])
    score = scores(like, leaning[uppers])
    new = slice(len(upper), None)
    place = _places(lowers[new] * 8 + standing[to], score[new], score[new], to)
    keep = np.r_[np.ones(len(upper), dtype=np.bool_), (place < KEPT) & (score[new] > 0)]
    every = np.r_[weight, np.zeros(len(of))][keep]
    rank = _places(lowers[keep], score[keep], every, uppers[keep]) + 1
    return Ranks(uppers[keep], lowers[keep], like[keep], rank)


def _reached(one: I64, other: I64, share: F64, standing: I64, series: I64) -> tuple[I64, I64]:
    """Documents and uppers that share no passage with them and are reached over a third.

    :param one: rising; with ``other`` all neighbours, those with the most weight first.
    """
    starts = np.arange(len(standing) + 1)
    strong = np.arange(len(one)) - np.searchsorted(one, one) < NEIGHBOURS
    return near(
        np.searchsorted(one[strong], starts), other[strong], share[strong], np.searchsorted(one, starts),
        other, standing, series, REACHED,
    )  # fmt: skip


def _places(group: I64, score: F64, weight: F64, upper: I64) -> I64:
    """Place of each upper in its group, from 0: by score, then weight, the earliest first among equals."""
    order = np.lexsort((upper, -weight, -score, group))
    out = np.empty(len(order), dtype=np.int64)
    out[order] = np.arange(len(order)) - np.searchsorted(group[order], group[order])
    return out
