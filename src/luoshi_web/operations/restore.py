"""Restore: an archive becomes the state of an installation, whole or not at all, while its server runs.

The rows go to staging tables first, where nobody sees them and where their digests are compared with the
archive's. Then, in one transaction that holds the chain's lock, the present rows go, the staged ones come,
all are read back and compared again, and the restore becomes an event of the chain. Nobody sees any of it
until that transaction ends; a process that dies in it leaves the old state. What was there is kept as an
archive of its own in ``DIR/before-restore``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import DatabaseError, OperationalError, connection, transaction

from luoshi.errors import LuoshiError, WriteFailed
from luoshi_web.audit import chain, triggers
from luoshi_web.audit.services import SYSTEM, maintenance, record, service
from luoshi_web.operations import backup, tables
from luoshi_web.operations.archive import HEADS, BadArchive, Reader
from luoshi_web.operations.tables import Digest, Table
from luoshi_web.operations.upgrade import upgraded
from luoshi_web.search.engines import engine
from luoshi_web.search.models import Entry, State

ASIDE = "before-restore"
_STAGE = "staged_"

NOTHING = "Nothing was restored."
ATTEMPTS = 5


@dataclass(slots=True)
class Report:
    """What a restore did."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    aside: Path | None = None
    was: chain.Head = field(default_factory=lambda: chain.Head(0, chain.GENESIS))
    missing: list[str] = field(default_factory=list)


def run(archive: Reader) -> Report:
    """Restores an archive into the database and the data folder of this installation.

    :raises BadArchive: when it is cut, altered, of a newer program; nothing was changed then.
    :raises LuoshiError: when the database refuses its rows, or the disk is full; nothing was changed then.
    """
    report = Report(missing=list(archive.manifest.get("missing", ())))
    data = settings.LUOSHI.data
    try:
        needed = sum(size for size, _h in archive.files.values()) + 10 * archive.path.stat().st_size
        backup.room(data, needed)
        with upgraded(archive, data) as rows:
            _files(archive, report)
            _rows(rows, report)
        _heads(archive, report)
    except DatabaseError as error:
        raise LuoshiError(
            f"The database refused the archive's rows: {str(error).strip()[:300]}", hint=NOTHING
        ) from None
    except OSError as error:
        raise WriteFailed(f"{error.strerror or error}: {error.filename or data}", hint=NOTHING) from None
    return report


def _rows(archive: Reader, report: Report) -> None:
    pairs = _pairs(archive)
    with maintenance("restore"), _Aside() as aside, _staging():
        for table in pairs.values():
            _stage(table, archive)
        report.aside = aside.wait()
        for attempt in range(ATTEMPTS):
            try:
                with _all_at_once(), transaction.atomic():
                    _exchange(archive, pairs, report)
                break
            except OperationalError:  # PostgreSQL chose this transaction of two that waited for each other
                if attempt == ATTEMPTS - 1 or connection.vendor != "postgresql":
                    raise


@contextmanager
def _all_at_once() -> Iterator[None]:
    """SQLite looks at references once, when all rows are there, not at each row that goes or comes."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.enable_constraint_checking()


def fill(archive: Reader) -> None:
    """Brings an archive's rows into an empty database of its version; nothing else may use that."""
    pairs = _pairs(archive)
    with _staging():
        for table in pairs.values():
            _stage(table, archive)
        with _all_at_once(), transaction.atomic(), connection.cursor() as cursor:
            _replace(cursor, list(pairs.values()))


def compared(archive: Reader) -> bool:
    """Whether archive and database are of one version, as far as both have an app.

    :raises BadArchive: when the archive is of a newer one.
    """
    mine, other = tables.applied(), archive.manifest.get("migrations", [])
    both = {a for a, _n in mine} & {a for a, _n in other}
    newer = [m for m in other if m not in tables.known() and m[0] in both]
    if newer:
        raise BadArchive(
            f"{archive.path} was made by a newer version of the program ({' '.join(newer[0])}).",
            hint="Update the program first. Nothing was restored.",
        )
    return [m for m in mine if m[0] in both] == [m for m in other if m[0] in both]


