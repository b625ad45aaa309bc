"""The examination of an installation: what is wrong, how bad it is, and what to do."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from luoshi_web.audit import chain, triggers
from luoshi_web.operations import tables

OK, WARNING, FAULT = "ok", "warning", "FAULT"
GIGABYTE = 1 << 30
ALIVE = "worker.alive"
"""A file in the data folder that the worker touches twice a minute."""
BACKUPS = "backups.tsv"
"""A file in the data folder with a line for each backup: time, file, bytes, head."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    about: str
    state: str
    what: str
    todo: str = ""


Findings = Iterator[Finding]


def examine(*, deep: bool = False) -> Findings:
    """Looks at everything; a check that fails itself is a fault, and those that need it are left out.

    :param deep: reads every original and compares its sha256.
    """
    for check in (data_folder, secret_key, addresses, disk, static_files, programs):
        yield from _guarded(check)
    reachable = True
    for finding in _guarded(database):
        reachable &= finding.state != FAULT
        yield finding
    if not reachable:
        return
    for check in (audit_triggers, audit_chain, clock, administrators, worker, search_index, backups):
        yield from _guarded(check)
    yield from _guarded(lambda: originals(deep=deep))
    yield from _guarded(readings)


def _guarded(check: Callable[[], Findings]) -> Findings:
    name = getattr(check, "__name__", "files").replace("_", " ").strip("<>")
    try:
        yield from check()
    except (DatabaseError, OSError, ValueError) as error:
        todo = "See the server's log."
        if isinstance(error, DatabaseError):
            todo = "Check that the database runs, and database_url in luoshi.toml."
        yield Finding(name, FAULT, f"could not be examined: {str(error).strip()}", todo)


# --- the machine --------------------------------------------------------------------------------------------


def data_folder() -> Findings:
    """Is it there, ours, writable, and closed to others?"""
    data: Path = settings.LUOSHI.data
    told = data.stat()
    if not os.access(data, os.W_OK | os.X_OK):
        yield Finding(
            "data folder", FAULT, f"{data} cannot be written.", f"chown -R the server's user: {data}"
        )
    elif told.st_mode & 0o007:
        yield Finding(
            "data folder", WARNING, f"everybody on this machine may look into {data}.", f"chmod 700 {data}"
        )
    else:
        yield Finding("data folder", OK, str(data))
    others = [p for p in data.iterdir() if p.stat().st_uid != told.st_uid]
    if others:
        names = ", ".join(p.name for p in others[:5])
        yield Finding("data folder", FAULT, f"{names}: of another user than the folder.", f"chown -R: {data}")


def secret_key() -> Findings:
    """Long enough, and readable by its owner only."""
    told = settings.LUOSHI
    path: Path = told.data / "secret.key"
    if len(told.secret_key) < 40:
        yield Finding(
            "secret key",
            FAULT,
            "it is shorter than 40 characters.",
            f"Remove {path}; luoshi serve makes one.",
        )
    elif path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding("secret key", FAULT, f"others may read {path}.", f"chmod 600 {path}")
    else:
        yield Finding("secret key", OK, "there, and private")


def addresses() -> Findings:
    """Names, TLS, proxies, and switches that do not belong to real work."""
    told = settings.LUOSHI
    local = set(told.hosts) <= {"127.0.0.1", "localhost", "::1"}
    if told.debug:
        yield Finding(
            "settings",
            FAULT,
            "debug is on: tracebacks are shown to visitors.",
            "Remove debug from luoshi.toml.",
        )
    if told.demo:
        yield Finding(
            "settings",
            WARNING,
            "this is a demo: its passwords stand on the sign-in page.",
            "Use luoshi init.",
        )
    if local:
        yield Finding(
            "hosts",
            WARNING,
            "only this machine's own name is answered.",
            'Set hosts = ["name"] in luoshi.toml.',
        )
    elif "*" in told.hosts:
        yield Finding(
            "hosts", FAULT, "every name is answered.", "Name the server's own names in luoshi.toml."
        )
    else:
        yield Finding("hosts", OK, ", ".join(told.hosts))
    if not local and not told.https:
        yield Finding(
            "https",
            WARNING,
            "passwords travel unprotected.",
            "Put a proxy with TLS before it; https = true, proxies = 1.",
        )
    if told.https and not told.proxies:
        yield Finding(
            "https",
            FAULT,
            "https is on and no proxy is counted: every form would fail.",
            "Set proxies = 1 in luoshi.toml.",
        )


