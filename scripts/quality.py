#!/usr/bin/env python3
"""Scores the program on the annotated documents and shows what was gained and lost.

    python scripts/quality.py [--shared ../shared] [--write] [--misses N]

Builds the records of the five seed files, compares them with the gold by `score.py`, and the rows of units
and deadlines by `score_rows.py`. The last figures kept stand in `docs/quality.md`; `--write` keeps new ones.
The 95 % intervals take every annotated item as one draw (parametric bootstrap of recall and precision).
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- figures: written by make quality -->", "<!-- end of figures -->"

# figure → (what the issue asks for, floor: what a few lines of code give, ceiling: a second reader)
GOALS: dict[str, tuple[float | None, str, str]] = {
    "documents f1": (1.0, "", ""),
    "document dates accuracy": (1.0, "", ""),
    "outline f1": (1.0, "", ""),
    "actions f1": (0.94, "0.86", "0.96"),
    "actions verb right, where matched": (0.95, "0.67", "0.97–1.0"),
    "actions object right, where matched": (0.93, "", "1.0"),
    "action sentences accuracy": (None, "", ""),
    "entities f1": (0.80, "", "0.85–0.87"),
    "lineage: verbatim and adapted f1": (0.93, "0.73", "0.98"),
    "lineage: relation right, where found accuracy": (0.90, "", ""),
    "lineage: all links f1": (0.75, "0.50", "0.86"),
    "lineage: specified recall": (0.60, "0.03", "0.81"),
    "coverage accuracy": (None, "", ""),
    "coverage macro f1": (0.60, "", ""),
    "coverage: not wholly carried f1": (0.60, "", ""),
    "terms f1": (0.80, "", ""),
    "term expansions accuracy": (0.80, "", ""),
    "units, name and role f1": (0.95, "", ""),
    "dates found f1": (None, "", ""),
    "dates right f1": (0.80, "", ""),
    "dates right, kinds that bind f1": (0.90, "", ""),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/quality.md")
    parser.add_argument("--misses", type=int, default=0, help="show N misses and inventions of each kind")
    a = parser.parse_args()
    if not (a.shared / "gold").is_dir():
        print(f"{a.shared} has no gold annotations: nothing to compare with.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        figures, seconds = measure(a.shared, Path(folder), a.misses)
    show(figures, kept(), seconds)
    if a.write:
        keep(figures)
    return 0


def measure(shared: Path, folder: Path, misses: int) -> tuple[dict[str, tuple[float, str]], float]:
    """Every figure with its interval, and the seconds that the build took."""
    began = time.perf_counter()
    luoshi = [sys.executable, "-c", "from luoshi.cli import main; main()"]
    seeds = shared / "corpus" / "seeds"
    run([*luoshi, "build", str(seeds), "--out", str(folder / "records"), "--no-reports", "--quiet"])
    seconds = time.perf_counter() - began
    score = [
        sys.executable,
        str(shared / "tools" / "score.py"),
        str(folder / "records"),
        str(shared / "gold"),
        str(seeds),
    ]
    figures = of_records(json.loads(run([*score, "--json"])))
    if misses:
        print(run([*score, "--misses", str(misses)]))
    for name in ("units", "deadlines"):
        gold = shared / "gold" / f"{name}.jsonl"
        bare = folder / f"{name}.jsonl"
        rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
        bare.write_text(
            "".join(
                json.dumps({k: r.get(k) for k in ("id", "text", "date")}, ensure_ascii=False) + "\n"
                for r in rows
            ),
            encoding="utf-8",
        )
        out = folder / f"{name}.out.jsonl"
        run([*luoshi, "extract", str(bare), "--out", str(out)])
        text = run(
            [
                sys.executable,
                str(shared / "tools" / "score_rows.py"),
                str(out),
                str(gold),
                "--misses",
                str(misses),
            ]
        )
        if misses:
            print(text)
        figures |= of_rows(text)
    return figures, seconds


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} … ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def of_records(scores: dict[str, dict[str, float]]) -> dict[str, tuple[float, str]]:
    out = {}
    for name, row in scores.items():
        for key, value in row.items():
            if key in ("precision", "gold", "predicted") or value is None:
                continue
            if key == "recall" and "f1" in row:
                continue
            if name.startswith("entities ") and key == "f1":
                continue
            out[f"{name} {key}"] = (value, interval(row, key, value))
    return out


def of_rows(text: str) -> dict[str, tuple[float, str]]:
    out = {}
    for m in re.finditer(
        r"^(.+?)\s+precision (\S+)  recall (\S+)  f1 (\S+)  gold (\d+)  predicted (\d+)", text, re.MULTILINE
    ):
        row = dict(
            zip(("precision", "recall", "f1", "gold", "predicted"), map(float, m.groups()[1:]), strict=True)
        )
        out[f"{m.group(1)} f1"] = (row["f1"], interval(row, "f1", row["f1"]))
    return out


def interval(row: dict[str, float], key: str, value: float) -> str:
    draw = np.random.default_rng(0)
    if key == "f1" and row.get("predicted"):
        recall = draw.binomial(int(row["gold"]), row["recall"], 4000) / row["gold"]
        precision = draw.binomial(int(row["predicted"]), row["precision"], 4000) / row["predicted"]
        sample = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    elif row.get("gold") and key in ("accuracy", "recall"):
        sample = draw.binomial(int(row["gold"]), value, 4000) / row["gold"]
    else:
        return ""
    low, high = np.percentile(sample, [2.5, 97.5])
    return f"{low:.2f}–{high:.2f}"


def kept() -> dict[str, float]:
    """The figures of the table in docs/quality.md."""
    if not PAGE.exists() or BEGIN not in PAGE.read_text(encoding="utf-8"):
        return {}
    part = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    return {m[1].strip(): float(m[2]) for m in re.finditer(r"^\| (.+?) \| (\d\.\d+) ", part, re.MULTILINE)}


def show(figures: dict[str, tuple[float, str]], before: dict[str, float], seconds: float) -> None:
    print(f"{'figure':48} {'now':>7} {'95 %':>12} {'kept':>7} {'gain':>8}   asked")
    for name, (value, span) in figures.items():
        goal = GOALS.get(name, (None, "", ""))[0]
        old = before.get(name)
        gain = "" if old is None else "same" if abs(value - old) < 5e-4 else f"{value - old:+.3f}"
        mark = "" if goal is None else f"≥ {goal:.2f} {'reached' if value >= goal - 5e-4 else 'MISSED'}"
        print(
            f"{name:48} {value:7.3f} {span:>12} {'' if old is None else f'{old:7.3f}':>7} {gain:>8}   {mark}"
        )
    print(f"five seed files: {seconds:.1f} s with a new process")


def keep(figures: dict[str, tuple[float, str]]) -> None:
    lines = [
        "| figure | now | 95 % | asked | few lines of code | second reader |",
        "|---|---|---|---|---|---|",
    ]
    for name, (value, span) in figures.items():
        goal, floor, ceiling = GOALS.get(name, (None, "", ""))
        asked = "" if goal is None else f"≥ {goal:.2f}" + ("" if value >= goal - 5e-4 else " **missed**")
        lines.append(f"| {name} | {value:.3f} | {span} | {asked} | {floor} | {ceiling} |")
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else f"# Quality, measured\n\n{BEGIN}\n{END}\n"
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    PAGE.write_text(head + BEGIN + "\n" + "\n".join(lines) + "\n" + END + tail, encoding="utf-8")
    print(f"kept in {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
