"""Text reuse on Spark: the steps of :mod:`luoshi.engines.reuse_local` over Arrow batches on many machines.

========  ===================================  ==================================  ======================
job       reads                                gives                               shuffled by
========  ===================================  ==================================  ======================
texts     texts, their documents' orders       texts in portions                   portion
seeds     texts of a portion                   how often each n-gram stands in it  share of the hashes
          counts of all portions               counts, told to those who asked     portion
          texts of a portion, their counts     seeds, 20 bytes each                first bits of the hash
pairs     seeds of equal bits                  places of equal seeds, 17 bytes     pair of documents
          places of a pair of documents        those that have company
passages  places that are left, texts of       passages
          their documents
========  ===================================  ==================================  ======================

Nothing that grows with the corpus is collected or broadcast. Rows equal those of the local engine. A task
that is run again gives the same rows, so a lost executor changes nothing.
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

from luoshi.engines.reuse_stock import SMALL
from luoshi.errors import MissingExtra
from luoshi.reuse import steps
from luoshi.reuse.corpus import Corpus
from luoshi.reuse.finish import Passages, directions
from luoshi.reuse.settings import Settings

try:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql import functions as sql

    from luoshi.engines import spark_tasks as tasks
    from luoshi.engines.spark_rows import PACKED
    from luoshi.engines.spark_stages import Stages, tuned
except ImportError:
    raise MissingExtra(
        "Spark is not installed.", hint="Install it with: pip install 'luoshi[spark]'"
    ) from None

I64 = NDArray[np.int64]

THOROUGH = Settings()
JOBS = ("texts", "seeds", "pairs", "passages")
PORTION = 1 << 22
"""Symbols of a portion of the documents, about."""
TASK = 1 << 23
"""Symbols for which there is one partition of a shuffle."""
LOT = 1 << 23
"""Symbols for which there is one lot of pairs."""
TILE = 1 << 24
"""Symbols of the documents of one of the two sets that a tile holds."""
SHARES = 14
"""The n-grams' hashes are counted in so many shares at most, as a power of two."""
ORDERS = "number long, age long, series long, copy_of long"
"""Columns that tell the documents' orders: ``age`` and ``series`` as in :class:`luoshi.reuse.corpus.Corpus`,
``copy_of`` the age of an equal document in whose place this one is not looked at, or -1."""


