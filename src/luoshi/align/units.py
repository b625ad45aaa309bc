"""Clauses and sentences as sets of character bigrams with weights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

CLAUSE_END = re.compile(r"[，；：。！？,;:!?]|——")
NUMBER_COMMA = re.compile(r"\d,\d{3}")
WIDTH = 21
"""Bits of a code point."""

Weights = NDArray[np.float32]
Index = NDArray[np.int32]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Units:
    """Clauses or sentences of a document: spans in the clean text and in the key, the sentence of each.

    ``codes``, ``starts``, ``weights`` hold the character bigrams of each unit, rising, no bigram twice in
    one; ``total`` their summed weight.
    """

    span: Index
    key: Index
    sentence: Index
    codes: Codes
    starts: Index
    weights: Weights
    total: Weights

    def __len__(self) -> int:
        return len(self.span)

    @cached_property
    def posted(self) -> tuple[Codes, Index, Weights]:
        """The bigrams sorted by code: codes, units, weights."""
        unit = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        order = np.argsort(self.codes, kind="stable")
        return self.codes[order], unit[order], self.weights[order]

    @cached_property
    def pointing(self) -> Weights:
        """``float32[codes]``: each bigram's weight over the number of units that have it: how much it
        points to this unit among all of the document."""
        codes, _, _ = self.posted
        _, inverse, count = np.unique(self.codes, return_inverse=True, return_counts=True)
        out: Weights = (self.weights / count[inverse]).astype(np.float32) if len(codes) else self.weights
        return out


def units(key: Index, weight: Weights, span: Index, bounds: Index, sentence: Index) -> Units:
    """Units of the key.

    :param key: characters; ``weight`` their rarity.
    :param span: ``int32[n, 2]``, where each unit stands in the clean text; ``bounds`` in the key.
    :param sentence: ``int32[n]``, the sentence of each.
    """
    pairs = key[:-1].astype(np.int64) << WIDTH | key[1:]
    both = weight[:-1] + weight[1:]
    sizes = np.maximum(bounds[:, 1] - bounds[:, 0] - 1, 0)
    unit = np.repeat(np.arange(len(bounds), dtype=np.int32), sizes)
    first = np.repeat(bounds[:, 0] - np.r_[0, np.cumsum(sizes)[:-1]] if len(bounds) else bounds[:, 0], sizes)
    at = np.arange(len(unit)) + first
    codes, weights = pairs[at], both[at]
    order = np.lexsort((codes, unit))
    codes, weights, unit = codes[order], weights[order], unit[order]
    new = np.ones(len(codes), dtype=np.bool_)
    new[1:] = (codes[1:] != codes[:-1]) | (unit[1:] != unit[:-1])
    codes, weights, unit = codes[new], weights[new].astype(np.float32), unit[new]
    starts = np.searchsorted(unit, np.arange(len(bounds) + 1)).astype(np.int32)
    total = np.bincount(unit, weights, minlength=len(bounds)).astype(np.float32)
    return Units(span, bounds, sentence, codes, starts, weights, total)


def cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans between commas, white space trimmed."""
    out = []
    at = start
    for m in CLAUSE_END.finditer(text, start, end):
        if m.group() == "," and NUMBER_COMMA.match(text, m.start() - 1):
            continue
        out.append((at, m.start()))
        at = m.end()
    out.append((at, end))
    return [t for a, b in out if (t := _trimmed(text, a, b))[0] < t[1]]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def spans_array(spans: Sequence[tuple[int, int]]) -> Index:
    """``int32[n, 2]``."""
    return np.array(spans, dtype=np.int32).reshape(-1, 2)
