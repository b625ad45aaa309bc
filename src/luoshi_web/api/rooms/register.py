"""Review, commitments, their anchors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Schema, Status
from pydantic import Field

from luoshi_web.api.base import Done, Paged, Paging, Room, paged, revision, said, tag
from luoshi_web.api.rooms.library import CandidateOut, DocumentOut
from luoshi_web.audit.services import Refused
from luoshi_web.register import anchors, bulk, facets, ledger, selectors, services
from luoshi_web.register.models import Decision, SavedView
from luoshi_web.ui.pages import Request

room = Room("register")
VIEW, REVIEW = "register.view_commitment", "register.review_commitment"
DAY = r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"


class UnitIn(Schema):
    """A unit that answers for a commitment: ``lead``, ``responsible`` or ``support``."""

    name: str = Field(max_length=200)
    role: str = Field("responsible", pattern="^(lead|responsible|support)$")
    code: str | None = None


class FieldsIn(Schema):
    """What may be worded anew; what is left out stays."""

    text: str | None = None
    type: str | None = Field(None, pattern="^(quantitative|qualitative|project|institutional)$")
    criterion: str | None = None
    units: list[UnitIn] | None = None
    deadline: str | None = Field(None, pattern=DAY)
    deadline_explanation: str | None = Field(None, max_length=400)
    ongoing: bool | None = None
    domain: str | None = Field(None, max_length=40)


class CommitmentOut(Schema):
    """A confirmed commitment: its words, its source, who answers for it and until when."""

    id: int
    text: str
    quote: str
    type: str
    kind: str
    criterion: str
    units: list[Any]
    deadline: str
    deadline_quote: str
    deadline_explanation: str
    ongoing: bool
    targets: list[Any]
    places: list[Any]
    strength: int
    domain: str
    chapter: str
    place_label: str
    document: int = Field(alias="document_id")
    version: int = Field(alias="version_id")
    start: int
    end: int
    score: float
    state: str
    anchor_state: str
    confirmed_by: int = Field(alias="confirmed_by_id")
    confirmed_at: datetime
    revision: int


class CommitmentIn(FieldsIn):
    """A change of a commitment."""

    revision: int | None = None
    reason: str = ""


class ReasonIn(Schema):
    """A write that needs a reason."""

    revision: int | None = None
    reason: str


class DecisionOut(Schema):
    """What was decided about a candidate."""

    id: int
    verdict: str
    reason: str
    quote: str
    start: int
    end: int
    by: int = Field(alias="by_id")
    at: datetime
    revision: int
    commitments: list[int]

    @staticmethod
    def resolve_commitments(d: Any) -> list[int]:
        """The numbers of those that came of it."""
        return list(d.commitments.values_list("pk", flat=True))


class ItemOut(Schema):
    """A candidate in review; ``revision`` is what a decision about it must name."""

    candidate: CandidateOut
    score: float
    state: str
    revision: int
    decision: int | None = None

    @staticmethod
    def resolve_decision(item: Any) -> int | None:
        """The number of the decision."""
        return item.decision.pk if item.decision else None


class QueueOut(DocumentOut):
    """A document in review, with its counts."""

    counts: dict[str, int]


@room("GET", "/review", REVIEW, response=Paged[QueueOut])
def queue(request: Request, paging: Query[Paging], q: str = "", left: bool = False) -> Any:
    """待审核文件。Documents in review with counts; ``left``: only those with something undecided."""
    out = paged(selectors.queue(request.user, said(q=q, left="1" if left else "")), paging)
    counts = selectors.counts(out["items"])
    for d in out["items"]:
        d.counts = counts[d.pk]
    return out


@room("GET", "/documents/{int:pk}/candidates", REVIEW, response=list[ItemOut])
def candidates(request: Request, pk: int) -> Any:
    """一份文件的待审核条目。The candidates of the version in force with what was decided about them."""
    return selectors.items(selectors.document(request.user, pk).current)


class AcceptIn(FieldsIn):
    """Acceptance, with fields worded anew where given."""

    revision: int | None = None
    reason: str = ""


class SplitIn(Schema):
    """Several commitments of one candidate."""

    revision: int | None = None
    texts: list[str]
    reason: str = ""


class MergeIn(Schema):
    """One commitment of several candidates, each with the revision that was seen."""

    candidates: list[int]
    revisions: list[int]
    text: str
    reason: str = ""


class AboveIn(Schema):
    """The lowest score to be accepted."""

    minimum: float


def _fields(data: FieldsIn) -> dict[str, Any]:
    return {
        n: v for n, v in data.dict(exclude_unset=True).items()
        if v is not None and n not in ("revision", "reason")
    }  # fmt: skip


@room("POST", "/candidates/{int:pk}/accept", REVIEW, response={201: DecisionOut})
def accept(request: Request, pk: int, data: AcceptIn) -> Any:
    """采纳。Makes a candidate a commitment; fields that are given replace what was proposed."""
    return Status(201, services.accept(
        by=request.user, candidate=selectors.candidate(request.user, pk),
        revision=revision(request, data.revision), fields=_fields(data), reason=data.reason,
    ))  # fmt: skip


@room("POST", "/candidates/{int:pk}/split", REVIEW, response={201: DecisionOut})
def split(request: Request, pk: int, data: SplitIn) -> Any:
    """拆分采纳。Makes several commitments of a candidate."""
    return Status(201, services.split(
        by=request.user, candidate=selectors.candidate(request.user, pk),
        revision=revision(request, data.revision), texts=data.texts, reason=data.reason,
    ))  # fmt: skip


@room("POST", "/candidates/{int:pk}/reject", REVIEW, response={201: DecisionOut})
def reject(request: Request, pk: int, data: ReasonIn) -> Any:
    """不予登记。Says that a candidate is no commitment, and why."""
    return Status(201, services.reject(
        by=request.user, candidate=selectors.candidate(request.user, pk),
        revision=revision(request, data.revision), reason=data.reason,
    ))  # fmt: skip


@room("POST", "/candidates/{int:pk}/reopen", REVIEW, response=DecisionOut)
def reopen(request: Request, pk: int, data: ReasonIn) -> Any:
    """退回重审。Takes the decision about a candidate back."""
    c = selectors.candidate(request.user, pk)
    decision = get_object_or_404(Decision, version=c.version_id, key=c.key)
    return services.reopen(
        by=request.user, decision=decision, revision=revision(request, data.revision), reason=data.reason
    )


@room("POST", "/documents/{int:pk}/merge", REVIEW, response={201: CommitmentOut})
def merge(request: Request, pk: int, data: MergeIn) -> Any:
    """合并采纳。Makes one commitment of several candidates."""
    if len(data.candidates) != len(data.revisions):
        raise Refused(_("每个条目都要有修订号。"), "revisions")
    return Status(201, services.merge(
        by=request.user, document=selectors.document(request.user, pk), text=data.text, reason=data.reason,
        candidates=[selectors.candidate(request.user, c) for c in data.candidates], revisions=data.revisions,
    ))  # fmt: skip


@room("POST", "/documents/{int:pk}/accept-above", REVIEW, response=Done)
def accept_above(request: Request, pk: int, data: AboveIn) -> Any:
    """批量采纳。Accepts all undecided candidates that score at least ``minimum``."""
    it = selectors.document(request.user, pk)
    return {"count": services.accept_above(by=request.user, document=it, minimum=data.minimum)}


class LedgerFilter(Schema):
    """Which commitments: the ledger's facets."""

    q: str = ""
    document: str = ""
    chapter: str = ""
    node: str = ""
    unit: str = ""
    place: str = ""
    year: str = ""
    domain: str = ""
    link: str = ""
    type: str = ""
    state: str = ""
    sort: str = ""


