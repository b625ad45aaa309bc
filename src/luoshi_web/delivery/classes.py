"""Classes of units in items (各县（区）人民政府), resolved into the units of that kind below."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from luoshi.track.classes import OWN, levels
from luoshi_web.audit.services import Refused, record, service
from luoshi_web.delivery import directory, writing
from luoshi_web.delivery.models import Assignment, Division, Lifecycle, WorkItem
from luoshi_web.delivery.selectors import DRAFT
from luoshi_web.delivery.writing import MOST_UNITS, Wanted
from luoshi_web.organisation.models import Unit, UnitKind


def members(name: str, owner: Unit) -> list[Unit]:
    """The units that a name means within the region of an owner; none where it is no class, or too many."""
    home = directory.home(owner)
    meant = levels(name, home.level)
    if not meant:
        return []
    some = Unit.objects.filter(path__startswith=home.path, valid_to__isnull=True).exclude(pk=home.pk)
    if meant == (OWN,):
        some = some.filter(kind=UnitKind.DEPARTMENT, depth=home.depth + 1)
    else:
        some = some.filter(kind=UnitKind.REGION, level__in=meant)
    found = list(some.order_by("path")[: MOST_UNITS + 1])
    return found if len(found) <= MOST_UNITS else []


def of_item(item: WorkItem) -> dict[str, list[Unit]]:
    """The classes among an item's units, each with its members."""
    names = [a.name for a in item.assignments.all() if a.unit_id is None]
    return {n: some for n in names if (some := members(n, item.owner))}


def of_division(division: Division) -> dict[str, list[Unit]]:
    """The same for all items of a division."""
    rows = Assignment.objects.filter(item__division=division, unit=None)
    names = rows.exclude(item__state=Lifecycle.CANCELLED).values_list("name", flat=True)
    return {n: some for n in sorted(set(names)) if (some := members(n, division.owner))}


@service("delivery.item.resolve", permission=DRAFT, on="item")
def resolve(*, by: Any, item: WorkItem, revision: int | None, name: str) -> WorkItem:
    """Puts the units of a class in its place, with the same part; those named otherwise keep theirs."""
    found = members(name, item.owner)
    held = list(item.assignments.order_by("position", "pk"))
    if not found or all(a.name != name for a in held):
        raise Refused(_("“%s”不能按类别展开，请逐个填写单位。") % name)
    others = {a.name for a in held if a.name != name}
    wanted: list[Wanted] = []
    for a in held:
        if a.name != name:
            wanted.append(Wanted(a.part, a.name, a.basis, a.evidence))
            continue
        why = "；".join(x for x in (name, a.evidence) if x)
        wanted += [Wanted(a.part, u.name, a.basis, why) for u in found if u.name not in others]
    return writing.save(item, by=by, revision=revision, wanted=wanted)


@service("delivery.division.resolve", permission=DRAFT, on="division")
def resolve_all(*, by: Any, division: Division, name: str) -> int:
    """The same in all items of a division; how many had it."""
    writing.hold(division)
    if not division.open:
        raise Refused(_("分工方案正在%s，不能修改任务。") % division.get_state_display())
    rows = division.items.exclude(state=Lifecycle.CANCELLED).filter(assignments__name=name)
    some = list(rows.select_related("owner", "division").distinct().order_by("position", "pk"))
    if not some:
        raise Refused(_("“%s”不能按类别展开，请逐个填写单位。") % name)
    for item in some:
        resolve(by=by, item=item, revision=None, name=name)
    record(division, after={"resolved": name, "items": [i.code for i in some]})
    return len(some)
