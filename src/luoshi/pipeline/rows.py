"""Text that stands alone: rows in, the same rows with what was found in them out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from luoshi import structure
from luoshi.errors import UsageError
from luoshi.extract import extract
from luoshi.model import to_row
from luoshi.pipeline.progress import Progress, Silent
from luoshi.pipeline.store import writing
from luoshi.text import units


@dataclass(frozen=True, slots=True)
class Extracted:
    """How many rows were written, and what was wrong with which line."""

    rows: int
    problems: tuple[str, ...]


def extract_rows(source: Path, out: Path, progress: Progress | None = None) -> Extracted:
    """Reads JSON Lines with ``id``, ``text`` and perhaps ``date`` (ISO), writes them with ``commitments``,
    ``entities``, ``units`` and ``dates``.

    Lines that do not fit are reported and left out. ``out`` is written beside and renamed.

    :raises UsageError: when ``source`` cannot be read, is ``out`` itself, or no line of it fits.
    """
    if out.resolve() == source.resolve():
        raise UsageError(f"--out would replace {source} itself.", hint="Name another file with --out.")
    try:
        lines = source.read_bytes().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror}.", hint="Check the path.") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{source} is not UTF-8 text (byte {error.start}).", hint="Save it as UTF-8."
        ) from error
    problems: list[str] = []
    rows = list(_rows(source, lines, problems))
    if not rows:
        raise UsageError(
            f"{source} holds no row with id and text.",
            hint="\n".join(problems[:3])
            or 'A row looks like {"id": "1", "text": "到2027年建成…", "date": "2025-03-01"}',
        )
    show = progress or Silent()
    show.stage("extract", len(rows))
    beside = out.with_name(out.name + ".new")
    with writing(out):
        try:
            with beside.open("w", encoding="utf-8", newline="\n") as f:
                for row in rows:
                    f.write(json.dumps(_extracted(row), ensure_ascii=False) + "\n")
                    show.step()
                f.flush()
                os.fsync(f.fileno())
            beside.replace(out)
        finally:
            beside.unlink(missing_ok=True)
    return Extracted(len(rows), tuple(problems))


def _rows(source: Path, lines: list[str], problems: list[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        complain = partial("{}, line {}: {}".format, source, number)
        try:
            row = json.loads(line)
        except ValueError as error:
            problems.append(complain(f"not JSON ({error})"))
            continue
        if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
            problems.append(complain("a row needs id and text"))
            continue
        if row.get("date") is not None and not _is_date(row["date"]):
            problems.append(complain(f"date {row['date']!r} is not of the form 2025-03-01; taken as unknown"))
            row["date"] = None
        yield row


def _is_date(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _extracted(row: dict[str, Any]) -> dict[str, Any]:
    document = structure.plain(row["text"], id=str(row["id"]), date=row.get("date"))
    found = extract(document)
    return {
        **row,
        "commitments": [to_row(c) for c in found.commitments],
        "entities": [to_row(e) for e in found.entities],
        "units": [
            {"name": u.name, "role": u.role, "start": u.start, "end": u.end} for u in _units(document.text)
        ],
        "dates": [to_row(d) for d in found.dates],
    }


def _units(text: str) -> list[units.UnitMention]:
    """The units named in a text, each with a role once."""
    seen: dict[tuple[str, str], units.UnitMention] = {}
    for mention in units.find_units(text):
        seen.setdefault((mention.name, mention.role), mention)
    return list(seen.values())
