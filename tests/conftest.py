"""Fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import postgres as postgres_server
import pytest

ROOT = Path(__file__).resolve().parents[1]
os.environ["LC_ALL"] = "C.UTF-8"  # tests read the command's English, whatever the machine's locale is
os.environ.pop("LUOSHI_LANGUAGE", None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real documents and the gold, beside the checkout; tests skip where it is missing.

    `LUOSHI_SHARED` names another place.
    """
    path = Path(os.environ.get("LUOSHI_SHARED", ROOT.parent / "shared"))
    if not (path / "corpus").is_dir():
        pytest.skip(f"needs the real documents in {path}, which are not part of the project")
    return path


@pytest.fixture(scope="session")
def seeds(shared: Path) -> Path:
    """The five seed files."""
    return shared / "corpus" / "seeds"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server's own database; tests skip where no server is on the machine."""
    try:
        with postgres_server.server() as url:
            yield url
    except postgres_server.Missing as error:
        pytest.skip(str(error))
