"""``luoshi demo``: the made-up province, ready to be looked at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from luoshi.errors import UsageError
from luoshi_web.commands import common, serve


def run(
    data: Annotated[Path, typer.Option(help="Folder of the demo installation.")] = Path("luoshi-demo"),
    port: serve.Port = 8000,
    host: serve.Host = "127.0.0.1",
) -> None:
    """Set up the demo province and serve it; prints one line with the address once it serves.

    Accounts and their password are named on the sign-in page. Nothing of it is meant for real work.
    """
    data = data.resolve()
    settings = data / "luoshi.toml"
    if (
        data.exists()
        and any(data.iterdir())
        and not (settings.is_file() and "demo = true" in settings.read_text())
    ):
        raise UsageError(f"{data} holds something else than a demo.", hint="Name another folder with --data.")
    data.mkdir(parents=True, exist_ok=True)
    settings.write_text("demo = true\n")
    os.environ.pop("DATABASE_URL", None)
    common.start(data, must_exist=False)
    serve.free(host, port)
    common.migrate()
    from luoshi_web.site import demo

    demo.load(Path(__file__).parent / "demo_documents")
    serve.supervise(host, port, processes=1, workers=1)
