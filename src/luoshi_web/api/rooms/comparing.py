"""Comparisons of two texts: links, coverage, gaps, what was judged about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Schema, Status
from pydantic import Field

from luoshi_web.api.base import Paged, Paging, Room, paged, revision, said
from luoshi_web.library import selectors as library
from luoshi_web.register import disposing, gaps, judging, lists, ties
from luoshi_web.register.models import GapDisposition
from luoshi_web.ui.pages import Request

room = Room("register")
VIEW = "library.view_document"
DIFFERENCE = "judge_difference"


class PairOut(Schema):
    """Two texts that were compared."""

    id: int
    upper: int = Field(alias="upper_id")
    lower: int = Field(alias="lower_id")
    upper_document: int
    lower_document: int
    links_count: int
    done_at: datetime | None = None

    @staticmethod
    def resolve_upper_document(c: Any) -> int:
        """The upper text's document."""
        return int(c.upper.document_id)

    @staticmethod
    def resolve_lower_document(c: Any) -> int:
        """The lower text's document."""
        return int(c.lower.document_id)


class JudgedOut(Schema):
    """What people decided about a link."""

    id: int
    key: str
    verdict: str
    why: str
    by: int = Field(alias="by_id")
    at: datetime
    difference: str
    difference_why: str
    suspect: bool
    by_hand: bool
    revision: int


class TieOut(Schema):
    """A link with both its ends; ``judged`` where somebody decided, ``machine`` where it was proposed."""

    key: str
    upper: tuple[int, int]
    lower: tuple[int, int]
    upper_text: str
    lower_text: str
    relation: str
    score: float | None
    change: str
    machine: bool
    judged: JudgedOut | None


class PairFilter(Schema):
    """Which pairs."""

    upper: int | None = None
    lower: int | None = None
    all: bool = False


@room("GET", "/comparisons", VIEW, response=Paged[PairOut])
def comparisons(request: Request, filters: Query[PairFilter], paging: Query[Paging]) -> Any:
    """已对照的文件。Pairs of documents that were compared; ``all``: also those without links."""
    rows = ties.comparisons(request.user)
    if filters.upper:
        rows = rows.filter(upper__document=filters.upper)
    if filters.lower:
        rows = rows.filter(lower__document=filters.lower)
    if not filters.all:
        rows = rows.filter(links_count__gt=0)
    return paged(rows.order_by("-links_count", "pk"), paging)


@room("GET", "/comparisons/{int:pk}", VIEW, response=PairOut)
def comparison(request: Request, pk: int) -> Any:
    """一对文件。One pair."""
    return ties.comparison(request.user, pk)


@room("GET", "/comparisons/{int:pk}/links", VIEW, response=list[TieOut])
def links(request: Request, pk: int) -> Any:
    """上下对照的关联。The links of a pair in the order of the lower text, with what was decided."""
    pair = ties.comparison(request.user, pk)
    return [
        {"key": t.key, "upper": t.upper, "lower": t.lower, "relation": t.relation, "score": t.score,
         "upper_text": pair.upper.text[slice(*t.upper)], "lower_text": pair.lower.text[slice(*t.lower)],
         "change": t.change or "", "machine": t.link is not None, "judged": t.judged}
        for t in ties.ties(pair)
    ]  # fmt: skip


class JudgeIn(Schema):
    """``confirmed``, ``rejected`` or ``open``; 0 is the revision of a link that nobody judged yet."""

    revision: int | None = None
    verdict: str
    reason: str = ""


class LinkIn(Schema):
    """A link drawn by hand: places in both texts."""

    upper: tuple[int, int]
    lower: tuple[int, int]
    relation: str
    difference: str = ""
    reason: str


@room("POST", "/comparisons/{int:pk}/links", judging.JUDGE, response={201: JudgedOut})
def add_link(request: Request, pk: int, data: LinkIn) -> Any:
    """添加关联。Draws a link that the machine did not propose."""
    return Status(201, judging.add(
        by=request.user, comparison=ties.comparison(request.user, pk), upper=data.upper, lower=data.lower,
        relation=data.relation, difference=data.difference, reason=data.reason,
    ))  # fmt: skip


@room("POST", "/comparisons/{int:pk}/links/{str:key}", judging.JUDGE, response=JudgedOut)
def judge_link(request: Request, pk: int, key: str, data: JudgeIn) -> Any:
    """确认或否定关联。Confirms or rejects a link."""
    return judging.judge(
        by=request.user, comparison=ties.comparison(request.user, pk), key=key, verdict=data.verdict,
        revision=revision(request, data.revision), reason=data.reason,
    )  # fmt: skip


@room("POST", "/comparisons/{int:pk}/links/{str:key}/difference", judging.JUDGE, response=JudgedOut)
def judge_difference(request: Request, pk: int, key: str, data: JudgeIn) -> Any:
    """研判表述差异。Says what a difference of wording or target is."""
    return judging.judge_difference(
        by=request.user, comparison=ties.comparison(request.user, pk), key=key, verdict=data.verdict,
        revision=revision(request, data.revision), reason=data.reason,
    )  # fmt: skip


class SuspectOut(JudgedOut):
    """A link of which an end changed."""

    upper_document: int = Field(alias="upper_document_id")
    lower_document: int = Field(alias="lower_document_id")
    upper_quote: str
    lower_quote: str
    upper_state: str
    lower_state: str


class SettleIn(Schema):
    """``confirm`` or ``withdraw``."""

    revision: int | None = None
    how: str
    reason: str = ""


@room("GET", "/suspects", VIEW, response=Paged[SuspectOut])
def suspects(request: Request, paging: Query[Paging]) -> Any:
    """存疑的关联。Judged links of which an end changed with a new version."""
    return paged(ties.judged(request.user).filter(suspect=True).order_by("-pk"), paging)


