"""From places of equal n-grams in a pair of documents to passages: families of runs, and parts of one."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from luoshi.kernels.edges_numba import Texts, Where, between, outward
from luoshi.kernels.runs_numba import HEADS, LOW32, S32, join, prune, rising, runs_through, weigh

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
Used = tuple[U8, U8]
"""Which symbols of the two documents a family has covered, by place in the document."""
Scratch = tuple[I32, I32]
Rows = tuple[I64, I64]
Runs = tuple[I64, I64, I64, I64]
"""Places in a and in b, lengths, weights."""

MARGIN = 64
"""Symbols around a family of runs in which shorter runs are looked for."""
TILE = 1500
"""Symbols of a long family that are looked at in one go, in the one text; WIDEST in the other."""
WIDEST = 6000
NEAR = 56
"""Symbols between a run and the family that it belongs to, in both texts together, at most."""
WIDE = 60
"""Symbols in both texts between two passages that are parts of one."""
FAR = 220
"""Symbols in one text, where there are at most BESIDE in the other: something was put in between."""
BESIDE = 24
STRONG = 20
"""Weight of a run that is looked at for standing beside a passage, though it lacks evidence of its own."""
MANY = 256
"""Passages of a pair of documents up to which each is compared with each."""
ROUNDS = 4
FIELDS = 10
"""Columns of a found passage: ranks of a and b, a0, a1, b0, b1, equal symbols, evidence, rarity and number of
its seeds."""


@njit(cache=True, nogil=True)
def _cover(ra: I64, rb: I64, rl: I64, i: int, used_a: U8, used_b: U8, fa: int, fb: int) -> int:
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
def _clear(ra: I64, rb: I64, rl: I64, members: I64, n: int, used_a: U8, used_b: U8, fa: int, fb: int) -> None:
    for x in range(n):
        i = members[x]
        used_a[ra[i] - fa : ra[i] + rl[i] - fa] = 0
        used_b[rb[i] - fb : rb[i] + rl[i] - fb] = 0


@njit(cache=True, nogil=True)
def _grow(
    ra: I64,
    rb: I64,
    rl: I64,
    rw: I64,
    order: I64,
    n: int,
    core: int,
    longest: int,
    weakest: int,
    state: U8,
    members: I64,
    size: int,
    used: Used,
    where: Where,
    box: I64,
) -> tuple[int, int]:
    """Adds to a box the free runs near it that cover what it lacks; gives members and covered symbols."""
    used_a, used_b = used
    fa, fb = where[0], where[2]
    matched = 0
    for _ in range(ROUNDS):
        before = size
        for way in range(2):
            x = core + 1 if way == 0 else core - 1
            while 0 <= x < n:
                i = order[x]
                a, b, length = ra[i], rb[i], rl[i]
                if way == 0:
                    if a > box[1] + NEAR:
                        break
                    x += 1
                else:
                    if a + longest < box[0] - NEAR:
                        break
                    x -= 1
                if state[i] != 0 or rw[i] < weakest:
                    continue
                gap = max(0, a - box[1], box[0] - (a + length)) + max(0, b - box[3], box[2] - (b + length))
                if gap > min(NEAR, 4 + 2 * rw[i]):
                    continue
                gain = 0
                for t in range(length):
                    gain += used_a[a + t - fa] == 0 and used_b[b + t - fb] == 0
                if 2 * gain < length or gain < 2:
                    continue
                matched += _cover(ra, rb, rl, i, used_a, used_b, fa, fb)
                state[i] = 1
                members[size] = i
                size += 1
                box[0] = min(box[0], a)
                box[1] = max(box[1], a + length)
                box[2] = min(box[2], b)
                box[3] = max(box[3], b + length)
        if size == before:
            break
    return size, matched


@njit(cache=True, nogil=True)
def _beside(a0: int, a1: int, b0: int, b1: int, out: I64, y: int) -> bool:
    """Whether a stretch stands so near to a passage that it may be a part of it."""
    gap_a = max(0, out[y, 2] - a1, a0 - out[y, 3])
    gap_b = max(0, out[y, 4] - b1, b0 - out[y, 5])
    if gap_a <= WIDE and gap_b <= WIDE:
        return True
    return (gap_a <= FAR and gap_b <= BESIDE) or (gap_b <= FAR and gap_a <= BESIDE)


@njit(cache=True, nogil=True)
def _merge(out: I64, begin: int, end: int, enough: int, least: int) -> int:
    """Joins passages of a pair of documents that are parts of one, drops parts of none; gives their end."""
    x = begin
    while x < end and end - begin <= MANY:
        joined = False
        for y in range(begin, end):
            if y == x or not _beside(out[x, 2], out[x, 3], out[x, 4], out[x, 5], out, y):
                continue
            a0, a1 = min(out[x, 2], out[y, 2]), max(out[x, 3], out[y, 3])
            b0, b1 = min(out[x, 4], out[y, 4]), max(out[x, 5], out[y, 5])
            matched = out[x, 6] + out[y, 6]
            short, long = min(a1 - a0, b1 - b0), max(a1 - a0, b1 - b0)
            # more equal symbols than there is text: the same passage a second time
            if 5 * matched <= 6 * short and 5 * matched >= 2 * long:
                out[x, 2], out[x, 3], out[x, 4], out[x, 5] = a0, a1, b0, b1
                out[x, 6] = min(matched, short)
                for f in range(7, FIELDS):
                    out[x, f] += out[y, f]
                end -= 1
                out[y] = out[end]
                x = y if x == end else x
                joined = True
                break
        if not joined:
            x += 1
    kept = begin
    for x in range(begin, end):
        if out[x, 7] >= enough or out[x, 6] >= least:
            out[kept] = out[x]
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def _shorter(texts: Texts, where: Where, size: int, scratch: Scratch, xa: int, xb: int, xl: int) -> int:
    """Shorter runs around those that lie in the columns already, tile by tile; gives the number of all."""
    sym_a, _, sym_b, _ = texts
    fa, la, fb, lb = where
    heads, chain = scratch
    n = size
    x = 0
    while x < size:
        a0, b0 = xa[x], xb[x]
        a1, b1 = a0 + xl[x], b0 + xl[x]
        y = x + 1
        while y < size and xa[y] + xl[y] - a0 <= TILE:
            a1 = max(a1, xa[y] + xl[y])
            b0 = min(b0, xb[y])
            b1 = max(b1, xb[y] + xl[y])
            y += 1
        a0, b0 = max(fa, a0 - MARGIN), max(fb, b0 - MARGIN)
        a1, b1 = min(la, a1 + MARGIN), min(lb, b1 + MARGIN)
        if a1 - a0 <= TILE + 2 * MARGIN and b1 - b0 <= WIDEST:
            n = join(sym_a, sym_b, a0, a1, b0, b1, heads, chain, xa, xb, xl, n)
        elif y == x + 1:
            # one long run: only around its ends
            a, b = xa[x] + xl[x], xb[x] + xl[x]
            a0, b0, a1, b1 = max(fa, a - 4), max(fb, b - 4), min(la, a + MARGIN), min(lb, b + MARGIN)
            n = join(sym_a, sym_b, a0, a1, b0, b1, heads, chain, xa, xb, xl, n)
            a, b = xa[x], xb[x]
            a0, b0, a1, b1 = max(fa, a - MARGIN), max(fb, b - MARGIN), min(la, a + 4), min(lb, b + 4)
            n = join(sym_a, sym_b, a0, a1, b0, b1, heads, chain, xa, xb, xl, n)
        x = y
    return n


@njit(cache=True, nogil=True)
def _second(
    texts: Texts,
    where: Where,
    runs: Runs,
    members: I64,
    size: int,
    matched: int,
    limits: tuple[int, int],
    scratch: Scratch,
    rows: Rows,
    used: Used,
    box: I64,
) -> int:
    """Shorter runs near a family, its gaps and ends; gives equal symbols, 0 where it is no passage."""
    ra, rb, rl, _ = runs
    row, shift = rows
    fa, _, fb, _ = where
    room = 2 * size + 400
    xa, xb = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    xl = np.empty(room, dtype=np.int64)
    keys, by = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    for x in range(size):
        keys[x] = ra[members[x]]
    rising(keys, size, by)
    for x in range(size):
        i = members[by[x]]
        xa[x], xb[x], xl[x] = ra[i], rb[i], rl[i]
    n = _shorter(texts, where, size, scratch, xa, xb, xl)
    xw, by = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    mine = np.empty(n, dtype=np.int64)
    state = np.zeros(n, dtype=np.uint8)
    longest = 0
    for x in range(n):
        xw[x] = weigh(texts[0], xa[x], xl[x])
        longest = max(longest, xl[x])
    for x in range(size):
        state[x] = 1
        mine[x] = x
    rising(xa, n, by)
    core = 0
    while state[by[core]] == 0:
        core += 1
    m, more = _grow(xa, xb, xl, xw, by, n, core, longest, 12, state, mine, size, used, where, box)
    matched += more
    m, more = _grow(xa, xb, xl, xw, by, n, core, longest, 0, state, mine, m, used, where, box)
    matched += more
    m = 0
    for x in range(n):
        if state[by[x]] == 1:
            mine[m] = by[x]
            m += 1
    matched += between(texts[0], texts[2], xa, xb, xl, mine, m, used[0], used[1], fa, fb, row[0])
    _clear(xa, xb, xl, mine, m, used[0], used[1], fa, fb)
    matched += outward(texts, xa, xb, xl, mine, m, where, row, shift, box)
    _, least = limits
    if 2 * matched < least and weigh(texts[0], box[0], box[1] - box[0]) < least:
        return 0
    return matched if 5 * matched >= 2 * max(box[1] - box[0], box[3] - box[2]) else 0


@njit(cache=True, nogil=True)
def _take(
    out: I64, begin: int, found: int, where: Where, box: I64, values: tuple[int, int, int, int, int, int]
) -> int:
    """Writes a passage, of two that are alike the better; gives the end, -1 where there is no room."""
    fa, _, fb, _ = where
    a0, a1, b0, b1 = box[0] - fa, box[1] - fa, box[2] - fb, box[3] - fb
    at = found
    for f in range(begin, min(found, begin + MANY)):
        over_a = min(a1, out[f, 3]) - max(a0, out[f, 2])
        over_b = min(b1, out[f, 5]) - max(b0, out[f, 4])
        if 2 * over_a > a1 - a0 and 2 * over_b > b1 - b0:
            if values[2] <= out[f, 6]:
                return found
            at = f
            break
    if at >= len(out):
        return -1
    out[at, 0], out[at, 1] = values[0], values[1]
    out[at, 2], out[at, 3], out[at, 4], out[at, 5] = a0, a1, b0, b1
    out[at, 6], out[at, 7], out[at, 8], out[at, 9] = values[2], values[3], values[4], values[5]
    return max(found, at + 1)


@njit(cache=True, nogil=True)
def _families(
    texts: Texts, where: Where, runs: Runs, rs: I64, order: I64, n: int, state: U8, members: I64,
    limits: tuple[int, int], scratch: Scratch, rows: Rows, used: Used, box: I64, pair: int, out: I64,
    found: int,
) -> int:  # fmt: skip
    """Families of near runs, strongest first, each looked at a second time with shorter runs."""
    ra, rb, rl, rw = runs
    fa, _, fb, _ = where
    enough, least = limits
    begin = found
    by, keys = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for x in range(n):
        state[x] = 0
        keys[x] = -rw[order[x]]
    rising(keys, n, by)
    for y in range(n):
        core = by[y]
        c = order[core]
        if state[c] != 0:
            continue
        box[0], box[1], box[2], box[3] = ra[c], ra[c] + rl[c], rb[c], rb[c] + rl[c]
        state[c] = 1
        # stronger runs are taken, so none that is free is longer
        longest = rw[c] // 2
        members[0] = c
        matched = _cover(ra, rb, rl, c, used[0], used[1], fa, fb)
        size, more = _grow(ra, rb, rl, rw, order, n, core, longest, 0, state, members, 1, used, where, box)
        evidence = rarity = seeds = 0
        for x in range(size):
            evidence += rs[members[x], 0]
            rarity += rs[members[x], 1]
            seeds += rs[members[x], 2]
        part = False
        if evidence < enough and STRONG <= rw[c] < 2 * least and found - begin <= MANY:
            for f in range(begin, found):
                part = part or _beside(box[0] - fa, box[1] - fa, box[2] - fb, box[3] - fb, out, f)
        if evidence < enough and rw[c] < 2 * least and not part:
            _clear(ra, rb, rl, members, size, used[0], used[1], fa, fb)
            for x in range(1, size):
                state[members[x]] = 0
            continue
        low = (enough, least // 2 if part else least)
        matched = _second(
            texts, where, runs, members, size, matched + more, low, scratch, rows, used, box
        )  # fmt: skip
        for x in range(size):
            state[members[x]] = 2
        if matched == 0:
            continue
        _swallow(ra, rb, rl, order, n, core, longest, state, box)
        values = (np.int64(pair >> S32), np.int64(pair & LOW32), matched, evidence, rarity, seeds)
        found = _take(out, begin, found, where, box, values)
        if found < 0:
            return -1
    return found


@njit(cache=True, nogil=True)
def _swallow(
    ra: I64, rb: I64, rl: I64, order: I64, n: int, core: int, longest: int, state: U8, box: I64
) -> None:
    """Free runs that lie inside a box are no passages of their own."""
    for way in range(2):
        x = core + 1 if way == 0 else core - 1
        while 0 <= x < n:
            i = order[x]
            if (way == 0 and ra[i] > box[1]) or (way == 1 and ra[i] + longest < box[0]):
                break
            x += 1 if way == 0 else -1
            inside = ra[i] >= box[0] and ra[i] + rl[i] <= box[1]
            if inside and rb[i] >= box[2] and rb[i] + rl[i] <= box[3] and state[i] == 0:
                state[i] = 2


@njit(inline="always")
def _pair(pair: U64, common: U8, weights: U8, cap: int, i: int) -> tuple[int, int, bool]:
    """The end of the pair of documents that begins here, its evidence, whether one is over the cap."""
    j = i
    total = np.int64(0)
    star = False
    while j < len(pair) and pair[j] == pair[i]:
        total += weights[common[j]]
        star = star or common[j] > cap
        j += 1
    return j, total, star


@njit(cache=True, nogil=True)
def passages(
    pair: U64, place: U64, common: U8, side_a: tuple[I64, U32, U8, I64], side_b: tuple[I64, U32, U8, I64],
    weights: U8, rare: U8, need: int, cap: int, enough: int, least: int, begin: int, out: I64,
) -> tuple[int, int]:  # fmt: skip
    """See :func:`luoshi.kernels.passages_py.passages`."""
    docs_a, sym_a, mark_a, bounds_a = side_a
    docs_b, sym_b, mark_b, bounds_b = side_b
    texts = (sym_a, mark_a, sym_b, mark_b)
    n = len(pair)
    found = 0
    size = 0
    ra = rb = rl = rw = keys = order = picked = members = np.empty(0, dtype=np.int64)
    rs = np.empty((0, 3), dtype=np.int64)
    state = np.empty(0, dtype=np.uint8)
    scratch = (np.empty(HEADS, dtype=np.int32), np.empty(TILE + 2 * MARGIN + 64, dtype=np.int32))
    rows = (np.empty((4, 64), dtype=np.int64), np.empty(3, dtype=np.int64))
    box = np.empty(4, dtype=np.int64)
    used_a = np.zeros(4096, dtype=np.uint8)
    used_b = np.zeros(4096, dtype=np.uint8)
    i = begin
    while i < n:
        j, total, star = _pair(pair, common, weights, cap, i)
        count = j - i
        if total < enough and not star:
            i = j
            continue
        if count > size:
            size = 2 * count + 64
            ra, rb = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
            rl, rw = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
            rs = np.empty((size, 3), dtype=np.int64)
            keys, order = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
            picked, members = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
            state = np.empty(size, dtype=np.uint8)
        count = prune(place, common, i, count, weights, cap, enough, keys, order, picked)
        if count > 0:
            da, db = docs_a[np.int64(pair[i] >> S32)], docs_b[np.int64(pair[i] & LOW32)]
            where = (bounds_a[da], bounds_a[da + 1], bounds_b[db], bounds_b[db + 1])
            if where[1] - where[0] > len(used_a):
                used_a = np.zeros(2 * (where[1] - where[0]), dtype=np.uint8)
            if where[3] - where[2] > len(used_b):
                used_b = np.zeros(2 * (where[3] - where[2]), dtype=np.uint8)
            runs = runs_through(
                where, place, common, picked, count, sym_a, sym_b, need, weights, rare, ra, rb, rl, rw, rs,
                keys, order,
            )  # fmt: skip
            rising(ra, runs, order)
            after = _families(
                texts, where, (ra, rb, rl, rw), rs, order, runs, state, members, (enough, least), scratch,
                rows, (used_a, used_b), box, pair[i], out, found,
            )  # fmt: skip
            if after < 0:
                return i, found
            found = _merge(out, found, after, enough, least)
        i = j
    return n, found
