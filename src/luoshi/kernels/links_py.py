"""Plain twin of :mod:`luoshi.kernels.links_numba`, its oracle: same arguments, same results.

A *unit* is a clause or a sentence as a set of codes (pairs of characters), each with a weight: unit ``u``
holds ``codes[starts[u]:starts[u + 1]]``, rising.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Index = NDArray[np.int32]
Weights = NDArray[np.float32]


def shared(
    a: int, codes: Codes, starts: Index, weights: Weights,
    b: int, other_codes: Codes, other_starts: Index, other_weights: Weights,
) -> tuple[np.float32, np.float32]:  # fmt: skip
    """Weight of the codes that unit ``a`` of one text shares with unit ``b`` of another, as each weighs
    it."""
    mine = theirs = np.float32(0)
    there = {int(other_codes[k]): k for k in range(int(other_starts[b]), int(other_starts[b + 1]))}
    for k in range(int(starts[a]), int(starts[a + 1])):
        if int(codes[k]) in there:
            mine += weights[k]
            theirs += other_weights[there[int(codes[k])]]
    return mine, theirs


def cross(
    first: int, last: int, codes: Codes, starts: Index, weights: Weights,
    other_first: int, other_last: int, other_codes: Codes, other_starts: Index, other_weights: Weights,
) -> tuple[Weights, Weights]:  # fmt: skip
    """:func:`shared` for all units ``first`` to ``last`` (exclusive) with all of the other's."""
    mine = np.zeros((last - first, other_last - other_first), dtype=np.float32)
    theirs = np.zeros_like(mine)
    for a in range(first, last):
        for b in range(other_first, other_last):
            mine[a - first, b - other_first], theirs[a - first, b - other_first] = shared(
                a, codes, starts, weights, b, other_codes, other_starts, other_weights
            )
    return mine, theirs


def best(
    low: Index, up: Index, slack: np.float32,
    codes: Codes, starts: Index, weights: Weights, total: Weights,
    other_codes: Codes, other_starts: Index, other_weights: Weights, other_total: Weights,
    strongest: Weights,
) -> tuple[Index, Index, Weights, Weights]:  # fmt: skip
    """For each pair of sentences the pair of their clauses whose wording is most alike.

    :param low: ``int32[n, 2]``, first and last (exclusive) clause of each pair's lower sentence; ``up`` of
        its upper one.
    :param slack: weight added to each clause's own before likeness is reckoned.
    :param total: summed weight of each clause; ``other_total`` of the other text's.
    :param strongest: ``float32[clauses]``, raised in place to the greatest strength that each lower clause
        has with any upper clause looked at. Strength is likeness (Dice) times shared weight.
    :returns: ordinals of the best lower and upper clause (the first of equals), their shared weights.
    """
    n = len(low)
    out = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
    weight = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
    for p in range(n):
        top = np.float32(-1)
        for a in range(int(low[p, 0]), int(low[p, 1])):
            for b in range(int(up[p, 0]), int(up[p, 1])):
                mine, theirs = shared(a, codes, starts, weights, b, other_codes, other_starts, other_weights)
                close = (mine + theirs) / (total[a] + other_total[b] + np.float32(2) * slack)
                strength = close * min(mine, theirs)
                strongest[a] = max(strongest[a], strength)
                if strength > top:
                    top = strength
                    out[0][p], out[1][p], weight[0][p], weight[1][p] = a, b, mine, theirs
    return *out, *weight


