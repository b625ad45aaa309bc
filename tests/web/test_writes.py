"""Every route that writes, with a form that it takes: an event of the audit, and a chain that is sound."""

from __future__ import annotations

import pytest
from web_objects import ADDRESS, FORM
from web_routes import TABLE, asked, content
from web_states import STATE
from web_world import ROLES, World

from luoshi_web.audit import chain
from luoshi_web.audit.models import AuditEvent

SILENT = {"api:verify", "audit:verify"}
"""Routes that are no GET and write nothing."""
WRITES = sorted(r for r, (method, _marks) in TABLE.items() if method != "GET" and r != "access:revoke")
"""All but the revoking of one's own token, which nobody else sees: ``test_api``."""


@pytest.mark.parametrize("route", WRITES)
def test_what_is_written_enters_the_audit(route: str, world: World) -> None:
    marks = TABLE[route][1]
    role = next(r for r in reversed(ROLES) if marks[r] != ".")
    told = STATE[route](world) if route in STATE else (None, None)
    address, form = told
    if told == (None, None) and route in ADDRESS:
        address = ADDRESS[route](world)
    if told == (None, None) and route in FORM:
        form = FORM[route](world)
    client = world.client(f"{role}-city")
    before = AuditEvent.objects.count()
    response = asked(client, route, world, address, form)
    assert response.status_code < 400, content(response).decode()[:2000]
    events = AuditEvent.objects.filter(pk__gt=before)
    if route in SILENT:
        assert not events.exists()
        return
    assert events.filter(actor=f"{role}-city").exists(), "no event of him who did it"
    assert chain.verify().sound
