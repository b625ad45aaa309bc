"""Writes about gaps: what is said of a requirement that a document does not answer, why, and by whom."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.text.anchors import Found, around, find
from luoshi_web.audit.services import Actor, Conflict, Refused, change, record, service, snapshot, unchanged
from luoshi_web.library.models import Comparison, Coverage, Version
from luoshi_web.register.judging import current, runs
from luoshi_web.register.models import AnchorState, Disposition, GapDisposition

DISPOSE = "register.dispose_gap"
GAPS = ("absent", "partly")
"""States of a requirement that ask for a disposition."""


@service("register.gap.dispose", permission=DISPOSE, on="comparison")
def dispose(
    *, by: Any, comparison: Comparison, coverage: Coverage, revision: int, disposition: str, reason: str
) -> GapDisposition:
    """Says what a gap is, and why."""
    current(comparison)
    if disposition not in Disposition.values:
        raise Refused(_("请选择研判意见。"), "disposition")
    if not reason.strip():
        raise Refused(_("请填写理由。"), "reason")
    told: dict[str, Any] = {
        "disposition": disposition, "why": reason.strip(), "by": by, "at": timezone.now(),
        "lower_version": comparison.lower, "withdrawn": False,
    }  # fmt: skip
    known = known_of(comparison, coverage.start, coverage.end)
    if known is not None:
        return change(known, revision=revision, reason=reason.strip(), **told)
    if revision:
        raise Refused(_("这一条已有变化，请刷新后再研判。"))
    upper = comparison.upper
    row = GapDisposition(
        upper_document=upper.document, upper_version=upper, checked=upper, key=coverage.key,
        lower_document=comparison.lower.document, **_place(upper, coverage.start, coverage.end), **told,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        faster = known_of(comparison, coverage.start, coverage.end)
        if faster is None:
            raise
        raise Conflict(faster) from None
    record(row, after=snapshot(row), reason=reason.strip())
    return row


@service("register.gap.take-back", permission=DISPOSE, on="disposition")
def take_back(*, by: Any, disposition: GapDisposition, revision: int, reason: str) -> GapDisposition:
    """Takes a disposition back; the gap waits again."""
    if not reason.strip():
        raise Refused(_("请填写撤回的理由。"), "reason")
    return change(
        disposition, revision=revision, reason=reason.strip(), withdrawn=True, by=by, at=timezone.now()
    )


def known_of(comparison: Comparison, start: int, end: int) -> GapDisposition | None:
    """What was said of a requirement, also where it was taken back."""
    return GapDisposition.objects.filter(
        upper_version=comparison.upper_id, lower_document=comparison.lower.document_id, start=start, end=end
    ).first()


def _place(version: Version, start: int, end: int) -> dict[str, Any]:
    prefix, suffix = around(version.text, start, end)
    return {
        "start": start, "end": end, "quote": version.text[start:end], "prefix": prefix, "suffix": suffix,
    }  # fmt: skip


@service("register.gaps.follow")
def follow(*, by: Actor, version: Version) -> dict[str, int]:
    """Looks for the requirements that were disposed of in their document's new version; counts."""
    counts = {"valid": 0, "drifted": 0, "orphaned": 0}
    cache: dict[tuple[str, str, str], Found] = {}
    places: list[tuple[int, int]] = []
    for row in GapDisposition.objects.filter(upper_document=version.document_id, withdrawn=False):
        places = places or runs(version)
        ask = (row.quote, row.prefix, row.suffix)
        found = cache.get(ask) or find(version.text, *ask, spans=places)
        cache[ask] = found
        counts[found.state] += 1
        told: dict[str, Any] = {"checked": version, "state": AnchorState(found.state)}
        told |= {"found_start": None, "found_end": None}
        if found.state == "drifted":
            told |= {"found_start": found.start, "found_end": found.end}
        elif found.state == "valid" and not _taken(row, version, found):
            told |= {"upper_version": version, **_place(version, found.start, found.end)}
        change(row, **told)
    if sum(counts.values()):
        record(version, after=counts)
    else:
        unchanged()
    return counts


def _taken(row: GapDisposition, version: Version, found: Found) -> bool:
    others = GapDisposition.objects.filter(
        upper_version=version, lower_document=row.lower_document_id, start=found.start, end=found.end
    )
    return others.exclude(pk=row.pk).exists()


@service("register.gap.settle", permission=DISPOSE, on="disposition")
def settle(*, by: Any, disposition: GapDisposition, revision: int, how: str, reason: str) -> GapDisposition:
    """Says whether a disposition still holds for the requirement's new words (``confirm``) or not."""
    if disposition.state == AnchorState.VALID:
        raise Refused(_("这条研判意见没有存疑，无需核对。"))
    if how == "withdraw":
        return take_back(by=by, disposition=disposition, revision=revision, reason=reason)
    start, end = disposition.found_start, disposition.found_end
    if how != "confirm" or start is None or end is None:
        raise Refused(_("新版中没有找到对应文字，不能确认；请撤回。"))
    found = Found("valid", start, end, 1.0)
    if _taken(disposition, disposition.checked, found):
        raise Refused(_("新文字已另有研判，请撤回这一条。"))
    return change(
        disposition, revision=revision, reason=reason.strip(), upper_version=disposition.checked,
        state=AnchorState.VALID, by=by, at=timezone.now(), found_start=None, found_end=None,
        why=reason.strip() or disposition.why, **_place(disposition.checked, start, end),
    )  # fmt: skip
