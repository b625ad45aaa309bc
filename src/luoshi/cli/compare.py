"""``luoshi compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from luoshi.cli.common import AllowSecrecy, as_json, progress
from luoshi.model import Records, to_row
from luoshi.pipeline import Options, compare
from luoshi.text.messages import language

HELP = """
Show what a lower document carries on of an upper one, and which requirements have no answer.

Nothing is written.

Example: luoshi compare opinion-central.md plan-city.txt
"""


def run(
    upper: Annotated[Path, typer.Argument(help="The document from above.")],
    lower: Annotated[Path, typer.Argument(help="The document that answers it.")],
    max_mb: Annotated[int, typer.Option("--max-mb", min=1, help="Refuse files above this size.")] = 64,
    allow_secrecy: AllowSecrecy = "",
    json: Annotated[bool, typer.Option("--json", help="Print links and coverage as JSON.")] = False,
) -> int:
    """Runs :func:`luoshi.pipeline.compare` and prints its tables."""
    from luoshi.kernels import lean

    lean()
    options = Options(max_bytes=max_mb * 1024 * 1024, allow_secrecy=allow_secrecy)
    with progress(json) as show:
        rows, ups, lows = compare(upper, lower, options, show)
    only = between(rows, ups, lows)
    if json:
        tables = {
            t: [to_row(r) for r in getattr(only, t)] for t in ("documents", "links", "coverage", "unsourced")
        }
        as_json({**tables, "problems": [to_row(p) for p in rows.problems]})
    else:
        from luoshi.report import terminal

        terminal.compare(only, language=language())
    return 0


def between(rows: Records, ups: list[str], lows: list[str]) -> Records:
    """The records with only the links and coverage from the given lower to the given upper documents."""
    upper, lower = set(ups), set(lows)
    links = [x for x in rows.links if x.upper.document in upper and x.lower.document in lower]
    return Records(
        documents=[d for d in rows.documents if d.id in upper | lower],
        provisions=rows.provisions,
        sentences=rows.sentences,
        commitments=rows.commitments,
        links=links,
        coverage=[c for c in rows.coverage if c.evidence.document in upper and c.lower_document in lower],
        unsourced=[u for u in rows.unsourced if u.evidence.document in lower],
        problems=rows.problems,
        texts=rows.texts,
    )