def disk() -> Findings:
    """Room for the database, and for the archive that a restore keeps aside."""
    data: Path = settings.LUOSHI.data
    free = shutil.disk_usage(data).free
    used = sum(p.stat().st_size for p in data.rglob("*") if p.is_file())
    said = f"{free / GIGABYTE:.1f} GB free; the installation takes {used / GIGABYTE:.2f} GB"
    if free < GIGABYTE // 2:
        yield Finding("disk", FAULT, said, "Make room, or move the data folder.")
    elif free < max(2 * GIGABYTE, used):
        yield Finding("disk", WARNING, said, "Make room before the next backup or restore.")
    else:
        yield Finding("disk", OK, said)


def static_files() -> Findings:
    """Are styles and scripts gathered, those of this version?"""
    from django.contrib.staticfiles.finders import get_finders
    from django.contrib.staticfiles.storage import staticfiles_storage as storage

    if not hasattr(storage, "hashed_files"):
        return
    known = storage.hashed_files
    lacking = []
    for finder in get_finders():
        for name, place in finder.list([]):
            with place.open(name) as f:
                digest = hashlib.md5(f.read(), usedforsecurity=False).hexdigest()[:12]
            made = known.get(name, "")
            plain = not name.endswith((".css", ".js"))  # their hash is of what they refer to as well
            if not made or not storage.exists(made) or (plain and digest not in made):
                lacking.append(name)
    if lacking:
        what = f"{len(lacking)} are missing or old ({lacking[0]})."
        yield Finding("static files", FAULT, what, "Start luoshi serve again: it gathers them.")
    else:
        yield Finding("static files", OK, f"{len(known)} files")


def programs() -> Findings:
    """What some formats need."""
    if shutil.which("soffice") is None:
        what = "LibreOffice is not installed: DOC, WPS, RTF and ODT cannot be read."
        yield Finding("formats", WARNING, what, "apt-get install libreoffice-writer")
    else:
        yield Finding("formats", OK, "LibreOffice is there")
    lister = shutil.which("fc-list")
    told = ""
    if lister:
        told = subprocess.run(
            [lister, ":lang=zh"], capture_output=True, text=True, check=False, timeout=30
        ).stdout
    if not told.strip():
        what = "no Chinese font: pages of PDF and OFD files without fonts of their own look empty."
        yield Finding("fonts", WARNING, what, "apt-get install fonts-noto-cjk fontconfig")
    else:
        yield Finding("fonts", OK, f"{len(told.splitlines())} fonts with Chinese")


# --- the database -------------------------------------------------------------------------------------------


def database() -> Findings:
    """Does it answer, is it of the right kind, is its schema this program's?"""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
            )
            number, encoding = cursor.fetchone()
            if number < 150000 or encoding != "UTF8":
                what = f"PostgreSQL {number // 10000} with {encoding}."
                yield Finding("database", FAULT, what, "Use PostgreSQL 15 or newer, with UTF8.")
                return
            yield Finding("database", OK, f"PostgreSQL {number // 10000}")
        else:
            cursor.execute("PRAGMA journal_mode")
            (mode,) = cursor.fetchone()
            cursor.execute("PRAGMA quick_check(1)")
            (sound,) = cursor.fetchone()
            if sound != "ok":
                yield Finding("database", FAULT, f"SQLite says: {sound}", "luoshi restore the latest backup.")
                return
            yield Finding(
                "database",
                OK if mode == "wal" else FAULT,
                f"SQLite, journal {mode}",
                ""
                if mode == "wal"
                else "Put the data folder on a local disk: WAL works on no network share.",
            )
    done, known = tables.applied(), tables.known()
    if newer := [m for m in done if m not in known and m[0] in {a for a, _n in known}]:
        what = f"it was made by a newer program ({' '.join(newer[0])})."
        yield Finding("schema", FAULT, what, "Install that version.")
    elif behind := [m for m in known if m not in done]:
        what = f"{len(behind)} migrations are missing ({' '.join(behind[0])})."
        yield Finding("schema", FAULT, what, "luoshi backup, then luoshi serve: it migrates.")
    else:
        yield Finding("schema", OK, f"{len(done)} migrations")


