"""The parent's side of the child process that opens PDF files."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from luoshi.errors import Damaged
from luoshi.read.formats.pdf.wire import receive, send, unpack
from luoshi.read.layout.page import Page

OPEN_SECONDS = 60.0
MODULE = "luoshi.read.formats.pdf.worker"


class Gone(Exception):
    """The child ended before it answered, or was ended because it took too long.

    :param slow: it took too long.
    """

    def __init__(self, *, slow: bool) -> None:
        super().__init__("too slow" if slow else "crashed")
        self.slow = slow


@dataclass(frozen=True, slots=True)
class Lost:
    """A page that could not be had: ``why`` is ``unreadable``, ``crash`` or ``time``."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendered page: rows of blue, green, red; ``points`` its size in points."""

    width: int
    height: int
    points: tuple[float, float]
    pixels: bytes


class Child:
    """A child process with its pipes; started when first needed, again after it was lost."""

    def __init__(self, module: str = MODULE) -> None:
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._to: Connection | None = None
        self._from: Connection | None = None
        self._owner = 0

    def ask(self, head: dict[str, Any], body: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """One request, one answer.

        :raises Gone: when there is none in time.
        """
        self.tell(head, body)
        return self.hear(seconds)

    def tell(self, head: dict[str, Any], body: bytes = b"") -> None:
        """A request."""
        self._start()
        assert self._to is not None
        try:
            send(self._to, head, body)
        except OSError:
            self.end()
            raise Gone(slow=False) from None

    def hear(self, seconds: float) -> tuple[dict[str, Any], bytes]:
        """The next answer.

        :raises Gone: when there is none in time.
        """
        pipe = self._from
        try:
            if pipe is None or not pipe.poll(seconds):
                self.end()
                raise Gone(slow=pipe is not None)
            return receive(pipe)
        except (EOFError, OSError):
            self.end()
            raise Gone(slow=False) from None

    @property
    def pipe(self) -> Connection | None:
        """Where its answers come from, to wait for several children at once."""
        return self._from

    def _start(self) -> None:
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return
        self.end()
        child_in, self._to = Pipe(duplex=False)
        self._from, child_out = Pipe(duplex=False)
        fds = (child_in.fileno(), child_out.fileno())
        self._process = subprocess.Popen(
            [sys.executable, "-m", self._module, *map(str, fds)], pass_fds=fds, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._owner = os.getpid()
        child_in.close()
        child_out.close()

    def end(self) -> None:
        """Ends the process; the next request starts another."""
        process, self._process = self._process, None
        for pipe in (self._to, self._from):
            if pipe is not None:
                pipe.close()
        self._to = self._from = None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.wait()


_CHILD = Child()
atexit.register(_CHILD.end)


class Document:
    """An open PDF file.

    :raises Damaged: when it is encrypted, or no PDF that can be repaired.
    """

    def __init__(self, data: bytes, name: str, seconds: float) -> None:
        self._data = data
        self._name = name
        self._seconds = seconds
        self.pages = self._open()

    def _open(self) -> int:
        try:
            head, _ = _CHILD.ask({"do": "open"}, self._data, OPEN_SECONDS)
        except Gone as gone:
            what = "takes too long to open" if gone.slow else "cannot be opened: it is malformed"
            raise Damaged(
                f"{self._name} {what}.",
                hint="Open it in a PDF program and save or print it anew.",
            ) from None
        if "pages" in head:
            return int(head["pages"])
        if head["error"] in (4, 5):
            raise Damaged(
                f"{self._name} is encrypted: it opens with a password only.",
                hint="Open it with its password and save it without one.",
            )
        raise Damaged(
            f"{self._name} is damaged: it is cut off, or no PDF file.",
            hint="Fetch it again, or open it in a PDF program and save it anew.",
        )

    def read(self, last: int) -> Iterator[Page | Lost]:
        """The pages 1 to ``last``, each as soon as the child has it; what does not come in time is lost."""
        first = 1
        while first <= last:
            _CHILD.tell({"do": "pages", "first": first, "last": last})
            try:
                while first <= last:
                    head, body = _CHILD.hear(self._seconds)
                    first += 1
                    yield Lost(head["number"], "unreadable") if "error" in head else unpack(head, body)
            except Gone as gone:
                yield Lost(first, "time" if gone.slow else "crash")
                first += 1
                if first <= last:
                    self._open()

    def picture(self, number: int, scale: float) -> Picture | Lost:
        """A page as a picture, ``scale`` pixels a point (less where it would be huge)."""
        try:
            head, body = _CHILD.ask(
                {"do": "render", "number": number, "scale": scale}, b"", 3 * self._seconds
            )
        except Gone as gone:
            self._open()
            return Lost(number, "time" if gone.slow else "crash")
        if "error" in head:
            return Lost(number, "unreadable")
        return Picture(head["width"], head["height"], tuple(head["points"]), body)
