"""Text reuse on Spark: the steps of :mod:`luoshi.engines.reuse_local` over Arrow batches on many machines.

==========  =====================================  ====================================================
job         reads                                  gives
==========  =====================================  ====================================================
measure     texts                                  lengths, in code points and in symbols
count       texts                                  how often each n-gram stands (a table, added up)
choose      texts, the table                       seeds, 24 bytes each, shuffled by the hash's first bits
weigh       seeds                                  how much company places have (a table, added up)
pair        seeds, the table                       places of equal seeds, shuffled by pair of documents
passages    places of the pairs that survive,      passages
            joined with the texts of these
==========  =====================================  ====================================================

Rows equal those of the local engine. A task that is run again gives the same rows, so a lost executor changes
nothing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.engines import spark_tasks as tasks
from luoshi.engines.reuse_stock import SMALL
from luoshi.errors import MissingExtra
from luoshi.reuse import steps
from luoshi.reuse.corpus import Corpus
from luoshi.reuse.finish import Passages, directions
from luoshi.reuse.settings import Settings

try:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql import functions as sql
    from pyspark.storagelevel import StorageLevel
except ImportError:
    raise MissingExtra(
        "Spark is not installed.", hint="Install it with: pip install 'luoshi[spark]'"
    ) from None

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]

SEEDS = 1 << 22
"""Seeds of a partition, at most about."""
THOROUGH = Settings()
JOBS = ("measure", "count", "choose", "weigh", "pair", "passages")
TILE = 1 << 24
"""Symbols of the documents of one of the groups of which a task holds two."""


class SparkEngine:
    """Finds passages in a corpus that lies in a data frame.

    :param session: a Spark session; it is neither made nor stopped here.
    :param settings: what counts as a passage.
    :param done: called with the name of each job when it is finished.
    """

    def __init__(
        self, *, session: SparkSession, settings: Settings = THOROUGH,
        done: Callable[[str], None] = lambda job: None,
    ) -> None:  # fmt: skip
        self.session = session
        self.settings = settings
        self.done = done
        self.timings: dict[str, float] = {}

    def passages(
        self, documents: DataFrame, corpus: Corpus, numbers: I64 | None = None, *, symbols: int = -1
    ) -> Passages:
        """The passages that the documents share, in the order of the local engine.

        :param documents: columns ``number`` (long) and ``text`` (string, or UTF-8 as binary). Read several
            times: it must give the same rows each time.
        :param corpus: what is known of the documents, and their order; its symbols are not looked at.
        :param numbers: the documents' numbers in the order of ``corpus.about``; by default 0, 1, 2 …
        :param symbols: how many they have in all; by default they are counted.
        """
        with _Search(self, documents, corpus, numbers) as search:
            search.symbols = symbols
            return search.run()

    @contextmanager
    def timed(self, job: str) -> Iterator[None]:
        """Notes how long a job takes."""
        began = time.perf_counter()
        self.session.sparkContext.setJobDescription(f"luoshi reuse: {job}")
        try:
            yield
        finally:
            self.session.sparkContext.setJobDescription("")
            self.timings[job] = time.perf_counter() - began
        self.done(job)


class _Search:
    """One search: what it keeps on the cluster is given back at its end."""

    def __init__(
        self, engine: SparkEngine, documents: DataFrame, corpus: Corpus, numbers: I64 | None
    ) -> None:
        self.engine = engine
        self.context = engine.session.sparkContext
        self.settings = engine.settings
        self.symbols = -1
        self.texts = documents.select("number", "text")
        self.corpus = corpus
        self.numbers = np.arange(len(corpus.about), dtype=np.int64) if numbers is None else numbers
        self.parallel = max(2, self.context.defaultParallelism)
        self.kept: list[Any] = []

    def __enter__(self) -> _Search:
        return self

    def __exit__(self, *_: object) -> None:
        for thing in self.kept:
            thing.unpersist()

    def run(self) -> Passages:
        """All jobs, one after the other."""
        timed = self.engine.timed
        order = self._broadcast(self._order())
        with timed("measure"):
            symbols = self.symbols = self.symbols if self.symbols >= 0 else self._symbols()
            self.settings = self.settings.for_size(symbols)
        with timed("count"):
            bits = steps.table_bits(symbols)
            table = self._broadcast(
                self._table(
                    self.texts.mapInArrow(
                        partial(tasks.count, settings=self.settings, bits=bits, order=order), tasks.CHUNKS
                    ),
                    bits,
                )
            )
        with timed("choose"):
            work = partial(tasks.seeds, settings=self.settings, bits=bits, table=table, order=order)
            parts = max(2 * self.parallel, math.ceil(symbols / SEEDS))
            seeds = self._keep(
                self.texts.mapInArrow(work, tasks.SEEDS).repartition(
                    parts, sql.shiftrightunsigned("hash", 48)
                )
            )
            power = steps.bucket_bits(seeds.count())
        with timed("weigh"):
            cells = steps.cell_bits(symbols)
            weigh = partial(tasks.weigh, settings=self.settings, power=power, bits=cells, order=order)
            company = self._broadcast(self._table(seeds.mapInArrow(weigh, tasks.CHUNKS), cells))
        with timed("pair"):
            tiles = max(math.ceil(symbols / TILE), math.ceil(math.sqrt(4 * self.parallel)))
            emit = partial(
                tasks.emit, settings=self.settings, power=power, table=company, order=order, tiles=tiles
            )
            prune = partial(tasks.prune, settings=self.settings, tiles=tiles)
            places = self._keep(
                seeds.mapInArrow(emit, tasks.PLACES)
                .repartition(parts, "tile")
                .mapInArrow(prune, tasks.PLACES)
            )
            places.count()
        with timed("passages"):
            return self._passages(self._found(places, order))

    def _order(self) -> tasks.Order:
        by = np.argsort(self.numbers)
        c = self.corpus
        return tasks.Order(
            self.numbers[by], c.rank[by], c.equal_to[by] >= 0, self.numbers[c.by_rank], c.age[c.by_rank],
            c.series[c.by_rank],
        )  # fmt: skip

    def _broadcast(self, value: Any) -> Any:
        out = self.context.broadcast(value)
        self.kept.append(out)
        return out

    def _keep(self, frame: DataFrame) -> DataFrame:
        out = frame.persist(StorageLevel.DISK_ONLY)
        self.kept.append(out)
        return out

    def _symbols(self) -> int:
        row = self.texts.mapInArrow(tasks.measure, tasks.MEASURES).agg(sql.sum("symbols")).first()
        return int(row[0] or 0) if row else 0

    def _table(self, chunks: DataFrame, bits: int) -> U8:
        """The tables of all tasks, added up where their chunks come together."""
        parts = max(1, min(self.parallel, (1 << bits) // tasks.CHUNK))
        merged = chunks.repartition(parts, "chunk").mapInArrow(tasks.merge, tasks.CHUNKS)
        out = np.zeros(1 << bits, dtype=np.uint8)
        for row in merged.select("chunk", "counts").toLocalIterator():
            at = row["chunk"] * tasks.CHUNK
            out[at : at + tasks.CHUNK] = np.frombuffer(row["counts"], dtype=np.uint8)
        return out

    def _found(self, places: DataFrame, order: Any) -> Any:
        """Passages of the pairs that survived, as an Arrow table."""
        sides = places.select("tile", sql.col("a").alias("document")).union(
            places.select("tile", sql.col("b").alias("document"))
        )
        wanted = sides.distinct().mapInArrow(partial(tasks.wanted, order=order), tasks.WANTED)
        texts = wanted.join(self.texts, "number").select("tile", "document", "text")
        work = partial(tasks.passages, settings=self.settings, small=self.symbols <= SMALL, order=order)
        pairs = places.groupBy("tile").cogroup(texts.groupBy("tile"))
        return pairs.applyInArrow(work, tasks.FOUND).toArrow()

    def _passages(self, found: Any) -> Passages:
        """The table as columns, in the order of the local engine, with what only the whole corpus tells."""
        column = {n: found.column(n).to_numpy() for n in found.column_names}
        c = self.corpus
        column["a"], column["b"] = c.by_rank[column["a"]], c.by_rank[column["b"]]
        copies = self._copies()
        column = {n: np.concatenate([v, copies[n]]) for n, v in column.items()}
        keys = ("b_last", "b_first", "a_last", "a_first")
        by = np.lexsort([*(column[n] for n in keys), c.age[column["b"]], c.age[column["a"]]])
        column = {n: v[by] for n, v in column.items()}
        a, b = column["a"], column["b"]
        return Passages(
            a, column["a_start"], column["a_end"], b, column["b_start"], column["b_end"], column["matches"],
            column["similarity"], column["rarity"], column["relation"].astype(object), directions(c, a, b),
        )  # fmt: skip

    def _copies(self) -> dict[str, Any]:
        """Passages of the documents that equal another one and were not looked at (``steps.copies``)."""
        b = np.flatnonzero(self.corpus.equal_to >= 0)
        a = self.corpus.equal_to[b]
        both = np.unique(np.concatenate([self.numbers[a], self.numbers[b]]))
        names = ("symbols", "start", "end", "matches")
        whole = {n: np.zeros(len(both), dtype=np.int64) for n in names}
        if len(both):
            frame = self.texts.mapInArrow(
                partial(tasks.wholes, wanted=self._broadcast(both)), tasks.WHOLES
            ).toArrow()
            at = np.searchsorted(both, frame.column("number").to_numpy())
            for name in names:
                whole[name][at] = frame.column(name).to_numpy()
        x, y = np.searchsorted(both, self.numbers[a]), np.searchsorted(both, self.numbers[b])
        keep = (whole["symbols"][y] > 0) & (self.corpus.series[a] != self.corpus.series[b])
        a, b, x, y = a[keep], b[keep], x[keep], y[keep]
        zero = np.zeros(len(a), dtype=np.int64)
        return {
            "a": a, "b": b, "a_first": zero, "a_last": whole["symbols"][x], "b_first": zero,
            "b_last": whole["symbols"][y], "a_start": whole["start"][x], "a_end": whole["end"][x],
            "b_start": whole["start"][y], "b_end": whole["end"][y], "matches": whole["matches"][x],
            "similarity": np.ones(len(a), dtype=np.float32), "rarity": np.zeros(len(a), dtype=np.float32),
            "relation": np.full(len(a), "stock", dtype=object),
        }  # fmt: skip


if __name__ == "__main__":
    import sys

    from luoshi.engines.spark_job import main

    sys.exit(main())
