"""``luoshi doctor``: what is wrong with an installation, and what to do."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from luoshi.text.messages import language, say
from luoshi_web.commands import common


def run(
    data: common.Data = None,
    deep: Annotated[bool, typer.Option("--deep", help="Read every original and compare its sha256.")] = False,
    mend: Annotated[bool, typer.Option("--mend", help="Put triggers and search index right first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per finding.")] = False,
) -> None:
    """Examine an installation: folder, key, settings, disk, database, audit chain, originals, worker, backup.

    Each line says what was looked at and, where something is wrong, what to do. Exit code 0 when there is no
    fault (warnings may be), 1 otherwise.
    """
    common.start(data, database=False)
    from luoshi_web.operations import doctor

    if mend:
        for line in doctor.mend():
            print(say(line))
    chinese = language() == "zh"
    colon, column, gap = ("：", 3, " " * 5) if chinese else (": ", 8, " " * 8)
    faults = 0
    for f in doctor.examine(deep=deep):
        faults += f.state == doctor.FAULT
        if as_json:
            print(json.dumps(asdict(f), ensure_ascii=False))
            continue
        print(f"{say(f.state):<{column}} {say(f.about)}{colon}{say(f.what)}")
        if f.todo:
            print(f"{gap} → {say(f.todo)}")
    if not as_json:
        print(say(f"{faults} faults." if faults else "Nothing is at fault."))
    raise typer.Exit(1 if faults else 0)
