"""What a search for text reuse found, as tables of columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from luoshi.reuse.clusters import clusters
from luoshi.reuse.corpus import Corpus
from luoshi.reuse.finish import Passages
from luoshi.reuse.shares import shares


def tables(corpus: Corpus, passages: Passages) -> dict[str, dict[str, Any]]:
    """``passages``, ``clusters`` and ``documents``, each by name of the column.

    A column is an array, or a pair: words, and for each row the ordinal of its word.
    """
    ids = [a.id for a in corpus.about]
    p = passages
    out: dict[str, dict[str, Any]] = {
        "passages": {
            "a": p.a, "a_start": p.a_start, "a_end": p.a_end, "b": p.b, "b_start": p.b_start,
            "b_end": p.b_end, "matches": p.matches, "similarity": p.similarity, "rarity": p.rarity,
            "relation": p.relation, "direction": p.direction,
        },
        "clusters": clusters(corpus, p),
        "documents": shares(corpus, p),
    }  # fmt: skip
    for columns in out.values():
        for key in ("document", "a", "b"):
            if key in columns:
                columns[key] = (ids, columns[key])
    return out


def arrow(columns: dict[str, Any]) -> Any:
    """A table's columns as a ``pyarrow.Table``; needs pyarrow."""
    import pyarrow as pa

    arrays = {}
    for name, value in columns.items():
        if isinstance(value, tuple):
            words, index = value
        elif value.dtype == object:
            words, index = np.unique(value.astype(str), return_inverse=True)
            words = words.tolist()
        else:
            arrays[name] = pa.array(value)
            continue
        arrays[name] = pa.DictionaryArray.from_arrays(
            pa.array(index.astype(np.int32)), pa.array(words, pa.string())
        )
    table = pa.table(arrays)
    plain = [
        pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in table.schema
    ]
    return table.cast(pa.schema(plain))