def inside(
    low_of: Index, up_of: Index, low: Index, up: Index, slack: np.float32,
    codes: Codes, starts: Index, weights: Weights, total: Weights,
    other_codes: Codes, other_starts: Index, other_weights: Weights, other_total: Weights,
    wide_codes: Codes, wide_starts: Index, wide_weights: Weights,
    other_wide_codes: Codes, other_wide_starts: Index, other_wide_weights: Weights,
) -> tuple[Weights, Weights, Weights, Weights]:  # fmt: skip
    """Wording of a clause found anywhere in the other sentence, and wording that points to it.

    :param low_of: ``int32[n]``, lower sentence of each pair; ``up_of`` the upper one. ``low``, ``up`` as in
        :func:`best`; ``codes`` … those of clauses, ``wide_codes`` … those of sentences.
    :returns: the greatest part of a lower clause's weight that stands in the upper sentence, the same of
        upper clauses in the lower one, and the summed ``wide_weights`` and ``other_wide_weights`` of what the
        sentences share.
    """
    n = len(low_of)
    lower_in, upper_in = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
    mine, theirs = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
    for p in range(n):
        i, j = int(low_of[p]), int(up_of[p])
        mine[p], theirs[p] = shared(
            i,
            wide_codes,
            wide_starts,
            wide_weights,
            j,
            other_wide_codes,
            other_wide_starts,
            other_wide_weights,
        )
        for a in range(int(low[p, 0]), int(low[p, 1])):
            got, _ = shared(
                a, codes, starts, weights, j, other_wide_codes, other_wide_starts, other_wide_weights
            )
            lower_in[p] = max(lower_in[p], got / (total[a] + slack))
        for b in range(int(up[p, 0]), int(up[p, 1])):
            got, _ = shared(
                b, other_codes, other_starts, other_weights, i, wide_codes, wide_starts, wide_weights
            )
            upper_in[p] = max(upper_in[p], got / (other_total[b] + slack))
    return lower_in, upper_in, mine, theirs


def join(
    codes: Codes, starts: Index, weights: Weights,
    other_codes: Codes, other_units: Index, other_weights: Weights,
    units: int, budget: int, top: int, least: np.float32,
) -> tuple[Index, Index, Weights]:  # fmt: skip
    """For each unit of one text the units of another that share most of its rarest wording.

    :param other_codes: the codes of the other text, rising, with ``other_units`` and ``other_weights``.
    :param units: number of units of the other text.
    :param budget: places of the other text looked at for each unit: its rarest codes first, whole or not at
        all, but the rarest always.
    :param top: units of the other text kept for each, of equals those met first; ``least`` shared weight.
    :returns: ``int32[pairs]`` twice, unit by unit, in the order in which they were met; their shared weight,
        of each code the lesser of the two.
    """
    where: dict[int, list[int]] = {}
    for k, code in enumerate(other_codes.tolist()):
        where.setdefault(code, []).append(k)
    rows: list[int] = []
    columns: list[int] = []
    shared_weights: list[np.float32] = []
    for u in range(len(starts) - 1):
        places = range(int(starts[u]), int(starts[u + 1]))
        looked = 0
        got: dict[int, np.float32] = {}
        for k in sorted(places, key=lambda k: len(where.get(int(codes[k]), ()))):
            some = where.get(int(codes[k]), [])
            if looked and looked + len(some) > budget:
                break
            looked += len(some)
            for at in some:
                v = int(other_units[at])
                got[v] = got.get(v, np.float32(0)) + min(weights[k], other_weights[at])
        found = [v for v, w in got.items() if w >= least]
        if len(found) > top:
            bar = sorted((got[v] for v in found), reverse=True)[top - 1]
            above = sum(got[v] > bar for v in found)
            room = top - above
            kept = []
            for v in found:
                if got[v] > bar or (got[v] == bar and room > 0):
                    room -= got[v] == bar
                    kept.append(v)
            found = kept
        rows += [u] * len(found)
        columns += found
        shared_weights += [got[v] for v in found]
    out = np.array(rows, dtype=np.int32), np.array(columns, dtype=np.int32)
    return *out, np.array(shared_weights, dtype=np.float32)


def sums(vectors: Weights, word: Index, weight: Weights, unit: Index, units: int) -> Weights:
    """``float32[units, d]``: for each unit the sum of the vectors of its words, each by its weight."""
    out = np.zeros((units, vectors.shape[1]), dtype=np.float32)
    for w, x, u in zip(word.tolist(), weight, unit.tolist(), strict=True):
        out[u] += x * vectors[w]
    return out
