"""Programmes, strategies and platforms with a settled name, from a table."""

from __future__ import annotations

import re
from functools import cache

from luoshi.extract.names.spans import Span
from luoshi.text.lexicon import table


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    rows = {r[0]: r[1] for r in table("luoshi.extract", "known_names.tsv")}
    ordered = sorted(rows, key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, ordered))), rows


def find(text: str) -> list[Span]:
    """The names of ``data/known_names.tsv``."""
    pattern, types = _names()
    return [Span(m.start(), m.end(), types[m.group()], 50) for m in pattern.finditer(text)]  # type: ignore[arg-type]
