"""Backup: a consistent state of a running installation, in one archive, read back before it counts."""

from __future__ import annotations

import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from luoshi.errors import WriteFailed
from luoshi_web.audit import chain
from luoshi_web.operations import tables
from luoshi_web.operations.archive import HEADS, Writer

Rows = Any


@dataclass(slots=True)
class Report:
    """What a backup wrote: ``rows`` by table, ``files``, and originals that were ``missing`` or altered."""

    path: Path
    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    head: int = 0
    missing: list[str] = field(default_factory=list)


def write(path: Path, *, alone: bool = False, rows_only: bool = False) -> Report:
    """Writes an archive of the installation while its server runs.

    :param rows_only: without originals and readings.
    :param alone: the caller's transaction keeps every other writer out already.

    All rows come from one snapshot: SQLite's by a read transaction in WAL mode, PostgreSQL's by a read-only
    one with repeatable read. Nobody waits for it. The originals of those rows are on the disk already, since
    they are kept before a row names them.

    :raises LuoshiError: when the disk is full or the database cannot be read; nothing is left behind.
    """
    report = Report(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with Writer(path) as out:
            with snapshot(alone=alone) as rows:
                _state(out)
                for table in tables.tables():
                    report.rows[table.name] = out.table(table, rows(table))
                out.manifest["head"] = _head(rows)
                report.head = out.manifest["head"]["id"]
                originals, readings = ([], []) if rows_only else (_originals(rows), _readings(rows))
            _files(out, report, originals, readings)
            out.manifest["missing"] = report.missing
            out.finish().close()
    except OSError as error:
        raise WriteFailed(
            f"{path} cannot be written: {error.strerror or error}.", hint="Make room there."
        ) from None
    report.files = len(out.manifest["files"])
    report.bytes = path.stat().st_size
    return report


@contextmanager
def snapshot(*, alone: bool = False) -> Iterator[Rows]:
    """A function that gives a table's rows in portable form, all as they stood at one moment."""
    if connection.vendor == "postgresql":
        if alone:
            yield tables.read
            return
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield tables.read
        return
    # a connection of its own: Django's begins every transaction as a writer
    name = Path(connection.settings_dict["NAME"]).resolve()
    own = sqlite3.connect(f"{name.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=30)
    try:
        own.execute("BEGIN")

        def rows(table: tables.Table) -> Iterator[list[Any]]:
            cursor = own.execute(f'SELECT {table.names} FROM "{table.name}"')  # noqa: S608 names from the models
            return tables.portable(table, cursor)

        yield rows
    finally:
        own.close()


def _state(out: Writer) -> None:
    out.manifest |= {
        "program": version("luoshi"),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": tables.applied(),
    }


def _table(name: str, *columns: str) -> tables.Table:
    return tables.Table(name, tuple(tables.Column(*c.split(":")) for c in columns))


def _head(rows: Rows) -> dict[str, Any]:
    number, digest = 0, "0" * 64
    for i, h in rows(_table("audit_auditevent", "id:whole", "hash:text")):
        if i > number:
            number, digest = i, h
    return {"id": number, "hash": digest}


def _originals(rows: Rows) -> list[tuple[str, str]]:
    some = rows(_table("library_file", "sha256:text", "name:text"))
    return sorted((sha256, name) for sha256, name in some)


def _readings(rows: Rows) -> list[str]:
    from luoshi_web.library.models.documents import reading_name

    some = rows(_table("library_version", "key:text", "text_sha256:text"))
    return sorted({reading_name(key, text) for key, text in some})


def _files(out: Writer, report: Report, originals: list[tuple[str, str]], readings: list[str]) -> None:
    told = settings.LUOSHI
    for sha256, name in originals:
        path: Path = told.files / sha256[:2] / sha256
        try:
            with path.open("rb") as f:
                whole = out.file(f"files/{sha256}", f, sha256)
        except FileNotFoundError:
            whole = False
        if not whole:
            report.missing.append(f"{sha256} {name}")
    for name in readings:
        path = told.readings / name
        if path.is_file():
            with path.open("rb") as f:
                out.file(f"readings/{name}", f)
    last = out.manifest["head"]["id"]
    heads = [
        h for h in chain.read_heads(told.heads) if h.id <= last
    ]  # one exported since is of a later state
    if heads:
        out.file(HEADS, io.BytesIO("".join(f"{h.id}\t{h.hash}\n" for h in heads).encode()))


def room(path: Path, needed: int) -> None:
    """Whether so many bytes fit there.

    :raises WriteFailed: when they do not.
    """
    free = shutil.disk_usage(path).free
    if free < needed:
        raise WriteFailed(
            f"{path} has {free >> 20} MB left; {needed >> 20} MB are needed.", hint="Make room there."
        )
