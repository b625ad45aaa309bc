"""Policy field of a commitment, by words: the field whose words weigh most in it and in its headings."""

from __future__ import annotations

import re
from functools import cache

from luoshi.text.lexicon import table

_HEADING = 0.5
_LEAST = 1.0


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
    total = dict(_weights(text))
    for title in headings:
        for field, weight in _weights(title):
            total[field] = total.get(field, 0.0) + weight * _HEADING
    if not total:
        return None
    best = max(sorted(total), key=lambda k: total[k])
    return best if total[best] >= _LEAST else None