def audit_triggers() -> Findings:
    """Do both databases still refuse to change events?"""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
                " WHERE t.tgrelid = 'audit_auditevent'::regclass AND t.tgenabled IN ('O', 'A')"
                " AND p.prosrc LIKE '%RAISE EXCEPTION%'"
            )
            there = {r[0] for r in cursor.fetchall()}
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
            known = {" ".join(r[0].split()) for r in cursor.fetchall()}
            mine = [s for s in triggers.STATEMENTS["sqlite"] if " ".join(s.split()) in known]
            there = {s.split()[2] for s in mine}
    wanted = {s.split()[2] for s in triggers.STATEMENTS[connection.vendor] if s.startswith("CREATE TRIGGER")}
    if missing := sorted(wanted - there):
        what = f"{', '.join(missing)}: gone or switched off. Events could be changed."
        yield Finding(
            "audit triggers", FAULT, what, "Find out who did it; luoshi audit verify; luoshi doctor --mend."
        )
    else:
        yield Finding("audit triggers", OK, "they refuse changes")


def audit_chain() -> Findings:
    """Is every event as it was written, and does the file of heads agree?"""
    path: Path = settings.LUOSHI.heads
    heads = chain.read_heads(path)
    verdict = chain.verify(heads)
    if not verdict.sound:
        first = verdict.faults[0]
        yield Finding(
            "audit chain",
            FAULT,
            f"row {first.id}: {first.what}",
            "luoshi audit verify names all; tell the audit administrator.",
        )
    else:
        yield Finding("audit chain", OK, f"{verdict.rows:,} events, head {verdict.head.hash[:12]}")
    if not verdict.rows:
        return
    todo = "luoshi audit head, and keep a copy elsewhere; while luoshi serve runs, its worker does so daily."
    if not heads:
        what = f"{path.name} is missing or empty: a cut tail of the chain would not be seen."
        yield Finding("audit heads", WARNING, what, todo)
    elif heads[-1].id < verdict.head.id and time.time() - path.stat().st_mtime > 2 * 86400:
        days = int((time.time() - path.stat().st_mtime) / 86400)
        yield Finding("audit heads", WARNING, f"the last one was exported {days} days ago.", todo)
    else:
        yield Finding("audit heads", OK, f"the last one at {heads[-1].id:,}")


def clock() -> Findings:
    """Does time go forward, and do program and database agree on it?"""
    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(at) FROM audit_auditevent")
        (last,) = cursor.fetchone()
        if last and datetime.fromisoformat(last) > now + timedelta(seconds=5):
            yield Finding(
                "clock", FAULT, f"the last event was written at {last}, which is to come.", "Set the clock."
            )
            return
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            away = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
            if away > 5:
                yield Finding(
                    "clock",
                    WARNING,
                    f"the database's differs by {away:.0f} s.",
                    "Let both follow one time server.",
                )
                return
    yield Finding("clock", OK, now.isoformat(timespec="seconds"))


def administrators() -> Findings:
    """Is each of the three there, so that none must stand in for another?"""
    from luoshi_web.organisation.models import ADMINISTRATORS, Grant

    held = set(Grant.objects.filter(account__is_active=True).values_list("role", flat=True))
    if lacking := sorted(str(a.value) for a in ADMINISTRATORS if a not in held):
        what = f"nobody is {', '.join(lacking)}."
        yield Finding(
            "administrators",
            WARNING,
            what,
            "luoshi init makes the three; else let the security administrator grant.",
        )
    else:
        yield Finding("administrators", OK, "all three are there")


# --- the work -----------------------------------------------------------------------------------------------


