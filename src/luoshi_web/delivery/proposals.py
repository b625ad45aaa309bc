"""Proposals of units for an item, from rows to the rules in ``luoshi.track`` and back; none is taken here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from luoshi.track import assign
from luoshi.track.assign import Earlier, Named, Proposal
from luoshi_web.audit.services import Refused
from luoshi_web.delivery import directory, selectors
from luoshi_web.delivery.models import Assignment, Basis, Lifecycle, Origin, WorkItem
from luoshi_web.delivery.writing import Wanted
from luoshi_web.library.models import Version
from luoshi_web.register.models import Commitment

MOST = 4000
"""Earlier items that are looked through, the latest."""
BASES = {
    "text": Basis.TEXT, "note": Basis.NOTE, "general": Basis.NOTE, "register": Basis.REGISTER,
    "duties": Basis.DUTIES, "earlier": Basis.EARLIER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal on a page: ``key`` names it in a form, ``places`` are ``(version, start, words)``."""

    key: str
    proposal: Proposal
    basis: str
    commitment: Commitment | None = None
    places: tuple[tuple[int, int, str], ...] = ()
    unit: int = 0
    item: WorkItem | None = None

    @property
    def evidence(self) -> str:
        """What is kept with an assignment that is taken from it."""
        words = "；".join(w for _v, _s, w in self.places) or self.proposal.about
        return (f"{self.item.code} " if self.item else "") + words

    def wanted(self, part: str = "") -> list[Wanted]:
        """Its units as assignments; ``part`` overrides the part proposed."""
        return [Wanted(part or u.role, u.name, self.basis, self.evidence) for u in self.proposal.units]


def for_item(account: Any, item: WorkItem) -> list[Offer]:
    """All proposals for an item: of the text first, then of duties, then of earlier divisions."""
    out = from_sources(item)
    for p in directory.duties(item.owner).propose(item.text):
        out.append(_offer(p, unit=p.key))
    return out + _earlier(account, item)


def one(account: Any, item: WorkItem, key: str) -> Offer:
    """The proposal of a key.

    :raises Refused: when it is not made any more.
    """
    for offer in for_item(account, item):
        if offer.key == key:
            return offer
    raise Refused(_("这条建议已经变化，请刷新后再看。"))


def from_sources(item: WorkItem) -> list[Offer]:
    """What the documents say of an item's commitments."""
    out: list[Offer] = []
    texts: dict[int, Version] = {}
    for s in item.sources.select_related("commitment__version"):
        c = s.commitment
        version = texts.setdefault(c.version_id, c.version)
        named = [Named(u["name"], _role(u.get("role"))) for u in c.units if u.get("name")]
        found = assign.from_text(
            version.text, _paragraph(version, c.start), c.start, named, assign.first_note(version.text)
        )
        if found is not None:
            out.append(_offer(found, commitment=c, version=version))
    for version in texts.values():
        out += [_offer(p, version=version) for p in assign.notes_for_all(version.text)]
    unique = {(o.basis, o.proposal.units, o.evidence): o for o in out}
    return list(unique.values())


def _role(value: Any) -> Any:
    return value if value in ("lead", "responsible", "support") else "responsible"


def _paragraph(version: Version, at: int) -> tuple[int, int]:
    """The paragraph around a place."""
    for p in version.paragraphs:
        if p[0] <= at < p[1]:
            return p[0], p[1]
    return max(0, version.text.rfind("\n", 0, at) + 1), (
        version.text.find("\n", at) + 1 or len(version.text) + 1
    ) - 1


def _earlier(account: Any, item: WorkItem) -> list[Offer]:
    rows = selectors.items(account).filter(
        Q(state=Lifecycle.ESTABLISHED) | Q(origin=Origin.LEDGER), owner__path__startswith=item.owner.path
    )
    rows = (
        rows.exclude(pk=item.pk).exclude(division=item.division_id)
        if item.division_id
        else rows.exclude(pk=item.pk)
    )
    held = Assignment.objects.filter(item=OuterRef("pk"))
    latest = dict(rows.filter(Exists(held)).order_by("-pk").values_list("pk", "text")[:MOST])
    near = [key for key, _near in assign.similar(item.text, latest)]
    known = {
        i.pk: i
        for i in WorkItem.objects.filter(pk__in=near)
        .select_related("division")
        .prefetch_related("assignments")
    }
    earlier = [
        Earlier(i.pk, i.text, tuple(Named(a.name, _role(a.part)) for a in i.assignments.all()))
        for i in known.values()
    ]
    return [_offer(p, item=known[p.key]) for p in assign.by_earlier(item.text, earlier)]


def _offer(
    p: Proposal,
    *,
    commitment: Commitment | None = None,
    version: Version | None = None,
    unit: int = 0,
    item: WorkItem | None = None,
) -> Offer:
    places = tuple((version.pk, s.start, s.text) for s in p.evidence) if version is not None else ()
    told = repr((p.source, p.units, p.about, places, p.key))
    key = hashlib.sha256(told.encode()).hexdigest()[:16]
    return Offer(key, p, BASES[p.source], commitment, places, unit, item)
