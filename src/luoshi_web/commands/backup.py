"""``luoshi backup``: the whole installation in one archive, while the server runs."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from luoshi.errors import UsageError
from luoshi.text.messages import say
from luoshi_web.commands import common

PROBLEMS = 4


def run(
    file: Annotated[Path, typer.Argument(help="The archive to write.")],
    data: common.Data = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Back up all tables and originals into one archive, which either database can restore.

    Works while the server runs, and reads the archive back before it counts. The secret key and luoshi.toml
    are not in it. Exit code 4 when originals are missing or altered; the archive is written all the same.
    """
    folder = common.start(data)
    if file.is_dir() or (file.exists() and not force):
        raise UsageError(f"{file} exists already.", hint="Name another file, or give --force.")
    from luoshi_web.operations import backup, doctor

    since = time.perf_counter()
    report = backup.write(file.resolve())
    done = (
        f"{file}: {sum(report.rows.values()):,} rows of {len(report.rows)} tables, {report.files:,} files, "
        f"{report.bytes / 1e6:,.1f} MB, in {time.perf_counter() - since:.1f} s. Read back: sound."
    )
    print(say(done))
    head = report.head
    with (folder / doctor.BACKUPS).open("a", encoding="utf-8") as f:
        f.write(
            f"{datetime.now(UTC).isoformat(timespec='seconds')}\t{file.resolve()}\t{report.bytes}\t{head}\n"
        )
    for name in report.missing:
        print(say(f"Missing or altered original: {name}"))
    if report.missing:
        raise typer.Exit(PROBLEMS)
