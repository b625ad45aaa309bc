"""An index that grows: documents are added and compared with those there; a file is looked up in it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.engines.index_store import Index, Stored, series_codes
from luoshi.engines.reuse_local import LocalReuse
from luoshi.engines.storage import Storage
from luoshi.errors import NothingToDo, UsageError
from luoshi.model import ProblemRow
from luoshi.pipeline.problems import problem_rows
from luoshi.pipeline.progress import Progress, Silent
from luoshi.pipeline.reuse_input import ROWS, Reading
from luoshi.pipeline.reuse_tables import write_found
from luoshi.pipeline.store import writing
from luoshi.reuse import index as asking
from luoshi.reuse.corpus import UNDATED, About, Symbols, corpus, symbols
from luoshi.reuse.direction import direction, rank_of
from luoshi.reuse.finish import Passages, finish, measured
from luoshi.reuse.settings import LARGE, Settings, preset

I64 = NDArray[np.int64]

NEW = preset("thorough").for_size(LARGE)
"""Settings of an index for which no others were asked for."""
ASKED = 8_000_000
"""Symbols that are looked up in one go."""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding: documents, passages (in ``file``), problems, seconds a stage."""

    documents: int
    passages: int
    file: Path | None
    problems: tuple[ProblemRow, ...]
    timings: dict[str, float]


def add(
    paths: Sequence[Path], folder: Path, settings: Settings | None = None, *, compare: bool = True,
    jsonl: bool = False, id_field: str = "id", text_field: str = "text", progress: Progress | None = None,
) -> Added:  # fmt: skip
    """Adds documents to the index in ``folder``, which is made where there is none.

    Unless ``compare`` is off, they are compared with each other and with all that are there; the passages are
    written beside the index. A document with an id that the index holds is passed over and told.

    :param settings: of the index; without them its own, or of a new one those of :data:`NEW`.
    :raises UsageError: when no path exists, or the index was made with other settings.
    :raises NothingToDo: when no document is found among them.
    """
    show = progress or Silent()
    timings: dict[str, float] = {}
    with writing(folder), Index.writing(folder, settings, NEW) as index:
        began = time.perf_counter()
        reading = Reading(paths, id_field, text_field, folder, watch=show)
        about, columns = reading.into(Storage())
        about, columns = _new_ones(index, about, columns, reading)
        timings["read"] = time.perf_counter() - began
        file = None
        count = 0
        if compare and about:
            began = time.perf_counter()
            show.stage("passages", 1)
            found = list(_compared(index, about, columns))
            count = sum(len(p) for _, _, p in found)
            file = write_found(found, folder / "passages", jsonl=jsonl)
            timings["compare"] = time.perf_counter() - began
        began = time.perf_counter()
        show.stage("write", 1)
        if about:
            index.add(about, columns)
        timings["index"] = time.perf_counter() - began
    rounded = {k: round(v, 3) for k, v in timings.items()}
    return Added(len(about), count, file, tuple(problem_rows(reading.problems)), rounded)


def _new_ones(
    index: Index, about: list[About], columns: Symbols, reading: Reading
) -> tuple[list[About], Symbols]:
    """The documents whose ids the index lacks."""
    have = {a.id for s in index.segments() for a in s.all_about()}
    new = [n for n, a in enumerate(about) if a.id not in have]
    for a in about:
        if a.id in have:
            message = f"The index holds a document {a.id} already."
            reading.tell("", "known-id", message, "It was passed over.", "warning")
    if len(new) == len(about):
        return about, columns
    pieces = [slice(int(columns.bounds[n]), int(columns.bounds[n + 1])) for n in new]
    sizes = [p.stop - p.start for p in pieces]
    bounds = np.r_[0, np.cumsum(sizes)].astype(np.int64)
    return [about[n] for n in new], _pieces(columns, pieces, bounds)


