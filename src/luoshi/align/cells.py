"""Which pairs of sentences are looked at: all of them in small documents, in large ones those worth it.

In large documents these are the sentences that share rare wording (an inverted index of character bigrams,
the rarest first, with a bound on the places looked at), those that a passage joins, those of the blocks
nearest in meaning, and what shares wording with a neighbour. So the work grows with the length of the texts,
not with its square.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from luoshi import kernels
from luoshi.align.features import Features
from luoshi.align.passages import joined, passages
from luoshi.align.units import Units

Index = NDArray[np.int32]
Vectors = NDArray[np.float32]

EVERY = 10_000
"""So many pairs of sentences are all looked at."""
STRIPE = 1_000_000
"""Pairs of sentences judged in one go: bounds the memory to about 300 MB."""
BUDGET = 4096
"""Places of an upper document's bigrams looked at for a lower clause or sentence."""
CLAUSES, SENTENCES = 8, 24
"""Upper clauses kept for a lower one, upper sentences for a lower one."""
LEAST = np.float32(3)
"""Shared weight without which two clauses or sentences have no wording in common."""
CLOSE = np.float32(9)
"""Shared weight of clauses from which on a lower sentence's neighbours are looked at too."""
BLOCKS, NEAR = 8, 48
"""Upper blocks nearest in meaning of a lower block, and so many sentences of them at most."""
MANY, PROBES = 1500, 8
"""So many upper blocks are all compared; of more, those of so many groups."""
ROWS, PRODUCTS = 4096, 8_000_000
"""Vectors, and products of vectors, reckoned in one go."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Pairs of sentences: ordinals in ``lower.kept`` and ``upper.kept``, by row and column, none twice.

    ``whole``: all columns of its rows.
    """

    rows: Index
    columns: Index
    whole: bool

    def __len__(self) -> int:
        return len(self.rows)


