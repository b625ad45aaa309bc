"""``luoshi audit``: is the chain of events sound?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from luoshi.errors import UsageError
from luoshi.text.messages import say
from luoshi_web.commands import common

app = typer.Typer(
    help="Verify the audit chain, or export its head.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def verify(
    data: common.Data = None,
    head: Annotated[
        list[Path] | None, typer.Option(help="A file of heads kept elsewhere, checked too; may be repeated.")
    ] = None,
) -> None:
    """Read the whole chain: changed, removed, added or reordered rows and a cut tail are named.

    Exit code 0 when it is sound, 1 when not.
    """
    for path in head or []:
        if not path.is_file():
            raise UsageError(
                f"{path} does not exist.", hint="Name the file that luoshi audit head was kept in."
            )
    common.start(data)
    from django.conf import settings

    from luoshi_web.audit import chain

    heads = [h for path in [settings.LUOSHI.heads, *(head or [])] for h in chain.read_heads(path)]
    since = time.perf_counter()
    verdict = chain.verify(heads)
    seconds = time.perf_counter() - since
    print(say(f"{verdict.rows} rows in {seconds:.2f} s ({verdict.rows / max(seconds, 1e-9):,.0f} rows/s)"))
    if verdict.sound:
        print(say(f"Sound. Head: {verdict.head.id} {verdict.head.hash}"))
        return
    for fault in verdict.faults:
        print(say(f"Row {fault.id}: {fault.what}"))
    raise typer.Exit(1)


@app.command()
def head(data: common.Data = None) -> None:
    """Print the chain's head and append it to audit-heads.tsv; keep a copy elsewhere."""
    common.start(data)
    from django.conf import settings

    from luoshi_web.audit import chain

    now = chain.export_head(settings.LUOSHI.heads)
    print(f"{now.id}\t{now.hash}")
