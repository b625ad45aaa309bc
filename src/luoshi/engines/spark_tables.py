"""The tables of a Spark job, made and written by the executors: passages, families, shares of documents.

They equal those of :mod:`luoshi.reuse.tables` row by row, in the same order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as sql

from luoshi.engines.spark_documents import Documents, numbered
from luoshi.engines.spark_ranking import ranked
from luoshi.engines.spark_rows import Batches, batch, groups
from luoshi.engines.spark_stages import Stages
from luoshi.engines.spark_tasks import ORDERED
from luoshi.engines.spark_words import frequencies, terms
from luoshi.kernels import reuse as kernels
from luoshi.reuse.corpus import About, Corpus, symbols
from luoshi.reuse.direction import direction
from luoshi.reuse.finish import Passages
from luoshi.reuse.shares import pairs_of
from luoshi.reuse.words import every

I64 = NDArray[np.int64]

TOGETHER = 1 << 22
"""Links between stretches up to which one task finds the families; beyond it many do, round by round."""
TILE = 1 << 24
"""Symbols of the documents of one of the two sets that a tile of pairs holds, when they are ranked."""
SOME = 1 << 16
"""Passages whose shares are reckoned in one go, about."""
PAIRS = (
    "a_age long, b_age long, a string, b string, passages long, a_characters long, b_characters long,"
    " a_share float, b_share float, upper string, weight float"
)


def named(found: DataFrame, about: DataFrame) -> DataFrame:
    """Passages with what is known of their documents."""
    told = about.select("age", "id", "date", "level", "length")
    sides = [told.select(*(sql.col(c).alias(f"{s}_{c}") for c in told.columns)) for s in "ab"]
    one = found.join(sides[0], sql.col("a") == sql.col("a_age"))
    both = one.join(sides[1], sql.col("b") == sql.col("b_age"))
    kinds = dict(both.dtypes)
    schema = ", ".join(f"{n} {kinds[n]}" for n in both.columns) + ", direction string"
    return both.mapInArrow(_directed, schema)


@lru_cache(maxsize=1 << 16)
def _direction(a_date: str | None, a_level: str | None, b_date: str | None, b_level: str | None) -> str:
    return direction(About("", a_date, a_level), About("", b_date, b_level))


def _directed(batches: Batches) -> Iterator[pa.RecordBatch]:
    for some in batches:
        known = (some.column(n).to_pylist() for n in ("a_date", "a_level", "b_date", "b_level"))
        told = pa.array([_direction(*k) for k in zip(*known, strict=True)], pa.string())
        yield pa.RecordBatch.from_arrays([*some.columns, told], names=[*some.schema.names, "direction"])


def passages(rows: DataFrame) -> DataFrame:
    """The table of passages."""
    names = ("a_start", "a_end", "b", "b_start", "b_end", "matches", "similarity", "rarity", "relation")
    columns = [sql.col("b_id").alias("b") if n == "b" else sql.col(n) for n in names]
    return rows.orderBy(*ORDERED).select(sql.col("a_id").alias("a"), *columns, "direction")


def documents(rows: DataFrame, known: Documents, stages: Stages) -> DataFrame:
    """The table of shares: a row for each pair of documents, and for some uppers that share nothing.

    :param rows: of :func:`named`.
    """
    names = ("b", *(n for n in ORDERED if n != "b"), *_SHARED[6:])
    some = rows.select(*names).repartition("b").sortWithinPartitions("b", *ORDERED)
    pairs = stages.keep("pairs", lambda: some.mapInArrow(_shares, PAIRS))
    about = known.about.select("age", "standing", "series", "number", "id")
    texts = known.texts.select("number", sql.col("text").alias("data")).join(about, "number")
    step = every(known.symbols)
    often = frequencies(texts, step)
    about_terms = stages.keep("terms", lambda: terms(texts, often, known.documents, step))
    told = ranked(pairs, about, about_terms, tiles(known.symbols)).drop("a", "b")
    for s in "ab":
        told = told.join(about.select(sql.col("age").alias(f"{s}_age"), sql.col("id").alias(s)), f"{s}_age")
    kinds = [f.split(" ") for f in PAIRS.split(", ")[2:]]
    empty = {n: sql.coalesce(sql.col(n), sql.lit(0).cast(k)).alias(n) for n, k in kinds if k != "string"}
    columns = [empty.get(n, sql.col(n)) for n, _ in kinds]
    return told.orderBy("b_age", "a_age").select(*columns, "likeness", "rank")


def tiles(symbols: int) -> int:
    """Sets of documents of which a tile holds two."""
    return math.ceil(math.sqrt(2 * max(4, symbols / TILE)))


_SHARED = (
    *ORDERED, "a_start", "a_end", "b_start", "b_end", "rarity", "a_id", "b_id", "a_length", "b_length",
    "a_level", "b_level",
)  # fmt: skip


def _shares(batches: Batches) -> Iterator[pa.RecordBatch]:
    names = ("b", *(n for n in _SHARED if n != "b"))
    gathered: list[tuple[Any, ...]] = []
    for rows in groups(batches, names):
        gathered += rows
        if len(gathered) >= SOME:
            yield _shares_of(dict(zip(names, zip(*gathered, strict=True), strict=True)))
            gathered = []
    if gathered:
        yield _shares_of(dict(zip(names, zip(*gathered, strict=True), strict=True)))


def _shares_of(c: dict[str, Any]) -> pa.RecordBatch:
    """What can be said of some pairs of documents by themselves; all passages of each are given."""
    a, b = np.array(c["a"], dtype=np.int64), np.array(c["b"], dtype=np.int64)
    ages = np.unique(np.concatenate([a, b]))
    about: dict[int, About] = {}
    for s in "ab":
        for k, name, level, n in zip(c[s], c[f"{s}_id"], c[f"{s}_level"], c[f"{s}_length"], strict=True):
            about[k] = about.get(k) or About(name, level=level, length=n)
    known = [about[k] for k in ages.tolist()]
    here = np.arange(len(ages), dtype=np.int64)
    same = here.astype(np.uint32)
    corpus = Corpus(
        about=tuple(known), symbols=symbols([]), age=same, by_age=here,
        rank=same, by_rank=here, series=same, equal_to=here - here - 1,
    )  # fmt: skip
    whole = {n: np.array(c[n], dtype=np.int64) for n in ("a_start", "a_end", "b_start", "b_end")}
    none = np.empty(0, dtype=np.int64)
    found = Passages(
        np.searchsorted(ages, a), whole["a_start"], whole["a_end"], np.searchsorted(ages, b),
        whole["b_start"], whole["b_end"], none, none.astype(np.float32),
        np.array(c["rarity"], dtype=np.float32),
        none.astype(object), none.astype(object),
    )  # fmt: skip
    told = pairs_of(corpus, found)
    x, y = told.pop("a"), told.pop("b")
    ids = np.array([k.id for k in known], dtype=object)
    words = {n: pa.array(v, pa.string()) for n, v in told.items() if v.dtype == object}
    numbers = {
        n: v.astype(np.float32 if v.dtype.kind == "f" else np.int64)
        for n, v in told.items()
        if v.dtype != object
    }
    values = {
        **numbers, **words, "a_age": ages[x], "b_age": ages[y], "a": pa.array(ids[x], pa.string()),
        "b": pa.array(ids[y], pa.string()),
    }  # fmt: skip
    return batch(**{n: values[n] for n in (f.split(" ")[0] for f in PAIRS.split(", "))})


def clusters(found: DataFrame, about: DataFrame, stages: Stages, together: int = TOGETHER) -> DataFrame:
    """The table of families, see :func:`luoshi.reuse.clusters.clusters`."""
    # stock phrases stand in a layer of their own
    found = found.withColumn("stock", (sql.col("relation") == "stock").cast("int"))
    sides = [
        found.selectExpr(f"{s} as age", "stock", f"{s}_start as start", f"{s}_end as finish") for s in "ab"
    ]
    order = ["age", "stock", "start", "finish"]
    ordered = numbered(sides[0].union(sides[1]).distinct(), order, "span", stages)
    spans = stages.keep("spans", lambda: ordered)
    near = spans.repartition("age").sortWithinPartitions(*order).mapInArrow(_near, "u long, v long")
    joined = found
    for s in "ab":
        side = spans.select(
            sql.col("age").alias(s), "stock", sql.col("start").alias(f"{s}_start"),
            sql.col("finish").alias(f"{s}_end"), sql.col("span").alias(f"{s}_span"),
        )  # fmt: skip
        joined = joined.join(side, [s, "stock", f"{s}_start", f"{s}_end"])
    links = joined.select(sql.col("a_span").alias("u"), sql.col("b_span").alias("v")).union(near)
    links = stages.keep("links", lambda: links.mapInArrow(_contract, "u long, v long").distinct())
    family = stages.keep("families", lambda: _components(links, stages, together))
    return _members(spans.join(family, "span"), about, stages)


def _near(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Stretches of one document that belong together, each linked with the first of them."""
    none = np.empty(0, dtype=np.int64)
    for rows in groups(batches, ("age", "stock", "start", "finish", "span")):
        _, stock, start, end, span = (np.array(c, dtype=np.int64) for c in zip(*rows, strict=True))
        family = kernels.families(stock, start, end, none, none)
        apart = np.flatnonzero(family != np.arange(len(family)))
        if len(apart):
            yield batch(u=span[apart], v=span[family[apart]])


