"""Steps of a division of work that several tests begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from web_world import World

from luoshi_web.delivery import items, selectors, services
from luoshi_web.delivery.models import Division, WorkItem
from luoshi_web.delivery.writing import Wanted
from luoshi_web.register import services as register
from luoshi_web.register.models import Commitment


def more(world: World, n: int = 3) -> list[Commitment]:
    """More confirmed commitments of the city's document."""
    by = world.accounts["reviewer-city"]
    for c in world.candidates()[1 : 1 + n]:
        register.accept(by=by, candidate=c, revision=0)
    return list(Commitment.objects.order_by("start"))


def draft(world: World) -> Division:
    return services.add_division(
        by=world.accounts["drafter-city"], owner=world.units["city"], title="水利设施分工方案"
    )


def composed(world: World, n: int = 3, **how: Any) -> tuple[Division, list[WorkItem]]:
    d = draft(world)
    chosen = more(world, n)
    return d, items.compose(by=world.accounts["drafter-city"], division=d, commitments=chosen, **how)


def ready(world: World, d: Division) -> Division:
    """Fills in what the items lack."""
    by = world.accounts["drafter-city"]
    for i in selectors.rows(d):
        fields = {"criterion": "通过验收", "deadline": i.deadline or "2026-12-31"}
        items.change_item(
            by=by, item=i, revision=i.revision, fields=fields, wanted=[Wanted("lead", "江城市")]
        )
    d.refresh_from_db()
    return d


def issue(world: World, d: Division) -> Division:
    by = world.accounts["supervisor-city"]
    services.submit(by=world.accounts["drafter-city"], division=d, revision=d.revision)
    services.approve(by=by, division=d, revision=d.revision, approver="某市长", opinion="同意")
    return services.issue(
        by=by, division=d, revision=d.revision, number="江政办〔2025〕1号", day=date(2025, 7, 1)
    )
