"""Tags of delivery's pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi_web.delivery import printing
from luoshi_web.delivery.models import Lifecycle, WorkItem

register = template.Library()


@register.filter
def due(item: WorkItem) -> str:
    """The deadline as printed."""
    return printing.deadline(item)


@register.filter
def past(item: WorkItem) -> bool:
    """Whether an item on the register is past its last day."""
    return item.state == Lifecycle.ESTABLISHED and bool(printing.overdue([item], timezone.localdate()))


@register.filter
def origin_line(item: WorkItem) -> str:
    """What an item goes back to."""
    return printing.origin(item)


@register.filter
def of_part(item: WorkItem, part: str) -> list[Any]:
    """The assignments of one part, in order."""
    return sorted((a for a in item.assignments.all() if a.part == part), key=lambda a: a.position)


@register.filter
def entry(mapping: Any, key: Any) -> Any:
    """``{{ mapping|entry:key }}``."""
    return mapping.get(key) if mapping else None


@register.filter
def basis_words(basis: str) -> str:
    """Where a proposal comes from, at length."""
    return {
        "text": _("原文写明"),
        "note": _("全文说明"),
        "register": _("审核时填写的单位"),
        "duties": _("单位三定职责"),
        "earlier": _("以往分工中的相近任务"),
    }.get(basis, basis)


@register.filter
def percent(value: float) -> str:
    """0.42 → 42%."""
    return f"{value:.0%}"


@register.simple_tag
def state_sign(state: str) -> str:
    """The kind of sign for a state."""
    return {
        "issued": "ok", "approved": "ok", "established": "ok", "consulting": "info", "submitted": "info",
        "proposed": "info", "cancelled": "grey",
    }.get(state, "grey")  # fmt: skip
