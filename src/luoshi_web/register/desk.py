"""What the register puts on a desk: documents to review, sources that moved, gaps, links that changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi_web.library.models import Coverage
from luoshi_web.organisation.access import visible
from luoshi_web.register import ledger, selectors, ties
from luoshi_web.register.disposing import GAPS
from luoshi_web.register.models import AnchorState, CommitmentState, GapDisposition
from luoshi_web.ui.desk import Task

JUDGE, DISPOSE = "register.judge_link", "register.dispose_gap"
MOST = 8
"""Documents of a kind that a desk names; the others stand in one line."""


def tasks(account: Any) -> Iterator[Task]:
    """All of them for an account."""
    if account.has_perm(selectors.REVIEW):
        yield from _anchors(account)
        yield from _review(account)
    if account.has_perm(JUDGE):
        yield from _suspects(account)
    if account.has_perm(DISPOSE):
        yield from _gaps(account)
    if account.has_perm(selectors.VIEW):
        yield from _due(account)


def _anchors(account: Any) -> Iterator[Task]:
    """Drifted and orphaned sources, by document."""
    rows = selectors.commitments(account, selectors.REVIEW).filter(state=CommitmentState.CONFIRMED)
    moved = rows.exclude(anchor_state=AnchorState.VALID).order_by()
    by = moved.values("document", "document__title").annotate(
        drifted=Count("pk", filter=Q(anchor_state=AnchorState.DRIFTED)), n=Count("pk")
    )
    for r in by.order_by("-n")[:MOST]:
        note = _("漂移 %(a)d 条，失锚 %(b)d 条") % {"a": r["drifted"], "b": r["n"] - r["drifted"]}
        url = reverse("register:anchors") + f"?document={r['document']}"
        yield Task(_("核对出处"), r["document__title"], url, note, sign="red")


def _review(account: Any) -> Iterator[Task]:
    """Documents with candidates that nobody decided about."""
    rows = selectors.queue(account, {"left": "1"})
    some = list(rows[:MOST])
    found = selectors.counts(some)
    for d in some:
        n = found[d.pk]
        note = _("待审核 %(n)d 条，共 %(all)d 条") % {"n": n["pending"], "all": n["all"]}
        yield Task(_("审核"), d.title, reverse("register:review", args=[d.pk]), note)
    if len(some) == MOST and (more := rows.count() - MOST) > 0:
        url = reverse("register:queue") + "?left=1"
        yield Task(_("审核"), _("其他文件"), url, _("另有 %d 份文件未审完") % more)


def _gaps(account: Any) -> Iterator[Task]:
    """Requirements that a lower document of ours does not answer and of which nobody said why."""
    said = GapDisposition.objects.filter(
        upper_version=OuterRef("comparison__upper"), withdrawn=False, start=OuterRef("start"),
        lower_document=OuterRef("comparison__lower__document"), end=OuterRef("end"),
    )  # fmt: skip
    pairs = visible(ties.comparisons(account), account, DISPOSE, unit="lower__document__owner").order_by()
    rows = Coverage.objects.filter(
        ~Exists(said), status__in=GAPS, comparison__in=pairs.order_by().values("pk")
    )
    upper = "comparison__upper__document"
    for r in rows.order_by().values(upper, f"{upper}__title").annotate(n=Count("pk")).order_by("-n")[:MOST]:
        url = reverse("register:gaps") + f"?upper={r[upper]}"
        yield Task(_("研判缺口"), r[f"{upper}__title"], url, _("%d 项要求尚无研判意见") % r["n"])


def _suspects(account: Any) -> Iterator[Task]:
    """Judged links of which one end changed."""
    mine = visible(ties.judged(account), account, JUDGE, unit="lower_document__owner")
    suspects = mine.filter(suspect=True).count()
    if suspects:
        url = reverse("register:suspects")
        yield Task(_("复核对应"), _("上下对照"), url, _("%d 条对应的一端已有变化") % suspects, sign="red")


def _due(account: Any) -> Iterator[Task]:
    """Confirmed commitments whose last day is near; what delivery makes of them stands on its own lines."""
    near = ledger.filtered(account, {"due": "soon"}).order_by("deadline", "pk")
    if n := near.count():
        first = near.values_list("deadline", flat=True)[0]
        url = reverse("register:commitments") + "?due=soon&sort=deadline"
        yield Task(_("到期提醒"), _("任务台账"), url, _("30 日内到期 %d 条") % n, until=first)
