"""The kernels of text reuse, in the order in which a corpus walks through them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels.company_numba import company
from luoshi.kernels.counts_numba import bring_back, split, tell
from luoshi.kernels.families_numba import equal, families
from luoshi.kernels.index_numba import found_in, post, spread, tidy, times
from luoshi.kernels.pairs_numba import bars, deal, give, sort_pairs, weigh
from luoshi.kernels.passages_numba import FIELDS, passages
from luoshi.kernels.seeds_numba import choose, order, scatter, tally
from luoshi.kernels.symbols_numba import add_up, count, digests, grams, look_up, symbols

__all__ = [
    "FIELDS",
    "add_up",
    "bars",
    "bring_back",
    "choose",
    "company",
    "count",
    "deal",
    "digests",
    "equal",
    "families",
    "found_in",
    "give",
    "grams",
    "look_up",
    "order",
    "passages",
    "post",
    "scatter",
    "sort_pairs",
    "split",
    "spread",
    "symbols",
    "tally",
    "tell",
    "tidy",
    "times",
    "weigh",
]

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]


def _u8(n: int) -> U8:
    return np.zeros(n, dtype=np.uint8)


def _u32(n: int) -> U32:
    return np.zeros(n, dtype=np.uint32)


def _u64(n: int) -> U64:
    return np.zeros(n, dtype=np.uint64)


def _i64(*values: int) -> I64:
    return np.array(values, dtype=np.int64)


def warm() -> None:
    """Compile every kernel for the types with which the engines call it, and keep the machine code."""
    text = "山水田路" * 3
    codes = np.frombuffer((text * 2).encode("utf-32-le"), dtype=np.uint32)
    n = len(text)
    kinds = np.arange(0x10000, dtype=np.uint32) | np.uint32(1 << 28)
    sym, start, width, mark = _u32(2 * n), _u32(2 * n), _u8(2 * n), _u8(2 * n)
    bounds, hashes = _i64(0, 0, 0), _u64(2 * n)
    symbols(codes, _i64(0, n, 2 * n), kinds, sym, start, width, mark, bounds)
    digests(sym, bounds, _u64(2))
    grams(sym, bounds, 0, 2 * n, 8, hashes)
    state = _warm_search(sym, mark, bounds, hashes)
    _warm_index(sym, bounds, hashes, state)
    families(_i64(0, 1), _i64(0, 0), _i64(9, 9), _i64(0), _i64(1))
    equal(sym, _i64(0), sym, _i64(0), _i64(1))


def _warm_search(sym: U32, mark: U8, bounds: I64, hashes: U64) -> U8:
    """From the hashes of n-grams to passages; gives the states."""
    n = len(sym)
    state, table = _u8(n), _u8(256)
    count(hashes, table, 56, 0)
    add_up(table, _u8(256))
    look_up(hashes, table, 56, 0, state)
    cuts = np.zeros((1, 5), dtype=np.int64)
    split(hashes, 2, _u32(n), cuts[0])
    tell(_u32(n), _i64(0), cuts, 0, np.zeros(64, dtype=np.uint16), _u8(n))
    bring_back(hashes, 2, state, cuts[0], _u8(n))
    chosen = choose(hashes, mark, 200, False, state)
    tally(hashes, state, 63, _i64(0, 0))
    key, context, ends = _u64(chosen), _u32(chosen), _i64(0, chosen)
    scatter(hashes, state, 0, 0, n, bounds, 200, 63, 0, 2, _i64(0, 0), key, context)
    order(key, context, ends, 0, 1)
    rank, evidence = np.arange(2, dtype=np.uint32), np.full(256, 60, dtype=np.uint8)
    frame, words = (bounds, _u32(2), 5, rank, rank, rank), _u64(4)
    weigh(key, context, ends, 0, 1, 200, *frame, evidence, table, 8)
    bars(table, 1, words)
    pair, place, common = _u64(4096), _u64(4096), _u8(4096)
    _, made = give(key, context, 200, *frame, words, 8, 0, pair, place, common)
    deal(pair, place, common, 2, pair.copy(), place.copy(), common.copy(), _i64(0, 0, 0))
    pair, place, common = pair[:made], place[:made], common[:made]
    sort_pairs(pair, place, common)
    company(pair, place, common, evidence, 200, 60, _u8(made))
    side = (_i64(0, 1), sym, mark, bounds)
    out = np.zeros((64, FIELDS), dtype=np.int64)
    passages(pair, place, common, side, side, evidence, evidence, 8, 200, 60, 8, 0, out)
    return state


def _warm_index(sym: U32, bounds: I64, hashes: U64, state: U8) -> None:
    """An index and a question to it."""
    sizes = _i64(*[0] * 16)
    spread(hashes, 60, sizes)
    begins = np.r_[0, np.cumsum(sizes)]
    entries = _u64(int(begins[-1]))
    post(hashes, 0, 60, 0, 16, begins[:-1].copy(), entries)
    tidy(entries, begins)
    few = begins.astype(np.uint32)
    times(hashes, entries, few, 60, state)
    rank = np.arange(2, dtype=np.uint32)
    found_in(
        hashes, state, sym, bounds, _u32(2), 8, 200, entries, few, 60, sym, bounds, _u32(2), 5, rank,
        _u32(2), 0, _u64(4096), _u64(4096), _u8(4096),
    )  # fmt: skip
