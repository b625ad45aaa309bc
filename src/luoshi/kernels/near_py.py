"""Plain twin of :mod:`luoshi.kernels.near_numba`, its oracle: same arguments, same results."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


def near(
    first: I64, other: I64, share: F64, known_first: I64, known: I64, standing: I64, series: I64, most: int
) -> tuple[I64, I64]:
    """Documents that each one reaches over a third, nearest first, of those that it may rest on.

    How near is the sum over all third documents of share to it × share from it. Left out are the documents
    that it knows already, those of its own series, and those that may rather rest on it.

    :param first: ``int64[documents + 1]``, where the neighbours of each document begin in ``other`` and
        ``share``. Documents are numbered by age.
    :param known: whom each document knows, laid out in the same way by ``known_first``.
    :param standing: ``int64[documents]``, 0 to 7, the higher the more others may rest on it; 0 is unknown.
    :param series: ``int64[documents]``.
    :param most: so many of each standing at most.
    :returns: the documents, and whom each reaches, by document, then by how near, then by age.
    """
    of: list[int] = []
    to: list[int] = []
    for d in range(len(first) - 1):
        sums: dict[int, float] = {}
        for i in range(first[d], first[d + 1]):
            m = int(other[i])
            for k in range(first[m], first[m + 1]):
                u = int(other[k])
                more = float(share[i]) * float(share[k])
                if more > 0.0:
                    sums[u] = sums.get(u, 0.0) + more
        for u in (d, *known[known_first[d] : known_first[d + 1]].tolist()):
            sums.pop(u, None)
        room = [most] * 8
        for u in sorted(sums, key=lambda u: (-sums[u], u)):
            if (
                series[u] != series[d]
                and rests(d, u, int(standing[d]), int(standing[u]))
                and room[standing[u]] > 0
            ):
                room[standing[u]] -= 1
                of.append(d)
                to.append(u)
    return np.array(of, dtype=np.int64), np.array(to, dtype=np.int64)


def rests(lower: int, upper: int, its: int, others: int) -> bool:
    """Whether the one document may rest on the other: on the higher, else on the earlier.

    :param its: standing of the lower, ``others`` that of the upper.
    """
    early, late = (its, others) if lower < upper else (others, its)
    return (upper > lower) == (late > early > 0)