def _contract(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Links, each group of linked stretches as a star around its least; those of one call made fewer."""
    parts: list[tuple[I64, I64]] = []
    size = 0
    for some in batches:
        parts.append((some.column("u").to_numpy(), some.column("v").to_numpy()))
        size += some.num_rows
        if size >= 4 * SOME:
            yield _star(parts)
            parts, size = [], 0
    if size:
        yield _star(parts)


def _all(batches: Batches) -> Iterator[pa.RecordBatch]:
    """As :func:`_contract`, but over everything, with the least of each group linked with itself."""
    parts = [tuple(some.column(n).to_numpy() for n in ("u", "v")) for some in batches]
    if parts:
        yield _star(parts, whole=True)


def _star(parts: Any, *, whole: bool = False) -> pa.RecordBatch:
    u, v = (np.concatenate(c) for c in zip(*parts, strict=True))
    nodes, at = np.unique(np.concatenate([u, v]), return_inverse=True)
    here = np.arange(len(nodes), dtype=np.int64)
    at = at.astype(np.int64)
    family = kernels.families(here, here, here, at[: len(u)].copy(), at[len(u) :].copy())
    some = here if whole else np.flatnonzero(family != here)
    return batch(u=nodes[some], v=nodes[family[some]])


def _components(links: DataFrame, stages: Stages, together: int) -> DataFrame:
    """``span``, ``family``: the least stretch with which each is linked over any others.

    Large and small stars in turn (Kiveris et al., Connected Components in MapReduce and Beyond, 2014): every
    stretch is linked with the least in its neighbourhood until all links end at the least of the group.
    """
    if stages.fact("links-found", links.count) <= together:
        return links.repartition(1).mapInArrow(_all, "u long, v long").toDF("span", "family")
    before: Any = None
    turn = 0
    while True:
        told = links.selectExpr("count(*)", "bit_xor(xxhash64(u, v))", "sum(cast(v as decimal(38)))").first()
        if told == before:
            break
        before, turn = told, 1 - turn
        links = stages.hold(f"stars-{turn}", _small(_large(links)))
    roots = links.select("v", "v").toDF("u", "v")
    return links.union(roots).distinct().toDF("span", "family")


def _large(links: DataFrame) -> DataFrame:
    """Greater neighbours of each stretch linked with its least neighbour."""
    both = links.union(links.select("v", "u"))
    least = both.groupBy("u").agg(sql.min("v").alias("m")).select("u", sql.least("u", "m").alias("m"))
    return both.join(least, "u").where("v > u").select("v", "m").toDF("u", "v").distinct()


def _small(links: DataFrame) -> DataFrame:
    """A stretch and its smaller neighbours linked with the least of them."""
    least = links.groupBy("u").agg(sql.min("v").alias("m"))
    others = links.join(least, "u").where("v != m").select("v", "m")
    return others.union(least).toDF("u", "v").distinct()


def _members(spans: DataFrame, about: DataFrame, stages: Stages) -> DataFrame:
    """Overlapping stretches of a family and document made one; families numbered and measured."""
    along = Window.partitionBy("family", "age").orderBy("start", "finish")
    before = along.rowsBetween(Window.unboundedPreceding, -1)
    new = sql.coalesce(sql.col("start") >= sql.max("finish").over(before), sql.lit(True))
    parts = spans.withColumn("new", new.cast("int"))
    island = sql.sum("new").over(along.rowsBetween(Window.unboundedPreceding, 0))
    members = (
        parts.withColumn("island", island)
        .groupBy("family", "age", "island")
        .agg(sql.min("start").alias("start"), sql.max("finish").alias("end"))
        .drop("island")
    )
    members = stages.hold("members", members)
    sizes = members.groupBy("family").agg(
        sql.count("*").alias("members"), sql.count_distinct("age").alias("documents"),
        sql.min(sql.struct("age", "start")).alias("first"),
    )  # fmt: skip
    families = numbered(sizes, ["family"], "cluster", stages)
    told = members.join(families, "family").join(about.select("age", sql.col("id").alias("document")), "age")
    earliest = (sql.struct("age", "start") == sql.col("first")).alias("earliest")
    return told.orderBy("cluster", "age", "start").select(
        "cluster", "document", "start", "end", earliest, "members", "documents"
    )
