"""Numeral abbreviations and labels of a set of documents, with what they stand for."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.extract.names import quoted
from luoshi.model import Document, IdMaker, TermRow

_MARKS = "“”‘’\"'"


def collect(documents: Sequence[Document]) -> tuple[TermRow, ...]:
    """The terms of all documents, one row a sense, in the order of their first use."""
    rows: dict[str, TermRow] = {}
    for document in documents:
        new_id = IdMaker(document.id)
        for span in quoted.find(document.text):
            term = document.text[span.start : span.end].strip(_MARKS)
            if span.type != "TERM" or term in rows or "\n" in term:
                continue
            evidence = document.evidence(span.start, span.end)
            rows[term] = TermRow(
                id=new_id("term", evidence.quote), evidence=evidence, term=term, sense="", count=None
            )
    return tuple(rows.values())
