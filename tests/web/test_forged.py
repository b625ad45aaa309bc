"""Forged requests: every route, each of its fields in turn wrong; a clear page or problem, never a fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from web_api_objects import QUERY
from web_objects import ADDRESS, FORM
from web_routes import TABLE, content
from web_world import ROLES, World

FORGED = ("", "abc", "-1", "9" * 30, "9" * 5000, "二³", "\x00", "<script>", "1e9")
"""What a field may hold that our pages never sent; ``³`` is a digit to Python, but no number."""
NAMES = (
    "page",
    "q",
    "sort",
    "size",
    "year",
    "document",
    "node",
    "unit",
    "due",
    "view",
    "lit",
    "since",
    "until",
)
"""Names of a query that pages of lists know."""

POSTED = {
    "account_login": ("login", "password", "next"), "account_logout": (),
    "account_reauthenticate": ("password",),
    "account_change_password": ("oldpassword", "password1", "password2"), "mfa_authenticate": ("code",),
    "mfa_reauthenticate": ("code",), "mfa_activate_totp": ("code",), "mfa_deactivate_totp": (),
    "mfa_generate_recovery_codes": (), "site:language": ("language", "next"),
}  # fmt: skip
"""Forms of the sign-in, whose routes show them too."""


def _wrong(form: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A form with nothing in it, then with each field in turn left out, sent twice, and forged."""
    yield {}
    for name in form:
        yield {k: v for k, v in form.items() if k != name}
        yield {**form, name: ["1", "2"]}
        for value in FORGED:
            yield {**form, name: value}
    for value in FORGED:
        yield dict.fromkeys(form, value)


def _queries(route: str, world: World) -> Iterator[dict[str, Any]]:
    known = QueryDict(QUERY[route](world).lstrip("?")) if route in QUERY else QueryDict()
    for value in FORGED:
        yield dict.fromkeys((*NAMES, *known), value)
    for name in known:
        yield {k: v for k, v in known.items() if k != name}


def _send(client: Client, route: str, method: str, url: str, form: dict[str, Any]) -> Any:
    """The answer; whatever it did is taken back."""
    for file in (f for v in form.values() for f in (v if isinstance(v, list) else [v])):
        if hasattr(file, "seek"):
            file.seek(0)
    with transaction.atomic():
        if route.startswith("api:") and method != "GET" and not {"file", "files"} & set(form):
            response = client.generic(method, url, json.dumps(form, default=str), "application/json")
        elif method == "GET":
            response = client.get(url, form)
        else:
            response = client.post(url, {k: v for k, v in form.items() if v is not None})
        content(response)
        transaction.set_rollback(True)
    return response


def _client(route: str, world: World) -> Client:
    """A browser of somebody who may."""
    marks = TABLE[route][1]
    role = next((r for r in reversed(ROLES) if marks[r] != "."), "viewer")
    client = world.client(f"{role}-city")
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("route", sorted(TABLE))
def test_forged_fields_never_break_a_page(route: str, world: World) -> None:
    method, client, wrong = TABLE[route][0], _client(route, world), []
    address = ADDRESS[route](world) if route in ADDRESS else {}
    url = reverse(route, kwargs=address)
    form = FORM[route](world) if route in FORM else {}
    for told in _queries(route, world) if method == "GET" else _wrong(form):
        response = _send(client, route, method, url, told)
        if response.status_code >= 500:
            wrong.append(f"{told}: {response.status_code} {getattr(response, 'exc_info', None)!r:.300}")
    assert wrong == []


@pytest.mark.parametrize("route", sorted(r for r in TABLE if r in ADDRESS))
def test_forged_addresses_are_not_found(route: str, world: World) -> None:
    method, client, wrong = TABLE[route][0], _client(route, world), []
    address = ADDRESS[route](world)
    form = FORM[route](world) if route in FORM else {}
    for name, value in (
        (n, v) for n, old in address.items() if isinstance(old, int) for v in (0, 10**8, 10**18)
    ):
        url = reverse(route, kwargs={**address, name: value})
        response = _send(client, route, method, url, form)
        if (response.status_code not in (403, 404, 409, 422) and name == "pk") or response.status_code >= 500:
            wrong.append(f"{name}={value}: {response.status_code}")
    assert wrong == []


@pytest.mark.parametrize("route", POSTED)
@pytest.mark.parametrize("role", ["", "viewer"])
def test_forged_forms_of_the_sign_in(route: str, role: str, world: World) -> None:
    client, wrong = world.client(f"{role}-city") if role else Client(), []
    client.raise_request_exception = False
    for form in _wrong(dict.fromkeys(POSTED[route], "a-good-password")):
        response = _send(client, route, "POST", reverse(route), form)
        if response.status_code >= 500:
            wrong.append(f"{form}: {response.status_code}")
    assert wrong == []


def test_what_no_database_keeps_is_taken_out_of_a_form_and_of_a_body(world: World) -> None:
    client, document = world.client("reviewer-city"), world.document
    form = {"title": "新\x00题", "audience": "below", "revision": document.revision}
    assert client.post(reverse("library:change", args=[document.pk]), form).status_code == 302
    document.refresh_from_db()
    assert document.title == "新题"
    body = json.dumps({"title": "又\x00一\ud800题", "revision": document.revision})
    url = reverse("api:change_document", args=[document.pk])
    answer = client.generic("PATCH", url, body, "application/json")
    assert answer.status_code == 200, answer.content
    document.refresh_from_db()
    assert document.title == "又一题"


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "太长，最多"), ("en", "is too long")])
def test_a_text_that_is_too_long_is_told_in_words(world: World, language: str, words: str) -> None:
    from django.utils import translation

    from luoshi_web.audit.services import SYSTEM, Refused
    from luoshi_web.organisation import posts, services

    with translation.override(language), pytest.raises(Refused) as told:
        posts.add_person(by=SYSTEM, name="长" * 5000)
    assert words in str(told.value.message)
    with translation.override(language), pytest.raises(Refused) as told:
        services.change_unit(
            by=SYSTEM,
            unit=world.units["city"],
            revision=world.units["city"].revision,
            fields={"name": "长" * 5000},
        )
    assert words in str(told.value.message)
