"""Writes to divisions: drafted, sent up, approved, issued, opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused, change, created, record, service
from luoshi_web.delivery import checks, printing, selectors, standing, writing
from luoshi_web.delivery.models import Division, DivisionState, Edition, Lifecycle, WorkItem
from luoshi_web.delivery.selectors import APPROVE, DRAFT
from luoshi_web.library.models.documents import Audience
from luoshi_web.organisation.models import Unit
from luoshi_web.register import saved
from luoshi_web.register.models import SavedView

TABLE = "delivery:items"


@service("delivery.division.add", permission=DRAFT, on="owner")
def add_division(
    *, by: Any, owner: Unit, title: str, note: str = "", reach: str = Audience.BELOW
) -> Division:
    """A new division, empty, in its first round."""
    if not title.strip():
        raise Refused(_("请填写分工方案的标题。"), "title")
    division = created(
        Division(owner=owner, title=title.strip()[:300], note=note.strip(), reach=reach, drafted_by=by)
    )
    Edition.objects.create(division=division, number=1, opened_by=by)
    return division


@service("delivery.division.change", permission=DRAFT, on="division")
def change_division(*, by: Any, division: Division, revision: int, fields: dict[str, Any]) -> Division:
    """Words title and note anew."""
    if not division.open:
        raise Refused(_("分工方案正在%s，不能修改。") % division.get_state_display())
    if set(fields) - {"title", "note", "reach"}:
        raise Refused(_("不能修改：%s。") % ", ".join(sorted(set(fields))))
    if "title" in fields and not fields["title"].strip():
        raise Refused(_("请填写分工方案的标题。"), "title")
    return change(division, revision=revision, changed_by=by, **fields)


@service("delivery.division.submit", permission=DRAFT, on="division")
def submit(*, by: Any, division: Division, revision: int) -> Division:
    """Sends a division up for approval, once nothing is lacking."""
    writing.hold(division)
    if not division.open:
        raise Refused(_("分工方案正在%s，不能送审。") % division.get_state_display())
    found = checks.of(division)
    if not found.clear:
        raise Refused(_("还不能送审：%s。") % "；".join(_words(found)))
    _current(division, submitted_by=by, submitted_at=timezone.now(), returned="")
    _items(division, Lifecycle.DRAFT, state=Lifecycle.PROPOSED)
    return change(division, revision=revision, state=DivisionState.SUBMITTED, changed_by=by)


def _words(found: checks.Checklist) -> list[str]:
    out = []
    if found.empty:
        out.append(_("方案中还没有任务"))
    if found.items:
        out.append(_("%d 条任务要素不全") % len(found.items))
    if found.opinions:
        out.append(_("%d 条反馈意见待处理") % len(found.opinions))
    if found.undone:
        out.append(_("%d 条意见已采纳但任务未改动") % len(found.undone))
    if found.unsigned:
        out.append(_("尚未会签：%s") % "、".join(found.unsigned))
    return out


@service("delivery.division.approve", permission=APPROVE, on="division")
def approve(*, by: Any, division: Division, revision: int, approver: str, opinion: str) -> Division:
    """Records the leader's approval; whoever sent the division up does not approve it."""
    edition = _decidable(by, division)
    if not approver.strip():
        raise Refused(_("请填写审定领导。"), "approver")
    _current(
        division, edition, approver=approver.strip(), approval=opinion.strip(), approved_by=by,
        approved_at=timezone.now(),
    )  # fmt: skip
    return change(division, revision=revision, state=DivisionState.APPROVED, changed_by=by)


@service("delivery.division.send-back", permission=APPROVE, on="division")
def send_back(*, by: Any, division: Division, revision: int, opinion: str) -> Division:
    """Gives a division back to its drafter, with what is to be changed."""
    edition = _decidable(by, division)
    if not opinion.strip():
        raise Refused(_("请填写退回意见。"), "opinion")
    _current(division, edition, returned=opinion.strip())
    _items(division, Lifecycle.PROPOSED, state=Lifecycle.DRAFT)
    return change(
        division, revision=revision, state=DivisionState.DRAFT, changed_by=by, reason=opinion.strip()
    )


