"""Work items: what is tracked, by whom, until when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Schema, Status
from pydantic import Field

from luoshi_web.api.base import Done, Paged, Paging, Room, paged, revision, said, tag
from luoshi_web.delivery import classes, items, proposals, selectors, table
from luoshi_web.delivery.models import WorkItem
from luoshi_web.delivery.selectors import APPROVE, DRAFT, VIEW
from luoshi_web.delivery.writing import Wanted
from luoshi_web.register import selectors as register
from luoshi_web.ui.pages import Request

room = Room("delivery")
DAY = r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"


class AssignmentOut(Schema):
    """A unit's part in an item."""

    part: str
    name: str
    unit: int | None = Field(None, alias="unit_id")
    basis: str
    evidence: str


class ItemOut(Schema):
    """A work item: what is to be done, by whom, until when; ``commitments`` are its sources.

    ``edition`` is the issued edition whose words these are, where its division is being revised by others.
    """

    id: int
    code: str
    owner: int = Field(alias="owner_id")
    division: int | None = Field(None, alias="division_id")
    position: int
    chapter: str
    text: str
    criterion: str
    leader: str
    leader_person: int | None = Field(None, alias="leader_person_id")
    deadline: str
    deadline_note: str
    ongoing: bool
    milestone: str
    review_on: date | None = None
    domain: str
    origin: str
    origin_title: str
    origin_number: str
    state: str
    assignments: list[AssignmentOut]
    commitments: list[int]
    edition: int | None = None
    revision: int

    @staticmethod
    def resolve_edition(i: Any) -> int | None:
        """Its number."""
        found = getattr(i, "edition", None)
        return found.number if found is not None else None

    @staticmethod
    def resolve_assignments(i: Any) -> list[Any]:
        """In their order."""
        return list(i.assignments.all())

    @staticmethod
    def resolve_commitments(i: Any) -> list[int]:
        """The numbers of its sources."""
        return [s.commitment_id for s in i.sources.all()]


class ItemFilter(Schema):
    """Which items: the facets of the table."""

    q: str = ""
    division: str = ""
    document: str = ""
    chapter: str = ""
    unit: str = ""
    place: str = ""
    year: str = ""
    domain: str = ""
    relation: str = ""
    origin: str = ""
    state: str = ""
    sort: str = ""


class PartIn(Schema):
    """A unit and its part."""

    part: str = Field(pattern="^(lead|responsible|support)$")
    name: str = Field(min_length=1, max_length=200)


class ItemFields(Schema):
    """What may be worded; what is left out stays."""

    text: str | None = None
    chapter: str | None = Field(None, max_length=400)
    criterion: str | None = None
    leader: str | None = Field(None, max_length=120)
    leader_person: int | None = None
    deadline: str | None = Field(None, pattern=DAY)
    deadline_note: str | None = Field(None, max_length=400)
    ongoing: bool | None = None
    milestone: str | None = Field(None, max_length=200)
    review_on: date | None = None
    domain: str | None = Field(None, max_length=40)
    assignments: list[PartIn] | None = None


class ItemChange(ItemFields):
    """A change of an item; the units given replace all that stood there."""

    revision: int | None = None
    reason: str = ""


class ItemIn(ItemFields):
    """An item that goes back to no document: ``instruction``, ``meeting`` or ``proposal``."""

    owner: int
    division: int | None = None
    origin: str
    origin_title: str
    origin_number: str = ""
    text: str


def _fields(data: ItemFields, *others: str) -> dict[str, Any]:
    skip = {"revision", "reason", "assignments", "owner", "division", *others}
    told = data.dict(exclude_unset=True)
    empty = ("review_on", "leader_person")
    fields = {n: v for n, v in told.items() if n not in skip and (v is not None or n in empty)}
    if "leader_person" in fields:
        fields["leader_person_id"] = fields.pop("leader_person")
    return fields


def _wanted(parts: list[PartIn] | None) -> list[Wanted] | None:
    return None if parts is None else [Wanted(p.part, p.name) for p in parts]


