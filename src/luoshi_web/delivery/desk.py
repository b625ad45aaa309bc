"""What delivery puts on a desk: divisions to answer, to approve, to issue; opinions to handle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi_web.delivery import selectors
from luoshi_web.delivery.models import DivisionState, Edition
from luoshi_web.ui.desk import Task

MOST = 8
"""Lines of one kind."""


def tasks(account: Any) -> Iterator[Task]:
    """All of them for an account."""
    if account.has_perm(selectors.ANSWER):
        yield from _inquiries(account)
    if account.has_perm(selectors.DRAFT):
        yield from _drafts(account)
    if account.has_perm(selectors.APPROVE):
        yield from _decisions(account)


def _inquiries(account: Any) -> Iterator[Task]:
    """Questions to the account's own unit; those of units below it are theirs to answer."""
    rows = selectors.inquiries(account).filter(
        unit=account.unit_id, answered_at=None, consultation__closed_at=None
    )
    for i in rows[:MOST]:
        c = i.consultation
        until = c.due.isoformat() if c.due else ""
        yield Task(
            c.get_kind_display(), c.division.title, reverse("delivery:answer", args=[i.key]),
            _("请 %s 反馈") % i.unit, until=until,
        )  # fmt: skip


def _drafts(account: Any) -> Iterator[Task]:
    """Opinions that wait, and what was sent back, in the account's own divisions."""
    mine = selectors.divisions(account, selectors.DRAFT).filter(drafted_by=account)
    waiting = Q(consultations__inquiries__opinions__handling="open") & ~Q(
        consultations__inquiries__opinions__answer="agree"
    )
    some = mine.filter(state__in=(DivisionState.CONSULTING, DivisionState.DRAFT))
    counted = some.annotate(n=Count("consultations__inquiries__opinions", filter=waiting)).filter(n__gt=0)
    for d in counted.order_by("-pk")[:MOST]:
        note = _("%d 条反馈意见待处理") % d.n
        yield Task(_("处理意见"), d.title, reverse("delivery:division", args=[d.pk]), note)
    returned = Edition.objects.filter(division__in=mine.filter(state=DivisionState.DRAFT)).exclude(
        returned=""
    )
    for e in returned.select_related("division").order_by("-pk")[:MOST]:
        if e.number == e.division.round:
            url = reverse("delivery:division", args=[e.division_id])
            yield Task(_("退回修改"), e.division.title, url, e.returned, sign="red")


def _decisions(account: Any) -> Iterator[Task]:
    """Divisions that somebody else sent up, and approved ones to be issued."""
    rows = selectors.divisions(account, selectors.APPROVE)
    waiting = rows.filter(state=DivisionState.SUBMITTED).exclude(
        pk__in=Edition.objects.filter(submitted_by=account, division__state="submitted").values("division")
    )
    for d in waiting.order_by("pk")[:MOST]:
        yield Task(_("领导审定"), d.title, reverse("delivery:division", args=[d.pk]), str(d.owner))
    for d in rows.filter(state=DivisionState.APPROVED).order_by("pk")[:MOST]:
        yield Task(_("印发"), d.title, reverse("delivery:division", args=[d.pk]), str(d.owner))
