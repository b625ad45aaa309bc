"""``luoshi extract``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from luoshi.cli.common import as_json, note, progress, tell
from luoshi.pipeline import extract_rows

HELP = """
Find commitments, entities, units and dates in rows of text that stand alone.

ROWS.jsonl holds one JSON object a line with id, text and perhaps date (2025-03-01), the day from which
"this year" and "by the end of the month" are reckoned. The same rows are written to FILE with
commitments, entities, units and dates.

Example: luoshi extract rows.jsonl --out found.jsonl
"""


def run(
    rows: Annotated[Path, typer.Argument(metavar="ROWS.jsonl", help="Rows with id, text, date.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> int:
    """Runs :func:`luoshi.pipeline.extract_rows`."""
    with progress(json) as show:
        done = extract_rows(rows, out, show)
    for problem in done.problems:
        note(f"warning: {problem}")
    if json:
        as_json({"rows": done.rows, "out": str(out), "problems": list(done.problems)})
    else:
        tell(f"{done.rows} rows written to {out}")
    return 4 if done.problems else 0
