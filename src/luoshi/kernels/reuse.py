"""The kernels of text reuse, in the order in which a corpus walks through them."""

from __future__ import annotations

from luoshi.kernels.company_numba import company
from luoshi.kernels.counts_numba import bring_back, split, tell
from luoshi.kernels.families_numba import equal, families
from luoshi.kernels.index_numba import found_in, post, spread, tidy, times
from luoshi.kernels.pairs_numba import bars, deal, give, pairs, sort_pairs, weigh
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
    "pairs",
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


def warm() -> None:
    """Compile every kernel for the types with which the engines call it, and keep the machine code."""
    import numpy as np

    def u8(n: int) -> np.ndarray:
        return np.zeros(n, dtype=np.uint8)

    def u32(n: int) -> np.ndarray:
        return np.zeros(n, dtype=np.uint32)

    def u64(n: int) -> np.ndarray:
        return np.zeros(n, dtype=np.uint64)

    def i64(*values: int) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    text = "山水田路" * 3
    codes = np.frombuffer((text * 2).encode("utf-32-le"), dtype=np.uint32)
    n = len(text)
    kinds = np.arange(0x10000, dtype=np.uint32) | np.uint32(1 << 28)
    sym, start, width, mark, bounds = u32(2 * n), u32(2 * n), u8(2 * n), u8(2 * n), i64(0, 0, 0)
    symbols(codes, i64(0, n, 2 * n), kinds, sym, start, width, mark, bounds)
    digests(sym, bounds, u64(2))
    hashes, state, table = u64(2 * n), u8(2 * n), u8(256)
    grams(sym, bounds, 0, 2 * n, 8, hashes)
    count(hashes, table, 56, 0)
    add_up(table, u8(256))
    look_up(hashes, table, 56, 0, state)
    ends = np.zeros((1, 5), dtype=np.int64)
    split(hashes, 56, 2, sym, ends[0])
    tell(sym, i64(0), ends, 0, table[:64], state)
    bring_back(hashes, 2, state, ends[0], u8(2 * n))
    chosen = choose(hashes, mark, 200, state)
    tally(hashes, state, 63, i64(0, 0))
    key, context = u64(chosen), u32(chosen)
    scatter(hashes, state, 0, 0, 2 * n, bounds, 200, 63, 0, 2, i64(0, 0), key, context)
    order(key, context)
    page, rank, evidence = u32(2), np.arange(2, dtype=np.uint32), np.full(256, 90, dtype=np.uint8)
    page[:] = 0
    pair, place, common = u64(4096), u64(4096), u8(4096)
    for least in (0, 1):
        _, made = pairs(
            key,
            context,
            200,
            bounds,
            page,
            5,
            rank,
            rank,
            rank,
            evidence,
            table,
            8,
            least,
            0,
            pair,
            place,
            common,
        )
    words, ends = u64(4), i64(0, chosen)
    weigh(key, context, ends, 0, 1, 200, bounds, page, 5, rank, rank, rank, evidence, table, 8)
    bars(table, 1, words)
    give(key, context, 200, bounds, page, 5, rank, rank, rank, evidence, words, 8, 0, pair, place, common)
    deal(pair, place, common, 2, pair.copy(), place.copy(), common.copy(), i64(0, 0, 0))
    pair, place, common = pair[:made], place[:made], common[:made]
    sort_pairs(pair, place, common)
    company(pair, place, common, evidence, 200, 60, u8(made))
    side = (i64(0, 1), sym, mark, bounds)
    out = np.zeros((64, FIELDS), dtype=np.int64)
    passages(pair, place, common, side, side, evidence, evidence, 8, 200, 60, 8, 0, out)
    families(i64(0, 1), i64(0, 0), i64(9, 9), i64(0), i64(1))
    equal(sym, i64(0), sym, i64(0), i64(1))
    sizes = i64(*[0] * 16)
    spread(hashes, 60, sizes)
    begins = np.r_[0, np.cumsum(sizes)]
    entries = u64(int(begins[-1]))
    post(hashes, 0, 60, 0, 16, begins[:-1].copy(), entries)
    tidy(entries, begins)
    few = begins.astype(np.uint32)
    times(hashes, entries, few, 60, state)
    found_in(
        hashes, state, sym, bounds, u32(2), 8, 200, entries, few, 60, sym, bounds, page, 5, rank, u32(2), 0,
        u64(4096), u64(4096), u8(4096),
    )  # fmt: skip
