"""The place of a lower document that answers a requirement best, judged object by object.

An object counts as answered in one clause, not by words scattered over the document; all objects together
within one article. Words that only name what another thing is made of (水源 in 水源涵养林) answer nothing
alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from luoshi.cover.measure import Lower, Matched
from luoshi.cover.phrases import QUALITY, Parsed, Phrase, weight_of

Values = NDArray[np.float32]

FAVOUR = np.float32(0.15)
"""How much less an article may answer than the best one to be preferred because a link leads there."""
KEPT = 0.5
"""Match from which a word counts as answered."""
APART = np.float32(0.85)
"""What an object is worth whose words stand in neighbouring clauses."""
HEADLESS = np.float32(0.4)
"""What an object is worth at most whose head is lost (渡船船员 of 渡船船员培训机制)."""
CHANCE = np.float32(0.1)
"""What a single word of several is worth where it only modifies another thing or stands alone."""
BARE = 0.3
"""What a word that is the whole object is worth where it modifies another thing."""
LOOSE, STEP = 0.55, 0.05
"""What the only word that names an object is worth where it modifies another thing, and what is added for
each unit of its weight."""
ALONE, PART, MOST = 2.0, 0.4, 0.65
"""Weight that a word must have to answer for an object alone, where it is the object's head or its
thing; share of the object that must then stand there; share of its weight from which any word may."""
TERM = 4
"""Characters of an object that must stand together in the lower document where its head is lost."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a lower document answers of a requirement.

    ``clause``: where it answers best, -1 nowhere; ``share``: how much of the requirement's weight is answered
    in that article, 0 to 1; ``spread``: the same where each object is looked for in an article of its own;
    ``objects``, ``matched``: how well each object and each word is answered, 0 to 1.
    """

    clause: int
    share: float
    spread: float
    objects: tuple[float, ...]
    matched: tuple[float, ...]


def nothing(parsed: Parsed) -> Answer:
    """No answer."""
    return Answer(-1, 0.0, 0.0, (0.0,) * len(parsed.phrases), (0.0,) * len(parsed.words))


def answer(lower: Lower, parsed: Parsed, matched: Matched, favoured: Sequence[int] = ()) -> Answer:
    """The best article of the lower document.

    :param matched: a row for each word of the requirement.
    :param favoured: clauses to which links lead; an article with one is preferred to a slightly better one.
    """
    weights = [weight_of(parsed, p) for p in parsed.phrases]
    if not matched.clauses.shape[1] or sum(weights) <= 0:
        return nothing(parsed)
    values = np.stack([_values(lower, parsed, p, matched) for p in parsed.phrases])
    for n, p in enumerate(parsed.phrases):
        if p.leans:  # 便利化程度 of something else is no answer
            keys = [i for q in parsed.phrases[:n] for i in q.words if parsed.words[i].names]
            with_it = (matched.windows[keys] >= KEPT).any(axis=0) if keys else np.ones(values.shape[1], bool)
            values[n] = np.where(with_it, values[n], np.minimum(values[n], CHANCE))
    by_article = np.maximum.reduceat(values, lower.first, axis=1)
    total = np.array(weights, dtype=np.float32) / np.float32(sum(weights))
    shares = total @ by_article
    preferred = np.zeros_like(shares)
    preferred[[lower.article_at(c) for c in favoured]] = FAVOUR
    best = int(np.argmax(shares + preferred))
    start = int(lower.first[best])
    end = lower.article_of(start)[1]
    inside = values[:, start:end]
    clause = start + int(np.argmax(total @ inside))
    return Answer(
        clause,
        float(shares[best]),
        float(total @ values.max(axis=1)),
        tuple(float(v) for v in by_article[:, best]),
        tuple(float(v) for v in _words(parsed, matched, inside, start)),
    )


def at(lower: Lower, parsed: Parsed, matched: Matched, clause: int) -> Answer:
    """What the clause itself answers, by its words alone."""
    weights = np.array([weight_of(parsed, p) for p in parsed.phrases], dtype=np.float32)
    rows = matched.clauses[:, clause]
    objects = [_share(parsed, p, rows[:, None])[0] for p in parsed.phrases]
    share = float(weights @ np.array(objects, dtype=np.float32)) / max(float(weights.sum()), 1e-6)
    return Answer(clause, share, share, tuple(float(o) for o in objects), tuple(float(v) for v in rows))


def _words(parsed: Parsed, matched: Matched, inside: Values, start: int) -> Values:
    """Per word how well it is answered in the clause that answers its object best; other words anywhere in
    the article."""
    end = start + inside.shape[1]
    out: Values = matched.clauses[:, start:end].max(axis=1)
    for p, row in zip(parsed.phrases, inside, strict=True):
        best = start + int(np.argmax(row))
        for i in p.words:
            if float(row[best - start]) <= CHANCE:
                out[i] = 0.0
                continue
            out[i] = max(float(matched.clauses[i, best]), float(matched.windows[i, best]))
    return out


def _share(parsed: Parsed, phrase: Phrase, rows: Values) -> Values:
    """Share of an object's weight that is answered, for each column."""
    w = np.array([parsed.words[i].weight for i in phrase.words], dtype=np.float32)
    out: Values = (w @ rows[list(phrase.words)]) / max(float(w.sum()), 1e-6)
    return out


