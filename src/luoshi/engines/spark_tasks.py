"""What the executors of a Spark cluster do in a search for text reuse: the kernels over Arrow batches.

Every function takes an iterator of record batches and gives one (``mapInArrow``), or two tables and gives one
(``cogroup.applyInArrow``). They run in the executors' Python, which therefore needs this package, and do what
:mod:`luoshi.engines.reuse_local` does in memory. Integers without sign travel in signed columns as wide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from luoshi.engines.reuse_local import BLOCK, blocks_of
from luoshi.engines.reuse_stock import stock_of
from luoshi.kernels import reuse as kernels
from luoshi.reuse import steps
from luoshi.reuse.corpus import About, Corpus, Symbols, digests, symbols
from luoshi.reuse.finish import finish
from luoshi.reuse.settings import Settings

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Batches = Iterable[pa.RecordBatch]

PIECE = 4 * BLOCK
"""Characters taken apart in one go."""
CHUNK = 1 << 16
"""Cells of a table that travel in one row."""
DENSE = 26
"""A task holds a whole table up to this power of two; of a larger one only the cells that it touches."""
PAGES = 4096
"""Entries of the table of documents of a bucket, at most."""
ROWS = 1 << 20
"""Rows of a batch of integers."""
MEASURES = "number long, length long, symbols long, digest long, exact binary"
CHUNKS = "chunk int, cells binary, counts binary"
SEEDS = "hash long, document int, place int, context int"
PLACES = "tile long, a int, b int, a_place int, b_place int, common short"
WHOLES = "number long, symbols long, start long, end long, matches long"
WANTED = "tile long, document int, number long"
FOUND = (
    "a int, b int, a_first int, a_last int, b_first int, b_last int, a_start long, a_end long, b_start long,"
    " b_end long, matches long, similarity float, rarity float, relation string"
)


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """The documents of a search and their orders (:class:`luoshi.reuse.corpus.Corpus`).

    :param numbers: ``int64[documents]``, the documents' numbers, rising.
    :param rank: ``uint32[documents]``, their ranks, in the order of ``numbers``.
    :param copy: ``bool[documents]``, which equal others and are not looked at, in the order of ``numbers``.
    :param by_rank: ``int64[documents]``, numbers by rank.
    :param age: ``uint32[documents]``, places in the order of date, level and id, by rank.
    :param series: ``uint32[documents]`` by rank; documents of equal number are not compared.
    """

    numbers: I64
    rank: U32
    copy: NDArray[np.bool_]
    by_rank: I64
    age: U32
    series: U32

    def ranks(self, numbers: I64) -> U32:
        """Ranks of the documents with these numbers."""
        return self.rank[np.searchsorted(self.numbers, numbers)]

    def looked_at(self, numbers: I64) -> NDArray[np.bool_]:
        """Which of the documents with these numbers are looked at."""
        return ~self.copy[np.searchsorted(self.numbers, numbers)]


def _strings(column: Any) -> list[str]:
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return [v.decode("utf-8", "surrogatepass") for v in column.to_pylist()]
    return list(column.to_pylist())


def _pieces(batches: Batches) -> Iterator[tuple[I64, list[str], Symbols]]:
    """Numbers, texts and symbols of some documents at a time."""
    numbers: list[int] = []
    texts: list[str] = []
    size = 0
    for batch in batches:
        for number, text in zip(
            batch.column("number").to_pylist(), _strings(batch.column("text")), strict=True
        ):
            numbers.append(number)
            texts.append(text)
            size += len(text)
            if size >= PIECE:
                yield np.array(numbers, dtype=np.int64), texts, symbols(texts)
                numbers, texts, size = [], [], 0
    if texts:
        yield np.array(numbers, dtype=np.int64), texts, symbols(texts)


def _batch(**columns: Any) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(c) for c in columns.values()], names=list(columns))


def _column(batch: Any, name: str, kind: Any) -> Any:
    """A column as a numpy array of this type, reinterpreted and not converted."""
    column = batch.column(name)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    return column.to_numpy(zero_copy_only=False).view(kind)


def _all(batches: Batches, **kinds: Any) -> list[Any]:
    """Whole columns of all batches."""
    parts: list[list[Any]] = [[] for _ in kinds]
    for batch in batches:
        for part, (name, kind) in zip(parts, kinds.items(), strict=True):
            part.append(_column(batch, name, kind))
    return [
        np.concatenate(p) if p else np.empty(0, dtype=k) for p, k in zip(parts, kinds.values(), strict=True)
    ]


def measure(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Length of each document, in code points and in symbols, and hashes of what it holds.

    ``digest`` is that of its symbols, ``exact`` also of their places in the text.
    """
    for numbers, texts, columns in _pieces(batches):
        parts = [slice(a, b) for a, b in pairwise(columns.bounds.tolist())]
        exact = [blake2b(columns.sym[p].tobytes() + columns.start[p].tobytes()).digest() for p in parts]
        yield _batch(
            number=numbers, length=np.array([len(t) for t in texts], dtype=np.int64),
            symbols=np.diff(columns.bounds), digest=digests(columns).view(np.int64), exact=exact,
        )  # fmt: skip


