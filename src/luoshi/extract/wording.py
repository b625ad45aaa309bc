"""Word lists, closed classes and patterns of the reading of clauses, from ``data/``."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from luoshi.extract.clauses import HIDDEN
from luoshi.text.lexicon import table, words

PACKAGE = "luoshi.extract"
VERBS, MODIFIERS = "verbs.tsv", "modifiers.tsv"
_LONGEST_VERB = 8


@cache
def _groups() -> dict[str, frozenset[str]]:
    return {r[0]: frozenset(r[1].split()) for r in table(PACKAGE, "word_groups.tsv")}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {r[0]: re.compile(r[1]) for r in table(PACKAGE, "patterns.tsv")}


def group(name: str) -> frozenset[str]:
    """A closed class of ``word_groups.tsv``."""
    return _groups()[name]


def pattern(name: str) -> re.Pattern[str]:
    """A pattern of ``patterns.tsv``."""
    return _patterns()[name]


@cache
def verbs() -> dict[str, tuple[int, str]]:
    """Verb → strength and flags."""
    return {r[0]: (int(r[1]), r[2] if len(r) > 2 else "") for r in table(PACKAGE, VERBS)}


@cache
def modifiers() -> dict[str, str]:
    """Modifier → class."""
    return {r[0]: r[1] for r in table(PACKAGE, MODIFIERS)}


@cache
def by_start(name: str) -> dict[str, tuple[str, ...]]:
    """The words of a list of two characters and more by their first two, the longest first."""
    out: dict[str, list[str]] = {}
    for row in table(PACKAGE, name):
        if len(row[0]) > 1:
            out.setdefault(row[0][:2], []).append(row[0])
    return {k: tuple(sorted(v, key=len, reverse=True)) for k, v in out.items()}


@cache
def heads() -> frozenset[str]:
    """Nouns that a verb before them may only describe."""
    return words(PACKAGE, "nominal_heads.tsv")


@cache
def prepositions() -> tuple[str, ...]:
    """Prepositions, the longest first."""
    return tuple(sorted(words(PACKAGE, "prepositions.tsv"), key=lambda w: (-len(w), w)))


def _actor_words() -> str:
    ends = sorted(words(PACKAGE, "actors.tsv"), key=lambda w: (-len(w), w))
    return "|".join(map(re.escape, ends))


@cache
def actor() -> re.Pattern[str]:
    """A whole name of those who act."""
    return re.compile(rf"[^，的{HIDDEN}]{{0,40}}?(?:{_actor_words()})(?:[（(][^（）()]{{1,30}}[）)])?")


@cache
def _actor_ends() -> tuple[str, ...]:
    return (*words(PACKAGE, "actors.tsv"), "）", ")")


@lru_cache(maxsize=16384)
def is_actor(text: str) -> bool:
    """Whether a text is a whole name of those who act."""
    return text.endswith(_actor_ends()) and actor().fullmatch(text) is not None


@cache
def actor_end() -> re.Pattern[str]:
    """The end of such a name."""
    return re.compile(rf"(?:{_actor_words()})(?:[（(][^（）()]{{1,30}}[）)])?")


@lru_cache(maxsize=8192)
def verb_strength(verb: str) -> int:
    """Strength of a verb by ``data/verbs.tsv``: that of its first known part, 3 for unknown verbs."""
    known = verbs()
    for n in range(min(len(verb), _LONGEST_VERB), 0, -1):
        if verb[:n] in known:
            return known[verb[:n]][0]
    return 3


@lru_cache(maxsize=8192)
def verb_flags(verb: str) -> str:
    """Flags of a verb in ``data/verbs.tsv``, of the longest known beginning; empty for unknown verbs."""
    known = verbs()
    for n in range(min(len(verb), _LONGEST_VERB), 0, -1):
        if verb[:n] in known:
            return known[verb[:n]][1]
    return ""


def has_doing(text: str) -> bool:
    """Whether a verb that is no noun stands in the words (创建, but not 管理)."""
    known = verbs()
    return any("n" not in known[text[i : i + 2]][1] for i in range(len(text) - 1) if text[i : i + 2] in known)


def is_modifier(word: str) -> bool:
    """Whether a word stands in the list of modifiers."""
    return word in modifiers()


def modifier_class(word: str) -> str:
    """``force``, ``ongoing`` or ``steady``; ``steady`` for words on no list."""
    return modifiers().get(word, "steady")


def ends_in_noun_of_action(text: str) -> bool:
    """Whether the words end in a verb that is often a noun (审批, 监管)."""
    return any("n" in verbs().get(text[-n:], (3, ""))[1] for n in (2, 3, 4))
