"""What a change of wording amounts to: a target, the strength, what the wording covers.

The result is a pointer for judgement (表述差异，待研判), never a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from luoshi.align.words import is_local
from luoshi.model import Edit
from luoshi.model.records import Change
from luoshi.text import lexicon, tokens

QUANTITY = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)(?P<scale>万亿|千亿|百亿|亿|千万|百万|万|千)?"
    r"(?P<unit>%|％|个百分点|[元家个项人亩吨户所座条件名天年月公里千瓦时平方米立方]*)"
)
SCALE = {"万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "亿": 1e8, "千万": 1e7, "百万": 1e6, "万": 1e4, "千": 1e3}
TIME_UNITS = frozenset({"年", "月", "天"})
SEPARATORS = re.compile(r"[、和及与]")


def change_of(upper: str, lower: str, edits: Sequence[Edit]) -> Change | None:
    """The most telling change, in this order: a number, the strength of the wording, the extent.

    Numbers are compared where both have one of the same unit; strength where an edit puts one word of
    ``data/strength.tsv`` for another; extent where a list loses or gains members.
    """
    return _target(upper, lower) or _strength(edits) or _extent(upper, lower, edits)


def _numbers(text: str) -> dict[str, float]:
    out: dict[str, float] = {}
    for m in QUANTITY.finditer(text):
        unit = m["unit"]
        if unit and unit not in TIME_UNITS:
            out[unit] = float(m["number"]) * SCALE.get(m["scale"] or "", 1.0)
    return out


def _target(upper: str, lower: str) -> Change | None:
    old, new = _numbers(upper), _numbers(lower)
    for unit in sorted(old.keys() & new.keys()):
        if new[unit] < old[unit]:
            return "lower-target"
        if new[unit] > old[unit]:
            return "higher-target"
    return None


@cache
def _strengths() -> dict[str, int]:
    return {row[0]: int(row[1]) for row in lexicon.table("luoshi.align", "strength.tsv")}


def _force(text: str) -> int:
    """Strength of the strongest word, 0 where there is none."""
    table = _strengths()
    return max((table.get(w, 0) for w in tokens.cut(text)), default=0)


def _strength(edits: Sequence[Edit]) -> Change | None:
    for edit in edits:
        old, new = _force(edit.upper), _force(edit.lower)
        if edit.op == "replace" and old and new and old != new:
            return "softer" if new < old else "firmer"
        if edit.op == "delete" and old >= 4:
            return "softer"
        if edit.op == "insert" and new >= 4:
            return "firmer"
    return None


def _extent(upper: str, lower: str, edits: Sequence[Edit]) -> Change | None:
    """A list that lost or gained members, where the rest of it is there still."""
    old = [p for p in SEPARATORS.split(upper) if p]
    new = [p for p in SEPARATORS.split(lower) if p]
    if len(old) < 2 and len(new) < 2:
        return None
    lost = any(e.op == "delete" and _weighty(e.upper) for e in edits)
    gained = any(e.op == "insert" and _weighty(e.lower) for e in edits)
    if lost and not gained and len(new) < len(old):
        return "narrowed"
    if gained and not lost and len(new) > len(old):
        return "widened"
    return None


def _weighty(text: str) -> bool:
    """Something that could be a member of a list: more than one word-like character and no place."""
    return len(text) >= 2 and not is_local(text)
