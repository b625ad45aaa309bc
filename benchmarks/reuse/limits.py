"""What the machine itself can do: the three inner loops of every search by n-grams, and nothing besides.

hash       a rolling hash of eight symbols over an array of symbols
partition  12-byte records scattered into buckets by the leading bits of their hash
join       in each bucket how often every hash stands, and how many pairs that makes

Each runs over arrays as long as the corpus on as many threads as there are processors; the best of three counts, in
processor time of all threads.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numba as nb
import numpy as np

GRAM = 8
BUCKET = 8192
"""Records of a bucket, about: they fit the processor's cache."""
FACTOR = np.uint64(0x9E3779B97F4A7C15)
SEED = np.uint64(0x100000001B3)


@nb.njit(nogil=True)
def roll(sym, first, last, out):  # type: ignore[no-untyped-def]
    power = np.uint64(1)
    for _ in range(GRAM):
        power *= SEED
    h = np.uint64(0)
    for i in range(max(0, first - GRAM), first):
        h = h * SEED + sym[i]
    for i in range(first, last):
        h = h * SEED + sym[i]
        if i >= GRAM:
            h -= power * sym[i - GRAM]
        out[i] = h * FACTOR


@nb.njit(nogil=True)
def sizes(h, first, last, shift, out):  # type: ignore[no-untyped-def]
    for i in range(first, last):
        out[h[i] >> shift] += 1


@nb.njit(nogil=True)
def scatter(h, first, last, shift, at, key, place):  # type: ignore[no-untyped-def]
    for i in range(first, last):
        b = h[i] >> shift
        key[at[b]] = h[i]
        place[at[b]] = i
        at[b] += 1


@nb.njit(nogil=True)
def join(key, ends, first, last):  # type: ignore[no-untyped-def]
    pairs = 0
    for b in range(first, last):
        low, high = ends[b], ends[b + 1]
        room = 16
        while room < 2 * (high - low):
            room *= 2
        keys = np.zeros(room, dtype=np.uint64)
        times = np.zeros(room, dtype=np.uint32)
        for i in range(low, high):
            at = (key[i] >> np.uint64(7)) & np.uint64(room - 1)
            while times[at] and keys[at] != key[i]:
                at = (at + np.uint64(1)) & np.uint64(room - 1)
            keys[at] = key[i]
            pairs += times[at]
            times[at] += 1
    return pairs


def best(work: Callable[[], object]) -> float:
    """Processor seconds of the cheapest of three."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def limits(n: int) -> dict[str, float]:
    """Processor seconds that each loop takes over n symbols."""
    workers = os.cpu_count() or 1
    draw = np.random.default_rng(1)
    sym = (draw.random(n, dtype=np.float32) ** 2 * 3000).astype(np.uint32).astype(np.uint64) + np.uint64(
        0x4E00
    )
    h, key = np.zeros(n, dtype=np.uint64), np.zeros(n, dtype=np.uint64)
    place = np.zeros(n, dtype=np.uint32)
    bits = max(4, int(n // BUCKET).bit_length())
    shift = np.uint64(64 - bits)
    cut = [n * w // workers for w in range(workers + 1)]
    with ThreadPoolExecutor(workers) as pool:

        def each(work: Callable[[int], object]) -> list[object]:
            return list(pool.map(work, range(workers)))

        def partition() -> None:
            mine = np.zeros((workers, 1 << bits), dtype=np.int64)
            each(lambda w: sizes(h, cut[w], cut[w + 1], shift, mine[w]))
            sums = np.r_[0, np.cumsum(mine.T.reshape(-1))]
            at = np.ascontiguousarray(sums[:-1].reshape(1 << bits, workers).T)
            each(lambda w: scatter(h, cut[w], cut[w + 1], shift, at[w], key, place))

        roll(sym, 0, min(n, 100), h)
        sizes(h, 0, 1, shift, np.zeros(1 << bits, dtype=np.int64))
        scatter(h, 0, 1, shift, np.zeros(1 << bits, dtype=np.int64), key, place)
        join(key, np.zeros(2, dtype=np.int64), 0, 1)
        out = {"hash": best(lambda: each(lambda w: roll(sym, cut[w], cut[w + 1], h)))}
        out["partition"] = best(partition)
        ends = np.r_[0, np.cumsum(np.bincount((h >> shift).astype(np.int64), minlength=1 << bits))]
        share = [(1 << bits) * w // workers for w in range(workers + 1)]
        out["join"] = best(lambda: each(lambda w: join(key, ends, share[w], share[w + 1])))
    return out


if __name__ == "__main__":
    import sys

    for name, seconds in limits(int(float(sys.argv[1]))).items():
        print(f"{name:10} {seconds:.3f} s")
