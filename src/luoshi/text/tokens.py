"""Words with their places: a thin wrapper around rjieba (jieba's dictionary and tags).

The dictionary is jieba's with the words of ``data/words.tsv`` added once, so that every process cuts alike.
Tags are those of jieba (ICTCLAS): ``v`` verb, ``vn`` verbal noun, ``n`` noun, ``ns`` place, ``nr`` person,
``nt`` body, ``m`` number, ``d`` adverb, ``c`` conjunction, ``p`` preposition, ``x`` punctuation …
"""

from __future__ import annotations

from functools import lru_cache, partial
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from luoshi.text.lexicon import table

if TYPE_CHECKING:
    import rjieba


class Token(NamedTuple):
    """A word, its tag and its span in the string that was cut (code points, end exclusive)."""

    start: int
    end: int
    word: str
    tag: str


_TOKEN = partial(tuple.__new__, Token)


@lru_cache(maxsize=1)
def _jieba() -> rjieba.Jieba:
    # Imported when a word is first asked for: it unpacks its dictionary.
    import rjieba

    cutter = rjieba.Jieba()
    for row in table("luoshi.text", "words.tsv"):
        word, tag = row[0], row[1] if len(row) > 1 and row[1] else "n"
        # high enough that the word is never cut
        cutter.add_word(word, int(row[2]) if len(row) > 2 else 20000, tag)
    return cutter


def cut(text: str) -> list[str]:
    """The words of a string, punctuation included; joined they are the string."""
    return list(_jieba().cut(text, True))


@lru_cache(maxsize=8192)
def tag(text: str) -> tuple[Token, ...]:
    """The words of a string with tags and offsets."""
    pairs = _jieba().tag(text, True)
    if not pairs:
        return ()
    found, tags = zip(*pairs, strict=True)
    ends = [*accumulate(map(len, found))]
    # a named tuple's own constructor takes three times as long
    return tuple(map(_TOKEN, zip([0, *ends], ends, found, tags, strict=False)))


def known(word: str) -> bool:
    """Whether the dictionary has the word."""
    return bool(_jieba().has_word(word))
