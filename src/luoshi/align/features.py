"""What is computed once per document before it meets any other."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from luoshi.align.background import GRAM, Background, hash_grams, load_background
from luoshi.align.words import formula_spans, is_local
from luoshi.model import Document
from luoshi.text import tokens

CLAUSE_END = re.compile(r"[，；：。！？,;:!?]|——")
REPORTING = re.compile(
    r"[^，。：；！？]{0,14}(?:指出|强调|要求|表示|认为|提出|指示|号召|希望|介绍)[，：,:]\s*"
)
"""Who says it, before what is said: no wording of the text itself."""
LABEL = re.compile(
    r"(?:第[一二三四五六七八九十百零\d]+[编章节条款]|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[)）]"
    r"|\d+[.．、](?!\d)|[①-⑳]|[一二三四五六七八九十]是|——|[■●◆▲])\s*"
)
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

Vectors = NDArray[np.float32]
Index = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Clauses or sentences of a document: spans in the clean text and in the key, the sentence of each.

    ``codes``, ``starts``, ``weights`` hold the character bigrams of each unit, no bigram twice in one;
    ``total`` their summed weight; ``posted`` the same sorted by code: codes, units, weights.
    """

    span: Index
    key: Index
    sentence: Index
    codes: NDArray[np.int64]
    starts: Index
    weights: Vectors
    total: Vectors
    posted: tuple[NDArray[np.int64], Index, Vectors]

    def __len__(self) -> int:
        return len(self.span)


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
        self.block, self.heads, self.parents = _blocks(document)
        self._words()

    def _words(self) -> None:
        """Words, characters and their weights, in one walk over the sentences."""
        known, idf = self.background.index, self.background.idf
        rare = self.background.rare * UNKNOWN_WEIGHT
        place: list[int] = []
        weight: list[float] = []
        of_sentence: list[int] = []
        word: list[int] = []
        word_weight: list[float] = []
        word_sentence: list[int] = []
        word_at: list[int] = []
        silent = _silent(self.document)
        for n, (start, end) in enumerate(self.spans):
            if silent[n]:
                continue
            at = skip(self.text, start, end)
            formulas = formula_spans(self.text, at, end)
            shares = _list_shares(self.text, at, end)
            for w in tokens.cut(self.text[at:end]):
                size = sum(c.isalnum() for c in w)
                if size:
                    k = known.get(w, -1)
                    value = float(idf[k]) if k >= 0 else (rare if size > 1 else rare / 2)
                    if is_local(w):
                        value *= LOCAL_WEIGHT
                    if any(a <= at < b for a, b in formulas):
                        value *= FORMULA_WEIGHT
                    for i, c in enumerate(w):
                        if c.isalnum():
                            place.append(at + i)
                            weight.append(value / size)
                            of_sentence.append(n)
                    for j in _known_parts(w, k, known):
                        word.append(j)
                        word_weight.append((value if k >= 0 else value / 2) * shares[at])
                        word_sentence.append(n)
                        word_at.append(at)
                at += len(w)
        self.place = np.array(place, dtype=np.int32)
        self.weight = np.array(weight, dtype=np.float32)
        self.of_sentence = np.array(of_sentence, dtype=np.int32)
        self.key = np.array([ord(self.text[i]) for i in place], dtype=np.int32)
        self.stock = self._stock()
        self.weight *= 1 - STOCK_DISCOUNT * self.stock
        self.word = np.array(word, dtype=np.int32)
        self.word_weight = np.array(word_weight, dtype=np.float32)
        self.word_sentence = np.array(word_sentence, dtype=np.int32)
        self.word_at = np.array(word_at, dtype=np.int32)
        at_key = np.minimum(np.searchsorted(self.place, self.word_at), max(0, len(self.place) - 1))
        if len(self.stock):
            self.word_weight *= 1 - STOCK_MEANING * self.stock[at_key]

    @cached_property
    def clauses(self) -> Units:
        """Stretches between commas."""
        spans: list[tuple[int, int]] = []
        of: list[int] = []
        for n in self.kept.tolist():
            start, end = self.spans[n]
            for a, b in _cut(self.text, skip(self.text, start, end), end):
                spans.append((a, b))
                of.append(n)
        return self._units(spans, of, keep_empty=False)

    @cached_property
    def sentences(self) -> Units:
        """Whole sentences, one unit for each of the document's, empty where it is left out."""
        return self._units(self.spans, list(range(len(self.spans))), keep_empty=True)

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

    def sentence_at(self, at: int) -> int:
        """Ordinal of the sentence that holds a place of the clean text."""
        return max(0, bisect_right(self.spans, at, key=lambda s: s[0]) - 1)

    def is_heading(self, at: int) -> bool:
        """Whether a place of the clean text is in a heading."""
        return self.document.sentences[self.sentence_at(at)].kind == "heading"

    def block_text(self, sentence: int) -> str:
        """The text of the block (article, item, paragraph) that a sentence stands in."""
        some = np.flatnonzero(self.block == self.block[sentence])
        return self.text[self.spans[some[0]][0] : self.spans[some[-1]][1]]

    def row_of(self, sentence: int) -> tuple[int, int] | None:
        """Span of the table's row that a sentence stands in, ``None`` elsewhere."""
        starts = [p.start for p in self.document.paragraphs]
        at = bisect_right(starts, self.spans[sentence][0]) - 1
        found = self.document.paragraphs[at] if at >= 0 else None
        return (found.start, found.end) if found and found.kind == "table-row" else None

    @cached_property
    def kept(self) -> Index:
        """Ordinals of the sentences that take part."""
        return np.unique(self.of_sentence)

    def _units(self, spans: list[tuple[int, int]], of: list[int], *, keep_empty: bool) -> Units:
        span = np.array(spans, dtype=np.int32).reshape(-1, 2)
        sentence = np.array(of, dtype=np.int32)
        key = np.searchsorted(self.place, span).astype(np.int32)
        if not keep_empty:
            solid = key[:, 1] > key[:, 0]
            span, key, sentence = span[solid], key[solid], sentence[solid]
        codes = self.key[:-1].astype(np.int64) << 21 | self.key[1:]
        both = self.weight[:-1] + self.weight[1:]
        parts: list[NDArray[np.int64]] = []
        part_weights: list[Vectors] = []
        starts = np.zeros(len(key) + 1, dtype=np.int32)
        for n, (a, b) in enumerate(key.tolist()):
            unique, first = np.unique(codes[a : max(a, b - 1)], return_index=True)
            parts.append(unique)
            part_weights.append(both[a + first])
            starts[n + 1] = starts[n] + len(unique)
        all_codes = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        weights = np.concatenate(part_weights) if parts else np.zeros(0, dtype=np.float32)
        unit = np.repeat(np.arange(len(key), dtype=np.int32), np.diff(starts))
        order = np.lexsort((unit, all_codes))
        total = np.bincount(unit, weights, minlength=len(key)).astype(np.float32)
        posted = (all_codes[order], unit[order], weights[order])
        return Units(span, key, sentence, all_codes, starts, weights, total, posted)

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
        unit = np.searchsorted(starts, self.word_at, side="right") - 1
        ok = unit >= 0
        return self._centred(self._sum(unit[ok], len(starts), ok))

    @cached_property
    def block_vectors(self) -> Vectors:
        """The same for blocks: articles, paragraphs."""
        return self._centred(_add(self._raw, self.block, len(self.heads)))

    @cached_property
    def head_vectors(self) -> Vectors:
        """The same for the heading or first sentence of each block."""
        rows = [self._raw[h] if h >= 0 else np.zeros_like(self._raw[0]) for h in self.heads]
        return self._centred(np.array(rows, dtype=np.float32).reshape(len(rows), -1))

    @cached_property
    def parent_vectors(self) -> Vectors:
        """The same for the heading of the chapter that a block stands in (0 where there is none)."""
        rows = [self._raw[h] if h >= 0 else np.zeros_like(self._raw[0]) for h in self.parents]
        return self._centred(np.array(rows, dtype=np.float32).reshape(len(rows), -1))

    @cached_property
    def _raw(self) -> Vectors:
        return self._sum(self.word_sentence, len(self.spans), np.ones(len(self.word), dtype=np.bool_))

    def _sum(self, unit: NDArray[np.intp] | Index, units: int, ok: NDArray[np.bool_]) -> Vectors:
        vectors = self.background.vectors[self.word[ok]] * self.word_weight[ok][:, None]
        return _add(vectors, unit, units)

    def _centred(self, vectors: Vectors) -> Vectors:
        mean = _unit(_unit(self._raw).sum(axis=0, keepdims=True))
        vectors = _unit(vectors)
        return _unit(vectors - CENTRE * (vectors @ mean.T) * mean)


