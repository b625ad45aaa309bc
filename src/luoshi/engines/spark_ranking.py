"""The rank of uppers (:mod:`luoshi.reuse.ranking`) on Spark: two joins over the strongest neighbours of each.

Sums run in the same order as on one machine, or over whole numbers, so that the ranks are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as sql

from luoshi.engines.spark_words import alike
from luoshi.kernels.near_py import rests
from luoshi.reuse.ranking import KEPT, NEIGHBOURS, REACHED, WHOLE, parts, shares_out

Batches = Iterable[pa.RecordBatch]
KNOWN = (
    "d long, standing long, series long, m array<long>, s array<double>, standings array<long>,"
    " serieses array<long>, all array<long>, u array<long>, parts array<long>"
)


def ranked(pairs: DataFrame, about: DataFrame, known: DataFrame, sets: int) -> DataFrame:
    """The pairs of documents, and the uppers besides that share nothing, with ``likeness`` and ``rank``.

    :param pairs: among its columns ``a_age``, ``b_age`` (long), ``upper`` (``a`` or ``b``), ``weight``;
        of the uppers besides only these and the two that are found are filled.
    :param about: ``age``, ``standing``, ``series`` (long) of the documents.
    :param known: their terms (:func:`luoshi.engines.spark_words.terms`).
    :param sets: of documents, by which terms are brought together.
    """
    upper = sql.when(sql.col("upper") == "a", sql.col("a_age")).otherwise(sql.col("b_age"))
    lower = sql.when(sql.col("upper") == "a", sql.col("b_age")).otherwise(sql.col("a_age"))
    edges = pairs.select(upper.alias("u"), lower.alias("l"), sql.col("weight").cast("double").alias("w"))
    near, leaning = _near(edges, about)
    every = edges.withColumn("shared", sql.lit(True)).unionByName(
        near.selectExpr("u", "l", "cast(0 as double) as w", "false as shared")
    )
    told = every.join(alike(every, known, sets), ["l", "u"]).join(leaning, "u", "left")
    score = f"likeness * sqrt(1 + coalesce(leaning, 0) / cast({WHOLE} as double))"
    standing = about.select(sql.col("age").alias("u"), "standing")
    told = told.join(standing, "u").withColumn("score", sql.expr(score))
    group = Window.partitionBy("l", "standing", "shared")
    told = told.withColumn("place", sql.row_number().over(group.orderBy(*_best())))
    told = told.where(f"shared or (place <= {KEPT} and score > 0)")
    rank = sql.row_number().over(Window.partitionBy("l").orderBy(*_best())).cast("long")
    like = told.withColumn("rank", rank).mapInArrow(
        _rounded, "a_age long, b_age long, upper string, likeness float, rank long"
    )
    return pairs.drop("upper").join(like, ["a_age", "b_age"], "right")


def _best() -> tuple[Column, ...]:
    return sql.desc("score"), sql.desc("w"), sql.asc("u")


def _rounded(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Likeness as it is told, and the two documents by age."""
    for some in batches:
        u, low = some.column("u").to_numpy(), some.column("l").to_numpy()
        like = some.column("likeness").to_numpy().round(4).astype(np.float32)
        names = pa.array(np.where(u < low, "a", "b").tolist(), pa.string())
        columns = [pa.array(np.minimum(u, low)), pa.array(np.maximum(u, low)), names, pa.array(like)]
        yield pa.RecordBatch.from_arrays(
            [*columns, some.column("rank")], names=["a_age", "b_age", "upper", "likeness", "rank"]
        )


