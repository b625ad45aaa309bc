"""The kernels of text reuse, in the order in which a corpus walks through them."""

from __future__ import annotations

from luoshi.kernels.families_numba import families
from luoshi.kernels.index_numba import found_in, post, spread, tidy, times
from luoshi.kernels.pairs_numba import pairs, sort_pairs
from luoshi.kernels.passages_numba import FIELDS, passages
from luoshi.kernels.seeds_numba import choose, order, scatter, tally
from luoshi.kernels.symbols_numba import add_up, count, digests, grams, look_up, symbols

__all__ = [
    "FIELDS",
    "add_up",
    "choose",
    "count",
    "digests",
    "families",
    "found_in",
    "grams",
    "look_up",
    "order",
    "pairs",
    "passages",
    "post",
    "scatter",
    "sort_pairs",
    "spread",
    "symbols",
    "tally",
    "tidy",
    "times",
]
