"""Readings to documents: the flow of this room.

1. blocks → lines; labels stuck to headings parted (:mod:`tree`)
2. lines → documents of a compilation (:mod:`split`)
3. head, annexes, signatures, tail (:mod:`head`, :mod:`parts`), debris (:mod:`debris`)
4. speakers (:mod:`speech`), captions of digests (:mod:`digest`), outline (:mod:`tree`)
5. kind, issuers, dates (:mod:`classify`, :mod:`dating`), rows (:mod:`rows`)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from luoshi.model import Block, Document, DocumentRow, Drop, Mapped, Problem, Reading, Source, document_id
from luoshi.structure import (
    classify,
    dating,
    debris,
    digest,
    identity,
    official,
    parts,
    rows,
    secrecy,
    speech,
)
from luoshi.structure.head import Head, read_head
from luoshi.structure.lines import Line, bare, heal
from luoshi.structure.outline import Outline
from luoshi.structure.shape import metadata_item
from luoshi.structure.split import boundaries
from luoshi.structure.tree import mark_contents, outline_of, unstick

NEWS = ("meeting", "speech-report", "communique")


def _lines(reading: Reading) -> list[Line]:
    out = []
    for at, block in enumerate(reading.blocks):
        # an empty first cell of a row keeps its tab, else all cells would move
        body = block.body.strip(" ") if block.kind == "table-row" else block.body.strip()
        if body.text.strip():
            kind = "table-row" if block.kind == "table-row" else "note" if block.kind == "note" else "body"
            out.append(Line(body, block, at, kind, entry=kind == "body"))
    return unstick(heal(out))


def _metadata(reading: Reading) -> dict[str, str]:
    """The reading's metadata, completed by metadata lines that the reader left out of the text."""
    out = dict(reading.metadata)
    for drop in reading.dropped:
        if drop.reason == "metadata":
            for line in drop.quote.splitlines():
                item = metadata_item(line)
                if item is not None and item[0] != "-" and item[1]:
                    out.setdefault(item[0], item[1])
    return out


def _shared_drops(reading: Reading, starts: Sequence[int], n: int) -> list[list[Drop]]:
    """The reader's drops, each with the document in or before which it stood."""
    out: list[list[Drop]] = [[] for _ in range(n)]
    for drop in reading.dropped:
        k = max((i for i, start in enumerate(starts) if start <= drop.at), default=0)
        out[k].append(drop)
    return out


def structure(reading: Reading, *, first: int = 0) -> tuple[Document, ...]:
    """The documents of a reading, in order.

    :param first: ordinal of the first of them in the file (an archive's later members count on).
    :return: at least one document; every character of the source is in a sentence's ``source_span`` or in a
        row of ``dropped``, provided that the reading's blocks and drops hold them all.
    """
    lines = _lines(reading)
    bounds = [0, *boundaries(lines), len(lines)]
    pieces = [lines[a:b] for a, b in pairwise(bounds)] or [[]]
    starts = [piece[0].at if piece else 0 for piece in pieces]
    drops = _shared_drops(reading, [0, *starts[1:]], len(pieces))
    lone = len(pieces) == 1
    out: list[Document] = []
    for k, piece in enumerate(pieces):
        id_ = document_id(reading.source.sha256, first + k)
        problems = reading.problems if k == 0 else ()
        metadata = _metadata(reading) if lone else {}
        out.append(_document(piece, id_, reading.source, metadata, drops[k], problems))
    if not lone:
        out = _years_of_neighbours(out)
    return tuple(out)


def plain(text: str, *, id: str, date: str | None = None) -> Document:
    """A document of text that stands alone: a row of a table, a clause pasted into a form.

    It has paragraphs, outline and sentences; its title is empty and nothing is left out.
    """
    lines: list[Line] = []
    at = 0
    for line in text.split("\n"):
        body = Mapped.of_source(line, at).strip()
        if body:
            lines.append(Line(body, Block(body), len(lines)))
        at += len(line) + 1
    lines = unstick(lines)
    row = DocumentRow(
        id=id, source=id, work=id, title="", kind="other", text_status="full", date=date,
        date_basis="metadata" if date else None, characters=sum(len(line.text) for line in lines),
    )  # fmt: skip
    return rows.assemble(lines, outline_of(lines, (), None), row, Source(id, "", 0, "text/plain"), (), ())


