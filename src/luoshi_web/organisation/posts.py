"""Writes to posts and persons: who holds which post of which unit, from when until when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Actor, Refused, change, created, record, service
from luoshi_web.organisation.models import Holding, Person, Post, Unit

CHANGE = "organisation.change_unit"


def ordered(since: date | None, until: date | None) -> None:
    """Whether a time begins before it ends.

    :raises Refused: when not.
    """
    if since and until and until < since:
        raise Refused(_("止期早于起期。"), "until")


def current(day: date) -> Q:
    """Of holdings: those of a day."""
    return (Q(since__isnull=True) | Q(since__lte=day)) & (Q(until__isnull=True) | Q(until__gte=day))


@service("organisation.post.add", permission=CHANGE)
def add_post(
    *, by: Actor, unit: Unit, name: str, duties: str = "", valid_from: date | None = None,
    valid_to: date | None = None,
) -> Post:  # fmt: skip
    """A new post of a unit."""
    ordered(valid_from, valid_to)
    if not name.strip():
        raise Refused(_("请填写岗位名称。"), "name")
    if Post.objects.filter(unit=unit, name=name.strip(), valid_to__isnull=True).exists():
        raise Refused(_("该单位已有岗位“%s”。") % name.strip(), "name")
    post = Post(unit=unit, name=name.strip(), duties=duties, valid_from=valid_from, valid_to=valid_to)
    return created(post)


@service("organisation.post.change", permission=CHANGE)
def change_post(*, by: Actor, post: Post, revision: int, fields: dict[str, Any]) -> Post:
    """Changes a post's name, duties or validity."""
    if set(fields) - {"name", "duties", "valid_from", "valid_to"}:
        raise Refused(_("不能修改：%s。") % ", ".join(sorted(fields)))
    ordered(fields.get("valid_from", post.valid_from), fields.get("valid_to", post.valid_to))
    return change(post, revision=revision, **fields)


@service("organisation.person.add", permission=CHANGE)
def add_person(*, by: Actor, name: str) -> Person:
    """A person; two of the same name are two persons."""
    if not name.strip():
        raise Refused(_("请填写姓名。"), "name")
    return created(Person(name=name.strip()))


@service("organisation.person.change", permission=CHANGE)
def change_person(*, by: Actor, person: Person, revision: int, name: str) -> Person:
    """Corrects a name."""
    if not name.strip():
        raise Refused(_("请填写姓名。"), "name")
    return change(person, revision=revision, name=name.strip())


@service("organisation.post.appoint", permission=CHANGE)
def appoint(
    *, by: Actor, post: Post, person: Person, since: date | None, until: date | None = None
) -> Holding:
    """A person holds a post from a day on; the same post twice at one time is refused."""
    ordered(since, until)
    if post.valid_to and (until is None or until > post.valid_to) and (since or date.min) > post.valid_to:
        raise Refused(_("岗位已于 %s 撤销。") % post.valid_to.isoformat(), "since")
    same = Holding.objects.filter(post=post, person=person)
    for held in same:
        if (until is None or held.since is None or held.since <= until) and (
            held.until is None or since is None or since <= held.until
        ):
            raise Refused(
                _("%(who)s 在这段时间已任“%(post)s”。") % {"who": person, "post": post.name}, "person"
            )
    holding = Holding(post=post, person=person, since=since, until=until)
    return created(holding, person=person, post=post, since=since, until=until)


@service("organisation.post.relieve", permission=CHANGE)
def relieve(*, by: Actor, holding: Holding, until: date) -> Holding:
    """A person leaves a post; the row stays, with its end."""
    ordered(holding.since, until)
    before, holding.until = holding.until, until
    holding.save(update_fields=["until"])
    record(holding, before={"until": before}, after={"until": until})
    return holding
