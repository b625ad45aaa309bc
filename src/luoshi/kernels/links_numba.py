"""What clauses and sentences of two texts share, and which of them are worth a look."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Index = NDArray[np.int32]
Weights = NDArray[np.float32]


@njit(cache=True, nogil=True)
def shared(
    a: int, codes: Codes, starts: Index, weights: Weights,
    b: int, other_codes: Codes, other_starts: Index, other_weights: Weights,
) -> tuple[np.float32, np.float32]:  # fmt: skip
    """See :func:`luoshi.kernels.links_py.shared`."""
    mine = np.float32(0)
    theirs = np.float32(0)
    i, i_end = starts[a], starts[a + 1]
    j, j_end = other_starts[b], other_starts[b + 1]
    while i < i_end and j < j_end:
        x, y = codes[i], other_codes[j]
        if x == y:
            mine += weights[i]
            theirs += other_weights[j]
            i += 1
            j += 1
        elif x < y:
            i += 1
        else:
            j += 1
    return mine, theirs


@njit(cache=True, nogil=True)
def cross(
    first: int, last: int, codes: Codes, starts: Index, weights: Weights,
    other_first: int, other_last: int, other_codes: Codes, other_starts: Index, other_weights: Weights,
) -> tuple[Weights, Weights]:  # fmt: skip
    """See :func:`luoshi.kernels.links_py.cross`."""
    mine = np.zeros((last - first, other_last - other_first), dtype=np.float32)
    theirs = np.zeros((last - first, other_last - other_first), dtype=np.float32)
    for a in range(first, last):
        for b in range(other_first, other_last):
            x, y = shared(a, codes, starts, weights, b, other_codes, other_starts, other_weights)
            mine[a - first, b - other_first] = x
            theirs[a - first, b - other_first] = y
    return mine, theirs


@njit(cache=True, nogil=True)
def best(
    low: Index, up: Index, slack: np.float32,
    codes: Codes, starts: Index, weights: Weights, total: Weights,
    other_codes: Codes, other_starts: Index, other_weights: Weights, other_total: Weights,
    strongest: Weights,
) -> tuple[Index, Index, Weights, Weights]:  # fmt: skip
    """See :func:`luoshi.kernels.links_py.best`."""
    n = len(low)
    best_low = np.zeros(n, dtype=np.int32)
    best_up = np.zeros(n, dtype=np.int32)
    best_mine = np.zeros(n, dtype=np.float32)
    best_theirs = np.zeros(n, dtype=np.float32)
    for p in range(n):
        top = np.float32(-1)
        for a in range(low[p, 0], low[p, 1]):
            for b in range(up[p, 0], up[p, 1]):
                mine, theirs = shared(a, codes, starts, weights, b, other_codes, other_starts, other_weights)
                close = (mine + theirs) / (total[a] + other_total[b] + np.float32(2) * slack)
                strength = close * min(mine, theirs)
                if strength > strongest[a]:
                    strongest[a] = strength
                if strength > top:
                    top = strength
                    best_low[p] = a
                    best_up[p] = b
                    best_mine[p] = mine
                    best_theirs[p] = theirs
    return best_low, best_up, best_mine, best_theirs


@njit(cache=True, nogil=True)
def inside(
    low_of: Index, up_of: Index, low: Index, up: Index, slack: np.float32,
    codes: Codes, starts: Index, weights: Weights, total: Weights,
    other_codes: Codes, other_starts: Index, other_weights: Weights, other_total: Weights,
    wide_codes: Codes, wide_starts: Index, wide_weights: Weights,
    other_wide_codes: Codes, other_wide_starts: Index, other_wide_weights: Weights,
) -> tuple[Weights, Weights, Weights, Weights]:  # fmt: skip
    """See :func:`luoshi.kernels.links_py.inside`."""
    n = len(low_of)
    lower_in = np.zeros(n, dtype=np.float32)
    upper_in = np.zeros(n, dtype=np.float32)
    mine = np.zeros(n, dtype=np.float32)
    theirs = np.zeros(n, dtype=np.float32)
    for p in range(n):
        i, j = low_of[p], up_of[p]
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
        for a in range(low[p, 0], low[p, 1]):
            got, _ = shared(
                a, codes, starts, weights, j, other_wide_codes, other_wide_starts, other_wide_weights
            )
            lower_in[p] = max(lower_in[p], got / (total[a] + slack))
        for b in range(up[p, 0], up[p, 1]):
            got, _ = shared(
                b, other_codes, other_starts, other_weights, i, wide_codes, wide_starts, wide_weights
            )
            upper_in[p] = max(upper_in[p], got / (other_total[b] + slack))
    return lower_in, upper_in, mine, theirs


@njit(cache=True, nogil=True)
def _stretch(codes: Codes, code: int) -> tuple[np.int64, np.int64]:
    """Where a code stands in rising ones: first and last (exclusive)."""
    first = np.searchsorted(codes, code)
    last = first
    step = 1
    while last + step < len(codes) and codes[last + step] == code:
        last += step
        step *= 2
    while last < len(codes) and codes[last] == code:
        last += 1
    return first, last


@njit(cache=True, nogil=True)
def _keep(touched: Index, count: int, got: Weights, top: int, least: np.float32) -> int:
    """Moves the units with most shared weight to the front, in their order; gives how many."""
    kept = 0
    for t in range(count):
        if got[touched[t]] >= least:
            touched[kept] = touched[t]
            kept += 1
        else:
            got[touched[t]] = 0
    if kept <= top:
        return kept
    bar = np.partition(got[touched[:kept]], kept - top)[kept - top]
    above = 0
    for t in range(kept):
        above += got[touched[t]] > bar
    room = top - above
    out = 0
    for t in range(kept):
        v = touched[t]
        if got[v] > bar:
            touched[out] = v
            out += 1
        elif got[v] == bar and room > 0:
            room -= 1
            touched[out] = v
            out += 1
        else:
            got[v] = 0
    return out


@njit(cache=True, nogil=True)
def _longer(column: Any, size: int, room: int) -> Any:
    """A column with more room, the same as far as it is filled."""
    out = np.empty(room, dtype=column.dtype)
    out[:size] = column[:size]
    return out


@njit(cache=True, nogil=True)
def join(
    codes: Codes, starts: Index, weights: Weights,
    other_codes: Codes, other_units: Index, other_weights: Weights,
    units: int, budget: int, top: int, least: np.float32,
) -> tuple[Index, Index, Weights]:  # fmt: skip
    """See :func:`luoshi.kernels.links_py.join`."""
    n = len(starts) - 1
    rows = np.empty(n * min(top, 4) + 16, dtype=np.int32)
    columns = np.empty(len(rows), dtype=np.int32)
    weight_of = np.empty(len(rows), dtype=np.float32)
    size = 0
    got = np.zeros(units, dtype=np.float32)
    touched = np.empty(units, dtype=np.int32)
    longest = 0
    for u in range(n):
        longest = max(longest, starts[u + 1] - starts[u])
    first = np.empty(longest, dtype=np.int64)
    last = np.empty(longest, dtype=np.int64)
    order = np.empty(longest, dtype=np.int64)
    for u in range(n):
        begin = starts[u]
        m = starts[u + 1] - begin
        for k in range(m):
            first[k], last[k] = _stretch(other_codes, codes[begin + k])
            at = k
            while at > 0 and last[order[at - 1]] - first[order[at - 1]] > last[k] - first[k]:
                order[at] = order[at - 1]
                at -= 1
            order[at] = k
        looked = 0
        count = 0
        for o in range(m):
            k = order[o]
            many = last[k] - first[k]
            if looked > 0 and looked + many > budget:
                break
            looked += many
            weight = weights[begin + k]
            for at in range(first[k], last[k]):
                v = other_units[at]
                if got[v] == 0:
                    touched[count] = v
                    count += 1
                # a weight of nothing must still leave its mark
                got[v] += max(min(weight, other_weights[at]), np.float32(1e-30))
        count = _keep(touched, count, got, top, least)
        if size + count > len(rows):
            room = 2 * len(rows) + count
            rows, columns = _longer(rows, size, room), _longer(columns, size, room)
            weight_of = _longer(weight_of, size, room)
        for t in range(count):
            rows[size] = u
            columns[size] = touched[t]
            weight_of[size] = got[touched[t]]
            got[touched[t]] = 0
            size += 1
    return rows[:size].copy(), columns[:size].copy(), weight_of[:size].copy()


@njit(cache=True, nogil=True)
def sums(vectors: Weights, word: Index, weight: Weights, unit: Index, units: int) -> Weights:
    """See :func:`luoshi.kernels.links_py.sums`."""
    width = vectors.shape[1]
    out = np.zeros((units, width), dtype=np.float32)
    for k in range(len(word)):
        u, w, x = unit[k], word[k], weight[k]
        for d in range(width):
            out[u, d] += x * vectors[w, d]
    return out
