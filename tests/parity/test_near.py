"""Documents reached over a third: against the plain twin, and against the product of matrices."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.kernels import near_numba, near_py

SHARES = st.integers(1, 7).flatmap(
    lambda n: st.lists(
        st.lists(st.sampled_from([0.0, 0.0, 0.25, 0.5]), min_size=n, max_size=n), min_size=n, max_size=n
    )
)


@settings(deadline=None)
@given(SHARES, st.integers(0, 255), st.integers(1, 3))
def test_twins(rows: list[list[float]], seed: int, most: int) -> None:
    share = np.array(rows)
    n = len(share)
    a, b = map(np.ascontiguousarray, share.nonzero())
    first = np.searchsorted(a, np.arange(n + 1))
    draw = np.random.default_rng(seed)
    standing, series = draw.integers(0, 4, n), draw.integers(0, n, n)
    ask = (first, b, share[a, b], first, b, standing, series, most)
    of, to = near_numba.near(*ask)
    for here, there in zip((of, to), near_py.near(*ask), strict=True):
        assert here.tolist() == there.tolist()
    close = share @ share
    for d, u in zip(of.tolist(), to.tolist(), strict=True):
        assert close[d, u] > 0 and share[d, u] == 0 and d != u and series[d] != series[u]
        assert near_py.rests(d, u, standing[d], standing[u])
        assert not near_py.rests(u, d, standing[u], standing[d])
        nearer = [x for x in to[of == d] if standing[x] == standing[u]]
        assert len(nearer) <= most


def test_more_than_fit_at_first() -> None:
    """A law on which forty regulations lean, each of which thus reaches those before it."""
    n = 60
    rows = [(0, k) for k in range(1, n)] + [(k, 0) for k in range(1, n)]
    a, b = np.array(sorted(rows)).T.copy()
    first = np.searchsorted(a, np.arange(n + 1))
    plain = np.zeros(n, dtype=np.int64)
    of, to = near_numba.near(first, b, np.full(len(a), 0.5), first, b, plain, np.arange(n), n)
    assert sorted(zip(of.tolist(), to.tolist(), strict=True)) == [
        (x, y) for x in range(2, n) for y in range(1, x)
    ]
