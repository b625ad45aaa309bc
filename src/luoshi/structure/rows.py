"""Lines and outline to the rows of a document: paragraphs, provisions, sentences, dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from luoshi.model import (
    Document,
    DocumentRow,
    Drop,
    DroppedRow,
    ElementRow,
    IdMaker,
    Paragraph,
    Problem,
    ProvisionRow,
    SentenceRow,
    Source,
    join,
)
from luoshi.structure.lines import Line
from luoshi.structure.official import Found
from luoshi.structure.outline import Node, Outline
from luoshi.text.columns import header_roles
from luoshi.text.segment import row_spans, sentence_spans

_ORDINAL = re.compile(
    r"[（(]?(?:\d{1,4}(?:[.．-]\d{1,3}){0,3}|[一二三四五六七八九十百]{1,4}|[①-⑳])[）)]?[.．、]?"
)
_NO_HEADING = {"dash", "bullet", "list-item", "yishi", "order", "qiyi", "circled", "paragraph"}
"""Schemes whose run-in titles say something of their own, so their sentences are no headings."""


def _starts(lines: Sequence[Line]) -> list[int]:
    out, at = [], 0
    for line in lines:
        out.append(at)
        at += len(line.text) + 1
    return out


def _provisions(
    base: Document, nodes: Sequence[Node], lines: Sequence[Line], starts: Sequence[int], ids: IdMaker
) -> tuple[ProvisionRow, ...]:
    made: dict[int, str] = {}
    out = []
    for n in nodes:
        start = starts[n.first]
        end = starts[n.last - 1] + len(lines[n.last - 1].text)
        evidence = base.evidence(start, end)
        made[id(n)] = id_ = ids("provision", evidence.quote)
        out.append(
            ProvisionRow(
                id=id_, evidence=evidence, parent=made.get(id(n.parent)), depth=n.depth, kind=n.kind,  # type: ignore[arg-type]
                label=n.label, title=n.title, eid=n.eid, speaker=n.speaker,
            )
        )  # fmt: skip
    return tuple(out)


def _innermost(nodes: Sequence[Node], n_lines: int) -> list[int | None]:
    """For every line the ordinal of the innermost node that holds it."""
    out: list[int | None] = [None] * n_lines
    for k, n in enumerate(nodes):  # document order: children come after their parents
        for i in range(n.first, n.last):
            out[i] = k
    return out


def _paragraphs(
    lines: Sequence[Line],
    starts: Sequence[int],
    inner: Sequence[int | None],
    provisions: Sequence[ProvisionRow],
    heads: dict[int, Node],
) -> tuple[Paragraph, ...]:
    out = []
    for i, line in enumerate(lines):
        k = inner[i]
        node = heads.get(i)
        kind = "heading" if line.kind == "part" or _is_heading(line, node) else line.kind
        out.append(
            Paragraph(
                starts[i], starts[i] + len(line.text), kind,
                node.depth if node is not None and kind == "heading" else 0,
                line.speaker, provisions[k].id if k is not None else None,
            )
        )  # fmt: skip
    return tuple(out)


def _is_heading(line: Line, node: Node | None) -> bool:
    """Whether the paragraph is nothing but the heading of a node that holds more than it."""
    if node is None or node.title_span is None or node.scheme.name in _NO_HEADING or line.kind != "body":
        return False
    end = node.title_span[1]
    return not line.text[end:].strip(" 　。．*：:") and (bool(node.children) or node.last > node.first + 1)


def _sentences(
    base: Document, lines: Sequence[Line], starts: Sequence[int], heads: dict[int, Node], ids: IdMaker
) -> tuple[SentenceRow, ...]:
    out = []
    for i, (paragraph, line) in enumerate(zip(base.paragraphs, lines, strict=True)):
        node = heads.get(i)
        title_end = 0
        if node is not None and node.title_span is not None and node.scheme.name not in _NO_HEADING:
            title_end = node.title_span[1]
        header = line.kind == "table-row" and bool(header_roles(line.text.split("\t")))
        for a, b in _spans(line):
            whole = paragraph.kind in ("title", "heading") or header or _tells_nothing(line, a, b)
            run_in = a == 0 and bool(title_end) and b <= title_end + 1 and b < len(line.text)
            evidence = base.evidence(starts[i] + a, starts[i] + b)
            out.append(
                SentenceRow(
                    ids("sentence", evidence.quote), evidence, paragraph.provision,
                    "heading" if whole or run_in else "context",
                )
            )  # fmt: skip
    return tuple(out)


def _spans(line: Line) -> list[tuple[int, int]]:
    """The sentences of a line; a cell of a table's row is a sentence of its own."""
    return row_spans(line.text) if line.kind == "table-row" else sentence_spans(line.text)


