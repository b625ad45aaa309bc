"""Kernels of text reuse that spare waits for memory give what their plain twins and the plain table give."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.kernels import (
    counts_numba,
    counts_py,
    pairs_numba,
    pairs_py,
    seeds_numba,
    seeds_py,
    symbols_numba,
)
from luoshi.reuse.settings import Settings


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), max_size=700), min_size=1, max_size=3), st.integers(1, 4))
def test_counts_by_parts_are_those_of_one_table(values: list[list[int]], bits: int) -> None:
    blocks = [
        np.array([v * 0x9123456789ABCDEF % 2**64 | (v > 0) for v in b], dtype=np.uint64) for b in values
    ]
    begins = np.cumsum([0, *map(len, blocks)])
    shift = 64 - 6
    table = np.zeros(64, dtype=np.uint8)
    for block in blocks:
        symbols_numba.count(block, table, shift, 0)
    wanted = np.zeros(int(begins[-1]), dtype=np.uint8)
    for block, a in zip(blocks, begins, strict=False):
        symbols_numba.look_up(block, table, shift, 0, wanted[a : a + len(block)])
    both = []
    for kernel in (counts_numba, counts_py):
        slots, told = np.zeros(len(wanted), dtype=np.uint32), np.zeros(len(wanted), dtype=np.uint8)
        state, ends = told.copy(), np.zeros((len(blocks), (1 << bits) + 1), dtype=np.int64)
        for k, (a, b) in enumerate(pairwise(begins)):
            kernel.split(blocks[k], bits, slots[a:b], ends[k])
        for part in range(1 << bits):
            kernel.tell(slots, begins[:-1].copy(), ends, part, np.ones(64 >> bits, dtype=np.uint16), told)
        for k, (a, b) in enumerate(pairwise(begins)):
            kernel.bring_back(blocks[k], bits, told[a:b], ends[k], state[a:b])
        whole = np.concatenate(blocks)
        alone = (state == 0) & (whole != 0)
        np.testing.assert_array_equal(np.where(alone, 2, state), wanted)
        some, times = np.unique(whole, return_counts=True)
        assert set(whole[alone].tolist()) <= set(some[times == 1].tolist())
        both.append(state)
    np.testing.assert_array_equal(*both)


@pytest.mark.parametrize("seed", range(6))
def test_the_choice_does_not_depend_on_who_counted(seed: int) -> None:
    """Of n-grams told to be alone no record is made; all else is chosen as by one table."""
    draw = np.random.default_rng(seed)
    hashes = draw.integers(0, 400, 3000).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mark = (2 * (draw.random(3000) < 0.1)).astype(np.uint8)
    table = draw.choice(np.array([1, 2, 2, 2, 5, 40], dtype=np.uint8), 3000)
    table[hashes == 0] = 0
    told = np.where((table == 2) & (draw.random(3000) < 0.5), 0, table).astype(np.uint8)
    for kernel in (seeds_numba, seeds_py):
        one, other = table.copy(), told.copy()
        total, fewer = kernel.choose(hashes, mark, 8, False, one), kernel.choose(hashes, mark, 8, True, other)
        np.testing.assert_array_equal(np.where(other == 1, 2, other), one)
        assert np.count_nonzero(one) == total > fewer == np.count_nonzero(other > 1) > 0
        assert not one[hashes == 0].any()


def records(seed: int, groups: int, size: int) -> tuple[Any, ...]:
    """Sorted records of two buckets, and the frame of forty documents."""
    draw = np.random.default_rng(seed)
    bounds = np.arange(41, dtype=np.int64) * 30_000
    tag = np.sort(draw.integers(0, groups, groups * size)).astype(np.uint64)
    key = np.sort(tag << np.uint64(32) | draw.integers(0, bounds[-1], len(tag)).astype(np.uint64))
    context = np.minimum(2 + (tag & np.uint64(31)), 32).astype(np.uint32)
    middle = int(np.searchsorted(key, np.uint64(groups // 2) << np.uint64(32)))
    page = (np.searchsorted(bounds, np.arange(0, bounds[-1] + 1, 128), side="right") - 1).astype(np.uint32)
    names = np.arange(40, dtype=np.uint32)
    frame = (bounds, page, 7, names[::-1].copy(), names, names // np.uint32(2), Settings().evidence())
    return key, context, np.array([0, middle, len(key)], dtype=np.int64), frame


def weighed(kernel: Any, some: tuple[Any, ...], bits: int) -> Any:
    key, context, ends, frame = some
    table = np.zeros(1 << bits, dtype=np.uint8)
    for worker in range(2):
        kernel.weigh(key, context, ends, worker, 2, 32, *frame, table, bits)
    return table


def given_of(kernel: Any, some: tuple[Any, ...], words: Any, bits: int) -> Any:
    key, context, _, frame = some
    out = np.zeros(10_000, np.uint64), np.zeros(10_000, np.uint64), np.zeros(10_000, np.uint8)
    end, made = kernel.give(key, context, 32, *frame[:-1], words, bits, 0, *out)
    assert end == len(key)
    return [column[:made] for column in out]


@pytest.mark.parametrize("bits", [8, 20])
@pytest.mark.parametrize("seed", range(4))
def test_weighing_and_giving(seed: int, bits: int) -> None:
    some = records(seed, 80, 5)
    table = weighed(pairs_numba, some, bits)
    np.testing.assert_array_equal(table, weighed(pairs_py, some, bits))
    words, plain = np.zeros(1 << bits - 6, np.uint64), np.zeros(1 << bits - 6, np.uint64)
    pairs_numba.bars(table, 60, words)
    pairs_py.bars(table, 60, plain)
    np.testing.assert_array_equal(words, plain)
    fast = given_of(pairs_numba, some, words, bits)
    for a, b in zip(fast, given_of(pairs_py, some, words, bits), strict=True):
        np.testing.assert_array_equal(a, b)
    dealt = []
    for kernel in (pairs_numba, pairs_py):
        out, ends = [np.zeros_like(c) for c in fast], np.zeros(6, dtype=np.int64)
        kernel.deal(*fast, 5, *out, ends)
        dealt.append((*out, ends))
    assert len(fast[0]) and dealt[0][3][-1] == len(fast[0])
    for a, b in zip(*dealt, strict=True):
        np.testing.assert_array_equal(a, b)


def test_heaps_that_run_over_give_the_same_table() -> None:
    """More additions than a heap holds: beside those added at once."""
    some = records(9, 2500, 12)
    table = weighed(pairs_py, some, 20)
    assert np.count_nonzero(table) > 100_000
    np.testing.assert_array_equal(weighed(pairs_numba, some, 20), table)


def test_many_places_of_one_n_gram_fit_no_batch() -> None:
    """More records of an n-gram than a batch holds: each document once with the earliest."""
    some = records(3, 1, 9000)
    table = weighed(pairs_numba, some, 8)
    np.testing.assert_array_equal(table, weighed(pairs_py, some, 8))
    words = np.zeros(4, np.uint64)
    fast = given_of(pairs_numba, some, words, 8)
    for a, b in zip(fast, given_of(pairs_py, some, words, 8), strict=True):
        np.testing.assert_array_equal(a, b)
    assert len(fast[0]) == 38
