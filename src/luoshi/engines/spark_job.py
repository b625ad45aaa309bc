"""The search for text reuse as a job for a cluster: Parquet or JSON Lines in, three tables as Parquet out.

Paths may lie on any file system that Hadoop reaches (hdfs://, s3a://, file://). Rows are those that luoshi
reuse takes: id, text and perhaps date, level, series. The executors need this package: see docs/how-to.md.

Example:
  spark-submit --archives env.tar.gz#env --conf spark.pyspark.python=./env/bin/python \\
      job.py hdfs:///corpus --out hdfs:///reuse --work hdfs:///tmp/reuse-work

with a job.py of two lines: from luoshi.engines.spark_job import main; raise SystemExit(main())
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from luoshi import __version__
from luoshi.engines.spark import SparkEngine
from luoshi.engines.spark_documents import documents, read
from luoshi.engines.spark_stages import QUICK, Files, Stages, tuned
from luoshi.engines.spark_tables import TOGETHER, clusters, named, passages
from luoshi.engines.spark_tables import documents as shares
from luoshi.errors import LuoshiError, MissingExtra, OutputError
from luoshi.reuse.settings import Settings, preset

TABLES = ("passages", "clusters", "documents")


def run(
    session: SparkSession, inputs: Sequence[str], out: str, settings: Settings, *, work: str = "",
    id_field: str = "id", text_field: str = "text", overwrite: bool = False, tell: Any = None,
    together: int = TOGETHER,
) -> dict[str, Any]:  # fmt: skip
    """Searches and writes the tables ``passages``, ``clusters`` and ``documents`` under ``out``.

    :param session: a session; it is neither made nor stopped here.
    :param work: a folder in which an interrupted run leaves its stages and the next one goes on.
    :param overwrite: write over tables that are there.
    :param tell: called with the name of each job when it is done.
    :raises UsageError: when an input does not exist or lacks a column.
    :raises NothingToDo: when no row has an id and a text.
    :raises OutputError: when tables are there already, or ``work`` holds something else.
    """
    files = Files(session)
    sources = [files.identity(p) for p in inputs]
    size = sum(bytes_ for some in sources for _, bytes_, _ in some)
    told = [out, id_field, text_field, __version__, settings.as_dict(), sources]
    key = hashlib.blake2b(json.dumps(told).encode(), digest_size=16).hexdigest()
    stages = Stages(session, work, key)
    done = tell or (lambda job: None)
    with tuned(session, size), _closing(stages):
        _vacant(files, out, stages, overwrite)
        rows = read(session, inputs, id_field, text_field)
        known = documents(rows, stages, settings)
        done("documents")
        engine = SparkEngine(session=session, settings=settings, stages=stages, done=done)
        found = engine.found(
            known.texts, known.about, symbols=known.symbols, series=known.series, copies=known.copies
        )
        several = stages.keep("named", lambda: named(found, known.about))
        tables: dict[str, Callable[[], DataFrame]] = {
            "passages": lambda: passages(several),
            "clusters": lambda: clusters(found, known.about, stages, together),
            "documents": lambda: shares(several, known, stages),
        }
        counts = {}
        for name, make in tables.items():
            path = f"{out.rstrip('/')}/{name}"
            stages.once(f"{name}-written", partial(_write, make, path))
            counts[name] = session.read.parquet(path).count()
            done(f"{name} written")
    return {
        "out": out, "documents": known.documents, "symbols": known.symbols, "counts": counts,
        "passed over": known.passed, "timings": {k: round(v, 3) for k, v in engine.timings.items()},
    }  # fmt: skip


@contextmanager
def _closing(stages: Stages) -> Iterator[None]:
    finished = False
    try:
        yield
        finished = True
    finally:
        stages.close(finished=finished)


def _write(make: Callable[[], DataFrame], path: str) -> None:
    make().write.mode("overwrite").parquet(path)


def _vacant(files: Files, out: str, stages: Stages, overwrite: bool) -> None:
    """Sees to it before the work that the tables can be written."""
    there = [n for n in TABLES if files.exists(f"{out.rstrip('/')}/{n}")]
    if there and not overwrite and not stages.resumed:
        raise OutputError(
            f"{out} holds {', '.join(there)} already.", hint="Name another folder, or add --overwrite."
        )


def arguments() -> argparse.ArgumentParser:
    """Options as those of ``luoshi reuse``."""
    p = argparse.ArgumentParser(
        prog="python -m luoshi.engines.spark", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    p.add_argument(
        "input", nargs="+", metavar="INPUT",
        help="Parquet, or JSON Lines by its ending (.jsonl, .jsonl.gz): a file, a folder or a pattern",
    )  # fmt: skip
    p.add_argument("--out", "-o", required=True, help="folder for the tables")
    p.add_argument("--work", default="", help="folder for the stages: an interrupted run goes on there")
    p.add_argument("--preset", default="thorough", help="thorough, or fast (longer seeds)")
    p.add_argument("-n", type=int, help="characters of a seed (a word counts 1.5)")
    p.add_argument("--min", type=int, help="smallest passage, in characters")
    p.add_argument("--df-cap", type=int, help="seeds that stand more often lead only to their first place")
    p.add_argument("--same-series", action="store_true", help="also compare documents of one series")
    p.add_argument("--id-field", default="id", help="field with the id of a row")
    p.add_argument("--text-field", default="text", help="field with the text of a row")
    p.add_argument("--overwrite", action="store_true", help="write over tables that are there")
    p.add_argument("--quiet", "-q", action="store_true", help="do not name the jobs that are done")
    return p


def main(words: Sequence[str] | None = None) -> int:
    """Runs the job; the session is that of ``spark-submit``, or one on this machine."""
    options = arguments().parse_args(words)
    try:
        settings = preset(
            options.preset, n=options.n, least=options.min, df_cap=options.df_cap,
            same_series=options.same_series or None,
        )  # fmt: skip
        return _run(options, settings)
    except LuoshiError as error:
        print(f"{error.message}\n{error.hint}".rstrip(), file=sys.stderr)
        return error.exit_code


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    builder = SparkSession.builder.appName("luoshi reuse")
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        # Not under spark-submit: the executors are on this machine and take our own Python.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
            raise MissingExtra("Spark needs Java.", hint="Install Java 17 or newer, or set JAVA_HOME.")
        builder = builder.config("spark.driver.extraJavaOptions", QUICK)
        builder = builder.config("spark.ui.showConsoleProgress", "false")
    try:
        session = builder.getOrCreate()
    except PySparkException as error:
        print(f"Spark did not start: {_line(error)}", file=sys.stderr)
        return 1
    try:
        done = run(
            session, options.input, options.out, settings, work=options.work, id_field=options.id_field,
            text_field=options.text_field, overwrite=options.overwrite,
            tell=None if options.quiet else lambda job: print(f"done: {job}", file=sys.stderr),
        )  # fmt: skip
        print(json.dumps(done, ensure_ascii=False))
    except (PySparkException, Py4JError) as error:
        print(f"Spark gave up: {_line(error)}", file=sys.stderr)
        return 1
    finally:
        session.stop()
    return 0


def _line(error: Exception) -> str:
    """What an error of Spark says, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    cause = next((line for line in reversed(lines) if line.startswith(("Caused by:", ": "))), "")
    return (cause.removeprefix("Caused by: ").removeprefix(": ") or (lines or [type(error).__name__])[0])[
        :400
    ]
