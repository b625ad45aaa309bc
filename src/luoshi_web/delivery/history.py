"""What happened to an item, from the audit, in words."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from luoshi_web.audit.models import AuditEvent
from luoshi_web.delivery.models import Part, WorkItem
from luoshi_web.organisation.models import Account

HIDDEN = frozenset(
    {"changed_by", "audience", "position", "established_in", "leader_person", "leader_person_id"}
)


def of(item: WorkItem, until: datetime | None = None) -> list[dict[str, Any]]:
    """The events of an item, latest first; for readers of an edition those until it was issued."""
    some = AuditEvent.objects.filter(object_type="delivery.workitem", object_id=str(item.pk))
    events = [e for e in some.order_by("-id")[:200] if until is None or datetime.fromisoformat(e.at) <= until]
    accounts = Account.objects.filter(username__in={e.actor for e in events})
    names = {**dict(accounts.values_list("username", "name")), "system": _("系统")}
    return [
        {
            "event": e,
            "at": datetime.fromisoformat(e.at),
            "actor": names.get(e.actor, e.actor),
            "what": _what(e),
            "fields": _fields(e),
        }
        for e in events
    ]


def _what(event: AuditEvent) -> str:
    if event.action.startswith("delivery.item.take."):
        return _("采用单位建议")
    if not event.before and event.action in (
        "delivery.items.compose",
        "delivery.item.add",
        "delivery.import.apply",
    ):
        return _("列入任务表")
    return {
        "delivery.item.cancel": _("撤销"),
        "delivery.items.merge": _("合并"),
        "delivery.items.bulk": _("批量修改"),
        "delivery.item.attach": _("调整出处"),
        "delivery.item.establish": _("立项"),
    }.get(event.action, _("修改"))


def _fields(event: AuditEvent) -> list[tuple[str, str, str]]:
    before = json.loads(event.before) if event.before else {}
    after = json.loads(event.after) if event.after else {}
    if not before:
        return []
    names = {f.name: str(f.verbose_name) for f in WorkItem._meta.concrete_fields}
    out = []
    for name, new in after.items():
        if name == "units":
            old = before.get("units", {})
            for part in Part:
                if old.get(part.value) != new.get(part.value):
                    pair = ("、".join(old.get(part.value) or []), "、".join(new.get(part.value) or []))
                    out.append((str(part.label), *pair))
        elif name in names and name not in HIDDEN:
            field = WorkItem._meta.get_field(name)
            out.append((names[name], _said(before.get(name), field), _said(new, field)))
    return out


def _said(value: Any, field: Any) -> str:
    for key, words in getattr(field, "flatchoices", None) or ():
        if key == value:
            return str(words)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "—" if value in (None, "") else str(value)
