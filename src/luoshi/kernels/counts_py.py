"""Plain twin of :mod:`luoshi.kernels.counts_numba`, its oracle: same arguments, same results.

The three together give what ``count`` and ``look_up`` of :mod:`luoshi.kernels.symbols_py` give with one
table. A table larger than the processor's cache costs a wait for memory at every n-gram, twice; here the
n-grams of a block are dealt by their leading bits, each part of all blocks is counted in a part of the table
that fits the cache, and as the n-grams of a part keep their order, the answers are read back as they lie.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]


def split(hashes: U64, shift: int, bits: int, slots: U32, ends: I64) -> None:
    """Deals the n-grams of a block to parts of the table, in their order.

    :param shift: the table has ``2**(64 - shift)`` entries; a hash of 0 is no n-gram.
    :param bits: leading bits of the hash that name the part; ``64 - bits - shift`` are at most 32.
    :param slots: gets the entries within their parts, part after part.
    :param ends: ``int64[2**bits + 1]``, gets where each part begins, and the end.
    """
    some = hashes[hashes != 0]
    part = (some >> np.uint64(64 - bits)).astype(np.int64)
    by = np.argsort(part, kind="stable")
    mask = np.uint64((1 << (64 - bits - shift)) - 1)
    slots[: len(some)] = ((some >> np.uint64(shift)) & mask)[by]
    ends[:] = np.searchsorted(part[by], np.arange((1 << bits) + 1))


def tell(slots: U32, begins: I64, ends: I64, part: int, table: U8, told: U8) -> None:
    """How often each n-gram of a part stands in all blocks, 255 if more.

    :param begins: where each block lies in ``slots`` and ``told``.
    :param ends: ``int64[blocks, parts + 1]``, of :func:`split`.
    :param table: the part's entries, to work in.
    :param told: gets the number beside each of ``slots``.
    """
    pieces = [slice(b + e[part], b + e[part + 1]) for b, e in zip(begins, ends, strict=True)]
    full = np.zeros(len(table), dtype=np.int64)
    for piece in pieces:
        np.add.at(full, slots[piece], 1)
    table[:] = np.minimum(full, 255)
    for piece in pieces:
        told[piece] = table[slots[piece]]


def bring_back(hashes: U64, bits: int, told: U8, ends: I64, state: U8) -> None:
    """What :func:`tell` told of the n-grams of a block, in their order in the text; 0 where there is none.

    :param told: of this block; ``ends`` of :func:`split`.
    """
    there = np.flatnonzero(hashes)
    part = (hashes[there] >> np.uint64(64 - bits)).astype(np.int64)
    state[:] = 0
    state[there[np.argsort(part, kind="stable")]] = told[: ends[-1]]
