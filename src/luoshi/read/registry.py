"""Which readers are installed, and which of them takes a file."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

from luoshi.read.protocol import Reader

GROUP = "luoshi.readers"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReaderInfo:
    """An entry of the group ``luoshi.readers``; ``error`` says why it did not load, empty when it did."""

    name: str
    target: str
    extensions: tuple[str, ...] = ()
    reader: Reader | None = None
    error: str = ""

    @property
    def lacks(self) -> str:
        """What must be installed before it can read, empty where nothing is missing."""
        ask = getattr(self.reader, "lacks", None)
        return str(ask()) if ask is not None else ""


@cache
def readers() -> tuple[ReaderInfo, ...]:
    """All registered readers in the order of their names; a failure to load is logged and listed."""
    points = sorted(entry_points(group=GROUP), key=lambda p: (p.name, p.value))
    seen: dict[tuple[str, str], ReaderInfo] = {}
    for point in points:
        if (point.name, point.value) in seen:
            continue
        try:
            made = point.load()
            reader = made() if isinstance(made, type) else made
            if not isinstance(reader, Reader):
                raise TypeError("it lacks name, extensions, score or read")
        except Exception as failure:  # noqa: BLE001 - a foreign plugin may fail in any way
            reason = f"{type(failure).__name__}: {failure}"
            _log.warning("reader %s (%s) does not load: %s", point.name, point.value, reason)
            seen[point.name, point.value] = ReaderInfo(point.name, point.value, error=reason)
            continue
        seen[point.name, point.value] = ReaderInfo(point.name, point.value, tuple(reader.extensions), reader)
    return tuple(seen.values())


def choose(head: bytes, name: str) -> Reader | None:
    """The reader with the highest score above 0; of equals the first by name."""
    best: Reader | None = None
    top = 0.0
    for info in readers():
        if info.reader is None:
            continue
        try:
            score = info.reader.score(head, name)
        except Exception as failure:  # noqa: BLE001 - a foreign plugin may fail in any way
            _log.warning("reader %s fails to score %s: %s", info.name, name, failure)
            continue
        if score > top:
            best, top = info.reader, score
    return best
