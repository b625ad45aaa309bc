"""A job whose folders only Hadoop's file systems know: nothing may open a path by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from reuse_corpora import Stopped, made, same_tables

from luoshi.reuse.settings import Settings


def test_a_job_reads_writes_and_goes_on_in_any_file_system(spark: Any, tmp_path: Path) -> None:
    """``viewfs`` stands for a cluster's own: as with hdfs, its addresses are no paths of this machine."""
    from luoshi.engines.spark_job import run
    from luoshi.pipeline.reuse import reuse

    settings = spark.sparkContext._jsc.hadoopConfiguration()
    settings.set("fs.viewfs.mounttable.office.link./store", (tmp_path / "store").as_uri())
    store, at = tmp_path / "store", "viewfs://office/store"
    (store / "in").mkdir(parents=True)
    about, texts = made(16)
    lines = [json.dumps({"id": a.id, "date": a.date, "text": t}) for a, t in zip(about, texts, strict=True)]
    for part in range(2):
        (store / "in" / f"{part}.jsonl").write_text("\n".join(lines[part::2]) + "\n", encoding="utf-8")
    reuse([store / "in"], tmp_path / "local")

    def stop(job: str) -> None:
        if job == "pairs":
            raise Stopped

    call = [f"{at}/in"], f"{at}/out", Settings()
    with pytest.raises(Stopped):
        run(spark, *call, work=f"{at}/work", tell=stop)
    assert (store / "work" / "luoshi-work.json").exists() and not (store / "out").exists()
    done = run(spark, *call, work=f"{at}/work")
    assert done["counts"]["passages"] > 10 and not (store / "work").exists()
    same_tables(tmp_path / "local", store / "out")


def test_an_input_of_the_wrong_kind_is_named(spark: Any, tmp_path: Path) -> None:
    from luoshi.engines.spark_job import run
    from luoshi.errors import UsageError

    (tmp_path / "odd.dat").write_text("no table\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"odd\.dat cannot be read as Parquet"):
        run(spark, [f"{tmp_path}/odd.dat"], str(tmp_path / "out"), Settings())
    (tmp_path / "rows.jsonl").write_text('{"id": "a", "text": "b"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="holds JSON Lines and other files"):
        run(spark, [str(tmp_path)], str(tmp_path / "out"), Settings())
