"""A PostgreSQL server of the tests' own: in a temporary folder, on a free port, gone afterwards.

``LUOSHI_TEST_POSTGRES=postgresql://USER:PASSWORD@HOST:PORT/postgres`` names a running one instead, whose user
may make databases. PostgreSQL refuses to run as root: then the server runs as ``postgres`` or ``nobody``.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LEAST = 15
"""The oldest version that is supported."""
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "unix_socket_directories": "''",
    "listen_addresses": "'127.0.0.1'",
}


class Missing(RuntimeError):
    """There is no PostgreSQL on this machine; the message says what was looked for."""


def binaries() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``: Debian's newest, else that of the search path.

    :raises Missing: when there is none.
    """
    found = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb") if p.parts[4].isdecimal()]
    found = [p for p in found if int(p.parts[4]) >= LEAST]
    if found:
        return max(found, key=lambda p: int(p.parts[4]))
    if (path := shutil.which("initdb")) is not None:
        return Path(path).resolve().parent
    raise Missing(f"needs PostgreSQL {LEAST} or newer (Debian: postgresql-{LEAST})")


def _as_user() -> tuple[list[str], str]:
    """How to run something as a user that PostgreSQL accepts, and who that is."""
    if os.geteuid() != 0:
        return [], ""
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return ["runuser", "-u", name, "--"], name
    raise Missing("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'")


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
    return port


@contextmanager
def server() -> Iterator[str]:
    """The address of a server's database ``postgres``, where new databases may be made.

    :raises Missing: when PostgreSQL is not on this machine.
    """
    if known := os.environ.get("LUOSHI_TEST_POSTGRES"):
        yield known
        return
    where, (prefix, user) = binaries(), _as_user()
    folder = Path(tempfile.mkdtemp(prefix="luoshi-pg-"))
    password, data = secrets.token_hex(12), folder / "data"
    (folder / "password").write_text(password)
    if user:
        for path in (folder, folder / "password"):
            shutil.chown(path, user)
    try:
        told = ["-U", "luoshi", "-E", "UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-sync"]
        pwfile = f"--pwfile={folder / 'password'}"
        _run([*prefix, str(where / "initdb"), "-D", str(data), *told, pwfile])
        with (data / "postgresql.conf").open("a") as f:
            f.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
        port = _start([*prefix, str(where / "pg_ctl"), "-D", str(data)], folder)
        try:
            yield f"postgresql://luoshi:{password}@127.0.0.1:{port}/postgres"
        finally:
            _run([*prefix, str(where / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(command: list[str], folder: Path) -> int:
    """Starts the server; its port. Another program may take the port that was free a moment ago."""
    for last in (False, False, True):
        port = _free_port()
        log = str(folder / "data" / "server.log")
        done = subprocess.run(
            [*command, "-l", log, "-o", f"-p {port}", "-w", "-t", "60", "start"], cwd="/",
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            return port
        if last:
            raise RuntimeError((folder / "data" / "server.log").read_text(errors="replace")[-2000:])
    raise AssertionError


def _run(command: list[str]) -> None:
    # to files, not pipes: the server would keep a pipe open
    done = subprocess.run(command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout.decode(errors='replace')[-2000:]}")


def named(url: str, database: str) -> str:
    """The address of another database of the same server."""
    return url.rsplit("/", 1)[0] + "/" + database
