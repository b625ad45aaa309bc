"""How much of a requirement's words stand together anywhere in a lower document."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from luoshi.cover.clauses import is_note, pieces
from luoshi.cover.words import Background, coordinate, cut, halves, means_something
from luoshi.model import Document, Evidence
from luoshi.text import tokens
from luoshi.text.lexicon import mapping

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


WORDED = 7
"""Characters from which a clause that stands in a text word for word is carried, whatever it says."""
EITHER = np.float32(0.6)
"""What one of two words of action that a compound joins is worth (开发利用)."""
CELL = 6
"""Characters up to which a cell of a table is a heading of its column."""
LONG = 8
"""Characters beyond which a word is the title of a document, which holds no answer to the words in it."""
PAPER = 0.9
"""What one kind of paper is worth for another (实施方案, 任务清单)."""


@dataclass(frozen=True, slots=True)
class Matched:
    """``float32[words, clauses]``, 0 to 1: how well each word is answered within each clause; by a word that
    is the head of its phrase there; within the window that each clause opens."""

    clauses: Matrix
    heads: Matrix
    windows: Matrix

    def rows(self, some: Sequence[int]) -> Matched:
        """Those of some words."""
        return Matched(self.clauses[some], self.heads[some], self.windows[some])


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
        places: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        length: list[int] = []
        left_out = [(p.start, p.end) for p in document.paragraphs if p.kind in ("title", "note")]
        left_out += [document.box] if document.box else []
        for n, sentence in enumerate(document.sentences):
            begin, quote = sentence.evidence.start, sentence.evidence.quote
            if any(start <= begin < stop for start, stop in left_out) or is_note(quote):
                continue
            parts = [p for p in pieces(quote) if not _is_column(quote, *p)]
            self.parts[n] = parts
            for i, (a, b) in enumerate(parts):
                for word, heads in _with_halves(quote[a:b]):
                    places[word].append((len(length), heads))
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
        self._places = np.array([c for p in places.values() for c, _ in p], dtype=np.int64)
        self._heads = np.array([h for p in places.values() for _, h in p], dtype=np.float32)
        self._of_articles(document)
        self._vectors = _vectors(self.words, background)

    def _of_articles(self, document: Document) -> None:
        """For each window the ordinal of the provision (without an outline: the paragraph) it stands in."""
        tops = sorted(p.evidence.start for p in document.provisions) or [p.start for p in document.paragraphs]
        at = np.searchsorted(np.array(tops, dtype=np.int64), [w.start for w in self.windows], side="right")
        change = np.flatnonzero(np.diff(at)) + 1
        self.first = np.concatenate([[0], change]).astype(np.int64)

    def sentence_at(self, start: int) -> int:
        """Ordinal of the sentence that holds a place of the clean text."""
        return max(0, bisect_right(self.starts, start) - 1)

    def same_frame(self, text: str) -> tuple[int, float]:
        """Ordinal of the clause that says the same but for a part put in another's place, and how like they
        are; -1 where there is none."""
        found = process.extractOne(text, self._texts, scorer=LCSseq.normalized_similarity, score_cutoff=FRAME)
        return (-1, 0.0) if found is None or len(text) < LEAST else (int(found[2]), float(found[1]))

    def clauses_in(self, place: Evidence) -> range:
        """Ordinals of the clauses that a place touches."""
        first = bisect_right(self._begins, place.start) - 1
        return range(max(0, first), bisect_left(self._begins, place.end))

    @cached_property
    def _begins(self) -> list[int]:
        return [a for a, _ in self.clauses]

    def text_of(self, clause: int) -> str:
        """The text of a clause."""
        start, end = self.clauses[clause]
        return self.document.text[start:end]

    def window_text(self, clause: int) -> str:
        """The text of the window that a clause opens."""
        return self.document.text[self.windows[clause].start : self.windows[clause].end]

    @cached_property
    def _texts(self) -> list[str]:
        return [self.document.text[a:b] for a, b in self.clauses]

    def match(self, words: Sequence[str]) -> Matched:
        """How well each word is answered within each clause and each window."""
        empty = np.zeros((len(words), len(self.windows)), dtype=np.float32)
        if not self.windows or not words:
            return Matched(empty, empty, empty)
        parts = {part: n for n, part in enumerate(dict.fromkeys(p for w in words for p in halves(w) or ()))}
        found = self._within(self._likeness([*words, *parts]))
        for i, word in enumerate(words):
            if (pair := halves(word)) is not None:
                for some in found:
                    a, b = (some[len(words) + parts[p]] for p in pair)
                    both = COMPOUND * ((a + b) / 2 + np.minimum(a, b)) / 2
                    if coordinate(word):
                        both = np.maximum(both, EITHER * np.maximum(a, b))
                    np.maximum(some[i], both, out=some[i])
        self._as_text(words, found)
        return Matched(*(some[: len(words)] for some in found))

    def _as_text(self, words: Sequence[str], found: Sequence[Matrix]) -> None:
        """Words of three characters and more also where the segmenter cut the lower text otherwise."""
        text, begins = self.document.text, self._begins
        for i, word in enumerate(words):
            at = text.find(word) if len(word) > 2 else -1
            while at >= 0:
                clause = bisect_right(begins, at) - 1
                inside = text.rfind("《", self.clauses[max(clause, 0)][0], at) > text.rfind("》", 0, at)
                if clause >= 0 and at + len(word) <= self.clauses[clause][1] and not inside:
                    for some in found:
                        some[i, clause] = 1
                at = text.find(word, at + 1)

    def stands(self, text: str) -> int:
        """Ordinal of the clause with which a wording begins that stands there word for word (marks apart); -1
        where there is none."""
        wanted = "".join(filter(str.isalnum, text))
        at = self._bare.find(wanted) if len(wanted) >= WORDED else -1
        while at >= 0:
            clause = bisect_left(self._bare_begins, at)
            if self._bare_begins[clause : clause + 1] == [at]:
                return clause
            at = self._bare.find(wanted, at + 1)
        return -1

    @cached_property
    def _bare(self) -> str:
        """The letters of all clauses."""
        return "".join("".join(filter(str.isalnum, text)) for text in self._texts)

    @cached_property
    def _bare_begins(self) -> list[int]:
        """Where each clause begins in them."""
        sizes = (sum(map(str.isalnum, text)) for text in self._texts)
        return list(accumulate(sizes, initial=0))

    def article_text(self, clause: int) -> str:
        """The text of the article that holds a clause."""
        first, last = self.article_of(clause)
        return self.document.text[self.clauses[first][0] : self.clauses[last - 1][1]]

    def article_at(self, clause: int) -> int:
        """Ordinal of the article that holds a clause."""
        return int(np.searchsorted(self.first, clause, side="right")) - 1

    def article_of(self, clause: int) -> tuple[int, int]:
        """The clauses of the article that holds one."""
        at = self.article_at(clause)
        end = self.first[at + 1] if at + 1 < len(self.first) else len(self.windows)
        return int(self.first[at]), int(end)

    def _within(self, likeness: Matrix) -> tuple[Matrix, Matrix, Matrix]:
        """From ``float32[words, vocabulary]``, mostly zeros, to the best in each clause, there as a head, and
        in each window."""
        rows, columns = np.nonzero(likeness)
        counts = self._count[columns]
        first = (np.cumsum(self._count) - self._count)[columns]
        place = np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        clauses = np.zeros((len(likeness), len(self.windows)), dtype=np.float32)
        heads = np.zeros_like(clauses)
        where = (np.repeat(rows, counts), self._places[place])
        values = np.repeat(likeness[rows, columns], counts)
        np.maximum.at(clauses, where, values)
        np.maximum.at(heads, where, values * self._heads[place])
        out = clauses.copy()
        for step in range(1, int(self._length.max())):
            longer = np.flatnonzero(self._length > step)
            out[:, longer] = np.maximum(out[:, longer], clauses[:, longer + step])
        return clauses, heads, out

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
            j
            for j in found
            if word != self.words[j]
            and len(self.words[j]) <= LONG
            and (word in self.words[j] or self.words[j] in word)
        }

    @cached_property
    def _kinds(self) -> Mapping[str, str]:
        return mapping("luoshi.cover", "weights.tsv")

    @cached_property
    def _papers(self) -> list[int]:
        return [j for j, word in enumerate(self.words) if self._kinds.get(word) == "paper"]

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
            if self._kinds.get(word) == "paper":
                for j in self._papers:
                    out[i, j] = max(float(out[i, j]), PAPER)
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


def _with_halves(text: str) -> list[tuple[str, bool]]:
    """The content words of a stretch, compounds also as their two words; with each whether it stands as the
    head of its phrase (产业集群: 集群 does, 产业 does not)."""
    out: list[tuple[str, bool]] = []
    found = cut(text)
    light = mapping("luoshi.cover", "weights.tsv")
    for i, t in enumerate(found):
        if not means_something(t) and (len(t.word) < 2 or t.tag[0] in "xmu"):
            continue
        heads = _heads(found, i, light)
        out.append((t.word, heads))
        if (pair := halves(t.word)) is not None:
            out += [(pair[0], False), (pair[1], heads)]
    return out


def _is_column(text: str, start: int, end: int) -> bool:
    """Whether a clause is the head of a table's column."""
    return text[start - 1 : start] == "\t" and end - start <= CELL


def _heads(found: Sequence[tokens.Token], at: int, light: Mapping[str, str]) -> bool:
    """Whether a word is what is spoken of: no noun of weight follows it at once, or only words of action."""
    if found[at + 1 : at + 2] and found[at + 1].word == "的":
        return False
    for t in found[at + 1 :]:
        if (
            t.tag[0] not in "nlsjbv"
            or (len(t.word) < 2 and t.tag[0] != "n")
            or t.word in light
            or not means_something(t)
        ):
            return True
        if t.tag[0] != "v":
            return False
        if mapping("luoshi.cover", "clauses.tsv").get(t.word) == "verb" and t.tag == "v":
            return True
    return True


def _vectors(words: Sequence[str], background: Background | None) -> Matrix:
    if background is None:
        return np.zeros((len(words), 1), dtype=np.float32)
    out = np.zeros((len(words), background.vectors.shape[1]), dtype=np.float32)
    for i, w in enumerate(words):
        at = background.index.get(w)
        if at is not None:
            out[i] = background.vectors[at]
    return out
