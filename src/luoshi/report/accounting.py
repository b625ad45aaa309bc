"""Where every character of a source went: into a sentence, or left out with a reason.

The spans of :class:`~luoshi.model.SentenceRow` and :class:`~luoshi.model.DroppedRow` in the decoded source
are laid over each other; what neither covers is a hole, and a hole is a fault of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from luoshi.model import DroppedRow, Records, SentenceRow

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FileAccount:
    """The account of one source file, in code points of the decoded source.

    ``total`` is the last accounted place; ``kept`` counts what stands in sentences, ``dropped`` what was left
    out (also from within a sentence, as a page number is); ``holes`` are spans in neither. For ``paged``
    sources, which have no such offsets, the counts are those of the clean text and of the quotes.
    """

    source: str
    documents: tuple[str, ...]
    sentences: tuple[SentenceRow, ...]
    left_out: tuple[DroppedRow, ...]
    total: int
    kept: int
    dropped: int
    holes: tuple[Span, ...]
    paged: bool

    @property
    def missing(self) -> int:
        """Characters that nothing accounts for."""
        return sum(b - a for a, b in self.holes)


def accounts(records: Records) -> list[FileAccount]:
    """One account a source file, in the order of the documents."""
    source_of = {d.id: d.source for d in records.documents}
    names = list(dict.fromkeys([*source_of.values(), *(x.source for x in records.dropped)]))
    sentences: dict[str, list[SentenceRow]] = {name: [] for name in names}
    dropped: dict[str, list[DroppedRow]] = {name: [] for name in names}
    for s in records.sentences:
        if s.evidence.document in source_of:
            sentences[source_of[s.evidence.document]].append(s)
    for x in records.dropped:
        dropped[x.source].append(x)
    documents: dict[str, list[str]] = {name: [] for name in names}
    for d in records.documents:
        documents[d.source].append(d.id)
    return [_account(n, tuple(documents[n]), sentences[n], dropped[n]) for n in names]


def _account(
    source: str, documents: tuple[str, ...], sentences: list[SentenceRow], dropped: list[DroppedRow]
) -> FileAccount:
    paged = any(s.evidence.boxes for s in sentences) or any(x.boxes for x in dropped)
    if paged:
        kept = sum(len(s.evidence.quote) for s in sentences)
        out = sum(len(x.quote) for x in dropped)
        return FileAccount(
            source, documents, tuple(sentences), tuple(dropped), kept + out, kept, out, (), True
        )
    left = union(x.source_span for x in dropped if x.source_span)
    held = union(s.evidence.source_span for s in sentences if s.evidence.source_span)
    both = union([*left, *held])
    total = both[-1][1] if both else 0
    holes, at = [], 0
    for a, b in both:
        if a > at:
            holes.append((at, a))
        at = b
    missing = sum(b - a for a, b in holes)
    out = _length(left)
    return FileAccount(
        source,
        documents,
        tuple(sentences),
        tuple(dropped),
        total,
        total - missing - out,
        out,
        tuple(holes),
        False,
    )


def union(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch or overlap, joined, in order."""
    out: list[Span] = []
    for a, b in sorted(spans):
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        elif b > a:
            out.append((a, b))
    return out


def _length(spans: Iterable[Span]) -> int:
    return sum(b - a for a, b in spans)
