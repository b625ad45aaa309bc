"""Processor time of the stages of a search, beside that of the machine's own loops (limits.py), in one process.

Both go through the n-grams of the same corpus, on all processors and on one thread; the least of three counts.

Processor time of all threads is taken, not wall time, so that the ratio holds on a machine that others use too.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import limits

from luoshi.engines.reuse_local import LocalReuse
from luoshi.engines.storage import Storage
from luoshi.pipeline.reuse_input import Reading
from luoshi.reuse.corpus import corpus
from luoshi.reuse.settings import preset


@dataclass
class Watch:
    """Told of stages by the engine; notes the processor time of each."""

    spent: dict[str, float] = field(default_factory=dict)
    now: str = ""
    began: float = 0.0

    def stage(self, name: str, total: int) -> None:
        self.end()
        self.now, self.began = name, time.process_time()

    def step(self) -> None:
        """Steps are not timed."""

    def end(self) -> None:
        if self.now:
            self.spent[self.now] = self.spent.get(self.now, 0.0) + time.process_time() - self.began


def stages(path: Path, name: str) -> dict[str, dict[str, float]]:
    """CPU seconds of ours by stage, and of the machine's loops over the same n-grams; then of one thread."""
    watch = Watch()
    watch.stage("read", 1)
    about, columns = Reading([path], "id", "text").into(Storage())
    settings = preset(name).for_size(len(columns.sym))
    whole = corpus(about, columns, copies=settings.df_cap)
    watch.end()
    out: dict[str, dict[str, float]] = {}
    for suffix, threads in (("", 0), (" alone", 1)):
        least = dict(watch.spent)
        for _ in range(3):
            some = Watch()
            LocalReuse(settings, threads=threads, watch=some).passages(whole)
            some.end()
            least |= {k: min(v, least.get(k, v)) for k, v in some.spent.items()}
        out["ours" + suffix] = least
        out["machine" + suffix] = limits.limits(columns.sym, columns.bounds, threads)
    return out


if __name__ == "__main__":
    print(json.dumps(stages(Path(sys.argv[1]), sys.argv[2])))
