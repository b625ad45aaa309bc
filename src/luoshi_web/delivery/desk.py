"""What delivery puts on a desk: divisions to answer, to approve, to issue; opinions to handle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi_web.delivery import selectors, table
from luoshi_web.delivery.models import Consultation, DivisionState, Edition
from luoshi_web.register import due
from luoshi_web.ui.desk import Figure, Task, Term

MOST = 8
"""Lines of one kind."""
NEAREST = 3
"""Rows that a desk names whose last day is near."""


def tasks(account: Any) -> Iterator[Task]:
    """All of them for an account."""
    if account.has_perm(selectors.ANSWER):
        yield from _inquiries(account)
    if account.has_perm(selectors.DRAFT):
        yield from _drafts(account)
    if account.has_perm(selectors.APPROVE):
        yield from _decisions(account)


def figures(account: Any) -> Iterator[Figure]:
    """Questions to answer, opinions to handle, divisions to approve."""
    if account.has_perm(selectors.ANSWER):
        asked = _asked(account)
        urls = [reverse("delivery:answer", args=[i.key]) for i in asked[:2]]
        url = urls[0] if len(urls) == 1 else reverse("delivery:inbox")
        late = any(i.consultation.due and i.consultation.due < timezone.localdate() for i in asked)
        yield Figure(_("件征求意见待反馈"), asked.count(), url, "red" if late else "yellow")
    if account.has_perm(selectors.APPROVE):
        waiting = _to_decide(account)
        url = reverse("delivery:divisions") + f"?state={DivisionState.SUBMITTED}"
        yield Figure(_("份分工方案待审定"), waiting.count(), url)


def terms(account: Any) -> Iterator[Term]:
    """Items on the register whose last day is past or near; for a unit's officer those of his unit."""
    if not account.has_perm(selectors.VIEW):
        return
    told = {"unit": account.unit.name} if account.has_perm("delivery.report_progress") else {}
    counted = {}
    for value in due.VALUES:
        asked = QueryDict(mutable=True)
        asked.update(told | {"due": value, "sort": "deadline"})
        url = f"{reverse('delivery:items')}?{asked.urlencode()}"
        counted[value] = (table.filtered(account, asked), url)
    (past, past_url), (near, near_url) = counted["overdue"], counted["soon"]
    shown = list(selectors.detailed(table.ordered(near, "deadline"))[:NEAREST])
    shown = shown or list(selectors.detailed(past.order_by("-deadline", "pk"))[:NEAREST])
    rows = tuple(
        (i.text, reverse("delivery:item", args=[i.pk]), _leads(i), i.deadline, due.spoken(i.deadline))
        for i in shown
    )
    yield Term(_("任务分解表"), past.count(), past_url, near.count(), near_url, rows)


def _leads(item: Any) -> str:
    return "、".join(a.name for a in item.assignments.all() if a.part == "lead")


def _asked(account: Any) -> Any:
    """Questions to the account's own unit; those of units below it are theirs to answer."""
    return selectors.inquiries(account).filter(
        unit=account.unit_id, answered_at=None, consultation__closed_at=None
    )


def _to_decide(account: Any) -> Any:
    """Divisions that somebody else sent up."""
    rows = selectors.divisions(account, selectors.APPROVE).filter(state=DivisionState.SUBMITTED)
    own = Edition.objects.filter(submitted_by=account, division__state=DivisionState.SUBMITTED)
    return rows.exclude(pk__in=own.values("division"))


def _inquiries(account: Any) -> Iterator[Task]:
    """Each of them."""
    for i in _asked(account)[:MOST]:
        c = i.consultation
        yield Task(
            c.get_kind_display(), c.division.title, reverse("delivery:answer", args=[i.key]),
            _("请 %s 反馈") % i.unit, until=c.due.isoformat() if c.due else "", sign=_late(c),
        )  # fmt: skip


def _late(c: Consultation) -> str:
    return "red" if c.due and c.due < timezone.localdate() else "yellow"


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
    running = Consultation.objects.filter(division__in=mine, closed_at=None).select_related("division")
    unanswered = Count("inquiries", filter=Q(inquiries__answered_at=None))
    for c in running.annotate(n=unanswered).order_by("due", "-pk")[:MOST]:
        note = _("%d 个单位尚未反馈") % c.n if c.n else _("各单位都已反馈，可结束本轮")
        url = reverse("delivery:consultation", args=[c.pk])
        until = c.due.isoformat() if c.due else ""
        yield Task(c.get_kind_display(), c.division.title, url, note, until, _late(c) if c.n else "yellow")
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
    for d in _to_decide(account).order_by("pk")[:MOST]:
        yield Task(_("领导审定"), d.title, reverse("delivery:division", args=[d.pk]), str(d.owner))
    for d in rows.filter(state=DivisionState.APPROVED).order_by("pk")[:MOST]:
        yield Task(_("印发"), d.title, reverse("delivery:division", args=[d.pk]), str(d.owner))
