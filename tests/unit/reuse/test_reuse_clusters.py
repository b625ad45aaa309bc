"""Families of passages hold what says the same."""

from __future__ import annotations

import numpy as np

from luoshi.kernels import families_numba
from luoshi.reuse.clusters import families
from luoshi.reuse.corpus import About, Corpus, symbols
from luoshi.reuse.finish import Passages

Row = tuple[int, int, int, int, int, int, str]
"""Document and stretch of a, of b, relation."""


def corpus_of(number: int) -> Corpus:
    here = np.arange(number, dtype=np.int64)
    same = here.astype(np.uint32)
    about = tuple(About(f"d{n}", length=1_000) for n in range(number))
    return Corpus(
        about=about, symbols=symbols([]), age=same, by_age=here, rank=same, by_rank=here, series=same,
        equal_to=here - here - 1,
    )  # fmt: skip


def passages_of(rows: list[Row]) -> Passages:
    a, a_start, a_end, b, b_start, b_end = (
        np.array(c, dtype=np.int64) for c in list(zip(*rows, strict=True))[:6]
    )
    one = np.ones(len(rows), dtype=np.float32)
    words = np.array([r[6] for r in rows], dtype=object)
    return Passages(a, a_start, a_end, b, b_start, b_end, a_end - a_start, one, one, words, words)


def test_stretches_that_lie_ever_further_on_make_no_chain() -> None:
    start = np.arange(0, 200, 20, dtype=np.int64)
    none = np.zeros(0, dtype=np.int64)
    document = np.zeros(len(start), dtype=np.int64)
    apart = families_numba.families(document, start, start + 100, none, none)
    assert len(set(apart.tolist())) == len(start)
    together = families_numba.families(document, start // 20, start // 20 + 100, none, none)
    assert together.tolist() == [0] * len(start)


def test_a_stock_phrase_joins_no_other_families() -> None:
    """A stock phrase that fills the same stretch as passages of two subjects leaves them apart."""
    rows: list[Row] = [
        (0, 100, 200, 1, 300, 400, "adapted"),
        (2, 100, 200, 3, 300, 400, "verbatim"),
        (0, 100, 200, 2, 100, 200, "stock"),
    ]
    columns, family = families(corpus_of(4), passages_of(rows))
    assert len(set(family.tolist())) == 3
    assert columns["documents"].tolist() == [2] * 6 and columns["members"].tolist() == [2] * 6
    # in one document those of stock phrases are numbered last
    assert family.tolist() == [0, 2, 1]
    joined, _ = families(corpus_of(4), passages_of([*rows[:2], (*rows[2][:6], "adapted")]))
    assert set(joined["documents"].tolist()) == {4}
