"""The search for text reuse as a job for ``spark-submit``: Parquet or JSON Lines in, Parquet out.

Paths may lie on any file system that Spark reads (``hdfs://``, ``s3a://``, a folder that all machines see).
The executors need this package: see docs/how-to.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as sql

from luoshi.engines import spark_tasks as tasks
from luoshi.engines.spark import SparkEngine
from luoshi.errors import LuoshiError, NothingToDo, UsageError
from luoshi.reuse.corpus import About, Corpus, corpus, symbols
from luoshi.reuse.settings import preset
from luoshi.reuse.tables import arrow, tables

LINES = (".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz")
KNOWN = ("date", "level", "series")
NOT_BLANK = r"(?U)\S"


def read(session: SparkSession, paths: Sequence[str], id_field: str, text_field: str) -> DataFrame:
    """Rows of all inputs: ``number``, and as strings ``id``, ``text``, ``date``, ``level``, ``series``.

    :raises UsageError: when an input cannot be opened or lacks the id or the text.
    """
    parts = [_rows(session, path, id_field, text_field) for path in paths]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.union(part)
    return whole.select(sql.monotonically_increasing_id().alias("number"), "*")


def _rows(session: SparkSession, path: str, id_field: str, text_field: str) -> DataFrame:
    names = (id_field, text_field, *KNOWN)
    if path.lower().endswith(LINES):
        schema = ", ".join(f"`{n}` string" for n in names)
        frame = session.read.schema(schema).json(path)
    else:
        frame = session.read.parquet(path)
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
        sql.col(f"`{id_field}`").cast("string").alias("id"),
        sql.col(f"`{text_field}`").alias("text"),
        *(_word(n, kinds.get(n, "")).alias(n) for n in KNOWN),
    )


def _word(name: str, kind: str) -> Column:
    """Metadata as text: points in time by their day, blank as none."""
    if not kind or kind.startswith(("array", "map", "struct", "binary")):
        return sql.lit(None).cast("string")
    text = sql.col(name).cast("string")
    text = sql.substring(text, 1, 10) if kind.startswith("timestamp") else sql.trim(text)
    return sql.when(text != "", text)


def documents(
    rows: DataFrame, *, same_series: bool, df_cap: int
) -> tuple[DataFrame, Corpus, Any, int, dict[str, int]]:
    """Texts, what is known of them with their orders, their numbers, their symbols, and what was passed over.

    :raises NothingToDo: when no row has an id and a text.
    """
    named = sql.col("id").isNotNull() & sql.col("id").rlike(NOT_BLANK)
    filled = sql.col("text").isNotNull() & sql.col("text").rlike(NOT_BLANK)
    told = rows.agg(
        sql.count_if(~named).alias("no-id"), sql.count_if(named & ~filled).alias("no-text")
    ).first()
    good = rows.where(named & filled)
    known = good.select("number", "id", *KNOWN).toArrow().sort_by("number").to_pylist()
    if not known:
        raise NothingToDo("No document was found.", hint="Each row needs an id and a text.")
    texts = good.select("number", "text")
    sizes = texts.mapInArrow(tasks.measure, tasks.MEASURES).toArrow().sort_by("number")
    about = [
        About(k["id"], k["date"], k["level"], k["series"], length)
        for k, length in zip(known, sizes.column("length").to_pylist(), strict=True)
    ]
    about, twice = _distinct(about, sizes.column("exact").to_pylist())
    digest = sizes.column("digest").to_numpy().view(np.uint64)
    whole = corpus(about, symbols([]), digest=digest, same_series=same_series, copies=df_cap)
    passed = {**(told.asDict() if told else {}), "duplicate-id": twice}
    numbers = sizes.column("number").to_numpy()
    return texts, whole, numbers, int(sizes.column("symbols").to_numpy().sum()), passed


def _distinct(about: list[About], exact: list[bytes]) -> tuple[list[About], int]:
    """Documents of one id get the endings #2, #3 … in the order of their texts' hashes; how many got one."""
    by_id: dict[str, list[int]] = {}
    for n, a in enumerate(about):
        by_id.setdefault(a.id, []).append(n)
    out = list(about)
    for name, places in by_id.items():
        ordered = sorted(places, key=lambda n: (exact[n], repr(about[n]))) if len(places) > 1 else places
        for k, n in enumerate(ordered[1:], 2):
            out[n] = replace(about[n], id=f"{name}#{k}")
    return out, len(about) - len(by_id)


def run(session: SparkSession, options: argparse.Namespace) -> dict[str, Any]:
    """Searches and writes ``passages``, ``clusters`` and ``documents`` under ``options.out``."""
    settings = preset(
        options.preset, n=options.n, least=options.min, df_cap=options.df_cap,
        same_series=options.same_series or None,
    )  # fmt: skip
    rows = read(session, options.input, options.id_field, options.text_field)
    texts, whole, numbers, size, passed = documents(
        rows, same_series=settings.same_series, df_cap=settings.df_cap
    )
    engine = SparkEngine(session=session, settings=settings)
    found = engine.passages(texts, whole, numbers, symbols=size)
    counts = {}
    for name, columns in tables(whole, found).items():
        table = arrow(columns)
        counts[name] = table.num_rows
        mode = "overwrite" if options.overwrite else "errorifexists"
        session.createDataFrame(table).write.mode(mode).parquet(f"{options.out.rstrip('/')}/{name}")
    return {
        "out": options.out, "documents": len(whole.about), "symbols": size, "counts": counts,
        "passed over": passed, "timings": {k: round(v, 3) for k, v in engine.timings.items()},
    }  # fmt: skip


def arguments() -> argparse.ArgumentParser:
    """Options as those of ``luoshi reuse``."""
    p = argparse.ArgumentParser(prog="luoshi.engines.spark", description=__doc__)
    p.add_argument("input", nargs="+", metavar="INPUT", help="Parquet, or JSON Lines by its ending (.jsonl)")
    p.add_argument("--out", "-o", required=True, help="folder for the tables")
    p.add_argument("--preset", default="thorough", help="thorough, or fast")
    p.add_argument("-n", type=int, help="characters of a seed")
    p.add_argument("--min", type=int, help="smallest passage, in characters")
    p.add_argument("--df-cap", type=int, help="seeds that stand more often lead only to their first place")
    p.add_argument("--same-series", action="store_true", help="also compare documents of one series")
    p.add_argument("--id-field", default="id")
    p.add_argument("--text-field", default="text")
    p.add_argument("--overwrite", action="store_true", help="write over tables that are there")
    return p


def main(words: Sequence[str] | None = None) -> int:
    """Runs the job; the session is that of ``spark-submit``, or one on this machine."""
    options = arguments().parse_args(words)
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        # Not under spark-submit: the executors are on this machine and take our own Python.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.appName("luoshi reuse").getOrCreate()
    try:
        print(json.dumps(run(session, options), ensure_ascii=False))
    except LuoshiError as error:
        print(f"{error.message}\n{error.hint}".rstrip(), file=sys.stderr)
        return error.exit_code
    except PySparkException as error:
        print(f"Spark gave up: {str(error).strip().splitlines()[0]}", file=sys.stderr)
        return 1
    finally:
        session.stop()
    return 0
