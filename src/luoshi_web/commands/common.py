"""What the web's verbs share. Nothing here imports Django before it is known to be installed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from luoshi.errors import MissingExtra, OutputError, UsageError

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Folder of the installation (else LUOSHI_DATA, else ./luoshi-data).",
        show_default=False,
    ),
]


def start(data: Path | None, *, must_exist: bool = True, database: bool = True) -> Path:
    """Readies Django for the installation in ``data``; the folder.

    :param database: whether the verb can do nothing without it; the doctor can.
    :raises MissingExtra: when the web's packages are not installed.
    :raises UsageError: when there is no installation.
    :raises OutputError: when folder or database cannot be used.
    """
    need_web()
    import django

    if data is not None:
        os.environ["LUOSHI_DATA"] = str(data.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "luoshi_web.settings"
    from luoshi_web import config

    folder = config.data_folder()
    if must_exist and not (folder / config.KEY_FILE).is_file():
        raise UsageError(
            f"There is no installation in {folder}.", hint=f"Make one: luoshi init --data {folder}"
        )
    os.umask(0o077)  # nobody else on the machine reads the register
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be used: {error.strerror}.", hint="Name another folder with --data."
        ) from None
    if os.geteuid() == 0 != folder.stat().st_uid:
        raise UsageError(
            f"{folder} belongs to another user; what root writes there, the server could not.",
            hint=f"sudo -u {folder.owner()} luoshi …",
        )
    config.make_key(folder)
    (folder / "tmp").mkdir(exist_ok=True)
    config.current.cache_clear()
    config.current()
    django.setup()
    if database:
        _answers()
    return folder


def _answers() -> None:
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        told = str(error).strip().splitlines() or [type(error).__name__]
        raise OutputError(
            f"The database does not answer: {told[0]}.",
            hint="Check that it runs, and database_url in luoshi.toml; luoshi doctor looks at everything.",
        ) from None


def need_web() -> None:
    """Whether the web's packages are there.

    :raises MissingExtra: when one is not.
    """
    try:
        import django  # noqa: F401
        import granian  # noqa: F401
    except ImportError as error:
        raise MissingExtra(
            f"The web application needs {error.name}.", hint="Install it with: pip install 'luoshi[web]'"
        ) from None


def migrate() -> None:
    """Brings the database's schema to this program's version and gathers the static files."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
