"""A Spark session for the verbs that can run on Spark."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from luoshi.errors import MissingExtra

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@contextmanager
def spark_session(memory: int) -> Iterator[SparkSession]:
    """A session on the cluster that ``SPARK_MASTER`` names, otherwise on this machine; stopped at the end.

    :param memory: bytes for Java where the session is on this machine.
    :raises MissingExtra: when pyspark or Java is missing.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession

        from luoshi.engines.spark_stages import QUICK
    except ImportError:
        raise MissingExtra(
            "Spark is not installed.", hint="Install it with: pip install 'luoshi[spark]'"
        ) from None
    if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
        raise MissingExtra("Spark needs Java.", hint="Install Java 17 or newer, or set JAVA_HOME.")
    master = os.environ.get("SPARK_MASTER", "local[*]")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = (
        SparkSession.builder.master(master)
        .appName("luoshi reuse")
        .config("spark.log.level", "ERROR")
        .config("spark.ui.showConsoleProgress", "false")
    )
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        heap = max(1024, memory // 2 >> 20)
        builder = (
            builder.config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.extraJavaOptions", QUICK)
            .config("spark.driver.memory", f"{heap}m")
        )
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError:
        raise MissingExtra("Java did not start.", hint="Spark needs Java 17 or newer.") from None
    try:
        yield session
    finally:
        session.stop()
