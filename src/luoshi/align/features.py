"""What is computed once per document before it meets any other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from luoshi.model import Document

CLAUSE_END = re.compile(r"[，；：。！？,;:!?]|——")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence between commas; ``start`` and ``end`` in the clean text, punctuation left out.

    ``key``: its letters, digits and Han only; ``at``: where the key begins in the document's normalised text.
    """

    start: int
    end: int
    sentence: int
    key: str
    at: int


class Features:
    """Normalised text and units of a document.

    ``key`` is the text without anything but letters, digits and Han; ``place[i]`` the position of its i-th
    character in the clean text, ``sentence[i]`` the ordinal of the sentence it belongs to (-1: left out, as
    in a boxed summary that the body repeats).
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.spans = [(s.evidence.start, s.evidence.end) for s in document.sentences]
        self.kinds = [s.kind for s in document.sentences]
        self.place, self.sentence = self._normalise()
        self.key = "".join([self.text[i] for i in self.place.tolist()])

    def _normalise(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        place: list[int] = []
        sentence: list[int] = []
        box = self.document.box or (0, 0)
        for n, (start, end) in enumerate(self.spans):
            if box[0] <= start < box[1]:
                continue
            for i in range(start, end):
                if self.text[i].isalnum():
                    place.append(i)
                    sentence.append(n)
        return np.array(place, dtype=np.int32), np.array(sentence, dtype=np.int32)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses in order, those of boxed summaries left out."""
        out: list[Clause] = []
        starts = np.searchsorted(self.place, [s for s, _ in self.spans])
        inside = set(np.unique(self.sentence).tolist())
        for n, (start, end) in enumerate(self.spans):
            if n not in inside:
                continue
            at = int(starts[n])
            for a, b in _cut(self.text, start, end):
                key = "".join([c for c in self.text[a:b] if c.isalnum()])
                if key:
                    out.append(Clause(a, b, n, key, at))
                    at += len(key)
        return tuple(out)


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans between commas, white space and outer punctuation trimmed."""
    out = []
    at = start
    for m in CLAUSE_END.finditer(text, start, end):
        out.append((at, m.start()))
        at = m.end()
    out.append((at, end))
    trimmed = []
    for a, b in out:
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        if a < b:
            trimmed.append((a, b))
    return trimmed
