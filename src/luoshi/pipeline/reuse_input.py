"""What a search for text reuse reads: rows of JSON Lines or Parquet, or documents as ``luoshi build`` does.

A row without id or text, with a text that is no string, a damaged line: each becomes a problem, and the other
rows are read.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from luoshi.engines.storage import Storage
from luoshi.errors import MissingExtra, NothingToDo, UsageError
from luoshi.model import Document, Problem
from luoshi.pipeline.progress import Progress, Silent
from luoshi.reuse.corpus import About, Symbols, symbols
from luoshi.reuse.direction import dated, rank_of

BATCH = 4_000_000
"""Characters taken apart in one go."""
ROWS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".parquet")
MOST = 50
"""Problems of one kind told one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read."""

    path: str
    bytes: int


@dataclass(slots=True)
class Reading:
    """Reads all input; problems gather in :attr:`problems`.

    :param spool: a file that takes title and text of documents that are no rows, so that they need not be
        read twice (:mod:`luoshi.pipeline.reuse_texts`).
    :param place: two numbers for each document: the ordinal of its file in :attr:`sources` and its row there,
        or -1 and where it begins in the spool.
    :raises UsageError: when none of the paths exists.
    """

    paths: Sequence[Path]
    id_field: str
    text_field: str
    out: Path | None = None
    problems: list[Problem] = field(default_factory=list)
    sources: list[SourceFile] = field(default_factory=list)
    watch: Progress = field(default_factory=Silent)
    spool: Path | None = None
    place: array[int] = field(default_factory=lambda: array("q"))
    _told: dict[tuple[str, str], int] = field(default_factory=dict)
    _seen: set[tuple[str, str, str]] = field(default_factory=set)

    def into(self, storage: Storage) -> tuple[list[About], Symbols]:
        """Every document, ids made distinct, and their symbols as columns of a storage.

        :raises NothingToDo: when there is none.
        """
        sym, start = storage.column("sym", np.uint32), storage.column("start", np.uint32)
        width, mark = storage.column("width", np.uint8), storage.column("mark", np.uint8)
        about: list[About] = []
        ends: list[Any] = [np.zeros(1, dtype=np.int64)]
        last = 0
        # a batch of Han characters has three bytes for each
        self.watch.stage("read", max(1, round(2 * self.likely_symbols() / (3 * BATCH))))
        for some, part in self._taken_apart():
            self.watch.step()
            about += some
            sym.append(part.sym)
            start.append(part.start)
            width.append(part.width)
            mark.append(part.mark)
            ends.append(part.bounds[1:] + last)
            last = int(ends[-1][-1])
        if not about:
            hints = [f"{p.message} {p.hint}".strip() for p in self.problems if p.severity == "error"][:5]
            raise NothingToDo(
                f"No document was found in {', '.join(map(str, self.paths))}.",
                hint="\n".join(hints) or "Each row needs an id and a text.",
            )
        whole = Symbols(sym.array(), start.array(), width.array(), mark.array(), np.concatenate(ends))
        return self._distinct(about, whole), whole

    def _taken_apart(self) -> Iterator[tuple[list[About], Symbols]]:
        """Batches of documents and their symbols; while one is taken apart the next is read."""
        with ThreadPoolExecutor(1) as pool:
            waiting: deque[tuple[list[About], Future[Symbols]]] = deque()
            for batch in self.batches():
                waiting.append(([a for a, _ in batch], pool.submit(symbols, [t for _, t in batch])))
                if len(waiting) > 1:
                    some, part = waiting.popleft()
                    yield some, part.result()
            for some, part in waiting:
                yield some, part.result()

    def identity(self) -> list[list[Any]]:
        """What tells this input from another: names, sizes and times of change of its files."""
        out: list[list[Any]] = []
        for path in self.paths:
            files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
            out += [[f.as_posix(), f.stat().st_size, f.stat().st_mtime_ns] for f in files if f.is_file()]
        return out

    def likely_symbols(self) -> int:
        """About how many symbols the input has, by the sizes of its files; rather too many."""
        total = 0
        for name, size, _ in self.identity():
            total += size * (7 if name.endswith(".gz") else 3 if name.endswith(".parquet") else 1) // 2
        return total

    def batches(self) -> Iterator[list[tuple[About, str]]]:
        """Documents with their texts, some millions of characters at a time."""
        batch: list[tuple[About, str]] = []
        size = 0
        for about, text in self._documents():
            batch.append((about, text))
            size += len(text)
            if size >= BATCH:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _documents(self) -> Iterator[tuple[About, str]]:
        tables = [p for p in self._files() if p.name.lower().endswith(ROWS)]
        for path in tables:
            self.sources.append(SourceFile(path.as_posix(), path.stat().st_size))
            parquet = path.name.lower().endswith(".parquet")
            kind, rows = ("row", self._parquet(path)) if parquet else ("line", self._lines(path))
            number_of_file = len(self.sources) - 1
            for number, row in rows:
                made = self._document(path, f"{kind} {number}", row)
                if made:
                    self.place.extend((number_of_file, number))
                    yield made
        others = [p for p in self.paths if p.exists() and not p.name.lower().endswith(ROWS)]
        folders_of_rows = {p for p in others if p.is_dir() and not self._has_texts(p)}
        others = [p for p in others if p not in folders_of_rows]
        if others:
            yield from self._build(others)

    def _files(self) -> list[Path]:
        if not any(p.exists() for p in self.paths):
            raise UsageError(
                f"None of the given paths exists: {', '.join(map(str, self.paths))}.",
                hint="Check the spelling.",
            )
        out: list[Path] = []
        for path in self.paths:
            if path.is_dir():
                out += sorted(p for p in path.rglob("*") if p.is_file() and p.name.lower().endswith(ROWS))
            elif path.is_file():
                out.append(path)
            else:
                self.tell(path.as_posix(), "no-such-path", f"{path} does not exist.", "Check the spelling.")
        return list(dict.fromkeys(out))

    @staticmethod
    def _has_texts(folder: Path) -> bool:
        return any(p.is_file() and not p.name.lower().endswith(ROWS) for p in folder.rglob("*"))

    def _lines(self, path: Path) -> Iterator[tuple[int, Any]]:
        with opened(path) as f:
            number = 0
            while True:
                try:
                    line = f.readline()
                except (OSError, EOFError, zlib.error) as error:
                    self.tell(
                        path.as_posix(),
                        "damaged",
                        f"{path} cannot be read further: {error}.",
                        "Make it again.",
                    )
                    return
                if not line:
                    return
                number += 1
                if line.isspace():
                    continue
                try:
                    row = json_of(line)
                except ValueError as error:
                    self.tell(
                        path.as_posix(), "damaged-row", f"Line {number} of {path} is no JSON: {error}.",
                        "The line was passed over.",
                    )  # fmt: skip
                    continue
                yield number, row

    def _parquet(self, path: Path) -> Iterator[tuple[int, Any]]:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError:
            raise MissingExtra(
                "Reading Parquet needs pyarrow.", hint="Install it with: pip install 'luoshi[parquet]'"
            ) from None
        try:
            with closing(pq.ParquetFile(path)) as f:
                have = set(f.schema_arrow.names)
                missing = [n for n in (self.id_field, self.text_field) if n not in have]
                if missing:
                    hint = (
                        f"It has: {', '.join(sorted(have)[:20])}. Name them with --id-field and --text-field."
                    )
                    message = f"{path} has no column {' and no '.join(missing)}."
                    self.tell(path.as_posix(), "missing-column", message, hint)
                    return
                wanted = [
                    self.id_field,
                    self.text_field,
                    *(n for n in ("date", "level", "series") if n in have),
                ]
                row = 0
                for batch in f.iter_batches(batch_size=1024, columns=wanted):
                    for item in batch.to_pylist():
                        row += 1
                        yield row, item
        except (OSError, pa.ArrowException) as error:
            self.tell(
                path.as_posix(), "damaged", f"{path} is no readable Parquet file: {error}.", "Make it again."
            )

    def _document(self, path: Path, place: str, row: Any) -> tuple[About, str] | None:
        where = f"{place} of {path}"
        if not isinstance(row, dict):
            self.tell(path.as_posix(), "damaged-row", f"The {where} is no object.", "It was passed over.")
            return None
        name, text = row.get(self.id_field), row.get(self.text_field)
        if isinstance(name, int) and not isinstance(name, bool):
            name = str(name)
        if not isinstance(name, str) or not name.strip():
            hint = f"Name the field with --id-field; the row has: {', '.join(map(str, list(row)[:12]))}."
            self.tell(path.as_posix(), "no-id", f"The {where} has no id.", hint)
            return None
        if not isinstance(text, str) or not text.strip():
            what = "no text" if text is None or isinstance(text, str) else "a text that is no string"
            hint = "It was passed over."
            if self.text_field not in row:
                have = ", ".join(map(str, list(row)[:12]))
                hint = f"Name the field with --text-field; the row has: {have}."
            self.tell(path.as_posix(), "no-text", f"The {where} (id {name}) has {what}.", hint)
            return None
        date, level = _word(row.get("date")), _word(row.get("level"))
        self._doubt(path, where, "date", date)
        self._doubt(path, where, "level", level)
        return About(name, date, level, _word(row.get("series")), len(text)), text

    def _doubt(self, path: Path, where: str, kind: str, value: str | None) -> None:
        """Tells of a level or a date that says nothing, each once: directions rest on them."""
        key = (path.as_posix(), kind, value or "")
        if value is None or key in self._seen:
            return
        self._seen.add(key)
        if kind == "date" and not dated(value):
            hint = "Such documents have no direction. Dates are written like 2021, 2021-03 or 2021-03-01."
            self.tell(key[0], "unknown-date", f"The {where} has the date {value}.", hint, "warning")
        elif kind == "level" and not rank_of(value):
            hint = (
                "Such documents have no direction. Levels are central, province, city, county and township."
            )
            self.tell(key[0], "unknown-level", f"The {where} has the level {value}.", hint, "warning")

    def _build(self, paths: Sequence[Path]) -> Iterator[tuple[About, str]]:
        # Imported here: they bring the readers of all formats, which rows do not need.
        from luoshi.pipeline import stages
        from luoshi.pipeline.discover import discover

        found, problems = discover(paths, max_bytes=1 << 30, out=self.out)
        self.problems += problems
        documents: list[Document] = []
        for item in found:
            if item.name.lower().endswith(ROWS):
                continue
            self.sources.append(SourceFile(item.name, item.size))
            result = stages.read_file(item, max_bytes=1 << 30)
            self.problems += result.problems
            documents += result.documents
        with self.spool.open("wb") if self.spool else nullcontext() as spool:
            for d in stages.settle(documents):
                row = d.row
                if spool:
                    self.place.extend((-1, spool.tell()))
                    spool.write(json.dumps([row.title, d.text]).encode() + b"\n")
                yield About(d.id, row.date, row.level, None, len(d.text)), d.text

    def _distinct(self, about: list[About], whole: Symbols) -> list[About]:
        """Documents of one id get the endings #2, #3 … in the order of their texts' hashes."""
        if len({a.id for a in about}) == len(about):
            return about
        by_id: dict[str, list[int]] = {}
        for n, a in enumerate(about):
            by_id.setdefault(a.id, []).append(n)

        def digest(n: int) -> tuple[bytes, str]:
            part = slice(whole.bounds[n], whole.bounds[n + 1])
            text = hashlib.blake2b(whole.sym[part].tobytes() + whole.start[part].tobytes())
            return text.digest(), repr(about[n])

        out = list(about)
        for name, places in by_id.items():
            if len(places) == 1:
                continue
            self.tell(
                "", "duplicate-id", f"{len(places)} documents have the id {name}.",
                f"They are told apart as {name}, {name}#2 …, in the order of their texts' hashes.", "warning",
            )  # fmt: skip
            for k, n in enumerate(sorted(places, key=digest)):
                if k:
                    a = about[n]
                    out[n] = About(f"{name}#{k + 1}", a.date, a.level, a.series, a.length)
        return out

    def tell(self, source: str, code: str, message: str, hint: str, severity: Any = "error") -> None:
        """Notes a problem; of very many of one kind only the first."""
        key = (source, code)
        self._told[key] = self._told.get(key, 0) + 1
        if self._told[key] <= MOST:
            self.problems.append(Problem(source, severity, code, message, hint))
        elif self._told[key] == MOST + 1:
            self.problems.append(Problem(source, severity, code, f"… and more of the kind {code}.", ""))


def opened(path: Path) -> IO[bytes]:
    """A file of lines, unpacked where it is packed."""
    return gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")  # type: ignore[return-value]


_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def json_of(line: bytes) -> Any:
    """A value of JSON; as ``json.loads``, with less ado for the many short lines."""
    text = line.decode("utf-8-sig" if line.startswith(b"\xef\xbb\xbf") else "utf-8", "surrogatepass").strip()
    try:
        value, end = _scan(text, 0)
    except StopIteration as stop:
        raise json.JSONDecodeError("Expecting value", text, stop.value) from None
    if end != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return value


def _word(value: Any) -> str | None:
    """Metadata as text: dates of Parquet as ISO, empty as none."""
    if value is None or isinstance(value, (dict, list)):
        return None
    text = value.isoformat()[:10] if hasattr(value, "isoformat") else str(value).strip()
    return text or None
