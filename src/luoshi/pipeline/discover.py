"""From the paths that were given to the files to read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from luoshi.errors import UsageError
from luoshi.model import Problem

MANIFEST = "manifest.json"
SKIP = (".", "~$")
"""Beginnings of names that are no documents: hidden files and Word's lock files."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read: where it is, how it was named, its size and content hash."""

    path: Path
    name: str
    size: int
    sha256: str


def discover(
    paths: Sequence[Path], *, max_bytes: int, out: Path | None = None
) -> tuple[list[Found], list[Problem]]:
    """All files under the given paths, ordered by name, each content once.

    A path that does not exist, a file above ``max_bytes``, one that cannot be opened and one that
    stands there twice become problems; an output folder of ours among the paths is passed over.

    :raises UsageError: when none of the paths exists.
    """
    problems: list[Problem] = []
    files: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            problems.append(
                Problem(
                    path.as_posix(), "error", "no-such-path", f"{path} does not exist.", "Check the spelling."
                )
            )
            continue
        for file in _walk(path, out):
            files.setdefault(file.as_posix(), file)
    if not any(p.exists() for p in paths):
        raise UsageError(
            f"None of the given paths exists: {', '.join(map(str, paths))}.", hint="Check the spelling."
        )
    found: list[Found] = []
    first: dict[str, str] = {}
    for name in sorted(files):
        item = _look(files[name], name, max_bytes)
        if isinstance(item, Problem):
            problems.append(item)
        elif item.sha256 in first:
            problems.append(
                Problem(
                    name,
                    "info",
                    "duplicate-file",
                    f"{name} has the same content as {first[item.sha256]}.",
                    "It is read once.",
                )
            )
        else:
            first[item.sha256] = name
            found.append(item)
    return found, problems


def _look(path: Path, name: str, max_bytes: int) -> Found | Problem:
    try:
        size = path.stat().st_size
        if size > max_bytes:
            return Problem(
                name, "error", "too-large",
                f"{name} has {size / 2**20:.0f} MB, more than the limit of {max_bytes / 2**20:.0f} MB.",
                "Split it, or raise the limit with --max-mb.",
            )  # fmt: skip
        digest = hashlib.sha256()
        with path.open("rb") as f:
            while chunk := f.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        return Problem(
            name,
            "error",
            "cannot-open",
            f"{name} cannot be opened: {error.strerror}.",
            "Check its permissions.",
        )
    return Found(path, name, size, digest.hexdigest())


def _walk(path: Path, out: Path | None) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        here = Path(folder)
        if (here / MANIFEST).is_file() and (here / ".luoshi").is_dir():
            folders.clear()
            continue
        folders[:] = sorted(d for d in folders if not d.startswith(SKIP) and here / d != out)
        for name in sorted(names):
            file = here / name
            if not name.startswith(SKIP) and file.is_file():
                yield file
