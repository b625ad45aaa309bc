"""How much of a requirement's words stand together anywhere in a lower document."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from luoshi.cover.clauses import pieces
from luoshi.cover.words import Background, Word, content, halves
from luoshi.model import Document

Matrix = NDArray[np.float32]

WINDOW = 60
"""Characters of neighbouring clauses within one sentence in which words count as standing together."""
NEAR_IN_MEANING, CLOSEST, SYNONYM = 0.5, 0.95, 0.7
"""Cosine below which two words have nothing to do with each other, above which they are as good as synonyms,
and what a synonym is worth against the word itself."""
FRAME, LEAST = 0.6, 8
"""Share of the longer of two clauses that is common in the same order, from which the one is the other with a
part replaced (in texts on other subjects one clause in a thousand reaches it); characters it must have."""
COMPOUND = np.float32(0.9)
"""What a compound (金融监管) is worth whose two words stand apart in a window; one of them alone gives a
quarter of it."""


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring clauses of one sentence."""

    start: int
    end: int
    sentence: int


class Lower:
    """A lower document taken apart once, to be asked for many requirements."""

    def __init__(self, document: Document, background: Background | None) -> None:
        self.document = document
        self.background = background
        self.windows: list[Window] = []
        self.clauses: list[tuple[int, int]] = []
        self.starts = [s.evidence.start for s in document.sentences]
        self.parts: dict[int, list[tuple[int, int]]] = {}
        places: dict[str, list[int]] = defaultdict(list)
        length: list[int] = []
        left_out = [(p.start, p.end) for p in document.paragraphs if p.kind in ("title", "note")]
        left_out += [document.box] if document.box else []
        for n, sentence in enumerate(document.sentences):
            begin, quote = sentence.evidence.start, sentence.evidence.quote
            if any(start <= begin < stop for start, stop in left_out):
                continue
            parts = self.parts[n] = pieces(quote)
            for i, (a, b) in enumerate(parts):
                for word in _with_halves(quote[a:b]):
                    places[word].append(len(length))
                end = i + 1
                while end < len(parts) and parts[end][1] - a <= WINDOW:
                    end += 1
                length.append(end - i)
                self.windows.append(Window(begin + a, begin + parts[end - 1][1], n))
                self.clauses.append((begin + a, begin + b))
        self.words = list(places)
        self.vocabulary = {w: j for j, w in enumerate(self.words)}
        # each clause opens one window, so clauses and windows share their ordinals
        self._length = np.array(length, dtype=np.int64)
        self._count = np.array([len(p) for p in places.values()], dtype=np.int64)
        self._places = np.array([c for p in places.values() for c in p], dtype=np.int64)
        self._of_articles(document)
        self._vectors = _vectors(self.words, background)

    def _of_articles(self, document: Document) -> None:
        """For each window the ordinal of the provision (without an outline: the paragraph) it stands in."""
        tops = sorted(p.evidence.start for p in document.provisions) or [p.start for p in document.paragraphs]
        at = np.searchsorted(np.array(tops, dtype=np.int64), [w.start for w in self.windows], side="right")
        change = np.flatnonzero(np.diff(at)) + 1
        self._first = np.concatenate([[0], change]).astype(np.int64)

    def sentence_at(self, start: int) -> int:
        """Ordinal of the sentence that holds a place of the clean text."""
        return max(0, bisect_right(self.starts, start) - 1)

    def same_frame(self, text: str) -> int:
        """Ordinal of the clause that says the same but for a part put in another's place; -1 where none."""
        found = process.extractOne(text, self._texts, scorer=LCSseq.normalized_similarity, score_cutoff=FRAME)
        return -1 if found is None or len(text) < LEAST else int(found[2])

    @cached_property
    def _texts(self) -> list[str]:
        return [self.document.text[a:b] for a, b in self.clauses]

    def match(self, words: Sequence[str]) -> Matrix:
        """``float32[words, windows]``: how well each word is answered within each window, 0 to 1."""
        if not self.windows or not words:
            return np.zeros((len(words), len(self.windows)), dtype=np.float32)
        parts = {part: n for n, part in enumerate(dict.fromkeys(p for w in words for p in halves(w) or ()))}
        found = self._within(self._likeness([*words, *parts]))
        for i, word in enumerate(words):
            if (pair := halves(word)) is not None:
                a, b = (found[len(words) + parts[p]] for p in pair)
                both = COMPOUND * ((a + b) / 2 + np.minimum(a, b)) / 2
                np.maximum(found[i], both, out=found[i])
        some: Matrix = found[: len(words)]
        return some

    def by_article(self, matched: Matrix) -> Matrix:
        """The same for whole articles, spread over their windows."""
        if not self.windows:
            return matched
        out = np.empty_like(matched)
        for a, b in pairwise(np.append(self._first, len(self.windows)).tolist()):
            out[:, a:b] = matched[:, a:b].max(axis=1, keepdims=True)
        return out

    def _within(self, likeness: Matrix) -> Matrix:
        """From ``float32[words, vocabulary]``, mostly zeros, to the best in each window."""
        rows, columns = np.nonzero(likeness)
        counts = self._count[columns]
        first = (np.cumsum(self._count) - self._count)[columns]
        place = np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        clauses = np.zeros((len(likeness), len(self.windows)), dtype=np.float32)
        where = (np.repeat(rows, counts), self._places[place])
        np.maximum.at(clauses, where, np.repeat(likeness[rows, columns], counts))
        out = clauses.copy()
        for step in range(1, int(self._length.max())):
            longer = np.flatnonzero(self._length > step)
            out[:, longer] = np.maximum(out[:, longer], clauses[:, longer + step])
        return out

    @cached_property
    def _pairs(self) -> dict[str, list[int]]:
        """Words of the vocabulary by the pairs of characters in them."""
        out: dict[str, list[int]] = defaultdict(list)
        for j, word in enumerate(self.words):
            for i in range(len(word) - 1):
                out[word[i : i + 2]].append(j)
        return out

    def _holding(self, word: str) -> set[int]:
        """Words that hold the given one or are held by it."""
        found = {j for i in range(len(word) - 1) for j in self._pairs.get(word[i : i + 2], ())}
        return {
            j for j in found if word != self.words[j] and (word in self.words[j] or self.words[j] in word)
        }

    def _likeness(self, words: Sequence[str]) -> Matrix:
        mine = _vectors(words, self.background)
        cosine = mine @ self._vectors.T
        out = np.clip((cosine - NEAR_IN_MEANING) / (CLOSEST - NEAR_IN_MEANING), 0, 1) * np.float32(SYNONYM)
        for i, word in enumerate(words):
            at = self.vocabulary.get(word)
            if at is not None:
                out[i, at] = 1
            for j in self._holding(word):
                out[i, j] = max(float(out[i, j]), _held(word, self.words[j]))
        result: Matrix = out.astype(np.float32)
        return result