@room("GET", "/commitments", VIEW, response=Paged[CommitmentOut])
def commitments(request: Request, filters: Query[LedgerFilter], paging: Query[Paging]) -> Any:
    """任务台账。The confirmed commitments, by the ledger's facets."""
    rows = ledger.ordered(ledger.filtered(request.user, said(**filters.dict())), filters.sort)
    return paged(ledger.Rows(rows), paging)


class FacetOut(Schema):
    """A facet with its commonest values: value, words, count."""

    name: str
    label: str
    chosen: str
    values: list[tuple[str, str, int]]


@room("GET", "/commitments/facets", VIEW, response=list[FacetOut])
def commitment_facets(request: Request, filters: Query[LedgerFilter]) -> Any:
    """台账的分类统计。The ledger's facets with their counts."""
    found = facets.facets(request.user, said(**filters.dict()))
    return [f | {"values": [(str(v), str(w), n) for v, w, n in f["values"]]} for f in found]


@room("GET", "/commitments/{int:pk}", VIEW, response=CommitmentOut)
def commitment(request: Request, response: HttpResponse, pk: int) -> Any:
    """一项任务。One commitment."""
    c = selectors.commitment(request.user, pk)
    tag(response, c)
    return c


@room("PATCH", "/commitments/{int:pk}", REVIEW, response=CommitmentOut)
def change_commitment(request: Request, response: HttpResponse, pk: int, data: CommitmentIn) -> Any:
    """修改任务。Words a commitment anew; the source's own words stay."""
    c = services.change_commitment(
        by=request.user, commitment=selectors.commitment(request.user, pk, REVIEW), fields=_fields(data),
        revision=revision(request, data.revision), reason=data.reason,
    )  # fmt: skip
    tag(response, c)
    return c


