"""Pages outside the daily work keep the navigation for those who are signed in, and have one heading."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from web_world import World

from luoshi_web.audit.services import SYSTEM
from luoshi_web.organisation import services

NAVIGATION = '<nav class="side"'


@pytest.mark.parametrize("route", ["account_change_password", "mfa_index", "mfa_activate_totp"])
def test_pages_of_the_own_account_keep_the_frame(world: World, route: str) -> None:
    shown = world.client("reviewer-city").get(reverse(route), follow=True).content.decode()
    assert NAVIGATION in shown
    assert shown.count("<h1>") == shown.count("<main ") == 1


@pytest.mark.parametrize(("address", "status"), [("/no/such/page", 404), ("/audit/", 403)])
def test_errors_keep_the_frame(world: World, address: str, status: int) -> None:
    response = world.client("reviewer-city").get(address)
    shown = response.content.decode()
    assert response.status_code == status
    assert NAVIGATION in shown
    assert shown.count("<h1>") == shown.count("<main ") == 1


def test_visitors_see_a_card(world: World) -> None:
    shown = Client().get(reverse("account_login")).content.decode()
    assert NAVIGATION not in shown and shown.count("<h1>") == 1
    missing = Client().get("/no/such/page")
    assert missing.status_code == 404 and NAVIGATION not in missing.content.decode()


def test_a_first_password_is_changed_before_anything_else(world: World) -> None:
    account, _ = services.add_account(
        by=SYSTEM, username="new", name="新来", unit=world.units["city"], password="a-good-password"
    )
    services.grant_role(by=SYSTEM, account=account, role="viewer", unit=world.units["city"])
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert NAVIGATION not in client.get(reverse("account_change_password"), follow=True).content.decode()
