"""extract: Document → commitments, entities, dates, units, terms."""

from __future__ import annotations

import re
from dataclasses import replace

from luoshi.extract.result import Extraction
from luoshi.model import CommitmentRow, Document, IdMaker, SentenceRow

__all__ = ["Extraction", "extract"]

_CLAUSE = re.compile(r"[^，；。！？：\n]+")


def extract(document: Document) -> Extraction:
    """Commitments, entities, dates and judged sentences of one document."""
    new_id = IdMaker(document.id)
    commitments: list[CommitmentRow] = []
    sentences: list[SentenceRow] = []
    for sentence in document.sentences:
        if sentence.kind == "heading":
            sentences.append(sentence)
            continue
        ids = []
        for m in _CLAUSE.finditer(sentence.evidence.quote):
            if len(m.group().strip()) < 4:
                continue
            evidence = document.evidence(sentence.evidence.start + m.start(), sentence.evidence.start + m.end())
            row = CommitmentRow(
                id=new_id("commitment", evidence.quote),
                evidence=evidence,
                type="action",
                provision=sentence.provision,
                sentence=sentence.id,
                verb=evidence.quote[:2],
                object=evidence.quote[2:],
            )
            commitments.append(row)
            ids.append(row.id)
        sentences.append(replace(sentence, kind="action" if ids else "context", commitments=tuple(ids)))
    return Extraction(tuple(commitments), (), (), tuple(sentences))
