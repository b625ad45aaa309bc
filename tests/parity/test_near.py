"""The walk of two steps against its plain twin, and against the product of matrices."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.kernels import near_numba, near_py
from luoshi.reuse.ranking import EASE, THROUGH, nearness

SHARES = st.integers(1, 7).flatmap(
    lambda n: st.lists(
        st.lists(st.sampled_from([0.0, 0.25, 0.5]), min_size=n, max_size=n), min_size=n, max_size=n
    )
)


@settings(deadline=None)
@given(SHARES)
def test_as_the_square_of_the_matrix(rows: list[list[float]]) -> None:
    share = np.array(rows)
    n = len(share)
    a, b = map(np.ascontiguousarray, share.nonzero())
    first = np.searchsorted(a, np.arange(n + 1))
    every = np.tile(np.arange(n), n)
    ask = (first, b, share[a, b], np.arange(n + 1) * n, every)
    found = near_numba.near(*ask)
    assert np.allclose(found.reshape(n, n), share @ share)
    assert (found == near_py.near(*ask)).all()


def test_who_shares_with_the_sisters_is_near() -> None:
    """0 is a law, 3 another one; 1 draws on 0, 2 repeats 1 and shares little with either law."""
    one, two = np.array([0, 1, 2]), np.array([1, 2, 3])
    weight = np.array([400.0, 300.0, 30.0])
    of, to = np.array([2, 2]), np.array([0, 3])
    law, other = nearness(one, two, weight, 4, of, to)
    assert law > other > 0
    straight = 30 / (330 + EASE)
    assert np.isclose(other, straight)
    assert np.isclose(law, THROUGH * 300 / (330 + EASE) * 400 / (700 + EASE))


def test_nobody_shares_anything() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert nearness(none, none, np.zeros(0), 3, np.array([0]), np.array([1])).tolist() == [0.0]
