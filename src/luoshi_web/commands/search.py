"""``luoshi search``: is the search's index sound; make it anew."""

from __future__ import annotations

import time

import typer

from luoshi.text.messages import say
from luoshi_web.commands import common

app = typer.Typer(
    help="Check the index of the search, or make it anew.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def check(data: common.Data = None) -> None:
    """Compare the index with documents, versions and commitments.

    Exit code 0 when nothing is missing or too much, 1 when something is.
    """
    common.start(data)
    from luoshi_web.search import index

    faults = index.faults()
    for fault in faults:
        print(say(f"The search: {fault}."))
    if faults:
        print(say("Mend it with: luoshi search rebuild"))
        raise typer.Exit(1)
    print(say("The index of the search is sound."))


@app.command()
def rebuild(data: common.Data = None) -> None:
    """Make the index anew; the server may run meanwhile, but searches do not find all until it is done."""
    common.start(data)
    from luoshi_web.search import index

    since = time.perf_counter()
    n = index.rebuild()
    print(say(f"{n} entries in {time.perf_counter() - since:.1f} s"))
