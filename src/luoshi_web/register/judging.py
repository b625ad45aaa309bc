"""Writes about links: confirmed, rejected, drawn by hand, differences judged; what follows a new version.

Like every decision they name the revision that their author saw (0 where nobody had judged yet).
"""

from __future__ import annotations

import re
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.text.anchors import Found, around, find
from luoshi_web.audit.services import Actor, Conflict, Refused, change, record, service, snapshot, unchanged
from luoshi_web.library import services as library
from luoshi_web.library.models import Comparison, Version
from luoshi_web.register import relations, unsourced
from luoshi_web.register.models import AnchorState, DifferenceVerdict, JudgedLink, LinkVerdict, Relation
from luoshi_web.register.models.judgements import SIDES, link_key

JUDGE = "register.judge_link"
CHANGES = ("narrowed", "widened", "lower-target", "higher-target", "softer", "firmer")
LONGEST = 8
"""Clauses of the longest run."""
Place = tuple[int, int]
_CLAUSE = re.compile(r"[^，。；：！？\s][^，。；：！？\n]*")


@service("register.link.judge", permission=JUDGE, on="comparison")
def judge(
    *, by: Any, comparison: Comparison, key: str, revision: int, verdict: str, reason: str = ""
) -> JudgedLink:
    """Confirms or rejects a link, or takes back what was decided about it (``open``)."""
    if verdict not in LinkVerdict.values:
        raise Refused(_("请选择结论。"), "verdict")
    if verdict == LinkVerdict.REJECTED and not reason.strip():
        raise Refused(_("请填写否定的理由。"), "reason")
    told = {"verdict": verdict, "why": reason.strip(), "by": by, "at": timezone.now()}
    judged = _write(comparison, key, revision, told, by=by, reason=reason)
    _followed_by(by, comparison.lower)
    return judged


@service("register.link.add", permission=JUDGE, on="comparison")
def add(
    *,
    by: Any,
    comparison: Comparison,
    upper: Place,
    lower: Place,
    relation: str,
    reason: str,
    difference: str = "",
) -> JudgedLink:
    """Draws a link that the machine did not propose (or confirms the one that it did)."""
    current(comparison)
    for version, place in ((comparison.upper, upper), (comparison.lower, lower)):
        if not 0 <= place[0] < place[1] <= len(version.text) or not version.text[slice(*place)].strip():
            raise Refused(_("所选文字不在文件中，请重新选择。"))
    if relation not in Relation.values:
        raise Refused(_("请选择两句的关系。"), "relation")
    if difference and difference not in CHANGES:
        raise Refused(_("请选择表述差异的种类。"), "difference")
    if not reason.strip():
        raise Refused(_("请填写添加的理由。"), "reason")
    key = link_key(comparison.upper, comparison.lower, upper, lower)
    now = timezone.now()
    known = _known(comparison, key)
    if known is not None and known.verdict == LinkVerdict.CONFIRMED:
        raise Refused(_("这两句的关联已经确认过。"))
    told = {"verdict": LinkVerdict.CONFIRMED, "why": reason.strip(), "by": by, "at": now}
    if known is not None or comparison.links.filter(key=key).exists():
        judged = _write(comparison, key, known.revision if known else 0, told, by=by, reason=reason)
    else:
        row = JudgedLink(
            **_ends(comparison, upper, lower), key=key, relation=relation, change=difference, by_hand=True,
            **told,
        )  # fmt: skip
        judged = _new(row, comparison, reason)
    _followed_by(by, comparison.lower)
    return judged


@service("register.difference.judge", permission=JUDGE, on="comparison")
def judge_difference(
    *, by: Any, comparison: Comparison, key: str, revision: int, verdict: str, reason: str = ""
) -> JudgedLink:
    """Says what a difference of wording or target is; an empty verdict takes it back."""
    if verdict and verdict not in DifferenceVerdict.values:
        raise Refused(_("请选择结论。"), "verdict")
    if not reason.strip():
        raise Refused(_("请填写研判的理由。"), "reason")
    told = {
        "difference": verdict,
        "difference_why": reason.strip(),
        "difference_by": by,
        "difference_at": timezone.now(),
    }
    return _write(comparison, key, revision, told, by=by, reason=reason)


