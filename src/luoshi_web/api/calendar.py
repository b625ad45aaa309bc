"""Deadlines of commitments, or of work items with their milestones, as an iCalendar feed."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from luoshi.track import deadlines
from luoshi_web.delivery import printing, selectors, standing, table
from luoshi_web.delivery.models import Lifecycle, WorkItem
from luoshi_web.delivery.standing import either
from luoshi_web.register import ledger

MOST = 5000
"""Entries of a feed; the nearest deadlines."""
ITEMS = "items"
"""The value of ``of`` in a feed's query that asks for work items."""
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
    """The calendar of the rows that a query asks for and the account sees.

    :param query: filters of the ledger of commitments; with ``of=items`` of the table of work items.
    """
    it = Calendar()
    it.add("prodid", "-//Luoshi//落实//ZH")
    it.add("version", "2.0")
    it.add("method", "PUBLISH")
    it.add("x-wr-calname", _line(f"{_('落实')} · {name}"))
    it.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    told = QueryDict(query)
    some = _items(request, account, told) if told.get("of") == ITEMS else _commitments(request, account, told)
    for event in some:
        it.add_component(event)
    return bytes(it.to_ical())


def _line(text: str) -> str:
    """A text on one line: what a line break stood before would else be read as a property of its own."""
    return " ".join(text.split())


def _since() -> date:
    return date.today() - PAST


def _commitments(request: HttpRequest, account: Any, told: QueryDict) -> Iterator[Event]:
    """The deadlines of confirmed commitments."""
    since = _since()
    rows = ledger.filtered(account, told).exclude(deadline="")
    for c in rows.filter(deadline__gte=str(since.year)).order_by("deadline", "pk")[:MOST]:
        day = last_day(c.deadline)
        if day is not None and day >= since:
            url = request.build_absolute_uri(reverse("register:commitment", args=[c.pk]))
            units = "、".join(str(u.get("name", "")) for u in c.units)
            lines = [
                c.text,
                f"{_('单位')}：{units}" if units else "",
                f"{_('文件')}：{c.document.title} {c.place_label}",
            ]
            yield _event(c, f"commitment-{c.pk}", day, c.text[:120], lines, url)


def _items(request: HttpRequest, account: Any, told: QueryDict) -> Iterator[Event]:
    """Work items: their deadlines, the days of their yearly milestones, their days of review."""
    since = _since()
    rows = table.filtered(account, told)
    kept = standing.held(account)
    dated = either(kept, deadline__gte=str(since.year)) | either(kept, review_on__gte=since)
    dated |= either(kept, milestone__gt="")
    for i in selectors.detailed(table.ordered(rows.filter(dated), "deadline"))[:MOST]:
        url = request.build_absolute_uri(reverse("delivery:item", args=[i.pk]))
        for kind, day in _days(i, since):
            words = {"due": i.text, "node": i.milestone, "review": i.text}[kind]
            label = {"due": _("完成时限"), "node": _("年度节点"), "review": _("复核日期")}[kind]
            row = printing.cells(i, 0)
            lines = [i.text if kind == "node" else "", words, f"{_('编号')}：{i.code}"]
            lines += [f"{printing.label(p)}：{row[p]}" for p in ("lead", "responsible", "support") if row[p]]
            uid = f"item-{i.pk}-{kind}" + (f"-{day.isoformat()}" if kind == "node" else "")
            yield _event(i, uid, day, f"{label}：{words}"[:120], lines, url)


def _days(item: WorkItem, since: date) -> list[tuple[str, date]]:
    """The days of an item that a calendar shows, each with what it is."""
    out = []
    if (day := last_day(item.deadline)) is not None:
        out.append(("due", day))
    years = range(since.year, date.today().year + 2)
    nodes = {d for year in years for d in deadlines.milestones(item.milestone, year)}
    last = day or date(years[-1], 12, 31)
    out += [("node", d) for d in sorted(nodes) if d <= last]
    if item.review_on is not None:
        out.append(("review", item.review_on))
    return [(kind, d) for kind, d in out if d >= since]


def _event(row: Any, uid: str, day: date, summary: str, lines: list[str], url: str) -> Event:
    """A whole day; the numbers of its row make programs see changes."""
    event = Event()
    event.add("uid", f"{uid}@luoshi")
    event.add("dtstamp", row.changed_at.astimezone(UTC) if row.changed_at else datetime.now(UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", _line(summary))
    event.add("description", "\n".join(_line(x) for x in [*lines, url] if x))
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    event.add("sequence", row.revision)
    draft = getattr(row, "state", "") in (Lifecycle.DRAFT, Lifecycle.PROPOSED)
    event.add("status", "TENTATIVE" if draft else "CONFIRMED")
    return event
