"""How firmly a clause commits, and to what: its strength apart from the words that it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from luoshi.align.words import TIME, is_local, lead_words
from luoshi.text import lexicon, tokens
from luoshi.text.regions import find as find_regions

MUCH = 0.6
"""Part of the shorter clause's bigrams that the longer one must hold to be about the same."""
SOME = 0.5
"""The same of the longer one's."""
PLAIN = 3.0
"""Strength of plain verbs."""
_PLACE = re.compile(r"(?:(?![山园社景库城校片灾牧林各全的、]).){2,4}[省市县区州](?![域级内情政场])")
_CLAUSE = re.compile(r"[，；。：！？,;:]")
_JOINTS = frozenset("、和及与或") | {"以及", "或者"}


@dataclass(frozen=True, slots=True)
class Stand:
    """What a clause asks for.

    :param level: 1 explore, encourage; 2 support; 3 do; 4 do with force; 5 must; 0 where no word tells.
    :param verbs: the words of the list that govern it, side by side (鼓励和支持).
    :param grams: the core's bigrams.
    :param core: the clause without who acts, when, and how firmly.
    :param forbids: whether it forbids.
    :param delegated: whether it has a place below do it (支持南屏县创建…), which is no lesser will.
    """

    level: float
    core: str
    forbids: bool
    delegated: bool
    verbs: frozenset[str]
    grams: frozenset[str]


@cache
def _table() -> dict[str, tuple[float, str]]:
    return {r[0]: (float(r[1]), r[2]) for r in lexicon.table("luoshi.align", "strength.tsv")}


@cache
def _doers() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(r[0] for r in lexicon.table("luoshi.align", "doers.tsv")) + ")、?")


def clauses(text: str) -> list[str]:
    """The clauses of a wording."""
    return [c for c in (p.strip() for p in _CLAUSE.split(text)) if c]


@lru_cache(maxsize=1 << 16)
def stand(clause: str) -> Stand:
    """Strength and matter of a clause."""
    rest = clause
    for pattern in (TIME, _doers(), TIME):
        m = pattern.match(rest)
        rest = rest[m.end() :] if m else rest
    words = [part for word in tokens.cut(rest) for part in _parts(word)]
    table, lead = _table(), re.compile(lead_words())
    verb = 0.0
    verbs: list[str] = []
    force = must = False
    at = 0
    for at, word in enumerate([*words, ""]):
        level, kind = table.get(word, (0.0, ""))
        if kind == "verb":
            # of verbs that stand side by side (鼓励和促进) the firmer counts, else the first governs
            together = at and words[at - 1] in _JOINTS
            verb = max(verb, level) if together else verb or level
            if together or not verbs:
                verbs.append(word)
        elif kind == "force":
            force = True
        elif kind == "modal":
            must = True
        elif kind != "plain" and not lead.fullmatch(word) and not (verb and _joins_verb(words, at, table)):
            break
    forbids = any(table.get(w, (0.0, ""))[1] == "not" for w in words)
    core = [w for w in words[at:] if table.get(w, (0.0, ""))[1] not in ("not", "force", "modal")]
    force = force or any(w in ("全部", "一律") for w in words[at:])
    level = verb or (PLAIN if force else 0.0)
    if 0 < verb < PLAIN and core and table.get(core[-1], (0.0, ""))[0] == PLAIN:
        # 推进X建设 says as much as 建设X
        level = 2.5 if verb == 2 else verb
    elif level == PLAIN and force:
        level = 4.0
    if must or forbids:
        level = 5.0
    body = "".join(core)
    return Stand(
        level, body, forbids, 0 < verb < PLAIN and _begins_with_place(body), frozenset(verbs), grams(body)
    )


def _parts(word: str) -> tuple[str, ...]:
    """A word of the segmenter, or the two that it is made of (大力支持)."""
    if len(word) == 4 and word[:2] in _table() and (word[2:] in _table() or tokens.known(word[2:])):
        return word[:2], word[2:]
    return (word,)


def _joins_verb(words: list[str], at: int, table: dict[str, tuple[float, str]]) -> bool:
    """Whether a word joins two verbs of the table."""
    return (
        words[at : at + 1] != []
        and words[at] in _JOINTS
        and (at + 1 < len(words) and table.get(words[at + 1], (0.0, ""))[1] == "verb")
    )


def _begins_with_place(text: str) -> bool:
    return _PLACE.match(text) is not None or any(m.start == 0 for m in find_regions(text[:12]))


def alike(x: frozenset[str], y: frozenset[str], some: float = SOME) -> bool:
    """Whether two wordings are about the same, by their bigrams."""
    both = len(x & y)
    return bool(x and y) and both >= MUCH * min(len(x), len(y)) and both >= some * max(len(x), len(y))


def grams(text: str) -> frozenset[str]:
    """Bigrams of letters and Han; a single character stands for itself."""
    bare = "".join(c for c in text if c.isalpha())
    return frozenset(bare[i : i + 2] for i in range(max(min(1, len(bare)), len(bare) - 1)))


def members(core: str) -> list[str]:
    """The members of the lists of a clause, without names of places; what stands before or behind the list is
    part of its first and last member."""
    out = [""]
    for word in tokens.cut(core):
        if word in _JOINTS:
            out.append("")
        elif not is_local(word):
            out[-1] += word
    return [m for m in out if m]
