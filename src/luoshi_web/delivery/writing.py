"""How an item is written: fields and units under one revision, told to the audit as one change."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Conflict, Refused, fitting, record, snapshot, unchanged
from luoshi_web.delivery import directory, leaders
from luoshi_web.delivery.models import Assignment, Basis, Division, ItemTag, Part, WorkItem
from luoshi_web.library.models import Comparison, Link

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
MOST_UNITS = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit's part as somebody wants it, with where it comes from."""

    part: str
    name: str
    basis: str = Basis.TYPED
    evidence: str = ""


def code() -> str:
    """A new item's number for life: short, speakable, never used again."""
    return "RW-" + "".join(secrets.choice(ALPHABET) for _i in range(7))


def next_position(division: Division | None) -> int:
    """A place after all others."""
    if division is None:
        return 0
    return int(division.items.aggregate(last=Max("position"))["last"] or 0) + 10


def hold(division: Division) -> None:
    """Its state as it is in this transaction, and to its end: nobody sends it up while items are written."""
    now = Division.objects.select_for_update(no_key=True)
    division.refresh_from_db(fields=["state"], from_queryset=now)


def check_editable(item: WorkItem) -> None:
    """Refuses what may not be edited now, and says why.

    :raises Refused: see :attr:`WorkItem.editable`.
    """
    if item.division is not None:
        hold(item.division)
    if item.editable:
        return
    if item.division is None:
        raise Refused(_("任务已立项或已撤销，不能直接修改。"))
    if item.division.state == "issued":
        raise Refused(_("分工方案已印发，任务已锁定。如需调整，请先说明理由、开启新一轮。"))
    raise Refused(_("分工方案正在%s，不能修改任务。") % item.division.get_state_display())


def parts_of(item: WorkItem) -> dict[str, list[str]]:
    """Names by part, in order."""
    out: dict[str, list[str]] = {p: [] for p in Part.values}
    for a in item.assignments.all():
        out[a.part].append(a.name)
    return out


def assign(item: WorkItem, wanted: Sequence[Wanted]) -> None:
    """Writes an item's units anew; what stood there with the same part keeps where it came from."""
    if len(wanted) > MOST_UNITS:
        raise Refused(_("一项任务的单位不能超过 %d 个。") % MOST_UNITS)
    known = {(a.part, a.name): a for a in item.assignments.all()}
    units = directory.link({w.name for w in wanted}, item.owner)
    rows: list[Assignment] = []
    seen: set[tuple[str, str]] = set()
    for w in wanted:
        name = w.name.strip()[:200]
        if not name or (w.part, name) in seen:
            continue
        seen.add((w.part, name))
        old = known.get((w.part, name))
        keep = old is not None and w.basis == Basis.TYPED
        basis, evidence = (old.basis, old.evidence) if keep and old else (w.basis, w.evidence[:600])
        rows.append(
            Assignment(
                item=item, part=w.part, position=len(rows), name=name, unit_id=units.get(w.name), basis=basis,
                evidence=evidence,
            )
        )  # fmt: skip
    item.assignments.all().delete()
    Assignment.objects.bulk_create(rows)
    item.__dict__.get("_prefetched_objects_cache", {}).pop("assignments", None)


def save(
    item: WorkItem,
    *,
    by: Any,
    revision: int | None,
    fields: dict[str, Any] | None = None,
    wanted: Sequence[Wanted] | None = None,
    noted: dict[str, Any] | None = None,
    reason: str = "",
    action: str = "",
) -> WorkItem:
    """Changes an item: its fields, its units, or both; one revision, one event.

    :param noted: what else of the item was changed by the caller; it counts as a change.
    :raises Conflict: when the row has moved on since ``revision``.
    :raises Refused: when it may not be edited now.
    """
    check_editable(item)
    state = item.state
    if revision is not None and item.revision != revision:
        raise Conflict(WorkItem.objects.select_related("changed_by", "made_by").get(pk=item.pk))
    fields = leaders.settled(item, fields or {})
    differing = {n: v for n, v in fields.items() if getattr(item, n) != v}
    before: dict[str, Any] = {n: getattr(item, n) for n in differing}
    after: dict[str, Any] = {**differing, **(noted or {})}
    fitting(item, differing)
    now = timezone.now()
    if wanted is not None:
        old = parts_of(item)
        assign(item, wanted)
        new = parts_of(item)
        if old != new:
            before["units"], after["units"] = old, new
    if not after:
        unchanged()
        return item
    rows = WorkItem.objects.filter(pk=item.pk, revision=item.revision, state=state)
    if not rows.update(**differing, changed_by=by, changed_at=now, revision=F("revision") + 1):
        raise Conflict(WorkItem.objects.select_related("changed_by", "made_by").get(pk=item.pk))
    for name, value in differing.items():
        setattr(item, name, value)
    item.revision += 1
    item.changed_at, item.changed_by = now, by
    record(item, before=before, after=after, reason=reason, action=action)
    return item


def add(item: WorkItem, wanted: Sequence[Wanted] = (), **more: Any) -> WorkItem:
    """Saves a new item with its units."""
    fitting(item)
    item.save(force_insert=True)
    if wanted:
        assign(item, wanted)
    record(item, after={**snapshot(item), **({"units": parts_of(item)} if wanted else {}), **more})
    return item


def tag(items: Iterable[WorkItem]) -> None:
    """Writes documents, places and relations of items anew, for facets."""
    some = list(items)
    rows = []
    for item in some:
        commitments = [s.commitment for s in item.sources.select_related("commitment")]
        rows += [
            ItemTag(item=item, kind="document", value=str(d)) for d in {c.document_id for c in commitments}
        ]
        places = {
            str(p.get("quote", ""))[:200]: None for c in commitments for p in c.places if p.get("quote")
        }
        rows += [ItemTag(item=item, kind="place", value=v) for v in places]
        relations = {relation(c) for c in commitments} - {""}
        rows += [ItemTag(item=item, kind="relation", value=v) for v in sorted(relations)]
    ItemTag.objects.filter(item__in=some).delete()
    ItemTag.objects.bulk_create(rows, 500)


def relation(c: Any) -> str:
    """How a commitment answers the text above it: the best link's relation, ``none`` where it was compared
    without one, empty where there was nothing to compare with."""
    links = Link.objects.filter(comparison__lower=c.version_id, lower_start__lt=c.end, lower_end__gt=c.start)
    best = links.order_by("rank", "-score").values_list("relation", flat=True).first()
    if best is not None:
        return str(best)
    return "none" if Comparison.objects.filter(lower=c.version_id, done_at__isnull=False).exists() else ""


def follow(*, by: Any, version: Any) -> int:
    """Writes the tags of a version's items anew; within the service that stores a comparison."""
    rows = list(WorkItem.objects.filter(sources__commitment__version=version).distinct())
    tag(rows)
    return len(rows)
