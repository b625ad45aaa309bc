"""Policy field of a commitment, by words: the field whose words weigh most in it and in its headings."""

from __future__ import annotations

import re
from functools import cache

from luoshi.text.lexicon import table

_HEADINGS = (0.6, 0.4, 0.2)
"""What a word in a title counts, the innermost title first."""
_LEAST = 0.8
_CLEAR = 0.85
"""The second field's share of the best one's weight above which titles alone do not tell."""


@cache
def _words() -> tuple[re.Pattern[str], dict[str, tuple[tuple[str, float], ...]]]:
    found: dict[str, list[tuple[str, float]]] = {}
    for row in table("luoshi.extract", "domains.tsv"):
        weight = float(row[1])
        for word in row[2].split():
            found.setdefault(word, []).append((row[0], weight))
    words = sorted(found, key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, words))), {k: tuple(v) for k, v in found.items()}


@cache
def _weights(text: str) -> tuple[tuple[str, float], ...]:
    pattern, words = _words()
    total: dict[str, float] = {}
    for word in set(pattern.findall(text)):
        for field, weight in words[word]:
            total[field] = total.get(field, 0.0) + weight
    return tuple(sorted(total.items()))


def domain(text: str, headings: tuple[str, ...] = ()) -> str | None:
    """The field of a commitment's words, helped by the titles above it; ``None`` where nothing tells."""
    own = dict(_weights(text))
    total = dict(own)
    for title, share in zip(headings, _HEADINGS, strict=False):
        for field, weight in _weights(title):
            total[field] = total.get(field, 0.0) + weight * share
    if not total:
        return None
    best, *others = sorted(total, key=lambda k: (-total[k], k))
    if total[best] < _LEAST or (best not in own and others and total[others[0]] > _CLEAR * total[best]):
        return None
    return best
