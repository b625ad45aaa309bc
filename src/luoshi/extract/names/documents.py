"""Documents, laws, rules and systems that a sentence cites."""

from __future__ import annotations

import re
from functools import cache

from luoshi.extract.names.spans import Span
from luoshi.text.lexicon import table

_TITLED = re.compile(r"《(?:[^《》]|《[^《》]*》)*》(?:（[^（）]{2,12}号）|〔\d{4}〕\d+号)?")


@cache
def _known() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row[0]) for row in table("luoshi.extract", "known_documents.tsv"))


def find(text: str) -> list[Span]:
    """《…》 with its number where one stands beside it, and known documents by their names."""
    out = [Span(m.start(), m.end(), "DOC", 80) for m in _TITLED.finditer(text)]
    for pattern in _known():
        out += [Span(m.start(), m.end(), "DOC", 70) for m in pattern.finditer(text)]
    return out
