"""Plain twin of :mod:`luoshi.kernels.company_numba`, its oracle: same arguments, same results."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels.passages_py import prune

U8 = NDArray[np.uint8]
U64 = NDArray[np.uint64]


def company(pair: U64, place: U64, common: U8, weights: U8, cap: int, enough: int, keep: U8) -> int:
    """Which places :func:`luoshi.kernels.passages_py.passages` would look at; the others may be dropped.

    :param pair: rising; all places of a pair together.
    :param keep: becomes 1 for these, 0 for the others.
    :returns: how many are kept.
    """
    for _, same in groupby(range(len(pair)), key=lambda k: int(pair[k])):
        where = list(same)
        places = [(int(place[k]) >> 32, int(place[k]) & 0xFFFFFFFF, int(common[k])) for k in where]
        total = sum(int(weights[c]) for _, _, c in places)
        looked_at = total >= enough or any(c > cap for _, _, c in places)
        left = set(prune(places, weights, cap, enough)) if looked_at else set()
        for k, p in zip(where, places, strict=True):
            keep[k] = p in left
    return int(keep.sum())
