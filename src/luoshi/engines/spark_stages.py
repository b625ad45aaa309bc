"""What the stages of a Spark job leave: on the executors' disks, or as Parquet in a folder to go on from.

The folder may lie on any file system that Hadoop reaches (``hdfs://``, ``s3a://``, ``file://``); nothing here
opens a path itself.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.storagelevel import StorageLevel

from luoshi.errors import ForeignFolder, UsageError

MANIFEST = "luoshi-work.json"
BATCH = 256
"""Rows of an Arrow batch: a row may be a text or a packet of records."""
PART = 1 << 24
"""Bytes for which there is one partition of a join."""
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""For Java on this machine: its second compiler costs more than it saves where kernels do the work."""


class Files:
    """The few things that the driver does with paths, by Hadoop's own file systems."""

    def __init__(self, session: SparkSession) -> None:
        self._java: Any = session.sparkContext._jvm
        self._settings: Any = session.sparkContext._jsc.hadoopConfiguration()

    def _at(self, path: str) -> tuple[Any, Any]:
        at = self._java.org.apache.hadoop.fs.Path(path)
        return at.getFileSystem(self._settings), at

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder."""
        system, at = self._at(path)
        return bool(system.exists(at))

    def names(self, path: str) -> list[str]:
        """What a folder holds; nothing where there is none."""
        system, at = self._at(path)
        return [str(f.getPath().getName()) for f in system.listStatus(at)] if system.exists(at) else []

    def identity(self, path: str) -> list[list[Any]]:
        """What tells an input from another: its files with their sizes and times of change.

        :raises UsageError: when there is no such file or folder.
        """
        system, at = self._at(path)
        found = system.globStatus(at) or []
        if not len(found):
            raise UsageError(f"{path} does not exist.", hint="Give a file, a folder, or a pattern with *.")
        out = []
        for one in found:
            files = system.listFiles(one.getPath(), True)
            while files.hasNext():
                f = files.next()
                out.append([str(f.getPath()), int(f.getLen()), int(f.getModificationTime())])
        return sorted(out)

    def read(self, path: str) -> str:
        """A short text."""
        system, at = self._at(path)
        stream = system.open(at)
        try:
            data = self._java.org.apache.commons.io.IOUtils.toByteArray(stream)
        finally:
            stream.close()
        return bytes(data).decode("utf-8")

    def write(self, path: str, text: str) -> None:
        """Writes a short text, over the old one when it is whole."""
        system, at = self._at(path)
        beside = self._java.org.apache.hadoop.fs.Path(f"{path}.part")
        stream = system.create(beside, True)
        try:
            stream.write(bytearray(text.encode("utf-8")))
        finally:
            stream.close()
        system.delete(at, False)
        system.rename(beside, at)

    def remove(self, path: str) -> None:
        """Removes a file or folder where there is one."""
        system, at = self._at(path)
        system.delete(at, True)


@contextmanager
def tuned(session: SparkSession, size: float) -> Iterator[None]:
    """Settings of the session for our work, as they were afterwards.

    Arrow batches are small, since some of our rows are large; a join has :data:`PART` bytes a partition.
    """
    parts = max(2, session.sparkContext.defaultParallelism, math.ceil(size / PART))
    ours = {
        "spark.sql.execution.arrow.maxRecordsPerBatch": BATCH, "spark.sql.shuffle.partitions": parts
    }  # fmt: skip
    before = {name: session.conf.get(name) for name in ours}
    try:
        for name, value in ours.items():
            session.conf.set(name, str(value))
        yield
    finally:
        for name, told in before.items():
            session.conf.set(name, str(told))


class Stages:
    """Results of stages, each made once.

    :param folder: where they are kept as Parquet, with a manifest of those that are done; by default on the
        executors' own disks, and gone with :meth:`close`.
    :param key: of this very run; what another run left in the folder is removed.
    :raises ForeignFolder: when the folder holds something else.
    """

    def __init__(self, session: SparkSession, folder: str = "", key: str = "") -> None:
        self.session = session
        self.folder = folder.rstrip("/")
        self.key = key
        self.kept: dict[str, Any] = {}
        self.done: dict[str, Any] = {}
        self.resumed = False
        if self.folder:
            self.files = Files(session)
            self._open()

    def _open(self) -> None:
        path = f"{self.folder}/{MANIFEST}"
        told: Any = None
        if self.files.exists(path):
            try:
                told = json.loads(self.files.read(path))
            except ValueError:
                told = {}
        elif self.files.names(self.folder):
            raise ForeignFolder(
                f"{self.folder} holds files that are not ours.", hint="Name another folder with --work."
            )
        if isinstance(told, dict) and told.get("key") == self.key:
            self.done = dict(told["done"])
            self.resumed = True
        else:
            for name in self.files.names(self.folder):
                if not name.startswith(MANIFEST):
                    self.files.remove(f"{self.folder}/{name}")
            self._note()

    def _note(self) -> None:
        told = {"kind": "luoshi-reuse-work", "key": self.key, "done": self.done}
        self.files.write(f"{self.folder}/{MANIFEST}", json.dumps(told, indent=1))

    def keep(self, name: str, make: Callable[[], DataFrame]) -> DataFrame:
        """A stage's rows: made and kept, or as an interrupted run left them."""
        if not self.folder:
            return self.hold(name, make())
        path = f"{self.folder}/{name}"
        if name not in self.done:
            make().write.mode("overwrite").parquet(path)
            self.done[name] = None
            self._note()
        return self.session.read.parquet(path)

    def hold(self, name: str, frame: DataFrame) -> DataFrame:
        """Rows that only a part of a stage needs several times; held on the executors' disks.

        What comes back no longer shows the plan by which the rows were made, since plans that hold plans grow
        until planning takes longer than the work; Spark still makes rows anew that it has lost.
        """
        self.drop(name)
        self.kept[name] = frame.persist(StorageLevel.DISK_ONLY)
        java: Any = frame._jdf
        session: Any = self.session._jsparkSession
        return DataFrame(session.createDataFrame(java.javaRDD(), java.schema()), self.session)

    def fact(self, name: str, make: Callable[[], int]) -> int:
        """A number that a stage found."""
        if name not in self.done:
            self.done[name] = int(make())
            if self.folder:
                self._note()
        return int(self.done[name])

    def facts(self, name: str, make: Callable[[], Any]) -> list[int]:
        """Several numbers at once, out of a row."""
        if name not in self.done:
            self.done[name] = [int(x) for x in make()]
            if self.folder:
                self._note()
        return list(self.done[name])

    def once(self, name: str, work: Callable[[], None]) -> None:
        """Does something that an interrupted run has not done yet."""
        if name not in self.done:
            work()
            self.done[name] = None
            if self.folder:
                self._note()

    def drop(self, name: str) -> None:
        """Gives back what no later stage reads; a folder keeps it until the end."""
        if name in self.kept:
            self.kept.pop(name).unpersist()

    def close(self, *, finished: bool = False) -> None:
        """Gives everything back; the folder only when the run is finished."""
        for name in list(self.kept):
            self.drop(name)
        if self.folder and finished:
            self.files.remove(self.folder)
