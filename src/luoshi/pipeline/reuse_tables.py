"""The tables of a search for text reuse, as Parquet or JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from luoshi.reuse.clusters import clusters
from luoshi.reuse.corpus import Corpus
from luoshi.reuse.finish import Passages
from luoshi.reuse.shares import shares


def write_tables(corpus: Corpus, passages: Passages, folder: Path, *, jsonl: bool) -> dict[str, int]:
    """Writes ``passages``, ``clusters`` and ``documents`` and gives their numbers of rows."""
    ids = [a.id for a in corpus.about]
    p = passages
    tables: dict[str, dict[str, Any]] = {
        "passages": {
            "a": (ids, p.a), "a_start": p.a_start, "a_end": p.a_end, "b": (ids, p.b), "b_start": p.b_start,
            "b_end": p.b_end, "matches": p.matches, "similarity": p.similarity, "rarity": p.rarity,
            "relation": p.relation, "direction": p.direction,
        },
        "clusters": clusters(corpus, p),
        "documents": shares(corpus, p),
    }  # fmt: skip
    counts = {}
    for name, columns in tables.items():
        for key in ("document", "a", "b"):
            if key in columns and not isinstance(columns[key], tuple):
                columns[key] = (ids, columns[key])
        first = next(iter(columns.values()))
        counts[name] = len(first[1]) if isinstance(first, tuple) else len(first)
        if jsonl:
            _jsonl(columns, counts[name], folder / f"{name}.jsonl")
        else:
            _parquet(columns, folder / f"{name}.parquet")
    return counts


def has_parquet() -> bool:
    """Whether Parquet can be written."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        return False
    return True


def _parquet(columns: dict[str, Any], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = {}
    for name, value in columns.items():
        if isinstance(value, tuple):
            words, index = value
            coded = pa.DictionaryArray.from_arrays(
                pa.array(index.astype(np.int32)), pa.array(words, pa.string())
            )
            arrays[name] = coded
        elif value.dtype == object:
            words, index = np.unique(value.astype(str), return_inverse=True)
            coded = pa.DictionaryArray.from_arrays(
                pa.array(index.astype(np.int32)), pa.array(words.tolist(), pa.string())
            )
            arrays[name] = coded
        else:
            arrays[name] = pa.array(value)
    table = pa.table(arrays)
    plain = pa.schema(
        [pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    )
    pq.write_table(table.cast(plain), path, compression="zstd")


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
