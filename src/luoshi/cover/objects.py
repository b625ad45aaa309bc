"""Lists of objects: several things asked for by one verb, each a matter of its own."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from luoshi.text import tokens
from luoshi.text.lexicon import mapping, words

Span = tuple[int, int]

LEAST = 4
"""Characters that a conjunct must have to be a matter of its own."""

_SHARED_HEAD = re.compile(r"[等的]")


@cache
def _verbs() -> re.Pattern[str]:
    """Adverbs, then one or several verbs of building or developing, at the head of a clause."""
    alternatives = "|".join(sorted(words("luoshi.cover", "building.tsv"), key=lambda w: (-len(w), w)))
    return re.compile(f"(?:(?:{alternatives})[和、]?)+")


def _nominal(text: str) -> bool:
    """Whether a stretch reads as a name of something: it does not begin as a predicate does."""
    found = tokens.tag(text)
    return bool(found) and found[0].tag[0] not in "vdpcr" and found[-1].tag[0] not in "adcpu"


def _last_word(text: str) -> str:
    found = tokens.tag(text)
    return found[-1].word if found else ""


def _split(text: str) -> list[Span]:
    """Parts of a list of nouns, each able to stand alone; one part where it cannot be taken apart."""
    whole = [(0, len(text))]
    if _SHARED_HEAD.search(text) or any(c in text for c in "“（《，"):
        return whole
    cuts = [m.start() for m in re.finditer("、", text)]
    if not cuts:
        return _pair(text)
    bounds = [-1, *cuts, len(text)]
    parts = [(a + 1, b) for a, b in pairwise(bounds)]
    last = text[slice(*parts[-1])]
    if any(b - a < LEAST or not _nominal(text[a:b]) for a, b in parts):
        return whole
    heads = {_last_word(text[a:b]) for a, b in parts[:-1]}
    inner = [t.word for t in tokens.tag(last)][:-1]
    if inner and inner[-1] in heads:  # 甲产业、乙产业基地: the last word belongs to all
        return whole
    return parts


def _pair(text: str) -> list[Span]:
    """甲经济和乙经济: two things of one sort, of which each repeats the sort."""
    m = re.fullmatch(r"([^和与及]{2,10})([和与及])([^和与及]{2,10})", text)
    if m and min(len(m[1]), len(m[3])) >= LEAST and m[1][-2:] == m[3][-2:] and m[1] != m[3]:
        return [m.span(1), m.span(3)]
    return [(0, len(text))]


def conjuncts(text: str, start: int, end: int) -> list[Span]:
    """The clause split where its verb asks for several things.

    The first part keeps the verb, the others are the objects alone.
    """
    clause = text[start:end]
    verb = _verbs().search(clause)
    if not verb or not _modifiers(clause[: verb.start()]):
        return [(start, end)]
    at = start + verb.end()
    parts = _split(text[at:end])
    if len(parts) < 2:
        return [(start, end)]
    return [(start if i == 0 else at + a, at + b) for i, (a, b) in enumerate(parts)]


def _modifiers(text: str) -> bool:
    """Whether nothing but modifiers stands before the verb."""
    openers = mapping("luoshi.cover", "clauses.tsv")
    return all(t.tag[0] in "dazv" or t.word in openers for t in tokens.tag(text))
