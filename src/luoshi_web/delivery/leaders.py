"""The leader of an item: a person who holds a post, or whatever was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused
from luoshi_web.delivery import directory
from luoshi_web.delivery.models import WorkItem
from luoshi_web.organisation.models import Holding, Unit
from luoshi_web.organisation.posts import current

MOST = 300
"""Persons that a form offers."""


def holdings(owner: Unit) -> QuerySet[Holding]:
    """Who holds which post today, in the region that a unit acts for; the region's own leaders first."""
    here = directory.home(owner)
    some = Holding.objects.filter(current(date.today()), post__unit__path__startswith=here.path)
    some = some.filter(post__valid_to__isnull=True).select_related("person", "post__unit")
    return some.order_by("post__unit__depth", "post__unit__path", "post", "pk")


def choices(owner: Unit) -> list[tuple[int | str, str]]:
    """Persons with their posts, for a form; none where nobody holds a post."""
    told: dict[int, tuple[str, list[str]]] = {}
    for h in holdings(owner)[:MOST]:
        told.setdefault(h.person_id, (h.person.name, []))[1].append(str(h.post))
    if not told:
        return []
    return [("", "—"), *((pk, f"{name}（{'、'.join(held)}）") for pk, (name, held) in told.items())]


def posts(item: WorkItem) -> str:
    """The posts that an item's leader holds today, in words; empty where he was typed."""
    if item.leader_person_id is None:
        return ""
    some = Holding.objects.filter(current(date.today()), person=item.leader_person_id)
    return "、".join(str(h.post) for h in some.select_related("post__unit").order_by("pk"))


def settled(item: WorkItem, fields: dict[str, Any]) -> dict[str, Any]:
    """Fields in which leader and person agree.

    A person that is chosen gives his name where nothing else was typed; a text without his name parts with
    him.

    :raises Refused: for a person who holds no post.
    """
    chosen = fields.get("leader_person_id", item.leader_person_id)
    fresh = chosen is not None and chosen != item.leader_person_id
    if chosen is None or not ({"leader", "leader_person_id"} & set(fields)):
        return fields
    text = fields.get("leader", item.leader)
    if fresh:
        holding = holdings(item.owner).filter(person=chosen).first()
        if holding is None:
            raise Refused(_("所选人员现在没有任职，请重新选择或直接填写。"), "leader_person")
        kept = text and (text != item.leader or holding.person.name in text)
        return fields | {"leader": text if kept else holding.person.name}
    person = item.leader_person
    gone = text != item.leader and (person is None or person.name not in text)
    return fields | {"leader_person_id": None} if gone else fields
