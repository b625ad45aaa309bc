"""Finding a quoted place again in another version of its text; never guessing silently.

An anchor is a quote with some text before and after it (W3C Web Annotation, TextQuoteSelector). In a new
version it is *valid* where the quote stands word for word at one clear place, *drifted* where something
like it stands (to be confirmed by a person), else *orphaned*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

CONTEXT = 32
"""Characters before and after that an anchor keeps."""
LONG = 16
"""A quote of this length that stands once needs no witness beside it."""
WITNESS = 0.5
"""How much of the text before or after must agree for a short quote, or for one of several places."""
LIKE = 0.6
"""Least similarity at which another wording is proposed (normalised indel similarity)."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where an anchor stands in a new text: ``state`` valid, drifted or orphaned (then no span)."""

    state: str
    start: int = 0
    end: int = 0
    score: float = 0.0


def find(
    text: str, quote: str, prefix: str = "", suffix: str = "", spans: Sequence[tuple[int, int]] = ()
) -> Found:
    """Where a quote stands in a text.

    :param spans: places that may be proposed for another wording (candidates, sentences), code points.
    """
    places = list(_occurrences(text, quote)) if quote else []
    if places:
        rated = sorted(((_witness(text, i, len(quote), prefix, suffix), -i) for i in places), reverse=True)
        best, start = rated[0][0], -rated[0][1]
        alone = len(places) == 1
        clear = alone or best - rated[1][0] > 0.1
        if clear and (best >= WITNESS or (alone and len(quote) >= LONG) or not (prefix or suffix)):
            return Found("valid", start, start + len(quote), 1.0)
        return Found("drifted", start, start + len(quote), 1.0)
    return _like(text, quote, prefix, suffix, spans)


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """The text before and after a span that its anchor keeps."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def near(
    text: str, quote: str, spans: Sequence[tuple[int, int]], limit: int = 3
) -> list[tuple[float, int, int]]:
    """The spans most like a quote, best first: similarity 0…1, start, end."""
    quotes = [text[a:b] for a, b in spans]
    found = process.extract(quote, quotes, scorer=fuzz.ratio, limit=limit, score_cutoff=20)
    return [(round(score / 100, 3), *spans[i]) for _, score, i in found]


def _occurrences(text: str, quote: str) -> Iterator[int]:
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)


def _witness(text: str, start: int, length: int, prefix: str, suffix: str) -> float:
    """How well the better side agrees, with a little of the other, so that ties break by both."""
    before = fuzz.ratio(prefix, text[max(0, start - len(prefix)) : start]) / 100 if prefix else 0.0
    end = start + length
    after = fuzz.ratio(suffix, text[end : end + len(suffix)]) / 100 if suffix else 0.0
    return max(before, after) * 0.75 + (before + after) * 0.125


def _like(text: str, quote: str, prefix: str, suffix: str, spans: Sequence[tuple[int, int]]) -> Found:
    best = Found("orphaned")
    for score, start, end in near(text, quote, spans, 8):
        told = score + 0.1 * _witness(text, start, end - start, prefix, suffix)
        if score >= LIKE and told > best.score:
            best = Found("drifted", start, end, told)
    if best.state == "orphaned" and len(quote) >= 8:
        window = fuzz.partial_ratio_alignment(quote, text, score_cutoff=LIKE * 100)
        if window is not None and window.dest_end > window.dest_start:
            return Found("drifted", window.dest_start, window.dest_end, round(window.score / 100, 3))
    return Found(best.state, best.start, best.end, round(min(1.0, best.score), 3))
