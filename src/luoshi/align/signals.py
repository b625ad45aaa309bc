"""What speaks for a link between each sentence of a lower and each of an upper document.

All matrices are ``float32[lower sentences that take part, upper ones]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from luoshi import kernels
from luoshi.align.features import Features, Index

LEAST_RUN = 2
SLACK = np.float32(4)
"""Weight added to each clause's own, so that short or stock clauses are never wholly alike."""

Matrix = NDArray[np.float32]


@dataclass(slots=True, eq=False)
class Wording:
    """Shared wording of clauses.

    ``mine[i, j]``, ``theirs[i, j]``: weight of the bigrams that lower clause i and upper clause j share, as
    the one and as the other weighs it; ``close`` their part of both clauses (Dice); ``strength`` close times
    shared weight: long rare wording held together counts, a short common phrase does not.
    """

    mine: Matrix
    theirs: Matrix
    close: Matrix
    strength: Matrix


@dataclass(slots=True, eq=False)
class Signals:
    """Matrices by name, and for each pair of sentences its best pair of clauses (ordinals)."""

    wording: Wording
    best_lower: NDArray[np.intp]
    best_upper: NDArray[np.intp]
    named: dict[str, Matrix] = field(default_factory=dict)


def wording(lower: Features, upper: Features, rows: slice) -> Wording:
    """Shared wording of the lower clauses ``rows`` with all upper clauses."""
    low, up = lower.clauses, upper.clauses
    starts = low.starts[rows.start : rows.stop + 1]
    mine, theirs = kernels.overlap(low.codes, starts, low.weights, *up.posted, len(up))
    both = low.total[rows, None] + up.total[None, :]
    close = (mine + theirs) / (both + np.float32(2 * SLACK))
    return Wording(mine, theirs, close, close * np.minimum(mine, theirs))


def signals(lower: Features, upper: Features, rows: slice) -> Signals:
    """All signals for the lower sentences ``lower.kept[rows]``."""
    low, up = lower.clauses, upper.clauses
    sentences = lower.kept[rows]
    first, last = np.searchsorted(low.sentence, [sentences[0], sentences[-1] + 1])
    clause_rows = slice(int(first), int(last))
    words = wording(lower, upper, clause_rows)
    low_starts = np.searchsorted(low.sentence[clause_rows], sentences)
    up_starts = np.searchsorted(up.sentence, upper.kept)
    best_lower, best_upper = _best(words.strength, low_starts, up_starts)
    out = Signals(words, best_lower + first, best_upper)
    named = out.named
    at = (best_lower, best_upper)
    named["close"] = words.close[at]
    named["shared"] = np.log1p(np.minimum(words.mine, words.theirs)[at])
    named["of_lower"] = words.mine[at] / (low.total[out.best_lower] + SLACK)
    named["of_upper"] = words.theirs[at] / (up.total[best_upper] + SLACK)
    strongest = words.strength.max(axis=1)
    named["rival"] = words.strength[at] / np.maximum(strongest[best_lower], np.float32(1e-6))
    _scattered(lower, upper, sentences, clause_rows, low_starts, up_starts, named)
    _runs(lower, upper, out, named)
    _meaning(lower, upper, sentences, up_starts, named)
    return out


def _best(
    matrix: Matrix, low: NDArray[np.intp], up: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each pair of sentences the pair of their clauses with the greatest value."""
    rows, columns = matrix.shape
    low_ends = np.r_[low[1:], rows]
    up_ends = np.r_[up[1:], columns]
    by_column = np.empty((rows, len(up)), dtype=np.intp)
    value = np.empty((rows, len(up)), dtype=np.float32)
    for u, (a, b) in enumerate(zip(up, up_ends, strict=True)):
        part = matrix[:, a:b].argmax(axis=1)
        by_column[:, u] = part + a
        value[:, u] = matrix[np.arange(rows), part + a]
    best_low = np.empty((len(low), len(up)), dtype=np.intp)
    for s, (a, b) in enumerate(zip(low, low_ends, strict=True)):
        best_low[s] = value[a:b].argmax(axis=0) + a
    best_up = by_column[best_low, np.arange(len(up))[None, :]]
    return best_low, best_up


def _scattered(
    lower: Features, upper: Features, sentences: Index, clause_rows: slice,
    low_starts: NDArray[np.intp], up_starts: NDArray[np.intp], named: dict[str, Matrix],
) -> None:  # fmt: skip
    """Wording of one clause found anywhere in the other sentence."""
    low, up = lower.clauses, upper.clauses
    mine, _ = kernels.overlap(
        low.codes, low.starts[clause_rows.start : clause_rows.stop + 1], low.weights,
        *upper.sentences.posted, len(upper.sentences),
    )  # fmt: skip
    part = mine[:, upper.kept]
    share = part / (low.total[clause_rows, None] + SLACK)
    named["lower_in"] = np.maximum.reduceat(share, low_starts, axis=0)
    theirs, _ = kernels.overlap(
        up.codes, up.starts, up.weights, *lower.sentences.posted, len(lower.sentences)
    )
    share = theirs[:, sentences] / (up.total[:, None] + SLACK)
    named["upper_in"] = np.maximum.reduceat(share, up_starts, axis=0).T


def _runs(lower: Features, upper: Features, found: Signals, named: dict[str, Matrix]) -> None:
    """Length and weight of the longest common stretch of the best clauses, and how much of it is stock."""
    shape = found.best_lower.shape
    worth = named["close"] > 0.15
    low, up = found.best_lower[worth], found.best_upper[worth]
    place, weight = kernels.runs(
        lower.key, lower.weight, upper.key, lower.clauses.key[low], upper.clauses.key[up], LEAST_RUN
    )
    length = np.zeros(shape, dtype=np.float32)
    length[worth] = place[:, 2]
    named["run"] = np.log1p(length)
    heavy = np.zeros(shape, dtype=np.float32)
    heavy[worth] = np.log1p(weight)
    named["run_weight"] = heavy
    common = np.r_[np.float32(0), np.cumsum(lower.stock, dtype=np.float64)]
    stock = np.zeros(shape, dtype=np.float32)
    stock[worth] = (common[place[:, 0] + place[:, 2]] - common[place[:, 0]]) / np.maximum(place[:, 2], 1)
    named["stock"] = stock


def _meaning(
    lower: Features, upper: Features, sentences: Index, up_starts: NDArray[np.intp], named: dict[str, Matrix]
) -> None:
    """Cosines of sentences, clauses, and of the blocks and headings that they stand in."""
    up_sentences = upper.sentence_vectors[upper.kept]
    up_block = upper.block[upper.kept]
    block = lower.block[sentences]
    # a requirement is made concrete rather than a statement of fact
    named["asks"] = np.broadcast_to(upper.acts.astype(np.float32), (len(sentences), len(upper.kept)))
    named["cos"] = lower.sentence_vectors[sentences] @ up_sentences.T
    # a sentence in the light of its heading, against the nearest clause
    themed = lower.sentence_vectors[sentences] + lower.head_vectors[block]
    themed /= np.maximum(np.linalg.norm(themed, axis=1, keepdims=True), np.float32(1e-9))
    named["themed"] = np.maximum.reduceat(themed @ upper.clause_vectors.T, up_starts, axis=1)
    named["head_sentence"] = (lower.head_vectors @ up_sentences.T)[block]
    named["block_block"] = (lower.block_vectors @ upper.block_vectors.T)[block][:, up_block]
