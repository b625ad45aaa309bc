"""A command run in a new process: wall time, processor time, peak memory of it and its children together."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
EVERY = 0.05


@dataclass(frozen=True)
class Cost:
    """``peak`` in MB: the greatest sum over the processes at one time."""

    wall: float
    cpu: float
    peak: float
    printed: str
    code: int


def run(command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Runs it to its end; what it says on the error stream goes to ``log``."""
    before = os.times()
    began = time.perf_counter()
    out = log.with_suffix(".out")
    with log.open("w") as errors, out.open("w") as printed:
        child = subprocess.Popen(command, stdout=printed, stderr=errors, env={**os.environ, **(env or {})})
        peak = 0.0
        spent: dict[int, float] = {}
        while child.poll() is None:
            peak = max(peak, watch(child.pid, spent))
            time.sleep(EVERY)
    wall = time.perf_counter() - began
    after = os.times()
    waited = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(wall, max(waited, sum(spent.values())), peak, out.read_text(), child.returncode)


def watch(pid: int, spent: dict[int, float]) -> float:
    """Memory of the process and its descendants in MB; notes their processor time.

    Of a single process the kernel tells the peak itself.
    """
    family = [pid]
    for p in family:
        with suppress(OSError):
            for task in Path(f"/proc/{p}/task").iterdir():
                family += map(int, (task / "children").read_text().split())
    total = 0.0
    for p in family:
        with suppress(OSError, ValueError, KeyError, IndexError):
            status = Path(f"/proc/{p}/status").read_text()
            lines = dict(x.split(":", 1) for x in status.splitlines() if x.startswith(("VmHWM", "VmRSS")))
            total += int(lines["VmHWM" if len(family) == 1 else "VmRSS"].split()[0]) / 1024
            fields = Path(f"/proc/{p}/stat").read_text().rpartition(")")[2].split()
            spent[p] = (int(fields[11]) + int(fields[12])) / TICK
    return total
