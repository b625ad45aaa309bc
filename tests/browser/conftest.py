"""A browser and a demo server for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import web_browser


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browser puts what it saves."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def driver(downloads: Path) -> Iterator[Any]:
    """A browser."""
    with web_browser.browser(downloads) as found:
        yield found


@pytest.fixture(scope="module")
def server(driver: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, served as ``luoshi demo`` serves it; asked for with a browser, so that it skips with it."""
    with web_browser.demo(tmp_path_factory.mktemp("served") / "demo") as address:
        yield address
