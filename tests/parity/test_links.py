"""The kernels of lineage against their plain twins: same arguments, same results."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from luoshi.kernels import links_numba as fast
from luoshi.kernels import links_py as plain

# sums of these are exact, in whatever order they are added
some = st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.0])
SLACK = np.float32(4)
Unit = tuple[np.ndarray, np.ndarray, np.ndarray]


@st.composite
def units(draw: st.DrawFn) -> Unit:
    """Codes of some units, none twice in one, where each unit begins, and weights."""
    parts = draw(st.lists(st.sets(st.integers(0, 12), max_size=6), min_size=1, max_size=6))
    codes = np.array([c for p in parts for c in sorted(p)], dtype=np.int64)
    starts = np.cumsum([0] + [len(p) for p in parts]).astype(np.int32)
    weights = draw(hnp.arrays(np.float32, len(codes), elements=some))
    return codes, starts, weights


def totals(unit: Unit) -> np.ndarray:
    return np.add.reduceat(np.r_[unit[2], np.float32(0)], unit[1])[:-1].astype(np.float32) + np.float32(1)


@st.composite
def bounds(draw: st.DrawFn, size: int, pairs: int) -> np.ndarray:
    """First and last (exclusive) unit, at least one."""
    rows = [sorted((draw(st.integers(0, size - 1)), draw(st.integers(0, size - 1)))) for _ in range(pairs)]
    return np.array([[a, b + 1] for a, b in rows], dtype=np.int32).reshape(pairs, 2)


def same(one: tuple[np.ndarray, ...], other: tuple[np.ndarray, ...]) -> None:
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


@given(units(), units())
@settings(deadline=None)
def test_cross(one: Unit, other: Unit) -> None:
    args = (0, len(one[1]) - 1, *one, 0, len(other[1]) - 1, *other)
    same(fast.cross(*args), plain.cross(*args))


@given(st.data(), units(), units(), st.integers(0, 4))
@settings(deadline=None)
def test_best(data: st.DataObject, one: Unit, other: Unit, pairs: int) -> None:
    low, up = data.draw(bounds(len(one[1]) - 1, pairs)), data.draw(bounds(len(other[1]) - 1, pairs))
    args = (low, up, SLACK, *one, totals(one), *other, totals(other))
    raised = [np.zeros(len(one[1]) - 1, dtype=np.float32) for _ in range(2)]
    found = fast.best(*args, raised[0]), plain.best(*args, raised[1])
    same(*found)
    np.testing.assert_array_equal(*raised)


@given(st.data(), units(), units(), units(), units(), st.integers(0, 4))
@settings(deadline=None)
def test_inside(
    data: st.DataObject, one: Unit, other: Unit, wide: Unit, other_wide: Unit, pairs: int
) -> None:
    def chosen(unit: Unit) -> np.ndarray:
        at = st.integers(0, len(unit[1]) - 2)
        return np.array(data.draw(st.lists(at, min_size=pairs, max_size=pairs)), dtype=np.int32)

    low, up = data.draw(bounds(len(one[1]) - 1, pairs)), data.draw(bounds(len(other[1]) - 1, pairs))
    args = (
        chosen(wide), chosen(other_wide), low, up, SLACK, *one, totals(one), *other, totals(other), *wide,
        *other_wide,
    )  # fmt: skip
    same(fast.inside(*args), plain.inside(*args))


@given(units(), units(), st.integers(1, 12), st.integers(1, 4), some)
@settings(deadline=None)
def test_join(one: Unit, other: Unit, budget: int, top: int, least: float) -> None:
    codes, starts, weights = other
    unit = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
    order = np.lexsort((unit, codes))
    args = (
        *one, codes[order], unit[order], weights[order], len(starts) - 1, budget, top, np.float32(least),
    )  # fmt: skip
    same(fast.join(*args), plain.join(*args))


@given(st.data(), st.integers(1, 4), st.integers(0, 8))
@settings(deadline=None)
def test_sums(data: st.DataObject, units: int, words: int) -> None:
    vectors = data.draw(hnp.arrays(np.float32, (5, 3), elements=some))

    def chosen(most: int) -> np.ndarray:
        return np.array(
            data.draw(st.lists(st.integers(0, most), min_size=words, max_size=words)), dtype=np.int32
        )

    weight = data.draw(hnp.arrays(np.float32, words, elements=some))
    args = (vectors, chosen(4), weight, chosen(units - 1), units)
    np.testing.assert_array_equal(fast.sums(*args), plain.sums(*args))
