"""Words with a part of their own when wordings are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from luoshi.text import lexicon

HEADING = 24
"""Characters at most of a sentence that may be a formula as a whole."""

TITLE = 6
"""Length of the stretches by which the words of a title are known again."""
TIME = re.compile(
    r"(?:力争)?(?:到|至|于|在|自|截至)?(?:20\d\d|二〇[〇一二三四五六七八九]{2})年?(?:[—\-–至]20\d\d年?)?(?:\d{1,2}月(?:\d{1,2}日)?)?"
    r"(?:[上下]半年|[一二三四]季度|[春秋]季学期|年?底|年?末|起|期间)?(?:以?前|之前)?"
    r"|(?:到)?[“\"]?十[二三四五六]五[”\"]?(?:时期|期间|末)?"
    r"|每?(?:年|季度末?|月|周)?\d{1,2}月(?:\d{1,2}日|底|末)?(?:以?前|之前)?|每(?:季度末|月|年)\d{1,2}[日号](?:以?前|之前)?"
)
"""When: the least of what a clause says, and the first to change."""

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


def title_grams(titles: Iterable[str]) -> frozenset[str]:
    """The stretches of :data:`TITLE` letters of titles."""
    bare = ["".join(filter(str.isalnum, t)) for t in titles]
    return frozenset(t[i : i + TITLE] for t in bare for i in range(len(t) - TITLE + 1))


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
    """``bool[text]``: the formulas in the sentences of a text, and its dates."""
    out = np.zeros(len(text), dtype=np.bool_)
    for start, end in spans:
        for a, b in formula_spans(text, skip(text, start, end), end):
            out[a:b] = True
    for m in TIME.finditer(text):
        out[m.start() : m.end()] = True
    return out
