"""The units of the tree by the names that documents give them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max

from luoshi.track.assign import Duties
from luoshi.track.matching import Directory, KnownUnit
from luoshi_web.organisation.models import Unit, UnitKind

STEP = Unit.steplen


def of(scope: Unit) -> Directory:
    """The directory as documents of a unit mean it."""
    return _directory(_stamp(), scope.path)


def duties(scope: Unit) -> Duties:
    """The duties (三定) of the units that a unit divides work among."""
    return _duties(_stamp(), home(scope).path)


def home(scope: Unit) -> Unit:
    """The region that a unit acts for: itself, or the nearest region above an office or department."""
    if scope.kind == UnitKind.REGION:
        return scope
    above = [scope.path[:i] for i in range(STEP, len(scope.path), STEP)]
    regions = Unit.objects.filter(path__in=above, kind=UnitKind.REGION).order_by("-depth")
    return regions.first() or scope


def link(names: Iterable[str], scope: Unit) -> dict[str, int | None]:
    """Names with the key of their unit, ``None`` where it is not certain."""
    known = of(scope)
    return {n: known.find(n).key for n in names}


def _stamp() -> tuple[Any, ...]:
    seen = Unit.objects.aggregate(n=Count("pk"), at=Max("changed_at"), rev=Max("revision"))
    return seen["n"], seen["at"], seen["rev"]


@lru_cache(maxsize=8)
def _directory(_stamp: tuple[Any, ...], scope: str) -> Directory:
    rows = list(Unit.objects.filter(valid_to__isnull=True).values_list(
        "pk", "name", "short_name", "aliases", "path", "kind", "level"
    ))  # fmt: skip
    regions = {
        path: (name, level) for _pk, name, _s, _a, path, kind, level in rows if kind == UnitKind.REGION
    }
    known = []
    for pk, name, short, aliases, path, _kind, level in rows:
        above = next((path[:i] for i in range(len(path), 0, -STEP) if path[:i] in regions), "")
        region, rank = regions.get(above, ("", level))
        others = tuple(n for n in (short, *(aliases or [])) if isinstance(n, str) and n)
        known.append(KnownUnit(pk, name, others, path, region, rank))
    return Directory(known, scope=scope)


@lru_cache(maxsize=8)
def _duties(_stamp: tuple[Any, ...], path: str) -> Duties:
    depth = len(path) // STEP + 1
    rows = Unit.objects.filter(path__startswith=path, depth__lte=depth, valid_to__isnull=True).exclude(
        duties=""
    )
    return Duties({u.pk: (u.name, u.duties) for u in rows.order_by("path")})
