"""Posts, persons, and who holds which post."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Schema, Status
from pydantic import Field

from luoshi_web.api.base import Paged, Paging, Room, paged, revision
from luoshi_web.organisation import posts
from luoshi_web.organisation.models import Holding, Person, Post, Unit
from luoshi_web.ui.pages import Request

room = Room("organisation")
VIEW, CHANGE = "organisation.view_unit", "organisation.change_unit"


class HoldingOut(Schema):
    """A person holds a post for a time."""

    id: int
    person: int = Field(alias="person_id")
    post: int = Field(alias="post_id")
    since: date | None = None
    until: date | None = None


class PostOut(Schema):
    """A post of a unit."""

    id: int
    unit: int = Field(alias="unit_id")
    name: str
    duties: str
    valid_from: date | None = None
    valid_to: date | None = None
    holdings: list[HoldingOut]
    revision: int

    @staticmethod
    def resolve_holdings(p: Any) -> list[Any]:
        """Whoever held or holds it."""
        return list(p.holdings.all())


class PersonOut(Schema):
    """A person, with no more than an assignment needs."""

    id: int
    name: str
    holdings: list[HoldingOut]
    revision: int

    @staticmethod
    def resolve_holdings(p: Any) -> list[Any]:
        """The posts held."""
        return list(p.holdings.all())


class PostIn(Schema):
    """A new post."""

    unit: int
    name: str = Field(min_length=1, max_length=100)
    duties: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


class PostChange(Schema):
    """Changes of a post; what is left out stays."""

    revision: int | None = None
    name: str | None = Field(None, min_length=1, max_length=100)
    duties: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class PersonIn(Schema):
    """A person's name."""

    revision: int | None = None
    name: str = Field(min_length=1, max_length=60)


class AppointIn(Schema):
    """Who, and from when."""

    person: int
    since: date | None = None
    until: date | None = None


class RelieveIn(Schema):
    """The last day."""

    until: date


@room("GET", "/posts", VIEW, response=Paged[PostOut])
def posts_list(request: Request, paging: Query[Paging], unit: int | None = None) -> Any:
    """岗位。The posts, of one unit where asked."""
    rows = Post.objects.prefetch_related("holdings").order_by("unit", "pk")
    return paged(rows.filter(unit=unit) if unit is not None else rows, paging)


@room("POST", "/posts", CHANGE, response={201: PostOut})
def add_post(request: Request, data: PostIn) -> Any:
    """添加岗位。A new post of a unit."""
    told = data.dict()
    where = get_object_or_404(Unit, pk=told.pop("unit"))
    return Status(201, posts.add_post(by=request.user, unit=where, **told))


@room("PATCH", "/posts/{int:pk}", CHANGE, response=PostOut)
def change_post(request: Request, pk: int, data: PostChange) -> Any:
    """修改岗位。Changes a post's name, duties or validity."""
    told = data.dict(exclude_unset=True)
    fields = {n: v for n, v in told.items() if n != "revision" and (v is not None or n.startswith("valid"))}
    return posts.change_post(
        by=request.user, post=get_object_or_404(Post, pk=pk), revision=revision(request, data.revision),
        fields=fields,
    )  # fmt: skip


@room("POST", "/posts/{int:pk}/appoint", CHANGE, response={201: HoldingOut})
def appoint(request: Request, pk: int, data: AppointIn) -> Any:
    """任命。Gives a post to a person."""
    made = posts.appoint(
        by=request.user, post=get_object_or_404(Post, pk=pk), since=data.since, until=data.until,
        person=get_object_or_404(Person, pk=data.person),
    )  # fmt: skip
    return Status(201, made)


@room("POST", "/holdings/{int:pk}/relieve", CHANGE, response=HoldingOut)
def relieve(request: Request, pk: int, data: RelieveIn) -> Any:
    """免职。Says when a person left a post."""
    held = get_object_or_404(Holding.objects.select_related("post", "person"), pk=pk)
    return posts.relieve(by=request.user, holding=held, until=data.until)


@room("GET", "/persons", VIEW, response=Paged[PersonOut])
def persons(request: Request, paging: Query[Paging], q: str = "") -> Any:
    """人员。The persons with the posts that they held."""
    rows = Person.objects.prefetch_related("holdings").order_by("pk")
    word = q.replace("\x00", "").strip()
    return paged(rows.filter(name__icontains=word) if word else rows, paging)


@room("POST", "/persons", CHANGE, response={201: PersonOut})
def add_person(request: Request, data: PersonIn) -> Any:
    """添加人员。A new person."""
    return Status(201, posts.add_person(by=request.user, name=data.name))


@room("PATCH", "/persons/{int:pk}", CHANGE, response=PersonOut)
def change_person(request: Request, pk: int, data: PersonIn) -> Any:
    """更正姓名。Corrects a person's name."""
    return posts.change_person(
        by=request.user, person=get_object_or_404(Person, pk=pk), name=data.name,
        revision=revision(request, data.revision),
    )  # fmt: skip
