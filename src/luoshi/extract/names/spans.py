"""Spans of names and the choice among those that overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from luoshi.model.records import EntityType


class Span(NamedTuple):
    """A name in a string: its place (code points, end exclusive), its type, the weight in a conflict."""

    start: int
    end: int
    type: EntityType
    weight: int = 0


def settle(spans: Iterable[Span]) -> list[Span]:
    """The spans that stay: none inside or across another.

    The heavier wins, then the longer, then the earlier; the result is in the order of the text.
    """
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda s: (-s.weight, s.start - s.end, s.start, s.type)):
        if span.end > span.start and all(span.end <= k.start or span.start >= k.end for k in kept):
            kept.append(span)
    return sorted(kept)
