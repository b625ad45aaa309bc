"""The table of routes, and a request with the object and the form that a route needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse
from web_api_objects import QUERY
from web_objects import ADDRESS, FORM
from web_world import World


def table() -> dict[str, tuple[str, dict[str, str]]]:
    """Route → method, role → mark."""
    text = (Path(__file__).parents[1] / "web" / "permissions.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {r[0]: (r[1], dict(zip(lines[0][2:], r[2:], strict=True))) for r in lines[1:]}


TABLE = table()


def asked(
    client: Client,
    route: str,
    world: World,
    address: dict[str, Any] | None = None,
    form: dict[str, Any] | None = None,
) -> Any:
    """The answer to a request with the route's object and form, unless others are given."""
    method = TABLE[route][0]
    if address is None:
        address = ADDRESS[route](world) if route in ADDRESS else {}
    url = reverse(route, kwargs=address)
    if form is None:
        form = FORM[route](world) if route in FORM else {}
    if route.startswith("api:") and not {"file", "files"} & set(form) and method != "GET":
        return client.generic(method, url, json.dumps(form), "application/json")
    if method == "GET":
        return client.get(url + (QUERY[route](world) if route in QUERY else ""))
    return client.post(url, form)


def content(response: Any) -> bytes:
    """An answer's body, read to its end, where the file is closed."""
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)