def _followed_by(by: Any, *lower: Version) -> None:
    """What goes by the judgement of links: relations of commitments, and those without a source."""
    for version in {v.pk: v for v in lower}.values():
        relations.follow(by=by, version=version)
        unsourced.follow(by=by, version=version)


def _write(
    comparison: Comparison, key: str, revision: int, told: dict[str, Any], *, by: Any, reason: str
) -> JudgedLink:
    """Changes what is known about a link, or begins to know it."""
    current(comparison)
    known = _known(comparison, key)
    if known is not None:
        return change(known, revision=revision, reason=reason.strip(), **told)
    link = comparison.links.filter(key=key).first()
    if link is None or revision:
        raise Refused(_("这条关联已有变化，请刷新后再研判。"))
    upper, lower = (link.upper_start, link.upper_end), (link.lower_start, link.lower_end)
    row = JudgedLink(
        **_ends(comparison, upper, lower), key=key, relation=link.relation, change=link.change,
        score=link.score, **{"by": by, **told},
    )  # fmt: skip
    return _new(row, comparison, reason)


def _known(comparison: Comparison, key: str) -> JudgedLink | None:
    return JudgedLink.objects.filter(
        upper_version=comparison.upper_id, lower_version=comparison.lower_id, key=key
    ).first()


def _new(row: JudgedLink, comparison: Comparison, reason: str) -> JudgedLink:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        faster = _known(comparison, row.key)
        if faster is None:
            raise
        raise Conflict(faster) from None
    record(row, after=snapshot(row), reason=reason.strip())
    return row


def current(comparison: Comparison) -> None:
    """Only texts in force are judged; none is replaced before the transaction ends.

    :raises Refused: when one was taken off the shelf, or has a newer version.
    """
    for version in sorted((comparison.upper, comparison.lower), key=lambda v: v.document_id):
        document = library.held(version.document_id)
        if document.withdrawn:
            raise Refused(_("文件已撤下，不能研判。"))
        if document.current_id != version.pk:
            raise Refused(_("文件已有新版，请在现行版本上研判。"))


def _ends(comparison: Comparison, upper: Place, lower: Place) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for side, version, place in (("upper", comparison.upper, upper), ("lower", comparison.lower, lower)):
        told = {
            "document": version.document,
            "version": version,
            "checked": version,
            **_place(version, *place),
        }
        out |= {f"{side}_{n}": v for n, v in told.items()}
    return out


def _place(version: Version, start: int, end: int) -> dict[str, Any]:
    prefix, suffix = around(version.text, start, end)
    return {
        "start": start, "end": end, "quote": version.text[start:end], "prefix": prefix, "suffix": suffix,
    }  # fmt: skip


# --- new versions -------------------------------------------------------------------------------------------


@service("register.links.follow")
def follow(*, by: Actor, version: Version) -> dict[str, int]:
    """Looks for the ends of the document's judged links in its new version; counts by what was found."""
    rows = JudgedLink.objects.filter(
        Q(upper_document=version.document_id) | Q(lower_document=version.document_id)
    ).select_related("upper_version", "lower_version")
    counts = {"valid": 0, "drifted": 0, "orphaned": 0}
    places: list[Place] = []
    cache: dict[tuple[str, str, str], Found] = {}
    for row in rows.exclude(verdict=LinkVerdict.OPEN, difference=""):
        places = places or runs(version)
        told: dict[str, Any] = {}
        for side in SIDES:
            if getattr(row, f"{side}_document_id") != version.document_id:
                continue
            end = row.side(side)
            ask = (end["quote"], end["prefix"], end["suffix"])
            found = cache.get(ask) or find(version.text, *ask, spans=places)
            cache[ask] = found
            counts[found.state] += 1
            told |= {f"{side}_{n}": v for n, v in _end(version, found).items()}
        _followed(row, told)
    if sum(counts.values()):
        record(version, after=counts)
    else:
        unchanged()
    return counts


def runs(version: Version) -> list[Place]:
    """The places that may be proposed for changed words: sentences, and runs of clauses within them, since a
    link seldom ends at a full stop."""
    out = set()
    for start, end in version.sentences.values_list("start", "end"):
        out.add((start, end))
        clauses = clauses_of(version.text, start, end)
        for i, (a, _b) in enumerate(clauses):
            out |= {(a, b) for _a, b in clauses[i : i + LONGEST]}
    return sorted(out)


