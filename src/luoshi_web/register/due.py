"""Which last days are past and which are near: one rule for ledger, division and desk.

Deadlines are ISO days as exact as known; a month or a year ends with its last day
(:func:`luoshi.track.deadlines.last_day`), so that none that today lies in is past.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.track.deadlines import last_day

SOON = timedelta(days=30)
VALUES = ("overdue", "soon")


def labels() -> dict[str, str]:
    """The values in words."""
    return {"overdue": _("已到期"), "soon": _("30 日内到期")}


def within(field: str, value: str) -> Q:
    """Rows whose ``field`` is past (``overdue``) or comes within :data:`SOON` (``soon``)."""
    today = timezone.localdate()
    day, until = today.isoformat(), today + SOON
    if value == "overdue":
        past = Q(**{f"{field}__gt": "", f"{field}__lt": day})
        return past & ~Q(**{f"{field}__in": (day[:4], day[:7])})
    ends = {x: last_day(x) for x in (day[:7], day[:4])}
    here = [x for x, end in ends.items() if end is not None and end <= until]
    later = {until.isoformat()[:7], until.isoformat()[:4]}
    near = Q(**{f"{field}__gte": day, f"{field}__lte": until.isoformat()}) & ~Q(**{f"{field}__in": later})
    return near | Q(**{f"{field}__in": here})


def spoken(day: str) -> str:
    """How far away a last day is, in words; empty for what is no day."""
    last = last_day(day)
    if last is None:
        return ""
    left = (last - timezone.localdate()).days
    if left < 0:
        return _("已过 %d 天") % -left
    return _("今天到期") if left == 0 else _("还有 %d 天") % left
