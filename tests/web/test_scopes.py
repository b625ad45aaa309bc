"""Every operation of the interface × scopes of a token: its own scope opens it, no other does."""

from __future__ import annotations

import json

import pytest
from django.db import transaction
from django.test import Client
from web_routes import TABLE, asked, content
from web_world import ROLES, World

from luoshi_web.api import reference, tokens

OPERATIONS = sorted(r for r in TABLE if r.startswith("api:"))
READ_ONLY = {"verify": "audit:read"}
"""Operations that are no GET and write nothing."""
TABLES = {"tables": "", "one_table": "register:read"}
"""The list of tables needs no scope; a table that of its room (the one asked for is of commitments)."""


def needed(route: str) -> str:
    """The scope that an operation should need: its room, and whether it writes."""
    name = route.removeprefix("api:")
    if name in TABLES:
        return TABLES[name]
    (room,) = {
        told["tags"][0]
        for methods in reference.described()["paths"].values()
        for told in methods.values()
        if told["operationId"].rsplit("rooms_", 1)[-1].split("_", 1)[1] == name
    }
    return READ_ONLY.get(name) or f"{room}:{'read' if TABLE[route][0] == 'GET' else 'write'}"


@pytest.mark.parametrize("route", OPERATIONS)
def test_an_operation_needs_its_scope_and_no_other(route: str, world: World) -> None:
    by = world.accounts[f"{next(r for r in reversed(ROLES) if TABLE[route][1][r] != '.')}-city"]
    scope = needed(route)

    def status(scopes: list[str]) -> tuple[int, bytes]:
        _token, secret = tokens.make(by=by, name="测试", scopes=scopes)
        with transaction.atomic():
            response = asked(Client(headers={"Authorization": f"Bearer {secret}"}), route, world)
            body = content(response)
            transaction.set_rollback(True)
        return response.status_code, body

    others = [s for s in tokens.SCOPES if s != scope]
    if scope:
        told, body = status(others)
        assert (told, json.loads(body)["scope"]) == (403, scope)
        others = [scope]
    told, body = status(others)
    assert told not in (401, 403) and told < 500, body
