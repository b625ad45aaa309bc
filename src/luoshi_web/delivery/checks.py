"""What an item and a division still lack before they may be approved (交办的条件)."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from luoshi_web.delivery import selectors
from luoshi_web.delivery.models import Division, Opinion, WorkItem


@dataclass(slots=True)
class Checklist:
    """Items with what they lack; opinions that wait; units that have not answered a countersigning."""

    items: list[tuple[WorkItem, list[str]]] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    undone: list[Opinion] = field(default_factory=list)
    unsigned: list[str] = field(default_factory=list)
    empty: bool = False

    @property
    def clear(self) -> bool:
        """Whether nothing is lacking."""
        return not (self.items or self.opinions or self.undone or self.unsigned or self.empty)


def lacking(item: WorkItem) -> list[str]:
    """What an item lacks: a lead unit, an acceptance criterion, a deadline or a review date."""
    out = []
    if not any(a.part == "lead" for a in item.assignments.all()):
        out.append(_("牵头单位"))
    if not item.criterion.strip():
        out.append(_("完成标准"))
    if not item.deadline and not item.ongoing:
        out.append(_("完成时限"))
    if item.ongoing and not item.deadline and item.review_on is None:
        out.append(_("复核日期"))
    return out


def of(division: Division) -> Checklist:
    """What a division lacks."""
    rows = list(selectors.rows(division))
    items = [(i, missing) for i in rows if (missing := lacking(i))]
    some = [o for o in selectors.opinions(division) if o.answer != "agree" and o.item.state != "cancelled"]
    # rounds before the last issue are history: what was adopted then stands in the items as issued
    since = division.editions.filter(number=division.round).values_list("created_at", flat=True).first()
    if since is not None:
        some = [o for o in some if o.inquiry.consultation.opened_at >= since]
    last = division.consultations.order_by("-number").first()
    unsigned: list[str] = []
    if last is not None and last.kind == "countersign" and (since is None or last.opened_at >= since):
        unsigned = [str(i.unit) for i in last.inquiries.filter(answered_at=None).select_related("unit")]
    return Checklist(
        items,
        [o for o in some if o.handling == "open"],
        [o for o in some if o.undone],
        unsigned,
        not rows,
    )
