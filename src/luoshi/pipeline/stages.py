"""One function per stage; each can run in another process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from luoshi import read as reading
from luoshi import structure as structuring
from luoshi.engines.local import CHEAP, LocalEngine, cores
from luoshi.errors import InputError
from luoshi.extract import Extraction, extract
from luoshi.extract.terms import collect as collect_terms
from luoshi.model import (
    CommitmentRow,
    CoverageRow,
    Document,
    DroppedRow,
    LinkRow,
    Problem,
    Reading,
    Records,
    TermRow,
    UnsourcedRow,
    row_id,
)
from luoshi.pipeline.discover import Found
from luoshi.pipeline.progress import Progress

if TYPE_CHECKING:
    from luoshi import align

PAIRED = 20_000
"""Products of two documents' lengths that are as much work as reading a character."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file; ``dropped`` is what belongs to no document (a file without text)."""

    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()
    dropped: tuple[DroppedRow, ...] = ()


def read_file(found: Found, *, max_bytes: int, allow_secrecy: str = "") -> FileResult:
    """Reads a file and takes it apart; what cannot be read is a problem, never an exception.

    Of a file that bears a mark of secrecy above ``allow_secrecy`` nothing is handed on but that it does.
    """
    try:
        readings = reading.read(found.path, name=found.name, limits=reading.Limits(text_bytes=max_bytes))
    except InputError as error:
        return FileResult(problems=(Problem(found.name, "error", error.code, error.message, error.hint),))
    except OSError as error:
        return FileResult(
            problems=(
                Problem(
                    found.name, "error", "cannot-open", f"{found.name} cannot be read: {error.strerror}.",
                    "Check its permissions, and that it was not moved during the run.",
                ),
            )
        )  # fmt: skip
    documents: list[Document] = []
    problems: list[Problem] = []
    dropped: list[DroppedRow] = []
    for item in readings:
        some = structuring.structure(item, first=len(documents))
        refused = [level for d in some if structuring.refused(level := d.row.secrecy, allow_secrecy)]
        if refused:
            problems.append(_refused(item.source.path, max(map(str, refused), key=structuring.LEVELS.index)))
            continue
        documents += some
        problems += item.problems
        if not some:
            problems.append(
                Problem(
                    found.name,
                    "warning",
                    "no-document",
                    f"{item.source.path} holds no text.",
                    "Look at the file.",
                )
            )
            dropped += _loose(item)
    return FileResult(tuple(documents), tuple(problems), tuple(dropped))


def _refused(path: str, level: str) -> Problem:
    """A file that was not taken in; names the file and the level and nothing that it says."""
    return Problem(
        path,
        "error",
        "secrecy-refused",
        f"{path} is marked {level} and was not taken in; nothing of its text was kept.",
        f"Where this machine may hold such documents, allow them with --allow-secrecy {level}.",
    )


def _loose(item: Reading) -> list[DroppedRow]:
    """What a file without any document holds."""
    source = item.source
    return [
        DroppedRow(
            id=row_id(source.sha256, "dropped", d.quote, n),
            document=None,
            source=source.path,
            reason=d.reason,
            quote=d.quote,
            source_span=d.source_span,
            boxes=d.boxes,
        )
        for n, d in enumerate(item.dropped)
    ]


def once(documents: Sequence[Document]) -> tuple[list[Document], list[Problem]]:
    """The documents without those of a content that was read before, in an archive or on a letter."""
    first: dict[str, str] = {}
    out: list[Document] = []
    problems: dict[str, Problem] = {}
    for document in documents:
        content, source = document.id.rpartition("-")[0], document.row.source
        known = first.setdefault(content, source)
        if known == source:
            out.append(document)
            continue
        problems[source] = Problem(
            source, "info", "duplicate-file", f"{source} has the same content as {known}.", "It is read once."
        )
    return out, list(problems.values())


def settle(documents: Sequence[Document]) -> tuple[Document, ...]:
    """What only the whole set tells: years that another file gives, versions of one work."""
    return tuple(structuring.settle(documents))


def extract_document(document: Document) -> Extraction:
    """Commitments, entities, dates and judged sentences of a document."""
    return extract(document)


def terms(documents: Sequence[Document]) -> tuple[TermRow, ...]:
    """Numeral abbreviations and slogans of the set."""
    return collect_terms(documents)


def assemble(documents: Sequence[Document], extractions: Sequence[Extraction]) -> Records:
    """The rows of all documents, in their order."""
    rows = Records()
    for document, found in zip(documents, extractions, strict=True):
        rows.documents.append(document.row)
        rows.elements += document.elements
        rows.provisions += document.provisions
        rows.sentences += found.sentences
        rows.dropped += document.dropped
        rows.commitments += found.commitments
        rows.entities += found.entities
        rows.dates += found.dates
        rows.texts[document.id] = document.text
    return rows


