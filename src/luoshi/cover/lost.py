"""What of a requirement nothing carries: its words that no answer holds, put together to phrases."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.cover.words import Word

LOST = 0.5
"""Match below which a word counts as lost."""
WORTH = 1.0
"""Weight below which nobody would miss a word."""


def lost_phrases(
    text: str, start: int, required: Sequence[Word], matched: Sequence[float]
) -> tuple[str, ...]:
    """Phrases of neighbouring lost words, without the verb that leads the clause and without the addressee.

    :param text: the requirement, ``start`` its place in the upper document.
    :param matched: how well each of its words is answered, 0 to 1.
    """
    runs: list[list[Word]] = []
    for word, match in zip(required, matched, strict=True):
        if match >= LOST or word.leading or word.addressee:
            continue
        if runs and runs[-1][-1].end == word.start:
            runs[-1].append(word)
        else:
            runs.append([word])
    worth = [r for r in map(_without_light_head, runs) if r]
    return tuple(dict.fromkeys(text[r[0].start - start : r[-1].end - start] for r in worth))


def _without_light_head(run: list[Word]) -> list[Word]:
    """The run from its first word that somebody would miss; what follows it is its head."""
    first = next((i for i, w in enumerate(run) if w.weight >= WORTH), len(run))
    return run[first:]
