"""Plain twin of :mod:`luoshi.kernels.pairs_numba`, its oracle: same arguments, same results."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

C1 = 0x9E3779B97F4A7C15
C2 = 0xC2B2AE3D27D4EB4F
C3 = 0x165667B19E3779F9
ALL = 0xFFFFFFFFFFFFFFFF


def cell(pair: int, pa: int, pb: int, half: int, bits: int) -> int:
    """Where in the table lies the cell of the plane of two documents in which a place lies.

    A cell is 128 symbols wide across the diagonals and 512 long in the sum of the two places; the second
    raster is shifted by half of that across, by a quarter along. Near cells of two documents, of both
    rasters, lie within 64 neighbouring bytes of the table: one access to memory fetches all.
    """
    u = (pa - pb + (1 << 40) + half) >> 7
    v = (pa + pb + 2 * half) >> 9
    x = pair * C1 & ALL
    line = (((x ^ ((u >> 6) * C2 & ALL)) * C1 & ALL) + ((v >> 6) * C2 & ALL)) & ALL
    line = (line ^ line >> 31) * C1 & ALL
    slot = (x + u * C2 + (v + half) * C3) * C1 & ALL
    return line >> 70 - bits << 6 | slot >> 58


def _inside(x: int, y: int) -> bool:
    return x >> 8 == y >> 8 and x >> 20 != 0 and x >> 8 & 0xFFF != 0


Place = tuple[int, int, int]
"""Document, place in it, context."""


def _couples(
    some: list[Place], cap: int, tag: int, age: U32, series: U32
) -> Iterator[tuple[Place, Place, bool]]:
    """Places of one n-gram that are paired, and whether in full."""
    est = some[0][2] & 0xFF
    if len(some) <= cap and est <= cap:
        sampled = tag >> 4 & 7 == 0
        for i, x in enumerate(some):
            for y in some[i + 1 :]:
                apart = x[0] != y[0] and series[x[0]] != series[y[0]]
                if apart and (sampled or not _inside(x[2], y[2])):
                    yield x, y, True
        return
    firsts = [x for i, x in enumerate(some) if i == 0 or some[i - 1][0] != x[0]]
    old = sorted(some, key=lambda x: (int(age[x[0]]), x[1]))
    for x in firsts:
        first = old[0]
        if series[x[0]] == series[first[0]]:
            others = [y for y in old if series[y[0]] != series[first[0]]]
            if not others:
                return
            first = others[0]
        if age[x[0]] >= age[first[0]]:
            yield first, x, False


def pairs(
    key: U64, context: U32, cap: int, bounds: I64, block: U32, block_shift: int, rank: U32, age: U32,
    series: U32, weights: U8, table: U8, table_bits: int, least: int, begin: int, out_pair: U64,
    out_place: U64, out_common: U8,
) -> tuple[int, int]:  # fmt: skip
    """Places of equal n-grams in two documents, of a sorted bucket.

    An n-gram that stands at most ``cap`` times is paired with all its equals in documents of another series,
    but only at the ends of a stretch over which the equals go on, and at every eighth n-gram. One that stands
    more often is paired, once a document, with its first place in the earliest document.

    :param block: the document at every ``2**block_shift``-th symbol.
    :param weights: evidence of an n-gram by how often it stands.
    :param table: evidence gathered in the cells. With ``least`` 0 it is added there, and nothing is given;
        otherwise places are given both whose cells hold less, unless the n-gram is over the cap.
    :param begin: record to begin with, the first of its n-gram.
    :returns: the record to go on with (where the room was not enough), and how many places were written:
        ranks of the documents, symbols from their beginnings, both as upper << 32 | lower, and how often the
        n-gram stands (more than ``cap`` where it was not paired in full).
    """
    made = 0
    entries = list(zip(key.tolist(), context.tolist(), strict=True))[begin:]
    done = begin
    for tag, same in groupby(entries, key=lambda e: e[0] >> 32):
        some: list[Place] = []
        for k, c in same:
            g = k & 0xFFFFFFFF
            d = int(np.searchsorted(bounds, g, side="right")) - 1
            some.append((d, g - int(bounds[d]), c))
        est = some[0][2] & 0xFF
        full = len(some) <= cap and est <= cap
        size = len(some) * (len(some) - 1) // 2 if full else len(some)
        if least and len(some) > 1 and made + size > len(out_pair):
            return done, made
        for x, y, paired in _couples(some, cap, tag, age, series) if len(some) > 1 else ():
            if rank[x[0]] > rank[y[0]]:
                x, y = y, x
            pair = int(rank[x[0]]) << 32 | int(rank[y[0]])
            cells = [cell(pair, x[1], y[1], half, table_bits) for half in (0, 64)]
            if not least:
                for c in cells:
                    table[c] = min(255, int(table[c]) + int(weights[est if paired else max(est, cap + 1)]))
            elif not paired or max(table[c] for c in cells) >= least:
                out_pair[made] = pair
                out_place[made] = x[1] << 32 | y[1]
                out_common[made] = est if paired else max(est, cap + 1)
                made += 1
        done += len(some)
    return len(key), made


def weigh(
    key: U64, context: U32, ends: I64, first: int, step: int, cap: int, bounds: I64, block: U32,
    block_shift: int, rank: U32, age: U32, series: U32, weights: U8, table: U8, table_bits: int,
) -> None:  # fmt: skip
    """:func:`pairs` with ``least`` 0 for every ``step``-th sorted bucket from ``first`` on.

    :param ends: where each bucket begins, and the end.
    :param weights: at most 63.
    """
    none, common = np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint8)
    for b in range(first, len(ends) - 1, step):
        part = slice(ends[b], ends[b + 1])
        pairs(
            key[part], context[part], cap, bounds, block, block_shift, rank, age, series, weights, table,
            table_bits, 0, 0, none, none, common,
        )  # fmt: skip


def bars(table: U8, least: int, words: U64) -> None:
    """Which cells hold ``least`` or more: a bit of a word for each of 64 neighbours, the lowest first."""
    words[:] = np.packbits(table >= least, bitorder="little").view("<u8")


def give(
    key: U64, context: U32, cap: int, bounds: I64, block: U32, block_shift: int, rank: U32, age: U32,
    series: U32, words: U64, table_bits: int, begin: int, out_pair: U64, out_place: U64, out_common: U8,
) -> tuple[int, int]:  # fmt: skip
    """:func:`pairs` with a ``least``, the table as of :func:`bars`: an eighth of the memory to wait for."""
    table = np.unpackbits(words.view(np.uint8), bitorder="little")
    none = np.zeros(256, dtype=np.uint8)
    return pairs(
        key, context, cap, bounds, block, block_shift, rank, age, series, none, table, table_bits, 1, begin,
        out_pair, out_place, out_common,
    )  # fmt: skip


def deal(
    pair: U64, place: U64, common: U8, parts: int, out_pair: U64, out_place: U64, out_common: U8, ends: I64
) -> None:  # fmt: skip
    """Deals places to parts by pair of documents, in their order.

    :param parts: at most 65,536.
    :param ends: ``int64[parts + 1]``, gets where each part begins in the columns ``out_*``, and the end.
    """
    part = ((pair * np.uint64(C1)) >> np.uint64(40)) % np.uint64(parts)
    by = np.argsort(part, kind="stable")
    out_pair[: len(pair)], out_place[: len(pair)], out_common[: len(pair)] = pair[by], place[by], common[by]
    ends[:] = np.searchsorted(part[by].astype(np.int64), np.arange(parts + 1))


def sort_pairs(pair: U64, place: U64, common: U8) -> None:
    """Sorts places by pair of documents, equals as they stand, in place."""
    by = np.argsort(pair, kind="stable")
    pair[:], place[:], common[:] = pair[by], place[by], common[by]