def count(batches: Batches, settings: Settings, bits: int, order: Any) -> Iterator[pa.RecordBatch]:
    """How often each n-gram stands in these documents, by the leading bits of its hash.

    :param order: broadcast, an :class:`Order`.
    """
    table = np.zeros(1 << bits if bits <= DENSE else 0, dtype=np.uint8)
    for numbers, _, columns in _pieces(batches):
        for first, last in blocks_of(columns.bounds, order.value.looked_at(numbers)):
            h = steps.hashes(columns.sym, columns.bounds, first, last, settings)
            if len(table):
                kernels.count(h, table, 64 - bits, 0)
                continue
            cells, times = np.unique(h[h != 0] >> np.uint64(64 - bits), return_counts=True)
            yield from _sparse(cells, np.minimum(times, 255).astype(np.uint8))
    yield from _dense(table)


def _rows(chunks: list[int], cells: list[bytes], counts: list[bytes]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [pa.array(chunks, pa.int32()), pa.array(cells, pa.binary()), pa.array(counts, pa.binary())],
        names=["chunk", "cells", "counts"],
    )


def _sparse(cells: U64, counts: U8) -> Iterator[pa.RecordBatch]:
    """Rows of the chunks of a table that hold something; of a full one without ``cells``."""
    chunk = (cells >> np.uint64(16)).astype(np.int64)
    inside = cells.astype(np.uint16)
    begins = np.flatnonzero(np.r_[True, chunk[1:] != chunk[:-1]]) if len(chunk) else np.zeros(0, np.int64)
    ends = np.r_[begins[1:], len(chunk)]
    for at in range(0, len(begins), 1024):
        some = list(zip(begins[at : at + 1024].tolist(), ends[at : at + 1024].tolist(), strict=True))
        yield _rows(
            [int(chunk[a]) for a, _ in some],
            [inside[a:b].tobytes() for a, b in some],
            [counts[a:b].tobytes() for a, b in some],
        )


def _dense(table: U8) -> Iterator[pa.RecordBatch]:
    for at, part in enumerate(table.reshape(-1, CHUNK)):
        cells = np.flatnonzero(part)
        if 3 * len(cells) < CHUNK:
            if len(cells):
                yield _rows([at], [cells.astype(np.uint16).tobytes()], [part[cells].tobytes()])
        else:
            yield _rows([at], [b""], [part.tobytes()])


