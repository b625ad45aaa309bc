"""What the paginated formats share: recognition of pages without text, and the problems told of pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from threading import RLock

import numpy as np

from luoshi.model import Problem
from luoshi.read.layout.page import Page
from luoshi.read.ocr import INSTALL, Lost, Picture, Recogniser

UNSURE = 0.75
"""Confidence of a recognised line below which it is told."""
MOST_UNSURE = 20
_LOCK = RLock()


@cache
def recogniser() -> Recogniser:
    """The one recogniser of this process."""
    return Recogniser()


def recognise(pictures: Iterable[Picture]) -> Iterator[Page | Lost]:
    """The pages of pictures, as they become ready; one file at a time in a process."""
    with _LOCK:
        yield from recogniser().read(pictures)


def ranges(numbers: Sequence[int]) -> str:
    """Page numbers as a reader writes them: ``3, 5–9``."""
    some = sorted(set(numbers))
    if not some:
        return ""
    breaks = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(some)) if b > a + 1), len(some)]
    parts = [some[a:b] for a, b in pairwise(breaks)]
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}–{p[-1]}" for p in parts)


def pages_are(numbers: Sequence[int], one: str, many: str) -> str:
    """``Page 3 is …`` or ``Pages 3–5 are …``."""
    return f"Page {numbers[0]} {one}" if len(numbers) == 1 else f"Pages {ranges(numbers)} {many}"


def unread(source: str, numbers: Sequence[int], why: str) -> Problem:
    """A problem for pages that were not recognised.

    :param why: ``extra``, ``time``, ``crash`` or what the recogniser said.
    """
    if why == "extra":
        return Problem(
            source, "error", "missing-extra",
            pages_are(numbers, "is a picture and was not read.", "are pictures and were not read."),
            INSTALL, page=numbers[0],
        )  # fmt: skip
    reason = {"time": "it took too long", "crash": "the recogniser failed"}.get(why, why)
    return Problem(
        source, "error", "page-lost",
        pages_are(numbers, f"was not recognised: {reason}.", f"were not recognised: {reason}."),
        "Scan the page anew, at 200 to 300 dots per inch.", page=numbers[0],
    )  # fmt: skip


def doubts(source: str, pages: Sequence[Page]) -> list[Problem]:
    """What is told of recognised pages: that they are, how sure it is, and which lines are doubtful."""
    some = [p for p in pages if p.confidence is not None and len(p.confidence)]
    if not some:
        return []
    sure = float(np.concatenate([p.confidence for p in some if p.confidence is not None]).mean())
    numbers = [p.number for p in some]
    out = [
        Problem(
            source, "info", "recognised",
            pages_are(numbers, "was", "were") + f" recognised from a picture, confidence {sure:.3f}.",
            "Compare figures and names with the picture.", page=numbers[0],
        )
    ]  # fmt: skip
    unsure = [(p.number, quote, score) for p in some for quote, score in _unsure(p)]
    for number, quote, score in unsure[:MOST_UNSURE]:
        out.append(
            Problem(
                source, "warning", "unsure-recognition",
                f"Page {number}: “{quote}” is a doubtful reading (confidence {score:.2f}).",
                "Compare it with the picture.", page=number,
            )
        )  # fmt: skip
    if len(unsure) > MOST_UNSURE:
        out.append(
            Problem(
                source, "warning", "unsure-recognition",
                f"{len(unsure) - MOST_UNSURE} more lines are doubtful readings.",
                "Scan the pages anew, at 200 to 300 dots per inch.", page=unsure[MOST_UNSURE][0],
            )
        )  # fmt: skip
    return out


def _unsure(page: Page) -> Iterator[tuple[str, float]]:
    """The doubtful lines of a page: runs of characters with one low score."""
    scores = page.confidence
    assert scores is not None
    edges = [0, *(np.flatnonzero(np.diff(scores)) + 1).tolist(), len(scores)]
    for a, b in pairwise(edges):
        if scores[a] < UNSURE and any(c.isalnum() for c in page.text[a:b]):
            yield page.text[a:b][:40], float(scores[a])
