"""The main job: documents in, records and reports out.

===========  ==========================================  =====================================
stage        reads                                       writes
===========  ==========================================  =====================================
1 discover   paths                                       files with their hashes, problems
2 read       a file (kept by content)                    its documents with structure
3 settle     all documents                               dates, works that only the set tells
4 extract    a document (kept by content)                commitments, entities, dates, sentences
5 terms      all documents                               terms
6 align      every pair of documents                     links, candidates; then sources
7 cover      pairs that can be expected to answer        coverage, unsourced
8 write      all records                                 tables, texts, reports, manifest
===========  ==========================================  =====================================
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from luoshi.engines.local import LocalEngine, seldom_collected
from luoshi.errors import NothingToDo
from luoshi.extract import Extraction
from luoshi.model import Problem, ProblemRow, Records
from luoshi.pipeline import stages, store
from luoshi.pipeline.cache import Cache, fingerprint, key_of
from luoshi.pipeline.discover import Found, discover
from luoshi.pipeline.options import Options
from luoshi.pipeline.outputs import write_reports
from luoshi.pipeline.problems import problem_rows
from luoshi.pipeline.progress import Progress, Silent


@dataclass(frozen=True, slots=True)
class Built:
    """What a run did: the folder, its files in order of interest, counts, problems, seconds per stage."""

    out: Path
    files: tuple[Path, ...]
    counts: dict[str, int]
    problems: tuple[ProblemRow, ...]
    timings: dict[str, float]
    unchanged: bool


@dataclass(slots=True)
class _Clock:
    progress: Progress
    timings: dict[str, float] = field(default_factory=dict)
    _name: str = ""
    _since: float = 0.0

    def stage(self, name: str, total: int) -> None:
        self.stop()
        self._name, self._since = name, time.perf_counter()
        self.progress.stage(name, total)

    def step(self) -> None:
        self.progress.step()

    def stop(self) -> None:
        if self._name:
            self.timings[self._name] = round(time.perf_counter() - self._since, 3)
        self._name = ""


def build(
    paths: Sequence[Path], out: Path, options: Options = Options(), progress: Progress | None = None
) -> Built:
    """Reads the documents under ``paths`` and writes their records and reports into ``out``.

    The same input gives byte-identical records. A file that cannot be read becomes a problem and the
    others are processed.

    :raises UsageError: when no path exists.
    :raises NothingToDo: when no document is found among them.
    :raises OutputError: when ``out`` cannot be used.
    """
    clock = _Clock(progress or Silent())
    clock.stage("find", len(paths))
    found, problems = discover(paths, max_bytes=options.max_bytes, out=out)
    if not found and not any(p.severity == "error" for p in problems):
        raise NothingToDo(
            f"No file was found in {', '.join(map(str, paths))}.",
            hint="Name files or folders that hold documents; hidden files are passed over.",
        )
    with seldom_collected(), store.opened(out) as folder:
        key = key_of(fingerprint(), options.that_matter(), [asdict(p) for p in problems], _sources(found))
        before = folder.manifest()
        if before and before.get("key") == key and folder.intact(before):
            return _unchanged(folder, before)
        rows = _records(found, problems, folder, options, clock)
        if not rows.documents:
            store.explain_nothing(rows.problems, paths)
        clock.stage("write", 4)
        new = store.write_records(rows, folder, parquet=options.parquet)
        clock.step()
        if options.reports:
            with store.writing(out):
                write_reports(rows, new, clock.progress)
        clock.stop()
        counts = {table: len(getattr(rows, table)) for table in Records.TABLES}
        manifest = {
            **store.head(), "key": key, "options": options.that_matter(), "counts": counts,
            "sources": [{"path": f.name, "sha256": f.sha256, "bytes": f.size} for f in found],
            "timings": clock.timings,
        }  # fmt: skip
        folder.publish(manifest)
        return Built(out, _named(out), counts, tuple(rows.problems), clock.timings, False)


def records_of(
    found: Sequence[Found],
    problems: Sequence[Problem] = (),
    options: Options = Options(),
    progress: Progress | None = None,
    told: tuple[str, str] | None = None,
) -> Records:
    """The records of some files, nothing written; ``told`` as for :func:`stages.lineage`."""
    with seldom_collected():
        return _records(list(found), list(problems), None, options, _Clock(progress or Silent()), told)


def _sources(found: Sequence[Found]) -> list[list[str]]:
    return [[f.name, f.sha256] for f in found]


def _records(
    found: list[Found], problems: list[Problem], folder: store.Folder | None, options: Options, clock: _Clock,
    told: tuple[str, str] | None = None,
) -> Records:  # fmt: skip
    engine = LocalEngine(options.workers)
    cache = Cache(folder.work / "cache") if folder else None
    clock.stage("read", len(found))
    files = _kept(
        cache, stages.FileResult,
        [f"read-{key_of(fingerprint(), f.name, f.sha256, options.allow_secrecy)}" for f in found], found,
        partial(stages.read_file, max_bytes=options.max_bytes, allow_secrecy=options.allow_secrecy),
        engine, clock,
        work=sum(f.size for f in found) // 3,
    )  # fmt: skip
    problems += [p for f in files for p in f.problems]
    loose = [d for f in files for d in f.dropped]
    once, twice = stages.once([d for f in files for d in f.documents])
    problems += twice
    documents = stages.settle(once)
    clock.stage("extract", len(documents))
    extractions = _kept(
        cache, Extraction, [f"extract-{key_of(fingerprint(), d.id, asdict(d.row))}" for d in documents],
        list(documents), stages.extract_document, engine, clock, work=sum(len(d.text) for d in documents),
    )  # fmt: skip
    rows = stages.assemble(documents, extractions)
    rows.dropped += loose
    clock.stage("terms", 1)
    rows.terms = list(stages.terms(documents))
    if options.lineage and len(documents) > 1:
        stages.lineage(rows, documents, engine, clock, told)
    problems += [p for d in documents for p in d.problems]
    rows.problems = problem_rows(problems)
    if cache:
        cache.sweep()
    clock.stop()
    return rows


def _kept(
    cache: Cache | None, kind: type[Any], names: list[str], items: list[Any], function: Any,
    engine: LocalEngine, clock: _Clock, *, work: int,
) -> list[Any]:  # fmt: skip
    def make(missing: list[int]) -> list[Any]:
        todo = [items[i] for i in missing]
        share = work * len(todo) // max(1, len(items))
        return engine.map(function, todo, work=share, done=clock.step)

    if cache is None:
        return make(list(range(len(items))))
    with store.writing(cache.folder):
        return cache.through(kind, names, make)


NAMES = ("report.html", "taskbook.xlsx", "taskbook.docx")


def _named(out: Path) -> tuple[Path, ...]:
    names = [*NAMES, *(f"{t}.jsonl" for t in Records.TABLES), "manifest.json"]
    return tuple(out / n for n in names if (out / n).is_file())


def _unchanged(folder: store.Folder, manifest: dict[str, Any]) -> Built:
    rows = store.load(folder.path)
    return Built(
        folder.path, _named(folder.path), manifest["counts"], tuple(rows.problems), manifest["timings"], True
    )