@room("POST", "/suspects/{int:pk}/settle", judging.JUDGE, response=JudgedOut)
def settle_suspect(request: Request, pk: int, data: SettleIn) -> Any:
    """核对存疑的关联。Says whether a suspect link still holds."""
    judged = get_object_or_404(ties.judged(request.user), pk=pk)
    return judging.settle(
        by=request.user, judged=judged, revision=revision(request, data.revision), how=data.how,
        reason=data.reason,
    )  # fmt: skip


class DispositionOut(Schema):
    """What was said about a gap."""

    id: int
    disposition: str
    why: str
    quote: str
    by: int = Field(alias="by_id")
    at: datetime
    withdrawn: bool
    state: str
    revision: int


class CellOut(Schema):
    """A requirement against one lower document."""

    comparison: int
    key: str
    status: str
    provisional: bool
    judged: bool
    disposition: DispositionOut | None


class RequirementOut(Schema):
    """A requirement of the upper document, against each lower one."""

    start: int
    end: int
    quote: str
    label: str
    cells: list[CellOut]

    @staticmethod
    def resolve_cells(r: Any) -> list[Any]:
        """In the order of the comparisons."""
        return list(r.cells.values())


@room("GET", "/documents/{int:pk}/coverage", VIEW, response=list[RequirementOut])
def coverage(request: Request, pk: int, lower: int | None = None) -> Any:
    """逐条对照表。The requirements of a document against those below it."""
    upper = library.document(request.user, pk)
    if upper.current is None:
        raise Http404
    return gaps.matrix(request.user, upper, lower).rows


class DisposeIn(Schema):
    """``arranged``, ``inapplicable``, ``elsewhere`` or ``to-add``; 0 is the revision of a gap without one."""

    revision: int | None = None
    disposition: str
    reason: str


class ReasonIn(Schema):
    """A write that needs a reason."""

    revision: int | None = None
    reason: str


@room("POST", "/comparisons/{int:pk}/gaps/{str:key}", disposing.DISPOSE, response={201: DispositionOut})
def dispose_gap(request: Request, pk: int, key: str, data: DisposeIn) -> Any:
    """缺口研判。Says what a gap is, and why."""
    pair = ties.comparison(request.user, pk)
    return Status(201, disposing.dispose(
        by=request.user, comparison=pair, coverage=get_object_or_404(pair.coverage, key=key),
        revision=revision(request, data.revision), disposition=data.disposition, reason=data.reason,
    ))  # fmt: skip


def _disposition(request: Request, pk: int) -> GapDisposition:
    rows = GapDisposition.objects.filter(lower_document__in=library.documents(request.user))
    return get_object_or_404(rows, pk=pk)


@room("POST", "/gaps/{int:pk}/take-back", disposing.DISPOSE, response=DispositionOut)
def take_back_disposition(request: Request, pk: int, data: ReasonIn) -> Any:
    """撤回缺口研判。Takes a disposition back; the gap waits again."""
    return disposing.take_back(
        by=request.user, disposition=_disposition(request, pk), reason=data.reason,
        revision=revision(request, data.revision),
    )  # fmt: skip


@room("POST", "/gaps/{int:pk}/settle", disposing.DISPOSE, response=DispositionOut)
def settle_disposition(request: Request, pk: int, data: SettleIn) -> Any:
    """核对缺口研判。Says whether a disposition still holds for a new version."""
    return disposing.settle(
        by=request.user, disposition=_disposition(request, pk), how=data.how, reason=data.reason,
        revision=revision(request, data.revision),
    )  # fmt: skip


class DifferenceOut(Schema):
    """A difference of wording or target."""

    key: str
    comparison: int
    change: str
    edits: str
    upper_document: int
    lower_document: int
    upper: str
    lower: str
    judged: JudgedOut | None


class DifferenceFilter(Schema):
    """Which differences."""

    upper: int | None = None
    lower: int | None = None
    change: str = ""
    verdict: str = ""


@room("GET", "/differences", VIEW, response=Paged[DifferenceOut])
def differences(request: Request, filters: Query[DifferenceFilter], paging: Query[Paging]) -> Any:
    """表述和指标差异。Differences of wording and target, to be judged."""
    out = paged(lists.differences(request.user, said(**filters.dict())), paging)
    out["items"] = [
        {"key": r["t"].key, "comparison": r["pair"].pk, "change": r["change"], "edits": r["edits"],
         "upper_document": r["upper_document"].pk, "lower_document": r["lower_document"].pk,
         "upper": r["upper"], "lower": r["lower"], "judged": r["judged"]}
        for r in lists.difference_rows(out["items"], request.user)
    ]  # fmt: skip
    return out


class UnsourcedOut(Schema):
    """A commitment that no document above explains; ``judged`` where somebody rejected what did."""

    id: int
    document: int
    version: int
    start: int
    end: int
    text: str
    label: str
    judged: bool


@room("GET", "/unsourced", VIEW, response=Paged[UnsourcedOut])
def unsourced(request: Request, paging: Query[Paging], lower: int | None = None) -> Any:
    """无上位来源的举措。Commitments of texts in force that no document above explains."""
    out = paged(lists.unsourced(request.user, said(lower=lower)), paging)
    out["items"] = [
        {"id": u.pk, "document": u.version.document_id, "version": u.version_id, "start": u.start,
         "end": u.end,
         "text": u.version.text[u.start : u.end], "label": label, "judged": u.judged}
        for u, label, _nearest in lists.unsourced_rows(out["items"], request.user)
    ]  # fmt: skip
    return out
