"""A document in memory: its clean text with origins, and the rows that structure made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from luoshi.model.ids import row_id
from luoshi.model.mapped import Mapped
from luoshi.model.reading import Problem
from luoshi.model.records import DocumentRow, DroppedRow, ElementRow, Evidence, ProvisionRow, SentenceRow

CONTEXT = 32
"""Characters of prefix and suffix kept with a quote."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the clean text; the newline after it belongs to none.

    ``kind``: title, heading, body, table-row, note (editor's, signature, dateline standing alone).
    ``speaker``: who says it, where a report or digest has several; ``provision`` the innermost node's id.
    """

    start: int
    end: int
    kind: str = "body"
    level: int = 0
    speaker: str | None = None
    provision: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A document with its structure.

    ``body.text`` is the clean text: one paragraph a line, LF between them, none at the end.
    ``sentences`` cover every non-space character of it; ``provisions`` are in document order.
    ``elements`` are the parts of an official document by GB/T 9704, in the order of their places.
    ``box`` is the span of a boxed summary that repeats the body (a press report's), if there is one.
    """

    row: DocumentRow
    body: Mapped
    paragraphs: tuple[Paragraph, ...] = ()
    provisions: tuple[ProvisionRow, ...] = ()
    sentences: tuple[SentenceRow, ...] = ()
    dropped: tuple[DroppedRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    box: tuple[int, int] | None = None
    elements: tuple[ElementRow, ...] = ()

    @property
    def id(self) -> str:
        """The document's id."""
        return self.row.id

    @property
    def text(self) -> str:
        """The clean text."""
        return self.body.text

    def evidence(self, start: int, end: int) -> Evidence:
        """The anchor of a span of the clean text."""
        text = self.body.text
        return Evidence(
            document=self.row.id,
            start=start,
            end=end,
            quote=text[start:end],
            prefix=text[max(0, start - CONTEXT) : start],
            suffix=text[end : end + CONTEXT],
            source_span=self.body.source_span(start, end),
            boxes=self.body.boxes(start, end),
        )

    def with_rows(self, **changes: object) -> Document:
        """A copy with some fields replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]


class IdMaker:
    """Row ids of one document: a hash of document, kind, quote and ordinal among equals.

    So neither the order of other rows nor the program's version changes an id.
    """

    def __init__(self, document: str) -> None:
        self._document = document
        self._seen: dict[tuple[str, str], int] = {}

    def __call__(self, kind: str, quote: str) -> str:
        """The next id for a row of this kind with this quote."""
        n = self._seen.get((kind, quote), 0)
        self._seen[kind, quote] = n + 1
        return row_id(self._document, kind, quote, n)
