"""Text reuse on one machine: the steps of :mod:`luoshi.reuse` over arrays in memory, two or more threads.

==========  ======================================  =================================================
stage       reads                                   writes
==========  ======================================  =================================================
count       symbols                                 how often each n-gram stands (a table by hash)
choose      symbols, table                          the n-grams of each sentence that are looked up
pair        chosen n-grams, bucket by bucket        places of equal n-grams that have company
passages    places, by pair of documents; symbols   passages
==========  ======================================  =================================================
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from luoshi.engines.local import cores
from luoshi.kernels import reuse as kernels
from luoshi.reuse.corpus import Corpus
from luoshi.reuse.settings import Settings

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
T = TypeVar("T")

BLOCK = 1 << 20
"""Symbols worked on in one go; a longer document is cut at multiples of it."""
BUCKET = 8192
"""Seeds of a bucket, about: they fit the processor's cache."""
PAGE = 128
"""Symbols for which the table of documents has an entry."""
"""Room for the hashes of one sweep over the blocks."""


def blocks_of(bounds: I64) -> list[tuple[int, int]]:
    """Stretches of symbols of about :data:`BLOCK`, cut between documents or, in a long one, at its multiples."""
    out: list[tuple[int, int]] = []
    begin = 0
    n = int(bounds[-1])
    while begin < n:
        d = int(np.searchsorted(bounds, begin + BLOCK, side="right")) - 1
        end = int(bounds[d])
        if end <= begin:
            first = int(bounds[int(np.searchsorted(bounds, begin, side="right")) - 1])
            last = int(bounds[int(np.searchsorted(bounds, begin, side="right"))])
            end = min(last, first + ((begin - first) // BLOCK + 1) * BLOCK)
        out.append((begin, end))
        begin = end
    return out


def table_bits(symbols: int) -> int:
    """Size of the table of frequencies, as a power of two: twice the symbols, 2**16 to 2**32."""
    return min(32, max(16, int(2 * symbols - 1).bit_length()))


def company_bits(bits: int) -> int:
    """Size of the table in which places gather company, as a power of two; ``bits`` is that of the frequencies."""
    return min(26, max(16, bits - 1))


def bucket_bits(chosen: int) -> int:
    """How many leading bits of its hash tell the bucket of an n-gram; the next 32 tell it from others there."""
    return max(4, int(chosen // BUCKET).bit_length())


@dataclass(slots=True)
class LocalReuse:
    """Finds passages in a corpus.

    :param settings: what counts as a passage.
    :param threads: 0 for one per core; never changes a result.
    """

    settings: Settings
    threads: int = 0
    timings: dict[str, float] = field(default_factory=dict)

    def passages(self, corpus: Corpus) -> I64:
        """``int64[n, kernels.FIELDS]``, ordered by the ranks of the documents and the places."""
        import time

        clock = time.perf_counter
        t = clock()
        workers = self.threads or cores()
        s = corpus.symbols
        with ThreadPoolExecutor(workers) as pool:
            step = _Steps(corpus, self.settings, pool, workers)
            step.count()
            self.timings["count"] = clock() - t
            t = clock()
            step.choose()
            self.timings["choose"] = clock() - t
            t = clock()
            step.scatter()
            self.timings["partition"] = clock() - t
            t = clock()
            places = step.pair()
            self.timings["pair"] = clock() - t
            t = clock()
            out = step.passages(*places)
            self.timings["passages"] = clock() - t
        del s
        return out


class _Steps:
    """The stages and what they hand on."""

    def __init__(self, corpus: Corpus, settings: Settings, pool: ThreadPoolExecutor, workers: int) -> None:
        self.corpus = corpus
        self.settings = settings
        self.pool = pool
        self.workers = workers
        s = corpus.symbols
        self.n = len(s.sym)
        self.blocks = blocks_of(s.bounds)
        self.bits = table_bits(self.n)
        self.state: U8 = np.empty(self.n, dtype=np.uint8)
        self.table: U8 = np.zeros(0, dtype=np.uint8)
        self.page = (np.searchsorted(s.bounds, np.arange(0, self.n + 1, PAGE), side="right") - 1).astype(
            np.uint32
        )

    def each(self, work: Callable[[int], T]) -> list[T]:
        """``work(worker)`` on every worker."""
        return list(self.pool.map(work, range(self.workers)))

    def share(self, worker: int) -> Sequence[tuple[int, int]]:
        """The blocks of a worker: neighbours."""
        cut = [len(self.blocks) * w // self.workers for w in range(self.workers + 1)]
        return self.blocks[cut[worker] : cut[worker + 1]]

    def hashes(self, first: int, last: int) -> U64:
        """Hashes of the n-grams that begin at these symbols."""
        s = self.corpus.symbols
        out = np.empty(last - first, dtype=np.uint64)
        kernels.grams(s.sym, s.bounds, first, last, self.settings.seed_weight, out)
        return out

    def count(self) -> None:
        """How often each n-gram stands, in a table by hash; a worker counts into its own."""

        def work(worker: int) -> U8:
            table = np.zeros(1 << self.bits, dtype=np.uint8)
            for first, last in self.share(worker):
                kernels.count(self.hashes(first, last), table, 64 - self.bits)
            return table

        tables = self.each(work)
        self.table = tables[0]
        for other in tables[1:]:
            kernels.add_up(self.table, other)

    def choose(self) -> None:
        """Which n-grams are looked up."""
        s = self.corpus.symbols

        def work(worker: int) -> int:
            total = 0
            for first, last in self.share(worker):
                state = self.state[first:last]
                h = self.hashes(first, last)
                kernels.look_up(h, self.table, 64 - self.bits, state)
                total += kernels.choose(h, s.mark[first:last], self.settings.df_cap, state)
            return total

        self.chosen = sum(self.each(work))
        self.table = np.zeros(0, dtype=np.uint8)

    def scatter(self) -> None:
        """The chosen n-grams, bucket by bucket of their hashes."""
        s = self.corpus.symbols
        power = bucket_bits(self.chosen)
        shift = 64 - power
        self.buckets = 1 << power

        def size(worker: int) -> I64:
            sizes = np.zeros(self.buckets, dtype=np.int64)
            for first, last in self.share(worker):
                kernels.tally(self.hashes(first, last), self.state[first:last], shift, sizes)
            return sizes

        sizes = np.array(self.each(size))
        flat = np.cumsum(sizes.T.reshape(-1))
        begins = np.r_[0, flat[:-1]].reshape(self.buckets, self.workers).T.copy()
        self.begins: I64 = np.r_[begins[0], flat[-1]]
        self.key: U64 = np.empty(self.chosen, dtype=np.uint64)
        self.context: U32 = np.empty(self.chosen, dtype=np.uint32)

        def work(worker: int) -> None:
            for first, last in self.share(worker):
                low, high = max(0, first - 1), min(self.n, last + 1)
                h = self.hashes(low, high)
                kernels.scatter(
                    h, self.state[low:high], low, first, last, s.bounds, self.settings.df_cap, shift, 0, self.buckets,
                    begins[worker], self.key, self.context,
                )  # fmt: skip

        self.each(work)

    def pair(self) -> tuple[U64, U64, U8]:
        """Places of equal n-grams of two documents that have company, ordered by pair of documents."""
        bits = company_bits(self.bits)
        settings = self.settings
        evidence = settings.evidence()
        corpus = self.corpus
        bounds = corpus.symbols.bounds
        nothing = (np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint8))

        def mine(worker: int) -> range:
            return range(self.buckets * worker // self.workers, self.buckets * (worker + 1) // self.workers)

        def call(
            bucket: int, table: U8, least: int, begin: int, out: tuple[Any, Any, Any]
        ) -> tuple[int, int]:
            a, e = self.begins[bucket], self.begins[bucket + 1]
            return kernels.pairs(
                self.key[a:e], self.context[a:e], settings.df_cap, bounds, self.page, PAGE.bit_length() - 1,
                corpus.rank, corpus.series, evidence, table, bits, least, begin, *out,
            )  # fmt: skip

        def weigh(worker: int) -> U8:
            table = np.zeros(1 << bits, dtype=np.uint8)
            for bucket in mine(worker):
                a, e = self.begins[bucket], self.begins[bucket + 1]
                kernels.order(self.key[a:e], self.context[a:e])
                call(bucket, table, 0, 0, nothing)
            return table

        tables = self.each(weigh)
        table = tables[0]
        for other in tables[1:]:
            kernels.add_up(table, other)

        def emit(worker: int) -> list[tuple[U64, U64, U8]]:
            parts: list[tuple[U64, U64, U8]] = []
            room = 1 << 18
            out = (
                np.empty(room, dtype=np.uint64),
                np.empty(room, dtype=np.uint64),
                np.empty(room, dtype=np.uint8),
            )
            full = 0
            for bucket in mine(worker):
                a, e = self.begins[bucket], self.begins[bucket + 1]
                begin = 0
                while True:
                    left = (out[0][full:], out[1][full:], out[2][full:])
                    begin, made = call(bucket, table, settings.enough, begin, left)
                    full += made
                    if begin >= e - a:
                        break
                    if full:
                        parts.append((out[0][:full].copy(), out[1][:full].copy(), out[2][:full].copy()))
                        full = 0
                    else:
                        room *= 4
                        out = (
                            np.empty(room, dtype=np.uint64),
                            np.empty(room, dtype=np.uint64),
                            np.empty(room, dtype=np.uint8),
                        )
            parts.append((out[0][:full].copy(), out[1][:full].copy(), out[2][:full].copy()))
            return parts

        parts = [p for some in self.each(emit) for p in some]
        self.key = np.empty(0, dtype=np.uint64)
        self.context = np.empty(0, dtype=np.uint32)
        pair, place, common = (np.concatenate([p[i] for p in parts]) for i in range(3))
        kernels.sort_pairs(pair, place, common)
        return pair, place, common

    def passages(self, pair: U64, place: U64, common: U8) -> I64:
        """Passages of all pairs of documents."""
        cuts = [0]
        pieces = 8 * self.workers
        for k in range(1, pieces):
            at = len(pair) * k // pieces
            while 0 < at < len(pair) and pair[at] == pair[at - 1]:
                at += 1
            cuts.append(max(at, cuts[-1]))
        cuts.append(len(pair))
        settings = self.settings
        evidence, rare = settings.evidence(), settings.rarity()
        s = self.corpus.symbols

        def work(k: int) -> I64:
            first, last = cuts[k], cuts[k + 1]
            out: list[I64] = []
            room = 4096
            begin = 0
            while begin < last - first:
                found = np.empty((room, kernels.FIELDS), dtype=np.int64)
                begin, made = kernels.passages(
                    pair[first:last], place[first:last], common[first:last], self.corpus.by_rank, s.sym, s.mark,
                    s.bounds, evidence, rare, settings.seed_weight, settings.enough, settings.least_weight,
                    begin, found,
                )  # fmt: skip
                out.append(found[:made].copy())
                room = min(4 * room, 1 << 20) if made else 4 * room
            return np.concatenate(out) if out else np.empty((0, kernels.FIELDS), dtype=np.int64)

        found = np.concatenate(list(self.pool.map(work, range(pieces))))
        return found[np.lexsort((found[:, 4], found[:, 2], found[:, 1], found[:, 0]))]


def _cpu() -> float:
    t = os.times()
    return t.user + t.system
