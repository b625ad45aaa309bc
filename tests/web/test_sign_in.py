"""What somebody tries who wants in: guesses, old codes, other spellings, another's password, great bodies."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from web_world import World

from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import SYSTEM, Refused
from luoshi_web.organisation import services
from luoshi_web.organisation.models import Account
from luoshi_web.ui.middleware import VISITOR

LOGIN, FACTOR = "/account/login/", "/account/factor/authenticate/"
PASSWORD = "a-good-password"


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def secret(world: World) -> str:
    """Of the time-based codes of the city's viewer."""
    told: str = generate_totp_secret()
    TOTP.activate(world.accounts["viewer-city"], told)
    return told


def code(secret: str) -> str:
    """The code of now; of a moment that lasts for the test."""
    if time.time() % 30 > 25:
        time.sleep(30 - time.time() % 30)
    told: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return told


def half_in(name: str = "viewer-city") -> Client:
    """A browser whose password was right."""
    client = Client()
    answer = client.post(LOGIN, {"login": name, "password": PASSWORD})
    assert answer["Location"].startswith(FACTOR)
    return client


# --- guesses ----------------------------------------------------------------------------------------------


def test_other_spellings_of_a_user_name_are_the_same_account(world: World) -> None:
    for name in ("viewer-city", "VIEWER-city", "Viewer-City", " viewer-CITY ", "viewer-citY"):
        Client().post(LOGIN, {"login": name, "password": "wrong"})
    for name in ("viewer-city", "vIEWER-city"):
        client = Client()
        answer = client.post(LOGIN, {"login": name, "password": PASSWORD})
        assert answer.status_code in (403, 429) and not signed_in(client)
    security = world.client("security_admin-province")
    assert (
        "已锁定"
        in security.get(f"/organisation/accounts/{world.accounts['viewer-city'].pk}/").content.decode()
    )


def test_two_accounts_do_not_differ_by_case_alone(world: World) -> None:
    with pytest.raises(Refused):
        services.add_account(by=SYSTEM, username="Viewer-City", name="另一人", unit=world.units["city"])


def test_five_wrong_codes_lock_the_account(world: World, secret: str) -> None:
    client = half_in()
    for n in range(5):
        answer = client.post(FACTOR, {"code": f"00000{n}"})
    assert answer.status_code in (403, 429) and "锁定" in answer.content.decode()
    assert not signed_in(client)
    client.post(FACTOR, {"code": code(secret)})
    assert not signed_in(client), "a right code after the lock opens"
    answer = Client().post(LOGIN, {"login": "viewer-city", "password": PASSWORD})
    assert answer.status_code in (403, 429), "a right password after the lock opens"
    told = AuditEvent.objects.filter(object_id="viewer-city")
    assert told.filter(action="organisation.account.sign-in-failed").count() >= 5
    assert told.filter(action="organisation.account.locked").exists()


def test_wrong_codes_count_before_somebody_changes_his_factor(world: World, secret: str) -> None:
    client = half_in()
    client.post(FACTOR, {"code": code(secret)})
    assert signed_in(client)
    for n in range(5):
        answer = client.post(reverse("mfa_reauthenticate"), {"code": f"00000{n}"})
    assert answer.status_code in (403, 429)
    assert client.post(reverse("mfa_reauthenticate"), {"code": code(secret)}).status_code == 200


def test_a_code_opens_once_whichever_process_is_asked(world: World, secret: str) -> None:
    first, second, told = half_in(), half_in(), code(secret)
    assert first.post(FACTOR, {"code": told}).status_code == 302 and signed_in(first)
    cache.clear()  # the other process has a cache of its own
    assert second.post(FACTOR, {"code": told}).status_code == 200
    assert not signed_in(second)


def test_a_sign_in_makes_a_new_session(world: World) -> None:
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    client.post(LOGIN, {"login": "viewer-city", "password": PASSWORD})
    assert signed_in(client) and client.session.session_key != session.session_key


