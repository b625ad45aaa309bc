"""The edition in force: while an issued division is being revised, its readers see the rows as issued.

Who may draft a division sees what is being worded. Everybody else goes on seeing the last edition, in the
table, its facets and files, on an item's page, in calendars and over the interface.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, F, Prefetch, Q, QuerySet, Value, When
from django.db.models.query import ModelIterable

from luoshi_web.delivery.models import (
    Assignment,
    Division,
    DivisionState,
    Edition,
    IssuedPart,
    IssuedRow,
    Lifecycle,
    WorkItem,
)
from luoshi_web.organisation.access import table, visible
from luoshi_web.organisation.models import Account

DRAFT = "delivery.draft_division"


def held(account: Any) -> tuple[int, ...]:
    """The divisions in a new round that an account may read but not draft."""
    if not isinstance(account, Account):
        return ()
    some = Division.objects.filter(round__gt=1).exclude(state=DivisionState.ISSUED)
    if any(g.role in table()[DRAFT].roles for g in account.grants):
        some = some.exclude(pk__in=visible(some, account, DRAFT).values("pk"))
    return tuple(some.order_by("pk").values_list("pk", flat=True))


class Items(QuerySet[WorkItem]):
    """Work items whose rows of the divisions ``kept`` come as issued, whatever is being worded."""

    kept: tuple[int, ...] = ()

    def _clone(self) -> Any:
        made: Any = super()._clone()  # type: ignore[misc]
        made.kept = self.kept
        return made

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None
        super()._fetch_all()
        plain = issubclass(self._iterable_class, ModelIterable)
        if fresh and self.kept and plain:
            overlay([i for i in self._result_cache or () if i.division_id in self.kept])


def items(kept: tuple[int, ...]) -> Items:
    """All items, of the divisions ``kept`` those that were issued."""
    rows = Items(WorkItem)
    rows.kept = kept
    if not kept:
        return rows
    mine = Q(division__in=kept)
    found: Items = rows.filter(~mine | Q(issued__isnull=False))
    return found


def overlay(some: Sequence[WorkItem]) -> None:
    """Gives items the words and units that they were issued with."""
    parts = Prefetch("parts", IssuedPart.objects.select_related("unit"))
    found = IssuedRow.objects.filter(item__in=some).select_related("edition", "leader_person")
    rows = {r.item_id: r for r in found.prefetch_related(parts)}
    for item in some:
        row = rows.get(item.pk)
        if row is None:
            continue
        for name in IssuedRow.COPIED:
            setattr(item, name, getattr(row, name))
        item.state = Lifecycle.ESTABLISHED
        item.edition = row.edition  # type: ignore[attr-defined]
        cache: dict[str, Any] = item.__dict__.setdefault("_prefetched_objects_cache", {})
        cache["assignments"] = _fetched(Assignment, [p.assignment(item) for p in row.parts.all()])
        sources = item.sources.select_related("commitment__document", "commitment__version")
        known = cache.get("sources", sources)
        cache["sources"] = _fetched(sources.model, [s for s in known if s.commitment_id in row.sources])


def _fetched(model: Any, rows: list[Any]) -> QuerySet[Any]:
    """Rows as a relation that was read already."""
    out: Any = model._default_manager.all()
    out._result_cache, out._prefetch_done = rows, True
    return out  # type: ignore[no-any-return]


def either(kept: Sequence[int], **wanted: Any) -> Q:
    """A condition on what is shown: on rows as issued for the divisions ``kept``, else on live ones."""
    live = Q(**wanted)
    if not kept:
        return live
    mine = Q(division__in=kept)
    return (~mine & live) | (mine & Q(**{f"issued__{n}": v for n, v in wanted.items()}))


def column(kept: Sequence[int], name: str) -> Any:
    """A column as it is shown."""
    if not kept:
        return F(name)
    issued = Value(Lifecycle.ESTABLISHED.value) if name == "state" else F(f"issued__{name}")
    same = {"origin", "division"}
    return F(name) if name in same else Case(When(division__in=kept, then=issued), default=F(name))


def keep(edition: Edition, live: Iterable[WorkItem]) -> None:
    """Keeps the rows of a division as they are issued; within the service that issues it."""
    IssuedRow.objects.filter(item__division=edition.division_id).delete()
    some = list(live)
    rows = [
        IssuedRow(
            item=i, edition=edition, sources=[s.commitment_id for s in i.sources.all()],
            **{n: getattr(i, n) for n in IssuedRow.COPIED},
        )
        for i in some
    ]  # fmt: skip
    IssuedRow.objects.bulk_create(rows, 200)
    IssuedPart.objects.bulk_create(
        [
            IssuedPart(row=r, **{n: getattr(a, n) for n in IssuedPart.COPIED})
            for r in rows
            for a in r.item.assignments.all()
        ],
        500,
    )
