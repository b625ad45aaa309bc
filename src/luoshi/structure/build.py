"""Readings to documents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from luoshi.model import (
    Block,
    Document,
    DocumentRow,
    DroppedRow,
    IdMaker,
    Mapped,
    Paragraph,
    ProvisionRow,
    Reading,
    SentenceRow,
    document_id,
    join,
)
from luoshi.text.segment import sentence_spans

_LABEL = re.compile(r"(第[一二三四五六七八九十百]+[编章节条]|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、](?!\d)|——)\s*")


def _provisions(base: Document) -> tuple[ProvisionRow, ...]:
    ids, stack, out, schemes = IdMaker(base.id), [], [], []
    starts = []
    for p in base.paragraphs:
        m = _LABEL.match(base.text, p.start, p.end)
        if m:
            scheme = re.sub(r"[一二三四五六七八九十百\d]+", "1", m.group(1))
            if scheme not in schemes:
                schemes.append(scheme)
            starts.append((p, m, schemes.index(scheme)))
    for i, (p, m, depth) in enumerate(starts):
        end = next((q.start - 1 for q, _, d in starts[i + 1 :] if d <= depth), len(base.text))
        first = base.text[m.end() : p.end].split("。")[0]
        stack[depth:] = [None] * max(0, depth - len(stack))
        parent = next((s for s in reversed(stack) if s), None)
        title = first if len(first) <= 40 else ""
        row = ProvisionRow(
            ids("provision", base.text[p.start : p.end]), base.evidence(p.start, end), parent, depth + 1,
            "chapter" if depth == 0 else "paragraph", m.group(1), title, f"para_{i + 1}",
        )  # fmt: skip
        stack.append(row.id)
        out.append(row)
    return tuple(out)


def _sentences(base: Document) -> tuple[SentenceRow, ...]:
    ids, out = IdMaker(base.id), []
    for a, b in sentence_spans(base.text):
        inside = [p for p in base.provisions if p.evidence.start <= a < p.evidence.end]
        inner = max(inside, key=lambda p: p.evidence.start, default=None)
        heading = inner is not None and inner.evidence.start == a and b - a < 45
        out.append(
            SentenceRow(ids("sentence", base.text[a:b]), base.evidence(a, b), inner.id if inner else None,
                        "heading" if heading else "context")
        )  # fmt: skip
    return tuple(out)


def _document(blocks: Sequence[Block], row: DocumentRow) -> Document:
    bodies = [b.body.strip() for b in blocks]
    bodies = [b for b in bodies if b]
    body = join(bodies, "\n")
    paragraphs, at = [], 0
    for b in bodies:
        paragraphs.append(Paragraph(at, at + len(b)))
        at += len(b) + 1
    base = Document(row=row, body=body, paragraphs=tuple(paragraphs))
    base = base.with_rows(provisions=_provisions(base))
    return base.with_rows(sentences=_sentences(base))


def structure(reading: Reading, *, first: int = 0) -> tuple[Document, ...]:
    """The documents of a reading."""
    id_ = document_id(reading.source.sha256, first)
    texts = [b.text.strip() for b in reading.blocks if b.text.strip()]
    title = reading.metadata.get("title") or (texts[0] if texts else reading.source.path)
    row = DocumentRow(
        id=id_, source=reading.source.path, work=title, title=title, kind="other", text_status="full",
        date=reading.metadata.get("date"), characters=sum(map(len, texts)),
    )  # fmt: skip
    ids = IdMaker(id_)
    dropped = tuple(
        DroppedRow(ids("dropped", d.quote), id_, reading.source.path, d.reason, d.quote, d.source_span, d.boxes)
        for d in reading.dropped
    )
    document = _document(reading.blocks, row)
    return (document.with_rows(dropped=dropped, problems=reading.problems),)


def plain(text: str, *, id: str, date: str | None = None) -> Document:
    """A document of text that stands alone: a row of a table, a clause pasted into a form."""
    blocks = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block(Mapped.of_source(line, at)))
        at += len(line) + 1
    row = DocumentRow(id=id, source=id, work=id, title="", kind="other", text_status="full", date=date,
                      characters=len(text))  # fmt: skip
    return _document(blocks, row)
