"""The ends of a passage and the gaps inside it, symbol by symbol."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]
Where = tuple[int, int, int, int]
"""First and last symbol of the two documents."""
Texts = tuple[U32, U8, U32, U8]
"""Symbols and marks of a, symbols and marks of b."""

BAND = 8
"""Symbols by which the two sides of an extension may shift against each other."""
DROP = 14
"""How far the score of an extension may fall behind its best: 2 for an equal symbol, -2 for an edit."""
LONGEST = 400
"""Symbols of an extension at most."""
SNAP = 10
"""Symbols to the border of a clause that are taken along."""
GAP = 32
"""Symbols of a gap that is looked at symbol by symbol."""


@njit(cache=True, nogil=True)
def extend(
    sym_a: U32, sym_b: U32, a: int, b: int, step: int, room_a: int, room_b: int, row: I64, out: I64
) -> None:
    """Banded extension from a pair of places; ``out`` gets symbols of a, of b, and how many were equal."""
    low = -1000000
    width = 2 * BAND + 1
    score, before, hits, hits_before = row[0], row[1], row[2], row[3]
    for t in range(width):
        before[t] = low if t < BAND else 2 * (BAND - t)
        hits_before[t] = 0
    best = 0
    out[0] = out[1] = out[2] = 0
    for i in range(1, min(room_a, LONGEST) + 1):
        top = low
        ca = sym_a[a + step * (i - 1)]
        for t in range(width):
            j = i + t - BAND
            s = low
            m = 0
            if 0 <= j <= room_b:
                if j >= 1:
                    same = ca == sym_b[b + step * (j - 1)]
                    s = before[t] + (2 if same else -2)
                    m = hits_before[t] + same
                    if t > 0 and score[t - 1] - 2 > s:
                        s = score[t - 1] - 2
                        m = hits[t - 1]
                if t + 1 < width and before[t + 1] - 2 > s:
                    s = before[t + 1] - 2
                    m = hits_before[t + 1]
            score[t] = s
            hits[t] = m
            top = max(top, s)
            if s > best:
                best = s
                out[0], out[1], out[2] = i, j, m
        if top < best - DROP:
            break
        score, before = before, score
        hits, hits_before = hits_before, hits


@njit(cache=True, nogil=True)
def border(mark: U8, at: int, first: int, last: int, step: int) -> int:
    """Symbols from a place to the next border of a clause, at most SNAP; -1 where there is none."""
    for t in range(SNAP + 1):
        p = at + step * t
        if p <= first or p >= last or mark[p] & 3 != 0:
            return t
    return -1


@njit(cache=True, nogil=True)
def common(sym_a: U32, sym_b: U32, a: int, n: int, b: int, m: int, row: I64) -> int:
    """Length of the longest common subsequence of two short stretches."""
    row[: m + 1] = 0
    for i in range(n):
        corner = 0
        c = sym_a[a + i]
        for j in range(m):
            keep = row[j + 1]
            if c == sym_b[b + j]:
                row[j + 1] = corner + 1
            elif row[j] > keep:
                row[j + 1] = row[j]
            corner = keep
    return row[m]


@njit(cache=True, nogil=True)
def between(
    sym_a: U32,
    sym_b: U32,
    ra: I64,
    rb: I64,
    rl: I64,
    members: I64,
    n: int,
    used_a: U8,
    used_b: U8,
    fa: int,
    fb: int,
    row: I64,
) -> int:
    """Equal symbols in the short gaps between runs that follow each other in both texts."""
    matched = 0
    for x in range(1, n):
        i, j = members[x - 1], members[x]
        pa, pb = ra[i] + rl[i], rb[i] + rl[i]
        na, nb = ra[j] - pa, rb[j] - pb
        if not (0 < na <= GAP and 0 < nb <= GAP):
            continue
        taken = 0
        for t in range(na):
            taken += used_a[pa + t - fa]
        for t in range(nb):
            taken += used_b[pb + t - fb]
        if taken == 0:
            matched += common(sym_a, sym_b, pa, na, pb, nb, row)
    return matched


@njit(cache=True, nogil=True)
def outward(
    texts: Texts, ra: I64, rb: I64, rl: I64, members: I64, n: int, where: Where, row: I64, out: I64, box: I64
) -> int:
    """Moves the ends of a box outwards over edited text and to the borders of clauses; gives matches."""
    sym_a, mark_a, sym_b, mark_b = texts
    fa, la, fb, lb = where
    matched = 0
    first = last = members[0]
    for x in range(n):
        if ra[members[x]] + rl[members[x]] == box[1]:
            last = members[x]
    if rb[last] + rl[last] == box[3]:
        extend(sym_a, sym_b, box[1], box[3], 1, la - box[1], lb - box[3], row, out)
        box[1] += out[0]
        box[3] += out[1]
        matched += out[2]
    if rb[first] == box[2]:
        extend(sym_a, sym_b, box[0] - 1, box[2] - 1, -1, box[0] - fa, box[2] - fb, row, out)
        box[0] -= out[0]
        box[2] -= out[1]
        matched += out[2]
    ta, tb = border(mark_a, box[1], fa, la, 1), border(mark_b, box[3], fb, lb, 1)
    if ta >= 0 and tb >= 0:
        box[1] += ta
        box[3] += tb
    ta, tb = border(mark_a, box[0], fa, la, -1), border(mark_b, box[2], fb, lb, -1)
    if ta >= 0 and tb >= 0:
        box[0] -= ta
        box[2] -= tb
    return matched
