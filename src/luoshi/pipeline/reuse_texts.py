"""Texts of a few documents of a corpus, read once more after the search: those that people are shown."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.pipeline.reuse_input import Reading, json_of, opened

I64 = NDArray[np.int64]
Rows = Iterator[tuple[int, Any, Any]]


def texts_of(reading: Reading, wanted: I64) -> Iterator[tuple[int, str, str]]:
    """Ordinal, title (empty where there is none) and text of documents, one at a time.

    A file that has changed or gone since it was read gives none, or what now stands there.

    :param wanted: ordinals of documents, ascending.
    """
    places = np.frombuffer(reading.place, dtype=np.int64).reshape(-1, 2)
    wanted = wanted[wanted < len(places)]
    of, number = places[wanted].T
    for k in np.unique(of).tolist():
        here = np.flatnonzero(of == k)
        ordinal = dict(zip(number[here].tolist(), wanted[here].tolist(), strict=True))
        try:
            for n, title, text in _rows(reading, k, list(ordinal)):
                if isinstance(text, str):
                    yield ordinal[n], title if isinstance(title, str) else "", text
        except (OSError, EOFError, ValueError, KeyError, zlib.error):
            continue


def _rows(reading: Reading, file: int, numbers: list[int]) -> Rows:
    if file < 0:
        return _spooled(reading.spool, numbers)
    path = Path(reading.sources[file].path)
    if path.name.lower().endswith(".parquet"):
        return _of_parquet(path, reading.text_field, set(numbers))
    return _of_lines(path, reading.text_field, numbers)


def _spooled(path: Path | None, numbers: list[int]) -> Rows:
    if path:
        with path.open("rb") as f:
            for n in numbers:
                f.seek(n)
                title, text = json.loads(f.readline())
                yield n, title, text


def _of_lines(path: Path, field: str, numbers: list[int]) -> Rows:
    due = iter(numbers)
    following = next(due, 0)
    with opened(path) as f:
        for n, line in enumerate(f, 1):
            if n == following:
                row = json_of(line)
                if isinstance(row, dict):
                    yield n, row.get("title"), row.get(field)
                following = next(due, 0)
                if not following:
                    return


def _of_parquet(path: Path, field: str, numbers: set[int]) -> Rows:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as f:
        names = [field, *({"title"} & set(f.schema_arrow.names) - {field})]
        before = 0
        for group in range(f.num_row_groups):
            size = f.metadata.row_group(group).num_rows
            if not numbers.isdisjoint(range(before + 1, before + size + 1)):
                row = before
                for batch in f.iter_batches(batch_size=1024, row_groups=[group], columns=names):
                    columns = [batch.column(n) for n in names]
                    for k in range(batch.num_rows):
                        row += 1
                        if row in numbers:
                            text, *title = (c[k].as_py() for c in columns)
                            yield row, next(iter(title), None), text
            before += size
