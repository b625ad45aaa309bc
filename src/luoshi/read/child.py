"""Child processes that do what may crash or never end, and the clock over them."""

from __future__ import annotations

import os
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from luoshi.read.wire import receive, send


class Gone(Exception):
    """The child ended before it answered, or was ended because it took too long.

    :param slow: it took too long.
    """

    def __init__(self, *, slow: bool) -> None:
        super().__init__("too slow" if slow else "crashed")
        self.slow = slow


class Child:
    """A child process with its pipes; started when first needed, again after it was lost.

    :param module: run as ``python -m module FD FD``: reads requests from one pipe, answers on the other.
    """

    def __init__(self, module: str) -> None:
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
