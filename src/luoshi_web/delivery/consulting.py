"""Consultation: units are asked on their rows, answer by their link or in Excel, the drafter handles each."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Conflict, Refused, change, created, record, service
from luoshi_web.delivery import printing, selectors, writing
from luoshi_web.delivery.models import (
    Answer,
    Assignment,
    Consultation,
    Division,
    DivisionState,
    Handling,
    Inquiry,
    Lifecycle,
    Opinion,
    WorkItem,
)
from luoshi_web.delivery.selectors import ANSWER, DRAFT
from luoshi_web.organisation.models import Unit

DAYS = 7
"""How long units have to answer, unless the drafter says otherwise."""


def candidates(division: Division) -> list[tuple[Unit, int]]:
    """The units that have a part in the division's items, with the number of rows; most first."""
    rows = Assignment.objects.filter(item__division=division, unit__isnull=False)
    rows = rows.exclude(item__state=Lifecycle.CANCELLED).select_related("unit")
    by_unit: dict[int, tuple[Unit, set[int]]] = {}
    for a in rows:
        if a.unit is not None:
            by_unit.setdefault(a.unit.pk, (a.unit, set()))[1].add(a.item_id)
    return sorted(((u, len(n)) for u, n in by_unit.values()), key=lambda p: (-p[1], p[0].path))


def strangers(division: Division) -> list[str]:
    """Names in the division that are no unit we know: they cannot be asked here."""
    rows = Assignment.objects.filter(item__division=division, unit=None).exclude(
        item__state=Lifecycle.CANCELLED
    )
    return sorted(set(rows.values_list("name", flat=True)))


@service("delivery.consultation.open", permission=DRAFT, on="division")
def open_round(
    *,
    by: Any,
    division: Division,
    revision: int,
    units: Sequence[Unit],
    kind: str,
    message: str,
    due: date | None,
) -> Consultation:
    """Asks units on their rows; until it is closed the items stay as they are. ``due``: else in a week."""
    writing.hold(division)
    if not division.open:
        raise Refused(_("分工方案正在%s，不能征求意见。") % division.get_state_display())
    known = {u.pk for u, _n in candidates(division)}
    if not units or any(u.pk not in known for u in units):
        raise Refused(_("请选择在方案中承担任务的单位。"), "units")
    due = due or date.today() + timedelta(days=DAYS)
    number = division.consultations.count() + 1
    made = created(
        Consultation(
            division=division, number=number, kind=kind, message=message.strip(), due=due, opened_by=by
        )
    )
    for unit in units:
        Inquiry.objects.create(consultation=made, unit=unit, key=secrets.token_urlsafe(18))
    record(made, after={"units": [u.name for u in units]})
    change(division, revision=revision, state=DivisionState.CONSULTING, changed_by=by)
    return made


@service("delivery.consultation.answer", permission=ANSWER, on="inquiry")
def answer(
    *,
    by: Any,
    inquiry: Inquiry,
    revision: int,
    answers: Mapping[int, tuple[str, str]],
    signer: str = "",
    way: str = "link",
) -> Inquiry:
    """Keeps what a unit answers on its rows; a second time replaces the first, until the round is closed.

    :param answers: by item: what it says and the words with it.
    :raises Conflict: when somebody else answered for the unit meanwhile.
    """
    return _kept(by, inquiry, revision, answers, signer, way)


@service("delivery.consultation.transcribe", permission=DRAFT, on="division")
def transcribe(
    *,
    by: Any,
    division: Division,
    inquiry: Inquiry,
    revision: int,
    answers: Mapping[int, tuple[str, str]],
    signer: str = "",
) -> Inquiry:
    """Keeps what a unit sent back in Excel, brought in by the drafter, who is named as its bearer."""
    if inquiry.consultation.division_id != division.pk:
        raise Refused(_("这份反馈不属于本方案。"))
    return _kept(by, inquiry, revision, answers, signer, "excel")