def _silent(document: Document) -> list[bool]:
    """For each sentence whether it takes no part: the box, the title, editor's notes and signatures, and the
    cells beside a task (numbers, bodies, dates), which tell who does it and when."""
    box = document.box or (0, 0)
    starts = [p.start for p in document.paragraphs]
    asks = ("action", "goal")
    at = [bisect_right(starts, s.evidence.start) - 1 for s in document.sentences]
    asking = {n for n, s in zip(at, document.sentences, strict=True) if s.kind in asks}
    out = []
    for n, sentence in zip(at, document.sentences, strict=True):
        start = sentence.evidence.start
        kind = document.paragraphs[n].kind if n >= 0 else "body"
        beside = kind == "table-row" and (
            sentence.kind == "heading" or (n in asking and sentence.kind not in asks)
        )
        out.append(beside or box[0] <= start < box[1] or kind in ("title", "note"))
    return out


def _list_shares(text: str, start: int, end: int) -> dict[int, float]:
    """For each place of a sentence, what its words weigh when meanings are compared.

    The members of a list (新材料、生物医药、…) stand for one thing together: without this the longest list
    decides what a sentence is about.
    """
    out = {}
    for a, b in _cut(text, start, end):
        share = min(1.0, LIST_SHARE / (text.count("、", a, b) + 1))
        out.update(dict.fromkeys(range(a, b), share))
    return defaultdict(lambda: 1.0, out)


