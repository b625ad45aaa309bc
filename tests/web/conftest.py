"""Fixtures of the web tests."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from web_world import World, load, make


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database with the province in it."""
    with django_db_blocker.unblock():
        make()


@pytest.fixture
def world(db: None) -> World:
    """The province, fresh for this test."""
    return load()


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """What one test leaves outside of the database is not the next one's: how often an account asked the
    interface, exported heads of a chain that is no more."""
    cache.clear()
    settings.LUOSHI.heads.unlink(missing_ok=True)
