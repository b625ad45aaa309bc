"""The child process that opens PDF files: ``python -m luoshi.read.formats.pdf.worker FD FD``.

PDFium is fast C++ that meets hostile files. In a child, a page that never ends is ended by the parent's
clock, and a crash costs a page instead of the run.
"""

from __future__ import annotations

import ctypes
import resource
import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

from luoshi.read.formats.pdf import native
from luoshi.read.formats.pdf.extract import frame_of, page_of
from luoshi.read.wire import pack, receive, send

MOST_PIXELS = 60_000_000
MOST_MEMORY = 2 << 30
"""Bytes of address space; a file that asks for more ends the child, not the machine."""


class Worker:
    """Answers one request after another about one document at a time."""

    def __init__(self, pipe_in: Connection, pipe_out: Connection) -> None:
        self._in = pipe_in
        self._out = pipe_out
        self._data: Any = None
        self._document: int | None = None

    def serve(self) -> None:
        """Until the parent goes away."""
        native.init()
        while True:
            try:
                head, body = receive(self._in)
            except (EOFError, OSError):
                return
            getattr(self, "_" + head["do"])(head, body)

    def _open(self, head: dict[str, Any], body: bytes) -> None:
        self._close({}, b"")
        self._data = ctypes.create_string_buffer(body, len(body))
        self._document = native.load_document(ctypes.addressof(self._data), len(body), None)
        if not self._document:
            send(self._out, {"error": native.last_error()})
            return
        send(self._out, {"pages": native.page_count(self._document)})

    def _close(self, head: dict[str, Any], body: bytes) -> None:
        if self._document:
            native.close_document(self._document)
        self._document = self._data = None

    def _pages(self, head: dict[str, Any], body: bytes) -> None:
        """Pages ``first`` to ``last`` (from 1), a message each; one that cannot be loaded is an error."""
        for number in range(head["first"], head["last"] + 1):
            page = native.load_page(self._document, number - 1)
            if not page:
                send(self._out, {"number": number, "error": native.last_error()})
                continue
            try:
                send(self._out, *pack(page_of(page, number)))
            finally:
                native.close_page(page)

    def _render(self, head: dict[str, Any], body: bytes) -> None:
        """A page as a picture: rows of blue, green, red."""
        page = native.load_page(self._document, head["number"] - 1)
        if not page:
            send(self._out, {"error": native.last_error()})
            return
        width, height = frame_of(page).size
        scale = min(head["scale"], (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        w, h = max(1, round(width * scale)), max(1, round(height * scale))
        pixels = bytearray(w * h * 3)
        buffer = (ctypes.c_char * len(pixels)).from_buffer(pixels)
        bitmap = native.bitmap_create(w, h, native.BGR, ctypes.addressof(buffer), w * 3)
        native.bitmap_fill(bitmap, 0, 0, w, h, 0xFFFFFFFF)
        native.render(bitmap, page, 0, 0, w, h, 0, native.RENDER_ANNOTATIONS)
        native.bitmap_destroy(bitmap)
        native.close_page(page)
        send(self._out, {"width": w, "height": h, "points": [width, height]}, pixels)


def main() -> None:
    """Serves the two pipes whose numbers stand on the command line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    Worker(Connection(int(sys.argv[1])), Connection(int(sys.argv[2]))).serve()


if __name__ == "__main__":
    main()
