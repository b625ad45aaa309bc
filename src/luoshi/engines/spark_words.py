"""How alike documents are (:mod:`luoshi.reuse.words`) on Spark.

Frequencies of terms are a table of fixed size, which the driver adds up and hands out. Terms of documents
travel as texts do when passages are looked for: to tiles that hold two sets of documents each.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as sql

from luoshi.engines.spark_rows import Batches, batch, groups
from luoshi.engines.spark_tasks import of_sets, text_of
from luoshi.reuse.corpus import symbols
from luoshi.reuse.words import TERMS, Words, likeness, standing, words

I64 = NDArray[np.int64]


def frequencies(texts: DataFrame, step: int) -> I64:
    """``int64[TERMS]``: in how many documents each term stands.

    :param texts: column ``data``, a text each.
    :param step: of :func:`luoshi.reuse.words.every`.
    """
    told = texts.select("data").mapInArrow(partial(_standing, step=step), "term int, times long")
    out = np.zeros(TERMS, dtype=np.int64)
    for term, times in told.groupBy("term").agg(sql.sum("times")).collect():
        out[term] = times
    return out


def _standing(batches: Batches, step: int) -> Iterator[pa.RecordBatch]:
    times = np.zeros(TERMS, dtype=np.int64)
    for some in batches:
        columns = symbols([text_of(d) for d in some.column("data").to_pylist()])
        times += standing(columns, step)[0]
    here = np.flatnonzero(times)
    yield batch(term=here.astype(np.int32), times=times[here])


def terms(texts: DataFrame, times: I64, documents: int, step: int) -> DataFrame:
    """``age``, ``square``, ``data``: the terms of each document and behind them their weights.

    :param texts: columns ``age``, ``data``.
    :param times: of :func:`frequencies`, of so many documents.
    """
    work = partial(_terms, times=times, documents=documents, step=step)
    return texts.select("age", "data").mapInArrow(work, "age long, square long, data binary")


def _terms(batches: Batches, times: I64, documents: int, step: int) -> Iterator[pa.RecordBatch]:
    for some in batches:
        columns = symbols([text_of(d) for d in some.column("data").to_pylist()])
        w = words(columns, times, documents, step)
        data = [
            w.terms[a:b].tobytes() + w.weight[a:b].tobytes()
            for a, b in zip(w.first[:-1].tolist(), w.first[1:].tolist(), strict=True)
        ]
        yield batch(age=some.column("age"), square=w.square, data=pa.array(data, pa.binary()))


def alike(pairs: DataFrame, known: DataFrame, sets: int) -> DataFrame:
    """The pairs (``l``, ``u``) with ``likeness`` (double).

    :param known: of :func:`terms`.
    :param sets: of documents, of which a tile holds two.
    """
    asked = pairs.select("l", "u").mapInArrow(partial(_tiles, sets=sets), "tile long, l long, u long")
    sides = asked.selectExpr("tile", "l as age").union(asked.selectExpr("tile", "u as age")).distinct()
    given = sides.join(known, "age").selectExpr("tile", "age", "-1L as u", "square", "data")
    wanted = asked.selectExpr("tile", "l as age", "u", "0L as square", "cast(null as binary) as data")
    both = given.union(wanted).repartition("tile").sortWithinPartitions("tile", "u", "age")
    return both.mapInArrow(_alike, "l long, u long, likeness double")


def _tiles(batches: Batches, sets: int) -> Iterator[pa.RecordBatch]:
    for some in batches:
        low, up = some.column("l").to_numpy(), some.column("u").to_numpy()
        yield batch(tile=of_sets(low.astype(np.uint32), up.astype(np.uint32), sets), l=low, u=up)


def _alike(batches: Batches) -> Iterator[pa.RecordBatch]:
    for rows in groups(batches, ("tile", "age", "u", "square", "data")):
        given = [r for r in rows if r[2] < 0]
        asked = np.array([(r[1], r[2]) for r in rows if r[2] >= 0], dtype=np.int64)
        asked = asked[np.argsort(asked[:, 0], kind="stable")]
        ages = np.array([r[1] for r in given], dtype=np.int64)
        halves = [np.frombuffer(r[4], dtype=np.uint16).reshape(2, -1) for r in given]
        size = np.array([0, *(h.shape[1] for h in halves)], dtype=np.int64)
        terms, weight = (np.concatenate([h[k] for h in halves]) for k in (0, 1))
        square = np.array([r[3] for r in given], dtype=np.int64)
        some = Words(np.cumsum(size), terms, weight, square)
        of, to = (np.searchsorted(ages, asked[:, k]) for k in (0, 1))
        yield batch(l=asked[:, 0], u=asked[:, 1], likeness=likeness(some, of, to))
