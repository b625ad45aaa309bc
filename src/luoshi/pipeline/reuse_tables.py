"""The tables of a search for text reuse, as Parquet or JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from luoshi.reuse.finish import Passages
from luoshi.reuse.tables import arrow


def write_tables(made: dict[str, dict[str, Any]], folder: Path, *, jsonl: bool) -> dict[str, int]:
    """Writes the tables of :func:`luoshi.reuse.tables.tables` and gives their numbers of rows."""
    counts = {}
    for name, columns in made.items():
        first = next(iter(columns.values()))
        counts[name] = len(first[1]) if isinstance(first, tuple) else len(first)
        if jsonl:
            _jsonl(columns, counts[name], folder / f"{name}.jsonl")
        else:
            _parquet(columns, folder / f"{name}.parquet")
    return counts


MEASURES = (
    "a_start", "a_end", "b_start", "b_end", "matches", "similarity", "rarity", "relation", "direction"
)  # fmt: skip
"""Columns of a passage besides its documents."""


def has_parquet() -> bool:
    """Whether Parquet can be written."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        return False
    return True


def _parquet(columns: dict[str, Any], path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(arrow(columns), path, compression="zstd")


def _jsonl(columns: dict[str, Any], count: int, path: Path) -> None:
    lists = [_plain(v) for v in columns.values()]
    names = list(columns)
    with path.open("w", encoding="utf-8", newline="\n") as f:
        for k in range(count):
            row = {n: v[k] for n, v in zip(names, lists, strict=True)}
            f.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def _plain(value: Any) -> list[Any]:
    if isinstance(value, tuple):
        words, index = value
        return [words[i] for i in index.tolist()]
    if value.dtype == np.float32:
        return [round(x, 4) for x in value.tolist()]
    return list(value.tolist())


def write_problems(rows: Iterable[dict[str, Any]], path: Path) -> None:
    """The problems, as JSON Lines."""
    with path.open("w", encoding="utf-8", newline="\n") as f:
        for row in rows:
            f.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def write_found(found: Sequence[tuple[Any, Any, Passages]], folder: Path, *, jsonl: bool) -> Path:
    """Writes passages, each set with the ids of its sides, as the next numbered file of a folder."""
    folder.mkdir(exist_ok=True)
    number = max([int(p.name[:6]) for p in folder.glob("[0-9]*.*") if p.name[:6].isdigit()], default=0) + 1
    columns: dict[str, Any] = {
        "a": [left[i] for left, _, p in found for i in p.a.tolist()],
        "b": [right[i] for _, right, p in found for i in p.b.tolist()],
    }
    for name in MEASURES:
        parts = [getattr(p, name) for _, _, p in found]
        columns[name] = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
    if jsonl or not has_parquet():
        path = folder / f"{number:06d}.jsonl"
        arrays = {n: np.array(v, dtype=object) if isinstance(v, list) else v for n, v in columns.items()}
        _jsonl(arrays, len(columns["a"]), path)
        return path
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / f"{number:06d}.parquet"
    pq.write_table(pa.table({n: pa.array(v) for n, v in columns.items()}), path, compression="zstd")
    return path
