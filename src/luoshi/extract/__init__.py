"""extract: Document → commitments, entities, dates, units, terms."""

from __future__ import annotations

from luoshi.extract import commitments, entities, timing
from luoshi.extract.result import Extraction
from luoshi.extract.terms import collect as collect_terms
from luoshi.model import Document

__all__ = ["Extraction", "collect_terms", "extract"]


def extract(document: Document) -> Extraction:
    """What one document holds, in this order: dates, names, then commitments, which point to both."""
    dates = timing.find(document)
    names = entities.find(document, document.sentences)
    rows, sentences = commitments.make(document, dates, names)
    return Extraction(tuple(rows), tuple(names), tuple(dates), tuple(sentences))
