"""Columns of numbers in memory or on disk, and which stages of a run are done.

Files are written with plain writes, never through a memory map, so that a full disk is an error that can be
told and not a signal that kills the process; they are read back through a map.
"""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FIRST, LARGE = 1 << 16, 8 << 20
"""Bytes that a column in memory begins with; from the second on it lies on large pages and grows in place."""


class Storage:
    """Where a run keeps what its stages hand on.

    :param folder: on disk, and a run that was interrupted goes on there; ``None`` is memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def done(self, stage: str) -> dict[str, Any] | None:
        """What was noted at the end of a stage; ``None`` where it is still to be done."""
        if not self.folder:
            return None
        try:
            value = json.loads((self.folder / f"{stage}.done").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return value if isinstance(value, dict) else None

    def finish(self, stage: str, **note: Any) -> None:
        """Notes that a stage is done."""
        if self.folder:
            beside = self.folder / f"{stage}.part"
            beside.write_text(json.dumps(note), encoding="utf-8")
            beside.replace(self.folder / f"{stage}.done")

    def column(self, name: str, kind: Any, *, new: bool = True) -> Column:
        """A column to be written from its beginning, or one that was written."""
        return Column(self.folder / f"{name}.bin" if self.folder else None, kind, new=new)

    def read(self, name: str, kind: Any) -> Array:
        """A column that was written."""
        assert self.folder
        return mapped(self.folder / f"{name}.bin", kind)

    def drop(self, *names: str) -> None:
        """Removes columns that are no longer needed."""
        if self.folder:
            for name in names:
                (self.folder / f"{name}.bin").unlink(missing_ok=True)

    def remove(self) -> None:
        """Removes everything."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


class Column:
    """A column that grows, piece by piece."""

    def __init__(self, path: Path | None, kind: Any, *, new: bool = True) -> None:
        self.path = path
        self.kind = np.dtype(kind)
        self.step = threading.Lock()
        """For a writer that must keep several columns in step."""
        # In memory: room that, once large, is moved by the system, not copied, when it grows.
        self._room: Array = np.empty(0, dtype=self.kind)
        self._filled = 0
        self._given = False
        self._lock = threading.Lock()
        if path and new:
            path.write_bytes(b"")

    def append(self, *pieces: Array) -> None:
        """Adds pieces at the end, next to each other."""
        with self._lock:
            for piece in pieces:
                if self.path:
                    with self.path.open("ab") as f:
                        f.write(_bytes(piece, self.kind))
                else:
                    self._keep(piece)

    def _keep(self, piece: Array) -> None:
        need = self._filled + len(piece)
        if self._given:
            # Somebody reads what is there: it must stay where it is.
            self._room, self._given = self._room[: self._filled].copy(), False
        if need > len(self._room):
            more = max(need, 2 * len(self._room), FIRST // self.kind.itemsize)
            if self._room.nbytes >= LARGE:
                self._room.resize(more, refcheck=False)
            else:
                before, self._room = self._room, np.empty(more, dtype=self.kind)
                self._room[: self._filled] = before[: self._filled]
        self._room[self._filled : need] = piece
        self._filled = need

    def put(self, at: int, piece: Array) -> None:
        """Writes over what stands there, on disk."""
        assert self.path
        with self._lock, self.path.open("r+b") as f:
            f.seek(at * self.kind.itemsize)
            f.write(_bytes(piece, self.kind))

    def array(self) -> Array:
        """Everything; on disk it is mapped for reading."""
        if self.path:
            return mapped(self.path, self.kind)
        self._given = True
        return self._room[: self._filled]


def _bytes(piece: Array, kind: Any) -> memoryview:
    # As bytes of numbers, without a copy; an empty view cannot be cast.
    return memoryview(np.ascontiguousarray(piece, dtype=kind).view(np.uint8).data)


def mapped(path: Path, kind: Any) -> Array:
    """A file of numbers, mapped for reading."""
    if path.stat().st_size == 0:
        return np.empty(0, dtype=kind)
    # A plain array over the map: compiled code is made for it and not for numpy's subclass.
    return np.asarray(np.memmap(path, dtype=kind, mode="c")).view(np.ndarray)
