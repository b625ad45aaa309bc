"""Who may: the table ``data/permissions.tsv`` as rules on objects, and the same as a filter of rows.

An object that permissions are asked of says to which unit it belongs: it has ``access_unit`` and, where
others may see it, ``access_audience`` (``own``, ``below``, ``all``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import rules
from django.db.models import Model, Q, QuerySet

from luoshi_web.organisation.models import Account

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Rule:
    """A permission: how far a grant reaches, and the roles that have it."""

    permission: str
    reach: str
    roles: frozenset[str]


@cache
def table() -> dict[str, Rule]:
    """The table of permissions."""
    text = files("luoshi_web.organisation").joinpath("data/permissions.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    head = lines[0]
    return {
        line[0]: Rule(
            line[0], line[1], frozenset(r for r, mark in zip(head[2:], line[2:], strict=True) if mark == "x")
        )
        for line in lines[1:]
    }


def allowed(rule: Rule, account: Account, obj: Any) -> bool:
    """Whether a rule lets an account; without an object: whether it might, on some."""
    grants = [g for g in account.grants if g.role in rule.roles]
    if obj is None or rule.reach == "none" or not grants:
        return bool(grants)
    unit = obj.access_unit
    if any(g.unit.covers(unit) for g in grants):
        return True
    if rule.reach != "shared":
        return False
    audience = getattr(obj, "access_audience", "own")
    return audience == "all" or (audience == "below" and any(unit.covers(g.unit) for g in grants))


def visible(
    rows: QuerySet[M], account: Any, permission: str, *, unit: str = "owner", audience: str = "audience"
) -> QuerySet[M]:
    """The rows on which an account has a permission: the same decision as :func:`allowed`, as a filter.

    :param unit: the path to the row's unit (``document__owner``).
    :param audience: the path to its audience; unused unless the permission's reach is ``shared``.
    """
    if not isinstance(account, Account):
        return rows if account.has_perm(permission) else rows.none()
    rule = table()[permission]
    grants = [g for g in account.grants if g.role in rule.roles]
    if not grants:
        return rows.none()
    if rule.reach == "none":
        return rows
    where = Q()
    for g in grants:
        where |= Q(**{f"{unit}__path__startswith": g.unit.path})
        if rule.reach == "shared":
            above = [g.unit.path[: i + g.unit.steplen] for i in range(0, len(g.unit.path), g.unit.steplen)]
            where |= Q(**{f"{unit}__path__in": above, audience: "below"}) | Q(**{audience: "all"})
    return rows.filter(where)


def install() -> None:
    """Registers the table with ``rules``; once, when the app is ready."""
    for rule in table().values():
        if not rules.perm_exists(rule.permission):
            rules.add_perm(rule.permission, _predicate(rule))


def _predicate(rule: Rule) -> Any:
    def may(account: Any, obj: Any = None) -> bool:
        return isinstance(account, Account) and allowed(rule, account, obj)

    return rules.predicate(may, name=rule.permission)
