"""The steps of a search for text reuse, each a function of integer columns and nothing else.

An engine decides where the columns lie and in which portions they come; no result depends on the portions.

========  ============================================  ====================================================
step      from                                          to
========  ============================================  ====================================================
hashes    symbols of a portion                          a hash for each place: its n-gram (0: none)
count     hashes of every portion                       table by hash, how often (255 or more); these add up
choose    hashes, the table                             state of each place: 0, or how often it is there
seeds     hashes, states                                records (key, context) by bucket of the hash
pairs     all records of a bucket                       places (pair of documents, places in it, how often)
passages  all places of a pair of documents, symbols    passages
========  ============================================  ====================================================

So a cluster needs two shuffles: records by bucket, and places by pair of documents. All records of a bucket
and all places of a pair must come together; beyond that neither their order nor their number in a call
matters. ``pairs`` and ``passages`` see no text but the symbols of the two documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels import reuse as kernels
from luoshi.reuse.settings import Settings

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

PAGE_BITS = 7
"""The table of documents has an entry for every 128 symbols."""
BUCKET = 32768
"""Seeds of a bucket, about: they fit the processor's cache."""


def table_bits(symbols: int) -> int:
    """Size of the table of frequencies as a power of two: twice the symbols of the corpus, 2**16 to 2**36."""
    return min(36, max(16, int(2 * symbols - 1).bit_length()))


def cell_bits(symbols: int) -> int:
    """Size of the table of evidence as a power of two."""
    return min(28, max(16, table_bits(symbols) - 1))


