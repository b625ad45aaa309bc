"""Plain twin of :mod:`luoshi.kernels.symbols_numba`, its oracle: same arguments, same results."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

SINGLE, LETTER, CLAUSE, SENTENCE, OPENING = 1, 2, 3, 4, 5
WORD = 0x80000000
LONGEST_WORD = 63
BASE = 0x9E3779B97F4A7C15
MIX = 0xFF51AFD7ED558CCD
ALL = 0xFFFFFFFFFFFFFFFF


def symbols(
    codes: U32, bounds: I64, table: U32, out: U32, start: U32, width: U8, mark: U8, out_bounds: I64
) -> int:
    """Characters to symbols.

    :param codes: code points of texts, one after the other; ``bounds`` where each begins and the last ends.
    :param table: for each code point its kind (drop, single, letter, clause mark, sentence mark, opening
        mark, closing mark) in the top four bits, below them what it is folded to.
    :param out: gets a symbol for each single character and each run of at most 63 letters: the folded
        character, or a hash with the top bit set. ``start`` gets its first character's place in its text,
        ``width`` its characters, ``mark`` the border before it (0 none, 1 clause, 2 sentence or beginning) in
        bits 0–1, how many marks follow it at once (at most 7) in bits 2–4 and how many opening marks stand
        before it at once (at most 3) in bits 5–6.
    :param out_bounds: gets where each text begins in ``out``.
    :returns: the number of symbols.
    """
    n = 0
    for d in range(len(bounds) - 1):
        out_bounds[d] = n
        border, heads, tails, open_end = 2, 0, 0, -1
        text = codes[bounds[d] : bounds[d + 1]].tolist()
        entries = [int(table[c]) if c < len(table) else 0 for c in text]
        i = 0
        while i < len(text):
            kind = entries[i] >> 28
            if kind not in (SINGLE, LETTER):
                border = 2 if kind == SENTENCE else max(border, 1) if kind == CLAUSE else border
                heads = min(heads + 1, 3) if kind == OPENING else 0
                if kind not in (0, OPENING) and open_end == i and tails < 7:
                    tails += 1
                    open_end += 1
                    mark[n - 1] = (int(mark[n - 1]) & ~0b11100) | tails << 2
                i += 1
                continue
            j = i + 1
            if kind == SINGLE:
                out[n] = entries[i] & 0x0FFFFFFF
            else:
                while j < len(text) and entries[j] >> 28 == LETTER and j - i < LONGEST_WORD:
                    j += 1
                out[n] = _word([e & 0x0FFFFFFF for e in entries[i:j]])
            start[n], width[n], mark[n] = i, j - i, border | heads << 5
            n += 1
            border, heads, tails, open_end = 0, 0, 0, j
            i = j
    out_bounds[len(bounds) - 1] = n
    return n


def _word(letters: list[int]) -> int:
    h = 2166136261
    for c in letters:
        h = (h ^ c) * 16777619 & 0xFFFFFFFF
    h ^= h >> 15
    h = h * 0x85EBCA6B & 0xFFFFFFFF
    h ^= h >> 13
    return h | WORD


def grams(sym: U32, bounds: I64, first: int, last: int, need: int, out: U64) -> None:
    """Hashes of the n-grams that begin at the symbols ``first`` to ``last``, into ``out``.

    An n-gram is the shortest stretch of symbols of one text that weighs ``need``, where a word weighs 3 and
    any other symbol 2. Its hash is odd; where a text ends before, it is 0.
    """
    for i in range(first, last):
        end = int(bounds[int(np.searchsorted(bounds, i, side="right"))])
        h = weight = 0
        j = i
        while weight < need and j < end:
            s = int(sym[j])
            h = (h * BASE + s + 1) & ALL
            weight += 3 if s >= WORD else 2
            j += 1
        out[i - first] = _mixed(h) if weight >= need else 0


def _mixed(h: int) -> int:
    h ^= h >> 32
    h = h * MIX & ALL
    h ^= h >> 29
    h = h * BASE & ALL
    h ^= h >> 32
    return h | 1


def count(hashes: U64, table: U8, shift: int, low: int) -> None:
    """Adds n-grams to a slice of the table of frequencies; 255 is 255 or more.

    :param table: the cells from ``low`` on; an n-gram's cell is its hash without the last ``shift`` bits.
    """
    for h in hashes.tolist():
        cell = (h >> shift) - low
        if h and 0 <= cell < len(table):
            table[cell] = min(255, int(table[cell]) + 1)


def add_up(table: U8, other: U8) -> None:
    """Adds another table to one, cell by cell; 255 is 255 or more."""
    table[:] = np.minimum(table.astype(np.int64) + other, 255)


def look_up(hashes: U64, table: U8, shift: int, low: int, out: U8) -> None:
    """How often each n-gram stands, into ``out``; places of other slices of the table stay as they are."""
    for i, h in enumerate(hashes.tolist()):
        cell = (h >> shift) - low
        if not h:
            out[i] = 0
        elif 0 <= cell < len(table):
            out[i] = table[cell]


def digests(sym: U32, bounds: I64, out: U64) -> None:
    """A number for what each text holds, into ``out``."""
    for d in range(len(bounds) - 1):
        h = int(bounds[d + 1] - bounds[d])
        for s in sym[bounds[d] : bounds[d + 1]].tolist():
            h = (h ^ s) * BASE & ALL
            h ^= h >> 29
        out[d] = h
