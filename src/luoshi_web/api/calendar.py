"""Deadlines as an iCalendar feed."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from luoshi_web.register import ledger
from luoshi_web.register.models import Commitment

MOST = 5000
"""Entries of a feed; the nearest deadlines."""
PAST = timedelta(days=366)
"""Deadlines that passed longer ago are left out."""


def last_day(text: str) -> date | None:
    """The day that ``2025``, ``2025-06`` or ``2025-06-30`` ends with."""
    parts = text.split("-")
    try:
        year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else 12
        day = int(parts[2]) if len(parts) > 2 else calendar.monthrange(year, month)[1]
        return date(year, month, day)
    except (ValueError, IndexError):
        return None


def feed(request: HttpRequest, account: Any, query: str, name: str) -> bytes:
    """The calendar of the commitments with a deadline that a ledger's query asks for and the account sees."""
    it = Calendar()
    it.add("prodid", "-//Luoshi//落实//ZH")
    it.add("version", "2.0")
    it.add("method", "PUBLISH")
    it.add("x-wr-calname", f"{_('落实')} · {name}")
    it.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    rows = ledger.filtered(account, QueryDict(query)).exclude(deadline="")
    since = (date.today() - PAST).isoformat()
    for c in rows.filter(deadline__gte=since[:4]).order_by("deadline", "pk")[:MOST]:
        day = last_day(c.deadline)
        if day is not None and day.isoformat() >= since:
            it.add_component(_event(request, c, day))
    return bytes(it.to_ical())


def _event(request: HttpRequest, c: Commitment, day: date) -> Event:
    event = Event()
    url = request.build_absolute_uri(reverse("register:commitment", args=[c.pk]))
    units = "、".join(str(u.get("name", "")) for u in c.units)
    lines = [
        c.text,
        f"{_('单位')}：{units}" if units else "",
        f"{_('文件')}：{c.document.title} {c.place_label}",
        url,
    ]
    event.add("uid", f"commitment-{c.pk}@luoshi")
    event.add("dtstamp", c.changed_at.astimezone(UTC) if c.changed_at else datetime.now(UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", c.text[:120])
    event.add("description", "\n".join(x for x in lines if x))
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    event.add("sequence", c.revision)
    event.add("status", "CONFIRMED")
    return event
