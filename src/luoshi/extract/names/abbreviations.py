"""Numeral abbreviations without quotation marks: 五篇大文章, 两个毫不动摇, 东北三省一区, 一带一路."""

from __future__ import annotations

import re
from functools import cache

from luoshi.extract.names import labels
from luoshi.extract.names.spans import Span
from luoshi.text.lexicon import words


@cache
def _known() -> re.Pattern[str]:
    rows = sorted(words("luoshi.extract", "known_terms.tsv"), key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, rows)))


def find(text: str) -> list[Span]:
    """The settled abbreviations in a sentence, and labels that count what they stand for."""
    out = [Span(m.start(), m.end(), "TERM", 25) for m in _known().finditer(text)]
    return out + [Span(lab.start, lab.end, "TERM", 22) for lab in labels.counting(text)]