def _tells_nothing(line: Line, start: int, end: int) -> bool:
    """Whether a cell is a number of the row, or repeats a merged cell of a row above, which stands nowhere
    in the source again."""
    if line.kind != "table-row":
        return False
    text = line.text[start:end]
    return bool(_ORDINAL.fullmatch(text)) or not (
        line.body.source_span(start, end) or line.body.boxes(start, end)
    )


def _elements(
    base: Document, found: Sequence[Found], starts: Sequence[int], ids: IdMaker
) -> tuple[ElementRow, ...]:
    out = []
    for f in found:
        evidence = base.evidence(starts[f.first] + f.start, starts[f.last] + f.end)
        out.append(ElementRow(ids("element", evidence.quote), evidence, f.element, f.value))
    return tuple(out)


def _dropped(drops: Sequence[Drop], row: DocumentRow, ids: IdMaker) -> tuple[DroppedRow, ...]:
    ordered = sorted(drops, key=lambda d: (d.source_span or (d.at, d.at), d.at))
    return tuple(
        DroppedRow(ids("dropped", d.quote), row.id, row.source, d.reason, d.quote, d.source_span, d.boxes)
        for d in ordered
    )


def _between_sentences(lines: Sequence[Line]) -> list[Drop]:
    """White space between the sentences of one paragraph, which lies in no sentence's source span."""
    out = []
    for line in lines:
        spans = _spans(line)
        for (_, end), (start, _) in pairwise(spans):
            if start > end and (span := line.body.source_span(end, start)) is not None:
                out.append(Drop("white space", line.text[end:start], span, None, line.at))
    return out


def assemble(
    lines: Sequence[Line],
    outline: Outline,
    row: DocumentRow,
    source: Source,
    drops: Sequence[Drop],
    problems: Sequence[Problem],
    box: tuple[int, int] | None = None,
    elements: Sequence[Found] = (),
) -> Document:
    """The document of these lines.

    :param elements: the elements of an official document among them.
    :param box: lines of the boxed summary, end exclusive.
    """
    body = join([line.body for line in lines], "\n")
    starts = _starts(lines)
    ids = IdMaker(row.id)
    nodes = outline.nodes
    base = Document(row=row, body=body)
    provisions = _provisions(base, nodes, lines, starts, ids)
    heads: dict[int, Node] = {}
    for n in nodes:
        heads.setdefault(n.first, n)
    paragraphs = _paragraphs(lines, starts, _innermost(nodes, len(lines)), provisions, heads)
    base = base.with_rows(provisions=provisions, paragraphs=paragraphs)
    sentences = _sentences(base, lines, starts, heads, ids)
    dropped = _dropped([*drops, *_between_sentences(lines)], row, ids)
    span = (starts[box[0]], starts[box[1] - 1] + len(lines[box[1] - 1].text)) if box else None
    return base.with_rows(
        sentences=sentences,
        dropped=dropped,
        problems=tuple(problems),
        box=span,
        elements=_elements(base, elements, starts, ids),
    )
