"""What the executors of a Spark cluster do in a search for text reuse: the kernels over Arrow batches.

Every function takes an iterator of record batches and gives one (``mapInArrow``). They run in the executors'
Python, which therefore needs this package, and do what :mod:`luoshi.engines.reuse_local` does in memory. A
document is named by its age, its place in the order of date, level and id, so that nothing about the
documents needs to be known everywhere. Integers without sign travel in signed columns as wide.

A task holds one portion of the documents, one share of the n-grams, one lot of the pairs or one tile of texts
at a time: each is of bounded size, however large the corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from luoshi.engines.reuse_local import blocks_of
from luoshi.engines.reuse_stock import stock_of
from luoshi.engines.spark_rows import Batches, Packer, batch, groups, pack, unpack
from luoshi.kernels import reuse as kernels
from luoshi.reuse import steps
from luoshi.reuse.corpus import About, Corpus, Symbols, digests, symbols
from luoshi.reuse.finish import finish, measured
from luoshi.reuse.settings import Settings

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

PAGES = 4096
"""Entries of the table of documents of a bucket, at most."""
SEED = (np.uint64, np.uint32, np.uint32, np.uint32)
"""Hash, document, place, context; behind them the series where there are series: 20 or 24 bytes."""
PLACE = (np.uint32, np.uint32, np.uint32, np.uint32, np.uint8)
"""Documents a and b, places in them, how often the n-gram stands: 17 bytes."""
TEXTS = "portion int, part int, age long, series long, copied boolean, data binary"
TIMES = "lot int, portion int, cells binary, times binary"
TOLD = "portion int, part int, data binary"
WANTED = "tile int, age long"
WHOLES = "age long, symbols long, start long, finish long, matches long"
FOUND = (
    "a long, b long, a_first int, a_last int, b_first int, b_last int, a_start long, a_end long,"
    " b_start long, b_end long, matches long, similarity float, rarity float, relation string"
)
ORDERED = ("a", "b", "a_first", "a_last", "b_first", "b_last")
"""Columns by which the local engine orders passages."""
HALF, LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


def text_of(data: bytes) -> str:
    """A text as it travels."""
    return data.decode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, eq=False)
class Portion:
    """Some documents and the hashes of their n-grams.

    :param age: ``uint32[documents]``; so ``series``.
    :param hashes: ``uint64[symbols]``, 0 where there is none or the document is not looked at.
    """

    age: U32
    series: U32
    symbols: Symbols
    blocks: list[tuple[int, int]]
    hashes: U64


def portion_of(rows: list[tuple[Any, ...]], settings: Settings) -> Portion:
    """The portion whose rows (portion, part, age, series, copied, data) these are."""
    _, _, ages, series, copied, data = zip(*rows, strict=True)
    columns = symbols([text_of(d) for d in data])
    blocks = blocks_of(columns.bounds, ~np.array(copied, dtype=np.bool_))
    found = np.zeros(len(columns.sym), dtype=np.uint64)
    for first, last in blocks:
        found[first:last] = steps.hashes(columns.sym, columns.bounds, first, last, settings)
    return Portion(
        np.array(ages, dtype=np.uint32), np.array(series, dtype=np.uint32), columns, blocks, found
    )  # fmt: skip


def _width(bits: int, shares: int) -> type[np.unsignedinteger[Any]]:
    return np.uint16 if bits - shares <= 16 else np.uint32


def count(batches: Batches, settings: Settings, bits: int, shares: int) -> Iterator[pa.RecordBatch]:
    """How often each n-gram stands in a portion, by the leading bits of its hash.

    :param bits: of a hash that name a cell of the table of frequencies (``steps.table_bits``).
    :param shares: of these, how many name the share of the table in which the portions' counts are added up.
    """
    names = ("portion", "part", "age", "series", "copied", "data")
    kind = _width(bits, shares)
    for rows in groups(batches, names):
        found = portion_of(rows, settings).hashes
        cells = np.sort(found[found != 0] >> np.uint64(64 - bits))
        first = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]]) if len(cells) else np.zeros(0, np.int64)
        times = np.minimum(np.diff(np.r_[first, len(cells)]), 255).astype(np.uint8)
        cells = cells[first]
        lots = (cells >> np.uint64(bits - shares)).astype(np.int64)
        inside = (cells & np.uint64((1 << (bits - shares)) - 1)).astype(kind)
        cuts = (
            np.flatnonzero(np.r_[True, lots[1:] != lots[:-1], True]) if len(lots) else np.zeros(0, np.int64)
        )
        for some in np.array_split(np.arange(max(0, len(cuts) - 1)), len(cuts) // 1024 + 1):
            parts = [(int(cuts[k]), int(cuts[k + 1])) for k in some]
            yield pa.RecordBatch.from_arrays(
                [
                    pa.array([int(lots[a]) for a, _ in parts], pa.int32()),
                    pa.array([int(rows[0][0])] * len(parts), pa.int32()),
                    pa.array([inside[a:b].tobytes() for a, b in parts], pa.binary()),
                    pa.array([times[a:b].tobytes() for a, b in parts], pa.binary()),
                ],
                names=["lot", "portion", "cells", "times"],
            )


def tell(batches: Batches, bits: int, shares: int) -> Iterator[pa.RecordBatch]:
    """Adds up the counts of all portions, share by share, and tells each portion those that it asked for.

    The counts come back in the order of the cells, so that only they need to travel.
    """
    kind = _width(bits, shares)
    for rows in groups(batches, ("lot", "portion", "cells", "times")):
        table = np.zeros(1 << (bits - shares), dtype=np.uint8)
        asked = [np.frombuffer(cells, dtype=kind) for _, _, cells, _ in rows]
        for (_, _, _, times), cells in zip(rows, asked, strict=True):
            both = table[cells].astype(np.uint16) + np.frombuffer(times, dtype=np.uint8)
            table[cells] = np.minimum(both, 255)
        yield pa.RecordBatch.from_arrays(
            [
                pa.array([row[1] for row in rows], pa.int32()),
                pa.array([row[0] for row in rows], pa.int32()),
                pa.array([table[cells].tobytes() for cells in asked], pa.binary()),
            ],
            names=["portion", "part", "data"],
        )


def _told(found: U64, bits: int, times: U8) -> U8:
    """How often each n-gram stands in all portions, from what :func:`tell` told, cell by cell."""
    state = np.zeros(len(found), dtype=np.uint8)
    here = np.flatnonzero(found)
    cells = found[here] >> np.uint64(64 - bits)
    by = np.argsort(cells)
    cells = cells[by]
    first = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]]) if len(cells) else here
    if len(first) != len(times):
        raise RuntimeError("The counts of a portion are not those that it asked for: has the input changed?")
    state[here[by]] = np.repeat(times, np.diff(np.r_[first, len(cells)]))
    return state


def seeds(
    batches: Batches, settings: Settings, bits: int, lots: int, series: bool
) -> Iterator[pa.RecordBatch]:
    """The n-grams that are looked up in other documents, with what stands beside them, packed by hash.

    :param batches: the texts of a portion (part -1), then what :func:`tell` told it.
    :param lots: leading bits of the hash by which they are shuffled.
    :param series: whether to send the series along.
    """
    packer = Packer()
    for rows in groups(batches, ("portion", "part", "age", "series", "copied", "data")):
        part = portion_of([row for row in rows if row[1] < 0], settings)
        told = b"".join(row[5] for row in rows if row[1] >= 0)
        state = _told(part.hashes, bits, np.frombuffer(told, dtype=np.uint8))
        mark = part.symbols.mark
        sizes = [steps.choose(part.hashes[a:b], mark[a:b], state[a:b], settings) for a, b in part.blocks]
        for (a, b), size in zip(part.blocks, sizes, strict=True):
            columns = _records(part, state, a, b, size, settings)
            lot = (columns[0] >> np.uint64(64 - lots)).astype(np.int64)
            yield from packer.add(lot, columns if series else columns[:-1])
    yield from packer.rest()


def _records(part: Portion, state: U8, first: int, last: int, size: int, settings: Settings) -> list[Any]:
    """The chosen n-grams of a block as columns: hash, document, place, context, series."""
    bounds = part.symbols.bounds
    low, high = max(0, first - 1), min(len(state), last + 1)
    key, context = np.empty(size, dtype=np.uint64), np.empty(size, dtype=np.uint32)
    halves = np.zeros(2, dtype=np.int64)
    kernels.tally(part.hashes[first:last], state[first:last], 63, halves)
    kernels.scatter(
        part.hashes[low:high], state[low:high], low, first, last, bounds, settings.df_cap, 63, 0, 2,
        np.array([0, halves[0]]), key, context,
    )  # fmt: skip
    at = (key & LOW).astype(np.int64)
    document = np.searchsorted(bounds, at, side="right") - 1
    place = (at - bounds[document]).astype(np.uint32)
    return [part.hashes[at], part.age[document], place, context, part.series[document]]


Bucket = tuple[U64, U32, steps.Frame]
"""Sorted records of equal leading bits, and the frame of their documents, counted from 0."""


def _buckets(columns: list[Any], power: int) -> Iterator[Bucket]:
    """Seeds, bucket by bucket.

    A bucket holds few documents, so they are laid one behind the other anew, each as long as its last seed.
    """
    by = np.argsort(columns[0])
    columns = [c[by] for c in columns]
    bucket = columns[0] >> np.uint64(64 - power)
    cuts = np.flatnonzero(np.r_[True, bucket[1:] != bucket[:-1], True]) if len(bucket) else [0]
    for a, b in pairwise(cuts):
        yield from _laid_out([c[a:b] for c in columns], power)


def _laid_out(columns: list[Any], power: int) -> Iterator[Bucket]:
    h, document, place, context = columns[:4]
    packed = (document.astype(np.uint64) << HALF) | place
    by = np.argsort(packed)
    h, document, place, context = h[by], document[by], place[by].astype(np.int64), context[by]
    new = np.r_[True, document[1:] != document[:-1]]
    bounds = np.zeros(int(new.sum()) + 1, dtype=np.int64)
    np.cumsum(place[np.r_[np.flatnonzero(new)[1:], len(place)] - 1] + 1, out=bounds[1:])
    n = int(bounds[-1])
    tag = (h << np.uint64(power)) >> HALF
    if n > 1 << 32:
        if tag.min() == tag.max():
            raise OverflowError("One n-gram stands in documents of more than four thousand million symbols.")
        low = tag < max(np.median(tag).astype(np.uint64), tag.min() + np.uint64(1))
        for part in (low, ~low):
            yield from _laid_out([c[by][part] for c in columns], power)
        return
    key = (tag << HALF) | (bounds[np.cumsum(new) - 1] + place).astype(np.uint64)
    steps.order(key, context, np.array([0, len(key)], dtype=np.int64))
    age = document[new]
    series = columns[4][by][new] if len(columns) > 4 else age
    page_bits = max(steps.PAGE_BITS, (n // PAGES).bit_length())
    yield key, context, steps.frame(bounds, age, age, series, page_bits)


def pairs(
    batches: Batches, settings: Settings, power: int, sets: int, series: bool
) -> Iterator[pa.RecordBatch]:
    """Places of equal n-grams of two documents, packed by lot: by the sets of documents that the two are in.

    :param power: leading bits of a hash that name a bucket (:func:`luoshi.reuse.steps.bucket_bits`).
    :param sets: so many sets of documents.
    """
    kinds = (*SEED, np.uint32) if series else SEED
    everything = np.full(1 << 10, 2**64 - 1, dtype=np.uint64)
    packer = Packer()
    for rows in groups(batches, ("lot", "n", "data")):
        columns = unpack([row[1:] for row in rows], kinds)
        for key, context, frame in _buckets(columns, power):
            for pair, place, common in steps.pairs(key, context, frame, everything, settings):
                a, b = (pair >> HALF).astype(np.uint32), pair.astype(np.uint32)
                left, right = (place >> HALF).astype(np.uint32), place.astype(np.uint32)
                yield from packer.add(of_sets(a, b, sets), [a, b, left, right, common])
    yield from packer.rest()


def of_sets(a: U32, b: U32, sets: int) -> I64:
    """The number of the two sets that the documents are in, the same in either order."""
    x, y = (a % np.uint32(sets)).astype(np.int64), (b % np.uint32(sets)).astype(np.int64)
    x, y = np.minimum(x, y), np.maximum(x, y)
    return y * (y + 1) // 2 + x


def _by_pair(columns: list[Any]) -> tuple[U64, U64, U8]:
    """Places ordered by pair of documents."""
    a, b, left, right, common = columns
    pair = (a.astype(np.uint64) << HALF) | b
    place = (left.astype(np.uint64) << HALF) | right
    weight = common.copy()
    steps.sort_pairs(pair, place, weight)
    return pair, place, weight


def prune(batches: Batches, settings: Settings, tiles: int) -> Iterator[pa.RecordBatch]:
    """The places that have company, packed by tile; all places of a pair of documents lie in one lot.

    :param tiles: sets of documents of which a tile holds two: a multiple of the sets by which lots are made.
    """
    weights = settings.evidence()
    for rows in groups(batches, ("lot", "n", "data")):
        pair, place, common = _by_pair(unpack([row[1:] for row in rows], PLACE))
        # Which document comes first in the comparison shows only when the texts are there: whatever has
        # company in either order stays, and what is too much falls when passages are looked for.
        keep = np.zeros(len(pair), dtype=np.bool_)
        for order in (place, (place << HALF) | (place >> HALF)):
            some = np.zeros(len(pair), dtype=np.uint8)
            kernels.company(pair, order, common, weights, settings.df_cap, settings.enough, some)
            keep |= some.view(np.bool_)
        pair, place, common = pair[keep], place[keep], common[keep]
        a, b = (pair >> HALF).astype(np.uint32), pair.astype(np.uint32)
        left, right = (place >> HALF).astype(np.uint32), place.astype(np.uint32)
        yield from pack(of_sets(a, b, tiles), [a, b, left, right, common])


def wanted(batches: Batches) -> Iterator[pa.RecordBatch]:
    """The documents whose texts a tile needs."""
    for some in batches:
        for tile, n, data in zip(*(some.column(c).to_pylist() for c in ("lot", "n", "data")), strict=True):
            a, b, *_ = unpack([(n, data)], PLACE)
            ages = np.unique(np.concatenate([a, b])).astype(np.int64)
            yield batch(tile=np.full(len(ages), tile, dtype=np.int32), age=ages)


def passages(batches: Batches, settings: Settings, small: bool) -> Iterator[pa.RecordBatch]:
    """Passages of the pairs of documents of a tile.

    :param batches: rows of (tile, age, n, data): texts by their documents' age, places with -1 for it.
    :param small: the whole corpus is too small to tell by itself what is a stock phrase.
    """
    for rows in groups(batches, ("tile", "age", "n", "data")):
        packed = [(n, data) for _, age, n, data in rows if age < 0]
        texts = {age: data for _, age, _, data in rows if age >= 0}
        if packed:
            yield _passages(packed, texts, settings, small)


def _passages(
    packed: list[tuple[int, bytes]], texts: dict[int, bytes], settings: Settings, small: bool
) -> pa.RecordBatch:
    ages = np.array(sorted(texts), dtype=np.uint32)
    part = alone([text_of(texts[int(a)]) for a in ages], ages)
    a, b, left, right, common = unpack(packed, PLACE)
    # Two documents are compared in the order of what they hold, whatever they are called.
    x, y = (part.rank[np.searchsorted(ages, d)].astype(np.uint64) for d in (a, b))
    turn = x > y
    one, other = np.where(turn, y, x), np.where(turn, x, y)
    place = (np.where(turn, right, left).astype(np.uint64) << HALF) | np.where(turn, left, right)
    pair, common = (one << HALF) | other, common.copy()
    steps.sort_pairs(pair, place, common)
    s = part.symbols
    side = steps.Side(part.by_rank, s.sym, s.mark, s.bounds)
    found = steps.passages(pair, place, common, side, side, settings)
    found = steps.by_age(found, part.age, part.by_rank)
    none = np.empty(len(found), dtype=object)
    p = measured(found, s, s, none, stock_of(s) if small else None)
    ends = {n: found[:, k].astype(np.int32) for k, n in enumerate(ORDERED[2:], 2)}
    return batch(
        a=ages[p.a].astype(np.int64), b=ages[p.b].astype(np.int64), **ends, a_start=p.a_start, a_end=p.a_end,
        b_start=p.b_start, b_end=p.b_end, matches=p.matches, similarity=p.similarity, rarity=p.rarity,
        relation=pa.array(p.relation, pa.string()),
    )  # fmt: skip


def alone(texts: list[str], ages: U32) -> Corpus:
    """Some documents, given in the order of their ages, as a corpus of their own."""
    here = np.arange(len(texts), dtype=np.int64)
    same = here.astype(np.uint32)
    columns = symbols(texts)
    by_rank = np.lexsort((here, digests(columns)))
    rank = np.empty(len(texts), dtype=np.uint32)
    rank[by_rank] = same
    return Corpus(
        about=tuple(About("", length=len(t)) for t in texts), symbols=columns, age=same, by_age=here,
        rank=rank, by_rank=by_rank, series=same, equal_to=here - here - 1,
    )  # fmt: skip


def wholes(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Where the first symbol of a document begins and the last one ends, and the characters between."""
    for some in batches:
        ages = np.array(some.column("age").to_pylist(), dtype=np.int64)
        part = alone([text_of(d) for d in some.column("data").to_pylist()], ages.astype(np.uint32))
        size = np.diff(part.symbols.bounds)
        here = np.flatnonzero(size > 0)
        size = size[here]
        none = np.zeros_like(size)
        found = np.stack([here, here, none, size, none, size, size, none, none, none + 1], axis=1)
        p = finish(part, found)
        yield batch(age=ages[here], symbols=size, start=p.a_start, finish=p.a_end, matches=p.matches)


def measure(batches: Batches) -> Iterator[pa.RecordBatch]:
    """How many symbols there are in all."""
    total = 0
    for some in batches:
        total += len(symbols([text_of(d) for d in some.column("data").to_pylist()]).sym)
    yield batch(symbols=np.array([total], dtype=np.int64))
