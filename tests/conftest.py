"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


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
