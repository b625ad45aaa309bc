"""Runs of equal symbols of two documents: through given places, and all the shorter ones of two windows."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
Where = tuple[int, int, int, int]
"""First and last symbol of the two documents."""

S32 = np.uint64(32)
LOW32 = np.uint64(0xFFFFFFFF)
WORD = np.uint32(0x80000000)
SHORT = 8
"""Weight of the shortest run of the second pass: 2 a Han character, 3 a word."""
HEADS = 4096
TRIES = 24
"""Places with the same three symbols that are tried at most."""


@njit(cache=True, nogil=True)
def weigh(sym: U32, a: int, n: int) -> int:
    """See :func:`luoshi.kernels.passages_py.weigh`."""
    w = 2 * n
    if n < 64:
        for t in range(n):
            w += sym[a + t] >= WORD
    return w


@njit(cache=True, nogil=True)
def rising(keys: I64, n: int, order: I64) -> None:
    """Positions of ``keys[:n]`` in rising order, equals as they stand."""
    if n > 24:
        order[:n] = np.argsort(keys[:n], kind="mergesort")
        return
    for i in range(n):
        k = keys[i]
        j = i
        while j > 0 and keys[order[j - 1]] > k:
            order[j] = order[j - 1]
            j -= 1
        order[j] = i


@njit(cache=True, nogil=True)
def prune(
    place: U64,
    common: U8,
    begin: int,
    count: int,
    weights: U8,
    cap: int,
    enough: int,
    keys: I64,
    order: I64,
    picked: I64,
) -> int:
    """Which places have company enough in one of the two cells that they lie in; gives their number.

    Places of seeds too common to be paired in full stay: there is one of them where there could be many.
    """
    for t in range(count):
        picked[t] = common[begin + t] > cap
    for half in range(2):
        for t in range(count):
            pa = np.int64(place[begin + t] >> S32)
            pb = np.int64(place[begin + t] & LOW32)
            u = (pa - pb + (np.int64(1) << np.int64(40)) + 64 * half) >> 7
            keys[t] = (u << 24) ^ ((pa + pb + 128 * half) >> 9)
        rising(keys, count, order)
        x = 0
        while x < count:
            y = x
            total = np.int64(0)
            while y < count and keys[order[y]] == keys[order[x]]:
                total += weights[common[begin + order[y]]]
                y += 1
            if total >= enough:
                for z in range(x, y):
                    picked[order[z]] = 1
            x = y
    n = 0
    for t in range(count):
        if picked[t] == 1:
            picked[n] = begin + t
            n += 1
    return n


@njit(cache=True, nogil=True)
def runs_through(
    where: Where,
    place: U64,
    common: U8,
    picked: I64,
    count: int,
    sym_a: U32,
    sym_b: U32,
    need: int,
    weights: U8,
    rare: U8,
    ra: I64,
    rb: I64,
    rl: I64,
    rw: I64,
    rs: I64,
    keys: I64,
    order: I64,
) -> int:
    """Maximal runs of equal symbols through the picked places, diagonal by diagonal; gives their number.

    ``rs`` gets evidence, rarity and number of the seeds of each.
    """
    fa, la, fb, lb = where
    for t in range(count):
        pa = np.int64(place[picked[t]] >> S32)
        pb = np.int64(place[picked[t]] & LOW32)
        keys[t] = ((pa - pb) << 31) + pa
    rising(keys, count, order)
    runs = 0
    diagonal = np.int64(0)
    until = np.int64(-1)
    for x in range(count):
        t = picked[order[x]]
        a = np.int64(place[t] >> S32) + fa
        b = np.int64(place[t] & LOW32) + fb
        if runs > 0 and a - b == diagonal and a < until:
            rs[runs - 1, 0] += weights[common[t]]
            rs[runs - 1, 1] += rare[common[t]]
            rs[runs - 1, 2] += 1
            continue
        left = 0
        while a - left > fa and b - left > fb and sym_a[a - left - 1] == sym_b[b - left - 1]:
            left += 1
        right = 0
        while a + right < la and b + right < lb and sym_a[a + right] == sym_b[b + right]:
            right += 1
        length = left + right
        # two n-grams of one hash
        if right == 0 or weigh(sym_a, a - left, length) < need:
            continue
        diagonal = a - b
        until = a + right
        ra[runs], rb[runs], rl[runs] = a - left, b - left, length
        rw[runs] = weigh(sym_a, a - left, length)
        rs[runs, 0], rs[runs, 1], rs[runs, 2] = weights[common[t]], rare[common[t]], 1
        runs += 1
    return runs


@njit(inline="always")
def _three(x: int, y: int, z: int) -> int:
    h = np.uint32((x * np.uint32(0x9E3779B1)) ^ (y * np.uint32(0x85EBCA77)) ^ (z * np.uint32(0xC2B2AE3D)))
    return (h ^ (h >> np.uint32(15))) & np.uint32(HEADS - 1)


@njit(cache=True, nogil=True)
def join(
    sym_a: U32,
    sym_b: U32,
    a0: int,
    a1: int,
    b0: int,
    b1: int,
    heads: I32,
    chain: I32,
    ra: I64,
    rb: I64,
    rl: I64,
    n: int,
) -> int:
    """Runs of equal symbols of two windows that weigh at least SHORT; gives their number."""
    heads[:] = -1
    for a in range(a1 - 3, a0 - 1, -1):
        h = _three(sym_a[a], sym_a[a + 1], sym_a[a + 2])
        chain[a - a0] = heads[h]
        heads[h] = a - a0
    room = len(ra)
    for b in range(b0, b1 - 2):
        s0, s1, s2 = sym_b[b], sym_b[b + 1], sym_b[b + 2]
        t = heads[_three(s0, s1, s2)]
        tries = 0
        while t >= 0 and tries < TRIES and n < room:
            a = a0 + t
            t = chain[t]
            tries += 1
            if sym_a[a] != s0 or sym_a[a + 1] != s1 or sym_a[a + 2] != s2:
                continue
            if a > a0 and b > b0 and sym_a[a - 1] == sym_b[b - 1]:
                continue
            length = 3
            while a + length < a1 and b + length < b1 and sym_a[a + length] == sym_b[b + length]:
                length += 1
            if length >= 4 or weigh(sym_a, a, length) >= SHORT:
                ra[n], rb[n], rl[n] = a, b, length
                n += 1
    return n
