"""The PDF reader."""

from __future__ import annotations

from dataclasses import replace

from luoshi.errors import EmptyFile
from luoshi.model import Problem, Reading, Source
from luoshi.read.formats.pdf.child import Document, Lost
from luoshi.read.layout.compose import compose
from luoshi.read.layout.page import Page
from luoshi.read.protocol import Limits

MEDIA = "application/pdf"


class PdfReader:
    """Reads PDF files."""

    name = "pdf"
    extensions: tuple[str, ...] = (".pdf",)

    def score(self, head: bytes, name: str) -> float:
        """1 where the file begins with the mark of a PDF, 0.9 where junk stands before it."""
        at = head[:1024].find(b"%PDF-")
        return 0.0 if at < 0 else 1.0 if at == 0 else 0.9

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading.

        :raises Damaged: when it is encrypted, or cannot be repaired.
        :raises EmptyFile: when no page holds text.
        """
        document = Document(data, source.path, 20.0)
        if document.pages < 1:
            raise EmptyFile(f"{source.path} has no pages.", hint="Fetch the document again.")
        problems: list[Problem] = []
        last = min(document.pages, limits.pages)
        pages: list[Page] = []
        for page in document.read(last):
            if isinstance(page, Lost):
                continue
            pages.append(page)
        composed = compose(pages)
        if not composed.blocks:
            raise EmptyFile(f"{source.path} holds no text.", hint="")
        return (
            Reading(
                source=replace(source, media_type=MEDIA),
                blocks=tuple(composed.blocks),
                dropped=tuple(composed.dropped),
                metadata=composed.metadata,
                problems=tuple(problems),
            ),
        )
