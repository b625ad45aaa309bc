"""Rows by the hundred thousand: plain INSERTs with numbers given beforehand, for both databases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max, Model
from django.utils import timezone

_BATCH = 5000


def next_id(model: type[Model]) -> int:
    """The first free number of a table."""
    found = model._default_manager.aggregate(m=Max("pk"))["m"]
    return (found or 0) + 1


def insert(rows: Iterable[Model]) -> int:
    """Writes unsaved rows of one table whose keys are set; how many. Dates set by Django are set here."""
    some = iter(rows)
    count = 0
    while batch := list(islice(some, _BATCH)):
        _write(batch)
        count += len(batch)
    return count


def _write(batch: Sequence[Model]) -> None:
    now = timezone.now()
    meta = batch[0]._meta
    fields = list(meta.concrete_fields)
    columns = ", ".join(f'"{f.column}"' for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    automatic = {
        f.attname for f in fields if getattr(f, "auto_now", False) or getattr(f, "auto_now_add", False)
    }

    def value(row: Any, field: Any) -> Any:
        plain = getattr(row, field.attname)
        if plain is None and field.attname in automatic:
            plain = now
        return field.get_db_prep_save(plain, connection=connection)

    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({marks})',  # noqa: S608 our own names
            [[value(row, f) for f in fields] for row in batch],
        )


def settle(models: Sequence[type[Model]]) -> None:
    """After numbers were given by hand: the counters go on from there; the planner learns the tables."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
