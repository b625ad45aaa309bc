"""Readings made by hand: one line a block, with marks in front where a test needs them.

``#`` a heading of the format, ``^`` the top of a page, ``=`` centred, ``|`` a table row, ``*`` bold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from luoshi.model import Block, Document, Mapped, Reading, Source
from luoshi.structure import structure

_KINDS = {"#": "heading", "|": "table-row"}


def reading(text: str, metadata: Mapping[str, str] | None = None) -> Reading:
    """The reading of a text whose lines are its blocks."""
    blocks = []
    at = 0
    for line in text.split("\n"):
        mark = line[:1] if line[:1] in "#^=|*" else ""
        body = Mapped.of_source(line, at)[len(mark) :]
        at += len(line) + 1
        if not body.text.strip():
            continue
        marks = {"^": frozenset({"page-break"}), "*": frozenset({"bold"})}.get(mark, frozenset())
        blocks.append(
            Block(
                body,
                kind=_KINDS.get(mark, "paragraph"),  # type: ignore[arg-type]
                level=1 if mark == "#" else 0,
                align="center" if mark == "=" else "",
                marks=marks,
            )
        )
    sha = hashlib.sha256(text.encode()).hexdigest()
    source = Source("made.txt", sha, len(text.encode()), "text/plain", "utf-8", len(text))
    return Reading(source, tuple(blocks), metadata=metadata or {})


def documents(text: str, metadata: Mapping[str, str] | None = None) -> tuple[Document, ...]:
    """The documents of a text whose lines are its blocks."""
    return structure(reading(text, metadata))


def outline(document: Document) -> list[str]:
    """One line a provision: depth, kind, label and title."""
    return [f"{p.depth} {p.kind} {p.label} {p.title}".replace("  ", " ").strip() for p in document.provisions]
