"""Every table as portable rows: the same plain values whichever database they come from or go to.

A row is a list of plain JSON values in the order of its columns: times are UTC with microseconds, dates
ISO, UUIDs hex, JSON columns the text of their value with its keys in order, since PostgreSQL keeps none. The
digest of a table is the sum, modulo 2^256, of the sha256 of its rows, so that it depends on no order.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from luoshi.errors import LuoshiError

SKIPPED = frozenset({"django_session", "search_entry", "search_state"})
"""Tables that no archive holds: an ended session must not live again; the search index is made anew."""
MODULUS = 1 << 256
BATCH = 2000

_WHOLE = {
    "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField",
    "PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField",
}  # fmt: skip
_TEXT = {
    "CharField",
    "TextField",
    "SlugField",
    "FileField",
    "GenericIPAddressField",
    "URLField",
    "EmailField",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name and what it holds (whole, text, real, truth, time, day, uuid, json)."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its columns, the key first."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> str:
        """The columns' names, for a statement."""
        return ", ".join(f'"{c.name}"' for c in self.columns)


def applied() -> list[list[str]]:
    """The migrations that the database has seen, sorted."""
    return sorted([a, n] for a, n in MigrationRecorder(connection).applied_migrations())


def known() -> list[list[str]]:
    """The migrations that this program knows, sorted."""
    return sorted([a, n] for a, n in MigrationExecutor(connection).loader.graph.nodes)


def tables() -> list[Table]:
    """All tables as they stand in the database, be it of this program's version or of an earlier one.

    :raises LuoshiError: when the database was made by a newer program.
    """
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    done = [(app, name) for app, name in applied()]
    strange = [m for m in done if m not in graph.nodes and m not in executor.loader.replacements]
    if strange:
        raise LuoshiError(
            f"The database was made by a newer program ({strange[-1][0]} {strange[-1][1]}).",
            hint="Use the program that made it, or a newer one.",
        )
    state = executor.loader.project_state([m for m in done if m in graph.nodes])
    out = []
    for model in state.apps.get_models(include_auto_created=True):
        meta = model._meta
        if not meta.managed or meta.proxy or meta.swapped or meta.db_table in SKIPPED:
            continue
        fields = sorted(meta.concrete_fields, key=lambda f: not f.primary_key)
        columns = tuple(Column(str(f.column), _kind(f)) for f in fields)
        out.append(Table(meta.db_table, columns))
    return sorted(out, key=lambda t: t.name)


def _kind(field: Any) -> str:
    while field.is_relation:
        field = field.target_field
    name = field.get_internal_type()
    if name in _WHOLE:
        return "whole"
    if name in _TEXT:
        return "text"
    kinds = {
        "FloatField": "real", "BooleanField": "truth", "DateTimeField": "time", "DateField": "day",
        "UUIDField": "uuid", "JSONField": "json",
    }  # fmt: skip
    if name not in kinds:
        raise LuoshiError(f"No portable form is known for {field} ({name}).")
    return kinds[name]


# --- from a database's value to the portable one ------------------------------------------------------------


def _time(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(UTC) if value.utcoffset() else value
        return str(value.isoformat(" ", "microseconds"))[:26]
    text = str(value).replace("T", " ").removesuffix("+00:00").removesuffix("Z")
    return text if "." in text else text + ".000000"


def _day(value: Any) -> str:
    return str(value)[:10]


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_ordered = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_LARGE = re.compile(r"[0-9]{16}|[eE]\+")


@lru_cache(1 << 16)
def _json_text(text: str) -> str:
    """The same text for the same value: PostgreSQL keeps no order of keys and writes 1e16 out."""
    value = json.loads(text)
    return str(_ordered(_even(value) if _LARGE.search(text) else value))


def _even(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        return [_even(v) for v in value]
    if isinstance(value, dict):
        return {k: _even(v) for k, v in value.items()}
    return value


_OUT: dict[str, Callable[[Any], Any]] = {
    "whole": int,
    "text": str,
    "real": float,
    "truth": bool,
    "time": _time,
    "day": _day,
    "uuid": lambda v: str(v).replace("-", ""),
    "json": _json_text,
}


def portable(table: Table, rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
    """A database's rows in portable form."""
    makers = [None if c.kind in ("whole", "text", "real") else _OUT[c.kind] for c in table.columns]
    plain = (int, str, float)
    for row in rows:
        yield [
            v if v is None or (make is None and v.__class__ in plain) else (make or str)(v)
            for v, make in zip(row, makers, strict=True)
        ]


def read(table: Table) -> Iterator[list[Any]]:
    """The rows of a table through Django's connection, a few thousand at a time, in portable form."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(f'SELECT {table.names} FROM "{table.name}"')  # noqa: S608 names from the models
        while some := cursor.fetchmany(BATCH):
            yield from portable(table, some)


# --- from the portable value to a database's ----------------------------------------------------------------


def stored(table: Table, rows: Iterable[list[Any]], vendor: str) -> Iterator[list[Any]]:
    """Portable rows as a database takes them, without Django's fields between."""
    times = [i for i, c in enumerate(table.columns) if c.kind == "time"]
    truths = [i for i, c in enumerate(table.columns) if c.kind == "truth"]
    for row in rows:
        for i in times:
            if row[i] is not None:
                row[i] = row[i] + "+00" if vendor == "postgresql" else row[i].removesuffix(".000000")
        if vendor == "sqlite":
            for i in truths:
                row[i] = row[i] if row[i] is None else int(row[i])
        yield row


# --- digests ------------------------------------------------------------------------------------------------


class Digest:
    """Adds up the hashes of a table's rows."""

    def __init__(self) -> None:
        self.rows = 0
        self.sum = 0

    def add(self, told: bytes) -> None:
        """Counts a row in, given as its :func:`line`."""
        self.rows += 1
        self.sum += int.from_bytes(hashlib.sha256(told).digest(), "big")

    @property
    def value(self) -> str:
        """The digest so far, in hex."""
        return f"{self.sum % MODULUS:064x}"


def line(row: list[Any]) -> bytes:
    """A row as it stands in an archive and enters a digest."""
    return _encode(row).encode("utf-8", "surrogatepass")
