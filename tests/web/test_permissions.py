"""Every route × role × level of unit against ``permissions.tsv``; a route that is not in the table fails."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from web_routes import TABLE, asked, content
from web_world import LEVELS, ROLES, World

from luoshi_web.organisation.middleware import OPEN
from luoshi_web.ui.pages import PUBLIC, routes

ALLOWED = {".": (), "x": LEVELS, "p": LEVELS, "s": ("province", "city"), "v": ("province", "city", "county")}
REFUSED = (401, 403, 404)


ROUTES = dict(routes())


def test_every_route_is_in_the_table() -> None:
    assert sorted(set(ROUTES) - set(TABLE)) == [], "add these routes to tests/web/permissions.tsv"
    assert sorted(set(TABLE) - set(ROUTES)) == [], "these rows name no route"


def test_every_page_of_ours_names_its_permission() -> None:
    ours = {n: v for n, v in ROUTES.items() if v.__module__.startswith("luoshi_web")}
    assert [n for n, v in ours.items() if not hasattr(v, "permission")] == []
    public = {n for n, v in ours.items() if v.permission == PUBLIC}
    assert public <= OPEN, "a public page must be named in organisation.middleware.OPEN"


def _ask(client: Client, route: str, world: World) -> int:
    """The status of a request whose effect is taken back."""
    with transaction.atomic():
        status = _asked(client, route, world)
        transaction.set_rollback(True)
    return status


def _asked(client: Client, route: str, world: World) -> int:
    response = asked(client, route, world)
    if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
        return 401
    content(response)
    return int(response.status_code)


@pytest.mark.parametrize("route", sorted(TABLE))
def test_route(route: str, world: World) -> None:
    _method, marks = TABLE[route]
    wrong = []
    for role in ROLES:
        for level in LEVELS:
            status = _ask(world.client(f"{role}-{level}"), route, world)
            # one's own second factor: 404 says that there is none
            allowed = status not in REFUSED or (status == 404 and route.startswith("mfa_"))
            if status >= 500 or allowed != (level in ALLOWED[marks[role]]):
                wrong.append(f"{role} at {level}: {status}")
    assert wrong == []


@pytest.mark.parametrize("route", sorted(TABLE))
def test_without_sign_in(route: str, world: World) -> None:
    _method, marks = TABLE[route]
    status = _ask(Client(), route, world)
    if marks["viewer"] == "p":
        assert status < 500 and status != 403
    else:
        assert status == 401
