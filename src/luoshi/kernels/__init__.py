"""Fast loops over arrays: each ``x_numba.py`` has a plain twin ``x_py.py`` that serves as its oracle.

Compiled code is kept on disk, so that only set-up (:func:`warm`) pays for compiling: beside the modules, or,
where the install folder is not writable, in the user's cache.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def _cache_folder() -> None:
    """Point numba to a folder that it can write where it could not write beside the modules.

    That is the user's cache, or, where there is none either, the system's folder for temporary files. Must
    run before numba is imported the first time.
    """
    if "NUMBA_CACHE_DIR" in os.environ or os.access(Path(__file__).parent, os.W_OK):
        return
    base = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    spare = Path(tempfile.gettempdir()) / f"luoshi-numba-{os.getuid()}"
    for folder in (base / "luoshi" / "numba", spare):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            os.environ["NUMBA_CACHE_DIR"] = str(folder)
            return


_cache_folder()

from luoshi.kernels.links_numba import best, cross, inside, join, sums  # noqa: E402
from luoshi.kernels.overlap_numba import longest, runs  # noqa: E402

__all__ = ["best", "cross", "inside", "join", "lean", "longest", "runs", "sums", "warm"]


def lean() -> None:
    """Keep numba from loading scipy's linear algebra, which takes as long as a search in an index.

    No kernel calls it; numba only asks whether it is there. For the commands: a process that others share may
    want ``numpy.cov`` in compiled code of its own, which would then not be known.
    """
    if "scipy.linalg" in sys.modules:
        return
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]
    try:
        import numba.np.arraymath  # noqa: F401
    finally:
        del sys.modules["scipy.linalg"]


def warm() -> None:
    """Compile every kernel for the types that the library uses and keep the machine code."""
    import numpy as np

    codes = np.zeros(1, dtype=np.int64)
    index = np.array([0, 1], dtype=np.int32)
    weights = np.ones(1, dtype=np.float32)
    chars = np.zeros(1, dtype=np.int32)
    bounds = np.array([[0, 1]], dtype=np.int32)
    text = (codes, index, weights)
    slack = np.float32(1)
    runs(chars, weights, chars, bounds, bounds, 1)
    longest(chars, chars)
    cross(0, 1, *text, 0, 1, *text)
    best(bounds, bounds, slack, *text, weights, *text, weights, weights.copy())
    inside(chars, chars, bounds, bounds, slack, *text, weights, *text, weights, *text, *text)
    join(*text, codes, index[:1], weights, 1, 1, 1, slack)
    sums(np.ones((1, 1), dtype=np.float32), chars, weights, chars, 1)

    from luoshi.kernels import near_numba, reuse, words_numba

    near_numba.near(codes, codes[:0], np.zeros(0), codes, codes[:0], codes, codes, 1)
    symbol, short = np.zeros(1, dtype=np.uint32), np.zeros(1, dtype=np.uint16)
    many, ends = np.zeros(words_numba.TERMS, dtype=np.int64), np.array([0, 1], dtype=np.int64)
    words_numba.standing(symbol, ends, 1, many, codes)
    table = many.astype(np.uint16)
    words_numba.weights(symbol, ends, 1, table, table, ends, short, short, codes)
    words_numba.products(ends, short, short, codes, codes, codes)
    reuse.warm()
