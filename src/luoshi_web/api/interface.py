"""The interface with all its operations."""

from __future__ import annotations

from typing import Any

from luoshi_web.api.base import api
from luoshi_web.api.rooms import (
    audit,
    comparing,
    delivery,
    dividing,
    importing,
    library,
    organisation,
    posts,
    register,
    search,
    tables,
)

for _part in (
    library,
    register,
    comparing,
    delivery,
    dividing,
    importing,
    search,
    organisation,
    posts,
    audit,
    tables,
):
    api.add_router("", _part.room.router)


def urls() -> tuple[list[Any], str, str]:
    """The operations' addresses; each asks for its token itself, no sign-in page stands before it."""
    patterns, app, namespace = api.urls
    kept = [p for p in patterns if getattr(p, "name", "") != "api-root"]
    for pattern in kept:
        pattern.callback.own_token = True  # type: ignore[union-attr]
    return kept, app, namespace
