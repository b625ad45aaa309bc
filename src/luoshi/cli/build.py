"""``luoshi build``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from luoshi.cli.common import AllowSecrecy, as_json, progress, remarks, tell
from luoshi.model import to_row
from luoshi.pipeline import Built, Options, build

HELP = """
Read documents and write their records, the workbook, the Word task book and the HTML report.

PATH is a file or a folder. A folder that an earlier run wrote is updated; any other folder that is not
empty is refused.

Example: luoshi build documents/ --out records/
"""


def run(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files and folders to read.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the records.", show_default=False)],
    lineage: Annotated[
        bool,
        typer.Option("--lineage/--no-lineage", help="Compare every pair of documents (links, coverage)."),
    ] = True,
    reports: Annotated[
        bool,
        typer.Option("--reports/--no-reports", help="Write the workbook, the task book and the HTML report."),
    ] = True,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write every table as Parquet too.")] = False,
    max_mb: Annotated[int, typer.Option("--max-mb", min=1, help="Refuse files above this size.")] = 64,
    allow_secrecy: AllowSecrecy = "",
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes; 0 is one per core.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no summary.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> int:
    """Runs :func:`luoshi.pipeline.build` and tells what came of it."""
    if lineage:
        from luoshi.kernels import lean

        lean()
    options = Options(
        lineage=lineage,
        reports=reports,
        parquet=parquet,
        max_bytes=max_mb * 1024 * 1024,
        allow_secrecy=allow_secrecy,
        workers=workers,
    )
    with progress(quiet or json) as show:
        built = build(paths, out, options, show)
    if json:
        as_json(
            {
                "out": str(built.out),
                "files": [str(p) for p in built.files],
                "counts": built.counts,
                "unchanged": built.unchanged,
                "timings": built.timings,
                "problems": [to_row(p) for p in built.problems],
            }
        )
    elif not quiet:
        _tell(built)
    return 4 if any(p.severity == "error" for p in built.problems) else 0


def _tell(built: Built) -> None:
    remarks(built.problems, str(built.out / "problems.jsonl"))
    n = built.counts
    counts = (
        f"{n['documents']} documents, {n['provisions']} provisions, {n['commitments']} commitments, "
        f"{n['links']} links, {n['coverage']} requirements checked, {n['terms']} terms"
    )
    tell(f"{counts} (unchanged since the last run)" if built.unchanged else counts)
    for path in built.files:
        if path.suffix in (".html", ".xlsx", ".docx"):
            tell(f"  {path}  (open this first)" if path.name == "report.html" else f"  {path}")
    tell(f"Records for programs, one table a file: {built.out}/*.jsonl")