def _decidable(by: Any, division: Division) -> Edition:
    if division.state != DivisionState.SUBMITTED:
        raise Refused(_("分工方案没有送审。"))
    edition = division.editions.get(number=division.round)
    if edition.submitted_by_id == getattr(by, "pk", None):
        raise Refused(_("不能审定自己送审的方案。"))
    return edition


@service("delivery.division.issue", permission=APPROVE, on="division")
def issue(*, by: Any, division: Division, revision: int, number: str, day: date) -> Division:
    """Issues an approved division: its items are established and locked, and seen by those below."""
    if division.state != DivisionState.APPROVED:
        raise Refused(_("方案审定后才能印发。"))
    rows = printing.snapshot(division)
    _current(
        division, issued_at=timezone.now(), issued_by=by, number_issued=number.strip(), rows=rows
    )  # fmt: skip
    live = division.items.exclude(state=Lifecycle.CANCELLED)
    live.update(state=Lifecycle.ESTABLISHED, audience=division.reach)
    live.filter(established_in=0).update(established_in=division.round)
    standing.keep(division.editions.get(number=division.round), selectors.rows(division))
    return change(
        division,
        revision=revision,
        state=DivisionState.ISSUED,
        audience=division.reach,
        number=number.strip(),
        issued_on=day,
        changed_by=by,
    )


@service("delivery.division.revise", permission=DRAFT, on="division")
def revise(*, by: Any, division: Division, revision: int, reason: str) -> Division:
    """Opens an issued division again, in a new round with a reason; the issued rows are kept as they were."""
    if division.state != DivisionState.ISSUED:
        raise Refused(_("只有已印发的方案需要开启新一轮。"))
    if not reason.strip():
        raise Refused(_("请填写调整理由。"), "reason")
    changed = change(
        division, revision=revision, state=DivisionState.DRAFT, round=division.round + 1, changed_by=by,
        reason=reason.strip(),
    )  # fmt: skip
    Edition.objects.create(division=division, number=changed.round, opened_by=by, reason=reason.strip())
    return changed


def _current(division: Division, edition: Edition | None = None, **fields: Any) -> None:
    """Writes to the current round; the rows as issued are too many for the audit, which gets their number."""
    edition = edition or division.editions.get(number=division.round)
    for name, value in fields.items():
        setattr(edition, name, value)
    edition.revision += 1
    edition.save(update_fields=[*fields, "revision", "changed_at"])
    told = {n: (len(v) if n == "rows" else v) for n, v in fields.items()}
    record(edition, after=told)


def _items(division: Division, old: str, **fields: Any) -> None:
    n = division.items.filter(state=old).update(**fields)
    record(division, after={"items": n, **fields}, action="delivery.items.state")


# --- saved views of the table ------------------------------------------------------------


@service("delivery.view.save", permission=selectors.VIEW)
def save_view(*, by: Any, name: str, query: str) -> SavedView:
    """Keeps the table's filters under a name; the same name again replaces them."""
    return saved.keep(by, TABLE, name, query)


@service("delivery.view.drop", permission=selectors.VIEW)
def drop_view(*, by: Any, name: str) -> None:
    """Forgets one's own saved filters."""
    saved.forget(by, TABLE, name)


def differences(division: Division) -> list[dict[str, Any]]:
    """What the round at hand changes of the rows last issued: added, dropped, changed."""
    last = division.editions.filter(issued_at__isnull=False).order_by("-number").first()
    if last is None or (division.state == DivisionState.ISSUED and last.number == division.round):
        return []
    old = {r["code"]: r for r in last.rows}
    new = {r["code"]: r for r in printing.snapshot(division)}
    out: list[dict[str, Any]] = []
    for key, row in new.items():
        if key not in old:
            out.append({"kind": "added", "code": key, "text": row["task"], "fields": []})
            continue
        fields = [
            (printing.label(n), old[key].get(n, ""), row[n])
            for n in printing.FIELDS
            if n not in ("number", "code") and row[n] != old[key].get(n, "")
        ]
        if fields:
            out.append({"kind": "changed", "code": key, "text": row["task"], "fields": fields})
    out += [
        {"kind": "dropped", "code": k, "text": r["task"], "fields": []}
        for k, r in old.items()
        if k not in new
    ]
    return out


__all__ = ["WorkItem", "add_division", "approve", "change_division", "issue", "revise", "send_back", "submit"]
