"""The words around a match, the match lit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from luoshi_web.search.query import Query, Term
from luoshi_web.search.words import Token, tokens

WIDTH = 150
"""Characters shown, about."""
BEFORE = 30
"""Characters shown before the first match."""
_BREAKS = "，。；：、！？,;:!?\n \t"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text, lit or not; where it begins in the whole text."""

    text: str
    lit: bool
    start: int


Snippet: TypeAlias = tuple[Segment, ...]


def matches(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the wanted terms stand, in order; overlapping ones are one."""
    some = list(tokens(text))
    spans: list[tuple[int, int]] = []
    for term in query.wanted:
        spans += _found(some, term)
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _found(some: list[Token], term: Term) -> list[tuple[int, int]]:
    n = len(term.words)
    first, last = term.words[0], term.words[-1]
    out = []
    for i in range(len(some) - n + 1):
        if n > 1 and some[i].word != first:
            continue
        ends = some[i + n - 1].word
        if not (ends.startswith(last) if term.prefix else ends == last):
            continue
        if n > 2 and any(some[i + k].word != term.words[k] for k in range(1, n - 1)):
            continue
        out.append((some[i].start, some[i + n - 1].end))
    return out


def whole(text: str, query: Query) -> Snippet:
    """All of a text, its matches lit."""
    return _cut(text, 0, len(text), matches(text, query), 0)


def lines(text: str, query: Query) -> Snippet:
    """The first line of a text, and of the others those that match, its matches lit."""
    out: list[Segment] = []
    at = 0
    for n, line in enumerate(text.split("\n")):
        spans = matches(line, query)
        if n and spans:
            out.append(Segment(" · ", False, at))
        if n == 0 or spans:
            out += snippet(line, query, at)
        at += len(line) + 1
    return tuple(out)


def snippet(text: str, query: Query, at: int = 0) -> Snippet:
    """The part of a text with the most different terms close together; ``…`` where it was cut.

    :param at: where the text begins in a longer one, for the segments' places.
    """
    spans = matches(text, query)
    if len(text) <= WIDTH:
        return _cut(text, 0, len(text), spans, at)
    start, first = _begin(text, spans)
    end = min(len(text), max(start + WIDTH, first))
    if end < len(text) and end > first:
        breaks = [text.rfind(b, max(first, start + WIDTH * 3 // 4), end) for b in _BREAKS]
        end = max(breaks) + 1 or end
    head = (Segment("…", False, at + start),) if start > 0 else ()
    tail = (Segment("…", False, at + end),) if end < len(text) else ()
    return (*head, *_cut(text, start, end, spans, at), *tail)


def _begin(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Where to begin, so that the most different matches are in sight, and where the first of them ends.

    It begins with a clause where one begins near.
    """
    if not spans:
        return 0, 0
    reach = WIDTH - BEFORE
    kinds = [
        len({text[a:b] for a, b in spans[i : i + 20] if b <= s + reach}) for i, (s, _e) in enumerate(spans)
    ]
    a, b = spans[kinds.index(max(kinds))]
    start = max(0, a - BEFORE)
    if start == 0:
        return 0, b
    near = [i for i in range(start, a) if text[i] in _BREAKS]
    return (near[0] + 1 if near else start), b


def _cut(text: str, start: int, end: int, spans: list[tuple[int, int]], at: int) -> Snippet:
    out: list[Segment] = []
    here = start
    for a, b in spans:
        a, b = max(a, start), min(b, end)
        if a >= b:
            continue
        if a > here:
            out.append(Segment(text[here:a], False, at + here))
        out.append(Segment(text[a:b], True, at + a))
        here = b
    if here < end:
        out.append(Segment(text[here:end], False, at + here))
    return tuple(out)
