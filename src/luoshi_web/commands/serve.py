"""``luoshi serve``: the server and its worker, in one command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Annotated, Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import typer

from luoshi.errors import LuoshiError, UsageError
from luoshi.text.messages import say
from luoshi_web.commands import common

Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")]
READY_SECONDS = 60


def run(
    data: common.Data = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    processes: Annotated[int, typer.Option(help="Server processes.", min=1)] = 2,
    workers: Annotated[int, typer.Option(help="Processes for long work.", min=1)] = 1,
) -> None:
    """Serve the web application, with the worker for long jobs; stops with Ctrl-C.

    The database is SQLite in the data folder unless DATABASE_URL names a PostgreSQL one.
    """
    common.start(data)
    free(host, port)
    common.migrate()
    supervise(host, port, processes, workers)


def free(host: str, port: int) -> None:
    """Checks that nobody listens there.

    :raises UsageError: when somebody does.
    """
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"{host}:{port} cannot be used: {error.strerror}.", hint="Choose another --port."
            ) from None


def supervise(
    host: str, port: int, processes: int, workers: int, ready: Callable[[], None] = lambda: None
) -> None:
    """Runs server and workers until told to stop; a worker that dies is started again, with growing pauses.

    :param ready: called once the server answers, after its address was printed.
    :raises LuoshiError: when the server does not come up, or ends by itself.
    """
    server = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(processes),
        "--blocking-threads",
        "4",
        "--log-level",
        "warning",
        "--respawn-failed-workers",
        "--no-ws",
        "luoshi_web.wsgi:application",
    ]
    stopping = False

    def stop(*_: Any) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    running = subprocess.Popen(server, env=os.environ, start_new_session=True)
    helpers = [_Helper() for _ in range(workers)]
    try:
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        _wait(f"http://{shown}:{port}", running, lambda: stopping)
        if not stopping:
            print(say(f"Luoshi 落实 serves at http://{shown}:{port}"), flush=True)
            ready()
        while not stopping:
            if running.poll() is not None:
                raise LuoshiError("The server ended by itself.", hint="See the lines above.")
            for helper in helpers:
                helper.keep()
            time.sleep(0.3)
    finally:
        for helper in helpers:
            helper.stop()
        _end(running, 10)


class _Helper:
    """A worker process that is kept alive."""

    def __init__(self) -> None:
        self.pause = 1.0
        self.started = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Starts it where it does not run and its pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            if now - self.started > 60:
                self.pause = 1.0
            return
        if self.process is not None and now - self.started < self.pause:
            return
        self.pause = 1.0 if self.process is None else min(60.0, self.pause * 2)
        self.started = now
        command = [sys.executable, "-m", "luoshi_web.commands.worker"]
        self.process = subprocess.Popen(command, env=os.environ, start_new_session=True)

    def stop(self) -> None:
        """Ends it; a job that it does not finish in time is taken up again at the next start."""
        if self.process is not None:
            _end(self.process, 5)


def _end(process: subprocess.Popen[bytes], seconds: float) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], stopped: Callable[[], bool]) -> None:
    opener = build_opener(ProxyHandler({}))
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and not stopped():
        if process.poll() is not None:
            raise LuoshiError("The server did not start.", hint="See the lines above.")
        try:
            with opener.open(url + "/healthz", timeout=5) as response:
                if response.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    if not stopped():
        raise LuoshiError(f"The server does not answer after {READY_SECONDS} s.", hint="See the lines above.")