class ManyIn(Schema):
    """One change of several commitments, each with the revision that was seen; see ``bulk.CHANGES``."""

    items: list[tuple[int, int]] = Field(max_length=500)
    what: str = Field(pattern=f"^({'|'.join(bulk.CHANGES)})$")
    units: list[UnitIn] | None = None
    places: list[str] | None = None
    value: str = ""
    reason: str = ""


@room("POST", "/commitments/change-many", REVIEW, response=Done)
def change_commitments(request: Request, data: ManyIn) -> Any:
    """批量修改任务。One change of several commitments: all or none."""
    value: Any = data.value
    if data.what in ("units", "more-units"):
        value = [u.dict() for u in data.units or ()]
    elif data.what in ("more-places", "fewer-places"):
        value = data.places or []
    some = [selectors.commitment(request.user, pk, REVIEW) for pk, _seen in data.items]
    seen = [r for _pk, r in data.items]
    n = bulk.change_many(
        by=request.user, commitments=some, revisions=seen, what=data.what, value=value, reason=data.reason
    )
    return {"count": n}


@room("POST", "/commitments/{int:pk}/withdraw", REVIEW, response=CommitmentOut)
def withdraw_commitment(request: Request, pk: int, data: ReasonIn) -> Any:
    """撤销任务。Takes a commitment off the register."""
    return services.withdraw(
        by=request.user, commitment=selectors.commitment(request.user, pk, REVIEW),
        revision=revision(request, data.revision), reason=data.reason,
    )  # fmt: skip


class SettleIn(Schema):
    """Where a commitment stands in the new version; without a place: nowhere any more (失锚)."""

    revision: int | None = None
    start: int | None = Field(None, ge=0)
    end: int | None = Field(None, ge=0)
    text: str = ""
    reason: str = ""


@room("POST", "/commitments/{int:pk}/anchor", REVIEW, response=CommitmentOut)
def settle_anchor(request: Request, pk: int, data: SettleIn) -> Any:
    """出处核对。Says where a drifted or orphaned commitment stands now."""
    return anchors.settle(
        by=request.user, commitment=selectors.commitment(request.user, pk, REVIEW), start=data.start,
        end=data.end, text=data.text, reason=data.reason, revision=revision(request, data.revision),
    )  # fmt: skip


class LostOut(CommitmentOut):
    """A commitment whose words a new version changed or dropped, with what was found there."""

    checked_version: int = Field(alias="checked_version_id")
    found_start: int | None = None
    found_end: int | None = None
    found_quote: str
    found_score: float | None = None


@room("GET", "/anchors", REVIEW, response=Paged[LostOut])
def lost_anchors(request: Request, paging: Query[Paging]) -> Any:
    """待核对的出处。Commitments whose words a new version changed (drifted) or dropped (orphaned)."""
    return paged(selectors.lost(request.user), paging)


@room("GET", "/commitments/{int:pk}/history", VIEW, response=list[dict[str, Any]])
def commitment_history(request: Request, pk: int) -> Any:
    """任务的经过。What happened to a commitment, latest first."""
    c = selectors.commitment(request.user, pk)
    return [
        {"event": h["event"].pk, "at": h["event"].at, "actor": h["actor"], "what": h["what"],
         "reason": h["event"].reason, "fields": [[str(n), b, a] for n, b, a in h["fields"]]}
        for h in selectors.history(c)
    ]  # fmt: skip


@room("GET", "/commitments/{int:pk}/lineage", VIEW, response=dict[str, list[dict[str, Any]]])
def commitment_lineage(request: Request, pk: int) -> Any:
    """上下来源。What stands above and below a commitment, by the machine's links."""
    above, below = selectors.lineage(request.user, selectors.commitment(request.user, pk))

    def told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {"version": r["version"].pk, "document": r["version"].document_id, "start": r["start"],
             "text": r["text"], "relation": r["link"].relation, "score": r["link"].score,
             "key": r["link"].key}
            for r in rows
        ]  # fmt: skip

    return {"above": told(above), "below": told(below)}


class ViewIn(Schema):
    """Filters to be kept under a name."""

    name: str = Field(min_length=1, max_length=60)
    query: str = Field("", max_length=2000)


class ViewOut(ViewIn):
    """Kept filters."""

    id: int


@room("GET", "/views", VIEW, response=list[ViewOut])
def saved_views(request: Request) -> Any:
    """常用筛选。One's own saved filters of the ledger."""
    return SavedView.objects.filter(account=request.user.pk).order_by("name")


@room("POST", "/views", VIEW, response={201: ViewOut})
def save_view(request: Request, data: ViewIn) -> Any:
    """保存筛选。Keeps filters under a name; the same name again replaces them."""
    return Status(201, services.save_view(by=request.user, name=data.name, query=data.query))


@room("DELETE", "/views/{str:name}", VIEW, response=Done)
def drop_view(request: Request, name: str) -> Any:
    """删除筛选。Forgets saved filters."""
    services.drop_view(by=request.user, name=name)
    return {}
