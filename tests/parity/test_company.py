"""The fast kernel that looks for company before texts are there, against its plain twin."""

from __future__ import annotations

import numpy as np
import pytest

from luoshi.kernels import company_numba, company_py
from luoshi.reuse.settings import Settings


@pytest.mark.parametrize("seed", range(12))
def test_company(seed: int) -> None:
    draw = np.random.default_rng(seed)
    n = int(draw.integers(0, 400))
    pair = np.sort(draw.integers(0, 6, n)).astype(np.uint64) << np.uint64(32) | np.uint64(7)
    left = draw.integers(0, 900, n).astype(np.uint64)
    right = left + draw.integers(0, 300, n).astype(np.uint64) * draw.integers(0, 2, n).astype(np.uint64)
    place = (left << np.uint64(32)) | right
    place = place[np.lexsort((place, pair))]
    # a place stands once in a pair
    new = np.r_[True, (pair[1:] != pair[:-1]) | (place[1:] != place[:-1])] if n else np.zeros(0, dtype=bool)
    pair, place = pair[new], place[new]
    common = draw.choice([2, 3, 9, 30, 40], len(pair), p=[0.2, 0.3, 0.3, 0.15, 0.05]).astype(np.uint8)
    weights = Settings().evidence()
    results = []
    for kernel in (company_numba, company_py):
        keep = np.full(len(pair), 7, dtype=np.uint8)
        results.append((kernel.company(pair, place, common, weights, 32, 120, keep), keep.tolist()))
    assert results[0] == results[1]
    assert results[0][0] == sum(results[0][1])
