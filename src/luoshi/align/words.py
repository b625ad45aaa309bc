"""Words with a part of their own when wordings are compared."""

from __future__ import annotations

import re
from functools import cache

from luoshi.text import lexicon

SUFFIXES = ("特别行政区", "自治区", "自治州", "省", "市", "地区", "盟", "县", "区", "旗")


@cache
def local_words() -> frozenset[str]:
    """Names of regions, full and short, and words for one's own area (全省, 我市)."""
    out = set(lexicon.words("luoshi.align", "local_words.tsv"))
    for row in lexicon.table("luoshi.text", "regions.tsv"):
        name = row[1]
        if row[2] != "county":
            out.add(name)
            out |= {name[: -len(s)] for s in SUFFIXES if name.endswith(s) and len(name) - len(s) >= 2}
    out |= {row[0] for row in lexicon.table("luoshi.text", "region_names.tsv") if len(row[0]) >= 2}
    return frozenset(out)


def is_local(word: str) -> bool:
    """Whether a word names a place that a lower level would put its own name for."""
    return word in local_words()


@cache
def lead_words() -> str:
    """A pattern for the words that may stand before the verb of a clause (要, 坚持, 进一步)."""
    some = sorted(lexicon.words("luoshi.align", "lead_words.tsv"), key=lambda w: (-len(w), w))
    return "(?:" + "|".join(some) + ")+"


@cache
def _formulas() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Patterns, and whether each must match the whole of what a sentence says."""
    rows = lexicon.table("luoshi.align", "formulas.tsv")
    return tuple((re.compile(row[0]), row[1] == "whole") for row in rows)


def formula_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of formulas (特此通知, 保障措施) in a sentence; its final punctuation does not count."""
    while end > start and not text[end - 1].isalnum():
        end -= 1
    out = []
    for pattern, whole in _formulas():
        if whole:
            if pattern.fullmatch(text, start, end):
                out.append((start, end))
        else:
            out += [m.span() for m in pattern.finditer(text, start, end)]
    return out
