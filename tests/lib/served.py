"""A real installation served by real processes, and a visitor without a browser."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, ProxyHandler, Request, build_opener

LUOSHI = [sys.executable, "-m", "luoshi"]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of an installation of its own."""
    clean = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith("LUOSHI_") and k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    return {**clean, "LUOSHI_DATA": str(folder), **more}


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
    return port


class Served:
    """An installation in ``folder``; ``start`` serves it."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder, self.port = folder, free_port()
        self.env = environment(folder, **env)
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def luoshi(self, *told: str, fails: bool = False, **run: Any) -> subprocess.CompletedProcess[str]:
        """Runs the command on the installation."""
        done = subprocess.run(
            [*LUOSHI, *told], env=self.env, capture_output=True, text=True, check=False, timeout=300, **run
        )
        assert fails or done.returncode == 0, f"{told}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def python(self, code: str, *told: str) -> str:
        """Runs Python with Django ready, on the installation; what it printed."""
        head = (
            "import os, sys; from pathlib import Path\nfrom luoshi_web.commands import common\n"
            "common.start(Path(os.environ['LUOSHI_DATA']))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", head + code, *told], env=self.env, capture_output=True, text=True,
            check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, verb: str = "serve", *told: str) -> str:
        """Starts it; the line that it prints once it serves."""
        command = [*LUOSHI, verb, "--data", str(self.folder), "--port", str(self.port), *told]
        self.log = (self.folder.parent / f"{self.folder.name}.log").open("a")
        self.process = subprocess.Popen(
            command, env=self.env, stdout=subprocess.PIPE, stderr=self.log, text=True, start_new_session=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, Path(self.log.name).read_text()[-3000:]
        return line

    def children(self) -> list[tuple[int, str]]:
        """The processes below it: number and command."""
        assert self.process is not None
        told = subprocess.run(
            ["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(None, 2) for line in told.splitlines()[1:]]
        out: list[tuple[int, str]] = []
        wanted = {self.process.pid}
        grown = True
        while grown:
            new = [(int(p), a) for p, parent, a in rows if int(parent) in wanted and int(p) not in wanted]
            out += new
            wanted |= {p for p, _a in new}
            grown = bool(new)
        return out

    def kill(self) -> None:
        """Ends all of it at once, as a power cut does."""
        assert self.process is not None
        some = self.children()
        for pid in (self.process.pid, *(p for p, _a in some)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()
        self._close()

    def stop(self) -> None:
        """Ends it as Ctrl-C does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self._close()

    def _close(self) -> None:
        assert self.process is not None and self.process.stdout is not None
        self.process.stdout.close()
        self.log.close()
        self.process = None


@contextmanager
def serving(folder: Path, *told: str, **env: str) -> Iterator[Served]:
    """A new installation with the province's three administrators, served."""
    it = Served(folder, **env)
    it.luoshi("init", "--data", str(folder))
    it.start("serve", *told)
    try:
        yield it
    finally:
        it.stop()


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_told: Any) -> None:
        return None


class Answer:
    """What the server said."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Visitor:
    """Sends forms as a browser does: with cookies and the token; follows no redirect."""

    def __init__(self, url: str, language: str = "") -> None:
        self.url, self.cookies = url, CookieJar()
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.cookies), _Stay())
        self.language = language

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> Answer:
        cookie = {"Accept-Encoding": "identity", **headers}
        request = Request(self.url + path, data=data, headers=cookie)
        try:
            with self._opener.open(request, timeout=60) as r:
                return Answer(r.status, r.headers, r.read())
        except HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask(path, **headers)

    @property
    def token(self) -> str:
        return next((c.value or "" for c in self.cookies if c.name == "csrftoken"), "")

    def post(self, path: str, form: Mapping[str, Any] | None = None, **headers: str) -> Answer:
        told = {"csrfmiddlewaretoken": self.token, **(form or {})}
        body = urlencode(told, doseq=True).encode()
        return self.ask(path, body, **{"Content-Type": "application/x-www-form-urlencoded", **headers})

    def upload(self, path: str, form: Mapping[str, str], name: str, content: bytes) -> Answer:
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
            for k, v in {"csrfmiddlewaretoken": self.token, **form}.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        parts.append(head.encode() + b"Content-Type: text/plain\r\n\r\n" + content + b"\r\n")
        body = b"".join(parts) + f"--{mark}--\r\n".encode()
        return self.ask(path, body, **{"Content-Type": f"multipart/form-data; boundary={mark}"})

    def sign_in(self, name: str, password: str) -> Answer:
        self.get("/account/login/")
        if self.language:
            self.post("/language", {"language": self.language})
        return self.post("/account/login/", {"login": name, "password": password})


ACCOUNTS = """
from luoshi_web.audit.services import SYSTEM
from luoshi_web.organisation import services
from luoshi_web.organisation.models import Unit
unit = Unit.objects.get(depth=1)
for role in sys.argv[1:]:
    account, _p = services.add_account(by=SYSTEM, username=role, name=role, unit=unit,
                                       password="a-good-password", must_change=False)
    services.grant_role(by=SYSTEM, account=account, role=role, unit=unit)
print(unit.pk)
"""


def accounts(it: Served, *roles: str) -> int:
    """Accounts named as their role, at the topmost unit; that unit's number."""
    return int(it.python(ACCOUNTS, *roles))


def wait(what: Any, seconds: float = 60, every: float = 0.2) -> Any:
    """Waits until ``what()`` says something true; that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(every)
    raise AssertionError(f"not within {seconds} s")


def manifest(path: Path) -> dict[str, Any]:
    """The manifest of an archive."""
    import zipfile

    with zipfile.ZipFile(path) as z:
        out: dict[str, Any] = json.loads(z.read("manifest.json"))
    return out
