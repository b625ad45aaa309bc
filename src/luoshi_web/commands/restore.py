"""``luoshi restore``: an archive becomes the installation's state, whole or not at all."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from luoshi.errors import UsageError
from luoshi.text.messages import say
from luoshi_web.commands import common

PROBLEMS = 4


def run(
    file: Annotated[Path, typer.Argument(help="The archive that luoshi backup wrote.")],
    data: common.Data = None,
    check: Annotated[bool, typer.Option("--check", help="Only examine the archive; change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Restore an archive, into a new folder or over what is there; a running server goes on with it.

    The archive is examined before anything changes, the rows again before they count. What was there is
    kept in DIR/before-restore. Everybody must sign in again.
    """
    since = time.perf_counter()
    common.need_web()
    from luoshi_web.operations.archive import Reader

    with Reader(file) as archive:
        if check:
            archive.check()
            told = archive.manifest
            print(
                say(f"{file} is sound: made {told['made']} by {told['program']}, head {told['head']['id']}.")
            )
            return
        folder = common.start(data, must_exist=False)
        from luoshi_web.audit.chain import head
        from luoshi_web.operations import restore, tables

        done = tables.applied()
        if any(m not in done for m in tables.known()):
            common.migrate()  # else not: it would make a search index that is thrown away

        if not yes and (old := head().id):
            ask = f"{folder} holds an installation with {old} events. Replace its state (it is kept aside)?"
            if not typer.confirm(say(ask)):
                raise UsageError("Nothing was restored.", hint="Answer y to restore, or give --yes.")
        report = restore.run(archive)
    rows, seconds = sum(report.rows.values()), time.perf_counter() - since
    print(say(f"Restored {rows:,} rows, {report.files:,} files in {seconds:.1f} s. Sound."))
    print(say("The search index is made anew by the worker; until then a search finds part of it."))
    if report.aside is not None:
        print(say(f"What was there (head {report.was.id}) is kept in {report.aside}."))
    for name in report.missing:
        print(say(f"Missing already when the archive was made: {name}"))
    if report.missing:
        raise typer.Exit(PROBLEMS)