def skip(text: str, start: int, end: int) -> int:
    """Where the wording of a sentence begins, after its label and the words that say who speaks."""
    at = start
    for pattern in (LABEL, LABEL, REPORTING):
        m = pattern.match(text, at, end)
        if m and m.end() < end:
            at = m.end()
    return at


def _known_parts(word: str, index: int, known: dict[str, int]) -> Iterable[int]:
    """The word itself, or, where the background lacks it, what it is made of."""
    if index >= 0:
        yield index
    elif len(word) > 2:
        for part in dict.fromkeys((word[:2], word[-2:])):
            if part in known:
                yield known[part]


def _add(vectors: Vectors, unit: NDArray[np.intp] | Index, units: int) -> Vectors:
    out = np.zeros((units, vectors.shape[1]), dtype=np.float32)
    if len(unit):
        order = np.argsort(unit, kind="stable")
        bounds = np.flatnonzero(np.r_[True, np.diff(unit[order]) > 0])
        out[unit[order][bounds]] = np.add.reduceat(vectors[order], bounds, axis=0)
    return out


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
    return unit


def _blocks(document: Document) -> tuple[Index, list[int], list[int]]:
    """Block of each sentence (article, item, or paragraph where nothing is numbered), the ordinal of each
    block's heading (or first) sentence, and that of the heading of the chapter above (-1: none)."""
    provisions = {p.id: p for p in document.provisions}
    paragraph_starts = [p.start for p in document.paragraphs]
    block: list[int] = []
    heads: list[int] = []
    parents: list[int] = []
    seen: dict[str, int] = {}
    head_of: dict[str, int] = {}
    for n, sentence in enumerate(document.sentences):
        start = sentence.evidence.start
        row = provisions.get(sentence.provision or "")
        paragraph = int(np.searchsorted(paragraph_starts, start, side="right"))
        name = row.id if row else f"paragraph {paragraph}"
        if name not in seen:
            seen[name] = len(heads)
            heads.append(n)
            head_of[name] = n
            above = row.parent if row else None
            while above and above not in head_of and above in provisions:
                above = provisions[above].parent
            parents.append(head_of.get(above or "", -1))
        block.append(seen[name])
    return np.array(block, dtype=np.int32), heads, parents


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans between commas, white space trimmed."""
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
