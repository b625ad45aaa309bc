"""Reads of the register, each limited to what an account may see."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from luoshi_web.audit.models import AuditEvent
from luoshi_web.library.models import Candidate, Document, Provision, Version
from luoshi_web.organisation.access import visible
from luoshi_web.organisation.models import Account
from luoshi_web.register import scoring, ties
from luoshi_web.register.models import AnchorState, Commitment, CommitmentState, Decision, Verdict
from luoshi_web.register.templatetags.register import domain_name
from luoshi_web.ui.pages import number

VIEW = "register.view_commitment"
REVIEW = "register.review_commitment"


@dataclass(frozen=True, slots=True)
class Item:
    """A candidate in review: pending, drifted (its commitment waits for a place) or the verdict's name."""

    candidate: Candidate
    score: float
    state: str
    decision: Decision | None

    @property
    def revision(self) -> int:
        """The revision that a form names: 0 where nothing was decided yet."""
        return self.decision.revision if self.decision else 0

    @property
    def hundredths(self) -> int:
        """The score as pages show it: 0 to 100."""
        return round(self.score * 100)

    @property
    def undecided(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == "pending"


def items(version: Version | None, keys: set[str] | None = None) -> list[Item]:
    """The candidates of a version with what was decided about them, in text order."""
    if version is None:
        return []
    rows = Candidate.objects.filter(version=version)
    if keys is not None:
        rows = rows.filter(key__in=keys)
    listed = _placed(rows.select_related("deadline", "sentence").order_by("start", "pk"), version)
    decided = {
        d.key: d for d in Decision.objects.filter(version=version).exclude(key="").select_related("by")
    }
    drifted = [(d.found_start or 0, d.found_end or 0) for d in _drifted(version)]
    out = []
    for c in listed:
        d = decided.get(c.key)
        state = d.verdict if d is not None and d.verdict != Verdict.REOPENED else "pending"
        if state == "pending" and any(a < c.end and c.start < b for a, b in drifted):
            state = "drifted"
        out.append(Item(c, scoring.score(c), str(state), d))
    return out


def _placed(rows: QuerySet[Candidate], version: Version) -> list[Candidate]:
    """With their version and nodes, each read once: a join would read the whole text for every row."""
    nodes = {p.pk: p for p in Provision.objects.filter(version=version)}
    for p in nodes.values():
        p.version = version
        if p.parent_id in nodes:
            p.parent = nodes[p.parent_id]
    some = list(rows)
    for c in some:
        c.version = version
        if c.provision_id in nodes:
            c.provision = nodes[c.provision_id]
        if c.sentence is not None:
            c.sentence.version = version
    return some


def _drifted(version: Version) -> QuerySet[Commitment]:
    return Commitment.objects.filter(
        checked_version=version, anchor_state=AnchorState.DRIFTED, state=CommitmentState.CONFIRMED
    )


def tally(some: list[Item]) -> dict[str, int]:
    """How many stand in which state, for the head of the list."""
    accepted = {Verdict.ACCEPTED, Verdict.EDITED, Verdict.SPLIT, Verdict.MERGED}
    return {
        "all": len(some),
        "pending": sum(i.state == "pending" for i in some),
        "accepted": sum(i.state in accepted for i in some),
        "rejected": sum(i.state == Verdict.REJECTED for i in some),
        "drifted": sum(i.state == "drifted" for i in some),
    }


def reviewable(account: Any) -> QuerySet[Document]:
    """The documents that an account may review."""
    rows = Document.objects.filter(withdrawn=False, current__isnull=False)
    return visible(rows.select_related("owner", "current"), account, REVIEW)


def document(account: Any, pk: int) -> Document:
    """One of them.

    :raises Http404: otherwise.
    """
    return get_object_or_404(reviewable(account), pk=pk)


def queue(account: Any, filters: Any) -> QuerySet[Document]:
    """Documents in review; those with something left first, then the latest."""
    decided = Decision.objects.filter(version=OuterRef("version"), key=OuterRef("key")).exclude(
        verdict=Verdict.REOPENED
    )
    waiting = Candidate.objects.filter(~Exists(decided), version=OuterRef("current"))
    rows = reviewable(account).annotate(waiting=Exists(waiting))
    if word := filters.get("q", "").strip():
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word))
    if filters.get("left") == "1":
        rows = rows.filter(waiting=True)
    return rows.order_by("-waiting", "-date", "-pk")


def waiting(account: Any) -> int:
    """Candidates that nobody decided about, in all documents that an account may review."""
    decided = Decision.objects.filter(version=OuterRef("version"), key=OuterRef("key")).exclude(
        verdict=Verdict.REOPENED
    )
    current = reviewable(account).order_by().values("current")
    return Candidate.objects.filter(~Exists(decided), version__in=current).count()


