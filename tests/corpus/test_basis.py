"""The laws that regulations rest on, ranked by shared passages with article 1 taken out: a sample."""

from __future__ import annotations

from pathlib import Path

import basis
import pytest

pytestmark = [pytest.mark.corpus, pytest.mark.slow]


@pytest.fixture(scope="module")
def ranked(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, basis.Figures]:
    pytest.importorskip("pyarrow")
    laws = basis.load(shared, sample=150)
    assert not any(laws.texts[k].count("\n第一条") for k in laws.named)
    rows, _ = basis.search(laws, tmp_path_factory.mktemp("laws"))
    return {
        "rank": basis.figures(laws, basis.by_rank(laws, rows)),
        "words": basis.figures(laws, basis.by_words(laws)),
    }


@pytest.mark.parametrize(
    ("measure", "least"),
    [
        ("hit_1", 0.84),
        ("recall_1", 0.63),
        ("recall_5", 0.88),
        ("mrr", 0.89),
    ],
)
def test_named_laws_come_first(ranked: dict[str, basis.Figures], measure: str, least: float) -> None:
    """Well up, and better than the plain way, the cosine of character n-grams."""
    assert ranked["rank"].regulations == 150
    assert getattr(ranked["rank"], measure) >= least
    assert getattr(ranked["rank"], measure) > getattr(ranked["words"], measure)
