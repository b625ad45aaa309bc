"""Classes of units as documents name them (各县（区）人民政府): which level of units they mean.

Only names that mean all units of a level; 各有关部门 or 相关县区 leave a choice and are no class.
"""

from __future__ import annotations

import re
from functools import cache

from luoshi.text.lexicon import table

_WORDS = re.compile(r"[\s（）()〔〕、，,和及与]+|党委|党工委|人民政府|政府|办事处|管委会")
"""What says nothing about the level."""
_CLASS = re.compile(
    r"(?:全[省市县区]|本[省市县区]|[省市县区]内)?(?:[省市县区][级直]?)?各(?:[省市县区][级直])?(?P<core>.+?)级?"
)
OWN = "own"
"""The departments of the region itself."""


@cache
def _rows() -> tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...]:
    rows = table("luoshi.track", "unit_classes.tsv")
    return tuple((re.compile(r[0]), r[1], tuple(r[2].split(","))) for r in rows)


@cache
def levels(name: str, home: str) -> tuple[str, ...]:
    """The levels of the units that a name means; empty where it is no class.

    :param home: the level of the region whose document names them: 各市 means cities in a province's.
    """
    whole = _CLASS.fullmatch(_WORDS.sub("", name))
    if whole is None:
        return ()
    for pattern, level, meant in _rows():
        if level in ("*", home) and pattern.fullmatch(whole["core"]):
            return meant
    return ()
