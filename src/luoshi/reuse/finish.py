"""From found passages to the tables: places in the given texts, likeness, rarity, relation, direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels import reuse as kernels
from luoshi.reuse.corpus import Corpus, Symbols
from luoshi.reuse.direction import direction

I64 = NDArray[np.int64]
F32 = NDArray[np.float32]

STOCK = np.float32(0.4)
"""Rarity below which a passage is a stock phrase."""


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """Passages as columns; ``a`` stands earlier in the order of date, level and id.

    :param a: ``int64``, ordinal of the document in which it stands first; ``b`` of the other.
    :param a_start: code points in the given text, ``a_end`` exclusive; so for b.
    :param matches: equal characters.
    :param similarity: 2 × equal symbols over the symbols of both stretches.
    :param rarity: 1 where no other document has its seeds, towards 0 for what stands everywhere.
    :param relation: ``verbatim``, ``adapted`` or ``stock``.
    :param direction: ``down``, ``level``, ``up``, ``unknown``.
    """

    a: I64
    a_start: I64
    a_end: I64
    b: I64
    b_start: I64
    b_end: I64
    matches: I64
    similarity: F32
    rarity: F32
    relation: NDArray[np.object_]
    direction: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.a)


def places(s: Symbols, document: I64, first: I64, last: I64) -> tuple[I64, I64]:
    """Start and end in the text, in code points, of stretches of symbols.

    Marks that close right behind the stretch belong to it, and those that open right before it.
    """
    i = s.bounds[document] + first
    j = s.bounds[document] + last - 1
    start = s.start[i].astype(np.int64) - (s.mark[i] >> 5)
    end = s.start[j].astype(np.int64) + s.width[j] + ((s.mark[j] >> 2) & 7)
    return start, end


def finish(corpus: Corpus, found: I64, stock: F32 | None = None) -> Passages:
    """The columns of the table of passages, in the order of ``found`` (:func:`luoshi.reuse.steps.by_age`).

    :param stock: ``float32[symbols]``, how much of a stock phrase each symbol is from elsewhere, 0 to 1; for
        corpora too small to tell by themselves.
    """
    told = directions(corpus, found[:, 0], found[:, 1])
    return measured(found, corpus.symbols, corpus.symbols, told, stock)


def measured(
    found: I64, one: Symbols, other: Symbols, direction: NDArray[np.object_], stock: F32 | None = None
) -> Passages:
    """The columns of passages between documents of ``one`` and documents of ``other``.

    :param found: rows as of :func:`luoshi.reuse.steps.passages`, with the ordinals of the documents in
        ``one`` and in ``other``.
    :param stock: of the symbols of ``one``, see :func:`finish`.
    """
    a, b = found[:, 0], found[:, 1]
    a_start, a_end = places(one, a, found[:, 2], found[:, 3])
    b_start, b_end = places(other, b, found[:, 4], found[:, 5])
    size_a, size_b = found[:, 3] - found[:, 2], found[:, 5] - found[:, 4]
    matched = np.minimum(found[:, 6], np.minimum(size_a, size_b))
    similarity = (2 * matched / np.maximum(size_a + size_b, 1)).astype(np.float32)
    rarity = (found[:, 8] / np.maximum(255 * found[:, 9], 1)).astype(np.float32)
    if stock is not None and len(found):
        sums = np.r_[0, np.cumsum(stock, dtype=np.float64)]
        first = one.bounds[a] + found[:, 2]
        rarity *= 1 - ((sums[first + size_a] - sums[first]) / size_a).astype(np.float32)
    relation = np.full(len(found), "adapted", dtype=object)
    whole = np.flatnonzero((matched == size_a) & (matched == size_b))
    first_a, first_b = one.bounds[a[whole]] + found[whole, 2], other.bounds[b[whole]] + found[whole, 4]
    equal = kernels.equal(one.sym, first_a, other.sym, first_b, size_a[whole])
    relation[whole[equal == 1]] = "verbatim"
    relation[rarity < STOCK] = "stock"
    return Passages(
        a, a_start, a_end, b, b_start, b_end, _characters(one, a, found, matched), similarity.round(4),
        rarity.round(4), relation, direction,
    )  # fmt: skip


def _characters(s: Symbols, a: I64, found: I64, matched: I64) -> I64:
    """Equal characters: equal symbols times the mean width of the symbols of the stretch."""
    out = matched.copy()
    first = s.bounds[a] + found[:, 2]
    for k in np.flatnonzero(s.sym[first] >> 31) if len(found) else ():
        part = s.width[first[k] : s.bounds[a[k]] + found[k, 3]]
        out[k] = round(int(matched[k]) * float(part.mean()))
    return out


def directions(corpus: Corpus, a: I64, b: I64) -> NDArray[np.object_]:
    """Direction of each pair; each pair of documents is judged once."""
    code = a * len(corpus.about) + b
    pairs, inverse = np.unique(code, return_inverse=True)
    n = max(1, len(corpus.about))
    judged = [direction(corpus.about[int(p) // n], corpus.about[int(p) % n]) for p in pairs]
    return np.array(judged, dtype=object)[inverse] if len(judged) else np.empty(0, dtype=object)
