"""Divisions of work, and the consultation of units about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Schema, Status
from pydantic import Field

from luoshi_web.api.base import Done, Paged, Paging, Room, paged, revision, tag
from luoshi_web.api.rooms.delivery import ItemOut, ReasonIn, RevisionIn
from luoshi_web.delivery import consulting, items, selectors, services
from luoshi_web.delivery.models import Edition, Inquiry, Opinion, WorkItem
from luoshi_web.delivery.selectors import ANSWER, APPROVE, DRAFT, VIEW
from luoshi_web.organisation.models import Unit
from luoshi_web.register import selectors as register
from luoshi_web.ui.pages import Request

room = Room("delivery")


class DivisionOut(Schema):
    """A division of work."""

    id: int
    owner: int = Field(alias="owner_id")
    title: str
    note: str
    state: str
    round: int
    number: str
    issued_on: date | None = None
    reach: str
    audience: str
    revision: int


class DivisionIn(Schema):
    """A new division."""

    owner: int
    title: str
    note: str = ""
    reach: str = Field("below", pattern="^(own|below|all)$")


class DivisionChange(RevisionIn):
    """Changes of a division."""

    title: str | None = Field(None, max_length=300)
    note: str | None = None
    reach: str | None = Field(None, pattern="^(own|below|all)$")


@room("GET", "/divisions", VIEW, response=Paged[DivisionOut])
def divisions(request: Request, paging: Query[Paging]) -> Any:
    """分工方案。The divisions, latest first."""
    return paged(selectors.divisions(request.user).order_by("-pk"), paging)


@room("GET", "/divisions/{int:pk}", VIEW, response=DivisionOut)
def division(request: Request, response: HttpResponse, pk: int) -> Any:
    """一份分工方案。One division."""
    it = selectors.division(request.user, pk)
    tag(response, it)
    return it


@room("GET", "/divisions/{int:pk}/items", VIEW, response=list[ItemOut])
def division_items(request: Request, pk: int) -> Any:
    """方案中的任务。The items of a division in their order; in a new round as issued, but for drafters."""
    return selectors.rows(selectors.division(request.user, pk), request.user)


@room("POST", "/divisions", DRAFT, response={201: DivisionOut})
def add_division(request: Request, data: DivisionIn) -> Any:
    """新建分工方案。A new division, empty."""
    told = data.dict()
    owner = get_object_or_404(selectors.owners(request.user), pk=told.pop("owner"))
    return Status(201, services.add_division(by=request.user, owner=owner, **told))


@room("PATCH", "/divisions/{int:pk}", DRAFT, response=DivisionOut)
def change_division(request: Request, response: HttpResponse, pk: int, data: DivisionChange) -> Any:
    """修改分工方案。Words title and note anew."""
    fields = {n: v for n, v in data.dict(exclude_unset=True).items() if n != "revision" and v is not None}
    it = services.change_division(
        by=request.user, division=selectors.division(request.user, pk, DRAFT), fields=fields,
        revision=revision(request, data.revision),
    )  # fmt: skip
    tag(response, it)
    return it


class ComposeIn(Schema):
    """Commitments to become items: one of each, or one of all."""

    commitments: list[int] = Field(max_length=500)
    merge: bool = False
    text: str = ""


class MergeIn(Schema):
    """Items to become one, each with the revision that was seen; the first one stays.

    ``due``: where some have a deadline and others are ongoing, which holds.
    """

    items: list[tuple[int, int]] = Field(max_length=500)
    text: str = ""
    due: str = Field("", pattern="^(dated|ongoing)?$")


class OrderIn(Schema):
    """Items in the order wanted; none: that of the documents."""

    items: list[int] = Field(default_factory=list, max_length=5000)


@room("POST", "/divisions/{int:pk}/compose", DRAFT, response={201: list[ItemOut]})
def compose_items(request: Request, pk: int, data: ComposeIn) -> Any:
    """由任务举措立任务。Makes work items of confirmed commitments."""
    made = items.compose(
        by=request.user, division=selectors.division(request.user, pk, DRAFT), merge=data.merge,
        commitments=[register.commitment(request.user, c) for c in data.commitments], text=data.text,
    )  # fmt: skip
    rows = {i.pk: i for i in selectors.detailed(WorkItem.objects.filter(pk__in=[m.pk for m in made]))}
    return Status(201, [rows[m.pk] for m in made])


@room("POST", "/divisions/{int:pk}/merge", DRAFT, response=ItemOut)
def merge_items(request: Request, pk: int, data: MergeIn) -> Any:
    """合并任务。Makes one item of several."""
    some = [(selectors.item(request.user, i, DRAFT), seen) for i, seen in data.items]
    it = items.merge(
        by=request.user, division=selectors.division(request.user, pk, DRAFT), items=some, text=data.text,
        due=data.due,
    )  # fmt: skip
    return selectors.item(request.user, it.pk)


@room("POST", "/divisions/{int:pk}/order", DRAFT, response=Done)
def order_items(request: Request, pk: int, data: OrderIn) -> Any:
    """调整次序。Puts the items in order."""
    it = selectors.division(request.user, pk, DRAFT)
    return {"count": items.arrange(by=request.user, division=it, ids=data.items)}


class DecideIn(RevisionIn):
    """``approve`` with the approving leader, or ``return`` with what is to be changed."""

    how: str = Field(pattern="^(approve|return)$")
    approver: str = ""
    opinion: str = ""


class IssueIn(RevisionIn):
    """Number and day of issue."""

    number: str = ""
    day: date


@room("POST", "/divisions/{int:pk}/submit", DRAFT, response=DivisionOut)
def submit_division(request: Request, pk: int, data: RevisionIn) -> Any:
    """送审。Sends a division up for approval."""
    it = selectors.division(request.user, pk, DRAFT)
    return services.submit(by=request.user, division=it, revision=revision(request, data.revision))


@room("POST", "/divisions/{int:pk}/decide", APPROVE, response=DivisionOut)
def decide_division(request: Request, pk: int, data: DecideIn) -> Any:
    """审定或退回。Records the leader's approval, or gives the division back."""
    it = selectors.division(request.user, pk, APPROVE)
    seen = revision(request, data.revision)
    if data.how == "return":
        return services.send_back(by=request.user, division=it, revision=seen, opinion=data.opinion)
    return services.approve(
        by=request.user, division=it, revision=seen, approver=data.approver, opinion=data.opinion
    )


