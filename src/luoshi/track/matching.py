"""Names of units as documents write them, found among the units that are known.

A document says 市发展改革委 where the tree has 云江市发展和改革委员会. Exact names come first, then other
spellings that were kept with the unit, then the same name after ``data/unit_spellings.tsv``; what is only
similar is offered, never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rapidfuzz import fuzz, process

from luoshi.text.lexicon import table

How = Literal["name", "alias", "spelling", "several", ""]
NEAR = 62.0
"""Similarity (0 to 100, of edits) from which a name is offered."""
_RANK = {"province": "省", "city": "市", "county": "县", "township": "乡"}
_REMARK = re.compile(r"[（(〔\[][^（()）〔〕\[\]]*[)）〕\]]$")


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit of the tree. ``path`` grows from the root (treebeard's), ``region`` is the name of the region
    that it belongs to (its own for a region), ``level`` the region's level."""

    key: int
    name: str
    others: tuple[str, ...] = ()
    path: str = ""
    region: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a name: ``key`` where it is certain, else ``near`` (key, name, similarity)."""

    key: int | None
    how: How
    near: tuple[tuple[int, str, float], ...] = ()


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = table("luoshi.track", "unit_spellings.tsv")
    return tuple((re.compile(r[0]), r[1] if len(r) > 1 else "") for r in rows)


@cache
def plain(name: str) -> str:
    """A name in one spelling: no blanks, no closing remark, the short forms of the table."""
    name = re.sub(r"[\s\u3000]+", "", name)
    name = _REMARK.sub("", name) or name
    for pattern, other in _spellings():
        name = pattern.sub(other, name)
    return name


class Directory:
    """Finds units by name.

    :param scope: path of the unit whose tree is meant where a name fits several (市农业农村局).
    """

    def __init__(self, units: Iterable[KnownUnit], scope: str = "") -> None:
        self._scope = scope
        self._units = {u.key: u for u in units}
        self._exact: dict[str, list[int]] = {}
        self._other: dict[str, list[int]] = {}
        self._plain: dict[str, list[int]] = {}
        for u in self._units.values():
            self._exact.setdefault(u.name, []).append(u.key)
            for name in u.others:
                if name:
                    self._other.setdefault(name, []).append(u.key)
            for name in {plain(n) for n in (u.name, *u.others, *_generic(u)) if n}:
                self._plain.setdefault(name, []).append(u.key)
        near = [u for u in self._units.values() if self._near(u)]
        self._choices = {
            (u.key, word): word for u in near for word in {plain(n) for n in (u.name, *_generic(u))}
        }

    def _near(self, u: KnownUnit) -> bool:
        return not self._scope or u.path.startswith(self._scope) or self._scope.startswith(u.path)

    def name(self, key: int) -> str:
        """A unit's name."""
        return self._units[key].name

    def find(self, name: str) -> Match:
        """The unit of a name, or those whose names come near."""
        name = name.strip()
        tables: tuple[tuple[dict[str, list[int]], str, How], ...] = (
            (self._exact, name, "name"),
            (self._other, name, "alias"),
            (self._plain, plain(name), "spelling"),
        )
        for known, word, how in tables:
            keys = known.get(word, [])
            if len(keys) > 1:
                keys = self._closest(keys)
            if len(keys) == 1:
                return Match(keys[0], how)
            if keys:
                return Match(None, "several", tuple((k, self.name(k), 100.0) for k in keys[:5]))
        return Match(None, "", self.near(name))

    def _closest(self, keys: list[int]) -> list[int]:
        """Those directly below the scope, else those in its tree, else all."""
        if not self._scope:
            return keys
        inside = [k for k in keys if self._units[k].path.startswith(self._scope)]
        if not inside:
            return keys
        depth = min(len(self._units[k].path) for k in inside)
        return [k for k in inside if len(self._units[k].path) == depth]

    def near(self, name: str) -> tuple[tuple[int, str, float], ...]:
        """Up to three units whose names resemble a name, most alike first."""
        wanted = plain(name)
        found = process.extract(wanted, self._choices, scorer=fuzz.ratio, score_cutoff=NEAR, limit=12)
        best: dict[int, float] = {}
        for _word, score, (key, _other) in found:
            best[key] = max(best.get(key, 0.0), round(score, 1))
        ranked = sorted(best.items(), key=lambda p: (-p[1], p[0]))[:3]
        return tuple((k, self.name(k), s) for k, s in ranked)


def _generic(u: KnownUnit) -> list[str]:
    """How documents of its region name a unit: the rank for the region's name (云江市水利局 → 市水利局)."""
    rank = _RANK.get(u.level, "")
    if not rank or not u.region:
        return []
    if u.name == u.region:
        return [f"{u.name}人民政府", f"{u.name}党委和政府", f"{u.name}委和{u.name}人民政府"]
    if u.name.startswith(u.region):
        rest = u.name[len(u.region) :]
        ranks = (rank, "区") if u.level == "county" else (rank, "州") if u.level == "city" else (rank,)
        return [f"{r}{rest}" for r in ranks]
    return []
