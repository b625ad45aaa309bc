"""Two documents side by side, nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from luoshi.errors import LuoshiError, NothingToDo, UsageError
from luoshi.model import Records
from luoshi.pipeline.build import records_of
from luoshi.pipeline.discover import discover
from luoshi.pipeline.options import Options
from luoshi.pipeline.progress import Progress


def compare(
    upper: Path, lower: Path, options: Options = Options(), progress: Progress | None = None
) -> tuple[Records, list[str], list[str]]:
    """The records of two files, and the ids of the upper and of the lower file's documents.

    A compilation stands for all its documents. The roles are the caller's: links that the dates and levels
    would read the other way round are not turned.

    :raises UsageError: when a path does not exist or both are the same file.
    :raises NothingToDo: when one of them holds no document.
    """
    for path in (upper, lower):
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise UsageError(f"{path} {what}.", hint="Name two files: luoshi compare UPPER LOWER")
    if upper.samefile(lower):
        raise UsageError(f"{upper} and {lower} are the same file.", hint="Name two documents.")
    found, problems = discover([upper, lower], max_bytes=options.max_bytes)
    if len(found) < 2:
        raise UsageError(
            f"{upper} and {lower} cannot be compared: " + " ".join(p.message for p in problems),
            hint="Name two texts.",
        )
    rows = records_of(found, problems, options, progress, (upper.as_posix(), lower.as_posix()))
    ups = _ids(rows, upper)
    lows = _ids(rows, lower)
    for path, some in ((upper, ups), (lower, lows)):
        if not some:
            raise _nothing(path, rows)
    return rows, ups, lows


def _ids(rows: Records, path: Path) -> list[str]:
    return [d.id for d in rows.documents if d.source == path.as_posix()]


def _nothing(path: Path, rows: Records) -> LuoshiError:
    some: Sequence[str] = [f"{p.message} {p.hint}" for p in rows.problems if p.source == path.as_posix()]
    return NothingToDo(f"No document could be read from {path}.", hint=" ".join(some) or "It holds no text.")
