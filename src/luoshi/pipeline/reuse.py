"""Text reuse over a corpus: rows or documents in, passages, families and shares out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from luoshi.engines.reuse_local import LocalReuse
from luoshi.model import ProblemRow, to_row
from luoshi.pipeline import store
from luoshi.pipeline.build import problem_rows
from luoshi.pipeline.progress import Progress, Silent
from luoshi.pipeline.reuse_input import Reading
from luoshi.pipeline.reuse_tables import write_problems, write_tables
from luoshi.reuse.corpus import corpus
from luoshi.reuse.finish import finish
from luoshi.reuse.settings import Settings


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
    """

    settings: Settings = field(default_factory=Settings)
    jsonl: bool = False
    id_field: str = "id"
    text_field: str = "text"
    memory: int = 4 << 30
    threads: int = 0


def reuse(
    paths: Sequence[Path], out: Path, options: ReuseOptions = ReuseOptions(), progress: Progress | None = None
) -> Reused:
    """Finds the passages that documents of a corpus share and writes their tables into ``out``.

    :raises UsageError: when no path exists.
    :raises NothingToDo: when no document is found among them.
    :raises OutputError: when ``out`` cannot be used.
    """
    show = progress or Silent()
    timings: dict[str, float] = {}
    with store.opened(out) as folder:
        began = time.perf_counter()
        reading = Reading(paths, options.id_field, options.text_field, out)
        about, columns = reading.all()
        timings["read"] = time.perf_counter() - began
        whole = corpus(about, columns, same_series=options.settings.same_series)
        engine = LocalReuse(options.settings, options.threads)
        found = engine.passages(whole)
        timings.update(engine.timings)
        began = time.perf_counter()
        passages = finish(whole, found)
        new = folder.work / "new"
        with store.writing(out):
            new.mkdir(parents=True)
            counts = write_tables(whole, passages, new, jsonl=options.jsonl)
            problems = problem_rows(reading.problems)
            write_problems((to_row(p) for p in problems), new / "problems.jsonl")
        timings["write"] = time.perf_counter() - began
        manifest: dict[str, Any] = {
            **store.head(), "kind": "reuse", "settings": options.settings.as_dict(), "counts": counts,
            "sources": [asdict(s) for s in reading.sources],
        }  # fmt: skip
        folder.publish(manifest)
    files = tuple(sorted(p for p in out.iterdir() if p.is_file()))
    del show
    return Reused(out, files, counts, tuple(problems), {k: round(v, 3) for k, v in timings.items()})