def _rows(some: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    return selectors.detailed(some)


def _shown(request: Request, pk: int) -> WorkItem:
    """As it stands now, with its units and sources."""
    return selectors.item(request.user, pk)


@room("GET", "/items", VIEW, response=Paged[ItemOut])
def items_list(request: Request, filters: Query[ItemFilter], paging: Query[Paging]) -> Any:
    """任务分解表。The work items, by the facets of the table."""
    rows = table.ordered(table.filtered(request.user, said(**filters.dict())), filters.sort)
    return paged(_rows(rows), paging)


class FacetOut(Schema):
    """A facet: value, words, count."""

    name: str
    label: str
    chosen: str
    values: list[tuple[str, str, int]]


@room("GET", "/items/facets", VIEW, response=list[FacetOut])
def item_facets(request: Request, filters: Query[ItemFilter]) -> Any:
    """任务分解表的分类统计。The table's facets with their counts."""
    return table.facets(request.user, said(**filters.dict()))


@room("GET", "/items/{int:pk}", VIEW, response=ItemOut)
def item(request: Request, response: HttpResponse, pk: int) -> Any:
    """一项工作任务。One work item."""
    it = _shown(request, pk)
    tag(response, it)
    return it


@room("POST", "/items", DRAFT, response={201: ItemOut})
def add_item(request: Request, data: ItemIn) -> Any:
    """录入任务。An item of a leader's instruction, a meeting or a proposal."""
    owner = get_object_or_404(selectors.owners(request.user), pk=data.owner)
    division = selectors.division(request.user, data.division, DRAFT) if data.division else None
    made = items.add_item(
        by=request.user, owner=owner, division=division, fields=_fields(data),
        wanted=_wanted(data.assignments) or (),
    )  # fmt: skip
    return Status(201, _shown(request, made.pk))


@room("PATCH", "/items/{int:pk}", DRAFT, response=ItemOut)
def change_item(request: Request, response: HttpResponse, pk: int, data: ItemChange) -> Any:
    """修改任务。Words an item anew or gives it to other units."""
    items.change_item(
        by=request.user, item=selectors.item(request.user, pk, DRAFT), fields=_fields(data),
        revision=revision(request, data.revision), wanted=_wanted(data.assignments), reason=data.reason,
    )  # fmt: skip
    it = _shown(request, pk)
    tag(response, it)
    return it


class ReasonIn(Schema):
    """A write that needs a reason."""

    revision: int | None = None
    reason: str


class RevisionIn(Schema):
    """A write that needs the revision alone."""

    revision: int | None = None


class AttachIn(RevisionIn):
    """A source to be added, or taken away."""

    commitment: int
    on: bool = True


@room("POST", "/items/{int:pk}/cancel", DRAFT, response=ItemOut)
def cancel_item(request: Request, pk: int, data: ReasonIn) -> Any:
    """撤销任务。Takes an item off the table."""
    it = selectors.item(request.user, pk, DRAFT)
    items.cancel(by=request.user, item=it, revision=revision(request, data.revision), reason=data.reason)
    return _shown(request, pk)


@room("POST", "/items/{int:pk}/establish", APPROVE, response=ItemOut)
def establish_item(request: Request, pk: int, data: RevisionIn) -> Any:
    """立项。Puts an item that belongs to no division on the register."""
    it = selectors.item(request.user, pk, APPROVE)
    items.establish(by=request.user, item=it, revision=revision(request, data.revision))
    return _shown(request, pk)


@room("POST", "/items/{int:pk}/attach", DRAFT, response=ItemOut)
def attach_source(request: Request, pk: int, data: AttachIn) -> Any:
    """增减出处。Adds a source to an item, or takes one away."""
    items.attach(
        by=request.user, item=selectors.item(request.user, pk, DRAFT), on=data.on,
        revision=revision(request, data.revision),
        commitment=register.commitment(request.user, data.commitment),
    )  # fmt: skip
    return _shown(request, pk)


class ResolveIn(RevisionIn):
    """The name of a class of units that stands in an item (各县（区）人民政府)."""

    name: str = Field(max_length=200)


@room("GET", "/items/{int:pk}/classes", DRAFT, response=dict[str, list[int]])
def item_classes(request: Request, pk: int) -> Any:
    """单位类别。The classes among an item's units, each with the units that it means."""
    found = classes.of_item(selectors.item(request.user, pk, DRAFT))
    return {name: [u.pk for u in some] for name, some in found.items()}


@room("POST", "/items/{int:pk}/resolve", DRAFT, response=ItemOut)
def resolve_class(request: Request, pk: int, data: ResolveIn) -> Any:
    """类别展开。Puts the units of a class in its place."""
    it = selectors.item(request.user, pk, DRAFT)
    classes.resolve(by=request.user, item=it, revision=revision(request, data.revision), name=data.name)
    return _shown(request, pk)


@room("GET", "/items/{int:pk}/proposals", DRAFT, response=list[dict[str, Any]])
def item_proposals(request: Request, pk: int) -> Any:
    """分工建议。Units proposed from the text, notes, duties and earlier divisions."""
    it = selectors.item(request.user, pk, DRAFT)
    return [_offer(o) for o in proposals.for_item(request.user, it)]


class TakeIn(RevisionIn):
    """A proposal to be taken over; ``part`` gives its units another part than the one proposed."""

    part: str = Field("", pattern="^(lead|responsible|support)?$")


@room("POST", "/items/{int:pk}/proposals/{key}/take", DRAFT, response=ItemOut)
def take_proposal(request: Request, response: HttpResponse, pk: int, key: str, data: TakeIn) -> Any:
    """采用分工建议。Takes a proposal's units over, beside those there; where it comes from is kept."""
    it = selectors.item(request.user, pk, DRAFT)
    seen = revision(request, data.revision)
    offer = proposals.one(request.user, it, key)
    items.take(
        by=request.user, item=it, revision=seen, wanted=offer.wanted(data.part), chosen=offer.proposal.source
    )
    it = _shown(request, pk)
    tag(response, it)
    return it


def _offer(offer: Any) -> dict[str, Any]:
    """A proposal as plain values."""
    names = getattr(type(offer), "__dataclass_fields__", {})
    return {n: _plain(getattr(offer, n)) for n in names}


def _plain(value: Any) -> Any:
    if hasattr(type(value), "__dataclass_fields__"):
        return _offer(value)
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if hasattr(value, "pk"):
        return value.pk
    return value if isinstance(value, str | int | float | bool | None) else str(value)


class ManyIn(Schema):
    """One field of many items of one unit, each with the revision that was seen; ``units`` for a part."""

    owner: int
    items: list[tuple[int, int]] = Field(max_length=500)
    field: str
    value: str = ""
    units: list[str] | None = None


@room("POST", "/items/change-many", DRAFT, response=Done)
def change_items(request: Request, data: ManyIn) -> Any:
    """批量修改工作任务。Sets one field, or the units of one part, of many items: all or none."""
    owner = get_object_or_404(selectors.owners(request.user), pk=data.owner)
    some = [(selectors.item(request.user, pk, DRAFT), seen) for pk, seen in data.items]
    value: Any = data.units or [] if data.field in ("lead", "responsible", "support") else data.value
    return {"count": items.bulk(by=request.user, owner=owner, items=some, field=data.field, value=value)}
