"""Signing in, roles, administrators."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.exceptions import PermissionDenied
from django.test import Client
from web_world import World

from luoshi_web.audit.models import AuditEvent
from luoshi_web.audit.services import SYSTEM, Refused, maintenance
from luoshi_web.library.models import Document
from luoshi_web.organisation import services
from luoshi_web.organisation.access import allowed, table, visible


def sign_in(client: Client, name: str, password: str = "a-good-password") -> int:
    return client.post("/account/login/", {"login": name, "password": password}).status_code


def test_signing_in_and_out_enters_the_audit(world: World) -> None:
    client = Client()
    assert sign_in(client, "viewer-city") == 302
    assert client.get("/library/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/library/").status_code == 302
    actions = list(AuditEvent.objects.values_list("action", flat=True)[:2])
    assert actions == ["organisation.account.sign-out", "organisation.account.sign-in"]


def test_five_failures_lock_an_account_even_from_other_addresses(world: World) -> None:
    for n in range(5):
        Client(REMOTE_ADDR=f"10.0.0.{n}").post(
            "/account/login/", {"login": "viewer-city", "password": "wrong"}
        )
    client = Client()
    answer = client.post("/account/login/", {"login": "viewer-city", "password": "a-good-password"})
    assert answer.status_code in (403, 429)
    assert "锁定" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    security = world.client("security_admin-province")
    security.post(f"/organisation/accounts/{world.accounts['viewer-city'].pk}/unlock")
    assert sign_in(Client(), "viewer-city") == 302


def test_an_idle_session_ends_and_polling_does_not_keep_it(world: World) -> None:
    client = world.client("viewer-city")
    client.get("/library/")
    session = client.session
    session["acted"] -= 29 * 60
    session.save()
    assert client.get("/library/", headers={"X-Poll": "1"}).status_code == 200
    session = client.session
    session["acted"] -= 2 * 60
    session.save()
    answer = client.get("/library/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Trigger"] == "luoshi:signed-out"


def test_a_second_factor_is_asked_for(world: World) -> None:
    account = world.accounts["viewer-city"]
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    client = Client()
    assert client.post("/account/login/", {"login": "viewer-city", "password": "a-good-password"})[
        "Location"
    ].startswith("/account/factor/authenticate/")
    assert client.get("/library/").status_code == 302
    import time

    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/account/factor/authenticate/", {"code": code}).status_code == 302
    assert client.get("/library/").status_code == 200


def test_a_first_password_must_be_changed(world: World) -> None:
    account, first = services.add_account(by=SYSTEM, username="neu", name="新", unit=world.units["city"])
    client = Client()
    sign_in(client, "neu", first)
    assert client.get("/organisation/me")["Location"] == "/account/password/"
    form = {"oldpassword": first, "password1": "an-other-password-7", "password2": "an-other-password-7"}
    assert client.post("/account/password/", form).status_code == 302
    account.refresh_from_db()
    assert not account.must_change_password
    waiting = client.get("/", follow=True)  # no role yet: it says so, and lets him leave
    assert waiting.status_code == 403
    page = waiting.content.decode()
    assert "还没有授予角色" in page and "/account/logout/" in page and "密码已修改" in page
    assert AuditEvent.objects.filter(actor="neu", action="organisation.account.change-password").exists()


def test_administrators_are_separate(world: World) -> None:
    security = world.accounts["security_admin-province"]
    city = world.units["city"]
    for account, role in (
        ("system_admin-city", "security_admin"),
        ("system_admin-city", "viewer"),
        ("viewer-city", "audit_admin"),
        ("audit_admin-city", "system_admin"),
    ):
        with pytest.raises(Refused):
            services.grant_role(by=security, account=world.accounts[account], role=role, unit=city)
    with pytest.raises(Refused):
        services.grant_role(by=security, account=security, role="security_admin", unit=city)
    with pytest.raises(PermissionDenied):
        services.grant_role(
            by=world.accounts["system_admin-province"],
            account=world.accounts["viewer-city"],
            role="drafter",
            unit=city,
        )


@pytest.mark.parametrize("audience", ["own", "below", "all"])
def test_the_filter_decides_as_the_rule_does(world: World, audience: str) -> None:
    world.document.audience = audience
    from luoshi_web.audit.services import maintenance

    with maintenance("test"):
        world.document.save()
    for rule in table().values():
        for account in world.accounts.values():
            seen = (
                visible(Document.objects.all(), account, rule.permission)
                .filter(pk=world.document.pk)
                .exists()
            )
            assert seen == allowed(rule, account, world.document), (rule.permission, account.username)


def test_the_accounts_that_need_a_look_are_counted_and_filtered(world: World) -> None:
    from luoshi_web.organisation.models import Account, Grant

    client = world.client("security_admin-city")
    page = client.get("/organisation/accounts/").content.decode()
    assert "show=no-role" not in page
    with maintenance("test"):
        Grant.objects.filter(account=world.accounts["viewer-other"]).delete()
        Account.objects.filter(username="drafter-other").update(is_active=False)
    page = client.get("/organisation/accounts/").content.decode()
    assert "show=no-role" in page and "未授权 1" in page and "停用 1" in page
    page = client.get("/organisation/accounts/?show=no-role").content.decode()
    assert "viewer-other" in page and "reviewer-city" not in page
    assert client.get("/organisation/accounts/?show=x").status_code == 200
    assert client.get("/")["Location"] == "/organisation/accounts/"
