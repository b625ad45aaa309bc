"""Near misses: places of the lower document that share words with a requirement but are no answer to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from luoshi.cover.answers import Answer
from luoshi.cover.clauses import is_means, without_label
from luoshi.cover.measure import Lower, Matrix
from luoshi.cover.phrases import Word
from luoshi.model import Near
from luoshi.text import tokens
from luoshi.text.lexicon import mapping, words

MOST = 4
"""Near misses kept for a requirement."""
KEY, SHARE = 1.5, 0.12
"""Weight from which a word names what a requirement is about; share of the requirement's weight that a place
must have in common with it to be worth showing."""
SAME = 0.9
"""Match from which a word counts as standing there itself, not only something like it."""


def near_misses(
    lower: Lower, required: Sequence[Word], matched: Matrix, answered: Collection[int]
) -> tuple[Near, ...]:
    """Places with a key word of the requirement, best first.

    :param required: the requirement's content words; ``matched`` has a row for each.
    :param answered: ordinals of the sentences that do answer it; they are left out.
    """
    weights = np.array([w.weight for w in required], dtype=np.float32)
    keys = [i for i in np.argsort(-weights, kind="stable").tolist() if _names(required[i])]
    if not keys or not matched.shape[1]:
        return ()
    shares = weights @ (matched * (matched >= SAME)) / weights.sum()
    free = np.array([w.sentence not in answered for w in lower.windows])
    out: dict[tuple[int, int], _Place] = {}
    for i in keys:
        places = np.flatnonzero((matched[i] >= SAME) & free & (shares >= SHARE))
        for j in places[np.argsort(-shares[places], kind="stable")][: 3 * MOST].tolist():
            found = _clause(lower, j, required[i].text)
            if found is not None and found not in out:
                out[found] = _place(lower, required, required[i].text, found)
    names = list(dict.fromkeys(required[i].text for i in keys))
    chosen = _varied([p for p in out.values() if p.score >= SHARE])
    return tuple(_near(lower, p, names) for p in chosen)


def answer_by_words(
    lower: Lower, required: Sequence[Word], matched: Matrix, best: Answer
) -> tuple[Near, ...]:
    """The place that answers a requirement by its words where no link leads to it, said to be only that."""
    if best.clause < 0:
        return ()
    view = lower.windows[best.clause]
    place = lower.document.evidence(view.start, view.end)
    held = [w for w, m in zip(required, matched[:, best.clause], strict=True) if m >= SAME and not w.leading]
    shared = tuple(dict.fromkeys(w.text for w in sorted(held, key=lambda w: -w.weight)))
    words = "".join(f"“{w}”" for w in shared[:3])
    reason = (
        f"可能的承接处：词句相合（{words}），未建立文本对应"
        if words
        else "可能的承接处：词义相近，未建立文本对应"
    )
    return (Near(evidence=place, reason=reason, shared=shared, score=round(best.share, 4)),)


def _names(word: Word) -> bool:
    """Whether a word names a thing; of the verbs only those made of a quality (便利化) do."""
    thing = word.tag != "v" or word.text.endswith("化")
    return thing and word.weight >= KEY and not word.leading and not word.addressee and len(word.text) > 1


@dataclass(frozen=True, slots=True)
class _Place:
    """A clause with a key word: its span, the word, all words it shares, their share of the weight."""

    start: int
    end: int
    word: str
    shared: tuple[str, ...]
    score: float


def _place(lower: Lower, required: Sequence[Word], word: str, span: tuple[int, int]) -> _Place:
    text = lower.document.text[slice(*span)]
    held = [w for w in required if w.text in text]
    score = sum(w.weight for w in held) / sum(w.weight for w in required)
    return _Place(*span, word, tuple(dict.fromkeys(w.text for w in held)), round(score, 4))


def _varied(found: list[_Place]) -> list[_Place]:
    """The best few, each key word's best place before another's second one."""
    found = sorted(found, key=lambda p: (-p.score, p.start))
    best = {p.shared: p for p in reversed(found)}
    first = [p for p in found if best[p.shared] is p]
    return (first + [p for p in found if best[p.shared] is not p])[:MOST]


def _near(lower: Lower, place: _Place, names: Sequence[str]) -> Near:
    text = lower.document.text[place.start : place.end]
    return Near(
        evidence=lower.document.evidence(place.start, place.end),
        reason=reason(text, place.word, [n for n in names if n not in text]),
        shared=place.shared,
        score=place.score,
    )


def _clause(lower: Lower, window: int, word: str) -> tuple[int, int] | None:
    """The comma clause of a window that holds the word, its span in the lower document."""
    view = lower.windows[window]
    sentence = lower.document.sentences[view.sentence].evidence
    for a, b in lower.parts[view.sentence]:
        if word in sentence.quote[a:b] and view.start <= sentence.start + a < view.end:
            return sentence.start + without_label(sentence.quote, a, b), sentence.start + b
    return None


def reason(text: str, word: str, missing: Sequence[str]) -> str:
    """Why a clause with the word is no answer: what part the word plays there, and what is not mentioned.

    :param text: the clause of the lower document; ``missing``: the requirement's other key words.
    """
    part = _part(text, word)
    lacking = "".join(f"“{m}”" for m in missing[:3])
    return f"{part}，未涉及{lacking}" if lacking else part


def _part(text: str, word: str) -> str:
    found = tokens.tag(text)
    at = next((i for i, t in enumerate(found) if word in t.word or t.word in word), -1)
    if at < 0:
        return f"仅出现“{word}”一词"
    if is_means(text):
        return f"“{word}”在此只是依托的条件或背景，不是举措的对象"
    head = _head(found, at)
    if head:
        whole = text[found[at].start : found[head[1] - 1].end]
        if any(t.word in words("luoshi.cover", "places.tsv") for t in found[at + 1 : head[1]]):
            return f"“{word}”在此只作地点或载体（“{whole}”）"
        return f"“{word}”在此只作修饰，说的是“{whole}”"
    topic, listed = _topic(found, at)
    if topic and listed:
        return f"“{word}”在此说的是“{topic}”"
    if topic:
        return f"此处说的是“{topic}{text[found[at].start : found[at].end]}”"
    return f"此处举措为“{_short(text)}”，只提到“{word}”"


def _head(found: Sequence[tokens.Token], at: int) -> tuple[str, int] | None:
    """The noun that the word modifies, where one follows at once, and the ordinal behind it."""
    light = mapping("luoshi.cover", "weights.tsv")
    end = at + 1
    while end < len(found) and found[end].tag in ("n", "nz", "vn", "l", "s") and end - at <= 2:
        end += 1
    head = "".join(t.word for t in found[at + 1 : end])
    return (head, end) if len(head) > 1 and head not in light else None


def _topic(found: Sequence[tokens.Token], at: int) -> tuple[str, bool]:
    """What the word is said of: the nouns between the verb and the word, and whether a list stands between.

    政务服务 in 推进政务服务标准化、便利化.
    """
    start = at
    while start > 0 and found[start - 1].tag not in ("v", "p", "c", "d", "u", "uj", "r"):
        start -= 1
    stretch: list[tokens.Token] = []
    listed = False
    for t in found[start:at]:
        if t.tag == "x":
            listed = True
            break
        stretch.append(t)
    if listed and stretch and stretch[-1].word[-1:] == found[at].word[-1:]:
        stretch.pop()
    topic = "".join(t.word for t in stretch)
    named = len(topic) > 1 and all(t.tag[0] in "njlsvab" for t in stretch)
    return (topic, listed) if named else ("", listed)


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"
