"""Text reuse on one machine: the steps of :mod:`luoshi.reuse.steps` over columns in memory or on disk.

==========  ======================================  =================================================
stage       reads                                   writes
==========  ======================================  =================================================
count       symbols                                 how often each n-gram stands (a table by hash)
choose      symbols, table                          the n-grams of each sentence that are looked up
pairs       chosen n-grams, bucket by bucket        places of equal n-grams that have company
passages    places, by pair of documents; symbols   passages
==========  ======================================  =================================================

In memory each stage goes over everything at once. On disk the tables and buckets are worked off in slices of
the hashes, as many as fit the memory, each with a sweep over the symbols; places lie in files by pair of
documents. Neither changes a result.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from luoshi.engines.local import cores
from luoshi.engines.storage import Column, Storage
from luoshi.kernels import reuse as kernels
from luoshi.reuse import steps
from luoshi.reuse.corpus import Corpus
from luoshi.reuse.settings import Settings

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
T = TypeVar("T")

BLOCK = 1 << 20
"""Symbols worked on in one go; a longer document is cut at multiples of it."""
IN_MEMORY = 48
"""Bytes a symbol needs where everything stays in memory, about."""
PART_BITS = 18
"""Entries of the table of frequencies that are counted in one go in memory: they fit a core's own cache."""
RECORD = 12
"""Bytes of a chosen n-gram between partition and pairing."""
PLACE = 17
"""Bytes of a pair of places."""


