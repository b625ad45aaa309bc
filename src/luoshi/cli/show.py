"""``luoshi show``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from luoshi.cli.common import as_json
from luoshi.errors import UsageError
from luoshi.model import Records, to_row
from luoshi.pipeline import load
from luoshi.text.messages import language

HELP = """
Show one record with its evidence in its context.

ID is the id of any record, or the beginning of one that no other shares.

Example: luoshi show c0a1b2c3d4e5f6a --out records/
"""


def run(
    id: Annotated[str, typer.Argument(metavar="ID", help="Id of a record.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder that luoshi build wrote.", show_default=False)
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the record as JSON.")] = False,
) -> int:
    """Finds a record and prints it."""
    rows = load(out)
    table, row = find(rows, id)
    if json:
        as_json({"table": table, **to_row(row)})
    else:
        from luoshi.report import terminal

        terminal.show(rows, table, row, language=language())
    return 0


def find(rows: Records, wanted: str) -> tuple[str, Any]:
    """The table and the row whose id is, or alone begins with, ``wanted``.

    :raises UsageError: when there is none, or more than one.
    """
    some = []
    for table in Records.TABLES:
        for row in getattr(rows, table):
            if row.id == wanted:
                return table, row
            if wanted and row.id.startswith(wanted):
                some.append((table, row))
    if len(some) == 1:
        return some[0]
    if not some:
        raise UsageError(
            f"No record has the id {wanted}.", hint="Ids stand in the .jsonl files and in the workbook."
        )
    raise UsageError(
        f"{len(some)} records have ids that begin with {wanted}: {', '.join(r.id for _, r in some[:5])} …",
        hint="Give more of the id.",
    )
