"""Results of the stages that look at one file alone, kept between runs in the output folder.

A key holds the content's hash and the program's, so a stale result is never used; a damaged one is
made again.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from luoshi.model.codec import decode, encode

T = TypeVar("T")
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@cache
def fingerprint() -> str:
    """Hash of the program itself: its code, tables and weights."""
    digest = hashlib.blake2b(digest_size=12)
    for name, content in sorted(_contents(files("luoshi"), "")):
        digest.update(name.encode())
        digest.update(content)
    return digest.hexdigest()


def _contents(folder: Traversable, prefix: str) -> Iterable[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir() and item.name != "__pycache__":
            yield from _contents(item, f"{prefix}{item.name}/")
        elif item.is_file() and not item.name.endswith((".pyc", ".nbi", ".nbc")):
            yield prefix + item.name, item.read_bytes()


def key_of(*parts: Any) -> str:
    """A short hash of JSON values."""
    return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()


class Cache:
    """A folder of results by key; :meth:`sweep` removes those that the run did not ask for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._used: set[str] = set()

    def get(self, kind: type[T], name: str) -> T | None:
        """The result kept under ``name``, ``None`` where there is none or it is damaged."""
        self._used.add(name)
        try:
            plain = json.loads(zlib.decompress((self.folder / name).read_bytes()))
            return decode(kind, plain)
        except (OSError, ValueError, KeyError, TypeError, zlib.error):
            return None

    def put(self, name: str, value: Any) -> None:
        """Keeps a result; written beside and renamed."""
        self._used.add(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / (name + ".new")
        beside.write_bytes(zlib.compress(_JSON(encode(value, names=False)).encode(), 1))
        beside.replace(self.folder / name)

    def through(self, kind: type[T], names: list[str], make: Callable[[list[int]], list[T]]) -> list[T]:
        """The results under ``names``; ``make`` is given the positions of those that are missing."""
        have: list[T | None] = [self.get(kind, name) for name in names]
        missing = [i for i, value in enumerate(have) if value is None]
        for i, value in zip(missing, make(missing), strict=True):
            have[i] = value
            self.put(names[i], value)
        return [value for value in have if value is not None]

    def sweep(self) -> None:
        """Removes what was not asked for in this run."""
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name not in self._used:
                    path.unlink(missing_ok=True)
