"""Anchors in a new version: what stands there word for word goes along, all else waits for a person."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.text.anchors import Found, around, find, near
from luoshi_web.audit.services import Actor, Refused, change, record, service, unchanged
from luoshi_web.library.models import Candidate, Version
from luoshi_web.register.models import AnchorState, Commitment, CommitmentState, Decision


@service("register.anchors.follow")
def follow(*, by: Actor, version: Version) -> dict[str, int]:
    """Looks for every anchor of the document in its new version; counts by what was found."""
    candidates = list(Candidate.objects.filter(version=version).order_by("start", "pk"))
    by_span = {(c.start, c.end): c.key for c in reversed(candidates)}
    places = sorted(set(by_span) | set(version.sentences.values_list("start", "end")))
    counts = {"valid": 0, "drifted": 0, "orphaned": 0}
    cache: dict[tuple[str, str, str], Found] = {}
    for c in Commitment.objects.filter(
        document=version.document_id, state=CommitmentState.CONFIRMED
    ).select_related("version"):
        found = _find(cache, version, c, places)
        counts[found.state] += 1
        _moved(c, version, found, by_span)
    taken = set(Decision.objects.filter(version=version).exclude(key="").values_list("key", flat=True))
    for d in Decision.objects.filter(document=version.document_id).exclude(version=version).order_by("-pk"):
        found = _find(cache, version, d, places)
        key = by_span.get((found.start, found.end), "")
        if found.state != "valid" or (key and key in taken):
            continue  # what was decided about other words does not bind these
        if key:
            taken.add(key)
        prefix, suffix = around(version.text, found.start, found.end)
        Decision.objects.filter(pk=d.pk).update(
            version=version, start=found.start, end=found.end, key=key, prefix=prefix, suffix=suffix
        )
    if sum(counts.values()):
        record(version, after=counts)
    else:
        unchanged()
    return counts


def _find(
    cache: dict[tuple[str, str, str], Found], version: Version, row: Any, places: list[tuple[int, int]]
) -> Found:
    ask = (row.quote, row.prefix, row.suffix)
    if ask not in cache:
        cache[ask] = find(version.text, *ask, spans=places)
    return cache[ask]


def _moved(c: Commitment, version: Version, found: Found, by_span: dict[tuple[int, int], str]) -> None:
    """Writes what was found: an exact place is taken, another is only proposed."""
    nothing: dict[str, Any] = {
        "found_start": None, "found_end": None, "found_quote": "", "found_score": None,
    }  # fmt: skip
    if found.state == "valid":
        change(c, anchor_state=AnchorState.VALID, **_at(version, found.start, found.end, by_span), **nothing)
        return
    told = nothing
    if found.state == "drifted":
        told = {
            "found_start": found.start,
            "found_end": found.end,
            "found_quote": version.text[found.start : found.end],
            "found_score": found.score,
        }
    change(c, anchor_state=AnchorState(found.state), checked_version=version, **told)


def _at(version: Version, start: int, end: int, by_span: dict[tuple[int, int], str]) -> dict[str, Any]:
    prefix, suffix = around(version.text, start, end)
    return {
        "version": version, "checked_version": version, "start": start, "end": end,
        "quote": version.text[start:end], "prefix": prefix, "suffix": suffix,
        "key": by_span.get((start, end), ""),
    }  # fmt: skip


@service("register.anchor.settle", permission="register.review_commitment", on="commitment")
def settle(
    *,
    by: Any,
    commitment: Commitment,
    revision: int,
    start: int | None = None,
    end: int | None = None,
    text: str = "",
    reason: str = "",
) -> Commitment:
    """Says where a drifted or orphaned commitment stands now: the place given, or none (失锚).

    :param text: the new wording of the commitment; empty keeps the old one.
    """
    if commitment.anchor_state == AnchorState.VALID:
        raise Refused(_("出处有效，无需核对。"))
    version = commitment.checked_version
    if start is None or end is None:
        return change(
            commitment, revision=revision, reason=reason, anchor_state=AnchorState.ORPHANED, found_start=None,
            found_end=None, found_quote="", found_score=None, changed_by=by,
        )  # fmt: skip
    if not 0 <= start < end <= len(version.text):
        raise Refused(_("新版中没有这一处。"))
    keys = dict(Candidate.objects.filter(version=version, start=start, end=end).values_list("start", "key"))
    by_span = {(start, end): keys[start]} if start in keys else {}
    old = list(
        commitment.origins.filter(version=commitment.version_id, start=commitment.start, end=commitment.end)
    )
    changed = change(
        commitment, revision=revision, reason=reason, anchor_state=AnchorState.VALID,
        **_at(version, start, end, by_span), found_start=None, found_end=None, found_quote="",
        found_score=None, changed_by=by, also={"text": text.strip()} if text.strip() else None,
    )  # fmt: skip
    key = by_span.get((start, end), "")
    if old and key and not Decision.objects.filter(version=version, key=key).exists():
        # the candidate of the new words is decided by this
        Decision.objects.filter(pk=old[0].pk).update(
            version=version, start=start, end=end, key=key, quote=changed.quote, prefix=changed.prefix,
            suffix=changed.suffix, by=by, at=timezone.now(),
        )  # fmt: skip
        before = {"version": old[0].version_id, "start": old[0].start, "end": old[0].end}
        record(
            old[0], before=before, after={"version": version.pk, "start": start, "end": end}, reason=reason
        )
    return changed


def proposals(commitment: Commitment) -> list[tuple[float, int, int, str]]:
    """Places of the new version that are most like the lost words: similarity, start, end, words."""
    version = commitment.checked_version
    spans = list(Candidate.objects.filter(version=version).values_list("start", "end").order_by("start"))
    return [(s, a, b, version.text[a:b]) for s, a, b in near(version.text, commitment.quote, spans)]
