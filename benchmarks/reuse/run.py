#!/usr/bin/env python3
"""Text reuse measured: what is found of planted passages, time, memory, growth, and the machine's own limit.

    python benchmarks/reuse/run.py [--sizes 1,10] [--base chain --base apart] [--preset thorough] [--peer passim=PYTHON]

Every search is a whole process of its own with warmed kernels, over a corpus made for it (made.py); sizes are in MB of
UTF-8. Peers run over the same corpora, one after the other. The tables are Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import made
import measure
import numpy as np
import words
from planting import LEVELS
from scoring import Case, Score, scores
from systems import System, ours, peer

BYTES = 2.94
"""Bytes of a character of the corpora, about."""
SCORED = 200
"""MB up to which passages are scored; beyond it only costs are measured."""
LOOPS = (("count", ("hash",)), ("pairs", ("partition", "join")))
"""Which loops of the machine do what a stage of ours does."""


@dataclass
class Result:
    """What a run of a system over a corpus gave."""

    system: str
    base: str
    size: float
    characters: int
    wall: float
    cpu: float
    peak: float
    passages: int = 0
    stages: dict[str, float] = field(default_factory=dict)
    limits: dict[str, dict[str, float]] = field(default_factory=dict)
    levels: dict[str, Score] = field(default_factory=dict)


def corpus(folder: Path, base: str, size: float, seed: int, shared: Path) -> tuple[Path, Path, int]:
    """Corpus, gold and characters; made where it is missing."""
    path = folder / f"{base}-{size:g}-{seed}.jsonl"
    gold, note = path.with_suffix(".gold"), path.with_suffix(".counts")
    if not note.exists():
        counts = made.write(int(size * 1e6 / BYTES), base, seed, shared, path, gold)
        note.write_text(json.dumps(counts))
    return path, gold, int(json.loads(note.read_text())["characters"])


def gold_of(path: Path) -> tuple[list[Case], list[Case]]:
    """Planted passages, and places of stock sentences."""
    cases, stock = [], []
    with path.open(encoding="utf-8") as f:
        for g in map(json.loads, f):
            row = Case(g["a"], (g["a_start"], g["a_end"]), g["b"], (g["b_start"], g["b_end"]), g["level"])
            (stock if row.level == "stock" else cases).append(row)
    return cases, stock


def once(system: System, base: str, size: float, files: tuple[Path, Path, int], scored: bool) -> Result:
    """Runs a system over a corpus and scores it."""
    path, gold, characters = files
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        out = Path(folder) / "out"
        cost = measure.run(system.command(path, out), Path(folder) / "log", dict(system.env))
        if cost.code not in (0, 4):
            said = (Path(folder) / "log").read_text()[-2000:]
            raise SystemExit(f"{system.name} ended with {cost.code} on {path.name}:\n{said}")
        result = Result(system.name, base, size, characters, cost.wall, cost.cpu, cost.peak)
        if cost.printed.lstrip().startswith("{"):
            told = json.loads(cost.printed)
            result.stages = told["timings"]
            result.passages = told["counts"]["passages"]
        if scored:
            cases, stock = gold_of(gold)
            found = list(system.read(out))
            result.passages = len(found)
            result.levels = scores(cases, found, stock)
    return result


def machine(path: Path, preset: str) -> dict[str, dict[str, float]]:
    """Processor time by stage and the machine's limits (stages.py), in a process of their own."""
    call = [sys.executable, str(Path(__file__).with_name("stages.py")), str(path), preset]
    done = subprocess.run(call, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def exponent(some: list[Result], what: str, least: float = 10) -> float | None:
    """Slope of the logarithm of a cost over that of the characters, from ``least`` MB."""
    rows = [r for r in some if r.size >= least]
    if len(rows) < 2:
        return None
    x, y = (np.log([getattr(r, k) for r in rows]) for k in ("characters", what))
    return float(np.polyfit(x, y, 1)[0])


def cost_table(results: list[Result]) -> Iterator[str]:
    yield "| system | base | MB | characters | wall s | CPU s | peak MB | passages | characters/s |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for r in results:
        yield (
            f"| {r.system} | {r.base} | {r.size:g} | {r.characters:,} | {r.wall:.1f} | {r.cpu:.1f} | {r.peak:,.0f} "
            f"| {r.passages:,} | {r.characters / r.wall:,.0f} |"
        )


def level_table(r: Result) -> Iterator[str]:
    yield f"{r.system}, base {r.base}, {r.characters:,} characters"
    yield ""
    yield "| level | passages | characters found | hit | precision | recall | granularity | PlagDet |"
    yield "|---|---|---|---|---|---|---|---|"
    for level in ("all", *LEVELS):
        s = r.levels[level]
        yield (
            f"| {level} | {s.cases:,} | {s.characters:.3f} | {s.hit:.3f} | {s.precision:.3f} | {s.recall:.3f} "
            f"| {s.granularity:.3f} | {s.plagdet:.3f} |"
        )


def limit_table(r: Result) -> Iterator[str]:
    for suffix, threads in (("", f"{os.cpu_count()} processors"), (" alone", "one thread")):
        yield f"{r.system}, base {r.base}, {r.characters:,} characters: {threads}"
        yield ""
        yield from stage_table(r.limits["ours" + suffix], r.limits["machine" + suffix])
        yield ""
    others = {k: v for k, v in r.limits["ours"].items() if k not in dict(LOOPS)}
    yield "Other stages, CPU: " + ", ".join(f"{k} {v:.2f} s" for k, v in others.items())


def stage_table(ours_: dict[str, float], loops: dict[str, float]) -> Iterator[str]:
    """Stages of ours beside the loops that do the same."""
    yield "| stage | the machine's loops | CPU s | ours, CPU s | ratio |"
    yield "|---|---|---|---|---|"
    for stage, names in LOOPS:
        least = sum(loops[n] for n in names)
        yield f"| {stage} | {', '.join(names)} | {least:.2f} | {ours_[stage]:.2f} | {ours_[stage] / least:.1f} |"
    mine, limit = sum(ours_[s] for s, _ in LOOPS), sum(loops.values())
    yield f"| seeding together | | {limit:.2f} | {mine:.2f} | {mine / limit:.1f} |"


def ratio_table(results: list[Result]) -> Iterator[str]:
    """How many times a peer's cost is ours, over the same corpus."""
    mine = {(r.base, r.size): r for r in reversed(results) if r.system.startswith("luoshi")}
    rows = [(r, mine[r.base, r.size]) for r in results if not r.system.startswith("luoshi")]
    if rows:
        yield "| peer | base | MB | wall | CPU | memory |"
        yield "|---|---|---|---|---|---|"
    for r, m in rows:
        yield (
            f"| {r.system} / {m.system} | {r.base} | {r.size:g} | {r.wall / m.wall:.0f} | {r.cpu / m.cpu:.0f} "
            f"| {r.peak / m.peak:.1f} |"
        )


def report(results: list[Result]) -> Iterator[str]:
    yield "## Costs"
    yield ""
    yield from cost_table(results)
    yield ""
    for system in dict.fromkeys((r.system, r.base) for r in results):
        some = [r for r in results if (r.system, r.base) == system]
        grown = [f"{k} {e:.2f}" for k in ("wall", "cpu", "peak") if (e := exponent(some, k)) is not None]
        if grown:
            yield f"Growth of {system[0]} on {system[1]} from 10 MB: exponent " + ", ".join(grown)
    yield ""
    yield from ratio_table(results)
    for title, wanted, table in (
        ("## What is found", "levels", level_table), ("## The machine's limit", "limits", limit_table)
    ):  # fmt: skip
        yield from ("", title)
        for r in results:
            if getattr(r, wanted):
                yield ""
                yield from table(r)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1,10", help="MB of UTF-8, with commas")
    parser.add_argument("--base", action="append", choices=words.BASES)
    parser.add_argument("--preset", action="append", help="of luoshi reuse; may be repeated")
    parser.add_argument(
        "--peer", action="append", default=[], type=peer, help="NAME=COMMAND; may be repeated"
    )
    parser.add_argument("--peer-mb", type=float, default=40, help="peers run over corpora up to this size")
    parser.add_argument("--runs", type=int, default=1, help="the fastest run of ours counts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", type=Path, default=made.ROOT.parent / "shared")
    parser.add_argument("--folder", type=Path, help="keep the corpora here")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    a = parser.parse_args()
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = a.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        ours_ = [ours(p) for p in a.preset or ["thorough"]]
        for size in map(float, a.sizes.split(",")):
            for base in a.base or ["chain", "apart"]:
                results += over(corpus(folder, base, size, a.seed, a.shared), base, size, ours_, a)
    print("\n".join(report(results)))
    if a.json:
        rows: list[dict[str, Any]] = [asdict(r) for r in results]
        a.json.write_text(json.dumps(rows, indent=1) + "\n")


def over(
    files: tuple[Path, Path, int], base: str, size: float, mine: list[System], a: argparse.Namespace
) -> Iterator[Result]:
    """All systems over a corpus."""
    for system in mine:
        runs = [once(system, base, size, files, k == 0 and size <= SCORED) for k in range(a.runs)]
        result = min(runs, key=lambda r: r.wall)
        result.levels, result.passages = runs[0].levels, runs[0].passages
        if base != "apart":
            result.limits = machine(files[0], system.name.split()[-1])
        yield result
    for system in a.peer if size <= a.peer_mb else []:
        yield once(system, base, size, files, scored=True)


if __name__ == "__main__":
    main()
