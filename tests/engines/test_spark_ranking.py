"""The rank of uppers on Spark is the one of this machine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from luoshi.reuse.corpus import symbols
from luoshi.reuse.ranking import ranked as here
from luoshi.reuse.words import likeness, words

pytestmark = pytest.mark.slow

PAIRS = "a_age long, b_age long, upper string, weight float"


def there(spark: Any, pairs: list[Any], standing: Any, series: Any, texts: list[str]) -> list[Any]:
    from luoshi.engines.spark_ranking import ranked
    from luoshi.engines.spark_words import frequencies, terms

    n = len(texts)
    told = [(k, int(standing[k]), int(series[k]), t.encode()) for k, t in enumerate(texts)]
    about = spark.createDataFrame(told, "age long, standing long, series long, data binary")
    known = terms(about, frequencies(about, 1), n, 1)
    frame = ranked(spark.createDataFrame(pairs, PAIRS), about.drop("data"), known, 3)
    return sorted(
        (r["b_age"], r["a_age"], r["upper"], r["rank"], round(r["likeness"], 4)) for r in frame.collect()
    )


@pytest.mark.parametrize(("documents", "share"), [(6, 0.5), (60, 0.07), (60, 0.5)])
def test_ranks_are_the_same(spark: Any, documents: int, share: float) -> None:
    draw = np.random.default_rng(documents)
    texts = ["".join(draw.choice(list("山水田路林湖草沙"), 30)) for _ in range(documents)]
    standing, series = draw.integers(0, 4, documents), draw.integers(0, 2 * documents, documents)
    b, a = np.tril_indices(documents, -1)
    some = draw.random(len(a)) < share
    a, b = a[some], b[some]
    turned = (standing[b] > standing[a]) & (standing[a] > 0)
    weight = (draw.integers(0, 60, len(a)) * 0.7).round(1).astype(np.float32)
    upper, lower = np.where(turned, b, a), np.where(turned, a, b)
    known = words(symbols(texts))
    r = here(upper, lower, weight.astype(np.float64), standing, series, lambda x, y: likeness(known, x, y))
    told = sorted(
        (max(u, d), min(u, d), "a" if u < d else "b", k, round(float(np.float32(round(x, 4))), 4))
        for u, d, k, x in zip(
            r.upper.tolist(), r.lower.tolist(), r.rank.tolist(), r.likeness.tolist(), strict=True
        )
    )
    assert len(told) > len(a) or share == 0.5
    rows = zip(a.tolist(), b.tolist(), np.where(turned, "b", "a").tolist(), weight.tolist(), strict=True)
    assert there(spark, list(rows), standing, series, texts) == told


def test_no_pairs(spark: Any) -> None:
    assert there(spark, [], [0, 0], [0, 1], ["甲乙", "丙丁"]) == []
