"""The settings of an installation, read once into a frozen object: environment and ``DIR/luoshi.toml``.

The environment wins over the file. Every field is documented in ``docs/reference/web.md``.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from luoshi.errors import UsageError

FILE = "luoshi.toml"
KEY_FILE = "secret.key"
DEFAULT_DATA = "luoshi-data"


@dataclass(frozen=True, slots=True)
class Config:
    """What an installation is told.

    :param data: folder of the database, the originals, exports and logs.
    :param database_url: ``sqlite:///PATH`` or ``postgresql://USER:PASSWORD@HOST:PORT/NAME``.
    :param secret_key: signs sessions; made by ``luoshi init``, kept in ``DIR/secret.key``.
    :param hosts: names by which browsers reach the server.
    :param https: the server stands behind TLS: cookies are sent over HTTPS only.
    :param proxies: how many reverse proxies stand before the server (for the client's address in the audit).
    :param demo: the demo province; its accounts are named on the login page.
    :param debug: tracebacks in the browser; never outside development.
    :param language: what a visitor sees before choosing: ``zh-hans`` or ``en``.
    :param idle_minutes: minutes without action after which a session ends.
    :param upload_mb: largest file that is taken.
    :param allow_secrecy: the highest level of secrecy (秘密, 机密, 绝密) that may be read; empty: none.
    :param lock_minutes: how long an account stays locked after five failures.
    :param oidc: ``name``, ``server_url``, ``client_id``, ``client_secret`` of an OpenID Connect provider.
    """

    data: Path
    database_url: str
    secret_key: str
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    https: bool = False
    proxies: int = 0
    demo: bool = False
    debug: bool = False
    language: str = "zh-hans"
    idle_minutes: int = 30
    upload_mb: int = 64
    allow_secrecy: str = ""
    lock_minutes: int = 30
    oidc: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> Path:
        """Originals, by content hash."""
        return self.data / "files"

    @property
    def readings(self) -> Path:
        """Documents in memory form, as the pipeline needs them for comparison."""
        return self.data / "readings"

    @property
    def pictures(self) -> Path:
        """Pictures of pages, by content hash; made anew when missing."""
        return self.data / "pictures"

    @property
    def heads(self) -> Path:
        """Exported heads of the audit chain."""
        return self.data / "audit-heads.tsv"


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The data folder that ``LUOSHI_DATA`` names, else ``luoshi-data`` in the current folder."""
    return Path(environ.get("LUOSHI_DATA") or DEFAULT_DATA).resolve()


def make_key(data: Path) -> None:
    """Makes the secret key of a new installation, readable by its owner only; an existing one stays."""
    path = data / KEY_FILE
    if path.exists():
        return
    data.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as f:
        f.write(secrets.token_urlsafe(48))


def read(data: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of the installation in ``data``.

    :raises UsageError: when the file or a value cannot be understood, naming it.
    """
    values = _file(data / FILE)
    known = {f.name for f in fields(Config)} - {"data"}
    if unknown := sorted(set(values) - known):
        raise UsageError(
            f"{data / FILE} has unknown settings: {', '.join(unknown)}.", hint="See docs/reference/web.md."
        )
    for name in known - {"oidc"}:
        variable = "DATABASE_URL" if name == "database_url" else f"LUOSHI_{name.upper()}"
        if variable in environ:
            values[name] = environ[variable]
    values.setdefault("database_url", f"sqlite:///{data / 'luoshi.sqlite3'}")
    key = data / KEY_FILE
    values.setdefault("secret_key", key.read_text().strip() if key.is_file() else "")
    return Config(data=data, **{name: _typed(name, value) for name, value in values.items()})


def _file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} is no valid TOML: {error}", hint="Mend the line, or remove the file."
        ) from None


_NUMBERS = {"proxies", "idle_minutes", "upload_mb", "lock_minutes"}
_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off", ""}


def _typed(name: str, value: Any) -> Any:
    if name in _NUMBERS:
        try:
            return int(value)
        except ValueError:
            raise UsageError(
                f"The setting {name} is no whole number: {value!r}.", hint="Mend it in luoshi.toml."
            ) from None
    if name in ("https", "demo", "debug"):
        word = str(value).lower()
        if word not in _YES | _NO:
            raise UsageError(
                f"The setting {name} is neither yes nor no: {value!r}.", hint="Write true or false."
            )
        return word in _YES
    if name == "language":  # the command's variable says zh
        if not str(value).startswith(("zh", "en")):
            raise UsageError(f"The setting language is neither zh nor en: {value!r}.", hint="Write zh or en.")
        return "zh-hans" if str(value).startswith("zh") else "en"
    if name == "hosts":
        return tuple(h.strip() for h in value.split(",")) if isinstance(value, str) else tuple(value)
    return value


@cache
def current() -> Config:
    """The settings of this process; read at the first call."""
    return read(data_folder())
