"""The systems that are compared: how each is called, and how its passages are read."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoring import Case

PASSIM = "import sys; from passim import main; main(sys.argv[1:])"
PASSIM_OPTIONS = ("-n", "8", "-m", "3", "-a", "20", "--floating-ngrams", "--fields", "id", "--to-extents")
"""What finds most in Chinese; it stops where the passages are known and spares it to write them out."""


@dataclass(frozen=True)
class System:
    """:param command: from corpus and folder for the output; ``read`` gives the passages from that folder."""

    name: str
    command: Callable[[Path, Path], list[str]]
    read: Callable[[Path], Iterator[Case]]
    env: tuple[tuple[str, str], ...] = ()


def ours(preset: str, options: tuple[str, ...] = ()) -> System:
    """``luoshi reuse``."""

    def command(corpus: Path, out: Path) -> list[str]:
        call = [sys.executable, "-m", "luoshi", "reuse", str(corpus), "--out", str(out)]
        return [*call, "--preset", preset, "--json", *options]

    return System(f"luoshi {preset}", command, read_ours)


def peer(text: str) -> System:
    """Of ``NAME=COMMAND`` with ``{corpus}`` and ``{out}`` in the command.

    ``passim=PATH`` with the Python that has passim 2 is enough; any other system is to leave rows with ``id, begin,
    end, id2, begin2, end2`` (or ``a, a_start …``) as JSON Lines or Parquet below ``{out}``.

    :raises ValueError: when there is no name.
    """
    name, _, call = text.partition("=")
    if not (name and call):
        raise ValueError(f"{text} is not NAME=COMMAND")
    if name == "passim" and "{" not in call:
        env = (("PYSPARK_SUBMIT_ARGS", "--master local[2] --driver-memory 10g pyspark-shell"),
               ("PYSPARK_PYTHON", call))  # fmt: skip
        return System(
            name,
            lambda corpus, out: [call, "-c", PASSIM, *PASSIM_OPTIONS, str(corpus), str(out)],
            read_rows,
            env,
        )

    def command(corpus: Path, out: Path) -> list[str]:
        return [word.format(corpus=corpus, out=out) for word in shlex.split(call)]

    return System(name, command, read_rows)


def read_ours(out: Path) -> Iterator[Case]:
    """The rows of passages.parquet."""
    import pyarrow.parquet as pq

    columns = ["a", "a_start", "a_end", "b", "b_start", "b_end"]
    for batch in pq.ParquetFile(out / "passages.parquet").iter_batches(1 << 16, columns=columns):
        for a, x, y, b, u, v in zip(*(c.to_pylist() for c in batch.columns), strict=True):
            yield Case(a, (x, y), b, (u, v))


def read_rows(out: Path) -> Iterator[Case]:
    """Rows of whatever files with passages lie below ``out``: passim's align or extents, or a system's own."""
    import pyarrow.parquet as pq

    for path in sorted(out.rglob("*")):
        if path.is_dir():
            continue
        if path.suffix == ".parquet":
            names = set(pq.read_schema(path).names)
            wanted = FIELDS[0] if set(FIELDS[0]) <= names else FIELDS[1]
            if set(wanted) <= names:
                yield from map(case, pq.read_table(path, columns=list(wanted)).to_pylist())
        elif path.suffix in (".json", ".jsonl"):
            with path.open(encoding="utf-8") as f:
                yield from map(case, map(json.loads, f))


FIELDS = (("id", "begin", "end", "id2", "begin2", "end2"), ("a", "a_start", "a_end", "b", "b_start", "b_end"))


def case(row: dict[str, Any]) -> Case:
    """A row of a peer as a detection."""
    a, x, y, b, u, v = (row[k] for k in FIELDS["a_start" in row])
    return Case(a, (x, y), b, (u, v))
