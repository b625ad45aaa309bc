"""What the machine itself can do with the n-grams of a corpus: the least that any search by n-grams does, and no more.

hash       a rolling hash of eight symbols, never across two documents
partition  a record (hash, place; 12 bytes) of every n-gram to a bucket by the leading bits of its hash, which are
           counted first so that each bucket lies in one piece
join       in each bucket in how many documents every n-gram stands (places are told their document by a table of
           pages, records of one n-gram come in the order of the text), and how many pairs of documents that makes

These are the steps whose limit is asked for: hash, radix partition, document frequencies and pair counts in buckets.
Nothing is chosen, looked up again or written behind the counts. The n-grams are those of the corpus that the search
itself goes through, so that equal ones meet as often as they do there. Processor time of all threads, the least of
three; once on one thread and once on all processors.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba as nb
import numpy as np

GRAM = 8
BUCKET = 8192
"""Records of a bucket, about: with the counts of its n-grams they fit the processor's cache."""
PAGE = 7
"""A table tells the document at every 128th symbol."""
CAP = 32
"""N-grams of more documents make no pairs."""
FACTOR = np.uint64(0x9E3779B97F4A7C15)
SEED = np.uint64(0x100000001B3)


@nb.njit(nogil=True)
def roll(sym, bounds, first, last, out):  # type: ignore[no-untyped-def]
    """Of the documents from ``first`` to ``last``; 0 where no n-gram ends."""
    power = np.uint64(1)
    for _ in range(GRAM):
        power *= SEED
    for d in range(first, last):
        h = np.uint64(0)
        begin = bounds[d]
        ready = min(begin + GRAM, bounds[d + 1])
        for i in range(begin, ready):
            h = h * SEED + np.uint64(sym[i])
            out[i] = 0
        if ready - begin == GRAM:
            out[ready - 1] = h * FACTOR
        for i in range(ready, bounds[d + 1]):
            h = h * SEED + np.uint64(sym[i]) - power * np.uint64(sym[i - GRAM])
            out[i] = h * FACTOR


@nb.njit(nogil=True)
def sizes(h, first, last, shift, out):  # type: ignore[no-untyped-def]
    for i in range(first, last):
        if h[i]:
            out[h[i] >> shift] += 1


@nb.njit(nogil=True)
def scatter(h, first, last, shift, at, key, place):  # type: ignore[no-untyped-def]
    for i in range(first, last):
        if h[i]:
            b = h[i] >> shift
            key[at[b]] = h[i]
            place[at[b]] = i
            at[b] += 1


@nb.njit(nogil=True)
def join(key, place, ends, first, last, page, bounds, left):  # type: ignore[no-untyped-def]
    most = 0
    for b in range(first, last):
        most = max(most, ends[b + 1] - ends[b])
    room = 16
    while room < 2 * most:
        room *= 2
    keys = np.zeros(room, dtype=np.uint64)
    latest = np.zeros(room, dtype=np.uint32)
    documents = np.zeros(room, dtype=np.uint32)
    mask = np.uint64(room - 1)
    pairs = 0
    for b in range(first, last):
        documents[:] = 0
        for i in range(ends[b], ends[b + 1]):
            g = place[i]
            d = page[g >> PAGE]
            while bounds[d + 1] <= g:
                d += np.uint32(1)
            at = (key[i] >> left) & mask
            while documents[at] and keys[at] != key[i]:
                at = (at + np.uint64(1)) & mask
            if not documents[at]:
                keys[at], latest[at], documents[at] = key[i], d, 1
            elif latest[at] != d:
                latest[at] = d
                documents[at] += np.uint32(1)
        for at in range(room):
            n = np.int64(documents[at])
            if n <= CAP:
                pairs += n * (n - 1) // 2
    return pairs


def best(work: Callable[[], object]) -> float:
    """Processor seconds of the cheapest of three."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def limits(sym: Any, bounds: Any, threads: int = 0) -> dict[str, float]:
    """Processor seconds that each loop takes over the n-grams of a corpus.

    :param sym: ``uint32``, the symbols of all documents; ``bounds``: where each begins, and the end.
    :param threads: 0 for as many as there are processors.
    """
    workers = threads or os.cpu_count() or 1
    n = len(sym)
    h, key = np.zeros(n, dtype=np.uint64), np.zeros(n, dtype=np.uint64)
    place = np.zeros(n, dtype=np.uint32)
    bits = max(4, int(n // BUCKET).bit_length())
    shift, left = np.uint64(64 - bits), np.uint64(64 - bits - 20)
    every = np.arange(0, n + 1, 1 << PAGE)
    page = (np.searchsorted(bounds, every, side="right") - 1).astype(np.uint32)
    documents = np.searchsorted(bounds, [n * w // workers for w in range(workers + 1)])
    documents[-1] = len(bounds) - 1
    cut = bounds[documents]
    share = [(1 << bits) * w // workers for w in range(workers + 1)]
    with ThreadPoolExecutor(workers) as pool:

        def each(work: Callable[[int], object]) -> list[Any]:
            return list(pool.map(work, range(workers)))

        def partition() -> Any:
            mine = np.zeros((workers, 1 << bits), dtype=np.int64)
            each(lambda w: sizes(h, cut[w], cut[w + 1], shift, mine[w]))
            sums = np.r_[0, np.cumsum(mine.T.reshape(-1))]
            at = sums[:-1].reshape(1 << bits, workers).T.copy()
            each(lambda w: scatter(h, cut[w], cut[w + 1], shift, at[w], key, place))
            return sums[::workers].copy()

        def joined(ends: Any, last: Callable[[int], int]) -> list[Any]:
            return each(lambda w: join(key, place, ends, share[w], last(w), page, bounds, left))

        roll(sym, bounds, 0, 0, h)
        sizes(h, 0, 0, shift, np.zeros(1 << bits, dtype=np.int64))
        scatter(h, 0, 0, shift, np.zeros(1 << bits, dtype=np.int64), key, place)
        joined(np.zeros((1 << bits) + 1, dtype=np.int64), lambda w: share[w])
        out = {"hash": best(lambda: each(lambda w: roll(sym, bounds, documents[w], documents[w + 1], h)))}
        out["partition"] = best(partition)
        ends = partition()
        out["join"] = best(lambda: joined(ends, lambda w: share[w + 1]))
    return out
