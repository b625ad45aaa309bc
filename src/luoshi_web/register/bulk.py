"""One change to several commitments at once: all or none; an event for each row and one for the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Conflict, Refused, change, record, service, unchanged
from luoshi_web.register import drafting
from luoshi_web.register.models import Commitment, CommitmentState
from luoshi_web.register.services import REVIEW

MOST = 500
"""Rows that one change may touch."""
Maker = Callable[[Commitment, Any], dict[str, Any]]


def _more_units(c: Commitment, value: Any) -> dict[str, Any]:
    known = {(u.get("name"), u.get("role")) for u in c.units}
    return {"units": [*c.units, *[u for u in value if (u["name"], u["role"]) not in known]]}


def _more_places(c: Commitment, value: Any) -> dict[str, Any]:
    known = {p.get("quote") for p in c.places}
    return {"places": [*c.places, *[{"quote": p, "code": None} for p in value if p not in known]]}


def _fewer_places(c: Commitment, value: Any) -> dict[str, Any]:
    return {"places": [p for p in c.places if p.get("quote") not in value]}


CHANGES: Mapping[str, Maker] = {
    "units": lambda c, value: {"units": value},
    "more-units": _more_units,
    "deadline": lambda c, value: {"deadline": value, "ongoing": c.ongoing and not value},
    "ongoing": lambda c, value: {"ongoing": True, "deadline": ""},
    "type": lambda c, value: {"type": value},
    "domain": lambda c, value: {"domain": value},
    "more-places": _more_places,
    "fewer-places": _fewer_places,
}
"""What may be changed together: how a row's new fields follow from the one value."""


@service("register.commitment.change-many", permission=REVIEW)
def change_many(
    *,
    by: Any,
    commitments: Sequence[Commitment],
    revisions: Sequence[int],
    what: str,
    value: Any,
    reason: str = "",
) -> int:
    """Makes one change of :data:`CHANGES` to all; how many rows were different before.

    :param revisions: those that the user saw, in the order of ``commitments``.
    :raises PermissionDenied: when one of them may not be changed: then none is.
    """
    if not 1 <= len(commitments) <= MOST:
        raise Refused(_("请选择 1 至 %d 条任务。") % MOST)
    changed = []
    for c, revision in zip(commitments, revisions, strict=True):
        if not by.has_perm(REVIEW, c):
            raise PermissionDenied(REVIEW)
        if c.state != CommitmentState.CONFIRMED:
            raise Refused(_("“%s”已撤销，不能修改；全部未改。") % c)
        fields = {n: v for n, v in CHANGES[what](c, value).items() if getattr(c, n) != v}
        try:
            if c.revision != revision:
                raise Conflict(c)
            if fields:
                changed.append(
                    change(
                        c, revision=revision, reason=reason, action="register.commitment.change",
                        changed_by=by, **fields,
                    )
                )  # fmt: skip
        except Conflict as conflict:
            note = getattr(conflict.current, "conflict_note", "")
            raise Refused(
                _("“%(text)s”：%(note)s全部未改，请刷新后再选。") % {"text": c, "note": note}
            ) from None
    if not changed:
        unchanged()
        return 0
    drafting.tag(changed)
    ids = [c.pk for c in changed]
    record(
        ("register.commitments", "", _("批量修改 %d 条") % len(ids)),
        after={"what": what, "value": value, "ids": ids}, reason=reason,
    )  # fmt: skip
    return len(ids)
