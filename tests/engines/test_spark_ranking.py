"""The rank of uppers on Spark is the one of this machine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from luoshi.reuse.shares import _rank

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("documents", "pairs"), [(6, 9), (60, 900)])
def test_ranks_are_the_same(spark: Any, documents: int, pairs: int) -> None:
    from luoshi.engines.spark_ranking import ranked

    draw = np.random.default_rng(documents)
    code = draw.choice(documents * documents, pairs, replace=False)
    b, a = code // documents, code % documents
    a, b = a[a < b], b[a < b]
    upper = np.where(draw.random(len(a)) < 0.3, "b", "a")
    weight = (draw.integers(1, 60, len(a)) * 0.7).round(1).astype(np.float32)
    turned = upper == "b"
    here = _rank(
        np.where(turned, b, a), np.where(turned, a, b), weight.astype(np.float64), documents
    ).tolist()
    columns = zip(a.tolist(), b.tolist(), upper.tolist(), weight.tolist(), strict=True)
    frame = spark.createDataFrame(list(columns), "a_age long, b_age long, upper string, weight float")
    told = {(r["a_age"], r["b_age"]): r["rank"] for r in ranked(frame).collect()}
    assert [told[x, y] for x, y in zip(a.tolist(), b.tolist(), strict=True)] == here


def test_no_pairs(spark: Any) -> None:
    from luoshi.engines.spark_ranking import ranked

    frame = spark.createDataFrame([], "a_age long, b_age long, upper string, weight float")
    assert ranked(frame).collect() == []
