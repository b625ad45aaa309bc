"""Each kernel against its plain twin: same arguments, same results."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from luoshi.kernels import overlap_numba as fast
from luoshi.kernels import overlap_py as plain

chars = hnp.arrays(np.int32, st.integers(0, 40), elements=st.integers(0, 4))


@st.composite
def bounds(draw: st.DrawFn, size: int, pairs: int) -> np.ndarray:
    rows = [sorted((draw(st.integers(0, size)), draw(st.integers(0, size)))) for _ in range(pairs)]
    return np.array(rows, dtype=np.int32).reshape(pairs, 2)


@given(st.data(), chars, chars, st.integers(1, 4), st.integers(0, 4))
@settings(deadline=None)
def test_runs(data: st.DataObject, a: np.ndarray, b: np.ndarray, least: int, pairs: int) -> None:
    weights = data.draw(hnp.arrays(np.float32, len(a), elements=st.floats(0.125, 8, width=16)))
    args = (a, weights, b, data.draw(bounds(len(a), pairs)), data.draw(bounds(len(b), pairs)), least)
    for x, y in zip(fast.runs(*args), plain.runs(*args), strict=True):
        np.testing.assert_array_equal(x, y)


@given(chars, chars)
@settings(deadline=None)
def test_longest(a: np.ndarray, b: np.ndarray) -> None:
    found = fast.longest(a, b)
    assert found == plain.longest(a, b)
    i, j, size = found
    np.testing.assert_array_equal(a[i : i + size], b[j : j + size])
