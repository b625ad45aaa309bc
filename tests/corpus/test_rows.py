"""Units and time expressions against the annotated rows, where they lie beside the checkout."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from luoshi.text import dates, units

pytestmark = pytest.mark.corpus


def score(shared: Path, tmp_path: Path, gold: str) -> dict[str, float]:
    """F1 by line of the scorer."""
    out = tmp_path / "found.jsonl"
    with out.open("w", encoding="utf-8") as file:
        for line in (shared / "gold" / gold).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text = row["text"]
            times = dates.find_times(text, dates.parse_iso(row["date"]))
            row["units"] = [{"name": u.name, "role": u.role} for u in units.find_units(text)]
            row["dates"] = [
                {
                    "quote": t.quote,
                    "kind": t.kind,
                    "from": t.from_ and t.from_.isoformat(),
                    "to": t.to and t.to.isoformat(),
                }
                for t in times
            ]
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    said = subprocess.run(
        [sys.executable, shared / "tools" / "score_rows.py", out, shared / "gold" / gold],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return {
        m[1].strip(): float(m[2]) for m in re.finditer(r"^(.*?) +precision.* f1 ([\d.]+)", said, re.MULTILINE)
    }


def test_units(shared: Path, tmp_path: Path) -> None:
    assert score(shared, tmp_path, "units.jsonl")["units, name and role"] >= 0.95


def test_dates(shared: Path, tmp_path: Path) -> None:
    found = score(shared, tmp_path, "deadlines.jsonl")
    assert found["dates right, kinds that bind"] >= 0.90
    assert found["dates right"] >= 0.80