def worker() -> Findings:
    """Does somebody do long work, and is any of it stuck?"""
    from luoshi_web.library.models import Job, JobState

    path: Path = settings.LUOSHI.data / ALIVE
    ago = time.time() - path.stat().st_mtime if path.is_file() else None
    waiting = Job.objects.filter(state=JobState.WAITING).count()
    failed = Job.objects.filter(state=JobState.FAILED).count()
    said = f"{waiting} jobs wait, {failed} failed"
    if ago is None or ago > 120:
        since = "never" if ago is None else f"not for {ago / 60:.0f} minutes"
        yield Finding(
            "worker", FAULT if waiting else WARNING, f"seen {since}; {said}.", "Is luoshi serve running?"
        )
    else:
        yield Finding("worker", OK, said)


def search_index() -> Findings:
    """Does the index hold what the register holds?"""
    from luoshi_web.search import index

    if found := index.faults():
        yield Finding(
            "search index", WARNING, found[0], "The worker makes it anew; else luoshi doctor --mend."
        )
    else:
        yield Finding("search index", OK, "complete")


def backups() -> Findings:
    """When was the last one?"""
    path: Path = settings.LUOSHI.data / BACKUPS
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    if not lines:
        yield Finding("backup", WARNING, "there never was one.", "luoshi backup FILE; see docs/how-to.md.")
        return
    at, where = lines[-1].split("\t")[:2]
    days = (datetime.now(UTC) - datetime.fromisoformat(at)).days
    state, todo = (WARNING, "luoshi backup FILE") if days > 7 else (OK, "")
    yield Finding("backup", state, f"the last one was {days} days ago: {where}", todo)


def originals(*, deep: bool) -> Findings:
    """Is every original there, and its bytes what they were?"""
    from luoshi_web.library.models import File

    missing, altered, count = [], [], 0
    for file in File.objects.only("sha256", "name", "size").iterator(2000):
        count += 1
        try:
            size = file.path.stat().st_size
        except FileNotFoundError:
            missing.append(file)
            continue
        if size != file.size or (deep and _sha256(file.path) != file.sha256):
            altered.append(file)
    for some, word in ((missing, "missing"), (altered, "altered")):
        for file in some[:20]:
            yield Finding(
                "originals",
                FAULT,
                f"{word}: {file.name} ({file.sha256})",
                "Upload the same file again, or take it from a backup: luoshi restore.",
            )
        if len(some) > 20:
            yield Finding(
                "originals", FAULT, f"{len(some) - 20} more are {word}.", "luoshi restore the latest backup."
            )
    if not missing and not altered:
        yield Finding("originals", OK, f"{count:,} files" + (", each with its sha256" if deep else ""))


def _sha256(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def readings() -> Findings:
    """Is there what comparisons need?"""
    from luoshi_web.library.models import Document, Version

    current = Document.objects.filter(current__isnull=False).values("current")
    some: Any = Version.objects.filter(pk__in=current).select_related("file", "document")
    some = some.only("key", "text_sha256", "file__name", "document__title").order_by("pk").iterator(2000)
    missing = [v for v in some if not v.reading_path.is_file()]
    if missing:
        yield Finding(
            "readings",
            WARNING,
            f"{len(missing)} documents cannot be compared anew, their structure is gone"
            f" ({missing[0].document.title}, {missing[0].file.name}); what was compared stays.",
            "Upload the same files again, or restore a backup that was made while it was there.",
        )
    else:
        yield Finding("readings", OK, "complete")


def mend() -> list[str]:
    """Mends what can be mended without asking: triggers, the search index; what was done."""
    from luoshi_web.audit.services import maintenance
    from luoshi_web.search import index

    done = []
    if any(f.state == FAULT for f in audit_triggers()):
        with maintenance("triggers"), connection.cursor() as cursor:
            for statement in (*triggers.DROP[connection.vendor], *triggers.STATEMENTS[connection.vendor]):
                cursor.execute(statement)
        done.append("The audit's triggers are on again.")
    if index.faults():
        index.rebuild()
        done.append("The search index was made anew.")
    return done
