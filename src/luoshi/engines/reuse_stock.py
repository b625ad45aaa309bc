"""Stock phrases of official language, for corpora too small to tell by themselves what is common."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from luoshi.reuse.corpus import Symbols

SMALL = 1_000_000
"""Symbols up to which a corpus is too small."""
BEGINS, WHOLLY = 3.5, 6.5
"""Binary logarithms of the numbers of documents from which on a phrase begins to be stock, and wholly is."""


def stock_of(symbols: Symbols) -> NDArray[np.float32] | None:
    """For each symbol how much of a stock phrase it is, 0 to 1; ``None`` for a corpus that is large enough.

    In steps of 1/1024, so that sums do not depend on the order of the documents.
    """
    n = len(symbols.sym)
    if n > SMALL:
        return None
    # Imported here: it brings the alignment along, which a large corpus does not need.
    from luoshi.align.background import GRAM, hash_grams, load_phrases

    grams, frequency = load_phrases()
    found = hash_grams(symbols.sym.view(np.int32))
    at = np.minimum(np.searchsorted(grams, found), len(grams) - 1)
    common = np.where(grams[at] == found, frequency[at] / np.float32(16), np.float32(0))
    for k in range(1, GRAM):
        across = symbols.bounds[1:-1] - k
        common[across[(across >= 0) & (across < len(common))]] = 0
    out = np.zeros(n, dtype=np.float32)
    for i in range(GRAM):
        part = out[i : i + len(common)]
        np.maximum(part, common, out=part)
    share: NDArray[np.float32] = np.clip((out - BEGINS) / (WHOLLY - BEGINS), 0, 1)
    return np.asarray(np.round(share * 1024) / 1024, dtype=np.float32)
