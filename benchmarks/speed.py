#!/usr/bin/env python3
"""Speed of whole runs, each in a new process with warmed kernels.

    python benchmarks/speed.py [--shared ../shared] [--runs 3]

Prints wall time (median of the runs), CPU time, peak memory of the largest process and characters per second,
and the ratio to a yardstick measured in the same run (sorting a million pairs of numbers in plain Python), so
that figures of two machines, or of a noisy one, can be compared.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Job:
    name: str
    paths: tuple[str, ...]
    options: tuple[str, ...]
    asked: str


ALONE = ("--no-lineage", "--no-reports", "--workers", "1")

JOBS = (
    Job("five seed files, everything", ("seeds",), (), "≤ 6 s, ≤ 1 GB"),
    Job("five seed files, no lineage, no reports, one core", ("seeds",), ALONE, ""),
    Job(
        "work reports, no lineage, no reports, one core", ("work-reports/provincial-2026",), ALONE,
        "≥ 100,000 characters/s",
    ),
    Job("32 policies, all pairs", ("policies",), ("--no-reports",), "≤ 60 s"),
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    wall: float
    cpu: float
    peak: float
    characters: int
    stages: dict[str, float]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--runs", type=int, default=3)
    a = parser.parse_args()
    corpus = a.shared / "corpus"
    if not corpus.is_dir():
        print(f"{corpus} is missing: nothing to measure.")
        return 0
    yard = yardstick()
    print(f"yardstick {yard:.2f} s on {os.cpu_count()} processors\n")
    print(f"{'run':52} {'wall s':>7} {'cpu s':>7} {'peak MB':>8} {'char/s':>9} {'yards':>6}  asked")
    for job in JOBS:
        runs = [once(job, corpus) for _ in range(a.runs)]
        wall = statistics.median(r.wall for r in runs)
        middle = min(runs, key=lambda r: abs(r.wall - wall))
        speed = middle.characters / wall
        figures = f"{wall:7.2f} {middle.cpu:7.2f} {middle.peak:8.0f} {speed:9,.0f} {wall / yard:6.2f}"
        print(f"{job.name:52} {figures}  {job.asked}")
        print(f"{'':4}{'  '.join(f'{k} {v:.2f}' for k, v in middle.stages.items())}")
    return 0


def yardstick() -> float:
    draw = random.Random(0)
    pairs = [(draw.random(), draw.random()) for _ in range(1_000_000)]
    began = time.perf_counter()
    sorted(pairs)
    return time.perf_counter() - began


def once(job: Job, corpus: Path) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        call = [
            sys.executable,
            "-m",
            "luoshi",
            "build",
            *(str(corpus / p) for p in job.paths),
            "--out",
            str(out),
        ]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        child = subprocess.Popen(
            [*call, *job.options, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        printed, _ = child.communicate()
        wall = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if child.returncode not in (0, 4):
            raise SystemExit(f"{' '.join(call)} ended with {child.returncode}")
        summary = json.loads(printed)
        documents = (out / "documents.jsonl").read_text(encoding="utf-8").splitlines()
        characters = sum(json.loads(row)["characters"] for row in documents)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, after.ru_maxrss / 1024, characters, summary["timings"])


if __name__ == "__main__":
    sys.exit(main())