def test_a_new_password_ends_the_sessions_there_were(world: World) -> None:
    client = world.client("viewer-city")
    assert client.get("/library/").status_code == 200
    services.reset_password(
        by=world.accounts["security_admin-city"], account=world.accounts["viewer-city"], reason="遗失"
    )
    assert client.get("/library/").status_code == 302
    other = world.client("drafter-city")
    services.set_active(
        by=world.accounts["security_admin-city"],
        account=world.accounts["drafter-city"],
        active=False,
        reason="x",
    )
    assert other.get("/library/").status_code == 302


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"],
)
def test_nobody_is_sent_elsewhere(world: World, target: str) -> None:
    client = Client()
    answer = client.post(LOGIN, {"login": "viewer-city", "password": PASSWORD, "next": target})
    assert (
        answer.status_code == 302
        and "elsewhere" not in answer["Location"]
        and "script" not in answer["Location"]
    )
    answer = client.post("/language", {"language": "en", "next": target})
    assert answer["Location"] == "/"


# --- administrators -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["system_admin", "audit_admin", "security_admin"])
def test_no_administrator_gets_anothers_password(world: World, role: str) -> None:
    account = world.accounts[f"{role}-city"]
    client = world.client("security_admin-province")
    answer = client.post(reverse("organisation:reset_password", args=[account.pk]), {"reason": "忘记"})
    assert answer.status_code == 422 and f"luoshi password {account.username}" in answer.content.decode()
    url = reverse("api:reset_password", args=[account.pk])
    assert client.generic("POST", url, '{"reason": "忘记"}', "application/json").status_code == 422
    old = Account.objects.get(pk=account.pk)
    assert old.check_password(PASSWORD) and not old.must_change_password
    # behind a second factor a password alone opens nothing
    TOTP.activate(account, generate_totp_secret())
    answer = client.post(reverse("organisation:reset_password", args=[account.pk]), {"reason": "忘记"})
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    # on the server itself
    first = services.reset_password(by=SYSTEM, account=account, reason="丢失手机", factor=True)
    account.refresh_from_db()
    assert account.check_password(first) and account.must_change_password
    assert not Authenticator.objects.filter(user=account).exists()


def test_nobody_makes_an_administrator_of_an_account_whose_password_he_had(world: World) -> None:
    security, city = world.accounts["security_admin-province"], world.units["city"]
    account, _first = services.add_account(by=SYSTEM, username="spare", name="备用", unit=city)
    services.reset_password(by=security, account=account, reason="试")
    for role in ("audit_admin", "system_admin", "security_admin"):
        with pytest.raises(Refused, match="重置过"):
            services.grant_role(by=security, account=account, role=role, unit=city)
    services.grant_role(by=security, account=account, role="viewer", unit=city)


def test_a_grant_of_a_moment_ago_is_seen(world: World) -> None:
    account, _first = services.add_account(by=SYSTEM, username="spare", name="备用", unit=world.units["city"])
    account.grants  # noqa: B018 what an older request has read
    services.grant_role(
        by=SYSTEM, account=Account.objects.get(pk=account.pk), role="audit_admin", unit=world.units["city"]
    )
    with pytest.raises(Refused):
        services.grant_role(by=SYSTEM, account=account, role="system_admin", unit=world.units["city"])


# --- who asks, and how much ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "127.0.0.1"),
        (1, "<script>", "127.0.0.1"),
    ],
)
def test_the_audit_names_the_address_that_our_own_proxy_saw(
    world: World, settings: Any, proxies: int, told: str, address: str
) -> None:
    from dataclasses import replace

    settings.LUOSHI = replace(settings.LUOSHI, proxies=proxies)
    client = world.client("reviewer-city")
    client.post("/language", {"language": "en"}, headers={"X-Forwarded-For": told})
    assert AuditEvent.objects.latest("id").address == address


def test_a_visitor_sends_a_form_and_no_more(world: World) -> None:
    client = Client()
    form = {"login": "viewer-city", "password": "x" * (VISITOR + 1)}
    answer = client.post(LOGIN, form)
    assert answer.status_code == 413 and "提交的内容太大" in answer.content.decode()
    assert client.post(LOGIN, {"login": "viewer-city", "password": "x" * 100}).status_code == 200
    huge: Any = {"CONTENT_LENGTH": str(10**15)}
    for answer in (
        world.client("drafter-city").post("/library/upload", {}, **huge),
        client.post("/api/v1/uploads", {}, **huge),
        client.post(LOGIN, {}, CONTENT_LENGTH="-5"),
    ):
        assert answer.status_code == 413