def bucket_bits(seeds: int) -> int:
    """Number of buckets as a power of two, for so many chosen places."""
    return min(24, max(4, int(seeds // BUCKET).bit_length()))


def hashes(sym: U32, bounds: I64, first: int, last: int, settings: Settings) -> U64:
    """Hashes of the n-grams that begin at the symbols ``first`` to ``last``; 0 where none fits in."""
    out = np.empty(last - first, dtype=np.uint64)
    kernels.grams(sym, bounds, first, last, settings.seed_weight, out)
    return out


def choose(found: U64, mark: U8, state: U8, settings: Settings, *, alone: bool = False) -> int:
    """Turns frequencies of n-grams into states, in place; gives of how many places records are made.

    Call it for a stretch that begins where a document does, or at a multiple of 2**20 symbols of a document.

    :param found: hashes of the stretch.
    :param mark: marks of its symbols.
    :param state: how often each n-gram stands (:func:`kernels.look_up`), or, with ``alone``, what
        :func:`kernels.tell` tells; the choice is the same.
    """
    return int(kernels.choose(found, mark, settings.df_cap, alone, state))


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What the steps behind the partition need to know of the documents.

    :param bounds: ``int64[documents + 1]``, where each begins in the symbols.
    :param rank: ``uint32[documents]``, their order by what they hold; a pair is named in it.
    :param age: ``uint32[documents]``, their order by date, level and id.
    :param series: ``uint32[documents]``; equal numbers are not compared.
    :param page: ``uint32``, the document at every ``2**page_bits``-th symbol.
    """

    bounds: I64
    rank: U32
    age: U32
    series: U32
    page: U32
    page_bits: int = PAGE_BITS


def frame(bounds: I64, rank: U32, age: U32, series: U32, page_bits: int = PAGE_BITS) -> Frame:
    """A frame with its page table."""
    every = np.arange(0, int(bounds[-1]) + 1, 1 << page_bits)
    page = (np.searchsorted(bounds, every, side="right") - 1).astype(np.uint32)
    return Frame(bounds, rank, age, series, page, page_bits)


def order(key: U64, context: U32, ends: I64, first: int = 0, step: int = 1) -> None:
    """Sorts the records of buckets in place, before :func:`weigh` and :func:`pairs`.

    :param ends: where each bucket begins, and the end; every ``step``-th from ``first`` on is taken.
    """
    kernels.order(key, context, ends, first, step)


def weigh(
    key: U64, context: U32, ends: I64, first: int, step: int, around: Frame, table: U8, settings: Settings
) -> None:
    """Adds the evidence of sorted buckets to the table of cells; tables of several workers add up.

    Optional: it only spares work. :func:`pairs` leaves out places whose cells together gather too little, and
    :func:`passages` would leave them out too.

    :param ends: where each bucket begins, and the end; every ``step``-th from ``first`` on is taken.
    """
    kernels.weigh(
        key, context, ends, first, step, settings.df_cap, around.bounds, around.page, around.page_bits,
        around.rank, around.age, around.series, settings.evidence(), table, len(table).bit_length() - 1,
    )  # fmt: skip


def bars(table: U8, settings: Settings) -> U64:
    """Which cells of a table of :func:`weigh` hold enough, a bit for each: what :func:`pairs` goes by."""
    words = np.empty(len(table) // 64, dtype=np.uint64)
    kernels.bars(table, settings.enough, words)
    return words


Places = tuple[U64, U64, U8]
"""Columns of places, see :func:`pairs`."""


def room(places: int = 1 << 16) -> Places:
    """Columns for so many places."""
    pair, place = np.empty(places, dtype=np.uint64), np.empty(places, dtype=np.uint64)
    return pair, place, np.empty(places, dtype=np.uint8)


def pairs(
    key: U64, context: U32, around: Frame, words: U64, settings: Settings, into: Places | None = None
) -> Iterator[tuple[U64, U64, U8]]:
    """Places of equal n-grams in two documents, of a sorted bucket.

    :param words: of :func:`bars`; where all bits are set nothing is left out.
    :param into: columns to work in (:func:`room`): a caller with many buckets need not make them anew, and
        gets portions that hold until the next.
    :returns: portions of columns: ranks of the two documents (earlier << 32 | later), symbols from their
        beginnings (the same way), and how often the n-gram stands.
    """
    bits = len(words).bit_length() + 5
    begin = 0
    given = into is not None
    into = into or room()
    while begin < len(key):
        begin, made = kernels.give(
            key, context, settings.df_cap, around.bounds, around.page, around.page_bits, around.rank,
            around.age, around.series, words, bits, begin, *into,
        )  # fmt: skip
        if made:
            pair, place, common = into[0][:made], into[1][:made], into[2][:made]
            yield (pair, place, common) if given else (pair.copy(), place.copy(), common.copy())
        elif begin < len(key):
            into = room(4 * len(into[0]))


def sort_pairs(pair: U64, place: U64, common: U8) -> None:
    """Orders places by pair of documents, in place."""
    kernels.sort_pairs(pair, place, common)


def looked_at(pair: U64, common: U8, settings: Settings) -> NDArray[np.bool_]:
    """Which places belong to pairs of documents that :func:`passages` looks at; the others may be dropped.

    :param pair: rising, every place of each pair.
    """
    if not len(pair):
        return np.zeros(0, dtype=np.bool_)
    first = np.flatnonzero(np.r_[True, pair[1:] != pair[:-1]])
    evidence = np.add.reduceat(settings.evidence()[common].astype(np.int64), first)
    star = np.maximum.reduceat(common, first) > settings.df_cap
    return np.repeat((evidence >= settings.enough) | star, np.diff(np.r_[first, len(pair)]))


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The texts of one side of pairs of documents.

    :param docs: ``int64``, for each rank (or whatever a pair is named by) the ordinal of the document here.
    :param sym: symbols, one document after the other, with ``mark``.
    :param bounds: where each begins.
    """

    docs: I64
    sym: U32
    mark: U8
    bounds: I64


def passages(pair: U64, place: U64, common: U8, a: Side, b: Side, settings: Settings) -> I64:
    """Passages of pairs of documents, all of whose places are given.

    :param pair: rising (:func:`sort_pairs`).
    :param a: the documents named in the upper halves of ``pair``; ``b`` in the lower halves.
    :returns: ``int64[n, kernels.FIELDS]``: the two halves of the pair, symbols from and to in the one, from
        and to in the other, equal symbols, evidence, rarity and number of the seeds.
    """
    out: list[I64] = []
    room = 1024
    begin = 0
    evidence, rare = settings.evidence(), settings.rarity()
    while begin < len(pair):
        found = np.empty((room, kernels.FIELDS), dtype=np.int64)
        begin, made = kernels.passages(
            pair, place, common, (a.docs, a.sym, a.mark, a.bounds), (b.docs, b.sym, b.mark, b.bounds),
            evidence, rare, settings.seed_weight, settings.df_cap, settings.enough, settings.least_weight,
            begin, found,
        )  # fmt: skip
        out.append(found[:made].copy())
        room = min(4 * room, 1 << 19) if made else 4 * room
    return np.concatenate(out) if out else np.empty((0, kernels.FIELDS), dtype=np.int64)


def copies(equal_to: I64, rank: U32, bounds: I64, series: U32) -> I64:
    """Passages of the documents that equal another one and were not looked at: the whole of both."""
    b = np.flatnonzero((equal_to >= 0) & (np.diff(bounds) > 0))
    b = b[series[b] != series[equal_to[b]]]
    a = equal_to[b]
    size = bounds[b + 1] - bounds[b]
    none = np.zeros_like(size)
    columns = (rank[a], rank[b], none, size, none, size, size, none, none, none + 1)
    return np.stack([c.astype(np.int64) for c in columns], axis=1)


def by_age(found: I64, age: U32, by_rank: I64) -> I64:
    """Passages with the ordinals of their documents, the earlier first, by their ages and places."""
    a, b = by_rank[found[:, 0]], by_rank[found[:, 1]]
    turn = age[a] > age[b]
    out = found.copy()
    out[:, 0], out[:, 1] = np.where(turn, b, a), np.where(turn, a, b)
    out[turn, 2:4], out[turn, 4:6] = found[turn, 4:6], found[turn, 2:4]
    keys = (out[:, 5], out[:, 4], out[:, 3], out[:, 2], age[out[:, 1]], age[out[:, 0]])
    return out[np.lexsort(keys)]