def _pieces(columns: Symbols, pieces: Sequence[slice], bounds: I64) -> Symbols:
    def some(column: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([column[:0], *(column[p] for p in pieces)])

    return Symbols(
        some(columns.sym), some(columns.start), some(columns.width), some(columns.mark), bounds
    )  # fmt: skip


Ids = list[str] | dict[int, str]
Found = tuple[Ids, Ids, Passages]
"""Ids by the ordinals of the a side and of the b side, and the passages."""


def _compared(index: Index, about: list[About], columns: Symbols) -> Iterator[Found]:
    """Passages of new documents among each other, then with those of the index."""
    settings = index.settings
    whole = corpus(about, columns, same_series=settings.same_series, copies=settings.df_cap)
    ids = [a.id for a in about]
    if len(about) > 1:
        found = LocalReuse(settings).passages(whole)
        yield ids, ids, finish(whole, found)
    stored = index.segments()
    begin = 0
    while begin < len(about) and stored:
        end = int(np.searchsorted(columns.bounds, columns.bounds[begin] + ASKED, side="right")) - 1
        end = min(len(about), max(end, begin + 1))
        part = _part(columns, begin, end)
        yield from looked_up(stored, about[begin:end], part, settings)
        begin = end


def _part(columns: Symbols, begin: int, end: int) -> Symbols:
    piece = slice(int(columns.bounds[begin]), int(columns.bounds[end]))
    return _pieces(columns, [piece], columns.bounds[begin : end + 1] - piece.start)


def looked_up(
    stored: Sequence[Stored], about: Sequence[About], columns: Symbols, settings: Settings
) -> Iterator[Found]:
    """Passages that documents share with those of the segments, the earlier document as a."""
    series = series_codes(about) if not settings.same_series else np.zeros(len(about), dtype=np.uint32)
    segments = [s.segment for s in stored]
    ids = [a.id for a in about]
    for k, found in asking.ask(segments, columns, series, settings):
        s = stored[k]
        known = {int(d): s.about(int(d)) for d in np.unique(found[:, 0])}
        names = {d: a.id for d, a in known.items()}
        first = np.array([_key(known[a]) <= _key(about[b]) for a, b in found[:, :2].tolist()], dtype=bool)
        own, other = columns, s.segment.symbols
        for turned in (False, True):
            rows = found[first != turned]
            if not len(rows):
                continue
            if turned:
                rows = rows[:, [1, 0, 4, 5, 2, 3, 6, 7, 8, 9]]
            one, two = (own, other) if turned else (other, own)
            left: Ids = ids if turned else names
            right: Ids = names if turned else ids
            sides = [(about, known) if turned else (known, about)] * len(rows)
            pairs = zip(rows[:, :2].tolist(), sides, strict=True)
            told = np.array([direction(x[a], y[b]) for (a, b), (x, y) in pairs], dtype=object)
            yield left, right, measured(rows, one, two, told)


def _key(a: About) -> tuple[str, int, str]:
    return a.date or UNDATED, -rank_of(a.level), a.id


@dataclass(frozen=True, slots=True)
class Answer:
    """Passages, best first; the texts in which they stand, by name; what could not be read."""

    rows: list[dict[str, Any]]
    texts: dict[str, str]
    problems: tuple[ProblemRow, ...]


def query(
    path: Path, folder: Path, *, limit: int = 0, id_field: str = "id", text_field: str = "text"
) -> Answer:
    """Passages that a file shares with the documents of an index, best first.

    Of a file of rows each is a document, as for :func:`luoshi.pipeline.reuse.reuse`. A text file is taken as
    it is; of another format the text that ``luoshi build`` would read, all documents of the file one behind
    the other.

    :param limit: so many passages at most; 0 is all.
    :raises UsageError: when the file or the index does not exist.
    """
    if not path.is_file():
        raise UsageError(f"{path} is no file.", hint="Check the spelling.")
    index = Index.open(folder)
    reading = Reading([path], id_field, text_field, folder)
    about, texts = _asked(path, reading)
    if not any(t.strip() for t in texts):
        hint = "\n".join(f"{p.message} {p.hint}".strip() for p in reading.problems[:5])
        raise NothingToDo(f"{path} holds no text.", hint=hint or "Look at the file.")
    columns = symbols(texts)
    out: list[dict[str, Any]] = []
    stored = index.segments()
    begin = 0
    while begin < len(about):
        end = int(np.searchsorted(columns.bounds, columns.bounds[begin] + ASKED, side="right")) - 1
        end = min(len(about), max(end, begin + 1))
        part = _part(columns, begin, end)
        for left, right, p in looked_up(stored, about[begin:end], part, index.settings):
            out += [_row(left, right, p, k) for k in range(len(p))]
        begin = end
    keys = ("document", "start", "file_document", "file_start")
    out.sort(key=lambda r: (-r["matches"] * r["rarity"], *(r[k] for k in keys)))
    named = {a.id: t for a, t in zip(about, texts, strict=True)}
    return Answer(out[:limit] if limit else out, named, tuple(problem_rows(reading.problems)))


def _row(left: Any, right: Any, p: Passages, k: int) -> dict[str, Any]:
    a, b = left[int(p.a[k])], right[int(p.b[k])]
    one = {"id": a, "start": int(p.a_start[k]), "end": int(p.a_end[k])}
    two = {"id": b, "start": int(p.b_start[k]), "end": int(p.b_end[k])}
    own, other = (one, two) if isinstance(left, list) else (two, one)
    return {
        "document": other["id"], "start": other["start"], "end": other["end"], "file_document": own["id"],
        "file_start": own["start"], "file_end": own["end"], "matches": int(p.matches[k]),
        "similarity": round(float(p.similarity[k]), 4), "rarity": round(float(p.rarity[k]), 4),
        "relation": str(p.relation[k]),
    }  # fmt: skip


def _asked(path: Path, reading: Reading) -> tuple[list[About], list[str]]:
    """The documents of a file that is looked up."""
    if path.name.lower().endswith(ROWS):
        some = [pair for batch in reading.batches() for pair in batch]
        times: dict[str, int] = {}
        about = []
        for a, _ in some:
            times[a.id] = times.get(a.id, 0) + 1
            about.append(a if times[a.id] == 1 else replace(a, id=f"{a.id}#{times[a.id]}"))
        return about, [text for _, text in some]
    if path.suffix.lower() in (".txt", ".text"):
        from luoshi.read.decode import decode

        text = decode(path.read_bytes(), path.name).text
    else:
        text = "\n".join(text for batch in reading.batches() for _, text in batch)
    return [About(path.name, None, None, None, len(text))], [text]
