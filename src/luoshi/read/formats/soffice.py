"""LibreOffice without a window: files of the formats that only it knows, converted to DOCX, many in one run.

Each process has a profile of its own in a temporary folder: with a shared one a second run silently writes
nothing. The profile forbids macros, links to other files and the network; home and cache lie in it too, so
that nothing is written anywhere else.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from multiprocessing.util import Finalize
from pathlib import Path

from luoshi.errors import InputError

SECONDS = 120.0
"""A run that takes longer is ended; for each further file of a batch it may take :data:`MORE` longer."""
MORE = 20.0
VARIABLE = "LUOSHI_SOFFICE"
"""Environment variable that names the program where it is not on the path."""
INSTALL = (
    "Install LibreOffice (Debian, Ubuntu: apt-get install libreoffice-writer; others: libreoffice.org), "
    f"or set {VARIABLE} to its program soffice."
)
_PLACES = (
    "/usr/bin/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Setup/Office", "ooSetupInstCompleted", "true"),
)
_LOCK = threading.Lock()
_HOMES: dict[int, Path] = {}


class NeedsProgram(InputError):
    """LibreOffice is not installed."""

    code = "missing-program"


def program() -> str | None:
    """Where LibreOffice is, ``None`` where it is not installed."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return shutil.which(named)
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((p for p in _PLACES if os.access(p, os.X_OK)), None)


def convert(files: Sequence[tuple[str, bytes]], *, seconds: float = SECONDS) -> list[bytes | None]:
    """The files as DOCX, in their order; ``None`` where LibreOffice made nothing of one.

    :param files: ending (``doc``, ``rtf`` …) and bytes of each.
    :param seconds: how long the run may take for the first file.
    :raises NeedsProgram: when LibreOffice is not installed.
    :raises InputError: when it does not start or takes too long.
    """
    soffice = program()
    if soffice is None:
        raise NeedsProgram(
            "LibreOffice, which opens files of this format, is not installed.",
            hint=f"{INSTALL} Or save the document as DOCX.",
        )
    if not files:
        return []
    with _LOCK, tempfile.TemporaryDirectory(prefix="luoshi-office-") as folder:
        place = Path(folder)
        (place / "in").mkdir()
        (place / "out").mkdir()
        sources = []
        for n, (ending, data) in enumerate(files):
            sources.append(place / "in" / f"{n}.{ending}")
            sources[-1].write_bytes(data)
        limit = seconds + MORE * (len(files) - 1)
        _run(soffice, sources, place / "out", limit)
        return [_made(place / "out" / f"{n}.docx") for n in range(len(files))]


def _made(path: Path) -> bytes | None:
    try:
        return path.read_bytes() or None
    except OSError:
        return None


def _run(soffice: str, sources: Sequence[Path], out: Path, seconds: float) -> None:
    home = _home()
    command = [
        soffice,
        f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--headless",
        "--invisible",
        "--norestore",
        "--nologo",
        "--nodefault",
        "--nolockcheck",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(out),
        *map(str, sources),
    ]
    try:
        process = subprocess.Popen(
            command,
            cwd=out,
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise InputError(f"LibreOffice does not start: {error.strerror}.", hint="Try it by hand.") from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise InputError(
            f"LibreOffice took longer than {seconds:.0f} seconds and was ended.",
            hint="Open the document there by hand and save it as DOCX.",
        ) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program with what it started: its launcher alone would leave the real one behind."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _environment(home: Path) -> dict[str, str]:
    keep = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
    out = {k: os.environ[k] for k in keep if k in os.environ}
    out.setdefault("LANG", "C.UTF-8")
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        out[name] = str(home)
    out["SAL_USE_VCLPLUGIN"] = "svp"
    return out


def _home() -> Path:
    """The folder with this process's profile; it goes when the process ends."""
    pid = os.getpid()
    home = _HOMES.get(pid)
    if home is None or not home.is_dir():
        home = Path(tempfile.mkdtemp(prefix="luoshi-profile-"))
        _HOMES[pid] = home
        # not atexit, which the processes of a pool pass over
        Finalize(None, clean, exitpriority=1)
        user = home / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    return home


def clean() -> None:
    """Removes this process's profile; the next run makes a new one."""
    home = _HOMES.pop(os.getpid(), None)
    if home is not None:
        shutil.rmtree(home, ignore_errors=True)


def _registry() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
        f"{items}</oor:items>\n"
    )