def _document(
    lines: list[Line],
    id_: str,
    source: Source,
    metadata: Mapping[str, str],
    drops: Sequence[Drop],
    problems: Sequence[Problem],
) -> Document:
    head = read_head(lines, metadata)
    if not head.title and re.search(r"[\u4e00-\u9fff]{4}", stem := PurePosixPath(source.path).stem):
        head.title = re.sub(r"[（(](?:FBM|CLI)[^）)]*[）)]$|[（(]\d{4}-\d{2}-\d{2}[）)]$", "", stem).replace(
            "_", " "
        )
    parts.drop_tail(lines)
    parts.mark_parts(lines, head.body, head.title)
    first_guess = classify.kind_of(head, lines, labelled=0, digest=False)
    debris.drop_captions(lines, news=first_guess in NEWS)
    kept = [line for line in lines if not line.drop]
    mark_contents(kept)
    groups = _digest(kept, head)
    box = debris.boxed(kept)
    rough = classify.kind_of(head, kept, labelled=0, digest=bool(groups))
    speech.attribute(
        kept, aloud=rough in ("meeting", "speech-report", "communique", "quotes"), title=head.title
    )
    if box is not None:
        debris.speakers_of_box(kept, box)
    number = _number(head, {**metadata, **head.metadata}, kept)
    elements = official.find(kept, head, rough, number)
    mended = _mend_title(head, elements, source)
    outline = outline_of(kept, groups, box)
    kind = classify.kind_of(
        head, kept, labelled=sum(bool(n.label) for n in outline.nodes), digest=bool(groups)
    )
    level = secrecy.level_of(lines, drops, {**metadata, **head.metadata}, source.path)
    row = _row(kind, head, kept, id_, source, level)
    own = [
        Drop(line.drop, line.text, line.body.source_span(), line.body.boxes(), line.at)
        for line in lines
        if line.drop
    ]
    found = [*problems, *mended, *_problems(head, outline, kept, source)]
    return rows.assemble(kept, outline, row, source, [*drops, *own], found, box, elements)


def _mend_title(head: Head, elements: Sequence[official.Found], source: Source) -> list[Problem]:
    """A title that has lost its first characters gets them from the name of the body that signs."""
    for name in (f.value for f in elements if f.element == "signature"):
        for k in (1, 2):
            if len(name) >= k + 5 and head.title.startswith(name[k:]):
                head.title = name[:k] + head.title
                what = f"the title begins with “{name[k:]}”, the signature with “{name[:k]}”"
                return [Problem(source.path, "info", "title-cut", what, "Look at the head of the source.")]
    return []


def _digest(lines: Sequence[Line], head: Head) -> list[digest.Group]:
    groups = digest.group(lines)
    if not groups:
        return []
    captions = {g.caption.line for g in groups}
    for i in captions:
        lines[i].kind, lines[i].entry = "note", False
    who = next(iter(speech.people_in_title(head.title)), None)
    for g in groups:
        for line in lines[g.start : g.end]:
            if line.kind == "body":
                line.speaker = who
    return groups


def _row(
    kind: str, head: Head, lines: Sequence[Line], id_: str, source: Source, level: str | None
) -> DocumentRow:
    metadata = head.metadata
    number = _number(head, metadata, lines)
    dates = dating.dates_of(kind, head, lines, metadata, number)
    issue = classify.issue_of(kind, head, lines, metadata)
    title = head.title or PurePosixPath(source.path).stem
    return DocumentRow(
        id=id_,
        source=source.path,
        work=work_of(number, issue.issuers, title),
        title=title,
        kind=kind,
        text_status=classify.status_of(kind, head, lines),
        issuers=issue.issuers,
        branch=issue.branch,
        level=issue.level,
        region=issue.region,
        number=number,
        date=dates.date,
        date_basis=dates.basis,
        published=dates.published,
        effective=dates.effective,
        expires=dates.expires,
        secrecy=level,
        cites=identity.cites("\n".join(line.text for line in lines), title),
        characters=sum(len(line.text) for line in lines) + max(0, len(lines) - 1),
    )


def work_of(number: str | None, issuers: Sequence[str], title: str) -> str:
    """What joins the versions of one document: its number, else issuer and title."""
    return number or "|".join([*issuers[:1], bare(title)])


def _number(head: Head, metadata: Mapping[str, str], lines: Sequence[Line]) -> str | None:
    """The document's own number: in the head, in the metadata, under its order."""
    for text in head.notes.get("number", ()):
        if (number := identity.number_in(text)) is not None:
            return number
    if (number := identity.number_in(metadata.get("number", ""))) is not None:
        return number
    order = " ".join(
        [*head.notes.get("order-head", ()), *head.notes.get("number", ()), metadata.get("number", "")]
    )
    if not order.strip() and (
        m := re.search(
            r"(?:中华人民共和国国务院|[\u4e00-\u9fff]{2,12}?人民政府|国)?令"
            r"\s*第\s*[\d一二三四五六七八九十百]+\s*号(?=公布|发布)",
            head.note("adoption"),
        )
    ):
        order = m.group()
    return identity.order_number(order)


def _problems(head: Head, outline: Outline, lines: Sequence[Line], source: Source) -> list[Problem]:
    out = []
    for odd in outline.oddities:
        line = lines[odd.line]
        where = f"{odd.message}: {line.text[:24]}"
        hint = "Check the numbering in the source; the outline follows the labels as they stand."
        out.append(Problem(source.path, "info", odd.code, where, hint, line.block.page or None))
    if not head.found and not head.metadata.get("title") and lines:
        out.append(
            Problem(
                source.path,
                "warning",
                "no-title",
                "no title was found; the file's name stands for it",
                "Give the document a title line of its own.",
            )
        )
    return out


def _years_of_neighbours(documents: Sequence[Document]) -> list[Document]:
    """A report without a year takes it from the dated document of the compilation that stands nearest."""
    from luoshi.structure.settle import with_year_near

    return [with_year_near(d, k, documents) for k, d in enumerate(documents)]
