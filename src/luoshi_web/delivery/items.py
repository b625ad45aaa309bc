"""Writes to work items: made of commitments or entered by hand, merged, reworded, given to units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused, record, service, unchanged
from luoshi_web.delivery import leaders, writing
from luoshi_web.delivery.models import Basis, Division, Lifecycle, Origin, Source, WorkItem
from luoshi_web.delivery.selectors import DRAFT
from luoshi_web.delivery.writing import Wanted
from luoshi_web.library.models.documents import Audience
from luoshi_web.organisation.models import Unit
from luoshi_web.register.models import Commitment, CommitmentState

EDITABLE = frozenset(
    {
        "chapter",
        "text",
        "criterion",
        "leader",
        "leader_person_id",
        "deadline",
        "deadline_note",
        "ongoing",
        "milestone",
        "review_on",
        "domain",
        "position",
        "origin_title",
        "origin_number",
        "origin_date",
        "origin_quote",
    }
)
_CLOSED = re.compile(r"(?<=[、）.．]) +")
"""A blank after a label that ends by itself (一、 行动目标)."""
MOST = 500
"""Rows of one action at most."""


@service("delivery.items.compose", permission=DRAFT, on="division")
def compose(
    *, by: Any, division: Division, commitments: Sequence[Commitment], merge: bool = False, text: str = ""
) -> list[WorkItem]:
    """Makes work items of confirmed commitments: one of each, or one of all; sources stay attached.

    Units are not taken over: they are proposals until somebody takes them.
    """
    _open(division)
    if not 1 <= len(commitments) <= MOST:
        raise Refused(_("请选择 1 至 %d 条任务举措。") % MOST)
    if any(c.state != CommitmentState.CONFIRMED for c in commitments):
        raise Refused(_("所选条目中有已撤销的任务举措，请刷新后重选。"))
    groups = [list(commitments)] if merge else [[c] for c in commitments]
    at = writing.next_position(division)
    made = []
    for n, group in enumerate(groups):
        made.append(_made_of(by, division, group, at + 10 * n, text if merge else ""))
    writing.tag(made)
    return made


def _made_of(by: Any, division: Division, group: list[Commitment], position: int, text: str) -> WorkItem:
    first = group[0]
    last = max(group, key=lambda c: c.deadline)
    item = WorkItem(
        code=writing.code(), owner=division.owner, audience=Audience.OWN, division=division,
        position=position, chapter=_CLOSED.sub("", first.chapter),
        text=text.strip() or "；".join(c.text.rstrip("。；") for c in group),
        criterion="；".join(dict.fromkeys(c.criterion for c in group if c.criterion)),
        deadline=last.deadline, deadline_note=last.deadline_quote or last.deadline_explanation,
        ongoing=any(c.ongoing for c in group), domain=first.domain, origin=Origin.DOCUMENT,
        origin_title=first.document.title[:300], origin_number=first.document.number, made_by=by,
    )  # fmt: skip
    writing.add(item, commitments=[c.pk for c in group])
    Source.objects.bulk_create(
        Source(item=item, commitment=c, position=n) for n, c in enumerate(dict.fromkeys(group))
    )
    return item


@service("delivery.item.add", permission=DRAFT, on="owner")
def add_item(
    *, by: Any, owner: Unit, division: Division | None, fields: dict[str, Any], wanted: Sequence[Wanted] = ()
) -> WorkItem:
    """An item that goes back to no document: a leader's instruction, a meeting, a proposal."""
    if division is not None:
        _open(division)
        if division.owner_id != owner.pk:
            raise Refused(_("任务与分工方案须属于同一单位。"))
    if fields.get("origin") not in (Origin.INSTRUCTION, Origin.MEETING, Origin.PROPOSAL):
        raise Refused(_("请选择来源。"), "origin")
    if not fields.get("origin_title", "").strip():
        raise Refused(_("请填写来源名称，如批示、会议纪要或建议提案的名称。"), "origin_title")
    _checked({n: v for n, v in fields.items() if n != "origin"})
    item = WorkItem(
        code=writing.code(),
        owner=owner,
        audience=Audience.OWN,
        division=division,
        position=writing.next_position(division),
        made_by=by,
    )
    for name, value in leaders.settled(item, fields).items():
        setattr(item, name, value)
    return writing.add(item, wanted)


@service("delivery.item.change", permission=DRAFT, on="item")
def change_item(
    *,
    by: Any,
    item: WorkItem,
    revision: int,
    fields: dict[str, Any],
    wanted: Sequence[Wanted] | None = None,
    reason: str = "",
) -> WorkItem:
    """Words an item anew or gives it to other units; the sources keep their words."""
    return writing.save(item, by=by, revision=revision, fields=_checked(fields), wanted=wanted, reason=reason)


