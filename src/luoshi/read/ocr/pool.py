"""Several recognising processes, fed one picture at a time."""

from __future__ import annotations

import atexit
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

from luoshi.read.child import Child, Gone
from luoshi.read.layout.page import Page
from luoshi.read.ocr.setting import SECONDS, processes
from luoshi.read.wire import unpack

MODULE = "luoshi.read.ocr.worker"
OFTEN = 60
"""Pages after which a process is replaced: the runtime does not give back all its memory."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page.

    :param number: of the page, from 1.
    :param points: the page's width and height in points.
    :param data: rows of blue, green, red of ``width`` times ``height`` pixels, or, where ``frame`` is given,
        the picture's file, of which that frame is meant.
    """

    number: int
    points: tuple[float, float]
    data: bytes
    width: int = 0
    height: int = 0
    frame: int | None = None

    def request(self) -> dict[str, Any]:
        """The head of the message that asks for it."""
        head: dict[str, Any] = {"number": self.number, "points": list(self.points)}
        if self.frame is None:
            return head | {"width": self.width, "height": self.height}
        return head | {"frame": self.frame, "longest": 3400}


@dataclass(frozen=True, slots=True)
class Lost:
    """A picture that could not be recognised; ``why`` is ``time``, ``crash`` or what the process said."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class _Job:
    """A picture at work, and when it is given up."""

    picture: Picture
    end: float


class Recogniser:
    """The recognising processes of this process; they start with the first picture."""

    def __init__(self, count: int | None = None) -> None:
        self._children = [Child(MODULE) for _ in range(count or processes())]
        self._done = [0] * len(self._children)
        atexit.register(self.end)

    def read(self, pictures: Iterable[Picture], seconds: float = SECONDS) -> Iterator[Page | Lost]:
        """The pages, in the order in which they are ready."""
        busy: dict[int, _Job] = {}
        again: list[Picture] = []
        tried: set[int] = set()
        source = iter(pictures)
        more = True
        try:
            while more or busy or again:
                for k in range(len(self._children)):
                    if k in busy or not (more or again):
                        continue
                    picture = again.pop() if again else next(source, None)
                    if picture is None:
                        more = False
                        continue
                    lost = self._give(k, picture)
                    if lost is None:
                        busy[k] = _Job(picture, time.monotonic() + seconds)
                    else:
                        yield lost
                for picture, found in self._take(busy):
                    if isinstance(found, Lost) and found.why == "crash" and picture.number not in tried:
                        tried.add(picture.number)  # it may have ended for want of work, or for another page
                        again.append(picture)
                    else:
                        yield found
        finally:
            for k in busy:
                self._children[k].end()

    def _give(self, k: int, picture: Picture) -> Lost | None:
        child = self._children[k]
        if self._done[k] >= OFTEN:
            child.end()
            self._done[k] = 0
        try:
            child.tell(picture.request(), picture.data)
        except Gone:
            try:
                child.tell(picture.request(), picture.data)
            except Gone:
                return Lost(picture.number, "crash")
        self._done[k] += 1
        return None

    def _take(self, busy: dict[int, _Job]) -> Iterator[tuple[Picture, Page | Lost]]:
        """What is ready, after waiting for something to be."""
        if not busy:
            return
        left = max(0.0, min(job.end for job in busy.values()) - time.monotonic())
        pipes = {k: self._children[k].pipe for k in busy}
        ready = set(wait([p for p in pipes.values() if p is not None], left))
        now = time.monotonic()
        for k, pipe in pipes.items():
            job = busy[k]
            if pipe not in ready and now < job.end:
                continue
            del busy[k]
            try:
                head, body = self._children[k].hear(0.0)
            except Gone as gone:
                yield job.picture, Lost(job.picture.number, "time" if gone.slow else "crash")
                continue
            yield (
                job.picture,
                Lost(job.picture.number, head["error"]) if "error" in head else unpack(head, body),
            )

    def end(self) -> None:
        """Ends the processes; the next picture starts them again."""
        for child in self._children:
            child.end()
