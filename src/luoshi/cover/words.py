"""Content words of a text, each with its weight: how much would be lost if nothing answered it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from luoshi.cover.clauses import tagged
from luoshi.text import tokens
from luoshi.text.lexicon import words

Vectors = NDArray[np.float32]

UNKNOWN, MADE_UP = 4.0, 2.5
"""Weight of a word that the background lacks: mostly a rare one; of one that the dictionary lacks too: maybe
no word at all."""

_DROPPED = frozenset("xucpdryeohk")
_STOP = frozenset("是有在到为使让上下中来去好更各受既又要把将同也等个化性年月日内外里间前后")
_RESULTS = frozenset("好牢实紧住准活响亮通优强足稳细成出入进上下达")
_MEASURES = frozenset("率量额值费户")
_TITLE = re.compile("《[^《》]{2,80}》")


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


def rarity(word: str, background: Background | None) -> float:
    """Weight of a word by its rarity alone, about 0.2 to 6."""
    if background is None:
        return 1.0 + 0.5 * min(len(word), 6)
    at = background.index.get(word)
    if at is None:
        return UNKNOWN if tokens.known(word) else MADE_UP
    return min(6.0, max(0.2, float(background.idf[at]) - 1.0))


def cut(text: str) -> list[tokens.Token]:
    """All tokens of a stretch; the title of a document (《…》) is one, so that its words answer no others."""
    out: list[tokens.Token] = []
    at = 0
    for m in _TITLE.finditer(text):
        out += [tokens.Token(t.start + at, t.end + at, t.word, t.tag) for t in tagged(text[at : m.start()])]
        out.append(tokens.Token(m.start() + 1, m.end() - 1, m.group()[1:-1], "nz"))
        at = m.end()
    out += [tokens.Token(t.start + at, t.end + at, t.word, t.tag) for t in tagged(text[at:])]
    return _joined(out)


def _joined(found: list[tokens.Token]) -> list[tokens.Token]:
    """What the segmenter took apart, as one: pairs of single characters (过闸, 报装), measures (加工率)."""
    out: list[tokens.Token] = []
    for t in found:
        last = out[-1] if out else None
        if last is not None and last.end == t.start and t.word in _MEASURES and last.tag[0] in "nv":
            out[-1] = tokens.Token(last.start, t.end, last.word + t.word, "n")  # 加工率
        elif last is not None and last.end == t.start and _half(last, first=True) and _half(t, first=False):
            out[-1] = tokens.Token(last.start, t.end, last.word + t.word, "vn" if t.tag[0] == "v" else "n")
        else:
            out.append(t)
    return out


def _half(t: tokens.Token, *, first: bool) -> bool:
    if len(t.word) > 1 or t.word in _STOP or t.word in _RESULTS:
        return False
    return t.tag[0] in "nvg" or (first and t.tag == "ug")


def means_something(token: tokens.Token) -> bool:
    """Whether a token means something by itself."""
    if token.tag[0] in _DROPPED or token.word in _STOP or not token.word[0].isalnum():
        return False
    return token.tag != "f" or tokens.known(token.word)  # the segmenter makes up words of direction


def content(text: str, offset: int = 0) -> list[tokens.Token]:
    """The tokens of a stretch that mean something by themselves, spans moved by ``offset``."""
    return [
        tokens.Token(t.start + offset, t.end + offset, t.word, t.tag) for t in cut(text) if means_something(t)
    ]


@lru_cache(maxsize=65536)
def coordinate(word: str) -> bool:
    """Whether a compound joins two words of action (开发利用), so that either says much of it."""
    pair = halves(word)
    return pair is not None and all(tokens.tag(p)[0].tag in ("v", "vn") for p in pair)


@lru_cache(maxsize=65536)
def halves(word: str) -> tuple[str, str] | None:
    """The two words of a compound of four characters (金融监管, 人口素质); idioms are one thing."""
    first, second = word[:2], word[2:]
    if len(word) == 4 and min(word) >= "\u4e00" and tokens.known(first) and tokens.known(second):
        return None if word in words("luoshi.cover", "idioms.tsv") else (first, second)
    return None
