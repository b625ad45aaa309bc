"""The documents of a Spark job: read, measured, and put into their orders without coming together anywhere.

Rules are those of :mod:`luoshi.pipeline.reuse_input` and :mod:`luoshi.reuse.corpus`; the same rows give the
same names and orders as there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from py4j.protocol import Py4JJavaError
from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as sql

from luoshi.engines.spark_rows import Batches
from luoshi.engines.spark_stages import Files, Stages
from luoshi.engines.spark_tasks import text_of
from luoshi.errors import NothingToDo, UsageError
from luoshi.reuse.corpus import UNDATED, About, digests
from luoshi.reuse.corpus import symbols as taken_apart
from luoshi.reuse.direction import rank_of
from luoshi.reuse.settings import Settings

LINES = (".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz")
KNOWN = ("date", "level", "series")
ROWS = "number long, id string, date string, level string, series string, data binary, trouble string"
MEASURES = (
    "number long, id string, date string, level string, series string, trouble string, standing int,"
    " length long, symbols long, digest long, exact binary, tie string"
)
TROUBLES = ("damaged-row", "no-id", "no-text")


@dataclass(frozen=True, slots=True)
class Documents:
    """What a job searches.

    :param texts: ``number``, ``text`` (UTF-8) of every row that was read.
    :param about: ``number``, ``age``, ``series``, ``copy_of`` (:data:`luoshi.engines.spark.ORDERS`), ``id``,
        ``date``, ``level``, ``standing`` (:func:`luoshi.reuse.direction.rank_of`), ``length`` of the
        documents among them.
    :param passed: how many rows were passed over, by reason, and how many got an id of their own.
    """

    texts: DataFrame
    about: DataFrame
    documents: int
    symbols: int
    series: bool
    copies: bool
    passed: dict[str, int]


def read(session: SparkSession, paths: Sequence[str], id_field: str, text_field: str) -> DataFrame:
    """Rows of all inputs, see :data:`ROWS`.

    :raises UsageError: when an input lacks the id or the text, or they are of a wrong type.
    """
    files = Files(session)
    parts = [
        (_lines if _holds_lines(files, path) else _parquet)(session, path, id_field, text_field)
        for path in paths
    ]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.union(part)
    return whole.withColumn("number", sql.monotonically_increasing_id())


def _holds_lines(files: Files, path: str) -> bool:
    """Whether a file, or what a folder or pattern stands for, is JSON Lines; else it is Parquet.

    :raises UsageError: when a folder holds both.
    """
    names = [str(at).rsplit("/", 1)[1].lower() for at, _bytes, _time in files.identity(path)]
    kinds = {name.endswith(LINES) for name in names if not name.startswith(("_", "."))}
    if len(kinds) > 1:
        raise UsageError(
            f"{path} holds JSON Lines and other files.",
            hint="Give them as two inputs, for instance FOLDER/*.jsonl and FOLDER/*.parquet.",
        )
    return kinds == {True}


def _lines(session: SparkSession, path: str, id_field: str, text_field: str) -> DataFrame:
    lines = (
        session.read.option("lineSep", "\n")
        .option("recursiveFileLookup", "true")
        .text(path)
        .select(sql.col("value").cast("binary").alias("line"))
    )
    return lines.mapInArrow(partial(parsed, id_field=id_field, text_field=text_field), ROWS)


def _parquet(session: SparkSession, path: str, id_field: str, text_field: str) -> DataFrame:
    try:
        frame = session.read.parquet(path)
    except (AnalysisException, Py4JJavaError) as error:
        said = str(error).splitlines()[0][:200]
        raise UsageError(
            f"{path} cannot be read as Parquet.",
            hint=f"JSON Lines must end in {', '.join(LINES[:3])}. Spark said: {said}",
        ) from error
    missing = [n for n in (id_field, text_field) if n not in frame.columns]
    if missing:
        raise UsageError(
            f"{path} has no column {' and no '.join(missing)}.",
            hint=f"It has: {', '.join(frame.columns[:20])}. Name them with --id-field and --text-field.",
        )
    kinds = dict(frame.dtypes)
    if kinds[text_field] != "string" or kinds[id_field] not in ("string", "int", "bigint", "smallint"):
        raise UsageError(
            f"In {path} the id is of type {kinds[id_field]} and the text of type {kinds[text_field]}.",
            hint="The text must be a string, the id a string or an integer.",
        )
    return frame.select(
        sql.lit(0).cast("long").alias("number"),
        sql.col(f"`{id_field}`").cast("string").alias("id"),
        *(_known(n, kinds.get(n, "")).alias(n) for n in KNOWN),
        sql.col(f"`{text_field}`").cast("binary").alias("data"),
        sql.lit(None).cast("string").alias("trouble"),
    )


def _known(name: str, kind: str) -> Column:
    """Metadata as text: points in time by their day."""
    if not kind or kind.startswith(("array", "map", "struct", "binary")):
        return sql.lit(None).cast("string")
    text = sql.col(name).cast("string")
    return sql.substring(text, 1, 10) if kind.startswith("timestamp") else text


def parsed(batches: Batches, id_field: str, text_field: str) -> Iterator[pa.RecordBatch]:
    """Rows of lines of JSON, as the local engine reads them."""
    for some in batches:
        rows = [_row(line, id_field, text_field) for line in some.column("line").to_pylist()]
        told = [row for row in rows if row is not None]
        if told:
            columns = list(zip(*told, strict=True))
            kinds = (pa.string(),) * 4 + (pa.binary(), pa.string())
            yield pa.RecordBatch.from_arrays(
                [pa.array([0] * len(told), pa.int64()), *map(pa.array, columns, kinds)],
                names=["number", "id", *KNOWN, "data", "trouble"],
            )


def _row(line: bytes, id_field: str, text_field: str) -> tuple[Any, ...] | None:
    if not line or line.isspace():
        return None
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        return None, None, None, None, None, "damaged-row"
    name, text = row.get(id_field), row.get(text_field)
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    known = (None if isinstance(v := row.get(n), dict | list) or v is None else str(v) for n in KNOWN)
    return (
        _whole(name) if isinstance(name, str) else None,
        *(v if v is None else _whole(v) for v in known),
        text.encode("utf-8", "surrogatepass") if isinstance(text, str) else None,
        None,
    )


def _whole(text: str) -> str:
    """Text that any column can hold: half a surrogate pair as a mark of its own."""
    return text.encode("utf-8", "replace").decode("utf-8")


def measure(batches: Batches) -> Iterator[pa.RecordBatch]:
    """What is known of each row without its text: whether it is a document, its length, hashes of its text.

    ``digest`` is that of its symbols, ``exact`` also of their places in the text; ``tie`` tells documents
    apart that equal each other in all of that.
    """
    names = ("number", "id", *KNOWN, "data", "trouble")
    for some in batches:
        rows = list(zip(*(some.column(n).to_pylist() for n in names), strict=True))
        texts = [text_of(row[5]) if row[5] is not None else "" for row in rows]
        columns = taken_apart(texts)
        digest = digests(columns).view(np.int64).tolist()
        out = []
        for k, ((number, name, date, level, series, _, trouble), (a, b)) in enumerate(
            zip(rows, pairwise(columns.bounds.tolist()), strict=True)
        ):
            known = [v.strip() or None if v else None for v in (date, level, series)]
            if not trouble and not (name and name.strip()):
                trouble = "no-id"
            elif not trouble and not texts[k].strip():
                trouble = "no-text"
            exact = blake2b(columns.sym[a:b].tobytes() + columns.start[a:b].tobytes()).digest()
            about = About(name or "", known[0], known[1], known[2], len(texts[k]))
            out.append((
                number, name, *known, trouble, -rank_of(known[1]), len(texts[k]), b - a, digest[k], exact,
                repr(about),
            ))  # fmt: skip
        if out:
            fields = [f.split(" ") for f in MEASURES.split(", ")]
            kinds = {"long": pa.int64(), "int": pa.int32(), "string": pa.string(), "binary": pa.binary()}
            arrays = [
                pa.array(c, kinds[kind]) for c, (_, kind) in zip(zip(*out, strict=True), fields, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, names=[name for name, _ in fields])


def documents(rows: DataFrame, stages: Stages, settings: Settings) -> Documents:
    """The documents among the rows, with their names and orders.

    :raises NothingToDo: when no row has an id and a text.
    """
    measured = stages.keep("measured", lambda: rows.mapInArrow(measure, MEASURES))
    good = measured.where("trouble is null")
    of = [sql.count_if(sql.col("trouble") == t) for t in TROUBLES]
    size = sql.coalesce(sql.sum(sql.when(sql.col("trouble").isNull(), sql.col("symbols"))), sql.lit(0))
    found = stages.facts(
        "read", lambda: measured.agg(*of, sql.count_if(sql.col("trouble").isNull()), size).first()
    )
    *counts, number, symbols = found
    if not number:
        raise NothingToDo("No document was found.", hint="Each row needs an id and a text.")
    about = stages.keep("documents", lambda: _ordered(good, stages, settings))
    twice, copies, series = stages.facts(
        "orders",
        lambda: about.agg(
            sql.count_if("twice"),
            sql.count_if(sql.expr("copy_of >= 0")),
            sql.count_if(sql.expr("series != age")),
        ).first(),
    )
    return Documents(
        rows.select("number", sql.col("data").alias("text")), about, number, symbols, series > 0, copies > 0,
        {**dict(zip(TROUBLES, counts, strict=True)), "duplicate-id": twice},
    )  # fmt: skip


def _ordered(good: DataFrame, stages: Stages, settings: Settings) -> DataFrame:
    """Documents with ids of their own, ages, series, and the documents that they copy."""
    same = Window.partitionBy("id").orderBy("exact", "tie", "number")
    named = good.withColumn("nth", sql.row_number().over(same)).selectExpr(
        "number", "if(nth > 1, concat(id, '#', nth), id) as id", "date", "level", "series as work",
        "standing", "length", "digest", "nth > 1 as twice",
    )  # fmt: skip
    told = named.withColumn("dated", sql.coalesce("date", sql.lit(UNDATED)))
    aged = stages.hold("aged", numbered(told, ["dated", "standing", "id", "number"], "age", stages))
    equal = (
        aged.groupBy("digest")
        .agg(sql.count("*").alias("times"), sql.min("age").alias("first"))
        .where(sql.col("times") > settings.df_cap)
        .select("digest", "first")
    )
    copied = aged.join(equal, "digest", "left").withColumn(
        "copy_of", sql.when(sql.col("first") != sql.col("age"), sql.col("first")).otherwise(-1)
    )
    single = copied.withColumn("series", sql.col("age"))
    if not settings.same_series:
        works = aged.where("work is not null").groupBy("work").agg(sql.min("age").alias("series"))
        shared = copied.where("work is not null").join(works, "work")
        single = single.where("work is null").unionByName(shared)
    return single.selectExpr(
        "number", "age", "cast(-standing as long) as standing", "series", "copy_of", "id", "date", "level",
        "length", "twice",
    )  # fmt: skip


def numbered(frame: DataFrame, by: Sequence[str], name: str, stages: Stages) -> DataFrame:
    """Rows with their places in the order of these columns, from 0: sorted by ranges, and the ranges counted.

    :param by: no two rows may be equal in all of them.
    """
    ordered = stages.hold(f"{name}-order", frame.orderBy(*by))
    mark = sql.monotonically_increasing_id()
    part = sql.shiftright(mark, 33)
    sizes = {int(r[0]): int(r[1]) for r in ordered.select(part.alias("p")).groupBy("p").count().collect()}
    before = np.cumsum([0, *(sizes.get(k, 0) for k in range(max(sizes, default=0) + 1))]).tolist()
    offset = sql.element_at(sql.lit(before), (part + 1).cast("int"))
    return ordered.withColumn(name, mark - sql.shiftleft(part, 33) + offset)