def _held(word: str, other: str) -> float:
    """What it is worth that one of two words holds the other.

    A longer lower word says the same or more (知识产权 for 产权); a shorter one says less, unless only a
    suffix is missing (普惠 for 普惠性). Compounds are judged by their two words.
    """
    if word in other:
        return 0.9
    if word[:-1] == other and word[-1] in "化性型式":
        return 0.9
    return 0.0 if halves(word) else 0.6 * len(other) / len(word)


def _with_halves(text: str) -> list[str]:
    """The content words of a stretch, compounds also as their two words."""
    out: list[str] = []
    for t in content(text):
        out.append(t.word)
        out += halves(t.word) or ()
    return out


def _vectors(words: Sequence[str], background: Background | None) -> Matrix:
    if background is None:
        return np.zeros((len(words), 1), dtype=np.float32)
    out = np.zeros((len(words), background.vectors.shape[1]), dtype=np.float32)
    for i, w in enumerate(words):
        at = background.index.get(w)
        if at is not None:
            out[i] = background.vectors[at]
    return out


@dataclass(frozen=True, slots=True)
class Answer:
    """The place of the lower document that answers a requirement best.

    ``window``: that place; ``score``: the largest share of the weight of the requirement's words that is
    answered in a window, 0 to 1; ``article``: the same for articles; ``matched``: per word, how well the
    place's article answers it.
    """

    window: int
    score: float
    article: float
    matched: tuple[float, ...]


def answer(words: Sequence[Word], matched: Matrix, articles: Matrix) -> Answer:
    """The best window for the words whose rows of the two matrices are given."""
    weights = np.array([w.weight for w in words], dtype=np.float32)
    if not len(words) or float(weights.sum()) <= 0 or not matched.shape[1]:
        return Answer(-1, 0.0, 0.0, tuple(0.0 for _ in words))
    return answer_at(words, matched, articles, int(np.argmax(weights @ matched + weights @ articles)))


def answer_at(words: Sequence[Word], matched: Matrix, articles: Matrix, window: int) -> Answer:
    """What a given window answers; the two shares are still the largest of all."""
    weights = np.array([w.weight for w in words], dtype=np.float32)
    weights /= max(float(weights.sum()), 1e-6)
    return Answer(
        window,
        float((weights @ matched).max()),
        float((weights @ articles).max()),
        tuple(float(x) for x in articles[:, window]),
    )
