"""What a change of wording amounts to: a target, the strength, a deadline, what the wording covers.

The result is a pointer for judgement (表述差异，待研判), never a verdict, and stays away where nothing can be
said: a false alarm costs the reader's trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.align.force import PLAIN, SOME, Stand, alike, clauses, grams, members, stand
from luoshi.align.quantities import compare, deadlines, quantities
from luoshi.model.records import Change

STEP = 1.0
"""Difference of strength that is told."""
LISTED = 0.3
"""Part of the longer wording's bigrams that the shorter one must hold where a list lost members."""
LOST = 0.34
"""Part of a member's bigrams that the other wording may hold where the member is not there."""
NEW = 0.34
"""Part of a narrower wording's bigrams that may be its own."""
LONG = 4
"""Characters from which on a member is looked for in the whole document, not only in its block."""

_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands around a wording: ``before`` it in its sentence, its ``block``, its whole ``document``.

    ``row``: the wording is a cell of a table, one item of a list that others continue.
    """

    before: str = ""
    block: str = ""
    document: str = ""
    row: bool = False

    def holds(self, member: str) -> bool:
        """Whether the words of a lost member stand elsewhere around."""
        return member in self.block or (len(member) >= LONG and member in self.document)


NOTHING = Setting()


def change_of(
    upper: str, lower: str, *, amounts: bool = True, above: Setting = NOTHING, below: Setting = NOTHING
) -> Change | None:
    """The most telling change, in this order: a target, the strength, a deadline, the extent.

    :param upper: the upper wording; ``lower`` the lower one, which carries it on.
    :param amounts: whether amounts are comparable, see :func:`luoshi.align.quantities.compare`.
    :param above: what stands around the upper wording; ``below`` around the lower one.

    Strength: both clauses are about the same and their words are of different strength in
    ``data/strength.tsv``. A later deadline is softer, an earlier one firmer. Extent: a list lost or gained
    members that do not stand elsewhere around.
    """
    target, met = compare(quantities(upper, above.before), quantities(lower, below.before), amounts=amounts)
    if target:
        return target
    pairs = list(_pairs(upper, lower))
    by_strength = next((c for old, new in pairs if (c := _strength(old, new))), None)
    if by_strength:
        return by_strength
    if pairs and not met and (by_day := _deadline(above.before + upper, below.before + lower)):
        return by_day
    return next((c for old, new in pairs if (c := _extent(old.core, new.core, amounts, above, below))), None)


def _pairs(upper: str, lower: str) -> Iterator[tuple[Stand, Stand]]:
    """Clauses about the same, each lower one with the upper one that it shares most with."""
    old = [stand(c) for c in clauses(upper)]
    for clause in clauses(lower):
        new = stand(clause)
        best = max(old, key=lambda s: len(s.grams & new.grams), default=None)
        # a prohibition says the reverse, a condition (……的) nothing at all
        same_way = best and best.forbids == new.forbids and best.core[-1:] != "的" != new.core[-1:]
        if best and same_way and _listed(best, new):
            yield best, new


def _listed(old: Stand, new: Stand) -> bool:
    """Whether two clauses are about the same, or begin so and list more or less of it."""
    some = LISTED if old.core[:2] == new.core[:2] else SOME
    return alike(old.grams, new.grams, some)


def _strength(old: Stand, new: Stand) -> Change | None:
    if not alike(old.grams, new.grams):
        return None
    if old.forbids or old.delegated or new.delegated or not (old.level and new.level):
        return None
    if old.verbs & new.verbs and max(old.level, new.level) <= PLAIN:
        return None
    if abs(new.level - old.level) < STEP:
        return None
    # a number makes up for a weaker word (加快改造 → 完成改造40艘)
    if new.level < old.level and _NUMBER.search(new.core) and not _NUMBER.search(old.core):
        return None
    return "softer" if new.level < old.level else "firmer"


def _deadline(upper: str, lower: str) -> Change | None:
    old, new = set(deadlines(upper)), set(deadlines(lower))
    if len(old) != 1 or len(new) != 1 or old == new:
        return None
    return "softer" if max(new) > max(old) else "firmer"


def _extent(upper: str, lower: str, amounts: bool, above: Setting, below: Setting) -> Change | None:
    old, new = members(upper), members(lower)
    if len(old) > len(new) and not below.row and _within(new, upper):
        lost = [m for m in old if _absent(m, lower) and not below.holds(m)]
        # a project that another place got is no narrowing
        if lost and (amounts or not any(c.isdigit() for m in lost for c in m)):
            return "narrowed"
    gained = len(new) > len(old) and not above.row and _within(old, lower)
    if gained and any(_absent(m, upper) and not above.holds(m) for m in new):
        return "widened"
    return None


def _within(narrow: list[str], wide: str) -> bool:
    """Whether a wording, by its members, says nothing that the other does not say."""
    mine = grams("".join(narrow))
    own = mine - grams("".join(members(wide))) - grams(wide)
    return len(own) <= NEW * len(mine) and not any(_absent(m, wide) for m in narrow)


def _absent(member: str, text: str) -> bool:
    """Whether another wording lacks a member, its last word too."""
    mine, there = grams(member), grams(text)
    tail = grams(member[-2:])
    return len(member) >= 2 and len(mine & there) <= LOST * len(mine) and not tail & there
