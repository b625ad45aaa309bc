"""A PDF file, opened by a child process that the clock watches."""

from __future__ import annotations

import atexit
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import RLock

from luoshi.errors import Damaged
from luoshi.read.child import Child, Gone
from luoshi.read.layout.page import Page
from luoshi.read.wire import unpack

OPEN_SECONDS = 60.0
PATIENCE = 4
"""Pages that may hang or crash before the rest of the file is given up."""
MODULE = "luoshi.read.formats.pdf.worker"


FORMAT, ENCRYPTED = 3, (4, 5)
"""PDFium's numbers for what is wrong with a file."""
_CATALOGUE = re.compile(rb"(\d{1,9})\s+(\d{1,5})\s+obj\b(?:(?!endobj)[\s\S]){0,2000}?/Type\s*/Catalog\b")


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


_CHILD = Child(MODULE)
_LOCK = RLock()
atexit.register(_CHILD.end)


@contextmanager
def opened(data: bytes, name: str, seconds: float) -> Iterator[Document]:
    """An open PDF file; one at a time in a process.

    :param seconds: time for a page.
    :raises Damaged: when it is encrypted, or no PDF that can be repaired, or takes too long to open.
    """
    with _LOCK:
        try:
            yield Document(data, name, seconds)
        finally:
            with suppress(Gone):
                _CHILD.tell({"do": "close"})


class Document:
    """An open PDF file (:func:`opened`); ``pages`` is their number."""

    def __init__(self, data: bytes, name: str, seconds: float) -> None:
        self._data = data
        self._name = name
        self._seconds = seconds
        self._mended = False
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
        catalogue = _CATALOGUE.search(self._data) if head["error"] == FORMAT and not self._mended else None
        if catalogue is not None:
            # cut off before its index: with the root named, the index is built anew
            self._mended = True
            root = b"%s %s R" % (catalogue[1], catalogue[2])
            self._data += b"\nendobj\ntrailer\n<</Root " + root + b">>\nstartxref\n0\n%%EOF\n"
            return self._open()
        if head["error"] in ENCRYPTED:
            raise Damaged(
                f"{self._name} is encrypted: it opens with a password only.",
                hint="Open it with its password and save it without one.",
            )
        raise Damaged(
            f"{self._name} is damaged: it is cut off, or no PDF file.",
            hint="Fetch it again, or open it in a PDF program and save it anew.",
        )

    def read(self, last: int) -> Iterator[Page | Lost]:
        """The pages 1 to ``last``, each as soon as the child has it; what does not come in time is lost.

        After :data:`PATIENCE` pages that took too long the rest is given up.
        """
        first = 1
        slow = 0
        try:
            while first <= last and slow < PATIENCE:
                try:
                    _CHILD.tell({"do": "pages", "first": first, "last": last})
                    while first <= last:
                        head, body = _CHILD.hear(self._seconds)
                        first += 1
                        yield Lost(head["number"], "unreadable") if "error" in head else unpack(head, body)
                except Gone as gone:
                    slow += 1
                    yield Lost(first, "time" if gone.slow else "crash")
                    first += 1
                    self._open()
            for number in range(first, last + 1):
                yield Lost(number, "given up")
                first += 1
        finally:
            if first <= last:
                _CHILD.end()  # pages that nobody waits for are on their way

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
