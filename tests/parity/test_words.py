"""Terms of documents against their plain twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.kernels import words_numba, words_py
from luoshi.reuse.corpus import symbols
from luoshi.reuse.words import TERMS, likeness, standing, words

DOCUMENTS = st.lists(st.lists(st.sampled_from([1, 2, 3, 1 << 31, 2**32 - 1]), max_size=12), max_size=5)


@settings(deadline=None)
@given(DOCUMENTS, st.sampled_from([1, 3]))
def test_twins(documents: list[list[int]], every: int) -> None:
    n = len(documents)
    sym = np.array([s for d in documents for s in d], dtype=np.uint32)
    bounds = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    told = []
    for kernel in (words_numba, words_py):
        times, distinct = np.zeros(TERMS, dtype=np.int64), np.zeros(n, dtype=np.int64)
        kernel.standing(sym, bounds, every, times, distinct)
        first = np.cumsum([0, *distinct], dtype=np.int64)
        terms, weight = np.zeros(first[-1], dtype=np.uint16), np.zeros(first[-1], dtype=np.uint16)
        square, often = np.zeros(n, dtype=np.int64), np.array([0, 8, 16, 21], dtype=np.uint16)
        kernel.weights(
            sym, bounds, every, (7 + times % 5).astype(np.uint16), often, first, terms, weight, square
        )
        of, to = (x.ravel().copy() for x in np.indices((n, n)))
        product = np.zeros(n * n, dtype=np.int64)
        kernel.products(first, terms, weight, of, to, product)
        assert product.reshape(n, n).diagonal().tolist() == square.tolist()
        told.append([c.tolist() for c in (times, distinct, terms, weight, square, product)])
    assert told[0] == told[1]


def test_likeness() -> None:
    """The same subject in other words is nearer than another subject; a text is like itself."""
    texts = [
        "河道采砂实行许可制度，采砂许可由水务部门办理。",
        "水务部门办理采砂许可，并公布禁采的河道。",
        "学校食堂应当公示每周食谱。",
        "",
    ]
    some = words(symbols(texts))
    of, to = np.array([0, 0, 0, 0, 3]), np.array([0, 1, 2, 3, 3])
    self_, near, far, none, empty = likeness(some, of, to)
    assert self_ == pytest.approx(1) and self_ > near > 0.2 > far and none == empty == 0
    assert likeness(some, to, of).tolist() == likeness(some, of, to).tolist()


def test_frequencies_add_up() -> None:
    """Documents in portions, with the frequencies of all, have the terms that they have together."""
    texts = [f"第{k}号水库除险加固工程" * (1 + k % 3) for k in range(8)]
    whole = words(symbols(texts))
    parts = [symbols(texts[:3]), symbols(texts[3:])]
    times = sum(standing(p, 1)[0] for p in parts)
    for part, first, last in zip(parts, (0, 3), (3, 8), strict=True):
        mine = words(part, np.asarray(times), len(texts), 1)
        a, b = whole.first[first], whole.first[last]
        assert mine.terms.tolist() == whole.terms[a:b].tolist()
        assert mine.weight.tolist() == whole.weight[a:b].tolist()
        assert mine.square.tolist() == whole.square[first:last].tolist()


def test_a_pair_that_stands_very_often() -> None:
    some = words(symbols(["水利" * 40_000, "水利工程"]))
    assert some.weight.max() < 1 << 16 and (some.square > 0).all()