def _near(edges: DataFrame, about: DataFrame) -> tuple[DataFrame, DataFrame]:
    """Uppers that share nothing with a document and are reached over a third, and ``leaning`` of uppers."""
    both = edges.selectExpr("l as d", "u as m", "w", "true as asked").union(
        edges.selectExpr("u as d", "l as m", "w", "false as asked")
    )
    mine = about.selectExpr("age as d", "standing", "series")
    theirs = about.selectExpr("age as m", "standing as ms", "series as mr")
    lists = (
        both.join(theirs, "m")
        .groupBy("d")
        .agg(sql.collect_list(sql.struct("m", "w", "asked", "ms", "mr")).alias("near"))
    )
    known = lists.join(mine, "d").mapInArrow(_shares, KNOWN)
    leaning = (
        known.select(sql.explode(sql.arrays_zip("u", "parts")).alias("x"))
        .groupBy(sql.col("x.u").alias("u"))
        .agg(sql.sum("x.parts").alias("leaning"))
    )
    steps = known.select("d", sql.posexplode(sql.arrays_zip("m", "s")).alias("at", "step"))
    ways = steps.select("d", "at", sql.col("step.m").alias("through"), sql.col("step.s").alias("s"))
    targets = known.selectExpr("d as through", "m as to", "s as share", "standings", "serieses")
    ways = (
        ways.join(targets, "through")
        .groupBy("d")
        .agg(sql.collect_list(sql.struct("at", "s", "to", "share", "standings", "serieses")).alias("ways"))
    )
    asked = known.select("d", "standing", "series", "all").join(ways, "d")
    return asked.mapInArrow(_reached, "l long, u long"), leaning


def _shares(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Of each document its strongest neighbours with their shares, all of them, and its uppers."""
    schema = [f.rsplit(" ", 1)[0] for f in KNOWN.split(", ")]
    for some in batches:
        rows: dict[str, list[Any]] = {k: [] for k in schema}
        names = ("d", "standing", "series", "near")
        for d, standing, series, near in zip(*(some.column(n).to_pylist() for n in names), strict=True):
            near.sort(key=lambda x: (-x["w"], x["m"]))
            weight = np.array([x["w"] for x in near])
            share = shares_out(np.zeros(len(near), dtype=np.int64), weight, 1)
            strong = near[:NEIGHBOURS]
            uppers = [k for k, x in enumerate(near) if x["asked"]]
            row = (
                d, standing, series, [x["m"] for x in strong], share[:NEIGHBOURS].tolist(),
                [x["ms"] for x in strong], [x["mr"] for x in strong], [x["m"] for x in near],
                [near[k]["m"] for k in uppers], parts(share[uppers]).tolist(),
            )  # fmt: skip
            for column, value in zip(rows.values(), row, strict=True):
                column.append(value)
        long, longs = pa.int64(), pa.list_(pa.int64())
        kinds = [long, long, long, longs, pa.list_(pa.float64()), longs, longs, longs, longs, longs]
        arrays = [pa.array(v, t) for v, t in zip(rows.values(), kinds, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, names=schema)


def _reached(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Of each document the uppers that it reaches (:func:`luoshi.kernels.near_py.near`)."""
    names = ("d", "standing", "series", "all", "ways")
    for some in batches:
        lowers: list[int] = []
        uppers: list[int] = []
        for d, standing, series, known, ways in zip(
            *(some.column(n).to_pylist() for n in names), strict=True
        ):
            sums: dict[int, float] = {}
            told: dict[int, tuple[int, int]] = {}
            for way in sorted(ways, key=lambda x: x["at"]):
                columns = zip(way["to"], way["share"], way["standings"], way["serieses"], strict=True)
                for to, share, *its in columns:
                    if way["s"] * share > 0:
                        sums[to] = sums.get(to, 0.0) + way["s"] * share
                        told[to] = (its[0], its[1])
            for u in (d, *known):
                sums.pop(u, None)
            room = [REACHED] * 8
            for u in sorted(sums, key=lambda u: (-sums[u], u)):
                its_standing, its_series = told[u]
                if its_series != series and rests(d, u, standing, its_standing) and room[its_standing] > 0:
                    room[its_standing] -= 1
                    lowers.append(d)
                    uppers.append(u)
        yield pa.RecordBatch.from_arrays(
            [pa.array(lowers, pa.int64()), pa.array(uppers, pa.int64())], names=["l", "u"]
        )
