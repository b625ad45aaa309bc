"""Every engine gives the same rows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reuse_corpora import Stopped, english, equal, locally, made, repeated, rows, same_tables

from luoshi.engines.reuse_local import LocalReuse
from luoshi.engines.reuse_stock import stock_of
from luoshi.reuse.corpus import corpus, digests, symbols
from luoshi.reuse.finish import finish
from luoshi.reuse.settings import Settings

pytestmark = pytest.mark.filterwarnings("default")


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


@pytest.mark.parametrize("name", ["english", "equal", "repeated"])
def test_spark_gives_the_rows_of_the_local_engine(spark: Any, name: str) -> None:
    from luoshi.engines.spark import SparkEngine

    about, texts = {"english": english, "equal": equal, "repeated": repeated}[name]()
    columns = symbols(texts)
    cap = Settings().df_cap
    without = corpus(about, symbols([]), digest=digests(columns), copies=cap)
    _, expected = locally(about, texts, Settings())
    frame = laid_down(spark, list(range(len(texts))), texts)
    assert rows(SparkEngine(session=spark).passages(frame, without)) == rows(expected)
    assert len(expected)


def laid_down(spark: Any, numbers: Any, texts: list[str]) -> Any:
    import pyarrow as pa

    return spark.createDataFrame(pa.table({"number": pa.array(numbers, pa.int64()), "text": texts}))


def test_spark_gives_the_same_rows_however_texts_are_dealt_out_and_when_an_executor_dies(spark: Any) -> None:
    from luoshi.engines.spark import SparkEngine

    about, texts = made()
    numbers = np.arange(len(about)) * 7 + 3
    frame = laid_down(spark, numbers, texts).repartition(3)
    columns = symbols(texts)
    without = corpus(about, symbols([]), digest=digests(columns), copies=Settings().df_cap)
    _, expected = locally(about, texts, Settings())
    first = SparkEngine(session=spark).passages(frame, without, numbers)
    assert rows(first) == rows(expected)

    # read in another order, in other parts, and an executor killed while pairs are made
    by = np.random.default_rng(2).permutation(len(texts))
    again = laid_down(spark, np.arange(len(by)), [texts[k] for k in by]).repartition(5)
    about = [about[k] for k in by]
    without = corpus(about, symbols([]), digest=digests(columns)[by], copies=Settings().df_cap)
    assert len(executors(spark.sparkContext.applicationId)) == 2
    killer = Killer(spark.sparkContext, after="seeds")
    second = SparkEngine(session=spark, done=killer).passages(again, without)
    assert killer.killed, "no executor was killed"
    _, expected = locally(about, [texts[k] for k in by], Settings())
    assert rows(second) == rows(expected)
    back = {k: n for n, k in enumerate(by.tolist())}
    turned = {(back[r[0]], *r[1:3], back[r[3]], *r[4:]) for r in rows(first)}
    assert turned == set(rows(second))

    nothing = frame.where("number = 3")
    alone = corpus(about[:1], symbols([]), digest=digests(columns)[:1])
    assert len(SparkEngine(session=spark).passages(nothing, alone, numbers[:1])) == 0


def test_both_engines_write_the_same_files(spark: Any, tmp_path: Path) -> None:
    from luoshi.pipeline.reuse import reuse

    about, texts = made(20)
    source = tmp_path / "corpus.jsonl"
    lines = [{"id": a.id, "date": a.date, "text": t} for a, t in zip(about, texts, strict=True)]
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    here, there = reuse([source], tmp_path / "here"), reuse([source], tmp_path / "there", session=spark)
    names = [p.name for p in here.files]
    assert names[:2] == ["summary.html", "passages.csv"] and names == [p.name for p in there.files]
    for name in set(names) - {"manifest.json"}:
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes(), name
    assert len((tmp_path / "there" / "passages.csv").read_text("utf-8").splitlines()) > 10


def test_a_job_goes_on_where_it_was_interrupted(spark: Any, tmp_path: Path) -> None:
    from luoshi.engines.spark_job import run
    from luoshi.errors import ForeignFolder, NothingToDo, OutputError, UsageError
    from luoshi.pipeline.reuse import reuse

    about, texts = made(20)
    source, out, work = tmp_path / "corpus.jsonl", tmp_path / "job", tmp_path / "work"
    fields = ("id", "date", "level", "series")
    lines = [{n: getattr(a, n) for n in fields} | {"text": t} for a, t in zip(about, texts, strict=True)]
    lines[5]["id"] = lines[6]["id"]
    lines[7]["id"] = None
    told = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    source.write_text(told + '\n{"id": "x"\n[1]\n\n', encoding="utf-8")
    reuse([source], tmp_path / "local")
    done: list[str] = []

    def until(job: str) -> None:
        done.append(job)
        if job == "pairs" and done.count(job) == 1:
            raise Stopped

    call = partial(run, spark, [source.as_uri()], out.as_uri(), Settings(), work=work.as_uri(), tell=until)
    with pytest.raises(Stopped):
        call()
    kept = json.loads((work / "luoshi-work.json").read_text(encoding="utf-8"))["done"]
    assert "places" in kept and not out.exists()
    before = (work / "places" / "_SUCCESS").stat().st_mtime_ns
    second = call(tell=lambda job: done.append(f"{job} {(work / 'places' / '_SUCCESS').stat().st_mtime_ns}"))
    assert f"passages {before}" in done
    assert second["passed over"] == {"damaged-row": 2, "no-id": 1, "no-text": 41, "duplicate-id": 1}
    assert not work.exists()
    same_tables(tmp_path / "local", out)

    with pytest.raises(OutputError, match="already"):
        call()
    with pytest.raises(ForeignFolder):
        run(spark, [source.as_uri()], str(tmp_path / "new"), Settings(), work=str(out))
    with pytest.raises(UsageError, match="does not exist"):
        run(spark, [f"{tmp_path}/none*"], str(tmp_path / "new"), Settings())
    with pytest.raises(UsageError, match="no column body"):
        run(spark, [f"{out}/passages"], str(tmp_path / "new"), Settings(), id_field="a", text_field="body")
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(NothingToDo):
        run(spark, [f"{tmp_path}/empty.jsonl"], str(tmp_path / "new"), Settings())


@pytest.mark.parametrize("together", [0, 1 << 20])
def test_families_are_found_by_one_task_and_by_many(spark: Any, together: int) -> None:
    from luoshi.engines.spark_stages import Stages
    from luoshi.engines.spark_tables import _components

    draw = np.random.default_rng(4)
    u, v = draw.integers(0, 300, 220), draw.integers(0, 300, 220)
    links = [(int(max(a, b)), int(min(a, b))) for a, b in zip(u, v, strict=True) if a != b]
    least = {n: n for link in links for n in link}
    for _ in range(len(least)):
        for a, b in links:
            least[a] = least[b] = min(least[a], least[b])
    stages = Stages(spark)
    found = _components(spark.createDataFrame(links, "u long, v long"), stages, together).collect()
    stages.close()
    assert {(r["span"], r["family"]) for r in found} == set(least.items())


def call(environment: dict[str, str], *words: str) -> dict[str, Any]:
    """What a command printed as JSON, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", *words], env={**os.environ, **environment}, check=False, capture_output=True,
        text=True, timeout=900,
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

    about, texts = made(16)
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
    for name in ("passages", "clusters", "documents"):
        assert (spark / f"{name}.parquet").read_bytes() == (here / f"{name}.parquet").read_bytes()
    done = call(spark_environment, "luoshi.engines.spark", str(source), "--out", str(job))
    assert done["counts"] == told["counts"]
    assert done["passed over"] == {"damaged-row": 0, "no-id": 1, "no-text": 41, "duplicate-id": 1}
    same_tables(here, job)


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    """Neither pyspark nor Java must be there for the other engine, and a message says what is missing."""
    words = ["reuse", str(tmp_path), "--out", str(tmp_path / "out"), "--engine", "spark"]
    hide = f"import sys; sys.modules['pyspark'] = None; sys.argv[1:] = {words!r}\n"
    no_spark = subprocess.run(
        [sys.executable, "-c", hide + "from luoshi.cli import main; main()"], check=False,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert no_spark.returncode == 6 and "pip install 'luoshi[spark]'" in no_spark.stderr, no_spark.stderr
    environment = {k: v for k, v in os.environ.items() if k not in ("JAVA_HOME", "PATH")}
    for program in (
        ["luoshi", *words],
        ["luoshi.engines.spark", str(tmp_path), "--out", str(tmp_path / "o")],
    ):
        no_java = subprocess.run(
            [sys.executable, "-m", *program], env={**environment, "PATH": str(tmp_path)}, check=False,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert no_java.returncode == 6 and "Java" in no_java.stderr, no_java.stderr
        assert "Traceback" not in no_java.stderr