class SparkEngine:
    """Finds passages in a corpus that lies in a data frame.

    :param session: a Spark session; it is neither made nor stopped here.
    :param settings: what counts as a passage.
    :param done: called with the name of each job when it is finished.
    :param stages: where the jobs keep their results; by default on the executors' disks, until the end.
    """

    def __init__(
        self, *, session: SparkSession, settings: Settings = THOROUGH,
        done: Callable[[str], None] = lambda job: None, stages: Stages | None = None,
    ) -> None:  # fmt: skip
        self.session = session
        self.settings = settings
        self.done = done
        self.stages = stages or Stages(session)
        self.parallel = max(2, session.sparkContext.defaultParallelism)
        self.timings: dict[str, float] = {}

    def passages(
        self, documents: DataFrame, corpus: Corpus, numbers: I64 | None = None, *, symbols: int = -1
    ) -> Passages:
        """The passages that the documents share, in the order of the local engine, brought to this machine.

        :param documents: columns ``number`` (long) and ``text`` (string, or UTF-8 as binary). Read several
            times: it must give the same rows each time.
        :param corpus: what is known of the documents, and their order; its symbols are not looked at.
        :param numbers: the documents' numbers in the order of ``corpus.about``; by default 0, 1, 2 …
        :param symbols: how many they have in all; by default they are counted.
        """
        c = corpus
        numbers = np.arange(len(c.about), dtype=np.int64) if numbers is None else numbers
        copy = c.equal_to >= 0
        told = pa.table({
            "number": numbers, "age": c.age.astype(np.int64), "series": c.series.astype(np.int64),
            "copy_of": np.where(copy, c.age[c.equal_to].astype(np.int64), -1),
        })  # fmt: skip
        orders = self.session.createDataFrame(told, ORDERS)
        series = len(np.unique(c.series)) < len(c.series)
        try:
            found = self.found(
                documents, orders, symbols=symbols, series=series, copies=bool(copy.any())
            ).toArrow()
        finally:
            self.stages.close()
        return _ordered(found, corpus)

    def found(
        self, documents: DataFrame, orders: DataFrame, *, symbols: int = -1, series: bool = True,
        copies: bool = True,
    ) -> DataFrame:  # fmt: skip
        """The passages (:data:`luoshi.engines.spark_tasks.FOUND`), their documents named by age, in no order.

        :param orders: a row for each document, see :data:`ORDERS`.
        :param series: whether any two documents have one series, ``copies`` whether any is a copy of another.
        """
        if symbols < 0:
            symbols = self.stages.fact("symbols", lambda: self._symbols(documents))
        with tuned(self.session, 3 * symbols):
            with self._timed("texts"):
                settings = self.settings.for_size(symbols)
                texts = self.stages.keep("texts", lambda: self._texts(documents, orders, symbols))
            with self._timed("seeds"):
                seeds = self.stages.keep("seeds", lambda: self._seeds(texts, settings, symbols, series))
                total = self.stages.fact("chosen", lambda: _sum(seeds, "n"))
            with self._timed("pairs"):
                places = self.stages.keep(
                    "places", lambda: self._places(seeds, settings, symbols, total, series)
                )
                self.stages.fact("left", lambda: _sum(places, "n"))
                self.stages.drop("seeds")
            with self._timed("passages"):
                out = self.stages.keep(
                    "passages", lambda: self._passages(places, texts, orders, settings, symbols, copies)
                )
                self.stages.fact("passages-found", out.count)
                return out

    @contextmanager
    def _timed(self, job: str) -> Iterator[None]:
        """Notes how long a job takes."""
        began = time.perf_counter()
        self.session.sparkContext.setJobDescription(f"luoshi reuse: {job}")
        try:
            yield
        finally:
            self.session.sparkContext.setJobDescription("")
            self.timings[job] = time.perf_counter() - began
        self.done(job)

    def _grouped(self, frame: DataFrame, lots: int, symbols: int, key: str, *order: str) -> DataFrame:
        """Rows of equal key next to each other, the keys (0 to ``lots``) dealt out evenly."""
        parts = min(lots, max(2 * self.parallel, math.ceil(symbols / TASK)))
        if hasattr(frame, "repartitionById"):
            dealt = frame.repartitionById(parts, sql.expr(f"pmod({key}, {parts})"))
        else:
            dealt = frame.repartition(parts, key)
        return dealt.sortWithinPartitions(key, *order)

    def _symbols(self, documents: DataFrame) -> int:
        texts = documents.select(sql.col("text").cast("binary").alias("data"))
        return _sum(texts.mapInArrow(tasks.measure, "symbols long"), "symbols")

    def _portions(self, symbols: int) -> int:
        return max(self.parallel, math.ceil(symbols / PORTION))

    def _texts(self, documents: DataFrame, orders: DataFrame, symbols: int) -> DataFrame:
        """The texts with their documents' orders, dealt out to portions."""
        portion = sql.expr(f"cast(pmod(hash(age), {self._portions(symbols)}) as int)")
        texts = documents.select("number", sql.col("text").cast("binary").alias("data"))
        return texts.join(orders, "number").select(
            portion.alias("portion"), sql.lit(-1).alias("part"), "age", "series",
            (sql.col("copy_of") >= 0).alias("copied"), "data",
        )  # fmt: skip

    def _seeds(self, texts: DataFrame, settings: Settings, symbols: int, series: bool) -> DataFrame:
        bits = steps.table_bits(symbols)
        shares = min(SHARES, max(4, bits - 16))
        portions = self._portions(symbols)
        count = partial(tasks.count, settings=settings, bits=bits, shares=shares)
        asked = self._grouped(texts, portions, symbols, "portion", "age").mapInArrow(count, tasks.TIMES)
        tell = partial(tasks.tell, bits=bits, shares=shares)
        told = self._grouped(asked, 1 << shares, symbols, "lot").mapInArrow(tell, tasks.TOLD)
        none = [sql.lit(None).cast(k).alias(n) for n, k in (("age", "long"), ("series", "long"))]
        copied = sql.lit(None).cast("boolean").alias("copied")
        both = texts.union(told.select("portion", "part", *none, copied, "data"))
        lots = max(4, math.ceil(symbols / TASK), 4 * self.parallel).bit_length()
        work = partial(tasks.seeds, settings=settings, bits=bits, lots=lots, series=series)
        seeds = self._grouped(both, portions, symbols, "portion", "part", "age").mapInArrow(work, PACKED)
        return self._grouped(seeds, 1 << lots, symbols, "lot")

    def _places(
        self, seeds: DataFrame, settings: Settings, symbols: int, total: int, series: bool
    ) -> DataFrame:
        sets = self._sets(symbols)
        power = steps.bucket_bits(total)
        emit = partial(tasks.pairs, settings=settings, power=power, sets=sets, series=series)
        prune = partial(tasks.prune, settings=settings, tiles=self._tiles(symbols))
        # Written to a folder and read again, the lots of a partition may be apart.
        lots = max(4, math.ceil(symbols / TASK), 4 * self.parallel).bit_length()
        seeds = self._grouped(seeds, 1 << lots, symbols, "lot") if self.stages.folder else seeds
        places = self._grouped(seeds.mapInArrow(emit, PACKED), sets * (sets + 1) // 2, symbols, "lot")
        return places.mapInArrow(prune, PACKED)

    def _sets(self, symbols: int) -> int:
        """Sets of documents by which pairs are dealt out."""
        return math.ceil(math.sqrt(2 * max(2 * self.parallel, symbols / LOT)))

    def _tiles(self, symbols: int) -> int:
        """Sets of documents of which a tile holds two: a multiple of the above."""
        sets = self._sets(symbols)
        return sets * max(1, math.ceil(symbols / TILE / sets))

    def _passages(
        self, places: DataFrame, texts: DataFrame, orders: DataFrame, settings: Settings, symbols: int,
        copies: bool,
    ) -> DataFrame:  # fmt: skip
        """Passages of the pairs that survived."""
        wanted = places.mapInArrow(tasks.wanted, tasks.WANTED).distinct()
        given = wanted.join(texts, "age").select("tile", "age", sql.lit(0).alias("n"), "data")
        left = places.select(sql.col("lot").alias("tile"), sql.lit(-1).cast("long").alias("age"), "n", "data")
        tiles = self._tiles(symbols)
        work = partial(tasks.passages, settings=settings, small=symbols <= SMALL)
        grouped = self._grouped(left.union(given), tiles * (tiles + 1) // 2, symbols, "tile", "age")
        found = grouped.mapInArrow(work, tasks.FOUND)
        return found.union(self._copies(texts, orders)) if copies else found

    def _copies(self, texts: DataFrame, orders: DataFrame) -> DataFrame:
        """Passages of the documents that equal another one and were not looked at (``steps.copies``)."""
        told = orders.select("age", "copy_of", "series")
        b = told.where("copy_of >= 0")
        sides = b.select("age").union(b.select(sql.col("copy_of").alias("age"))).distinct()
        whole = sides.join(texts, "age").select("age", "data").mapInArrow(tasks.wholes, tasks.WHOLES)
        whole = whole.join(told.select("age", "series"), "age")
        first = whole.select(*(sql.col(c).alias(f"a_{c}") for c in whole.columns))
        second = whole.select(*(sql.col(c).alias(f"b_{c}") for c in whole.columns))
        both = (
            b.select(sql.col("copy_of").alias("a_age"), sql.col("age").alias("b_age"))
            .join(first, "a_age")
            .join(second, "b_age")
            .where("a_series != b_series")
        )
        return both.selectExpr(
            "a_age as a", "b_age as b", "0 as a_first", "cast(a_symbols as int) as a_last", "0 as b_first",
            "cast(b_symbols as int) as b_last", "a_start", "a_finish as a_end", "b_start",
            "b_finish as b_end", "a_matches as matches", "cast(1 as float) as similarity",
            "cast(0 as float) as rarity", "'stock' as relation",
        )  # fmt: skip


def _sum(frame: DataFrame, name: str) -> int:
    row = frame.agg(sql.sum(name)).first()
    return int(row[0] or 0) if row else 0


def _ordered(found: Any, c: Corpus) -> Passages:
    """Passages as columns, in the order of the local engine, with the ordinals of their documents."""
    column = {n: found.column(n).to_numpy() for n in found.column_names}
    by = np.lexsort([column[n] for n in reversed(tasks.ORDERED)])
    column = {n: v[by] for n, v in column.items()}
    a, b = c.by_age[column["a"]], c.by_age[column["b"]]
    return Passages(
        a, column["a_start"], column["a_end"], b, column["b_start"], column["b_end"], column["matches"],
        column["similarity"], column["rarity"], column["relation"].astype(object), directions(c, a, b),
    )  # fmt: skip


if __name__ == "__main__":
    import sys

    from luoshi.engines.spark_job import main

    sys.exit(main())