class Watch(Protocol):
    """Told of stages and steps (``luoshi.pipeline.progress.Progress``)."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""

    def step(self) -> None:
        """A step of it is done."""


class _Nobody:
    def stage(self, name: str, total: int) -> None:
        pass

    def step(self) -> None:
        pass


def blocks_of(bounds: I64, wanted: NDArray[np.bool_] | None = None) -> list[tuple[int, int]]:
    """Stretches of symbols of about :data:`BLOCK`, cut between documents or, in a long one, at its multiples.

    :param wanted: which documents to take, by default all.
    """
    out: list[tuple[int, int]] = []
    begin = end = 0
    for d in range(len(bounds) - 1):
        first, last = int(bounds[d]), int(bounds[d + 1])
        skip = wanted is not None and not wanted[d]
        if skip or last - begin > BLOCK:
            if end > begin:
                out.append((begin, end))
            begin = end = first
        if skip:
            begin = end = last
            continue
        while last - begin > BLOCK:
            out.append((begin, begin + BLOCK))
            begin += BLOCK
        end = last
    if end > begin:
        out.append((begin, end))
    return out


@dataclass(slots=True)
class LocalReuse:
    """Finds passages in a corpus.

    :param settings: what counts as a passage.
    :param threads: 0 for one per core; never changes a result.
    :param memory: bytes to keep within, as far as tables and buckets go.
    :param storage: where the stages keep their results.
    """

    settings: Settings
    threads: int = 0
    memory: int = 4 << 30
    storage: Storage = field(default_factory=Storage)
    watch: Watch = field(default_factory=_Nobody)
    timings: dict[str, float] = field(default_factory=dict)

    def passages(self, corpus: Corpus) -> I64:
        """``int64[n, kernels.FIELDS]``, see :func:`luoshi.reuse.steps.by_age`."""
        workers = self.threads or cores()
        with ThreadPoolExecutor(workers) as pool:
            run = _Run(corpus, self, pool, workers)
            for stage in (run.choose, run.pairs):
                stage()
            return run.passages()


class _Run:
    """One run: the stages and what they hand on."""

    def __init__(self, corpus: Corpus, engine: LocalReuse, pool: ThreadPoolExecutor, workers: int) -> None:
        self.corpus = corpus
        self.engine = engine
        self.settings = engine.settings
        self.storage = engine.storage
        self.memory = engine.memory
        self.pool = pool
        self.workers = workers
        s = corpus.symbols
        self.n = len(s.sym)
        self.blocks = blocks_of(s.bounds, corpus.equal_to < 0)
        self.around = steps.frame(s.bounds, corpus.rank, corpus.age, corpus.series)
        self.state: U8 = np.empty(0, dtype=np.uint8)
        self.chosen = 0
        self.tallies: I64 | None = None
        """``int64[workers, buckets]``: chosen n-grams in finer buckets than will be needed."""
        self.parts: list[tuple[Column, Column, Column]] = []

    def each(self, work: Callable[[int], T], workers: int = 0) -> list[T]:
        """``work(worker)`` on every worker."""
        return list(self.pool.map(work, range(workers or self.workers)))

    def share(self, worker: int, workers: int = 0) -> Sequence[tuple[int, int]]:
        """The blocks of a worker: neighbours."""
        n = workers or self.workers
        cut = [len(self.blocks) * w // n for w in range(n + 1)]
        return self.blocks[cut[worker] : cut[worker + 1]]

    def stage(self, name: str, total: int) -> float:
        """Tells of a stage; gives the time at which it began."""
        self.engine.watch.stage(name, total)
        return time.perf_counter()

    def clock(self, name: str, began: float) -> None:
        """Notes how long something took."""
        taken = time.perf_counter() - began
        self.engine.timings[name] = self.engine.timings.get(name, 0.0) + taken

    def hashes(self, first: int, last: int) -> U64:
        """Hashes of the n-grams that begin at these symbols."""
        s = self.corpus.symbols
        return steps.hashes(s.sym, s.bounds, first, last, self.settings)

    def choose(self) -> None:
        """How often each n-gram stands, and which are looked up."""
        done = self.storage.done("choose")
        if done:
            self.state = self.storage.read("state", np.uint8)
            self.chosen = int(done["chosen"])
            return
        size = 1 << steps.table_bits(self.n)
        slices = max(1, -(-size // max(1 << 16, self.memory // 4)))
        slices = 1 << (slices - 1).bit_length()
        state = np.zeros(self.n, dtype=np.uint8) if not self.storage.folder else None
        column = self.storage.column("state", np.uint8) if state is None else None
        if column:
            for first in range(0, self.n, BLOCK):
                column.append(np.zeros(min(BLOCK, self.n - first), dtype=np.uint8))
        self.stage("count", 2 * slices * len(self.blocks))
        if state is not None:
            self.chosen = self.choose_in_memory(state)
            slices = 0
        for k in range(slices):
            low = size // slices * k
            table = self.count(size // slices, low)

            def answer(
                _first: int, _last: int, found: U64, part: U8, table: U8 = table, low: int = low
            ) -> None:
                kernels.look_up(found, table, 64 - steps.table_bits(self.n), low, part)

            self.chosen = self.look_up(answer, state, column, last_slice=k == slices - 1)
        self.state = state if state is not None else column.array() if column else self.state
        self.storage.finish("choose", chosen=self.chosen)

    def choose_in_memory(self, state: U8) -> int:
        """Frequencies of all places and the choice, with a table that is worked off part by part."""
        began = time.perf_counter()
        table = steps.table_bits(self.n)
        bits = max(4, table - PART_BITS)
        slots, told = np.empty(self.n, dtype=np.uint32), np.empty(self.n, dtype=np.uint8)
        begins = np.array([first for first, _ in self.blocks], dtype=np.int64)
        ends = np.zeros((len(self.blocks), (1 << bits) + 1), dtype=np.int64)
        number = {block: k for k, block in enumerate(self.blocks)}

        def split(worker: int) -> None:
            for first, last in self.share(worker):
                found = self.hashes(first, last)
                kernels.split(found, bits, slots[first:last], ends[number[first, last]])
                self.engine.watch.step()

        def tell(worker: int) -> None:
            part = np.empty(1 << (table - bits), dtype=np.uint16)
            for p in range(worker, 1 << bits, self.workers):
                kernels.tell(slots, begins, ends, p, part, told)

        self.each(split)
        self.each(tell)
        self.clock("count", began)

        def answer(first: int, last: int, found: U64, part: U8) -> None:
            kernels.bring_back(found, bits, told[first:last], ends[number[first, last]], part)

        return self.look_up(answer, state, None, last_slice=True, alone=True)

    def count(self, size: int, low: int) -> U8:
        """A slice of the table of frequencies.

        Where there is room each worker counts its blocks into a table of its own; otherwise each counts all
        blocks into its range of the one table.
        """
        began = time.perf_counter()
        shift = 64 - steps.table_bits(self.n)
        apart = size * self.workers <= self.memory // 4
        whole = np.zeros(0 if apart else size, dtype=np.uint8)

        def work(worker: int) -> U8:
            begin, end = (size * w // self.workers for w in (worker, worker + 1))
            table = np.zeros(size, dtype=np.uint8) if apart else whole[begin:end]
            for first, last in self.share(worker) if apart else self.blocks:
                kernels.count(self.hashes(first, last), table, shift, low if apart else low + begin)
                if apart or not worker:
                    self.engine.watch.step()
            return table

        tables = self.each(work)
        if apart:
            whole = tables[0]
            for other in tables[1:]:
                kernels.add_up(whole, other)
        self.clock("count", began)
        return whole

    def look_up(
        self,
        answer: Callable[[int, int, U64, U8], None],
        state: U8 | None,
        column: Column | None,
        *,
        last_slice: bool,
        alone: bool = False,
    ) -> int:
        """Frequencies of all places as far as ``answer`` knows them; behind the last slice the choice.

        :param alone: ``answer`` tells 0 of those that certainly have no equal.
        """
        began = time.perf_counter()
        mark = self.corpus.symbols.mark
        finest = steps.bucket_bits(self.n)
        tallies = np.zeros((self.workers, 1 << finest), dtype=np.int64)

        def work(worker: int) -> int:
            total = 0
            for first, last in self.share(worker):
                found = self.hashes(first, last)
                part = state[first:last] if state is not None else column.array()[first:last].copy()  # type: ignore[union-attr]
                answer(first, last, found, part)
                if last_slice:
                    total += steps.choose(found, mark[first:last], part, self.settings, alone=alone)
                    kernels.tally(found, part, 64 - finest, tallies[worker])
                if column:
                    column.put(first, part)
                self.engine.watch.step()
            return total

        total = sum(self.each(work))
        self.tallies = tallies
        self.clock("choose", began)
        return total

    def pairs(self) -> None:
        """Places of equal n-grams of two documents that have company, in parts by pair of documents."""
        count = self.part_count()
        new = not self.storage.done("pairs")
        for k in range(count):
            kinds = zip(self.part_names(k), (np.uint64, np.uint64, np.uint8), strict=True)
            a, b, c = (self.storage.column(name, kind, new=new) for name, kind in kinds)
            self.parts.append((a, b, c))
        if not new:
            return
        bits = steps.bucket_bits(self.chosen)
        sizes = self.sizes(bits)
        rounds = self.rounds(sizes.sum(axis=0))
        self.stage("pairs", 2 * len(rounds) * len(self.blocks))
        table: U8 | None = None
        records = None
        for low, high in rounds:
            records = self.scatter(bits, sizes, low, high)
            table = self.weigh(records, table)
        assert table is not None
        words = steps.bars(table, self.settings)
        for low, high in rounds:
            if len(rounds) > 1:
                records = None
                records = self.scatter(bits, sizes, low, high, again=True)
            assert records is not None
            self.emit(records, words)
        self.storage.finish("pairs")

    @staticmethod
    def part_names(part: int) -> tuple[str, str, str]:
        """The columns of a part."""
        return f"pair{part}", f"place{part}", f"common{part}"

    def part_count(self) -> int:
        """Into how many parts the places go: some for each worker, on disk so many that those at work fit."""
        if not self.storage.folder:
            return 4 * self.workers
        return self.workers * max(1, -(-self.chosen * PLACE * 3 // max(1, self.memory // 4)))

    def sizes(self, bits: int) -> I64:
        """``int64[workers, buckets]``: chosen n-grams of each worker's blocks in each bucket."""
        if self.tallies is not None:
            out: I64 = self.tallies.reshape(self.workers, 1 << bits, -1).sum(axis=2)
            return out
        began = time.perf_counter()

        def work(worker: int) -> I64:
            out = np.zeros(1 << bits, dtype=np.int64)
            for first, last in self.share(worker):
                kernels.tally(self.hashes(first, last), self.state[first:last], 64 - bits, out)
            return out

        out = np.array(self.each(work))
        self.clock("partition", began)
        return out

    def rounds(self, sizes: I64) -> list[tuple[int, int]]:
        """Slices of the buckets whose records fit the memory together."""
        if not self.storage.folder:
            return [(0, len(sizes))]
        most = max(int(sizes.max(initial=1)), self.memory // 3 // RECORD)
        out: list[tuple[int, int]] = []
        begin = 0
        sums = np.r_[0, np.cumsum(sizes)]
        while begin < len(sizes):
            end = int(np.searchsorted(sums, sums[begin] + most, side="right")) - 1
            out.append((begin, max(end, begin + 1)))
            begin = out[-1][1]
        return out

    def scatter(self, bits: int, sizes: I64, low: int, high: int, *, again: bool = False) -> _Records:
        """The chosen n-grams of a slice of the buckets, each bucket sorted."""
        began = time.perf_counter()
        s = self.corpus.symbols
        mine = sizes[:, low:high]
        flat = np.cumsum(mine.T.reshape(-1))
        begins = np.ascontiguousarray(np.r_[0, flat[:-1]].reshape(high - low, self.workers).T)
        ends = np.r_[begins[0], flat[-1]]
        key = np.empty(int(flat[-1]), dtype=np.uint64)
        context = np.empty(int(flat[-1]), dtype=np.uint32)

        def work(worker: int) -> None:
            for first, last in self.share(worker):
                before, behind = max(0, first - 1), min(self.n, last + 1)
                kernels.scatter(
                    self.hashes(before, behind), self.state[before:behind], before, first, last, s.bounds,
                    self.settings.df_cap, 64 - bits, low, high, begins[worker], key, context,
                )  # fmt: skip
                self.engine.watch.step()

        self.each(work)

        def sort(worker: int) -> None:
            steps.order(key, context, ends, worker, self.workers)

        self.each(sort)
        self.clock("partition", began)
        return _Records(key, context, ends)

    def weigh(self, records: _Records, table: U8 | None) -> U8:
        """Adds the evidence of the records to the table of cells."""
        began = time.perf_counter()
        size = 1 << steps.cell_bits(self.n)
        workers = self.workers if size * self.workers <= self.memory // 8 else 1

        def work(worker: int) -> U8:
            mine = table if worker == 0 and table is not None else np.zeros(size, dtype=np.uint8)
            steps.weigh(
                records.key, records.context, records.ends, worker, workers, self.around, mine, self.settings
            )
            return mine

        tables = self.each(work, workers)
        for other in tables[1:]:
            kernels.add_up(tables[0], other)
        self.clock("pairs", began)
        return tables[0]

    def emit(self, records: _Records, words: U64) -> None:
        """Writes the places that have company to their parts."""
        began = time.perf_counter()
        count = len(self.parts)

        def work(worker: int) -> None:
            room, dealt = steps.room(), steps.room()
            ends = np.zeros(count + 1, dtype=np.int64)
            for b in range(worker, records.buckets, self.workers):
                for columns in steps.pairs(*records.bucket(b), self.around, words, self.settings, room):
                    if len(columns[0]) > len(dealt[0]):
                        dealt = steps.room(len(columns[0]))
                    kernels.deal(*columns, count, *dealt, ends)
                    for k in np.flatnonzero(np.diff(ends)):
                        self.keep(int(k), tuple(c[ends[k] : ends[k + 1]] for c in dealt))

        self.each(work)
        self.clock("pairs", began)

    def keep(self, part: int, columns: tuple[Any, ...]) -> None:
        """Adds places to a part, the columns in step."""
        with self.parts[part][0].step:
            for column, piece in zip(self.parts[part], columns, strict=True):
                column.append(piece)

    def passages(self) -> I64:
        """Passages of all pairs of documents."""
        self.stage("passages", len(self.parts))
        began = time.perf_counter()
        found = list(self.pool.map(self.part, range(len(self.parts))))
        c = self.corpus
        found.append(steps.copies(c.equal_to, c.rank, c.symbols.bounds, c.series).astype(np.int32))
        self.clock("passages", began)
        return steps.by_age(np.concatenate(found).astype(np.int64), c.age, c.by_rank)

    def part(self, k: int) -> NDArray[np.int32]:
        """Passages of a part of the pairs of documents."""
        name = f"passages{k}"
        if self.storage.done(name):
            some: NDArray[np.int32] = self.storage.read(name, np.int32).reshape(-1, kernels.FIELDS)
        else:
            pair, place, common = (c.array() for c in self.parts[k])
            if self.storage.folder:
                pair, place, common = pair.copy(), place.copy(), common.copy()
            steps.sort_pairs(pair, place, common)
            s = self.corpus.symbols
            side = steps.Side(self.corpus.by_rank, s.sym, s.mark, s.bounds)
            some = steps.passages(pair, place, common, side, side, self.settings).astype(np.int32)
            if self.storage.folder:
                self.storage.column(name, np.int32).append(some.reshape(-1))
                self.storage.finish(name)
                self.storage.drop(*self.part_names(k))
        self.engine.watch.step()
        return some


@dataclass(frozen=True, slots=True, eq=False)
class _Records:
    """Records of some buckets; bucket ``b`` lies between ``ends[b]`` and ``ends[b + 1]``."""

    key: U64
    context: U32
    ends: I64

    @property
    def buckets(self) -> int:
        return len(self.ends) - 1

    def bucket(self, b: int) -> tuple[U64, U32]:
        part = slice(self.ends[b], self.ends[b + 1])
        return self.key[part], self.context[part]
