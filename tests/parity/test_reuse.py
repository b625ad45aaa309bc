"""The fast kernels of text reuse against their plain twins: same arguments, same results."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.kernels import (
    families_numba,
    families_py,
    index_numba,
    index_py,
    pairs_numba,
    pairs_py,
    passages_numba,
    passages_py,
    seeds_numba,
    seeds_py,
    symbols_numba,
    symbols_py,
)
from luoshi.reuse import letters
from luoshi.reuse.settings import Settings

WORDS = [*"山水田路村民", "建设", "果园", "灌溉", "水渠", "发展", "产业", "road", "water", "field", "2025"]
WORDS += ["农户", "补贴", "合作社", "仓库"]
MARKS = ["，", "。", "；", "\n", " ", "（", "）", "“", "”", "《", "》", "!", "𠀀", "Ａ", "①", "\ud800"]
PIECES = st.lists(st.sampled_from(WORDS + MARKS), max_size=60).map("".join)


def texts_of(seed: int, number: int = 5, copied: int = 6) -> list[str]:
    """Texts with changed copies of stretches of each other."""
    draw = random.Random(seed)
    out = ["".join(draw.choices(WORDS + MARKS[:6], k=draw.randint(3, 220))) for _ in range(number)]
    for _ in range(copied):
        a, b = draw.randrange(number), draw.randrange(number)
        at = draw.randrange(len(out[a]) + 1)
        part = out[a][at : at + draw.randint(8, 160)]
        for _ in range(draw.randint(0, 6)):
            k = draw.randrange(len(part) + 1)
            part = part[:k] + draw.choice(WORDS) + part[k + draw.randint(0, 4) :]
        where = draw.randrange(len(out[b]) + 1)
        out[b] = out[b][:where] + part + out[b][where:]
    return out


def taken_apart(kernel: Any, texts: list[str]) -> tuple[Any, ...]:
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    bounds = np.r_[0, np.cumsum([len(t) for t in texts])].astype(np.int64)
    n = len(codes)
    sym, start = np.zeros(n, dtype=np.uint32), np.zeros(n, dtype=np.uint32)
    width, mark = np.zeros(n, dtype=np.uint8), np.zeros(n, dtype=np.uint8)
    ends = np.zeros(len(bounds), dtype=np.int64)
    m = kernel.symbols(codes, bounds, letters.table(), sym, start, width, mark, ends)
    return sym[:m], start[:m], width[:m], mark[:m], ends


def hashes_of(kernel: Any, sym: Any, bounds: Any, need: int) -> Any:
    out = np.zeros(len(sym), dtype=np.uint64)
    kernel.grams(sym, bounds, 0, len(sym), need, out)
    return out


def same(one: Any, other: Any) -> None:
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=4), st.integers(6, 20))
def test_symbols_grams_and_digests(texts: list[str], need: int) -> None:
    fast, plain = taken_apart(symbols_numba, texts), taken_apart(symbols_py, texts)
    same(fast, plain)
    sym, bounds = fast[0], fast[4]
    same([hashes_of(symbols_numba, sym, bounds, need)], [hashes_of(symbols_py, sym, bounds, need)])
    one, other = np.zeros(len(texts), dtype=np.uint64), np.zeros(len(texts), dtype=np.uint64)
    symbols_numba.digests(sym, bounds, one)
    symbols_py.digests(sym, bounds, other)
    same([one], [other])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=900), st.integers(0, 1))
def test_counting(values: list[int], half: int) -> None:
    h = np.array([v * 0x0123456789ABCDEF % 2**64 | (v > 0) for v in values], dtype=np.uint64)
    results = []
    for kernel in (symbols_numba, symbols_py):
        table = np.full(16, 250, dtype=np.uint8)
        kernel.count(h, table, 59, 16 * half)
        other = np.arange(16, dtype=np.uint8)
        kernel.add_up(table, other)
        out = np.full(len(h), 9, dtype=np.uint8)
        kernel.look_up(h, table, 59, 16 * half, out)
        results.append((table, out))
    same(*results)


def seeds_for(kernel: Any, texts: list[str], need: int, cap: int, bits: int) -> tuple[Any, ...]:
    sym, _, _, mark, bounds = taken_apart(symbols_numba, texts)
    h = hashes_of(symbols_numba, sym, bounds, need)
    table = np.zeros(1 << 12, dtype=np.uint8)
    symbols_numba.count(h, table, 52, 0)
    state = np.zeros(len(h), dtype=np.uint8)
    symbols_numba.look_up(h, table, 52, 0, state)
    total = kernel.choose(h, mark, cap, False, state)
    sizes = np.zeros(1 << bits, dtype=np.int64)
    kernel.tally(h, state, 64 - bits, sizes)
    assert sizes.sum() == total
    begins = np.r_[0, np.cumsum(sizes)]
    places = begins[:-1].copy()
    key, context = np.zeros(total, dtype=np.uint64), np.zeros(total, dtype=np.uint32)
    middle = len(h) // 2
    for first, last in ((0, middle), (middle, len(h))):
        low, high = max(0, first - 1), min(len(h), last + 1)
        kernel.scatter(
            h[low:high], state[low:high], low, first, last, bounds, cap, 64 - bits, 0, 1 << bits, places, key,
            context,
        )  # fmt: skip
    for worker in range(2):
        kernel.order(key, context, begins, worker, 2)
    return state, begins, key, context


@pytest.mark.parametrize("seed", range(12))
def test_seeds(seed: int) -> None:
    texts = texts_of(seed)
    same(seeds_for(seeds_numba, texts, 8, 3 + seed, 3), seeds_for(seeds_py, texts, 8, 3 + seed, 3))


def pairs_for(kernel: Any, texts: list[str], need: int, cap: int, room: int, enough: int) -> tuple[Any, ...]:
    bounds = taken_apart(symbols_numba, texts)[4]
    _, begins, key, context = seeds_for(seeds_numba, texts, need, cap, 3)
    n = len(texts)
    page = (np.searchsorted(bounds, np.arange(0, int(bounds[-1]) + 1, 16), side="right") - 1).astype(
        np.uint32
    )
    rank = np.array([(7 * d) % n for d in range(n)], dtype=np.uint32)
    age = np.arange(n, dtype=np.uint32)[::-1].copy()
    series = np.array([d // 2 if d < 2 else d for d in range(n)], dtype=np.uint32)
    table = np.zeros(1 << 8, dtype=np.uint8)
    weights = Settings(n=4, df_cap=cap).evidence()
    rows: list[tuple[int, ...]] = []
    frame = (bounds, page, 4, rank, age, series)
    for worker in range(2):
        kernel.weigh(key, context, begins, worker, 2, cap, *frame, weights, table, 8)
    words = np.zeros(4, dtype=np.uint64)
    kernel.bars(table, enough, words)
    for a, b in pairwise(begins):
        begin, size = 0, room
        while begin < b - a:
            out = np.zeros(size, np.uint64), np.zeros(size, np.uint64), np.zeros(size, np.uint8)
            begin, made = kernel.give(key[a:b], context[a:b], cap, *frame, words, 8, begin, *out)
            rows += list(zip(*(o[:made].tolist() for o in out), strict=True))
            size *= 1 if made else 2
    return table, np.array(rows, dtype=np.uint64).reshape(-1, 3)


@pytest.mark.parametrize("seed", range(16))
def test_pairs(seed: int) -> None:
    texts = texts_of(seed, number=5 if seed % 5 else 10)
    some = (8, 2 + seed % 7, 40, 30 + 10 * seed)
    fast = pairs_for(pairs_numba, texts, *some)
    same(fast, pairs_for(pairs_py, texts, *some))
    columns = [np.ascontiguousarray(fast[1][:, c]) for c in (0, 1)]
    common = fast[1][:, 2].astype(np.uint8)
    results = []
    for kernel in (pairs_numba, pairs_py):
        copy = [c.copy() for c in (*columns, common)]
        kernel.sort_pairs(*copy)
        results.append(copy)
    same(*results)


def passages_for(kernel: Any, texts: list[str], cap: int, enough: int, least: int) -> Any:
    sym, _, _, mark, bounds = taken_apart(symbols_numba, texts)
    _, rows = pairs_for(pairs_numba, texts, 8, cap, 4096, 1)
    pair, place = (np.ascontiguousarray(rows[:, c]) for c in (0, 1))
    common = rows[:, 2].astype(np.uint8)
    pairs_numba.sort_pairs(pair, place, common)
    n = len(texts)
    docs = np.empty(n, dtype=np.int64)
    docs[[(7 * d) % n for d in range(n)]] = np.arange(n)
    side = (docs, sym, mark, bounds)
    s = Settings(n=4, df_cap=cap)
    found = []
    begin, room = 0, 3
    while begin < len(pair):
        out = np.zeros((room, passages_numba.FIELDS), dtype=np.int64)
        begin, made = kernel.passages(
            pair, place, common, side, side, s.evidence(), s.rarity(), 8, cap, enough, least, begin, out
        )
        found.append(out[:made])
        room = room if made else 2 * room
    return np.concatenate(found) if found else np.zeros((0, passages_numba.FIELDS), dtype=np.int64)


@pytest.mark.parametrize("seed", range(40))
def test_passages(seed: int) -> None:
    # prime to seven, which deals out the ranks
    texts = texts_of(seed, number=(3, 8, 5)[seed % 3], copied=4 + seed % 9)
    some = (3 + seed % 20, (60, 120, 200)[seed % 3], (12, 32)[seed % 2])
    fast = passages_for(passages_numba, texts, *some)
    np.testing.assert_array_equal(fast, passages_for(passages_py, texts, *some))


def test_passages_of_long_texts_in_tiles() -> None:
    draw = random.Random(5)
    whole = "".join(
        chr(0x4E00 + draw.randrange(2000)) + ("，" if draw.random() < 0.1 else "") for _ in range(5000)
    )
    part = whole[300:4700]
    for _ in range(40):
        k = draw.randrange(len(part))
        part = part[:k] + "山水田" + part[k + 4 :]
    texts = [whole, part, part[2000:2400] + whole[:200]]
    fast = passages_for(passages_numba, texts, 30, 120, 32)
    np.testing.assert_array_equal(fast, passages_for(passages_py, texts, 30, 120, 32))
    assert len(fast) >= 3


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.integers(1, 40)), min_size=1, max_size=60),
    st.data(),
)
def test_families(spans: list[tuple[int, int, int]], data: st.DataObject) -> None:
    each = sorted({(d, s, s + n) for d, s, n in spans})
    document, start, end = (np.array(c, dtype=np.int64) for c in zip(*each, strict=True))
    joins = data.draw(st.lists(st.tuples(*[st.integers(0, len(each) - 1)] * 2), max_size=20))
    left, right = (np.array([j[i] for j in joins], dtype=np.int64) for i in (0, 1))
    same(
        [families_numba.families(document, start, end, left, right)],
        [families_py.families(document, start, end, left, right)],
    )


def test_equal() -> None:
    draw = np.random.default_rng(2)
    sym, other = draw.integers(0, 2, 200).astype(np.uint32), draw.integers(0, 2, 200).astype(np.uint32)
    a, b, n = draw.integers(0, 190, 300), draw.integers(0, 190, 300), draw.integers(0, 9, 300)
    fast = families_numba.equal(sym, a, other, b, n)
    same([fast], [families_py.equal(sym, a, other, b, n)])
    assert 0 < fast.sum() < 300


@pytest.mark.parametrize("seed", range(12))
def test_index(seed: int) -> None:
    texts, own_texts = texts_of(seed, 6), texts_of(seed, 6)[2:4] + texts_of(seed + 100, 2)
    sym, _, _, _, bounds = taken_apart(symbols_numba, texts)
    own, _, _, mark, own_bounds = taken_apart(symbols_numba, own_texts)
    need, cap, shift = 8, 2 + seed % 9, 60
    h, own_h = hashes_of(symbols_numba, sym, bounds, need), hashes_of(symbols_numba, own, own_bounds, need)
    page = (np.searchsorted(bounds, np.arange(0, int(bounds[-1]) + 1, 16), side="right") - 1).astype(
        np.uint32
    )
    age = np.arange(6, dtype=np.uint32)[::-1].copy()
    results = []
    for kernel in (index_numba, index_py):
        sizes = np.zeros(16, dtype=np.int64)
        kernel.spread(h, shift, sizes)
        begins = np.r_[0, np.cumsum(sizes)]
        places, key = begins[:-1].copy(), np.zeros(int(begins[-1]), dtype=np.uint64)
        kernel.post(h[:100], 0, shift, 0, 16, places, key)
        kernel.post(h[100:], 100, shift, 0, 16, places, key)
        kernel.tidy(key, begins)
        state = (own_h != 0).astype(np.uint8)
        kernel.times(own_h, key, begins.astype(np.uint32), shift, state)
        counted = state.copy()
        seeds_numba.choose(own_h, mark, cap, False, state)
        rows: list[Any] = []
        begin, room = 0, 50
        while begin < len(own_h):
            out = (np.zeros(room, np.uint64), np.zeros(room, np.uint64), np.zeros(room, np.uint8))
            begin, made = kernel.found_in(
                own_h, state, own, own_bounds, np.array([1, 0, 0, 2], np.uint32), need, cap, key,
                begins.astype(np.uint32), shift, sym, bounds, page, 4, age,
                np.array([0, 1, 0, 2, 0, 0], np.uint32), begin, *out,
            )  # fmt: skip
            rows += zip(*(o[:made].tolist() for o in out), strict=True)
            room = room if made else 4 * room
        results.append((key, counted, np.array(rows, dtype=np.uint64).reshape(-1, 3)))
    same(*results)
    assert len(results[0][2])
