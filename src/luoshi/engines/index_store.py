"""An index of n-grams in a folder: segments that are written once, and merged when they are alike in size.

::

    index.json          what is in it; replaced as a whole when a segment is complete
    lock
    segment-000001/     columns of numbers, and about.jsonl with the documents' metadata
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from luoshi.engines.storage import Column, mapped
from luoshi.errors import FolderBusy, ForeignFolder, UsageError
from luoshi.reuse.corpus import About, Symbols, age_of
from luoshi.reuse.index import Segment, postings
from luoshi.reuse.settings import Settings

U32 = NDArray[np.uint32]

COLUMNS = {
    "sym": np.uint32, "start": np.uint32, "width": np.uint8, "mark": np.uint8, "bounds": np.int64,
    "key": np.uint64, "begins": np.uint32, "age": np.uint32, "series": np.uint32, "about_at": np.int64,
}  # fmt: skip
MERGE_BELOW = 30_000_000
"""Segments are merged up to so many symbols together."""


def series_codes(about: Sequence[About]) -> U32:
    """A number for each document's series, 0 for none."""
    names = [a.series for a in about]
    codes = {n: int.from_bytes(blake2b(n.encode(), digest_size=4).digest(), "big") | 1 for n in names if n}
    return np.array([codes[n] if n else 0 for n in names], dtype=np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A segment on disk; what is known of a document is read when it is asked for."""

    name: str
    folder: Path
    segment: Segment
    about_at: NDArray[np.int64]

    def about(self, document: int) -> About:
        """What is known of a document."""
        with (self.folder / "about.jsonl").open("rb") as f:
            f.seek(int(self.about_at[document]))
            return About(*json.loads(f.readline()))

    def all_about(self) -> list[About]:
        """What is known of every document."""
        with (self.folder / "about.jsonl").open("rb") as f:
            return [About(*json.loads(line)) for line in f]


class Index:
    """An index in a folder."""

    def __init__(self, folder: Path, settings: Settings, segments: list[dict[str, Any]]) -> None:
        self.folder = folder
        self.settings = settings
        self.entries = segments

    @classmethod
    def open(cls, folder: Path) -> Index:
        """The index in a folder.

        :raises UsageError: when there is none, or it was made by another version of the format.
        """
        try:
            value = json.loads((folder / "index.json").read_text(encoding="utf-8"))
            if value["program"] != "luoshi" or value["format"] != 1:
                raise KeyError
            return cls(folder, Settings(**value["settings"]), value["segments"])
        except (OSError, ValueError, KeyError, TypeError):
            raise UsageError(
                f"{folder} holds no index that this version can read.",
                hint="Make one with: luoshi index add INPUT… --index " + str(folder),
            ) from None

    @classmethod
    @contextmanager
    def writing(cls, folder: Path, settings: Settings | None, new: Settings) -> Iterator[Index]:
        """The index in a folder for adding, made where there is none; locked meanwhile.

        :param settings: those that were asked for; ``new`` those of a new index for which none were.
        :raises ForeignFolder: when the folder holds something else.
        :raises FolderBusy: when another process adds to it.
        :raises UsageError: when the index was made with other settings than those asked for.
        """
        names = {p.name for p in folder.iterdir()} if folder.is_dir() else set()
        ours = "index.json" in names or any(n.startswith("segment-") for n in names)
        if names - {"lock"} and not ours:
            raise ForeignFolder(
                f"{folder} is not empty and no index, so nothing is written there.",
                hint="Choose an empty or new folder with --index.",
            )
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise FolderBusy(f"Another run adds to {folder}.", hint="Wait until it ends.") from None
        try:
            if (folder / "index.json").exists():
                index = cls.open(folder)
                if settings and settings != index.settings:
                    raise UsageError(
                        f"The index in {folder} was made with other settings: seeds of {index.settings.n}"
                        f" characters, not of {settings.n}.",
                        hint="Leave out --preset to add to it, or make another index.",
                    )
            else:
                index = cls(folder, settings or new, [])
                index._publish()
            known = {e["name"] for e in index.entries}
            for p in folder.glob("segment-*"):
                if p.name not in known:
                    shutil.rmtree(p, ignore_errors=True)
            yield index
        finally:
            lock.release()

    def _publish(self) -> None:
        value = {
            "program": "luoshi", "kind": "index", "format": 1, "settings": self.settings.as_dict(),
            "segments": self.entries,
        }  # fmt: skip
        beside = self.folder / "index.part"
        with beside.open("w", encoding="utf-8") as f:
            f.write(json.dumps(value, indent=1) + "\n")
            f.flush()
            os.fsync(f.fileno())
        beside.replace(self.folder / "index.json")

    def segments(self) -> list[Stored]:
        """All segments, their columns mapped for reading."""
        return [self._load(e["name"]) for e in self.entries]

    def _load(self, name: str) -> Stored:
        folder = self.folder / name
        try:
            c = {n: mapped(folder / f"{n}.bin", kind) for n, kind in COLUMNS.items()}
        except OSError as error:
            raise UsageError(
                f"The index in {self.folder} is damaged: {error.strerror}.", hint="Make it again."
            ) from None
        columns = Symbols(c["sym"], c["start"], c["width"], c["mark"], np.array(c["bounds"]))
        segment = Segment(columns, c["key"], c["begins"], c["age"], c["series"])
        return Stored(name, folder, segment, c["about_at"])

    def add(self, about: Sequence[About], columns: Symbols) -> None:
        """Adds documents as a segment, and merges it with those before it that are no larger."""
        drop: list[Stored] = []
        have = self.segments()
        total = len(columns.sym)
        while have and len(have[-1].segment.symbols.sym) <= total and total <= MERGE_BELOW:
            drop.insert(0, have.pop())
            total += len(drop[0].segment.symbols.sym)
        for stored in reversed(drop):
            about = [*stored.all_about(), *about]
            columns = _one_behind_the_other(stored.segment.symbols, columns)
        name = self._write(about, columns)
        gone = {s.name for s in drop}
        self.entries = [e for e in self.entries if e["name"] not in gone]
        self.entries.append({"name": name, "documents": len(about), "symbols": len(columns.sym)})
        self._publish()
        for stored in drop:
            shutil.rmtree(stored.folder, ignore_errors=True)

    def _write(self, about: Sequence[About], columns: Symbols) -> str:
        number = max([int(e["name"].split("-")[1]) for e in self.entries], default=0) + 1
        name = f"segment-{number:06d}"
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        key, begins = postings(columns, self.settings)
        at = [0]
        with (folder / "about.jsonl").open("wb") as f:
            for a in about:
                at.append(at[-1] + f.write(json.dumps(astuple(a), ensure_ascii=False).encode() + b"\n"))
        values: dict[str, Any] = {
            "sym": columns.sym, "start": columns.start, "width": columns.width, "mark": columns.mark,
            "bounds": columns.bounds, "key": key, "begins": begins, "age": age_of(about)[0],
            "series": series_codes(about), "about_at": np.array(at),
        }  # fmt: skip
        for n, kind in COLUMNS.items():
            Column(folder / f"{n}.bin", kind).append(values[n])
        return name


def _one_behind_the_other(first: Symbols, second: Symbols) -> Symbols:
    bounds = np.r_[first.bounds, second.bounds[1:] + first.bounds[-1]]
    return Symbols(
        np.concatenate([first.sym, second.sym]), np.concatenate([first.start, second.start]),
        np.concatenate([first.width, second.width]), np.concatenate([first.mark, second.mark]), bounds,
    )  # fmt: skip
