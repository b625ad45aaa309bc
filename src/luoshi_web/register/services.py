"""Writes to the register: decisions about candidates, and the commitments that come of them.

Every decision names the revision of what its author saw (0 where nothing was decided yet), so that of two
who decide at once the second is told, and by whom he was overtaken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Conflict, Refused, change, record, service, snapshot, unchanged
from luoshi_web.library import services as library
from luoshi_web.library.models import Candidate, Document
from luoshi_web.register import drafting, saved, scoring
from luoshi_web.register.models import Commitment, CommitmentState, Decision, SavedView, Verdict

REVIEW = "register.review_commitment"
EDITABLE = frozenset(
    {"text", "type", "criterion", "units", "deadline", "deadline_explanation", "ongoing", "domain"}
)
TABLE = "register:commitments"
"""The table whose saved filters these are."""
MOST = 12
"""Parts of a split, candidates of a merge, at most."""


@service("register.candidate.accept", permission=REVIEW, on="candidate")
def accept(
    *, by: Any, candidate: Candidate, revision: int, fields: dict[str, Any] | None = None, reason: str = ""
) -> Decision:
    """Makes a candidate a commitment, as it stands or with some fields worded anew."""
    drafted = drafting.draft(candidate)
    wanted = _checked(fields or {})
    edited = {n: v for n, v in wanted.items() if v != drafted[n]}
    verdict = Verdict.EDITED if edited else Verdict.ACCEPTED
    decision = _decide(by, candidate, revision, verdict, reason)
    _commitment(by, candidate, {**drafted, **wanted}, [decision])
    return decision


@service("register.candidate.split", permission=REVIEW, on="candidate")
def split(
    *, by: Any, candidate: Candidate, revision: int, texts: Sequence[str], reason: str = ""
) -> Decision:
    """Makes several commitments of one candidate; a part that stands in the quote gets its own place."""
    parts = [t.strip() for t in texts if t.strip()]
    if not 2 <= len(parts) <= MOST:
        raise Refused(_("请把内容分成 2 至 %d 条，每行一条。") % MOST, "texts")
    decision = _decide(by, candidate, revision, Verdict.SPLIT, reason)
    drafted = drafting.draft(candidate)
    for part in parts:
        _commitment(by, candidate, {**drafted, **drafting.part(candidate, drafted, part)}, [decision])
    return decision


@service("register.candidate.merge", permission=REVIEW, on="document")
def merge(
    *,
    by: Any,
    document: Document,
    candidates: Sequence[Candidate],
    revisions: Sequence[int],
    text: str,
    reason: str = "",
) -> Commitment:
    """Makes one commitment of several candidates of one version; it stands at the first one's place."""
    if not 2 <= len(candidates) <= MOST:
        raise Refused(_("请选择 2 至 %d 条合并。") % MOST)
    if {c.version_id for c in candidates} != {document.current_id}:
        raise Refused(_("只能合并同一文件现行版本中的条目。"))
    if not text.strip():
        raise Refused(_("请填写合并后的任务事项。"), "text")
    pairs = sorted(zip(candidates, revisions, strict=True), key=lambda p: (p[0].start, p[0].pk))
    decisions = [_decide(by, c, r, Verdict.MERGED, reason) for c, r in pairs]
    ordered = [c for c, _r in pairs]
    return _commitment(by, ordered[0], {**drafting.merged(ordered), "text": text.strip()}, decisions)


@service("register.candidate.reject", permission=REVIEW, on="candidate")
def reject(*, by: Any, candidate: Candidate, revision: int, reason: str) -> Decision:
    """Says that a candidate is no commitment, and why."""
    if not reason.strip():
        raise Refused(_("请填写不予登记的理由。"), "reason")
    return _decide(by, candidate, revision, Verdict.REJECTED, reason.strip())


@service("register.decision.reopen", permission=REVIEW, on="decision")
def reopen(*, by: Any, decision: Decision, revision: int, reason: str) -> Decision:
    """Takes a decision back: its commitments are withdrawn, its candidates wait for review again."""
    if not reason.strip():
        raise Refused(_("请填写退回重审的理由。"), "reason")
    if decision.verdict == Verdict.REOPENED:
        raise Conflict(decision)
    if decision.revision != revision:
        raise Conflict(decision)
    commitments = list(decision.commitments.filter(state=CommitmentState.CONFIRMED))
    for c in commitments:
        change(c, state=CommitmentState.WITHDRAWN, changed_by=by, reason=reason)
    others = Decision.objects.filter(commitments__in=commitments).exclude(verdict=Verdict.REOPENED).distinct()
    for d in [decision, *others.exclude(pk=decision.pk)]:
        change(d, verdict=Verdict.REOPENED, reason=reason, by=by, at=timezone.now(), also={"reason": reason})
    return decision