def clauses_of(text: str, start: int, end: int) -> list[Place]:
    """The clauses of a sentence, without the marks between them."""
    return [(start + m.start(), start + m.end()) for m in _CLAUSE.finditer(text[start:end])]


def _end(version: Version, found: Found) -> dict[str, Any]:
    """One end after a new version: moved where its words stand, else marked, with the place proposed."""
    out: dict[str, Any] = {"checked": version, "state": AnchorState(found.state)}
    if found.state == "valid":
        return {
            **out, "version": version, "found_start": None, "found_end": None,
            **_place(version, found.start, found.end),
        }  # fmt: skip
    drifted = found.state == "drifted"
    return {
        **out, "found_start": found.start if drifted else None, "found_end": found.end if drifted else None,
    }  # fmt: skip


def _followed(row: JudgedLink, told: dict[str, Any]) -> None:
    after = {f"{s}_{n}": told.get(f"{s}_{n}", getattr(row, f"{s}_{n}")) for s in SIDES
             for n in ("version", "start", "end", "state")}  # fmt: skip
    told["suspect"] = any(after[f"{s}_state"] != AnchorState.VALID for s in SIDES)
    told["key"] = _key(after)
    clash = JudgedLink.objects.filter(
        upper_version=after["upper_version"], lower_version=after["lower_version"], key=told["key"]
    ).exclude(pk=row.pk)
    if clash.exists():  # the same words were judged again meanwhile: that judgement counts
        told = {n: v for n, v in told.items() if n.endswith(("_checked", "_state"))} | {"suspect": False}
    change(row, **told)


def _key(ends: dict[str, Any]) -> str:
    return link_key(
        ends["upper_version"], ends["lower_version"], (ends["upper_start"], ends["upper_end"]),
        (ends["lower_start"], ends["lower_end"]),
    )  # fmt: skip


@service("register.link.settle", permission=JUDGE, on="judged")
def settle(*, by: Any, judged: JudgedLink, revision: int, how: str, reason: str = "") -> JudgedLink:
    """Says whether a suspect link still holds with the new words (``confirm``), or no more (``withdraw``).

    A difference of wording that was judged with the old words is to be judged again.
    """
    if not judged.suspect:
        raise Refused(_("这条关联没有存疑，无需核对。"))
    if how == "withdraw":
        if not reason.strip():
            raise Refused(_("请填写撤回的理由。"), "reason")
        change(
            judged, revision=revision, reason=reason.strip(), verdict=LinkVerdict.OPEN, difference="",
            suspect=False, by=by, at=timezone.now(),
        )  # fmt: skip
        _followed_by(by, judged.lower_version)
        return judged
    if how != "confirm":
        raise Refused(_("请选择结论。"))
    told: dict[str, Any] = {"suspect": False, "by": by, "at": timezone.now()}
    if reason.strip():
        told["why"] = reason.strip()
    for side in SIDES:
        end = judged.side(side)
        if end["state"] == AnchorState.VALID:
            told |= {f"{side}_{n}": end[n] for n in ("version", "start", "end")}
            continue
        if end["state"] == AnchorState.ORPHANED or end["found_start"] is None:
            raise Refused(_("新版中没有找到对应文字，不能确认；请撤回，或在上下对照页另行添加。"))
        new = {"version": end["checked"], "state": AnchorState.VALID, "found_start": None, "found_end": None,
               **_place(end["checked"], end["found_start"], end["found_end"])}  # fmt: skip
        told |= {f"{side}_{n}": v for n, v in new.items()}
    told["key"] = _key(told)
    other = JudgedLink.objects.filter(
        upper_version=told["upper_version"], lower_version=told["lower_version"], key=told["key"]
    ).exclude(pk=judged.pk)
    if other.exists():
        raise Refused(_("新文字之间已另有研判，请撤回这一条。"))
    cleared: dict[str, Any] = {
        "difference": "", "difference_why": "", "difference_by": None, "difference_at": None,
    }  # fmt: skip
    before = judged.lower_version
    change(judged, revision=revision, reason=reason.strip(), **told, **cleared)
    _followed_by(by, before, judged.lower_version)
    return judged
