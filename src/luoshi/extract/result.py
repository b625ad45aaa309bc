"""What extraction yields for one document."""

from __future__ import annotations

from dataclasses import dataclass

from luoshi.model import CommitmentRow, DateRow, EntityRow, SentenceRow


@dataclass(frozen=True, slots=True)
class Extraction:
    """The rows that extraction makes of a document.

    ``sentences`` are the document's sentences in their order, now with kind and commitment ids.
    """

    commitments: tuple[CommitmentRow, ...]
    entities: tuple[EntityRow, ...]
    dates: tuple[DateRow, ...]
    sentences: tuple[SentenceRow, ...]
