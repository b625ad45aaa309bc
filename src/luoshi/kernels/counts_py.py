"""Plain twin of :mod:`luoshi.kernels.counts_numba`, its oracle: same arguments, same results.

The three together give what ``count`` and ``look_up`` of :mod:`luoshi.kernels.symbols_py` give with one
table, but tell of n-grams that are alone with another in their entry. A table larger than the processor's
cache costs a wait for memory at every n-gram, twice; here the n-grams of a block are dealt by their leading
bits, each part of all blocks is counted in a part of the table that fits the cache, and as the n-grams of a
part keep their order, the answers are read back as they lie.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]


def split(hashes: U64, bits: int, slots: U32, ends: I64) -> None:
    """Deals the n-grams of a block to parts of the table, in their order.

    :param hashes: 0 is no n-gram.
    :param bits: leading bits of the hash that name the part.
    :param slots: gets the 32 bits behind these, part after part.
    :param ends: ``int64[2**bits + 1]``, gets where each part begins, and the end.
    """
    some = hashes[hashes != 0]
    part = (some >> np.uint64(64 - bits)).astype(np.int64)
    by = np.argsort(part, kind="stable")
    slots[: len(some)] = ((some << np.uint64(bits)) >> np.uint64(32))[by]
    ends[:] = np.searchsorted(part[by], np.arange((1 << bits) + 1))


def tell(slots: U32, begins: I64, ends: I64, part: int, table: U16, told: U8) -> None:
    """How often each n-gram of a part stands in all blocks, 255 if more; 0 where it is certainly alone.

    An entry of the table is shared by all n-grams whose leading bits are the same. Where two stand in one,
    and eight further bits differ, they are two n-grams that stand once each.

    :param begins: where each block lies in ``slots`` and ``told``.
    :param ends: ``int64[blocks, parts + 1]``, of :func:`split`.
    :param table: the part's entries, to work in, at most ``2**24``: the leading bits of the slots name them.
    :param told: gets the number beside each of ``slots``.
    """
    pieces = [slice(b + e[part], b + e[part + 1]) for b, e in zip(begins, ends, strict=True)]
    size = len(table).bit_length() - 1
    full, apart = np.zeros(len(table), dtype=np.int64), np.zeros(len(table), dtype=np.uint32)
    for piece in pieces:
        entry = slots[piece].astype(np.int64) >> 32 - size
        np.add.at(full, entry, 1)
        np.bitwise_xor.at(apart, entry, slots[piece] >> np.uint32(24 - size) & np.uint32(255))
    times = np.minimum(full, 255)
    times[(full == 2) & (apart != 0)] = 0
    table[:] = times
    for piece in pieces:
        told[piece] = times[slots[piece].astype(np.int64) >> 32 - size]


def bring_back(hashes: U64, bits: int, told: U8, ends: I64, state: U8) -> None:
    """What :func:`tell` told of the n-grams of a block, in their order in the text; 0 where there is none.

    :param told: of this block; ``ends`` of :func:`split`.
    """
    there = np.flatnonzero(hashes)
    part = (hashes[there] >> np.uint64(64 - bits)).astype(np.int64)
    state[:] = 0
    state[there[np.argsort(part, kind="stable")]] = told[: ends[-1]]