@service("delivery.item.take-proposal", permission=DRAFT, on="item")
def take(*, by: Any, item: WorkItem, revision: int, wanted: Sequence[Wanted], chosen: str) -> WorkItem:
    """Takes a proposal of units over, beside what stands there; where it comes from is kept.

    :param chosen: the proposal's source, for the record.
    """
    if not wanted:
        raise Refused(_("这条建议没有单位可采用。"))
    held = [Wanted(a.part, a.name, a.basis, a.evidence) for a in item.assignments.all()]
    names = {w.name for w in held}
    joined = held + [w for w in wanted if w.name not in names]
    order = {"lead": 0, "responsible": 1, "support": 2}
    joined.sort(key=lambda w: order[w.part])
    return writing.save(item, by=by, revision=revision, wanted=joined, action=f"delivery.item.take.{chosen}")


@service("delivery.items.bulk", permission=DRAFT, on="owner")
def bulk(*, by: Any, owner: Unit, items: Sequence[tuple[WorkItem, int]], field: str, value: Any) -> int:
    """Sets one field, or the units of one part, of many items; how many were changed.

    :param items: with the revision that the user saw of each.
    :raises Conflict: when one of them has moved on; then none is changed.
    """
    if not items or len(items) > MOST:
        raise Refused(_("请选择 1 至 %d 条任务。") % MOST)
    if {i.owner_id for i, _r in items} != {owner.pk}:
        raise Refused(_("一次只能修改同一单位的任务。"))
    n = 0
    for item, revision in items:
        before = item.revision
        if field in ("lead", "responsible", "support"):
            held = [Wanted(a.part, a.name, a.basis, a.evidence) for a in item.assignments.all()]
            others = [w for w in held if w.part != field]
            new = [Wanted(field, name) for name in value]
            writing.save(item, by=by, revision=revision, wanted=sorted(others + new, key=_rank))
        else:
            writing.save(item, by=by, revision=revision, fields=_checked({field: value}))
        n += item.revision != before
    record(owner, after={"field": field, "value": value, "items": [i.code for i, _r in items], "changed": n})
    return n


def _rank(w: Wanted) -> int:
    return ("lead", "responsible", "support").index(w.part)


@service("delivery.items.merge", permission=DRAFT, on="division")
def merge(
    *, by: Any, division: Division, items: Sequence[tuple[WorkItem, int]], text: str = "", due: str = ""
) -> WorkItem:
    """Makes one item of several: the first takes over what the others have, and they are cancelled.

    :param due: where some have a deadline and others are ongoing: ``dated`` or ``ongoing``, which holds.
    """
    _open(division)
    if len(items) < 2 or any(i.division_id != division.pk for i, _r in items):
        raise Refused(_("请在本方案中选择两条以上任务合并。"))
    fields = _merged([i for i, _r in items], text, due)
    (first, revision), *rest = items
    wanted = [Wanted(a.part, a.name, a.basis, a.evidence) for a in first.assignments.all()]
    for item, seen in rest:
        wanted += [Wanted(a.part, a.name, a.basis, a.evidence) for a in item.assignments.all()]
        have = set(first.sources.values_list("commitment", flat=True))
        for s in item.sources.all():
            if s.commitment_id not in have:
                Source.objects.create(item=first, commitment_id=s.commitment_id, position=len(have))
                have.add(s.commitment_id)
        writing.save(
            item, by=by, revision=seen, fields={"state": Lifecycle.CANCELLED},
            reason=_("并入 %s") % first.code,
        )  # fmt: skip
    names: dict[str, Wanted] = {}
    for w in sorted(wanted, key=_rank):
        names.setdefault(w.name, w)
    merged = writing.save(first, by=by, revision=revision, fields=fields, wanted=list(names.values()))
    writing.tag([merged])
    return merged


def _merged(every: Sequence[WorkItem], text: str, due: str) -> dict[str, Any]:
    """Words and deadline of one item made of several; of a day and 长期坚持 somebody says which holds."""
    fields: dict[str, Any] = {
        "text": text.strip() or "；".join(i.text.rstrip("。；") for i in every),
        "criterion": "；".join(dict.fromkeys(i.criterion for i in every if i.criterion)),
        "deadline": max(i.deadline for i in every),
        "ongoing": any(i.ongoing for i in every),
    }
    if not (fields["deadline"] and fields["ongoing"]):
        return fields
    if due not in ("dated", "ongoing"):
        raise Refused(_("所选任务有的定有时限，有的长期坚持，请选择合并后以哪个为准。"), "due")
    if due == "dated":
        return fields | {"ongoing": False, "milestone": "", "review_on": None}
    lasting = next(i for i in every if i.ongoing)
    kept = {"milestone": lasting.milestone, "review_on": lasting.review_on}
    return fields | {"deadline": "", "deadline_note": "", **kept}


