"""The hash chain: how a row's hash is made, how the chain is verified, what its head is.

A changed row no longer gives its hash; a removed, added or reordered one breaks the numbering or the
``previous`` of its successor; a cut tail or a chain made anew from some row on is seen against heads that
were exported earlier (Haber and Stornetta 1991, linear linking).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

FIELDS = (
    "id",
    "at",
    "actor",
    "action",
    "object_type",
    "object_id",
    "object_name",
    "before",
    "after",
    "reason",
    "address",
    "previous",
)
GENESIS = "0" * 64
LOCK = 0x6C756F73
"""Key of the PostgreSQL advisory lock that makes one writer of the chain at a time."""

GATE = LOCK + 1
"""Key of the one that every service passes and a restore shuts."""

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's last row: its number and hash; number 0 before the first."""

    id: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and at which row."""

    id: int
    what: str


@dataclass(slots=True)
class Verdict:
    """The outcome of a verification: rows read, the head found, the faults (at most 100)."""

    rows: int = 0
    head: Head = field(default_factory=lambda: Head(0, GENESIS))
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def hash_of(values: Iterable[object]) -> str:
    """Hash of a row's :data:`FIELDS`, in that order.

    :raises TypeError: for what no column of ours holds (somebody put bytes there).
    """
    return hashlib.sha256(_encode(list(values)).encode("ascii")).hexdigest()


def lock() -> None:
    """Waits until no other transaction appends to the chain; held until this one ends.

    On SQLite a transaction that writes (``BEGIN IMMEDIATE``) is alone already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def enter() -> None:
    """Waits while a restore exchanges all rows; a service does so first, before it holds any row."""
    _gate("pg_advisory_xact_lock_shared")


def shut() -> None:
    """Waits until the services that run have ended; none begins before this transaction ends."""
    _gate("pg_advisory_xact_lock")


def _gate(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [GATE])


def head() -> Head:
    """The chain's last row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, hash FROM audit_auditevent ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    return Head(*row) if row else Head(0, GENESIS)


def _rows() -> Iterator[tuple[object, ...]]:
    columns = ", ".join(FIELDS)
    after = -(1 << 63)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns}, hash FROM audit_auditevent WHERE id > %s ORDER BY id LIMIT {_BATCH}",  # noqa: S608 our own column names
                [after],
            )
            some = cursor.fetchall()
        if not some:
            return
        yield from some
        after = some[-1][0]


def _digest(row: tuple[object, ...]) -> str:
    try:
        return hash_of(row[:-1])
    except TypeError:
        return ""


def verify(heads: Iterable[Head] = ()) -> Verdict:
    """Reads the whole chain; ``heads`` are ones exported earlier that must stand in it."""
    out = Verdict()
    expected = {h.id: h.hash for h in heads if h.id}
    at, previous = 0, GENESIS
    for row in _rows():
        out.rows += 1
        number = row[0]
        if not isinstance(number, int):  # SQLite keeps anything in any column
            out.faults.append(Fault(at + 1, f"a row has no number but {str(number)[:40]!r}"))
            break
        if number <= at:
            out.faults.append(Fault(number, "was added before the first row"))
        elif number != at + 1:
            out.faults.append(Fault(number, f"rows {at + 1} to {number - 1} are missing"))
        elif row[-2] != previous:
            out.faults.append(Fault(number, "does not follow the row before it"))
        if _digest(row) != row[-1]:
            out.faults.append(Fault(number, "was changed"))
        if expected and expected.pop(number, row[-1]) != row[-1]:
            out.faults.append(Fault(number, "differs from the head exported for it"))
        if number <= at:
            continue
        at, previous = number, str(row[-1])
        if len(out.faults) >= 100:
            break
    out.head = Head(at, previous)
    if not out.faults and expected:
        gone = max(expected)
        out.faults.append(Fault(gone, f"the chain ends at {at}, a head was exported for {gone}"))
    return out


def export_head(path: Path) -> Head:
    """Appends the chain's head to a file (number, hash, time; tab-separated), unless it stands there already.

    Kept apart from the database (another disk, paper, a superior office) it shows a cut tail.
    """
    now = head()
    known = read_heads(path)
    if now.id and (not known or known[-1] != now):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as f:
            f.write(f"{now.id}\t{now.hash}\t{datetime.now(UTC).isoformat(timespec='seconds')}\n")
    return now


def read_heads(path: Path) -> list[Head]:
    """The heads in a file that :func:`export_head` wrote; lines that are none are passed over."""
    if not path.is_file():
        return []
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split("\t")
        if len(parts) >= 2 and parts[0].isdigit() and len(parts[1]) == 64:
            out.append(Head(int(parts[0]), parts[1]))
    return out


def append(rows: Iterable[Mapping[str, str]]) -> None:
    """Appends events; called last in a transaction, for the lock is held to its end."""
    lock()
    last = head()
    number, previous = last.id, last.hash
    columns = ", ".join((*FIELDS, "hash"))
    marks = ", ".join(["%s"] * (len(FIELDS) + 1))
    values: list[list[Any]] = []
    for row in rows:
        number += 1
        full = [number, *[row[name] for name in FIELDS[1:-1]], previous]
        previous = hash_of(full)
        values.append([*full, previous])
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO audit_auditevent ({columns}) VALUES ({marks})", values)  # noqa: S608 our own column names