def merge(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Tables of several tasks added up; a chunk must be whole in one task."""
    chunks: dict[int, U8] = {}
    for batch in batches:
        rows = zip(*(batch.column(n).to_pylist() for n in ("chunk", "cells", "counts")), strict=True)
        for chunk, cells, counts in rows:
            table = chunks.setdefault(chunk, np.zeros(CHUNK, dtype=np.uint8))
            more = np.frombuffer(counts, dtype=np.uint8)
            if cells:
                at = np.frombuffer(cells, dtype=np.uint16)
                table[at] = np.minimum(table[at].astype(np.uint16) + more, 255)
            else:
                kernels.add_up(table, more)
    for chunk in sorted(chunks):
        yield _rows([chunk], [b""], [chunks[chunk].tobytes()])


def seeds(
    batches: Batches, settings: Settings, bits: int, table: Any, order: Any
) -> Iterator[pa.RecordBatch]:
    """The n-grams that are looked up in other documents, with what stands beside them.

    :param table: broadcast, how often each n-gram stands.
    :param order: broadcast, an :class:`Order`.
    """
    times: U8 = table.value
    shift = 64 - bits
    for numbers, _, columns in _pieces(batches):
        ranks = order.value.ranks(numbers)
        n = int(columns.bounds[-1])
        state = np.zeros(n, dtype=np.uint8)
        blocks = blocks_of(columns.bounds, order.value.looked_at(numbers))
        chosen = []
        for first, last in blocks:
            h = steps.hashes(columns.sym, columns.bounds, first, last, settings)
            kernels.look_up(h, times, shift, 0, state[first:last])
            chosen.append(steps.choose(h, columns.mark[first:last], state[first:last], settings))
        for (first, last), size in zip(blocks, chosen, strict=True):
            low, high = max(0, first - 1), min(n, last + 1)
            h = steps.hashes(columns.sym, columns.bounds, low, high, settings)
            key, context = np.empty(size, dtype=np.uint64), np.empty(size, dtype=np.uint32)
            halves = np.zeros(2, dtype=np.int64)
            kernels.tally(h[first - low : last - low], state[first:last], 63, halves)
            kernels.scatter(
                h, state[low:high], low, first, last, columns.bounds, settings.df_cap, 63, 0, 2,
                np.array([0, halves[0]]), key, context,
            )  # fmt: skip
            at = (key & np.uint64(0xFFFFFFFF)).astype(np.int64)
            document = np.searchsorted(columns.bounds, at, side="right") - 1
            yield _batch(
                hash=h[at - low].view(np.int64), document=ranks[document].view(np.int32),
                place=(at - columns.bounds[document]).astype(np.int32), context=context.view(np.int32),
            )  # fmt: skip


Bucket = tuple[U64, U32, steps.Frame]
"""Sorted records of equal leading bits, and the frame of their documents, counted from 0."""


def _buckets(batches: Batches, power: int, order: Order) -> Iterator[Bucket]:
    """The seeds of a partition, bucket by bucket.

    A bucket holds few documents, so they are laid one behind the other anew, each as long as its last seed.
    """
    columns = _all(batches, hash=np.uint64, document=np.uint32, place=np.uint32, context=np.uint32)
    by = np.argsort(columns[0])
    columns = [c[by] for c in columns]
    bucket = columns[0] >> np.uint64(64 - power)
    cuts = np.flatnonzero(np.r_[True, bucket[1:] != bucket[:-1], True]) if len(bucket) else [0]
    for a, b in pairwise(cuts):
        yield from _laid_out([c[a:b] for c in columns], power, order)


def _laid_out(columns: list[Any], power: int, order: Order) -> Iterator[Bucket]:
    h, document, place, context = columns
    packed = (document.astype(np.uint64) << np.uint64(32)) | place
    by = np.argsort(packed)
    h, document, place, context = h[by], document[by], place[by].astype(np.int64), context[by]
    new = np.r_[True, document[1:] != document[:-1]]
    bounds = np.zeros(int(new.sum()) + 1, dtype=np.int64)
    np.cumsum(place[np.r_[np.flatnonzero(new)[1:], len(place)] - 1] + 1, out=bounds[1:])
    n = int(bounds[-1])
    tag = (h << np.uint64(power)) >> np.uint64(32)
    if n > 1 << 32:
        middle = np.median(tag).astype(np.uint64) if tag.min() < tag.max() else None
        if middle is None:
            raise OverflowError("One n-gram stands in documents of more than four thousand million symbols.")
        low = tag < max(middle, tag.min() + np.uint64(1))
        for part in (low, ~low):
            yield from _laid_out(
                [c[part] for c in (h, document, place.astype(np.uint32), context)], power, order
            )
        return
    at = bounds[np.cumsum(new) - 1] + place
    key = (tag << np.uint64(32)) | at.astype(np.uint64)
    steps.order(key, context)
    documents = document[new]
    page_bits = max(steps.PAGE_BITS, (n // PAGES).bit_length())
    yield (
        key,
        context,
        steps.frame(bounds, documents, order.age[documents], order.series[documents], page_bits),
    )


def weigh(
    batches: Batches, settings: Settings, power: int, bits: int, order: Any
) -> Iterator[pa.RecordBatch]:
    """How much company the places of equal n-grams have, by the hash of where they lie."""
    table = np.zeros(1 << bits, dtype=np.uint8)
    for key, context, frame in _buckets(batches, power, order.value):
        steps.weigh(key, context, frame, table, settings)
    yield from _dense(table)


def emit(
    batches: Batches, settings: Settings, power: int, table: Any, order: Any, tiles: int
) -> Iterator[pa.RecordBatch]:
    """Places of equal n-grams of two documents that have company.

    :param table: broadcast, what :func:`weigh` found in all.
    :param tiles: documents are dealt out to so many groups; a pair of documents belongs to a pair of groups.
    """
    for key, context, frame in _buckets(batches, power, order.value):
        for pair, place, common in steps.pairs(key, context, frame, table.value, settings):
            yield _places(pair, place, common, tiles)


def _places(pair: U64, place: U64, common: U8, tiles: int) -> pa.RecordBatch:
    half, low = np.uint64(32), np.uint64(0xFFFFFFFF)
    a, b = pair >> half, pair & low
    every = np.uint64(tiles)
    return _batch(
        tile=((a % every) * every + b % every).astype(np.int64), a=a.astype(np.int32), b=b.astype(np.int32),
        a_place=(place >> half).astype(np.int32), b_place=(place & low).astype(np.int32),
        common=common.astype(np.int16),
    )  # fmt: skip


def _by_pair(batches: Batches) -> tuple[U64, U64, U8]:
    """Places ordered by pair of documents."""
    a, b, pa_, pb, common = _all(
        batches, a=np.uint32, b=np.uint32, a_place=np.uint32, b_place=np.uint32, common=np.int16
    )
    half = np.uint64(32)
    pair, place = (a.astype(np.uint64) << half) | b, (pa_.astype(np.uint64) << half) | pb
    weight = common.astype(np.uint8)
    steps.sort_pairs(pair, place, weight)
    return pair, place, weight


def prune(batches: Batches, settings: Settings, tiles: int) -> Iterator[pa.RecordBatch]:
    """The places of the pairs of documents that are looked at; a pair must be whole in one task."""
    pair, place, common = _by_pair(batches)
    keep = steps.looked_at(pair, common, settings)
    pair, place, common = pair[keep], place[keep], common[keep]
    for at in range(0, len(pair), ROWS):
        part = slice(at, at + ROWS)
        yield _places(pair[part], place[part], common[part], tiles)


def wanted(batches: Batches, order: Any) -> Iterator[pa.RecordBatch]:
    """The numbers of the documents whose texts a tile needs."""
    for batch in batches:
        document = _column(batch, "document", np.uint32)
        yield _batch(
            tile=_column(batch, "tile", np.int64), document=document.view(np.int32),
            number=order.value.by_rank[document],
        )  # fmt: skip


def passages(places: pa.Table, texts: pa.Table, settings: Settings, small: bool, order: Any) -> pa.Table:
    """Passages of the pairs of documents of a tile.

    :param places: what :func:`prune` left.
    :param texts: ``document`` (its rank) and ``text`` of each that they name.
    :param small: the whole corpus is too small to tell by itself what is a stock phrase.
    :param order: broadcast, an :class:`Order`.
    """
    pair, place, common = _by_pair([places])
    document = _column(texts, "document", np.uint32)
    by = np.argsort(document)
    ranks = document[by]
    strings = _strings(texts.column("text"))
    part = _alone([strings[i] for i in by.tolist()], order.value.age[ranks])
    half, low = np.uint64(32), np.uint64(0xFFFFFFFF)
    a, b = (np.searchsorted(ranks, x.astype(np.uint32)).astype(np.uint64) for x in (pair >> half, pair & low))
    s = part.symbols
    side = steps.Side(part.by_rank, s.sym, s.mark, s.bounds)
    found = steps.passages((a << half) | b, place, common, side, side, settings)
    found = steps.by_age(found, part.age, part.by_rank)
    p = finish(part, found, stock_of(s) if small else None)
    ends = {
        n: found[:, k].astype(np.int32) for k, n in enumerate(("a_first", "a_last", "b_first", "b_last"), 2)
    }
    return pa.table({
        "a": ranks[p.a].view(np.int32), "b": ranks[p.b].view(np.int32), **ends, "a_start": p.a_start,
        "a_end": p.a_end, "b_start": p.b_start, "b_end": p.b_end, "matches": p.matches,
        "similarity": p.similarity, "rarity": p.rarity, "relation": pa.array(p.relation, pa.string()),
    })  # fmt: skip


def _alone(texts: list[str], age: U32) -> Corpus:
    """Some documents, given in the order of their ranks, as a corpus of their own."""
    here = np.arange(len(texts), dtype=np.int64)
    same = here.astype(np.uint32)
    return Corpus(
        about=tuple(About("", length=len(t)) for t in texts), symbols=symbols(texts), age=age,
        by_age=np.argsort(age), rank=same, by_rank=here, series=same, equal_to=here - here - 1,
    )  # fmt: skip


def wholes(batches: Batches, wanted: Any) -> Iterator[pa.RecordBatch]:
    """Where the first symbol of a document begins and the last one ends, and the characters between.

    :param wanted: broadcast, ``int64``, the rising numbers of the documents to tell of.
    """
    for numbers, texts, columns in _pieces(batches):
        here = np.flatnonzero(np.isin(numbers, wanted.value) & (np.diff(columns.bounds) > 0))
        size = np.diff(columns.bounds)[here]
        none = np.zeros_like(size)
        found = np.stack([here, here, none, size, none, size, size, none, none, none + 1], axis=1)
        p = finish(replace(_alone(texts, numbers.astype(np.uint32)), symbols=columns), found)
        yield _batch(number=numbers[here], symbols=size, start=p.a_start, end=p.a_end, matches=p.matches)
