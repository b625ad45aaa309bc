"""Content words of a clause, each with its weight: how much would be lost if nothing answered it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from luoshi.text import tokens
from luoshi.text.lexicon import mapping, words

Vectors = NDArray[np.float32]

UNKNOWN = 4.0
"""Weight of a word that the background lacks: mostly a rare one."""
LIGHT, PLACE, LEADING = 0.3, 0.15, 0.35
"""Factors for abstract words and addressees, for places (a lower document names its own), for the verb that
leads the clause (推动 for 促进 loses nothing)."""

_DROPPED = frozenset("xucpdryeohk")
_STOP = frozenset("是有在到为使让上下中来去好更各受既又要把将同也等个化性年月日")


class Background(Hashable, Protocol):
    """Rarity and meaning of words, as the lineage step learnt them."""

    @property
    def index(self) -> Mapping[str, int]:
        """Ordinal of each known word."""

    @property
    def idf(self) -> Vectors:
        """``float32[words]``: logarithm of documents over documents with the word."""

    @property
    def vectors(self) -> Vectors:
        """``float32[words, d]`` of length 1."""


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a clause with its span in the document and its weight.

    ``leading``: it belongs to the verb at the clause's head; ``addressee``: it says who is to act.
    """

    start: int
    end: int
    text: str
    tag: str
    weight: float
    leading: bool = False
    addressee: bool = False


def rarity(word: str, background: Background | None) -> float:
    """Weight of a word by its rarity alone, about 0.2 to 6."""
    if background is None:
        return 1.0 + 0.5 * min(len(word), 6)
    at = background.index.get(word)
    return UNKNOWN if at is None else min(6.0, max(0.2, float(background.idf[at]) - 1.0))


def content(text: str, offset: int = 0) -> list[tokens.Token]:
    """The tokens of a stretch that mean something by themselves, spans moved by ``offset``."""
    return [
        tokens.Token(t.start + offset, t.end + offset, t.word, t.tag)
        for t in tokens.tag(text)
        if t.tag[0] not in _DROPPED and t.word not in _STOP and t.word[0].isalnum()
    ]


@lru_cache(maxsize=65536)
def halves(word: str) -> tuple[str, str] | None:
    """The two words of a compound of four characters (金融监管, 人口素质); idioms are one thing."""
    first, second = word[:2], word[2:]
    if len(word) == 4 and min(word) >= "\u4e00" and tokens.known(first) and tokens.known(second):
        return None if word in words("luoshi.cover", "idioms.tsv") else (first, second)
    return None


def weighted(text: str, offset: int = 0, background: Background | None = None) -> list[Word]:
    """The content words of a requirement with their weights."""
    classes = mapping("luoshi.cover", "weights.tsv")
    openers = mapping("luoshi.cover", "clauses.tsv")
    out: list[Word] = []
    leading = True
    for t in content(text, offset):
        weight = rarity(t.word, background)
        if leading and (t.tag[0] in "va" or t.word in openers):
            weight *= LEADING
        else:
            leading = False
        if t.tag == "ns":
            weight *= PLACE
        elif t.word in classes or t.tag[0] in "mt":
            weight *= LIGHT
        out.append(Word(t.start, t.end, t.word, t.tag, weight, leading, classes.get(t.word) == "addressee"))
    return out
