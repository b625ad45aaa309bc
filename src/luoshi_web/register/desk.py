"""What the register puts on a desk: documents to review, sources that moved, gaps, links that changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi_web.organisation.access import visible
from luoshi_web.register import due, gaps, ledger, lists, selectors, ties
from luoshi_web.register.models import AnchorState, Commitment, CommitmentState
from luoshi_web.ui.desk import Figure, Task, Term

JUDGE, DISPOSE = "register.judge_link", "register.dispose_gap"
MOST = 8
"""Documents of a kind that a desk names; the others stand in one line."""
NEAREST = 3
"""Rows that a desk names whose last day is near."""


def tasks(account: Any) -> Iterator[Task]:
    """All of them for an account."""
    if account.has_perm(selectors.REVIEW):
        yield from _anchors(account)
        yield from _review(account)
    if account.has_perm(JUDGE):
        yield from _suspects(account)
        yield from _differences(account)
    if account.has_perm(DISPOSE):
        yield from _gaps(account)


def figures(account: Any) -> Iterator[Figure]:
    """How much waits, over all documents."""
    if account.has_perm(selectors.REVIEW):
        url = reverse("register:queue") + "?left=1"
        yield Figure(_("条举措待审核"), selectors.waiting(account), url)
        moved = selectors.lost(account).order_by().count()
        yield Figure(_("处出处待核对"), moved, reverse("register:anchors"), "red")
    if account.has_perm(JUDGE):
        yield Figure(_("条存疑关联"), _suspect(account).count(), reverse("register:suspects"), "red")
        url = reverse("register:differences") + "?verdict=none"
        yield Figure(_("处表述差异待研判"), len(_unjudged(account)), url)
    if account.has_perm(DISPOSE):
        by = gaps.waiting(account, DISPOSE)
        url = reverse("register:gaps") + f"?upper={next(iter(by))}&said=none" if len(by) == 1 else "#gaps"
        yield Figure(_("项缺口待研判"), sum(n for _title, n in by.values()), url)


def terms(account: Any) -> Iterator[Term]:
    """Confirmed commitments whose last day is past or near; for a unit's officer the division says it."""
    if not account.has_perm(selectors.VIEW) or account.has_perm("delivery.report_progress"):
        return
    url = reverse("register:commitments")
    near = ledger.filtered(account, {"due": "soon"}).order_by("deadline", "pk")
    past = ledger.filtered(account, {"due": "overdue"}).order_by("-deadline", "pk")
    shown = list(near[:NEAREST]) or list(past[:NEAREST])
    rows = tuple(
        (c.text, reverse("register:commitment", args=[c.pk]), _units(c), c.deadline, due.spoken(c.deadline))
        for c in shown
    )
    by = "sort=deadline"
    yield Term(
        _("任务台账"), past.count(), f"{url}?due=overdue&{by}", near.count(), f"{url}?due=soon&{by}", rows
    )


def _units(c: Commitment) -> str:
    return "、".join(u["name"] for u in c.units)


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
    by = sorted(gaps.waiting(account, DISPOSE).items(), key=lambda x: (-x[1][1], x[0]))
    for pk, (title, n) in by[:MOST]:
        url = reverse("register:gaps") + f"?upper={pk}&said=none"
        place = "gaps" if pk == by[0][0] else ""
        yield Task(_("研判缺口"), title, url, _("%d 项要求尚无研判意见") % n, place=place)


def _suspect(account: Any) -> Any:
    mine = visible(ties.judged(account), account, JUDGE, unit="lower_document__owner")
    return mine.filter(suspect=True)


def _suspects(account: Any) -> Iterator[Task]:
    """Judged links of which one end changed."""
    if n := _suspect(account).count():
        url = reverse("register:suspects")
        yield Task(_("复核关联"), _("存疑关联"), url, _("%d 条关联的一端已有变化") % n, sign="red")


def _unjudged(account: Any) -> lists.Both:
    return lists.differences(account, {"verdict": "none"})


def _differences(account: Any) -> Iterator[Task]:
    """Differences of wording and target that nobody judged."""
    if n := len(_unjudged(account)):
        url = reverse("register:differences") + "?verdict=none"
        yield Task(_("研判差异"), _("表述差异"), url, _("%d 处尚无研判意见") % n)
