"""The rank of uppers (:mod:`luoshi.reuse.ranking`) on Spark: two joins over the strongest neighbours of each.

Sums run in the same order as on one machine, so that the ranks are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as sql

from luoshi.reuse.ranking import NEIGHBOURS, THROUGH, shares_out

Batches = Iterable[pa.RecordBatch]


def ranked(pairs: DataFrame) -> DataFrame:
    """The pairs of documents with ``rank`` besides.

    :param pairs: among its columns ``a_age``, ``b_age`` (long), ``upper`` (``a`` or ``b``), ``weight``.
    """
    upper = sql.when(sql.col("upper") == "a", sql.col("a_age")).otherwise(sql.col("b_age"))
    lower = sql.when(sql.col("upper") == "a", sql.col("b_age")).otherwise(sql.col("a_age"))
    edges = pairs.select(
        upper.alias("u"), lower.alias("l"), sql.col("weight").cast("double").alias("w"), "a_age", "b_age"
    )
    both = edges.selectExpr("l as d", "u as m", "w", "true as asked").union(
        edges.selectExpr("u as d", "l as m", "w", "false as asked")
    )
    lists = both.groupBy("d").agg(sql.collect_list(sql.struct("m", "w", "asked")).alias("near"))
    known = lists.mapInArrow(
        _shares,
        "d long, m array<long>, s array<double>, u array<long>, w array<double>, straight array<double>",
    )
    steps = known.select("d", sql.posexplode(sql.arrays_zip("m", "s")).alias("at", "step"))
    ways = steps.select("d", "at", sql.col("step.m").alias("through"), sql.col("step.s").alias("s"))
    targets = known.selectExpr("d as through", "m as to", "s as share")
    ways = (
        ways.join(targets, "through")
        .groupBy("d")
        .agg(sql.collect_list(sql.struct("at", "s", "to", "share")).alias("ways"))
    )
    asked = known.where(sql.size("u") > 0).select("d", "u", "w", "straight").join(ways, "d")
    ranks = asked.mapInArrow(_ranks, "l long, u long, rank long")
    places = edges.select("u", "l", "a_age", "b_age").join(ranks, ["l", "u"]).drop("l", "u")
    return pairs.join(places, ["a_age", "b_age"])


def _shares(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Of each document its strongest neighbours with their shares, and its uppers with theirs."""
    for some in batches:
        rows: dict[str, list[Any]] = {k: [] for k in ("d", "m", "s", "u", "w", "straight")}
        for d, near in zip(*(c.to_pylist() for c in some.select(["d", "near"]).columns), strict=True):
            near.sort(key=lambda x: (-x["w"], x["m"]))
            weight = np.array([x["w"] for x in near])
            share = shares_out(np.zeros(len(near), dtype=np.int64), weight, 1).tolist()
            uppers = [k for k, x in enumerate(near) if x["asked"]]
            rows["d"].append(d)
            rows["m"].append([x["m"] for x in near[:NEIGHBOURS]])
            rows["s"].append(share[:NEIGHBOURS])
            rows["u"].append([near[k]["m"] for k in uppers])
            rows["w"].append([near[k]["w"] for k in uppers])
            rows["straight"].append([share[k] for k in uppers])
        long, double = pa.int64(), pa.float64()
        kinds = [long, pa.list_(long), pa.list_(double), pa.list_(long), pa.list_(double), pa.list_(double)]
        arrays = [pa.array(v, t) for v, t in zip(rows.values(), kinds, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, names=list(rows))


def _ranks(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Of each document the rank of its uppers."""
    names = ("d", "u", "w", "straight", "ways")
    for some in batches:
        lowers: list[int] = []
        uppers: list[int] = []
        ranks: list[int] = []
        for d, u, w, straight, ways in zip(*(some.column(n).to_pylist() for n in names), strict=True):
            through: dict[int, float] = {}
            for way in sorted(ways, key=lambda x: x["at"]):
                for to, share in zip(way["to"], way["share"], strict=True):
                    through[to] = through.get(to, 0.0) + way["s"] * share
            close = [x + THROUGH * through.get(k, 0.0) for k, x in zip(u, straight, strict=True)]
            order = sorted(range(len(u)), key=lambda k: (-close[k], -w[k], u[k]))
            lowers += [d] * len(u)
            uppers += [u[k] for k in order]
            ranks += range(1, len(u) + 1)
        arrays = [pa.array(x, pa.int64()) for x in (lowers, uppers, ranks)]
        yield pa.RecordBatch.from_arrays(arrays, names=["l", "u", "rank"])
