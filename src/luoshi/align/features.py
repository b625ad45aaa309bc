"""What is computed once per document before it meets any other."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from luoshi import kernels
from luoshi.align.background import GRAM, Background, hash_grams, load_background
from luoshi.align.outline import blocks, paragraphs_of, silent, unit_notes
from luoshi.align.passages import Grams, grams
from luoshi.align.units import Units, cut, spans_array, units
from luoshi.align.words import formula_mask, is_local, skip, title_grams
from luoshi.model import Document
from luoshi.text import tokens

LOCAL_WEIGHT = 0.25
"""Part of their rarity that names of places keep: they are what changes when a text goes down a level."""
UNKNOWN_WEIGHT = 0.6
"""Part of the greatest rarity that an unknown word gets: most are ordinary words cut in an odd place."""
CENTRE = 0.7
"""How much of a document's mean direction is taken out of its vectors: what all its sentences share."""
STOCK = (3.5, 6.5)
"""Binary logarithms of the numbers of documents from which on a phrase begins to be stock, and wholly is."""
REPEATS = 1
"""Binary logarithm of how often a document may hold a phrase before that makes it a formula."""
STOCK_DISCOUNT = 0.95
"""Part of its rarity that a stock phrase loses where wordings are compared."""
FORMULA_WEIGHT = 0.05
"""Part of their rarity that formulas keep (特此通知, 保障措施): every document of a kind has them."""
LIST_SHARE = 1.5
"""So many full words the members of a list count for together, when meanings are compared."""
LEAST_SAID = 6.0
"""Summed rarity without which a sentence says nothing of its own."""
STOCK_MEANING = 0.5
"""The same where meanings are."""
SUBJECT_SHARE, SUBJECT_WEIGHT = 0.02, 0.2
"""Share of a document's sentences from which on a word that they hold begins to lose weight, and the part of
it that the word keeps at least."""
LEAST_SENTENCES = 20
"""So many sentences a document counts for at least when such shares are taken."""

SPEAKING = frozenset(
    {"speech-report", "meeting", "commentary", "editorial", "signed-article", "quotes", "communique"}
)
"""Kinds of documents whose title is a part of what they say."""