def stripes(lower: Features, upper: Features) -> Iterator[slice]:
    """Rows of lower sentences, whole blocks where they fit, few enough for the memory."""
    width = len(upper.kept)
    each = width if small(lower, upper) else min(width, 2 * (SENTENCES + NEAR))
    block = lower.block[lower.kept]
    most = max(1, STRIPE // max(1, each))
    start = 0
    while start < len(block):
        end = min(len(block), start + most)
        cut = end
        while start < cut < len(block) and block[cut - 1] == block[cut]:
            cut -= 1
        end = cut if cut > start else end
        yield slice(start, end)
        start = end


def small(lower: Features, upper: Features) -> bool:
    """Whether two documents are small enough to look at all pairs of their sentences."""
    return len(lower.kept) * len(upper.kept) <= EVERY


def cells(lower: Features, upper: Features, rows: slice, by_head: float, by_block: float) -> Cells:
    """The pairs of the lower sentences ``lower.kept[rows]`` that are looked at.

    :param by_head: weight of the likeness of a lower block's heading to an upper block, ``by_block`` of the
        blocks to each other.
    """
    width = len(upper.kept)
    if small(lower, upper):
        count = rows.stop - rows.start
        row = np.repeat(np.arange(rows.start, rows.stop, dtype=np.int32), width)
        return Cells(row, np.tile(np.arange(width, dtype=np.int32), count), True)
    parts = [
        *_worded(lower, upper, rows),
        _passed(lower, upper, rows),
        _spread(lower, rows, *_near_blocks(lower, upper, rows, by_head, by_block)),
    ]
    code = np.unique(np.concatenate([r.astype(np.int64) * width + c for r, c in parts]))
    return Cells((code // width).astype(np.int32), (code % width).astype(np.int32), False)


def _worded(lower: Features, upper: Features, rows: slice) -> Iterator[tuple[Index, Index]]:
    """Pairs that share rare wording, clause by clause and sentence by sentence, and their neighbours."""
    first, last = lower.clause_bounds[rows.start, 0], lower.clause_bounds[rows.stop - 1, 1]
    a, b, weight = _join(lower.clauses, int(first), int(last), upper.clauses, CLAUSES)
    row = np.searchsorted(lower.kept, lower.clauses.sentence[a]).astype(np.int32)
    column = np.searchsorted(upper.kept, upper.clauses.sentence[b]).astype(np.int32)
    yield row, column
    close = weight >= CLOSE
    yield _spread(lower, rows, lower.block[lower.kept[row[close]]], column[close])
    start, stop = int(lower.kept[rows.start]), int(lower.kept[rows.stop - 1]) + 1
    a, b, _ = _join(lower.sentences, start, stop, upper.sentences, SENTENCES)
    yield (
        np.searchsorted(lower.kept, a).astype(np.int32),
        np.searchsorted(upper.kept, b).astype(np.int32),
    )


def _passed(lower: Features, upper: Features, rows: slice) -> tuple[Index, Index]:
    """Pairs that stand at the same place of a shared passage."""
    found = passages(lower.grams, upper.grams)
    below, above = joined(found, lower.of_sentence, upper.of_sentence)
    row = np.searchsorted(lower.kept, below).astype(np.int32)
    here = (row >= rows.start) & (row < rows.stop)
    return row[here], np.searchsorted(upper.kept, above[here]).astype(np.int32)


def _join(lower: Units, first: int, last: int, upper: Units, top: int) -> tuple[Index, Index, Vectors]:
    starts = lower.starts[first : last + 1]
    rows, columns, weight = kernels.join(
        lower.codes, starts, lower.weights, *upper.posted, len(upper), BUDGET, top, LEAST
    )
    return rows + np.int32(first), columns, weight


def _spread(lower: Features, rows: slice, block: Index, column: Index) -> tuple[Index, Index]:
    """For pairs of a lower block and an upper sentence, the pairs of all of the block's sentences with it."""
    of = lower.block[lower.kept[rows]]
    order = np.argsort(of, kind="stable").astype(np.int32)
    first = np.searchsorted(of[order], block)
    count = np.searchsorted(of[order], block, side="right") - first
    at = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    return order[at] + np.int32(rows.start), np.repeat(column, count)


def _near_blocks(
    lower: Features, upper: Features, rows: slice, by_head: float, by_block: float
) -> tuple[Index, Index]:
    """Lower blocks with the upper sentences of the blocks nearest in meaning."""
    some = np.unique(lower.block[lower.kept[rows]])
    wanted = by_block * lower.block_vectors[some] + by_head * lower.head_vectors[some]
    best = _nearest(wanted.astype(np.float32), upper.block_vectors)
    of = upper.block[upper.kept]
    order = np.argsort(of, kind="stable").astype(np.int32)
    first = np.searchsorted(of[order], np.arange(len(upper.heads)))
    last = np.searchsorted(of[order], np.arange(len(upper.heads)), side="right")
    blocks: list[Index] = []
    columns: list[Index] = []
    for block, near in zip(some.tolist(), best, strict=True):
        found = np.concatenate([order[first[n] : last[n]] for n in near])
        if len(found) > NEAR:
            value = upper.sentence_vectors[upper.kept[found]] @ lower.head_vectors[block]
            found = found[np.argsort(-value, kind="stable")[:NEAR]]
        blocks.append(np.full(len(found), block, dtype=np.int32))
        columns.append(found)
    return np.concatenate(blocks), np.concatenate(columns)


def _nearest(wanted: Vectors, vectors: Vectors) -> list[list[int]]:
    """The :data:`BLOCKS` vectors with the greatest products with each wanted one, rising ordinals.

    Where there are many they are grouped around some of them, and only the groups nearest are looked at (an
    inverted file): a few in a hundred are then missed.
    """
    if len(vectors) <= MANY:
        groups = [np.arange(len(vectors))]
        probes = np.zeros((len(wanted), 1), dtype=np.int64)
    else:
        middles = vectors[:: max(1, int(len(vectors) ** 0.5))]
        of = np.concatenate([(part @ middles.T).argmax(axis=1) for part in _parts(vectors)])
        groups = [np.flatnonzero(of == g) for g in range(len(middles))]
        probes = np.concatenate(
            [np.argpartition(-(part @ middles.T), PROBES, axis=1)[:, :PROBES] for part in _parts(wanted)]
        )
    rows, columns, values = [], [], []
    for g, group in enumerate(groups):
        asking = np.flatnonzero((probes == g).any(axis=1))
        for part in np.array_split(asking, len(asking) * len(group) // PRODUCTS + 1) if len(group) else ():
            likeness = wanted[part] @ vectors[group].T
            count = min(BLOCKS, len(group))
            best = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
            rows.append(np.repeat(part, count))
            columns.append(group[best].ravel())
            values.append(np.take_along_axis(likeness, best, axis=1).ravel())
    row, column = np.concatenate(rows), np.concatenate(columns)
    order = np.lexsort((column, -np.concatenate(values), row))
    row, column = row[order], column[order]
    ends = np.searchsorted(row, np.arange(len(wanted) + 1))
    return [sorted(column[a : min(b, a + BLOCKS)].tolist()) for a, b in pairwise(ends.tolist())]


def _parts(vectors: Vectors) -> Iterator[Vectors]:
    for at in range(0, len(vectors), ROWS):
        yield vectors[at : at + ROWS]
