"""What a search for text reuse found, as tables of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.reuse.clusters import clusters
from luoshi.reuse.corpus import Corpus
from luoshi.reuse.finish import Passages
from luoshi.reuse.shares import shares


def tables(
    corpus: Corpus,
    passages: Passages,
    members: dict[str, Any] | None = None,
    pairs: dict[str, Any] | None = None,
) -> dict[str, dict[str, Any]]:
    """``passages``, ``clusters`` and ``documents``, each by name of the column.

    A column is an array, or a pair: words, and for each row the ordinal of its word.

    :param members: the columns of ``clusters`` where they are known already.
    :param pairs: those of ``documents``.
    """
    ids = [a.id for a in corpus.about]
    p = passages
    out: dict[str, dict[str, Any]] = {
        "passages": {
            "a": p.a, "a_start": p.a_start, "a_end": p.a_end, "b": p.b, "b_start": p.b_start,
            "b_end": p.b_end, "matches": p.matches, "similarity": p.similarity, "rarity": p.rarity,
            "relation": p.relation, "direction": p.direction,
        },
        "clusters": members or clusters(corpus, p),
        "documents": pairs or shares(corpus, p),
    }  # fmt: skip
    return {
        name: {k: (ids, v) if k in ("document", "a", "b") else v for k, v in columns.items()}
        for name, columns in out.items()
    }


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
            arrays[name] = _numbers(value)
            continue
        arrays[name] = (
            pa.DictionaryArray.from_arrays(_numbers(np.asarray(index, dtype=np.int32)), _words(words))
            .cast(pa.large_string())
            .cast(pa.string())
        )
    return pa.table(arrays)


# Columns are handed over as buffers: pa.array() brings pandas along, where it is installed.


def _numbers(value: NDArray[Any]) -> Any:
    import pyarrow as pa

    if value.dtype == np.bool_:
        bits = np.packbits(value, bitorder="little")
        return pa.Array.from_buffers(pa.bool_(), len(value), [None, pa.py_buffer(bits)])
    kind = pa.from_numpy_dtype(value.dtype)
    return pa.Array.from_buffers(kind, len(value), [None, pa.py_buffer(np.ascontiguousarray(value))])


def _words(words: Sequence[str]) -> Any:
    import pyarrow as pa

    data = [w.encode("utf-8", "surrogatepass") for w in words]
    ends = np.zeros(len(data) + 1, dtype=np.int32)
    np.cumsum([len(d) for d in data], out=ends[1:])
    return pa.Array.from_buffers(
        pa.string(), len(data), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(data))]
    )