def _kept(
    by: Any, inquiry: Inquiry, revision: int, answers: Mapping[int, tuple[str, str]], signer: str, way: str
) -> Inquiry:
    consultation = inquiry.consultation
    _hold(consultation)
    if consultation.closed_at is not None:
        raise Refused(_("本轮征求意见已经结束，如有意见请与拟稿单位联系。"))
    if inquiry.revision != revision:
        raise Conflict(Inquiry.objects.select_related("answered_by").get(pk=inquiry.pk))
    rows = {i.pk: i for i in selectors.asked(inquiry)}
    if strange := set(answers) - set(rows):
        raise Refused(_("有 %d 行不属于本单位。") % len(strange))
    if missing := set(rows) - set(answers):
        raise Refused(_("还有 %d 行没有反馈，请逐行选择。") % len(missing))
    if consultation.kind == "countersign" and not signer.strip():
        raise Refused(_("请填写会签人。"), "signer")
    told = {}
    for pk, (said, text) in answers.items():
        _check(rows[pk], said, text)
        opinion = {
            "answer": said, "text": text.strip(), "seen": rows[pk].revision, "shown": printing.line(rows[pk]),
            "handling": Handling.OPEN, "handling_reason": "", "handled_by": None, "handled_at": None,
        }  # fmt: skip
        Opinion.objects.update_or_create(inquiry=inquiry, item=rows[pk], defaults=opinion)
        told[rows[pk].code] = f"{said} {text.strip()}".strip()
    change(
        inquiry, revision=revision, answered_at=timezone.now(), answered_by=by, signer=signer.strip(), way=way
    )
    record(inquiry, after={"answers": told})
    return inquiry


def _hold(consultation: Consultation) -> None:
    """Whether it is closed by now; it stays so to the end of this transaction."""
    now = Consultation.objects.select_for_update(no_key=True)
    consultation.refresh_from_db(fields=["closed_at"], from_queryset=now)


def _check(item: WorkItem, said: str, text: str) -> None:
    if said not in Answer.values:
        raise Refused(_("反馈须为“同意”“修改意见”或“不承担”。"))
    if said != Answer.AGREE and not text.strip():
        told = {"code": item.code, "what": Answer(said).label}
        raise Refused(_("“%(code)s”一行选择了%(what)s，请写明意见。") % told)


@service("delivery.opinion.handle", permission=DRAFT, on="opinion")
def handle(*, by: Any, opinion: Opinion, revision: int, adopt: bool, reason: str) -> Opinion:
    """Adopts an opinion or not; not to adopt one needs a reason, which the unit sees.

    A reason was given for one verdict: another verdict does not take it over.
    """
    division = opinion.inquiry.consultation.division
    writing.hold(division)
    if division.state not in (DivisionState.DRAFT, DivisionState.CONSULTING):
        raise Refused(_("分工方案正在%s，不能再处理意见。") % division.get_state_display())
    verdict, reason = Handling.ADOPTED if adopt else Handling.REJECTED, reason.strip()
    if opinion.handling not in (Handling.OPEN, verdict) and reason == opinion.handling_reason:
        reason = ""
    if not adopt and not reason:
        raise Refused(_("不采纳须写明理由。"), "reason")
    return change(
        opinion, revision=revision, handling=verdict, handling_reason=reason, handled_by=by,
        handled_at=timezone.now(), reason=reason,
    )  # fmt: skip


@service("delivery.consultation.close", permission=DRAFT, on="consultation")
def close(*, by: Any, consultation: Consultation, revision: int, reason: str = "") -> Consultation:
    """Ends a round: the items may be edited again. Where units did not answer, a reason is needed."""
    _hold(consultation)
    if consultation.closed_at is not None:
        raise Refused(_("本轮已经结束。"))
    silent = consultation.inquiries.filter(answered_at=None).count()
    if silent and not reason.strip():
        raise Refused(_("还有 %d 个单位没有反馈；如仍要结束，请写明理由。") % silent, "reason")
    change(
        consultation,
        revision=revision,
        closed_at=timezone.now(),
        closed_reason=reason.strip(),
        reason=reason.strip(),
    )
    change(consultation.division, state=DivisionState.DRAFT, changed_by=by)
    return consultation
