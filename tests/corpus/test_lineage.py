"""The figures of lineage on the gold, by the scorer that lies beside the corpus."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.corpus, pytest.mark.slow]


@pytest.fixture(scope="module")
def figures(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    out = tmp_path_factory.mktemp("records") / "out"
    seeds = shared / "corpus" / "seeds"
    build = ["-c", "from luoshi.cli import main; main()", "build", str(seeds), "--out", str(out)]
    subprocess.run([sys.executable, *build], check=True, capture_output=True)
    score = [str(shared / "tools" / "score.py"), str(out), str(shared / "gold"), str(seeds), "--json"]
    done = subprocess.run([sys.executable, *score], check=True, capture_output=True)
    figures: dict[str, dict[str, float]] = json.loads(done.stdout)
    return figures


@pytest.mark.parametrize(
    ("name", "key", "least"),
    [
        ("lineage: verbatim and adapted", "f1", 0.93),
        ("lineage: all links", "f1", 0.75),
        ("lineage: relation right, where found", "accuracy", 0.90),
        ("lineage: specified", "recall", 0.60),
    ],
)
def test_figure(figures: dict[str, dict[str, float]], name: str, key: str, least: float) -> None:
    assert figures[name][key] >= least
