"""Every engine gives the same rows."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from luoshi.engines.reuse_local import LocalReuse
from luoshi.engines.reuse_stock import stock_of
from luoshi.reuse.corpus import About, Corpus, corpus, digests, symbols
from luoshi.reuse.finish import Passages, finish
from luoshi.reuse.settings import Settings

pytestmark = pytest.mark.filterwarnings("default")

DOCUMENTS = 60


def made(number: int = DOCUMENTS, seed: int = 3) -> tuple[list[About], list[str]]:
    """Documents of made-up words that copy from each other, with edits, stock phrases and a long one."""
    draw = random.Random(seed)
    words = [
        "".join(
            chr(0x4E00 + int(draw.paretovariate(0.6) * 7) % 3000) for _ in range(draw.choice([1, 2, 2, 3]))
        )
        for _ in range(3000)
    ]

    def sentence() -> str:
        body = "".join(words[int(len(words) * draw.random() ** 2)] for _ in range(draw.randint(4, 14)))
        return body + draw.choice("。，；。\n")

    texts = ["".join(sentence() for _ in range(draw.randint(3, 120))) for _ in range(number)]
    texts[0] += "".join(sentence() for _ in range(1500))
    stock = [sentence() + sentence() for _ in range(4)]
    for _ in range(number):
        a, b = draw.randrange(number), draw.randrange(number)
        begin = draw.randrange(max(1, len(texts[a]) - 200))
        piece = list(texts[a][begin : begin + draw.randint(20, 200)])
        for _ in range(int(len(piece) * draw.choice([0, 0.05, 0.15]))):
            piece[draw.randrange(len(piece))] = draw.choice(words)[0]
        at = draw.randrange(len(texts[b]))
        texts[b] = texts[b][:at] + "".join(piece) + texts[b][at:]
        if draw.random() < 0.7:
            texts[b] += "。“" + draw.choice(stock)
    texts += ["", "ok.", "The quick brown fox jumps over one very lazy dog today. " * 3]
    texts.append(texts[-1] + "And then it sleeps.")
    texts += ["（" + sentence() * 3 + "）"] * 20 + [""] * 40
    texts += [f"{'“' * (k % 3)}{texts[1]}{'”' * (k % 2)}" for k in range(40)]
    about = [
        About(
            f"d{k}", f"20{draw.randint(10, 20)}-0{draw.randint(1, 9)}" if draw.random() < 0.8 else None,
            draw.choice([None, "central", "province", "city"]), draw.choice([None] * 6 + ["s", "t"]), len(t),
        )
        for k, t in enumerate(texts)
    ]  # fmt: skip
    return about, texts


def locally(about: list[About], texts: list[str], settings: Settings) -> tuple[Corpus, Passages]:
    columns = symbols(texts)
    whole = corpus(about, columns, same_series=settings.same_series, copies=settings.df_cap)
    found = LocalReuse(settings.for_size(len(columns.sym)), 1).passages(whole)
    return whole, finish(whole, found.astype(np.int64), stock_of(columns))


def rows(passages: Passages) -> list[tuple[Any, ...]]:
    columns = [getattr(passages, f.name).tolist() for f in dataclasses.fields(Passages)]
    return list(zip(*columns, strict=True))


def executors(application: str) -> list[int]:
    """The processes of the executors of an application."""
    out = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if application.encode() in line and any(b"CoarseGrainedExecutorBackend" in word for word in line):
            out.append(int(folder.name))
    return out


class Killer:
    """Kills an executor as soon as a job that follows ``after`` has tasks running."""

    def __init__(self, context: Any, after: str) -> None:
        self.context = context
        self.after = after
        self.killed: list[int] = []
        self.thread = threading.Thread(target=self._wait, daemon=True)

    def __call__(self, job: str) -> None:
        if job == self.after:
            self.thread.start()

    def _wait(self) -> None:
        tracker = self.context.statusTracker()
        until = time.monotonic() + 60
        while time.monotonic() < until and not self.killed:
            for stage in tracker.getActiveStageIds():
                told = tracker.getStageInfo(stage)
                if told and told.numActiveTasks:
                    victim = executors(self.context.applicationId)[0]
                    os.kill(victim, signal.SIGKILL)
                    self.killed.append(victim)
                    return
            time.sleep(0.02)


def test_local_threads_and_disk_agree(tmp_path: Path) -> None:
    from luoshi.engines.storage import Storage

    about, texts = made()
    settings = Settings(n=6)
    whole, expected = locally(about, texts, settings)
    assert len(expected) > 50
    assert {"verbatim", "adapted"} <= set(expected.relation)
    engine = LocalReuse(settings, 2, memory=1 << 18, storage=Storage(tmp_path / "work"))
    found = engine.passages(whole)
    assert rows(finish(whole, found.astype(np.int64), stock_of(whole.symbols))) == rows(expected)


def test_spark_gives_the_rows_of_the_local_engine_even_when_an_executor_dies(spark: Any) -> None:
    import pyarrow as pa

    from luoshi.engines.spark import SparkEngine

    about, texts = made()
    numbers = np.arange(len(about)) * 7 + 3
    frame = spark.createDataFrame(pa.table({"number": numbers, "text": texts})).repartition(3)
    columns = symbols(texts)
    without = corpus(about, symbols([]), digest=digests(columns), copies=Settings().df_cap)
    _, expected = locally(about, texts, Settings())
    first = SparkEngine(session=spark).passages(frame, without, numbers)
    assert rows(first) == rows(expected)

    assert len(executors(spark.sparkContext.applicationId)) == 2
    killer = Killer(spark.sparkContext, after="choose")
    again = SparkEngine(session=spark, done=killer).passages(frame, without, numbers)
    assert killer.killed, "no executor was killed"
    assert rows(again) == rows(expected)

    nothing = frame.where("number = 3")
    assert (
        len(
            SparkEngine(session=spark).passages(
                nothing, corpus(about[:1], symbols([]), digest=digests(columns)[:1]), numbers[:1]
            )
        )
        == 0
    )


def call(environment: dict[str, str], *words: str) -> dict[str, Any]:
    """What a command printed as JSON, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", *words], env={**os.environ, **environment}, check=False, capture_output=True,
        text=True, timeout=300,
    )  # fmt: skip
    # 4: some rows could not be read
    assert done.returncode in (0, 4), done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert isinstance(told, dict)
    return told


def test_the_commands_write_the_same_tables(spark_environment: dict[str, str], tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    about, texts = made(30)
    source = tmp_path / "corpus.parquet"
    columns = {n: [getattr(a, n) for a in about] for n in ("id", "date", "level", "series")}
    columns["id"][5] = columns["id"][6]
    columns["id"][7] = None
    pq.write_table(pa.table({**columns, "text": texts}), source)
    here, spark, job = (tmp_path / n for n in ("local", "spark", "job"))
    command = ("luoshi", "reuse", str(source), "--json", "--out")
    told = call({}, *command, str(here))
    assert told["counts"]["passages"] > 20
    assert call(spark_environment, *command, str(spark), "--engine", "spark")["counts"] == told["counts"]
    done = call(spark_environment, "luoshi.engines.spark", str(source), "--out", str(job))
    assert done["counts"] == told["counts"]
    assert done["passed over"] == {"no-id": 1, "no-text": 41, "duplicate-id": 1}
    for name in ("passages", "clusters", "documents"):
        expected = pq.read_table(here / f"{name}.parquet")
        assert (spark / f"{name}.parquet").read_bytes() == (here / f"{name}.parquet").read_bytes()
        assert pq.read_table(job / name).to_pylist() == expected.to_pylist()
