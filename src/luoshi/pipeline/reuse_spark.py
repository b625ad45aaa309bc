"""The search for text reuse handed to Spark: texts read here, laid down as Parquet, searched there."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from luoshi.engines.storage import Storage
from luoshi.errors import LuoshiError, MissingExtra
from luoshi.pipeline.progress import Progress
from luoshi.pipeline.reuse_input import Reading
from luoshi.reuse.corpus import About, Corpus, corpus, digests, symbols
from luoshi.reuse.finish import Passages
from luoshi.reuse.settings import Settings
from luoshi.reuse.words import Words, words

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(slots=True)
class KeptReading(Reading):
    """Reads as :class:`Reading` does and lays every text down, numbered, in a Parquet file."""

    file: Path = Path("documents.parquet")

    def batches(self) -> Iterator[list[tuple[About, str]]]:
        """Documents with their texts, some millions of characters at a time, each laid down."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        # Binary, since a text may hold half a surrogate pair, which is no UTF-8.
        schema = pa.schema([("number", pa.int64()), ("text", pa.large_binary())])
        number = 0
        with pq.ParquetWriter(self.file, schema, compression="zstd") as writer:
            for batch in Reading.batches(self):
                texts = [t.encode("utf-8", "surrogatepass") for _, t in batch]
                numbers = range(number, number + len(texts))
                number += len(texts)
                writer.write_table(pa.table({"number": numbers, "text": texts}, schema=schema))
                yield batch


def on_spark(
    session: SparkSession, reading: Reading, folder: Path, settings: Settings, show: Progress
) -> tuple[Corpus, Passages, Words, Settings, dict[str, float]]:
    """The documents, their passages and terms, the settings as settled, and how long each job took.

    :param reading: what is read; problems gather in it.
    :param folder: for the texts and columns; where the cluster is on other machines they must see it too.
    :raises MissingExtra: when pyspark or pyarrow is missing.
    :raises LuoshiError: when Spark gives up.
    """
    try:
        import pyarrow  # noqa: F401
        from pyspark.errors import PySparkException

        from luoshi.engines.spark import JOBS, SparkEngine
    except ImportError:
        raise MissingExtra(
            "Spark is not installed.", hint="Install it with: pip install 'luoshi[spark]'"
        ) from None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        began = time.perf_counter()
        show.stage("read", 1)
        kept = KeptReading(
            reading.paths, reading.id_field, reading.text_field, reading.out, reading.problems,
            reading.sources, spool=reading.spool, place=reading.place, file=folder / "documents.parquet",
        )  # fmt: skip
        about, columns = kept.into(Storage(folder / "columns"))
        size = len(columns.sym)
        whole = corpus(
            about,
            symbols([]),
            digest=digests(columns),
            same_series=settings.same_series,
            copies=settings.df_cap,
        )
        terms = words(columns)
        timings = {"read": time.perf_counter() - began}
        show.stage("spark", len(JOBS))
        engine = SparkEngine(session=session, settings=settings, done=lambda job: show.step())
        documents = session.read.parquet(kept.file.resolve().as_uri())
        passages = engine.passages(documents, whole, symbols=size)
        return whole, passages, terms, settings.for_size(size), {**timings, **engine.timings}
    except PySparkException as error:
        raise LuoshiError(f"Spark gave up: {_first_line(error)}", hint="See its log above.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _first_line(error: Any) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[0][:300]
