"""Rows that travel between the machines of a Spark cluster: many records of fixed width in one binary value.

A row of Spark costs 16 bytes and a call for each number in it; packed records cost what they hold. Every
packed row has a number by which Spark shuffles it (``lot``), how many records it holds (``n``), and the
records' columns one behind the other (``data``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Array = NDArray[Any]
I64 = NDArray[np.int64]
Batches = Iterable[pa.RecordBatch]

MOST = 1 << 16
"""Records of a row, at most about."""
ROWS = 64
"""Packed rows of a batch."""
PACKED = "lot int, n int, data binary"


def pack(lots: Array, columns: Sequence[Array]) -> Iterator[pa.RecordBatch]:
    """Records as rows by the lot of each, the order within a lot as it is."""
    narrow = lots.astype(np.uint16) if len(lots) and int(lots.max()) < 1 << 16 else lots
    by = np.argsort(narrow, kind="stable")
    lots, columns = lots[by], [c[by] for c in columns]
    cuts = np.flatnonzero(np.r_[True, lots[1:] != lots[:-1]]) if len(lots) else np.zeros(0, dtype=np.int64)
    ends = np.r_[cuts[1:], len(lots)]
    out: list[tuple[int, int, bytes]] = []
    for first, last in zip(cuts.tolist(), ends.tolist(), strict=True):
        for a in range(first, last, MOST):
            b = min(a + MOST, last)
            out.append((int(lots[first]), b - a, b"".join(c[a:b].tobytes() for c in columns)))
            if len(out) == ROWS:
                yield rows(out)
                out = []
    if out:
        yield rows(out)


def rows(some: Sequence[tuple[int, int, bytes]]) -> pa.RecordBatch:
    """A batch of packed rows."""
    lots, sizes, data = zip(*some, strict=True)
    return pa.RecordBatch.from_arrays(
        [pa.array(lots, pa.int32()), pa.array(sizes, pa.int32()), pa.array(data, pa.binary())],
        names=["lot", "n", "data"],
    )


def unpack(some: Sequence[tuple[int, bytes]], kinds: Sequence[Any]) -> list[Array]:
    """Columns of these types out of the ``n`` and ``data`` of rows."""
    parts: list[list[Array]] = [[] for _ in kinds]
    for n, data in some:
        at = 0
        for part, kind in zip(parts, kinds, strict=True):
            part.append(np.frombuffer(data, dtype=kind, count=n, offset=at))
            at += n * np.dtype(kind).itemsize
    return [np.concatenate(p) if p else np.empty(0, dtype=k) for p, k in zip(parts, kinds, strict=True)]


def batch(**columns: Any) -> pa.RecordBatch:
    """A batch of columns that are arrays already."""
    arrays = [c if isinstance(c, pa.Array) else pa.array(c) for c in columns.values()]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def groups(batches: Batches, names: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
    """Rows, those of one value in the first column together; they must come next to each other.

    :param names: the columns to take, in this order.
    """
    group: list[tuple[Any, ...]] = []
    for some in batches:
        columns = [some.column(n).to_pylist() for n in names]
        for row in zip(*columns, strict=True):
            if group and row[0] != group[0][0]:
                yield group
                group = []
            group.append(row)
    if group:
        yield group


class Packer:
    """Gathers records from several calls so that packed rows become long.

    :param lots: gives the lot of each record from their columns.
    :param most: records kept back at most.
    """

    def __init__(self, most: int = 1 << 21) -> None:
        self.most = most
        self.size = 0
        self.parts: list[tuple[Array, list[Array]]] = []

    def add(self, lots: Array, columns: list[Array]) -> Iterator[pa.RecordBatch]:
        """Takes records; gives rows when there are enough."""
        if len(lots):
            self.parts.append((lots, columns))
            self.size += len(lots)
        if self.size >= self.most:
            yield from self.rest()

    def rest(self) -> Iterator[pa.RecordBatch]:
        """What is still kept back."""
        if self.parts:
            lots = np.concatenate([p[0] for p in self.parts])
            columns = [np.concatenate(c) for c in zip(*(p[1] for p in self.parts), strict=True)]
            self.parts, self.size = [], 0
            yield from pack(lots, columns)
