"""The audit chain."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from ninja import Query, Schema

from luoshi_web.api.base import Paged, Paging, Room, paged
from luoshi_web.audit import chain
from luoshi_web.audit.models import AuditEvent
from luoshi_web.ui.pages import Request

room = Room("audit")
VIEW, VERIFY = "audit.view_event", "audit.verify_chain"


class EventOut(Schema):
    """An event: who did what to which object, and how it looked before and after (JSON texts)."""

    id: int
    at: str
    actor: str
    action: str
    object_type: str
    object_id: str
    object_name: str
    before: str
    after: str
    reason: str
    address: str
    previous: str
    hash: str


class EventFilter(Schema):
    """Which events."""

    actor: str = ""
    action: str = ""
    type: str = ""
    object: str = ""
    since: str = ""
    until: str = ""


class HeadOut(Schema):
    """The chain's last row, to be kept elsewhere."""

    id: int
    hash: str


class FaultOut(Schema):
    """What is wrong, and at which row."""

    id: int
    what: str


class VerdictOut(Schema):
    """Whether the chain is sound."""

    sound: bool
    rows: int
    head: HeadOut
    faults: list[FaultOut]


def filtered(told: dict[str, str]) -> Any:
    """The events that a query asks for, latest first."""
    rows = AuditEvent.objects.all()
    names = {"actor": "actor", "action": "action__startswith", "type": "object_type", "object": "object_id"}
    for name, lookup in names.items():
        if value := told.get(name, "").replace("\x00", "").strip():
            rows = rows.filter(**{lookup: value})
    if since := told.get("since", "").replace("\x00", ""):
        rows = rows.filter(at__gte=since)
    if until := told.get("until", "").replace("\x00", ""):
        rows = rows.filter(at__lt=until + "T99")
    return rows


@room("GET", "/audit/events", VIEW, response=Paged[EventOut])
def events(request: Request, filters: Query[EventFilter], paging: Query[Paging]) -> Any:
    """审计记录。The chain, latest first."""
    return paged(filtered(filters.dict()), paging)


@room("GET", "/audit/events/{int:pk}", VIEW, response=EventOut)
def event(request: Request, pk: int) -> Any:
    """一条审计记录。One event."""
    return get_object_or_404(AuditEvent, pk=pk)


@room("POST", "/audit/verify", VERIFY, response=VerdictOut, scope="read")
def verify(request: Request) -> Any:
    """校验审计链。Reads the whole chain and says whether it is sound."""
    return chain.verify(chain.read_heads(settings.LUOSHI.heads))


@room("GET", "/audit/head", VERIFY, response=HeadOut)
def head(request: Request) -> Any:
    """审计链的末端。The chain's head; written to the installation's list of heads too."""
    return chain.export_head(settings.LUOSHI.heads)
