"""Digests of quotations: whose words, said when, where the captions stand apart from the quotes.

A layout program often sets the captions (``①2024年3月1日，某地，在座谈会上的讲话``) in boxes of their own;
the text that is taken out of the page has them together, before or behind the quotes. Captions and quotes
are joined again by their order and by the words that each caption shares with its quotes alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from luoshi.structure.labels import read_label
from luoshi.structure.lines import Line, ends_sentence
from luoshi.structure.when import find

_OCCASION = re.compile(
    r"(?:讲话|指示|批示|贺信|文章|致辞|演讲|报告|回信|谈话|时强调|时指出|考察|调研|会议上|座谈会上)[）)]?$"
)
MOST_WORK = 20_000_000
"""Captions times the square of quotes above which a text is no digest and nothing is joined."""
_WORD = 2
"""Length of the character n-grams that captions and quotes share."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption at line ``line``: its label, what it says, and its date."""

    line: int
    label: str
    number: int | None
    text: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Quotes ``start`` to ``end`` (lines, exclusive) under their caption."""

    caption: Caption
    start: int
    end: int


def read_caption(line: Line, at: int) -> Caption | None:
    """The caption that a line is: a date and an occasion, no sentence."""
    text = line.text.strip()
    if len(text) > 120 or ends_sentence(text) or line.kind not in ("body", "heading", "note"):
        return None
    label = read_label(text)
    rest = text[label.end :] if label else text.lstrip("—–-（( ")
    dates = [f for f in find(rest) if f.year]
    if not dates or dates[0].start > 12 or not _OCCASION.search(rest.rstrip("）)")):
        return None
    return Caption(
        at, label.text if label else "", label.number if label else None, rest.rstrip("）) "), dates[0].iso()
    )


def _grams(text: str) -> set[str]:
    chinese = re.sub(r"[^\u4e00-\u9fff]", " ", text)
    return {
        chinese[i : i + _WORD] for i in range(len(chinese) - _WORD + 1) if " " not in chinese[i : i + _WORD]
    }


def _affinity(captions: Sequence[Caption], quotes: Sequence[str]) -> list[list[float]]:
    """Of every caption and quote: occurrences of the caption's own words, per hundred characters."""
    words = [_grams(re.sub(r"^[\d年月日，,、\s]+", "", c.text)) for c in captions]
    own = [w - set().union(*(v for j, v in enumerate(words) if j != i)) for i, w in enumerate(words)]
    return [[sum(q.count(g) for g in mine) / max(1.0, len(q) / 100) for q in quotes] for mine in own]


def _divide(scores: Sequence[Sequence[float]], opens: Sequence[float], fixed: int | None) -> list[int]:
    """First quote of every caption, in order, so that shared words and openings weigh most.

    :param opens: how much a quote looks like the opening of a speech.
    :param fixed: a quote at which one of the groups begins (the captions stand before it), or ``None``.
    """
    n_captions, n_quotes = len(scores), len(opens)
    worst = float("-inf")
    best = [[worst] * (n_quotes + 1) for _ in range(n_captions + 1)]
    back = [[0] * (n_quotes + 1) for _ in range(n_captions + 1)]
    best[0][0] = 0.0
    for c in range(1, n_captions + 1):
        row = scores[c - 1]
        for stop in range(c, n_quotes + 1):
            total = 0.0
            for start in range(stop - 1, c - 2, -1):
                total += row[start]
                bonus = (opens[start] if c > 1 else 0.0) - (
                    4.0 if fixed is not None and start < fixed < stop else 0.0
                )
                value = best[c - 1][start] + total + bonus
                if value > best[c][stop]:
                    best[c][stop], back[c][stop] = value, start
    starts, stop = [], n_quotes
    for c in range(n_captions, 0, -1):
        stop = back[c][stop]
        starts.append(stop)
    return starts[::-1]


def _opens_speech(text: str) -> float:
    """Quotes that say what is to be done go on; a speech opens with what has been achieved."""
    return -0.5 if re.match(r"(?:要|必须|坚持|以|加快|全面)", text) else 1.0


def group(lines: Sequence[Line]) -> list[Group]:
    """Captions of a digest with their quotes; empty where the lines hold no captions set apart.

    Captions that each stand directly before or behind their own quotes are joined to those.
    """
    captions = [c for i, line in enumerate(lines) if (c := read_caption(line, i)) is not None]
    if len(captions) < 2:
        return []
    at = {c.line for c in captions}
    quotes = [
        i for i, line in enumerate(lines) if line.kind == "body" and i not in at and ends_sentence(line.text)
    ]
    if len(quotes) < len(captions) or len(captions) * len(quotes) ** 2 > MOST_WORK:
        return []
    together = sum(b.line == a.line + 1 for a, b in pairwise(captions))
    if not together:
        return _in_place(captions, quotes)
    if all(c.number for c in captions):
        captions = sorted(captions, key=lambda c: c.number or 0)
    texts = [lines[i].text for i in quotes]
    behind = next((k for k, i in enumerate(quotes) if i > max(at)), None)
    starts = _divide(_affinity(captions, texts), [_opens_speech(t) for t in texts], behind or None)
    ends = [*starts[1:], len(quotes)]
    return [
        Group(c, quotes[a], quotes[b - 1] + 1)
        for c, a, b in zip(captions, starts, ends, strict=True)
        if b > a
    ]


def _in_place(captions: Sequence[Caption], quotes: Sequence[int]) -> list[Group]:
    first_is_caption = captions[0].line < quotes[0]
    out = []
    for k, c in enumerate(captions):
        if first_is_caption:
            stop = captions[k + 1].line if k + 1 < len(captions) else quotes[-1] + 1
            mine = [q for q in quotes if c.line < q < stop]
        else:
            start = captions[k - 1].line if k else -1
            mine = [q for q in quotes if start < q < c.line]
        if mine:
            out.append(Group(c, mine[0], mine[-1] + 1))
    return out
