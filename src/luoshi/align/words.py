"""Words with a part of their own when wordings are compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from luoshi.text import lexicon

HEADING = 24
"""Characters at most of a sentence that may be a formula as a whole."""

SUFFIXES = ("特别行政区", "自治区", "自治州", "省", "市", "地区", "盟", "县", "区", "旗")


REPORTING = re.compile(
    r"[^，。：；！？]{0,14}(?:指出|强调|要求|表示|认为|提出|指示|号召|希望|介绍)[，：,:]\s*"
)
"""Who says it, before what is said: no wording of the text itself."""
LABEL = re.compile(
    r"(?:第[一二三四五六七八九十百零\d]+[编章节条款]|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[)）]"
    r"|\d+[.．、](?!\d)|[①-⑳]|[一二三四五六七八九十]是|——|[■●◆▲])\s*"
)


def skip(text: str, start: int, end: int) -> int:
    """Where the wording of a sentence begins, after its label and the words that say who speaks."""
    at = start
    for pattern in (LABEL, LABEL, REPORTING):
        m = pattern.match(text, at, end)
        if m and m.end() < end:
            at = m.end()
    return at


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
def _formulas() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Patterns, each with the words of which one must stand in the text; without any it must match the
    whole of what a sentence says."""
    rows = lexicon.table("luoshi.align", "formulas.tsv")
    return tuple((re.compile(r[0]), tuple(r[2].split("|")) if r[1] == "part" else ()) for r in rows)


def formula_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of formulas (特此通知, 保障措施) in a sentence; its final punctuation does not count."""
    while end > start and not text[end - 1].isalnum():
        end -= 1
    out = []
    part = text[start:end]
    for pattern, hints in _formulas():
        if not hints:
            if end - start <= HEADING and pattern.fullmatch(text, start, end):
                out.append((start, end))
        elif any(h in part for h in hints):
            out += [m.span() for m in pattern.finditer(text, start, end)]
    return out


def formula_mask(text: str, spans: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """``bool[text]``: the formulas in the sentences of a text."""
    out = np.zeros(len(text), dtype=np.bool_)
    for start, end in spans:
        for a, b in formula_spans(text, skip(text, start, end), end):
            out[a:b] = True
    return out