def _pairs(archive: Reader) -> dict[str, Table]:
    """The tables to be filled, as the archive has them; not those of an extra that one side lacks.

    :raises BadArchive: when a table has another form here, or holds rows and does not exist here.
    """
    here = {t.name: t for t in tables.tables()}
    out = {}
    for name, table in archive.tables.items():
        if name in here and {c.name for c in table.columns} == {c.name for c in here[name].columns}:
            out[name] = table
        elif name in here or archive.manifest["tables"][name]["rows"]:
            raise BadArchive(
                f"This installation has no table {name} of the archive's form.",
                hint="Install the extras (oidc?) that were there when the archive was made.",
            )
    return out


# --- files --------------------------------------------------------------------------------------------------


def _files(archive: Reader, report: Report) -> None:
    """Originals and readings: named by their content, so that those of the old state stay beside them."""
    told = settings.LUOSHI
    for name in archive.files:
        place, _slash, base = name.partition("/")
        if place == "files":
            target = told.files / base[:2] / base
        elif place == "readings":
            target = told.readings / base
        else:
            continue
        _write(archive.file(name), target, keep=place == "files")
        report.files += 1


def _write(chunks: Iterator[bytes], target: Path, *, keep: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".restored-{os.getpid()}-{target.name}")
    try:
        with beside.open("wb") as f:
            for chunk in chunks:
                f.write(chunk)
        if keep:
            beside.chmod(0o440)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _heads(archive: Reader, report: Report) -> None:
    """The exported heads of the restored chain; those of the old one go to the archive beside."""
    path: Path = settings.LUOSHI.heads
    if path.is_file() and report.aside is not None:
        shutil.copy2(path, report.aside.with_suffix(".heads.tsv"))
    text = b"".join(archive.file(HEADS)) if HEADS in archive.files else b""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(text)
    beside.replace(path)
    chain.export_head(path)


# --- rows ---------------------------------------------------------------------------------------------------


@contextmanager
def _staging() -> Iterator[None]:
    """A place for rows that nobody sees: PostgreSQL's temporary tables, a database file beside SQLite's."""
    if connection.vendor == "postgresql":
        yield
        _drop_staged()
        return
    path = settings.LUOSHI.data / f"restore-{os.getpid()}.sqlite3"
    path.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("ATTACH DATABASE %s AS staging", [str(path)])
        cursor.execute("PRAGMA staging.journal_mode=OFF")
        cursor.execute("PRAGMA staging.synchronous=OFF")
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("DETACH DATABASE staging")
        finally:
            path.unlink(missing_ok=True)


def _drop_staged() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DISCARD TEMP")


def _staged(table: Table) -> str:
    return f'"{_STAGE}{table.name}"' if connection.vendor == "postgresql" else f'staging."{table.name}"'