def _values(lower: Lower, parsed: Parsed, phrase: Phrase, matched: Matched) -> Values:
    """How well an object is answered in each clause, 0 to 1."""
    near = _share(parsed, phrase, matched.windows)
    here = _share(parsed, phrase, matched.clauses)
    out: Values = np.maximum(here, near * APART)
    rows = np.maximum(matched.clauses, matched.windows * APART)
    keys = [i for i in phrase.words if parsed.words[i].names]
    if len(keys) < 2:
        return _alone(parsed, phrase, keys[0], matched, out) if keys else out
    kept = rows[keys] >= KEPT
    count = kept.sum(axis=0)
    head = rows[list(phrase.head)].mean(axis=0) >= KEPT
    out = np.where(head, out, np.minimum(out, HEADLESS))
    whole = sum(parsed.words[i].weight for i in phrase.words)
    central = np.array([_may_stand_alone(parsed, phrase, i, whole) for i in keys])
    stands = (kept & (matched.heads[keys] >= KEPT) & central[:, None]).any(axis=0) & (near >= PART)
    out = np.where(count == 0, np.minimum(out, CHANCE), out)
    doubtful = np.flatnonzero((count > 0) & ~stands & ~(head & (count > 1)) & (out > CHANCE)).tolist()
    terms = _terms(parsed, phrase) if doubtful else ()
    for j in doubtful:
        text = lower.text_of(j)
        if not any(term in text for term in terms):
            out[j] = CHANCE
    result: Values = out.astype(np.float32)
    return result


def _alone(parsed: Parsed, phrase: Phrase, key: int, matched: Matched, out: Values) -> Values:
    """An object that a single word names: less where the word modifies another thing or where the subject of
    the document that belongs to it is missing, and the less the commoner the word is."""
    worth = np.float32(BARE if len(phrase.words) == 1 else min(1.0, LOOSE + STEP * parsed.words[key].weight))
    whole = (matched.heads[key] >= KEPT) | (matched.windows[key] < KEPT)
    for i in phrase.words:
        if parsed.words[i].subject:
            whole = whole & (matched.windows[i] >= KEPT)
    result: Values = np.where(whole, out, out * worth).astype(np.float32)
    return result


def _may_stand_alone(parsed: Parsed, phrase: Phrase, word: int, whole: float) -> bool:
    """Whether a word may answer for its object alone: it is what the object is, or most of what it says."""
    weight = parsed.words[word].weight
    if parsed.words[word].text[-1] in QUALITY:
        return False
    return weight >= ALONE and (word in phrase.head or word == phrase.thing or weight >= MOST * whole)


def touches(lower: Lower, parsed: Parsed, clause: int) -> bool:
    """Whether a place has a word that names the matter, or two characters of one; likeness of meaning
    alone is chance."""
    text = lower.window_text(clause)
    names = [w.text for w in parsed.words if w.names]
    return not names or any(name[i : i + 2] in text for name in names for i in range(len(name) - 1))


def _terms(parsed: Parsed, phrase: Phrase) -> tuple[str, ...]:
    """What of an object must stand together in a clause, as one term: two neighbouring words."""
    some = [parsed.words[i] for i in phrase.words]
    return tuple(
        a.text + b.text
        for a, b in pairwise(some)
        if not (a.light or b.light) and (a.names or b.names) and len(a.text + b.text) >= TERM
    )
