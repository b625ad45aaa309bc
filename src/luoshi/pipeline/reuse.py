"""Text reuse over a corpus: rows or documents in, passages, families and shares out."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from luoshi.engines.reuse_local import IN_MEMORY, LocalReuse
from luoshi.engines.reuse_stock import stock_of
from luoshi.engines.storage import Storage
from luoshi.errors import MissingExtra
from luoshi.model import Problem, ProblemRow, to_row
from luoshi.pipeline import store
from luoshi.pipeline.cache import fingerprint, key_of
from luoshi.pipeline.problems import problem_rows
from luoshi.pipeline.progress import Progress, Silent
from luoshi.pipeline.reuse_input import Reading, SourceFile
from luoshi.pipeline.reuse_spark import on_spark
from luoshi.pipeline.reuse_summary import Made, write_summary
from luoshi.pipeline.reuse_tables import has_parquet, write_problems, write_tables
from luoshi.reuse.clusters import families
from luoshi.reuse.corpus import About, Corpus, Symbols, corpus
from luoshi.reuse.finish import Passages, finish
from luoshi.reuse.settings import Settings
from luoshi.reuse.shares import shares
from luoshi.reuse.tables import tables
from luoshi.reuse.words import Words, words

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SPOOL = "texts.jsonl"
"""Texts of documents that are no rows, until the run ends."""


@dataclass(frozen=True, slots=True)
class Reused:
    """What a run did."""

    out: Path
    files: tuple[Path, ...]
    counts: dict[str, int]
    problems: tuple[ProblemRow, ...]
    timings: dict[str, float]
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class ReuseOptions:
    """Options of a run.

    :param settings: what counts as a passage.
    :param jsonl: tables as JSON Lines instead of Parquet.
    :param id_field: name of the field with the id; so for the text.
    :param memory: bytes to keep within.
    :param threads: 0 for one per core; never changes a result.
    :param top: passages in the list for a spreadsheet; 0 for no list.
    :param language: of that list, and the one with which the summary opens.
    """

    settings: Settings = field(default_factory=Settings)
    jsonl: bool = False
    id_field: str = "id"
    text_field: str = "text"
    memory: int = 4 << 30
    threads: int = 0
    top: int = 2_000
    language: Literal["zh", "en"] = "zh"

    def that_matter(self) -> dict[str, Any]:
        """The options that change what is written."""
        row = asdict(self)
        return {k: v for k, v in row.items() if k not in ("memory", "threads")}


def reuse(
    paths: Sequence[Path],
    out: Path,
    options: ReuseOptions = ReuseOptions(),
    progress: Progress | None = None,
    *,
    session: SparkSession | None = None,
) -> Reused:
    """Finds the passages that documents of a corpus share and writes their tables into ``out``.

    :param session: a Spark session to search on; by default this machine's threads. The tables are the same.
    :raises UsageError: when no path exists.
    :raises NothingToDo: when no document is found among them.
    :raises OutputError: when ``out`` cannot be used.
    :raises MissingExtra: when Parquet is wanted and pyarrow missing.
    """
    show = progress or Silent()
    if not (options.jsonl or has_parquet()):
        raise MissingExtra(
            "Writing Parquet needs pyarrow.",
            hint="Install it with: pip install 'luoshi[parquet]', or write JSON Lines with --jsonl.",
        )
    with store.opened(out, "reuse") as folder, store.writing(out):
        reading = Reading(paths, options.id_field, options.text_field, out)
        key = key_of(fingerprint(), options.that_matter(), reading.identity())
        storage = _storage(folder, key, reading, options)
        reading.spool = (storage.folder or folder.work) / SPOOL
        if session is None:
            whole, passages, terms, settings, timings = _here(reading, storage, options, show)
        else:
            whole, passages, terms, settings, timings = on_spark(
                session, reading, folder.work / "spark", options.settings, show
            )
        began = time.perf_counter()
        show.stage("write", 1)
        new = folder.work / "new"
        new.mkdir(parents=True)
        problems = problem_rows(reading.problems)
        counts = _write(whole, passages, terms, settings, reading, options, new, len(problems))
        write_problems((to_row(p) for p in problems), new / "problems.jsonl")
        timings["write"] = time.perf_counter() - began
        manifest: dict[str, Any] = {
            **store.head(), "kind": "reuse", "key": key, "settings": settings.as_dict(), "counts": counts,
            "sources": [asdict(s) for s in reading.sources],
        }  # fmt: skip
        folder.publish(manifest)
        storage.remove()
        shutil.rmtree(folder.work / "reuse", ignore_errors=True)
        (folder.work / SPOOL).unlink(missing_ok=True)
    files = tuple(sorted((p for p in out.iterdir() if p.is_file()), key=_as_read))
    return Reused(out, files, counts, tuple(problems), {k: round(v, 3) for k, v in timings.items()})


def _as_read(path: Path) -> tuple[int, Path]:
    """What people open comes first."""
    first = ("summary.html", "passages.csv")
    return (first.index(path.name) if path.name in first else len(first), path)


def _write(
    whole: Corpus, passages: Passages, terms: Words, settings: Settings, reading: Reading,
    options: ReuseOptions, new: Path, problems: int,
) -> dict[str, int]:  # fmt: skip
    """The tables and what people read; gives the numbers of rows of the tables."""
    members, family = families(whole, passages)
    pairs = shares(whole, passages, terms)
    made = tables(whole, passages, members, pairs)
    counts = write_tables(made, new, jsonl=options.jsonl)
    names = [f"{n}.{'jsonl' if options.jsonl else 'parquet'}" for n in made]
    told = Made(whole, passages, family, members, pairs, settings, reading, problems)
    write_summary(told, new, top=options.top, language=options.language, tables=names)
    return counts


def _here(
    reading: Reading, storage: Storage, options: ReuseOptions, show: Progress
) -> tuple[Corpus, Passages, Words, Settings, dict[str, float]]:
    """The documents, their passages and terms, the settings as settled, and how long each stage took."""
    run = LocalReuse(options.settings, options.threads, options.memory, storage, show)
    reading.watch = show
    began = time.perf_counter()
    about, columns = _read(reading, storage)
    whole = corpus(about, columns, same_series=options.settings.same_series, copies=options.settings.df_cap)
    run.timings["read"] = time.perf_counter() - began
    run.settings = options.settings.for_size(len(columns.sym))
    found = run.passages(whole)
    began = time.perf_counter()
    passages = finish(whole, found, stock_of(columns))
    terms = words(columns)
    run.timings["finish"] = time.perf_counter() - began
    return whole, passages, terms, run.settings, run.timings


def _storage(folder: store.Folder, key: str, reading: Reading, options: ReuseOptions) -> Storage:
    """Memory where everything fits, otherwise a folder of this very run; those of other runs are removed."""
    home = folder.work / "reuse"
    if reading.likely_symbols() * IN_MEMORY <= options.memory:
        shutil.rmtree(home, ignore_errors=True)
        return Storage()
    for other in home.iterdir() if home.is_dir() else ():
        if other.name != key:
            shutil.rmtree(other, ignore_errors=True)
    return Storage(home / key)


def _read(reading: Reading, storage: Storage) -> tuple[list[About], Symbols]:
    """The documents and their symbols, from an interrupted run where there is one."""
    done = storage.done("read")
    if done:
        columns = Symbols(
            storage.read("sym", np.uint32), storage.read("start", np.uint32), storage.read("width", np.uint8),
            storage.read("mark", np.uint8), storage.read("bounds", np.int64).copy(),
        )  # fmt: skip
        reading.place.frombytes(storage.read("place", np.int64).tobytes())
        reading.problems = [Problem(*p) for p in done["problems"]]
        reading.sources = [SourceFile(*s) for s in done["sources"]]
        return [About(*a) for a in done["about"]], columns
    about, columns = reading.into(storage)
    if storage.folder:
        storage.column("bounds", np.int64).append(columns.bounds)
        storage.column("place", np.int64).append(np.frombuffer(reading.place, dtype=np.int64))
        storage.finish(
            "read", about=[astuple(a) for a in about], problems=[astuple(p) for p in reading.problems],
            sources=[astuple(s) for s in reading.sources],
        )  # fmt: skip
    return about, columns