@room("POST", "/divisions/{int:pk}/issue", APPROVE, response=DivisionOut)
def issue_division(request: Request, pk: int, data: IssueIn) -> Any:
    """印发。Issues an approved division."""
    return services.issue(
        by=request.user, division=selectors.division(request.user, pk, APPROVE), number=data.number,
        revision=revision(request, data.revision), day=data.day,
    )  # fmt: skip


@room("POST", "/divisions/{int:pk}/revise", DRAFT, response=DivisionOut)
def revise_division(request: Request, pk: int, data: ReasonIn) -> Any:
    """开启新一轮。Opens an issued division again."""
    it = selectors.division(request.user, pk, DRAFT)
    return services.revise(
        by=request.user, division=it, revision=revision(request, data.revision), reason=data.reason
    )


class EditionOut(Schema):
    """A round of a division; ``rows`` as they were issued."""

    number: int
    reason: str
    approver: str
    approval: str
    issued_at: datetime | None = None
    number_issued: str
    rows: list[Any] | None = None


@room("GET", "/divisions/{int:pk}/editions", VIEW, response=list[EditionOut])
def division_editions(request: Request, pk: int) -> Any:
    """各轮方案。The issued rounds of a division, with their rows."""
    of = selectors.division(request.user, pk)
    return Edition.objects.filter(division=of, issued_at__isnull=False).order_by("number")


class OpinionOut(Schema):
    """A unit's answer on a row, and what was made of it."""

    id: int
    item: int = Field(alias="item_id")
    unit: int
    answer: str
    text: str
    handling: str
    handling_reason: str
    revision: int

    @staticmethod
    def resolve_unit(o: Any) -> int:
        """The unit that answered."""
        return int(o.inquiry.unit_id)


class ConsultIn(RevisionIn):
    """Units to be asked: ``opinion`` or ``countersign``."""

    units: list[int]
    kind: str = Field("opinion", pattern="^(opinion|countersign)$")
    message: str = ""
    due: date | None = None


class ConsultationOut(Schema):
    """A round of asking."""

    id: int
    division: int = Field(alias="division_id")
    number: int
    kind: str
    message: str
    due: date | None = None
    closed_at: datetime | None = None
    revision: int