@service("register.candidate.accept-above", permission=REVIEW, on="document")
def accept_above(*, by: Any, document: Document, minimum: float) -> int:
    """Accepts all undecided candidates of the current version that score at least ``minimum``; how many."""
    from luoshi_web.register import selectors

    if not 0.5 <= minimum <= 1:
        raise Refused(_("批量采纳的齐备度下限须在 50 至 100 之间。"), "minimum")
    items = [i for i in selectors.items(document.current) if i.state == "pending" and i.score >= minimum]
    why = _("齐备度不低于 %d") % round(minimum * 100)
    for item in items:
        accept(by=by, candidate=item.candidate, revision=item.revision, reason=why)
    if items:
        record(document, after={"minimum": minimum, "accepted": len(items)})
    else:
        unchanged()
    return len(items)


@service("register.commitment.change", permission=REVIEW, on="commitment")
def change_commitment(
    *, by: Any, commitment: Commitment, revision: int, fields: dict[str, Any], reason: str = ""
) -> Commitment:
    """Words a commitment anew; the source's own words stay."""
    if commitment.state != CommitmentState.CONFIRMED:
        raise Refused(_("已撤销的任务不能修改。"))
    wanted = _checked(fields)
    if commitment.revision == revision and all(getattr(commitment, n) == v for n, v in wanted.items()):
        unchanged()
        return commitment
    changed = change(commitment, revision=revision, reason=reason, changed_by=by, **wanted)
    drafting.tag([changed])
    return changed


@service("register.commitment.withdraw", permission=REVIEW, on="commitment")
def withdraw(*, by: Any, commitment: Commitment, revision: int, reason: str) -> Commitment:
    """Takes a commitment off the register; it stays readable, with the reason."""
    if not reason.strip():
        raise Refused(_("请填写撤销的理由。"), "reason")
    return change(
        commitment, revision=revision, state=CommitmentState.WITHDRAWN, changed_by=by, reason=reason.strip()
    )


@service("register.view.save", permission="register.view_commitment")
def save_view(*, by: Any, name: str, query: str) -> SavedView:
    """Keeps a table's filters under a name; the same name again replaces them."""
    return saved.keep(by, TABLE, name, query)


@service("register.view.drop", permission="register.view_commitment")
def drop_view(*, by: Any, name: str) -> None:
    """Forgets one's own saved filters."""
    saved.forget(by, TABLE, name)


def _decide(by: Any, candidate: Candidate, revision: int, verdict: str, reason: str) -> Decision:
    """Writes who decided what about a candidate, unless somebody was faster."""
    document = library.held(candidate.version.document_id)
    if document.withdrawn:
        raise Refused(_("文件已撤下，不能审核。"))
    if document.current_id != candidate.version_id:
        raise Refused(_("文件已有新版，请在现行版本上审核。"))
    known = Decision.objects.filter(version=candidate.version_id, key=candidate.key).first()
    if known is not None:
        if known.revision != revision or known.verdict != Verdict.REOPENED:
            raise Conflict(known)
        return change(
            known, revision=revision, verdict=verdict, reason=reason, by=by, at=timezone.now(),
            also={"reason": reason},
        )  # fmt: skip
    if revision:
        raise Refused(_("页面已过期，请刷新后再审核。"))
    decision = Decision(
        document=document, version=candidate.version, verdict=verdict, reason=reason, by=by,
        original=drafting.original(candidate), score=scoring.score(candidate), **drafting.anchor(candidate),
    )  # fmt: skip
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError:
        faster = Decision.objects.filter(version=candidate.version_id, key=candidate.key).first()
        if faster is None:
            raise
        raise Conflict(faster) from None
    record(
        decision, after={"verdict": verdict, "quote": decision.quote, "score": decision.score}, reason=reason
    )
    return decision


def _commitment(
    by: Any, candidate: Candidate, values: dict[str, Any], decisions: Sequence[Decision]
) -> Commitment:
    """Saves a commitment with its origins and tags."""
    made = Commitment(
        document=candidate.version.document, version=candidate.version, checked_version=candidate.version,
        confirmed_by=by, **values,
    )  # fmt: skip
    made.save(force_insert=True)
    made.origins.set(decisions)
    drafting.tag([made])
    record(made, after={**snapshot(made), "origins": [d.pk for d in decisions]})
    return made


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    """Only what may be edited, and a text that says something."""
    if strange := set(fields) - EDITABLE:
        raise Refused(_("不能修改：%s。") % ", ".join(sorted(strange)))
    if "text" in fields and not fields["text"].strip():
        raise Refused(_("任务事项不能为空。"), "text")
    return fields
