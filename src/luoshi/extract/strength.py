"""Strength of a commitment's wording.

1 explore or encourage, 2 support, 3 do, 4 do with force, 5 must or must not. A modifier of force raises the
verb by one, up to 4; a modal verb of duty makes 5; a number and a deadline add one each, so the scale ends at
7. The scale compares wordings and says nothing about intentions.
"""

from __future__ import annotations

from collections.abc import Iterable

from luoshi.extract import wording

_MUST = frozenset(
    [
        "应当",
        "应",
        "应该",
        "必须",
        "须",
        "不得",
        "不准",
        "不能",
        "不应当",
        "不应",
        "不可以",
        "禁止",
        "严禁",
        "务必要",
        "一定要",
    ]
)
_MAY = frozenset(["可以", "可", "有权"])


def strength(verb: str, modifiers: Iterable[str], modal: str, *, number: bool, deadline: bool) -> int:
    """The strength, 1 to 7."""
    value = wording.verb_strength(verb)
    if any(wording.modifier_class(m) == "force" for m in modifiers) and value < 4:
        value += 1
    if modal in _MUST:
        value = 5
    elif modal in _MAY:
        value = min(value, 2)
    return min(7, value + number + deadline)
