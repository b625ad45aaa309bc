"""An index of n-grams: built once from the symbols of some documents, asked by the symbols of others.

Pure functions of columns, as in :mod:`luoshi.reuse.steps`; where a segment lies is the engine's affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels import reuse as kernels
from luoshi.reuse import steps
from luoshi.reuse.corpus import Symbols
from luoshi.reuse.settings import Settings

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

ENTRIES = 8
"""Entries of a bucket, about."""
PORTION = 1 << 22
"""Symbols asked about in one go."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Documents with their n-grams sorted by hash.

    :param symbols: of its documents.
    :param key: ``uint64``, the middle bits of an n-gram's hash << 32 | its place, bucket by bucket.
    :param begins: ``uint32[buckets + 1]``, where each bucket of the leading bits begins.
    :param age: ``uint32[documents]``, their order by date, level and id within the segment.
    :param series: ``uint32[documents]``, a hash of the series' name, 0 for none.
    """

    symbols: Symbols
    key: U64
    begins: U32
    age: U32
    series: U32

    @property
    def shift(self) -> int:
        """Bits of a hash behind those that name the bucket."""
        return 65 - (len(self.begins)).bit_length()


def bucket_power(symbols: int) -> int:
    """Number of buckets of a segment, as a power of two."""
    return max(4, int(symbols // ENTRIES).bit_length())


def postings(columns: Symbols, settings: Settings) -> tuple[U64, U32]:
    """``key`` and ``begins`` of a segment over these symbols."""
    n = len(columns.sym)
    power = bucket_power(n)
    sizes = np.zeros(1 << power, dtype=np.int64)
    portions = [(a, min(n, a + PORTION)) for a in range(0, n, PORTION)]
    for first, last in portions:
        kernels.spread(steps.hashes(columns.sym, columns.bounds, first, last, settings), 64 - power, sizes)
    begins = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=begins[1:])
    key = np.empty(int(begins[-1]), dtype=np.uint64)
    places = begins[:-1].copy()
    for first, last in portions:
        found = steps.hashes(columns.sym, columns.bounds, first, last, settings)
        kernels.post(found, first, 64 - power, 0, 1 << power, places, key)
    kernels.tidy(key, begins)
    return key, begins.astype(np.uint32)


def ask(
    segments: Sequence[Segment], columns: Symbols, series: U32, settings: Settings
) -> list[tuple[int, I64]]:
    """Passages that new documents share with those of the segments.

    :param columns: symbols of the new documents.
    :param series: of the new documents, as in :class:`Segment`.
    :returns: for each segment with passages its ordinal and rows as of :func:`luoshi.reuse.steps.passages`:
        ordinal of the document in the segment, ordinal of the new document, symbols from and to in either …
    """
    n = len(columns.sym)
    found = steps.hashes(columns.sym, columns.bounds, 0, n, settings)
    state = (found != 0).astype(np.uint8)
    for s in segments:
        kernels.times(found, s.key, s.begins, s.shift, state)
    mark = columns.mark
    bounds = columns.bounds
    for d in range(len(bounds) - 1):
        part = slice(bounds[d], bounds[d + 1])
        for at in range(int(bounds[d]), int(bounds[d + 1]), 1 << 20):
            part = slice(at, min(at + (1 << 20), int(bounds[d + 1])))
            steps.choose(found[part], mark[part], state[part], settings)
    out = []
    for k, s in enumerate(segments):
        rows = _in_segment(s, found, state, columns, series, settings)
        if len(rows):
            out.append((k, rows))
    return out


def _in_segment(s: Segment, found: U64, state: U8, columns: Symbols, series: U32, settings: Settings) -> I64:
    every = np.arange(0, int(s.symbols.bounds[-1]) + 1, 1 << steps.PAGE_BITS)
    page = (np.searchsorted(s.symbols.bounds, every, side="right") - 1).astype(np.uint32)
    parts: list[tuple[U64, U64, U8]] = []
    begin, room = 0, 1 << 16
    while begin < len(found):
        pair, place = np.empty(room, dtype=np.uint64), np.empty(room, dtype=np.uint64)
        common = np.empty(room, dtype=np.uint8)
        begin, made = kernels.found_in(
            found, state, columns.sym, columns.bounds, series, settings.seed_weight, settings.df_cap,
            s.key, s.begins, s.shift, s.symbols.sym, s.symbols.bounds, page, steps.PAGE_BITS, s.age, s.series,
            begin, pair, place, common,
        )  # fmt: skip
        parts.append((pair[:made], place[:made], common[:made]))
        room *= 1 if made else 4
    pair, place, common = (np.concatenate([p[i] for p in parts]) for i in range(3))
    steps.sort_pairs(pair, place, common)
    a = steps.Side(np.arange(len(s.age)), s.symbols.sym, s.symbols.mark, s.symbols.bounds)
    b = steps.Side(np.arange(len(series)), columns.sym, columns.mark, columns.bounds)
    return steps.passages(pair, place, common, a, b, settings)
