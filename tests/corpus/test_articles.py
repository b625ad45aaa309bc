"""Which article answers which: the report of one regulation at two levels and in two versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from web_browser import browser

from luoshi.pipeline import build, load
from luoshi.text.numerals import parse_int

pytestmark = [pytest.mark.corpus, pytest.mark.slow]
FILES = (
    "central__优化营商环境条例(2019",
    "province__上海市优化营商环境条例(2020",
    "province__上海市优化营商环境条例(2024",
)
ROWS = (
    "return [...document.querySelectorAll('.articles tr.opens')].map("
    "r => [...r.cells].map(c => c.textContent))"
)

READ = {2: 2, 3: 4, 4: 7, 20: 31, 21: 32, 23: 37, 24: 36, 25: 40, 26: 40, 27: 43, 28: 44, 53: 68, 70: 33}
"""Lower and upper articles that correspond, as read in the texts."""


@dataclass(frozen=True)
class Row:
    upper: int
    lower: int
    share: int


@pytest.fixture(scope="module")
def built(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shared / "corpus" / "lineage-business-environment"
    out = tmp_path_factory.mktemp("records") / "out"
    build([p for p in sorted(folder.iterdir()) if p.name.startswith(FILES)], out)
    return out


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with browser() as found:
        yield found


def documents(built: Path) -> dict[str, str]:
    """Ids by level and year."""
    rows = load(built).documents
    return {f"{d.level} {(d.date or '')[:4]}": d.id for d in rows}


def shown(driver: Any, built: Path, upper: str, lower: str) -> list[Row]:
    """The main correspondences that the report lists."""
    ids = documents(built)
    address = f"compare?mode=articles&answer=main&upper={ids[upper]}&lower={ids[lower]}"
    driver.get("about:blank")
    driver.get(f"{(built / 'report.html').as_uri()}#{address}")
    rows = driver.execute_script(ROWS)
    return [Row(number(r[0]), number(r[3]), int(r[5].rstrip("%"))) for r in rows]


def number(label: str) -> int:
    """12 of 第十二条."""
    found = parse_int(label.removeprefix("第").removesuffix("条"))
    assert found is not None, label
    return found


def test_versions_run_in_step(driver: Any, built: Path) -> None:
    """Nearly every article of the new version comes from one of the old, in order, and holds most of it."""
    rows = shown(driver, built, "province 2020", "province 2024")
    steps = np.diff([r.upper for r in rows])
    assert len(rows) >= 75
    assert (steps > 0).mean() > 0.85
    assert np.median([r.share for r in rows]) > 60


def test_levels_correspond_as_read(driver: Any, built: Path) -> None:
    """Another order than above, yet every article that was read beside its upper stands beside it here."""
    main = {r.lower: r.upper for r in shown(driver, built, "central 2019", "province 2020")}
    assert len(main) >= 60
    assert {low: main.get(low) for low in READ} == READ


def test_both_ends_are_named(driver: Any, built: Path) -> None:
    ids = documents(built)
    address = f"compare?upper={ids['central 2019']}&lower={ids['province 2020']}"
    driver.get("about:blank")
    driver.get(f"{(built / 'report.html').as_uri()}#{address}")
    named = driver.execute_script("return document.querySelector('.compared .where').textContent")
    upper, lower = named.split(" ↔ ")
    assert "第" in upper and "条" in upper and "第" in lower and "条" in lower