@service("delivery.item.attach", permission=DRAFT, on="item")
def attach(*, by: Any, item: WorkItem, revision: int, commitment: Commitment, on: bool) -> WorkItem:
    """Adds a source to an item, or takes one away; the last one of a document's item stays."""
    writing.check_editable(item)
    have = list(item.sources.values_list("commitment", flat=True))
    if on == (commitment.pk in have):
        unchanged()
        return item
    if not on and len(have) == 1 and item.origin == Origin.DOCUMENT:
        raise Refused(_("文件任务至少保留一条出处；如不再需要，请撤销任务。"))
    noted = {"attached" if on else "detached": commitment}
    writing.save(item, by=by, revision=revision, noted=noted)
    if on:
        Source.objects.create(item=item, commitment=commitment, position=len(have))
    else:
        item.sources.filter(commitment=commitment).delete()
    writing.tag([item])
    return item


@service("delivery.item.cancel", permission=DRAFT, on="item")
def cancel(*, by: Any, item: WorkItem, revision: int, reason: str) -> WorkItem:
    """Takes an item off the table; it stays readable, with the reason."""
    if not reason.strip():
        raise Refused(_("请填写撤销的理由。"), "reason")
    return writing.save(
        item, by=by, revision=revision, fields={"state": Lifecycle.CANCELLED}, reason=reason.strip()
    )


@service("delivery.item.establish", permission="delivery.approve_division", on="item")
def establish(*, by: Any, item: WorkItem, revision: int) -> WorkItem:
    """Puts an item that belongs to no division on the register (立项)."""
    if item.division_id is not None:
        raise Refused(_("方案中的任务随方案审定立项。"))
    if item.made_by_id == getattr(by, "pk", None):
        raise Refused(_("不能审定自己录入的任务。"))
    from luoshi_web.delivery.checks import lacking

    if missing := lacking(item):
        raise Refused(_("还缺：%s。") % "、".join(missing))
    return writing.save(
        item, by=by, revision=revision, fields={"state": Lifecycle.ESTABLISHED, "audience": "below"}
    )


@service("delivery.items.arrange", permission=DRAFT, on="division")
def arrange(*, by: Any, division: Division, ids: Sequence[int] = ()) -> int:
    """Puts the items in the order of the documents, or in the order given; how many moved."""
    _open(division)
    rows = list(division.items.exclude(state=Lifecycle.CANCELLED).order_by("position", "pk"))
    if ids:
        place = {pk: n for n, pk in enumerate(ids)}
        rows.sort(key=lambda i: place.get(i.pk, len(place)))
    else:
        first: dict[int, tuple[int, int]] = {}
        for s in Source.objects.filter(item__in=rows).select_related("commitment"):
            key = (s.commitment.document_id, s.commitment.start)
            first[s.item_id] = min(first.get(s.item_id, key), key)
        rows.sort(key=lambda i: (i.pk not in first, first.get(i.pk, (0, 0)), i.position))
    moved = [(i, n) for n, i in enumerate(rows) if i.position != 10 * (n + 1)]
    for item, n in moved:
        WorkItem.objects.filter(pk=item.pk).update(position=10 * (n + 1))
    if moved:
        record(division, after={"order": [i.code for i in rows]})
    else:
        unchanged()
    return len(moved)


def _open(division: Division) -> None:
    writing.hold(division)
    if not division.open:
        raise Refused(_("分工方案正在%s，不能增减任务。") % division.get_state_display())


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    """Only what may be edited, and a text that says something."""
    if strange := set(fields) - EDITABLE:
        raise Refused(_("不能修改：%s。") % ", ".join(sorted(strange)))
    if "text" in fields and not fields["text"].strip():
        raise Refused(_("任务事项不能为空。"), "text")
    return fields


def typed(lead: Sequence[str], responsible: Sequence[str], support: Sequence[str]) -> list[Wanted]:
    """Units as somebody typed them."""
    return [
        *(Wanted("lead", n, Basis.TYPED) for n in lead),
        *(Wanted("responsible", n, Basis.TYPED) for n in responsible),
        *(Wanted("support", n, Basis.TYPED) for n in support),
    ]
