"""``luoshi reuse``."""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from luoshi.cli.common import as_json, interruptible, progress, remarks, tell
from luoshi.cli.spark import spark_session
from luoshi.errors import UsageError
from luoshi.model import to_row

if TYPE_CHECKING:
    from luoshi.pipeline.reuse import Reused

HELP = """
Find the passages that the documents of a corpus share: who repeated whom, and which clause spread where.

INPUT is a file of rows (.jsonl, .jsonl.gz, .parquet) with id, text and perhaps date, level, series, a folder
of such files, or documents as luoshi build reads them. Written are passages, clusters (families of a passage
with their earliest source) and documents (the share of each that another covers), for people summary.html and
passages.csv, which a spreadsheet opens.

Example: luoshi reuse corpus.jsonl --out reuse/
"""

STAYS = (
    "Interrupted. What stood in the output folder before is unchanged. Run the same command again:"
    " stages finished on disk are not done again."
)
LEAST_MEMORY = 1 << 10
"""What is given is a goal for buffers, no promise about the whole process; below this it means nothing."""
UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def size(text: str) -> int:
    """Bytes of ``4G``, ``500M``.

    :raises UsageError: when it is no size, or less than anything can be done with.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?", text.strip().lower())
    if not match:
        raise UsageError(f"{text} is no size.", hint="Write it like 4G or 500M.")
    bytes_ = int(float(match[1]) * UNITS[match[2]])
    if bytes_ < LEAST_MEMORY:
        raise UsageError(f"--memory must be at least 1K, not {text}.", hint="Write it like 4G or 500M.")
    return bytes_


def run(
    paths: Annotated[list[Path], typer.Argument(metavar="INPUT", help="Files of rows, documents, folders.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the tables.", show_default=False)],
    preset: Annotated[str, typer.Option(help="thorough, or fast (longer seeds).")] = "thorough",
    n: Annotated[
        int | None, typer.Option("-n", help="Characters of a seed, 4 to 30 (a word counts 1.5).")
    ] = None,
    least: Annotated[
        int | None, typer.Option("--min", help="Smallest passage, in characters, 4 to 10000.")
    ] = None,
    df_cap: Annotated[
        int | None,
        typer.Option(
            "--df-cap", help="Seeds that stand more often lead only to their first place; 2 to 250."
        ),
    ] = None,
    same_series: Annotated[
        bool, typer.Option("--same-series/--no-same-series", help="Also compare documents of one series.")
    ] = False,
    id_field: Annotated[str, typer.Option("--id-field", help="Field with the id of a row.")] = "id",
    text_field: Annotated[str, typer.Option("--text-field", help="Field with the text of a row.")] = "text",
    memory: Annotated[str, typer.Option("--memory", help="Memory to keep within, like 4G.")] = "4G",
    engine: Annotated[
        str, typer.Option("--engine", help="local, or spark (this machine, or the cluster of SPARK_MASTER).")
    ] = "local",
    threads: Annotated[int, typer.Option("--threads", min=0, help="0 is one per core.")] = 0,
    top: Annotated[
        int, typer.Option("--top", min=0, max=100_000, help="Passages in passages.csv; 0 for no such file.")
    ] = 2_000,
    language: Annotated[
        str, typer.Option("--language", help="zh or en: of passages.csv; the summary opens with it.")
    ] = "zh",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Write JSON Lines instead of Parquet.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no summary.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> int:
    """Runs :func:`luoshi.pipeline.reuse.reuse` and tells what came of it."""
    from luoshi.kernels import lean

    lean()
    from luoshi.pipeline.reuse import ReuseOptions, reuse
    from luoshi.reuse.settings import preset as settings_of

    _known(language, engine)
    options = ReuseOptions(
        settings=settings_of(preset, n=n, least=least, df_cap=df_cap, same_series=same_series or None),
        jsonl=jsonl, id_field=id_field, text_field=text_field, memory=size(memory), threads=threads,
        top=top, language="en" if language == "en" else "zh",
    )  # fmt: skip
    with (
        interruptible(STAYS),
        spark_session(options.memory) if engine == "spark" else nullcontext() as session,
        progress(quiet or json) as show,
    ):
        done = reuse(paths, out, options, show, session=session)
    if json:
        as_json(_row(done))
    elif not quiet:
        _told(done)
    return 4 if any(p.severity == "error" for p in done.problems) else 0


def _known(language: str, engine: str) -> None:
    if language not in ("zh", "en"):
        raise UsageError(f"There is no language {language}.", hint="Languages: zh, en")
    if engine not in ("local", "spark"):
        raise UsageError(f"There is no engine {engine}.", hint="Engines: local, spark")


def _row(done: Reused) -> dict[str, Any]:
    """What came of it, for programs."""
    return {
        "out": str(done.out), "files": [str(p) for p in done.files], "counts": done.counts,
        "timings": done.timings, "problems": [to_row(p) for p in done.problems],
    }  # fmt: skip


def _told(done: Reused) -> None:
    """What came of it, for people."""
    remarks(done.problems, str(done.out / "problems.jsonl"))
    c = done.counts
    tell(f"{c['passages']} passages in {c['documents']} pairs of documents")
    for path in done.files:
        tell(f"  {path}  (open this first)" if path.name == "summary.html" else f"  {path}")
