"""Whether two documents are about the same subject, by their titles and what they keep saying."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from luoshi.align.features import Features
from luoshi.align.words import is_local
from luoshi.text import lexicon, tokens

LEAST = 4
"""Characters of a subject that tell it from others (未来产业, 营商环境)."""
RARE = 3.5
"""Summed rarity of its words."""
OFTEN = 3
"""So many sentences of a document, its title apart, name what it is about."""


def same_subject(lower: Features, upper: Features) -> bool:
    """Whether both titles name one subject that both texts take up again and again.

    What titles of any subject say (关于印发…实施方案的通知) and names of places are none.
    """
    mine, theirs = _parts(lower.document.row.title), _parts(upper.document.row.title)
    return any(
        len(term) >= LEAST and _rarity(lower, run) >= RARE and _repeats(lower, term) and _repeats(upper, term)
        for a in mine
        for b in theirs
        for run in _common(a, b)
        if (term := "".join(run))
    )


@lru_cache(maxsize=4096)
def _parts(title: str) -> tuple[tuple[str, ...], ...]:
    """Words of a title side by side, without those of any title."""
    told = lexicon.words("luoshi.align", "title_words.tsv")

    def plain(word: str) -> bool:
        return word in told or is_local(word) or not any(c.isalpha() for c in word)

    return tuple(tuple(some) for by_any, some in groupby(tokens.cut(title), plain) if not by_any)


def _common(a: tuple[str, ...], b: tuple[str, ...]) -> list[tuple[str, ...]]:
    """For each two places the words that both lists have from there on."""
    out = []
    for i in range(len(a)):
        for j in range(len(b)):
            n = 0
            while i + n < len(a) and j + n < len(b) and a[i + n] == b[j + n]:
                n += 1
            if n:
                out.append(a[i : i + n])
    return out


def _rarity(features: Features, words: tuple[str, ...]) -> float:
    known = features.background
    at = [known.index.get(w, -1) for w in words]
    return sum(float(known.idf[k]) if k >= 0 else known.rare / 2 for k in at)


def _repeats(features: Features, term: str) -> bool:
    said = (features.text[slice(*features.spans[n])] for n in features.kept.tolist())
    return sum(term in sentence for sentence in said) >= OFTEN