def counts(documents: list[Document]) -> dict[int, dict[str, int]]:
    """By document: candidates of the current version, decided ones by verdict, anchors that need a look."""
    ids = [d.pk for d in documents]
    current = [d.current_id for d in documents]
    out = {
        pk: {"all": 0, "pending": 0, "accepted": 0, "rejected": 0, "drifted": 0, "orphaned": 0} for pk in ids
    }
    for r in (
        Candidate.objects.filter(version__in=current).values("version__document").annotate(n=Count("pk"))
    ):
        out[r["version__document"]]["all"] = out[r["version__document"]]["pending"] = r["n"]
    verdicts = (
        Decision.objects.filter(version__in=current)
        .exclude(verdict=Verdict.REOPENED)
        .exclude(key="")
        .values("document", "verdict")
        .annotate(n=Count("pk"))
    )
    for v in verdicts:
        one = out[v["document"]]
        one["rejected" if v["verdict"] == Verdict.REJECTED else "accepted"] += v["n"]
        one["pending"] -= v["n"]
    anchors = (
        Commitment.objects.filter(document__in=ids, state=CommitmentState.CONFIRMED)
        .exclude(anchor_state=AnchorState.VALID)
        .values("document", "anchor_state")
        .annotate(n=Count("pk"))
    )
    for a in anchors:
        out[a["document"]][a["anchor_state"]] = a["n"]
    return out


def candidate(account: Any, pk: int) -> Candidate:
    """A candidate that an account may review.

    :raises Http404: otherwise.
    """
    rows = Candidate.objects.select_related(
        "version__document__owner", "sentence", "deadline", "provision__parent__parent__parent"
    )
    return get_object_or_404(visible(rows, account, REVIEW, unit="version__document__owner"), pk=pk)


def commitments(account: Any, permission: str = VIEW) -> QuerySet[Commitment]:
    """The commitments that an account sees: those of the documents it sees.

    The documents stand in a subquery, so that counts and orders of many rows read an index alone.
    """
    seen = visible(Document.objects.all(), account, permission).order_by().values("pk")
    return Commitment.objects.select_related("document__owner").filter(document__in=seen)


def commitment(account: Any, pk: int, permission: str = VIEW) -> Commitment:
    """One of them.

    :raises Http404: otherwise.
    """
    rows = commitments(account, permission).select_related(
        "version", "checked_version", "confirmed_by", "changed_by"
    )
    return get_object_or_404(rows, pk=pk)


def lost(account: Any, document_: str = "") -> QuerySet[Commitment]:
    """Commitments whose words a new version changed or dropped, by document; of one document where asked."""
    rows = commitments(account, REVIEW).filter(state=CommitmentState.CONFIRMED)
    if document_.isdecimal():
        rows = rows.filter(document=number(document_))
    return (
        rows.exclude(anchor_state=AnchorState.VALID)
        .select_related("version", "checked_version")
        .order_by("-checked_version", "anchor_state", "start")
    )


def lineage(account: Any, c: Commitment) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What stands above and below a commitment: links that touch its place and that nobody rejected."""
    above, below = ties.around(account, c.version_id, c.start, c.end)
    return above, below


def history(c: Commitment) -> list[dict[str, Any]]:
    """What happened to a commitment and to the decisions it came of, from the audit; latest first."""
    decisions = [str(pk) for pk in c.origins.values_list("pk", flat=True)]
    rows = AuditEvent.objects.filter(
        Q(object_type="register.commitment", object_id=str(c.pk))
        | Q(object_type="register.decision", object_id__in=decisions)
    )
    events = list(rows.order_by("-id")[:200])
    accounts = Account.objects.filter(username__in={e.actor for e in events})
    names = {**dict(accounts.values_list("username", "name")), "system": _("系统")}
    return [
        {
            "event": e,
            "at": datetime.fromisoformat(e.at),
            "actor": names.get(e.actor, e.actor),
            "what": what_words(e),
            "fields": _fields(e),
        }
        for e in events
    ]


def what_words(event: AuditEvent) -> str:
    """What an event did, in words."""
    after = json.loads(event.after) if event.after else {}
    if event.object_type == "register.decision":
        return str(dict(Verdict.choices).get(after.get("verdict", ""), _("审核")))
    if not event.before:
        return _("确认登记")
    if after.get("state") == CommitmentState.WITHDRAWN:
        return _("撤销")
    if event.action == "register.anchors.follow":
        return _("随文件新版核对出处")
    return _("核对出处") if event.action == "register.anchor.settle" else _("修改")


def _fields(event: AuditEvent) -> list[tuple[str, Any, Any]]:
    before = json.loads(event.before) if event.before else {}
    after = json.loads(event.after) if event.after else {}
    if not before:
        return []
    shown = ("text", "type", "criterion", "deadline", "ongoing", "domain", "state", "anchor_state", "quote")
    out = []
    for name in (n for n in shown if n in after):
        field: Any = Commitment._meta.get_field(name)
        out.append((str(field.verbose_name), _said(field, before.get(name)), _said(field, after[name])))
    return out


def _said(field: Any, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field.name == "domain":
        return domain_name(value) if value else ""
    return str(dict(field.flatchoices or ()).get(value, value if value is not None else ""))
