"""From places of equal n-grams in a pair of documents to passages: runs, families of runs, extension."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from luoshi.kernels.runs_numba import HEADS, LOW32, S32, join, prune, rising, runs_through, weigh

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]


MARGIN = 64
"""Symbols around a family of runs in which shorter runs are looked for."""
TILE = 1500
WIDEST = 6000
NEAR = 56
"""Symbols between a run and the passage that it belongs to, in both texts together."""
WIDE = 60
"""Symbols in both texts between two passages that are parts of one."""
FAR = 220
"""Symbols in one text, where there are at most BESIDE in the other: something was put in between."""
BESIDE = 24
BAND = 8
DROP = 14
SNAP = 10
ROUNDS = 4
FIELDS = 10
"""Columns of a found passage: rank a, rank b, a0, a1, b0, b1, matched symbols, weight of its seeds,
their rarity, their number."""


@njit(cache=True, nogil=True)
def _cover(ra, rb, rl, i, used_a, used_b, fa, fb):
    """Marks what the run adds; gives how many symbols."""
    gain = 0
    for t in range(rl[i]):
        p, q = ra[i] + t - fa, rb[i] + t - fb
        if used_a[p] == 0 and used_b[q] == 0:
            used_a[p] = 1
            used_b[q] = 1
            gain += 1
    return gain


@njit(cache=True, nogil=True)
def _gain(ra, rb, rl, i, used_a, used_b, fa, fb):
    gain = 0
    for t in range(rl[i]):
        gain += used_a[ra[i] + t - fa] == 0 and used_b[rb[i] + t - fb] == 0
    return gain


@njit(cache=True, nogil=True)
def _joins(ra, rb, rl, rw, i, box):
    """Whether a run stands near enough to a box to belong to it."""
    a, b, n = ra[i], rb[i], rl[i]
    da = max(0, a - box[1], box[0] - (a + n))
    db = max(0, b - box[3], box[2] - (b + n))
    return da + db <= min(NEAR, 4 + 2 * rw[i])


@njit(cache=True, nogil=True)
def _grow(ra, rb, rl, rw, order, n, core, longest, weakest, state, used_a, used_b, fa, fb, box):
    """Adds to a box the free runs that stand near it and cover what it lacks; gives their symbols."""
    matched = 0
    for _ in range(ROUNDS):
        before = matched
        for way in range(2):
            x = core + 1 if way == 0 else core - 1
            while 0 <= x < n:
                i = order[x]
                if way == 0:
                    if ra[i] > box[1] + NEAR:
                        break
                    x += 1
                else:
                    if ra[i] + longest < box[0] - NEAR:
                        break
                    x -= 1
                if state[i] != 0 or rw[i] < weakest or not _joins(ra, rb, rl, rw, i, box):
                    continue
                gain = _gain(ra, rb, rl, i, used_a, used_b, fa, fb)
                if 2 * gain < rl[i] or gain < 2:
                    continue
                matched += _cover(ra, rb, rl, i, used_a, used_b, fa, fb)
                state[i] = 1
                box[0] = min(box[0], ra[i])
                box[1] = max(box[1], ra[i] + rl[i])
                box[2] = min(box[2], rb[i])
                box[3] = max(box[3], rb[i] + rl[i])
        if matched == before:
            break
    return matched


@njit(cache=True, nogil=True)
def _extend(sym, a, b, step, room_a, room_b, row, out):
    """Banded extension from a pair of places; out: symbols of a, of b, matched."""
    low = -1000000
    width = 2 * BAND + 1
    score = row[0]
    before = row[1]
    hits = row[2]
    hits_before = row[3]
    for t in range(width):
        before[t] = low
        hits_before[t] = 0
    before[BAND] = 0
    for t in range(BAND + 1, width):
        before[t] = before[t - 1] - 2
    best = 0
    out[0] = 0
    out[1] = 0
    out[2] = 0
    limit = min(room_a, 400)
    for i in range(1, limit + 1):
        top = low
        ca = sym[a + step * (i - 1)]
        for t in range(width):
            j = i + t - BAND
            s = low
            m = 0
            if 0 <= j <= room_b:
                if j >= 1:
                    same = ca == sym[b + step * (j - 1)]
                    s = before[t] + (2 if same else -2)
                    m = hits_before[t] + (1 if same else 0)
                    if t > 0 and score[t - 1] - 2 > s:
                        s = score[t - 1] - 2
                        m = hits[t - 1]
                if t + 1 < width and before[t + 1] - 2 > s:
                    s = before[t + 1] - 2
                    m = hits_before[t + 1]
            score[t] = s
            hits[t] = m
            if s > top:
                top = s
            if s > best:
                best = s
                out[0] = i
                out[1] = j
                out[2] = m
        if top < best - DROP:
            break
        score, before = before, score
        hits, hits_before = hits_before, hits


@njit(cache=True, nogil=True)
def _border(mark, at, first, last, step):
    """Symbols from a place to the next border of a clause, at most SNAP; -1 where there is none."""
    for t in range(SNAP + 1):
        p = at + step * t
        if p <= first or p >= last or mark[p] & 3 != 0:
            return t
    return -1


@njit(cache=True, nogil=True)
def _common(sym, a, n, b, m, row):
    """Length of the longest common subsequence of two short stretches."""
    for j in range(m + 1):
        row[j] = 0
    for i in range(n):
        corner = 0
        c = sym[a + i]
        for j in range(m):
            keep = row[j + 1]
            if c == sym[b + j]:
                row[j + 1] = corner + 1
            elif row[j] > keep:
                row[j + 1] = row[j]
            corner = keep
    return row[m]


@njit(cache=True, nogil=True)
def _between(sym, ra, rb, rl, members, n, used_a, used_b, fa, fb, row):
    """Equal symbols in the short gaps between runs that follow each other in both texts."""
    matched = 0
    for x in range(1, n):
        i, j = members[x - 1], members[x]
        pa, pb = ra[i] + rl[i], rb[i] + rl[i]
        na, nb = ra[j] - pa, rb[j] - pb
        if not (0 < na <= 32 and 0 < nb <= 32):
            continue
        clear = True
        for t in range(na):
            clear = clear and used_a[pa + t - fa] == 0
        for t in range(nb):
            clear = clear and used_b[pb + t - fb] == 0
        if clear:
            matched += _common(sym, pa, na, pb, nb, row)
    return matched


@njit(cache=True, nogil=True)
def _ends(sym, mark, ra, rb, rl, members, n, fa, la, fb, lb, row, out, box):
    """Moves the ends of a box outwards over edited text and to the borders of clauses; gives matches."""
    matched = 0
    first, last = members[0], members[0]
    for x in range(n):
        i = members[x]
        if ra[i] + rl[i] == box[1]:
            last = i
    if ra[last] + rl[last] == box[1] and rb[last] + rl[last] == box[3]:
        _extend(sym, box[1], box[3], 1, la - box[1], lb - box[3], row, out)
        box[1] += out[0]
        box[3] += out[1]
        matched += out[2]
    if ra[first] == box[0] and rb[first] == box[2]:
        _extend(sym, box[0] - 1, box[2] - 1, -1, box[0] - fa, box[2] - fb, row, out)
        box[0] -= out[0]
        box[2] -= out[1]
        matched += out[2]
    ta, tb = _border(mark, box[1], fa, la, 1), _border(mark, box[3], fb, lb, 1)
    if ta >= 0 and tb >= 0:
        box[1] += ta
        box[3] += tb
    ta, tb = _border(mark, box[0], fa, la, -1), _border(mark, box[2], fb, lb, -1)
    if ta >= 0 and tb >= 0:
        box[0] -= ta
        box[2] -= tb
    return matched


@njit(cache=True, nogil=True)
def passages(
    pair: U64, place: U64, common: U8, docs: I64, sym: U32, mark: U8, bounds: I64, weights: U8, rare: U8,
    need: int, enough: int, least: int, begin: int, out: I64,
) -> tuple[int, int]:  # fmt: skip
    """See :func:`luoshi.kernels.passages_py.passages`."""
    n = len(pair)
    found = 0
    size = 0
    ra = rb = rl = rw = keys = order = picked = np.empty(0, dtype=np.int64)
    rs = np.empty((0, 3), dtype=np.int64)
    state = np.empty(0, dtype=np.uint8)
    heads = np.empty(HEADS, dtype=np.int32)
    chain = np.empty(2 * TILE + 2 * MARGIN + 64, dtype=np.int32)
    row = np.empty((4, 64), dtype=np.int64)
    shift = np.empty(3, dtype=np.int64)
    box = np.empty(4, dtype=np.int64)
    used_a = np.zeros(4096, dtype=np.uint8)
    used_b = np.zeros(4096, dtype=np.uint8)
    i = begin
    while i < n:
        j = i + 1
        total = np.int64(weights[common[i]])
        while j < n and pair[j] == pair[i]:
            total += weights[common[j]]
            j += 1
        count = j - i
        if total < enough:
            i = j
            continue
        if count > size:
            size = 2 * count + 64
            ra = np.empty(size, dtype=np.int64)
            rb = np.empty(size, dtype=np.int64)
            rl = np.empty(size, dtype=np.int64)
            rw = np.empty(size, dtype=np.int64)
            rs = np.empty((size, 3), dtype=np.int64)
            keys = np.empty(size, dtype=np.int64)
            order = np.empty(size, dtype=np.int64)
            picked = np.empty(size, dtype=np.int64)
            state = np.empty(size, dtype=np.uint8)
        count = prune(place, common, i, count, weights, enough, keys, order, picked)
        if count == 0:
            i = j
            continue
        da = docs[np.int64(pair[i] >> S32)]
        db = docs[np.int64(pair[i] & LOW32)]
        fa, la, fb, lb = bounds[da], bounds[da + 1], bounds[db], bounds[db + 1]
        if la - fa > len(used_a):
            used_a = np.zeros(2 * (la - fa), dtype=np.uint8)
        if lb - fb > len(used_b):
            used_b = np.zeros(2 * (lb - fb), dtype=np.uint8)
        where = (fa, la, fb, lb)
        runs = runs_through(
            where, place, common, picked, count, sym, need, weights, rare, ra, rb, rl, rw, rs, keys, order
        )
        if runs > 0:
            rising(ra, runs, order)
            after = _families(
                where, sym, mark, ra, rb, rl, rw, rs, order, runs, state, enough, least, heads, chain, row, shift,
                box, used_a, used_b, pair[i], out, found,
            )  # fmt: skip
            if after < 0:
                return i, found
            found = _merge(out, found, after, enough, least)
        i = j
    return n, found


@njit(cache=True, nogil=True)
def _beside(a0, a1, b0, b1, out, y):
    """Whether a stretch stands so near to a passage that it may be a part of it."""
    gap_a = max(0, out[y, 2] - a1, a0 - out[y, 3])
    gap_b = max(0, out[y, 4] - b1, b0 - out[y, 5])
    if gap_a <= WIDE and gap_b <= WIDE:
        return True
    return (gap_a <= FAR and gap_b <= BESIDE) or (gap_b <= FAR and gap_a <= BESIDE)


@njit(cache=True, nogil=True)
def _merge(out, begin, end, enough, least):
    """Joins the passages of a pair of documents that are parts of one; gives where they end."""
    x = begin
    while x < end:
        y = begin
        joined = False
        while y < end:
            if y != x:
                if _beside(out[x, 2], out[x, 3], out[x, 4], out[x, 5], out, y):
                    a0, a1 = min(out[x, 2], out[y, 2]), max(out[x, 3], out[y, 3])
                    b0, b1 = min(out[x, 4], out[y, 4]), max(out[x, 5], out[y, 5])
                    matched = out[x, 6] + out[y, 6]
                    short, long = min(a1 - a0, b1 - b0), max(a1 - a0, b1 - b0)
                    if matched <= short and 5 * matched >= 2 * long:
                        out[x, 2], out[x, 3], out[x, 4], out[x, 5] = a0, a1, b0, b1
                        out[x, 6] = matched
                        for f in range(7, FIELDS):
                            out[x, f] += out[y, f]
                        end -= 1
                        out[y] = out[end]
                        joined = True
                        if x == end:
                            x = y
                        break
            y += 1
        if not joined:
            x += 1
        else:
            x = begin
    kept = begin
    for x in range(begin, end):
        if out[x, 7] >= enough or out[x, 6] >= least:
            if kept != x:
                out[kept] = out[x]
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def _families(
    where, sym, mark, ra, rb, rl, rw, rs, order, runs, state, enough, least, heads, chain, row, shift,
    box, used_a, used_b, pair, out, found,
):  # fmt: skip
    """Families of near runs, strongest first, each looked at a second time with shorter runs."""
    fa, la, fb, lb = where
    begin = found
    longest = 0
    for t in range(runs):
        state[t] = 0
        longest = max(longest, rl[t])
    by = np.empty(runs, dtype=np.int64)
    keys = np.empty(runs, dtype=np.int64)
    for x in range(runs):
        keys[x] = -rw[order[x]]
    rising(keys, runs, by)
    for y in range(runs):
        core = by[y]
        c = order[core]
        if state[c] != 0:
            continue
        box[0], box[1], box[2], box[3] = ra[c], ra[c] + rl[c], rb[c], rb[c] + rl[c]
        inside = False
        for f in range(begin, found):
            inside = inside or (
                box[0] - fa >= out[f, 2] and box[1] - fa <= out[f, 3]
                and box[2] - fb >= out[f, 4] and box[3] - fb <= out[f, 5]
            )  # fmt: skip
        if inside:
            state[c] = 2
            continue
        state[c] = 1
        _cover(ra, rb, rl, c, used_a, used_b, fa, fb)
        _grow(ra, rb, rl, rw, order, runs, core, longest, 0, state, used_a, used_b, fa, fb, box)
        size = 0
        weight = rarity = seeds = 0
        strongest = 0
        for t in range(runs):
            if state[t] == 1:
                size += 1
                weight += rs[t, 0]
                rarity += rs[t, 1]
                seeds += rs[t, 2]
                strongest = max(strongest, rw[t])
        part = False
        for f in range(begin, found):
            part = part or _beside(box[0] - fa, box[1] - fa, box[2] - fb, box[3] - fb, out, f)
        if weight < enough and strongest < 2 * least and not (part and strongest >= 20):
            for t in range(runs):
                if state[t] == 1:
                    _clear(ra, rb, rl, t, used_a, used_b, fa, fb)
                    state[t] = 0
            state[c] = 2
            continue
        found = _second(
            where, sym, mark, ra, rb, rl, rw, order, runs, state, size, weight, rarity, seeds, least // 2 if part else least, heads, chain, row,
            shift, box, used_a, used_b, pair, out, begin, found,
        )  # fmt: skip
        if found < 0:
            return -1
    return found


@njit(cache=True, nogil=True)
def _clear(ra, rb, rl, i, used_a, used_b, fa, fb):
    used_a[ra[i] - fa : ra[i] + rl[i] - fa] = 0
    used_b[rb[i] - fb : rb[i] + rl[i] - fb] = 0


@njit(cache=True, nogil=True)
def _second(
    where, sym, mark, ra, rb, rl, rw, order, runs, state, size, weight, rarity, seeds, least, heads, chain, row,
    shift, box, used_a, used_b, pair, out, begin, found,
):  # fmt: skip
    """Shorter runs near a family, its ends, and the passage if it is one."""
    fa, la, fb, lb = where
    room = 2 * size + 400
    xa = np.empty(room, dtype=np.int64)
    xb = np.empty(room, dtype=np.int64)
    xl = np.empty(room, dtype=np.int64)
    xw = np.empty(room, dtype=np.int64)
    xstate = np.zeros(room, dtype=np.uint8)
    n = 0
    matched = 0
    longest = 0
    for x in range(runs):
        t = order[x]
        if state[t] == 1:
            xa[n], xb[n], xl[n], xw[n] = ra[t], rb[t], rl[t], rw[t]
            xstate[n] = 1
            longest = max(longest, rl[t])
            state[t] = 2
            n += 1
    for t in range(box[0] - fa, box[1] - fa):
        matched += used_a[t]
    first_short = n
    x = 0
    while x < size:
        a0 = xa[x]
        a1 = a0 + xl[x]
        b0 = xb[x]
        b1 = b0 + xl[x]
        y = x + 1
        while y < size and xa[y] + xl[y] - a0 <= TILE:
            a1 = max(a1, xa[y] + xl[y])
            b0 = min(b0, xb[y])
            b1 = max(b1, xb[y] + xl[y])
            y += 1
        a0, b0 = max(fa, a0 - MARGIN), max(fb, b0 - MARGIN)
        a1, b1 = min(la, a1 + MARGIN), min(lb, b1 + MARGIN)
        if a1 - a0 <= TILE + 2 * MARGIN and b1 - b0 <= WIDEST:
            n = join(sym, a0, a1, b0, b1, heads, chain, xa, xb, xl, n)
        elif y == x + 1:
            # one long run: only around its ends
            e, f = xa[x] + xl[x], xb[x] + xl[x]
            n = join(sym, max(fa, e - 4), min(la, e + MARGIN), max(fb, f - 4), min(lb, f + MARGIN), heads, chain,
                      xa, xb, xl, n)  # fmt: skip
            e, f = xa[x], xb[x]
            n = join(sym, max(fa, e - MARGIN), min(la, e + 4), max(fb, f - MARGIN), min(lb, f + 4), heads, chain,
                      xa, xb, xl, n)  # fmt: skip
        x = y
    for t in range(first_short, n):
        xw[t] = 2 * xl[t] if xl[t] >= 64 else weigh(sym, xa[t], xl[t])
        longest = max(longest, xl[t])
    by = np.empty(n, dtype=np.int64)
    rising(xa, n, by)
    matched += _grow(xa, xb, xl, xw, by, n, 0, longest, 12, xstate, used_a, used_b, fa, fb, box)
    matched += _grow(xa, xb, xl, xw, by, n, 0, longest, 0, xstate, used_a, used_b, fa, fb, box)
    members = np.empty(n, dtype=np.int64)
    m = 0
    for x in range(n):
        if xstate[by[x]] == 1:
            members[m] = by[x]
            m += 1
    matched += _between(sym, xa, xb, xl, members, m, used_a, used_b, fa, fb, row[0])
    for x in range(m):
        _clear(xa, xb, xl, members[x], used_a, used_b, fa, fb)
    matched += _ends(sym, mark, xa, xb, xl, members, m, fa, la, fb, lb, row, shift, box)
    a0, a1, b0, b1 = box[0], box[1], box[2], box[3]
    if 2 * matched < least and weigh(sym, a0, a1 - a0) < least:
        return found
    if 5 * matched < 2 * max(a1 - a0, b1 - b0):
        return found
    for f in range(begin, found):
        over_a = min(a1 - fa, out[f, 3]) - max(a0 - fa, out[f, 2])
        over_b = min(b1 - fb, out[f, 5]) - max(b0 - fb, out[f, 4])
        if 2 * over_a > a1 - a0 and 2 * over_b > b1 - b0:
            if matched > out[f, 6]:
                out[f, 2], out[f, 3], out[f, 4], out[f, 5] = a0 - fa, a1 - fa, b0 - fb, b1 - fb
                out[f, 6], out[f, 7], out[f, 8], out[f, 9] = matched, weight, rarity, seeds
            return found
    if found >= len(out):
        return -1
    out[found, 0] = np.int64(pair >> S32)
    out[found, 1] = np.int64(pair & LOW32)
    out[found, 2], out[found, 3], out[found, 4], out[found, 5] = a0 - fa, a1 - fa, b0 - fb, b1 - fb
    out[found, 6], out[found, 7], out[found, 8], out[found, 9] = matched, weight, rarity, seeds
    return found + 1
