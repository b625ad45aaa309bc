"""A Spark cluster of two real executors on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CLUSTER = "local-cluster[2,1,2048]"
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def java() -> int:
    """The version of Java that Spark would take; 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    program = f"{home}/bin/java" if home else shutil.which("java")
    if not program:
        return 0
    try:
        told = subprocess.run(
            [program, "-version"], check=False, capture_output=True, text=True, timeout=60
        ).stderr
    except OSError:
        return 0
    match = re.search(r'version "(\d+)', told)
    return int(match[1]) if match else 0


@pytest.fixture(scope="session")
def spark_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the environment of a process must hold that starts Spark here."""
    pytest.importorskip("pyspark", reason="needs pyspark: pip install 'luoshi[spark]'")
    if java() < 17:
        pytest.skip("needs Java 17 or newer")
    return {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(tmp_path_factory.mktemp("spark-local")),
    }


@pytest.fixture(scope="session")
def spark(spark_environment: dict[str, str]) -> Iterator[Any]:
    """A session on a cluster of two executors, each a process of its own."""
    import pyspark
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, value in spark_environment.items():
            patch.setenv(name, value)
        session = (
            SparkSession.builder.master(CLUSTER)
            .appName("luoshi-tests")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "4")
            # short jobs: no time for Java's second compiler
            .config("spark.driver.extraJavaOptions", QUICK)
            .config("spark.executor.extraJavaOptions", QUICK)
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("OFF")
        application = session.sparkContext.applicationId
        yield session
        session.stop()
        # The workers of a local cluster keep their logs beside Spark's own files.
        shutil.rmtree(Path(pyspark.__file__).parent / "work" / application, ignore_errors=True)
