"""``luoshi readers``."""

from __future__ import annotations

from typing import Annotated

import typer

from luoshi.cli.common import as_json
from luoshi.read import readers
from luoshi.text.messages import say

HELP = """
List the formats that can be read, and readers that failed to load.

Example: luoshi readers
"""


def run(json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False) -> int:
    """Prints every installed reader with the extensions that it is usually found under."""
    some = readers()
    if json:
        as_json(
            [
                {
                    "name": r.name,
                    "extensions": list(r.extensions),
                    "from": r.target,
                    "problem": r.error or r.lacks,
                }
                for r in some
            ]
        )
        return 0
    column = max((len(" ".join(r.extensions)) for r in some), default=0)
    for r in some:
        print(f"{r.name:10} {' '.join(r.extensions):{column}}  {say(r.error or r.lacks or 'ready')}")
    return 0