def _stage(table: Table, archive: Reader) -> None:
    """Brings a table's rows to staging; the archive compares their digest at the end."""
    name, vendor = _staged(table), connection.vendor
    rows = tables.stored(table, archive.rows(table.name), vendor)
    with transaction.atomic(), connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute(
                f'CREATE TEMP TABLE {name} AS SELECT {table.names} FROM "{table.name}" WITH NO DATA'  # noqa: S608
            )
            with cursor.copy(f"COPY {name} ({table.names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        cursor.execute(f'CREATE TABLE {name} AS SELECT {table.names} FROM main."{table.name}" WHERE 0')  # noqa: S608
        marks = ", ".join("?" * len(table.columns))
        connection.connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608


def _exchange(archive: Reader, pairs: dict[str, Table], report: Report) -> None:
    """The old rows go, the staged ones come and are compared; the caller's transaction holds it together."""
    _hold(pairs)
    report.was = chain.head()
    if report.aside is not None and _kept_head(report.aside) != report.was.id:
        backup.write(report.aside, alone=True)  # somebody wrote meanwhile: once more, now that nobody can
    with connection.cursor() as cursor:
        _replace(cursor, list(pairs.values()))
    connection.check_constraints()
    _count_on(list(pairs))
    for table in pairs.values():
        report.rows[table.name] = _compare(archive, table)
    _forget_index()
    _note(by=SYSTEM, archive=archive, was=report.was)


def _forget_index() -> None:
    """Until the worker has made the search index anew, a search finds nothing rather than what is no more."""
    engine().clear()
    Entry.objects.all().delete()
    State.objects.all().delete()


def _replace(cursor: Any, some: list[Table]) -> None:
    """The rows of tables are the staged ones; the chain's triggers are off meanwhile."""
    for statement in triggers.DROP[connection.vendor]:
        cursor.execute(statement)
    _clear(cursor, some)
    for table in some:
        cursor.execute(
            f'INSERT INTO "{table.name}" ({table.names}) SELECT {table.names} FROM {_staged(table)}'  # noqa: S608
        )
    for statement in triggers.STATEMENTS[connection.vendor]:
        cursor.execute(statement)


def _hold(pairs: dict[str, Table]) -> None:
    """Waits until nobody else writes; readers go on. First the services, which hold rows of many tables and
    would wait for each other with a lock on all; then the tables, then the chain, as every service does."""
    chain.shut()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE " + ", ".join(f'"{n}"' for n in pairs) + " IN EXCLUSIVE MODE")
    chain.lock()


def _kept_head(path: Path) -> int:
    with Reader(path) as kept:
        return int(kept.manifest["head"]["id"])


def _clear(cursor: Any, some: list[Table]) -> None:
    from django.contrib.sessions.models import Session

    names = sorted({t.name for t in [*tables.tables(), *some]} | {Session._meta.db_table})
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("TRUNCATE " + ", ".join(f'"{n}"' for n in names))
        return
    cursor.execute("PRAGMA defer_foreign_keys = ON")
    for name in names:
        cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 names from the models


def _compare(archive: Reader, table: Table) -> int:
    """Reads a table back; its number of rows.

    :raises BadArchive: when they are not the archive's.
    """
    digest = Digest()
    for row in tables.read(table):
        digest.add(tables.line(row))
    told = archive.manifest["tables"][table.name]
    if (digest.rows, digest.value) != (told["rows"], told["digest"]):
        raise BadArchive(
            f"After restoring, the rows of {table.name} are not those of the archive.",
            hint=NOTHING,
        )
    return digest.rows


def _count_on(names: list[str]) -> None:
    """Numbers of new rows go on after the restored ones."""
    from django.apps import apps

    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.db_table in names]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


@service("site.restore")
def _note(*, by: Any, archive: Reader, was: chain.Head) -> None:
    told = archive.manifest
    record(
        ("site.archive", str(told["head"]["id"]), archive.path.name),
        before={"head": was.id, "hash": was.hash},
        after={"head": told["head"]["id"], "hash": told["head"]["hash"], "made": told["made"]},
    )


class _Aside:
    """Writes the present state as an archive, in a process of its own while the new rows are staged.

    Its ``path`` is ``None`` where there is nothing yet.
    """

    def __init__(self) -> None:
        self.path: Path | None = None
        if not chain.head().id:
            return
        folder: Path = settings.LUOSHI.data / ASIDE
        folder.mkdir(exist_ok=True)
        self.path = folder / f"{datetime.now():%Y%m%d-%H%M%S}.luoshi"
        command = [sys.executable, "-m", "luoshi", "backup", str(self.path), "--force"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self) -> _Aside:
        return self

    def __exit__(self, *_: object) -> None:
        if self.path is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.communicate()

    def wait(self) -> Path | None:
        """Waits until it is written; where it lies.

        :raises LuoshiError: when it cannot be written: then nothing is restored.
        """
        if self.path is None:
            return None
        _told, wrong = self._process.communicate()
        if not self.path.is_file():
            raise LuoshiError(f"The present state could not be kept: {wrong.strip()[:300]}", hint=NOTHING)
        return self.path