Vectors = NDArray[np.float32]
Index = NDArray[np.int32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Word:
    """Places of a word's letters, its rarity, the known words that it is or is made of and what each
    weighs."""

    letters: list[int]
    value: float
    parts: tuple[int, ...]
    part_value: float


class Features:
    """Normalised text, units and vectors of a document.

    ``key`` is the text without anything but letters, digits and Han, and without labels and reporting words
    (7. 会议指出，); ``place[i]`` is the position of its i-th character in the clean text, ``weight[i]`` its
    rarity, ``of_sentence[i]`` the sentence it belongs to. Sentences of a boxed summary that the body
    repeats, titles and notes have none: they take no part.
    """

    def __init__(self, document: Document, background: Background | None = None) -> None:
        self.document = document
        self.background = background or load_background()
        self.text = document.text
        self.spans = [(s.evidence.start, s.evidence.end) for s in document.sentences]
        self.paragraph = paragraphs_of(document)
        self.block, self.heads, self.parents = blocks(document, self.paragraph)
        self._words()

    def _words(self) -> None:
        """Words, characters and their weights, in one walk over the sentences."""
        place: list[int] = []
        weight: list[float] = []
        word: list[int] = []
        word_weight: list[float] = []
        word_at: list[int] = []
        known: dict[str, _Word] = {}
        quiet = silent(self.document, self.paragraph)
        noted = unit_notes(self.document)
        for n, (start, end) in enumerate(self.spans):
            if quiet[n] or bool(noted[start:end].all()):
                continue
            at = skip(self.text, start, end)
            for w in tokens.cut(self.text[at:end]):
                entry = known.get(w)
                if entry is None:
                    entry = known[w] = self._word(w)
                if entry.letters and not noted[at]:
                    place += [at + i for i in entry.letters]
                    weight += [entry.value / len(entry.letters)] * len(entry.letters)
                    for j in entry.parts:
                        word.append(j)
                        word_weight.append(entry.part_value)
                        word_at.append(at)
                at += len(w)
        self._arrays(place, weight, word, word_weight, word_at)

    def _word(self, word: str) -> _Word:
        k = self.background.index.get(word, -1)
        rare = self.background.rare * UNKNOWN_WEIGHT
        letters = [i for i, c in enumerate(word) if c.isalnum()]
        value = float(self.background.idf[k]) if k >= 0 else (rare if len(letters) > 1 else rare / 2)
        if is_local(word):
            value *= LOCAL_WEIGHT
        parts = _known_parts(word, k, self.background.index)
        return _Word(letters, value, parts, value if k >= 0 else value / 2)

    def _arrays(
        self,
        place: list[int],
        weight: list[float],
        word: list[int],
        word_weight: list[float],
        word_at: list[int],
    ) -> None:
        """The attributes of :meth:`_words` as arrays, with what a place takes from its words' weights."""
        starts = np.array([a for a, _ in self.spans], dtype=np.int64)
        self.place = np.array(place, dtype=np.int32)
        self.weight = np.array(weight, dtype=np.float32)
        self.of_sentence = (np.searchsorted(starts, self.place, side="right") - 1).astype(np.int32)
        self.key = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype=np.int32)[self.place]
        formula = formula_mask(self.text, self.spans)
        self.weight[formula[self.place]] *= FORMULA_WEIGHT
        self.stock = self._stock()
        self.weight *= 1 - STOCK_DISCOUNT * self.stock
        self.word = np.array(word, dtype=np.int32)
        self.word_at = np.array(word_at, dtype=np.int32)
        self.word_sentence = (np.searchsorted(starts, self.word_at, side="right") - 1).astype(np.int32)
        self.word_weight = np.array(word_weight, dtype=np.float32)
        self.word_weight[formula[self.word_at]] *= FORMULA_WEIGHT
        self.word_weight *= self._list_shares()[self.word_at]
        self.word_weight *= self._subject_discount()
        if len(self.stock):
            at_key = np.minimum(np.searchsorted(self.place, self.word_at), len(self.place) - 1)
            self.word_weight *= 1 - STOCK_MEANING * self.stock[at_key]

    def _subject_discount(self) -> Vectors:
        """``float32[words]``: what a word keeps of its weight where meanings are compared: what every other
        sentence of a document names, its subject, tells none of them from the others."""
        if not len(self.word):
            return np.ones(0, dtype=np.float32)
        once = np.unique(self.word.astype(np.int64) << 32 | self.word_sentence)
        known, count = np.unique(once >> 32, return_counts=True)
        sentences = max(len(np.unique(self.word_sentence)), LEAST_SENTENCES)
        share = count[np.searchsorted(known, self.word)] / sentences
        kept = np.log(1 / np.minimum(share, 1)) / np.log(1 / SUBJECT_SHARE)
        discount: Vectors = np.clip(kept, SUBJECT_WEIGHT, 1).astype(np.float32)
        return discount

    def _list_shares(self) -> Vectors:
        """``float32[text]``: what the words at each place weigh when meanings are compared.

        The members of a list (新材料、生物医药、…) stand for one thing together: without this the longest
        list decides what a sentence is about.
        """
        out = np.ones(len(self.text), dtype=np.float32)
        for a, b in self._clause_spans[0]:
            commas = self.text.count("、", a, b)
            if commas:
                out[a:b] = min(1.0, LIST_SHARE / (commas + 1))
        return out

    @cached_property
    def _clause_spans(self) -> tuple[list[tuple[int, int]], list[int]]:
        """Spans of the clauses of the sentences that take part, and the sentence of each."""
        spans: list[tuple[int, int]] = []
        of: list[int] = []
        for n in self.kept.tolist():
            start, end = self.spans[n]
            for some in cut(self.text, skip(self.text, start, end), end):
                spans.append(some)
                of.append(n)
        return spans, of

    @cached_property
    def clauses(self) -> Units:
        """Stretches between commas that hold a letter."""
        span = spans_array(self._clause_spans[0])
        sentence = np.array(self._clause_spans[1], dtype=np.int32)
        bounds = np.searchsorted(self.place, span).astype(np.int32)
        solid = bounds[:, 1] > bounds[:, 0]
        return units(self.key, self.weight, span[solid], bounds[solid], sentence[solid])

    @cached_property
    def sentences(self) -> Units:
        """Whole sentences, one unit for each of the document's, empty where it is left out."""
        span = spans_array(self.spans)
        bounds = np.searchsorted(self.place, span).astype(np.int32)
        return units(self.key, self.weight, span, bounds, np.arange(len(span), dtype=np.int32))

    @cached_property
    def grams(self) -> Grams:
        """The n-grams of the key, to be asked for passages."""
        return grams(self.key, self.of_sentence)

    @cached_property
    def clause_bounds(self) -> Index:
        """``int32[kept, 2]``: first and last (exclusive) clause of each sentence that takes part."""
        of = self.clauses.sentence
        return np.stack(
            [np.searchsorted(of, self.kept), np.searchsorted(of, self.kept, side="right")], axis=1
        ).astype(np.int32)

    @cached_property
    def acts(self) -> NDArray[np.bool_]:
        """Which sentences that take part ask for something: actions and goals that say more than a formula.

        Where nobody has judged the document, all but headings.
        """
        kinds = [s.kind in ("action", "goal") for s in self.document.sentences]
        if not any(kinds):
            kinds = [s.kind != "heading" for s in self.document.sentences]
        said = np.bincount(self.of_sentence, self.weight, minlength=len(kinds)) >= LEAST_SAID
        return (np.array(kinds, dtype=np.bool_) & said)[self.kept]

    @cached_property
    def headings(self) -> NDArray[np.bool_]:
        """Which sentences that take part are headings that say what they are about, more than a formula."""
        kinds = [s.kind == "heading" for s in self.document.sentences]
        said = np.bincount(self.of_sentence, self.weight, minlength=len(kinds)) >= LEAST_SAID
        return (np.array(kinds, dtype=np.bool_) & said)[self.kept]

    @cached_property
    def titles(self) -> frozenset[str]:
        """Stretches of letters of the titles that the document has and cites: its subject, which each
        document on it names. News of a speech or a meeting has its own words in the title.
        """
        row = self.document.row
        own = () if row.kind in SPEAKING else (row.title,)
        return title_grams((*own, *(c.title for c in row.cites)))

    def key_of(self, start: int, end: int) -> slice:
        """The part of the key that stands in a span of the clean text."""
        # integers of another width would have numpy copy the whole array
        at = self.place.searchsorted(np.array([start, end], dtype=np.int32))
        return slice(int(at[0]), int(at[1]))

    def clauses_of(self, sentence: int) -> list[int]:
        """Ordinals of the clauses of a sentence."""
        at = self.clauses.sentence.searchsorted(np.array([sentence, sentence + 1], dtype=np.int32))
        return list(range(int(at[0]), int(at[1])))

    @cached_property
    def chapter(self) -> Index:
        """For each sentence the outermost block above its own that holds at most half of all sentences, else
        its own block: where one document is carried on part by part, a chapter answers a passage."""
        above = [int(self.block[h]) if h >= 0 else -1 for h in self.parents]
        size = np.bincount(self.block, minlength=len(above))
        whole = size.copy()
        for b in range(len(above)):
            up = above[b]
            while up >= 0:
                whole[up] += size[b]
                up = above[up] if above[up] != up else -1
        chapter = np.arange(len(above), dtype=np.int32)
        for b in range(len(above)):
            up = above[b]
            while up >= 0 and whole[up] <= len(self.block) / 2:
                chapter[b] = up
                up = above[up] if above[up] != up else -1
        return chapter[self.block]

    def sentence_at(self, at: int) -> int:
        """Ordinal of the sentence that holds a place of the clean text."""
        return max(0, bisect_right(self.spans, at, key=lambda s: s[0]) - 1)

    def asks(self, at: int) -> bool:
        """Whether the sentence at a place asks for something, by its kind."""
        return self.document.sentences[self.sentence_at(at)].kind in ("action", "goal", "principle")

    def is_heading(self, at: int) -> bool:
        """Whether a place of the clean text is in a heading."""
        return self.document.sentences[self.sentence_at(at)].kind == "heading"

    def block_text(self, sentence: int) -> str:
        """The text of the block (article, item, paragraph) that a sentence stands in."""
        first, last = self._block_bounds[self.block[sentence]].tolist()
        return self.text[self.spans[first][0] : self.spans[last][1]]

    @cached_property
    def _block_bounds(self) -> Index:
        """``int32[blocks, 2]``: first and last sentence of each block."""
        n = np.arange(len(self.block), dtype=np.int32)
        out = np.zeros((len(self.heads), 2), dtype=np.int32)
        out[self.block[::-1], 0] = n[::-1]
        out[self.block, 1] = n
        return out

    def row_of(self, sentence: int) -> tuple[int, int] | None:
        """Span of the table's row that a sentence stands in, ``None`` elsewhere."""
        at = int(self.paragraph[sentence])
        found = self.document.paragraphs[at] if at >= 0 else None
        return (found.start, found.end) if found and found.kind == "table-row" else None

    @cached_property
    def kept(self) -> Index:
        """Ordinals of the sentences that take part."""
        return np.unique(self.of_sentence)

    def _stock(self) -> Vectors:
        """``float32[key]``: how common the most common n-gram around each character is, 0 to 1.

        A phrase that the document itself repeats again and again is formula as well.
        """
        hashes = hash_grams(self.key)
        found = self.background.commonness(hashes)
        _, inverse, count = np.unique(hashes, return_inverse=True, return_counts=True)
        found = found + np.maximum(np.log2(count[inverse]) - REPEATS, 0)
        out = np.zeros(len(self.key), dtype=np.float32)
        for i in range(GRAM):
            part = out[i : i + len(found)]
            np.maximum(part, found, out=part)
        share: Vectors = np.clip((out - STOCK[0]) / (STOCK[1] - STOCK[0]), 0, 1).astype(np.float32)
        return share

    @cached_property
    def sentence_vectors(self) -> Vectors:
        """``float32[sentences, d]``: the sum of the words' vectors by rarity, centred, of length 1."""
        return self._centred(self._raw)

    @cached_property
    def clause_vectors(self) -> Vectors:
        """The same for clauses."""
        starts = self.clauses.span[:, 0]
        unit = (np.searchsorted(starts, self.word_at, side="right") - 1).astype(np.int32)
        return self._centred(self._sum(unit, len(starts)))

    @cached_property
    def block_vectors(self) -> Vectors:
        """The same for blocks: articles, paragraphs."""
        return self._centred(self._sum(self.block[self.word_sentence], len(self.heads)))

    @cached_property
    def head_vectors(self) -> Vectors:
        """The same for the heading or first sentence of each block."""
        return self._centred(self._raw[np.array(self.heads, dtype=np.int64)])

    @cached_property
    def _raw(self) -> Vectors:
        return self._sum(self.word_sentence, len(self.spans))

    def _sum(self, unit: Index, units: int) -> Vectors:
        ok = unit >= 0
        return kernels.sums(
            self.background.vectors, self.word[ok], self.word_weight[ok], unit[ok].astype(np.int32), units
        )

    def _centred(self, vectors: Vectors) -> Vectors:
        mean = _unit(_unit(self._raw).sum(axis=0, keepdims=True))
        vectors = _unit(vectors)
        return _unit(vectors - CENTRE * (vectors @ mean.T) * mean)


def _known_parts(word: str, index: int, known: dict[str, int]) -> tuple[int, ...]:
    """The word itself, or, where the background lacks it, what it is made of."""
    if index >= 0:
        return (index,)
    some = dict.fromkeys((word[:2], word[-2:])) if len(word) > 2 else ()
    return tuple([known[part] for part in some if part in known])


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
    return unit
