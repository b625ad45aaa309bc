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
    ("order", "measure", "least"),
    [
        ("rank", "hit_1", 0.79),
        ("rank", "recall_1", 0.59),
        ("rank", "recall_5", 0.82),
        ("rank", "mrr", 0.85),
        ("nearness", "recall_5", 0.82),
    ],
)
def test_named_laws_come_first(
    ranked: dict[str, basis.Figures], order: str, measure: str, least: float
) -> None:
    assert ranked[order].regulations == 150
    assert getattr(ranked[order], measure) >= least
