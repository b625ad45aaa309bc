"""With OpenID Connect: its own routes × roles against ``permissions_oidc.tsv``; forged answers."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from served import Served, free_port
from web_world import ROLES

TABLES = [Path(__file__).with_name(n) for n in ("permissions.tsv", "permissions_oidc.tsv")]
ASK = """
import json
from django.conf import settings
settings.ALLOWED_HOSTS.append("testserver")
from django.test import Client
from django.urls import reverse
from luoshi_web.audit.services import SYSTEM
from luoshi_web.organisation import services
from luoshi_web.organisation.models import Unit
from luoshi_web.ui.pages import routes

FORGED = ("", "?code=x&state=y", "?error=access_denied", "?state=%00&code=" + "9" * 5000)
table, roles = json.loads(sys.argv[1]), json.loads(sys.argv[2])
unit, told, clients = Unit.objects.get(), {}, {"": Client()}
for role in roles:
    account, _ = services.add_account(
        by=SYSTEM, username=role, name=role, unit=unit, password="a-good-password", must_change=False
    )
    services.grant_role(by=SYSTEM, account=account, role=role, unit=unit)
    clients[role] = Client()
    clients[role].force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
for route, method in table.items():
    url = reverse(route, kwargs={"provider_id": "oidc"} if route.startswith("openid") else None)
    for role, client in clients.items():
        client.raise_request_exception = False
        for query in FORGED if not role else [""]:
            for language in ("zh-hans", "en") if not role else ["zh-hans"]:
                client.cookies["django_language"] = language
                answer = client.generic(method, url + query)
                text = "" if answer.streaming else answer.content.decode()
                row = [role, answer.status_code, answer.get("Location", ""), text]
                told.setdefault(route, []).append(row)
url = reverse("openid_connect_login", kwargs={"provider_id": "nobody"})
unknown = Client().post(url).status_code
print(json.dumps({"routes": [n for n, _ in routes()], "told": told, "unknown": unknown}))
"""


def _table(path: Path) -> dict[str, str]:
    lines = [x.split("\t") for x in path.read_text("utf-8").splitlines() if not x.startswith("#")]
    assert path.name == "permissions.tsv" or all(set(x[2:]) == {"p"} for x in lines[1:]), "all are public"
    return {x[0]: x[1] for x in lines[1:]}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The routes of an installation whose provider does not answer, and what they answer to whom."""
    if any(importlib.util.find_spec(n) is None for n in ("jwt", "requests")):
        pytest.skip("needs the extra oidc")
    it = Served(tmp_path_factory.mktemp("oidc") / "data")
    it.luoshi("init", "--data", str(it.folder))
    settings = it.folder / "luoshi.toml"
    settings.write_text(
        (settings.read_text() if settings.exists() else "")
        + f'\n[oidc]\nname = "统一认证"\nserver_url = "http://127.0.0.1:{free_port()}"\n'
        'client_id = "luoshi"\nclient_secret = "secret"\n'
    )
    it.python("from django.core.management import call_command\ncall_command('migrate', verbosity=0)")
    out: dict[str, Any] = json.loads(it.python(ASK, json.dumps(_table(TABLES[1])), json.dumps(ROLES)))
    return out


def test_every_route_is_in_a_table(answers: dict[str, Any]) -> None:
    assert sorted(answers["routes"]) == sorted({**_table(TABLES[0]), **_table(TABLES[1])})


def test_they_are_open_to_all_and_never_break(answers: dict[str, Any]) -> None:
    assert answers["unknown"] == 404
    for route, rows in answers["told"].items():
        assert {role for role, *_ in rows} == {"", *ROLES}
        wrong = [row for row in rows if (row[1] >= 500 and row[1] != 503) or row[1] == 403]
        assert not wrong, (route, wrong[0])
        silent = [row[3] for row in rows if row[1] == 503]
        assert all("统一认证没有回应" in t or "does not answer" in t for t in silent), silent[:1]
        assert bool(silent) == (route == "openid_connect_login")
        # 401 is the provider's refusal, told on a page of ours
        ours = [r for r in rows if r[3] and 'name="language"' not in r[3]]
        assert not ours, ours[0]
        assert not [r for r in rows if "Traceback" in r[3] or r[2].startswith("/account/login/?next")], route