def lineage(
    rows: Records,
    documents: Sequence[Document],
    engine: LocalEngine,
    progress: Progress,
    told: tuple[str, str] | None = None,
) -> None:
    """Links, sources, coverage and unsourced commitments of a set; fills ``rows``.

    :param told: sources of the upper and of the lower documents, where the user gave the roles; else dates
        and levels tell them.
    """
    from luoshi import align  # compilers and weights, which a run without lineage does not need

    judged = _with_kinds(documents, rows)
    if told:
        up, low = ([d.row.id for d in judged if d.row.source == source] for source in told)
        pairs = align.told(low, up)
    else:
        pairs = align.pairs([d.row for d in judged])
    progress.stage("align", len(pairs))
    links, candidates = _links(judged, pairs, engine, progress)
    rows.links = list(align.rank(links, judged))
    rows.sources = list(align.sources(judged, rows.links))
    progress.stage("cover", len(pairs))
    rows.coverage, rows.unsourced = _coverage(
        judged, pairs, rows, candidates, progress, asked=told is not None and len(pairs) == 1
    )


def _with_kinds(documents: Sequence[Document], rows: Records) -> list[Document]:
    """The documents with the sentences as extraction judged them."""
    by_document: dict[str, list[object]] = defaultdict(list)
    for sentence in rows.sentences:
        by_document[sentence.evidence.document].append(sentence)
    return [d.with_rows(sentences=tuple(by_document[d.id])) for d in documents]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Pairs to be aligned in one process, and the documents that they are of."""

    documents: tuple[Document, ...]
    pairs: tuple[align.Pair, ...]


def align_batch(batch: _Batch) -> list[align.Alignment]:
    """The alignment of each pair; what is reckoned of a document alone is reckoned once."""
    from luoshi import align

    background = align.load_background()
    features = {d.id: align.Features(d, background) for d in batch.documents}
    return [align.align(features[p.lower], features[p.upper], p, background) for p in batch.pairs]


def _links(
    documents: Sequence[Document], pairs: Sequence[align.Pair], engine: LocalEngine, progress: Progress
) -> tuple[list[LinkRow], list[LinkRow]]:
    """Links and candidates of all pairs, in their order; the pairs of one lower document go together."""
    size = {d.id: len(d.text) for d in documents}
    load: dict[str, int] = defaultdict(int)
    for pair in pairs:
        load[pair.lower] += size[pair.lower] * size[pair.upper]
    work = sum(load.values()) // PAIRED
    lots = (engine.workers or cores()) if work >= CHEAP else 1
    batches = _batches(documents, pairs, load, lots)
    found: dict[align.Pair, align.Alignment] = {}
    for batch, some in zip(batches, engine.map(align_batch, batches, work=work), strict=True):
        found.update(zip(batch.pairs, some, strict=True))
        for _ in some:
            progress.step()
    links = [x for pair in pairs for x in found[pair].links]
    return links, [x for pair in pairs for x in found[pair].candidates]


def _batches(
    documents: Sequence[Document], pairs: Sequence[align.Pair], load: dict[str, int], lots: int
) -> list[_Batch]:
    """The pairs in lots of about equal work, the heaviest lower document first to the lightest lot."""
    weight = [0] * lots
    lot: dict[str, int] = {}
    for lower in sorted(load, key=lambda d: (-load[d], d)):
        lot[lower] = weight.index(min(weight))
        weight[lot[lower]] += load[lower]
    out = []
    for n in range(lots):
        mine = tuple(p for p in pairs if lot[p.lower] == n)
        needed = {d for p in mine for d in (p.lower, p.upper)}
        if mine:
            out.append(_Batch(tuple(d for d in documents if d.id in needed), mine))
    return out


def _coverage(
    documents: Sequence[Document], pairs: Sequence[align.Pair], rows: Records, candidates: Sequence[LinkRow],
    progress: Progress, asked: bool,
) -> tuple[list[CoverageRow], list[UnsourcedRow]]:  # fmt: skip
    """Coverage of the pairs that may be expected to answer, or of all where the user asked for it."""
    from luoshi import align, cover

    by_id = {d.id: d for d in documents}
    linked = _by_pair(rows.links)
    maybe = _by_pair(candidates)
    commitments: dict[str, list[CommitmentRow]] = defaultdict(list)
    for row in rows.commitments:
        commitments[row.evidence.document].append(row)
    background = align.load_background()
    coverage: list[CoverageRow] = []
    answering: set[str] = set()
    for pair in pairs:
        key = (pair.lower, pair.upper)
        upper, lower = by_id[pair.upper], by_id[pair.lower]
        if asked or cover.expected(upper.row, lower.row, pair.direction, linked[key]):
            coverage += cover.cover(upper, lower, linked[key], maybe[key], background)
            answering.add(pair.lower)
        progress.step()
    unsourced: list[UnsourcedRow] = []
    # A document that has none above it in the set owes nobody a source.
    for d in (d for d in documents if d.id in answering):
        mine = [x for key, some in linked.items() if key[0] == d.id for x in some]
        near = [x for key, some in maybe.items() if key[0] == d.id for x in some]
        unsourced += cover.unsourced(d, commitments[d.id], mine, near)
    return coverage, unsourced


def _by_pair(links: Sequence[LinkRow]) -> dict[tuple[str, str], list[LinkRow]]:
    out: dict[tuple[str, str], list[LinkRow]] = defaultdict(list)
    for link in links:
        out[link.lower.document, link.upper.document].append(link)
    return out
