"""What of a requirement nothing carries: the objects that no answer holds, as phrases of the requirement."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.cover.clauses import PACKAGE
from luoshi.cover.phrases import Parsed, Phrase, Word
from luoshi.cover.words import cut
from luoshi.text.lexicon import mapping

LOST = 0.5
"""Match below which a word counts as lost."""
WORTH = 1.0
"""Weight below which nobody would miss a word."""


def lost_phrases(text: str, start: int, parsed: Parsed, matched: Sequence[float]) -> tuple[str, ...]:
    """Objects that are lost, whole where all of their words are, else the stretch that is lost with what
    follows it (培训机制 of 渡船船员培训机制).

    :param text: the requirement, ``start`` its place in the upper document.
    :param matched: how well each of its words is answered, 0 to 1.
    """
    out: list[str] = []
    for phrase in parsed.phrases:
        for a, b in _stretches(parsed, phrase, matched):
            out.append(_trimmed(text[a - start : b - start]))
    return tuple(dict.fromkeys(x for x in out if len(x) > 1))


def _lost(word: Word, match: float) -> bool:
    return match < LOST and not word.figure and not word.addressee


def _stretches(parsed: Parsed, phrase: Phrase, matched: Sequence[float]) -> list[tuple[int, int]]:
    """Spans of an object that are lost."""
    some = [parsed.words[i] for i in phrase.words]
    lost = [_lost(w, matched[i]) for i, w in zip(phrase.words, some, strict=True)]
    worth = [gone and w.weight >= WORTH and not w.light for gone, w in zip(lost, some, strict=True)]
    if not any(worth):
        return []
    if all(gone or w.weight < WORTH for gone, w in zip(lost, some, strict=True)):
        return [(phrase.start, phrase.end)]
    out: list[tuple[int, int]] = []
    i = 0
    while i < len(some):
        if not worth[i]:
            i += 1
            continue
        end = i + 1
        while end < len(some) and (lost[end] or some[end].light):
            end += 1
        left = phrase.start if i == 0 else some[i].start
        right = phrase.end if end == len(some) else some[end - 1].end
        out.append((left, right))
        i = end
    return out


def _trimmed(text: str) -> str:
    """Without numbers, measures, verbs before a noun, and little words at its beginning."""
    found = cut(text)
    roles, classes = mapping(PACKAGE, "clauses.tsv"), mapping(PACKAGE, "weights.tsv")
    first = 0
    for i, t in enumerate(found):
        more = i + 1 < len(found)
        verb = roles.get(t.word) in ("verb", "adverb") or classes.get(t.word) == "verb"
        little = (
            t.tag[0] in "mqpudcx" or (t.tag == "f" and len(t.word) == 1) or classes.get(t.word) == "addressee"
        )
        if not more or not (little or (verb and found[i + 1].tag[0] in "nbsj")):
            break
        first = t.end
    return text[first:].strip("“”‘’ ")
