"""What changed from one text to another: paragraphs paired, then words within them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from luoshi.text.tokens import cut as tokenise

Piece = tuple[str, str]
"""``same``, ``del`` or ``ins``, and the text."""
Line = tuple[str, list[Piece]]
"""``same``, ``change``, ``del`` or ``ins``, and its pieces."""


def lines(old: str, new: str) -> list[Line]:
    """The paragraphs of both texts in order, with what was struck out and put in."""
    a, b = old.split("\n"), new.split("\n")
    out: list[Line] = []
    for op, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            out += [("same", [("same", line)]) for line in a[a0:a1]]
            continue
        out += list(_changed(a[a0:a1], b[b0:b1]))
    return out


def _changed(a: list[str], b: list[str]) -> Iterator[Line]:
    """Paragraphs that changed: paired in order while they are alike."""
    i = 0
    for line in b:
        if i < len(a) and SequenceMatcher(None, a[i], line, autojunk=False).quick_ratio() > 0.5:
            yield "change", list(words(a[i], line))
            i += 1
        else:
            yield "ins", [("ins", line)]
    for line in a[i:]:
        yield "del", [("del", line)]


def words(old: str, new: str) -> Iterator[Piece]:
    """Words struck out and put in."""
    a, b = tokenise(old), tokenise(new)
    for op, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            yield "same", "".join(a[a0:a1])
            continue
        if a1 > a0:
            yield "del", "".join(a[a0:a1])
        if b1 > b0:
            yield "ins", "".join(b[b0:b1])
