"""Documents, laws, rules and systems that a sentence cites."""

from __future__ import annotations

import re

from luoshi.extract.names.spans import Span
from luoshi.text.lexicon import table

_TITLED = re.compile(r"《(?:[^《》]|《[^《》]*》)*》(?:（[^（）]{2,12}号）|〔\d{4}〕\d+号)?")
_WITH_ABBREVIATION = re.compile(r"[\u4e00-\u9fff]{4,20}(?:协定|公约|协议|条约|宣言)（[A-Z][A-Za-z+\-]{1,9}）")


def find(text: str) -> list[Span]:
    """《…》 with its number where one stands beside it, agreements with their abbreviation, known ones by name."""
    out = []
    for m in _TITLED.finditer(text):
        end = m.end()
        out.append(Span(m.start(), end, "DOC", 80))
    for row in table("luoshi.extract", "known_documents.tsv"):
        out += [Span(m.start(), m.end(), "DOC", 70) for m in re.finditer(row[0], text)]
    return out
