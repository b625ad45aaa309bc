#!/usr/bin/env python3
"""What text reuse costs on Spark: processor time and shuffled bytes a MB, measured here, and what a TB takes by them.

    python benchmarks/reuse/cluster.py [--size 10] [--cores 800] [--core-hour 0.05]

Runs ``luoshi reuse --engine spark`` on this machine over a corpus of made.py, with Spark's event log, and multiplies.
Processor time is that of Java and of its Python workers. The start of Spark and of the workers is measured with a
corpus of a tenth of the size and taken off.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import made
import measure
import run

TERABYTE = 1e6
"""MB of a TB."""


@dataclass(frozen=True)
class Spent:
    """``mb`` of text; ``shuffled`` and ``spilled`` in MB, ``stages`` how many there were."""

    mb: float
    wall: float
    cpu: float
    peak: float
    shuffled: float
    records: int
    spilled: float
    stages: int


def spend(corpus: Path, mb: float, folder: Path) -> Spent:
    """A search over a corpus on Spark."""
    log, conf = folder / "events", folder / "conf"
    for path in (log, conf):
        path.mkdir(parents=True)
    settings = (
        "spark.eventLog.enabled true",
        f"spark.eventLog.dir {log.as_uri()}",
        "spark.eventLog.rolling.enabled false",
        "spark.eventLog.compress false",
    )
    (conf / "spark-defaults.conf").write_text("\n".join(settings) + "\n")
    call = [
        sys.executable,
        "-m",
        "luoshi",
        "reuse",
        str(corpus),
        "--out",
        str(folder / "out"),
        "--engine",
        "spark",
        "--json",
    ]
    cost = measure.run(call, folder / "log", {"SPARK_CONF_DIR": str(conf)})
    if cost.code:
        raise SystemExit((folder / "log").read_text()[-2000:])
    shuffled = records = spilled = stages = 0
    for path in log.iterdir():
        for event in map(json.loads, path.open(encoding="utf-8")):
            stages += event["Event"] == "SparkListenerStageCompleted"
            told = event.get("Task Metrics") if event["Event"] == "SparkListenerTaskEnd" else None
            if told:
                shuffled += told["Shuffle Write Metrics"]["Shuffle Bytes Written"]
                records += told["Shuffle Write Metrics"]["Shuffle Records Written"]
                spilled += told["Disk Bytes Spilled"]
    return Spent(mb, cost.wall, cost.cpu, cost.peak, shuffled / 1e6, records, spilled / 1e6, stages)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=float, default=10, help="MB of UTF-8")
    parser.add_argument("--base", default="chain", choices=run.words.BASES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cores", type=int, default=800, help="of the cluster that is reckoned with")
    parser.add_argument("--core-hour", type=float, default=0.05, help="price of a core with 4 GB for an hour")
    parser.add_argument("--shared", type=Path, default=made.ROOT.parent / "shared")
    parser.add_argument("--folder", type=Path, help="keep the corpora here")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = a.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        spent = []
        for n, size in enumerate((a.size / 10, a.size)):
            path, _, characters = run.corpus(folder, a.base, size, a.seed, a.shared)
            spent.append(spend(path, characters * run.BYTES / 1e6, Path(scratch) / str(n)))
    print("| MB | wall s | CPU s | peak MB | shuffled MB | records | spilled MB | stages |")
    print("|---|---|---|---|---|---|---|---|")
    for s in spent:
        print(
            f"| {s.mb:.1f} | {s.wall:.1f} | {s.cpu:.1f} | {s.peak:,.0f} | {s.shuffled:.1f} | {s.records:,} | {s.spilled:.1f} | {s.stages} |"
        )
    few, many = spent
    more = many.mb - few.mb
    cpu, shuffled = (many.cpu - few.cpu) / more, (many.shuffled - few.shuffled) / more
    hours = cpu * TERABYTE / 3600
    print(f"\nA MB more: {cpu:.2f} CPU s, {shuffled:.2f} MB shuffled.")
    print(
        f"A TB by that: {hours:,.0f} core hours, {shuffled:.1f} TB shuffled; on {a.cores} cores {hours / a.cores:.1f} h; {hours * a.core_hour:,.0f} at {a.core_hour} a core hour."
    )


if __name__ == "__main__":
    main()
