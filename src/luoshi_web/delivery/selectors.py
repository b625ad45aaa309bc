"""Reads of delivery, each limited to what an account may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from luoshi_web.delivery import standing
from luoshi_web.delivery.models import (
    Assignment,
    Consultation,
    Division,
    Edition,
    Handling,
    Inquiry,
    LedgerImport,
    Lifecycle,
    Opinion,
    Source,
    WorkItem,
)
from luoshi_web.organisation.access import table, visible
from luoshi_web.organisation.models import Unit
from luoshi_web.register.models import Commitment, CommitmentState
from luoshi_web.register.selectors import commitments as register_commitments

VIEW = "delivery.view_workitem"
DRAFT = "delivery.draft_division"
APPROVE = "delivery.approve_division"
ANSWER = "delivery.answer_consultation"


def divisions(account: Any, permission: str = VIEW) -> QuerySet[Division]:
    """The divisions that an account sees."""
    return visible(Division.objects.select_related("owner", "drafted_by", "changed_by"), account, permission)


def division(account: Any, pk: int, permission: str = VIEW) -> Division:
    """One of them.

    :raises Http404: otherwise.
    """
    return get_object_or_404(divisions(account, permission), pk=pk)


def tally(some: list[Division]) -> dict[int, int]:
    """Live items by division."""
    rows = WorkItem.objects.filter(division__in=some).exclude(state=Lifecycle.CANCELLED)
    return {r["division"]: r["n"] for r in rows.values("division").annotate(n=Count("pk"))}


def items(account: Any, permission: str = VIEW) -> QuerySet[WorkItem]:
    """The work items that an account sees; in a new round as issued, unless it drafts the division."""
    kept = standing.held(account) if permission == VIEW else ()
    rows = standing.items(kept)
    rows = rows.select_related("owner", "division", "division__owner", "changed_by", "made_by")
    return visible(rows, account, permission)


def detailed(rows: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """With their units and sources, for a page of them."""
    sources = Source.objects.select_related("commitment__document")
    return rows.prefetch_related(
        Prefetch("assignments", Assignment.objects.select_related("unit")), Prefetch("sources", sources)
    )


def item(account: Any, pk: int, permission: str = VIEW) -> WorkItem:
    """One of them.

    :raises Http404: otherwise.
    """
    return get_object_or_404(detailed(items(account, permission)), pk=pk)


def rows(of: Division, account: Any = None) -> QuerySet[WorkItem]:
    """The live items of a division in their order; the issued ones for an account that does not draft it."""
    if account is not None and of.pk in (kept := standing.held(account)):
        issued = standing.items(kept).filter(division=of).select_related("owner", "division__owner")
        return detailed(issued.order_by("issued__position", "pk"))
    live = of.items.exclude(state=Lifecycle.CANCELLED).select_related("owner", "division__owner")
    return detailed(live.order_by("position", "pk"))


def pickable(account: Any, *, free: bool = False) -> QuerySet[Commitment]:
    """The confirmed commitments that an account sees; ``taken`` says how many live items were made of each.

    :param free: only those of which none was made.
    """
    live = Count("work", filter=~Q(work__item__state=Lifecycle.CANCELLED), distinct=True)
    rows = register_commitments(account).filter(state=CommitmentState.CONFIRMED, document__withdrawn=False)
    counted = rows.annotate(taken=live)
    if free:
        counted = counted.filter(taken=0)
    return counted.order_by("-document__date", "document", "start", "pk")


def consultation(account: Any, pk: int, permission: str = DRAFT) -> Consultation:
    """A consultation of a division that an account drafts.

    :raises Http404: otherwise.
    """
    some = Consultation.objects.select_related("division__owner", "opened_by")
    return get_object_or_404(visible(some, account, permission, unit="division__owner"), pk=pk)


def inquiries(account: Any) -> QuerySet[Inquiry]:
    """The questions to units that an account answers for."""
    some = Inquiry.objects.select_related("unit", "consultation__division__owner", "answered_by")
    return visible(some, account, ANSWER, unit="unit").order_by("answered_at", "-pk")


def inquiry(account: Any, key: str) -> Inquiry:
    """One of them, by the key of its link.

    :raises Http404: otherwise.
    """
    return get_object_or_404(inquiries(account), key=key)


def asked(of: Inquiry) -> QuerySet[WorkItem]:
    """The rows on which a unit is asked: those in which it has a part, or had when it answered."""
    mine = Assignment.objects.filter(unit=of.unit).values("item")
    answered = of.opinions.values("item")
    live = of.consultation.division.items.exclude(state=Lifecycle.CANCELLED)
    return detailed(live.filter(Q(pk__in=mine) | Q(pk__in=answered)).order_by("position", "pk"))


def opinions(of: Division) -> QuerySet[Opinion]:
    """What units answered in all rounds, open ones first."""
    some = Opinion.objects.filter(inquiry__consultation__division=of).select_related(
        "inquiry__unit", "inquiry__consultation", "item", "handled_by"
    )
    return some.order_by("item__position", "item", "inquiry__consultation", "pk")


def unhandled(of: Division) -> QuerySet[Opinion]:
    """Opinions that ask for something and wait for the drafter."""
    return opinions(of).filter(handling=Handling.OPEN).exclude(answer="agree")


def opinion(account: Any, pk: int) -> Opinion:
    """An opinion on a division that an account drafts.

    :raises Http404: otherwise.
    """
    some = Opinion.objects.select_related("inquiry__consultation__division__owner", "item")
    reach = "inquiry__consultation__division__owner"
    return get_object_or_404(visible(some, account, DRAFT, unit=reach), pk=pk)


def edition(account: Any, pk: int, number: int) -> Edition:
    """An issued edition of a division that an account sees.

    :raises Http404: otherwise.
    """
    of = division(account, pk)
    return get_object_or_404(of.editions.select_related("division"), number=number, issued_at__isnull=False)


def ledger_import(account: Any, pk: int) -> LedgerImport:
    """A file that waits, for those who may bring it in.

    :raises Http404: otherwise.
    """
    some = LedgerImport.objects.select_related(
        "owner", "division__owner", "inquiry__consultation__division", "by"
    )
    mine = visible(some.exclude(kind="reply"), account, DRAFT) if account.has_perm(DRAFT) else some.none()
    if account.has_perm(ANSWER):
        mine = mine | visible(some.filter(kind="reply"), account, ANSWER)
    return get_object_or_404(mine, pk=pk)


def owners(account: Any) -> QuerySet[Unit]:
    """The units for which an account may draft: those of its grants and below."""
    roles = table()[DRAFT].roles
    where = Q(pk__in=[])
    for g in account.grants:
        if g.role in roles:
            where |= Q(path__startswith=g.unit.path)
    found: QuerySet[Unit] = Unit.objects.filter(where)
    return found