@room("POST", "/divisions/{int:pk}/consult", DRAFT, response={201: ConsultationOut})
def open_consultation(request: Request, pk: int, data: ConsultIn) -> Any:
    """征求意见或会签。Asks units on their rows."""
    units = [get_object_or_404(Unit, pk=u) for u in data.units]
    return Status(
        201,
        consulting.open_round(
            by=request.user, division=selectors.division(request.user, pk, DRAFT), units=units,
            kind=data.kind, message=data.message, due=data.due, revision=revision(request, data.revision),
        ),
    )  # fmt: skip


@room("GET", "/divisions/{int:pk}/opinions", DRAFT, response=list[OpinionOut])
def division_opinions(request: Request, pk: int) -> Any:
    """反馈意见。What units answered in all rounds."""
    return selectors.opinions(selectors.division(request.user, pk, DRAFT))


class HandleIn(RevisionIn):
    """Adopted, or not with a reason."""

    adopt: bool
    reason: str = ""


@room("POST", "/opinions/{int:pk}/handle", DRAFT, response=OpinionOut)
def handle_opinion(request: Request, pk: int, data: HandleIn) -> Any:
    """处理意见。Adopts an opinion or not."""
    it: Opinion = selectors.opinion(request.user, pk)
    return consulting.handle(
        by=request.user, opinion=it, revision=revision(request, data.revision), adopt=data.adopt,
        reason=data.reason,
    )  # fmt: skip


class CloseIn(RevisionIn):
    """A reason is needed where units did not answer."""

    reason: str = ""


@room("POST", "/consultations/{int:pk}/close", DRAFT, response=ConsultationOut)
def close_consultation(request: Request, pk: int, data: CloseIn) -> Any:
    """结束征求意见。Ends a round."""
    it = selectors.consultation(request.user, pk)
    return consulting.close(
        by=request.user, consultation=it, revision=revision(request, data.revision), reason=data.reason
    )


class InquiryOut(Schema):
    """A question to a unit that one answers for."""

    key: str
    division: int
    unit: int = Field(alias="unit_id")
    kind: str
    message: str
    due: date | None
    answered_at: datetime | None = None
    revision: int
    items: list[ItemOut]

    @staticmethod
    def resolve_division(i: Any) -> int:
        """The division that is asked about."""
        return int(i.consultation.division_id)

    @staticmethod
    def resolve_kind(i: Any) -> str:
        """``opinion`` or ``countersign``."""
        return str(i.consultation.kind)

    @staticmethod
    def resolve_message(i: Any) -> str:
        """The letter that goes with it."""
        return str(i.consultation.message)

    @staticmethod
    def resolve_due(i: Any) -> Any:
        """Until when an answer is asked for."""
        return i.consultation.due

    @staticmethod
    def resolve_items(i: Any) -> list[Any]:
        """The rows on which the unit is asked."""
        found = Inquiry.objects.select_related("consultation__division", "unit").get(pk=i.pk)
        return list(selectors.asked(found))


class AnswerIn(Schema):
    """What a unit says to a row: ``agree``, ``change`` or ``decline``, the last two with words."""

    item: int
    answer: str
    text: str = ""


class AnswersIn(RevisionIn):
    """A unit's answers on all its rows."""

    answers: list[AnswerIn]
    signer: str = ""


@room("GET", "/inquiries", ANSWER, response=Paged[InquiryOut])
def inquiries(request: Request, paging: Query[Paging]) -> Any:
    """待反馈的征求意见。The questions to units that one answers for."""
    return paged(selectors.inquiries(request.user), paging)


@room("GET", "/inquiries/{str:key}", ANSWER, response=InquiryOut)
def inquiry(request: Request, key: str) -> Any:
    """一份征求意见。One of them."""
    return selectors.inquiry(request.user, key)


@room("POST", "/inquiries/{str:key}/answer", ANSWER, response=InquiryOut)
def answer_inquiry(request: Request, key: str, data: AnswersIn) -> Any:
    """反馈意见。Answers for a unit on all its rows."""
    consulting.answer(
        by=request.user, inquiry=selectors.inquiry(request.user, key), signer=data.signer,
        revision=revision(request, data.revision), answers={a.item: (a.answer, a.text) for a in data.answers},
    )  # fmt: skip
    return selectors.inquiry(request.user, key)
