"""What speaks for a link between a sentence of a lower and one of an upper document.

All signals are ``float32[cells]``, one number for each pair of sentences looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from luoshi import kernels
from luoshi.align.cells import Cells
from luoshi.align.features import Features

LEAST_RUN = 2
SLACK = np.float32(4)
"""Weight added to each clause's own, so that short or stock clauses are never wholly alike."""
LIKE = 0.15
"""Likeness of clauses without which their common stretches are not looked at."""
CHUNK = 1 << 16
"""Products of vectors reckoned in one go."""
DENSE = 4
"""Where at least one in so many of all pairs is wanted, all are multiplied."""

Vectors = NDArray[np.float32]
Index = NDArray[np.int32]


@dataclass(slots=True, eq=False)
class Signals:
    """Signals by name, and for each pair of sentences its best pair of clauses (ordinals)."""

    cells: Cells
    best_lower: Index
    best_upper: Index
    named: dict[str, Vectors] = field(default_factory=dict)


def signals(lower: Features, upper: Features, cells: Cells) -> Signals:
    """All signals of pairs of sentences."""
    low, up = lower.clauses, upper.clauses
    low_bounds = lower.clause_bounds[cells.rows]
    up_bounds = upper.clause_bounds[cells.columns]
    strongest = np.zeros(len(low), dtype=np.float32)
    best_lower, best_upper, mine, theirs = kernels.best(
        low_bounds, up_bounds, SLACK, low.codes, low.starts, low.weights, low.total,
        up.codes, up.starts, up.weights, up.total, strongest,
    )  # fmt: skip
    out = Signals(cells, best_lower, best_upper)
    named = out.named
    low_total, up_total = low.total[best_lower], up.total[best_upper]
    both: Vectors = np.minimum(mine, theirs)
    named["close"] = (mine + theirs) / (low_total + up_total + 2 * SLACK)
    named["shared"] = np.log1p(both)
    named["of_lower"] = mine / (low_total + SLACK)
    named["of_upper"] = theirs / (up_total + SLACK)
    rival: Vectors = named["close"] * both
    rival /= np.maximum(strongest[best_lower], np.float32(1e-6))
    named["rival"] = rival
    _scattered(lower, upper, cells, low_bounds, up_bounds, named)
    _runs(lower, upper, out)
    _meaning(lower, upper, cells, named)
    return out


def _scattered(
    lower: Features,
    upper: Features,
    cells: Cells,
    low_bounds: Index,
    up_bounds: Index,
    named: dict[str, Vectors],
) -> None:
    """Wording of one clause found anywhere in the other sentence; wording that few other sentences have."""
    low, up, wide, other = lower.clauses, upper.clauses, lower.sentences, upper.sentences
    named["lower_in"], named["upper_in"], mine, theirs = kernels.inside(
        lower.kept[cells.rows], upper.kept[cells.columns], low_bounds, up_bounds, SLACK,
        low.codes, low.starts, low.weights, low.total, up.codes, up.starts, up.weights, up.total,
        wide.codes, wide.starts, wide.pointing, other.codes, other.starts, other.pointing,
    )  # fmt: skip
    named["points"] = np.log1p(np.minimum(mine, theirs))


def _runs(lower: Features, upper: Features, found: Signals) -> None:
    """Length and weight of the longest common stretch of the best clauses, and how much of it is stock."""
    named = found.named
    worth = named["close"] > LIKE
    place, weight = kernels.runs(
        lower.key, lower.weight, upper.key, lower.clauses.key[found.best_lower[worth]],
        upper.clauses.key[found.best_upper[worth]], LEAST_RUN,
    )  # fmt: skip
    length = np.zeros(len(worth), dtype=np.float32)
    length[worth] = place[:, 2]
    named["run"] = np.log1p(length)
    heavy = np.zeros(len(worth), dtype=np.float32)
    heavy[worth] = np.log1p(weight)
    named["run_weight"] = heavy
    common = np.r_[np.float32(0), np.cumsum(lower.stock, dtype=np.float64)]
    stock = np.zeros(len(worth), dtype=np.float32)
    stock[worth] = (common[place[:, 0] + place[:, 2]] - common[place[:, 0]]) / np.maximum(place[:, 2], 1)
    named["stock"] = stock


def _meaning(lower: Features, upper: Features, cells: Cells, named: dict[str, Vectors]) -> None:
    """Cosines of sentences, clauses, and of the blocks and headings that they stand in."""
    up_sentences = upper.sentence_vectors[upper.kept]
    up_block = upper.block[upper.kept]
    block = lower.block[lower.kept]
    low_sentences = lower.sentence_vectors[lower.kept]
    # a requirement is made concrete rather than a statement of fact
    named["asks"] = upper.acts.astype(np.float32)[cells.columns]
    named["heading"] = lower.headings.astype(np.float32)[cells.rows]
    named["cos"] = dots(low_sentences, up_sentences, cells.rows, cells.columns)
    # a sentence in the light of its heading, against the nearest clause
    themed = low_sentences + lower.head_vectors[block]
    themed /= np.maximum(np.linalg.norm(themed, axis=1, keepdims=True), np.float32(1e-9))
    bounds = upper.clause_bounds[cells.columns]
    count = bounds[:, 1] - bounds[:, 0]
    first = np.cumsum(count) - count
    clause = np.arange(int(count.sum())) - np.repeat(first - bounds[:, 0], count)
    near = dots(themed, upper.clause_vectors, np.repeat(cells.rows, count), clause)
    named["themed"] = np.maximum.reduceat(near, first) if len(near) else near
    named["head_sentence"] = dots(lower.head_vectors, up_sentences, block[cells.rows], cells.columns)
    named["block_block"] = dots(
        lower.block_vectors, upper.block_vectors, block[cells.rows], up_block[cells.columns]
    )


def dots(a: Vectors, b: Vectors, rows: NDArray[np.integer], columns: NDArray[np.integer]) -> Vectors:
    """``a[rows[k]] · b[columns[k]]`` for each k."""
    if not len(rows):
        return np.zeros(0, dtype=np.float32)
    low, high = int(rows.min()), int(rows.max()) + 1
    if (high - low) * len(b) <= DENSE * len(rows):
        return np.asarray((a[low:high] @ b.T)[rows - low, columns], dtype=np.float32)
    out = np.empty(len(rows), dtype=np.float32)
    for at in range(0, len(rows), CHUNK):
        part = slice(at, at + CHUNK)
        np.einsum("ij,ij->i", a[rows[part]], b[columns[part]], out=out[part])
    return out
