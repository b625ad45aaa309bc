"""From ``luoshi``'s records to rows, and back to what comparisons need."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from luoshi.extract import Extraction
from luoshi.model import Document as Read
from luoshi.model import DocumentRow, TermRow, to_row
from luoshi.model.codec import decode, encode
from luoshi_web.library.models import (
    Candidate,
    Document,
    Mention,
    Provision,
    Sentence,
    Term,
    TimeExpression,
    Version,
)

BATCH = 500


def text_hash(text: str) -> str:
    """Hash of a clean text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def facts(row: DocumentRow) -> dict[str, Any]:
    """The fields of a document that its newest version tells."""
    return {
        "title": row.title[:300],
        "work": row.work[:300],
        "kind": row.kind,
        "number": row.number or "",
        "issuers": list(row.issuers),
        "branch": row.branch,
        "level": row.level or "",
        "region": row.region or "",
        "date": row.date or "",
        "secrecy": row.secrecy or "",
    }


def version_of(read: Read, document: Document, **fields: Any) -> Version:
    """An unsaved version."""
    return Version(
        document=document,
        key=read.id,
        text=read.text,
        text_sha256=text_hash(read.text),
        characters=len(read.text),
        row=to_row(read.row),
        paragraphs=[[p.start, p.end, p.kind, p.level, p.speaker or ""] for p in read.paragraphs],
        pages=pages_of(read),
        **fields,
    )


def pages_of(read: Read) -> list[int]:
    """The first and last page that a document stands on; empty for sources without pages."""
    if read.body.glyphs is None:
        return []
    numbers = read.body.glyphs[:, 0]
    numbers = numbers[numbers >= 1]
    return [int(numbers.min()), int(numbers.max())] if len(numbers) else []


def write_found(version: Version, read: Read, found: Extraction) -> dict[str, int]:
    """Saves outline, sentences, times, candidates and mentions of a version; their counts."""
    provisions = _provisions(version, read)
    sentences = {
        s.id: Sentence(
            version=version,
            key=s.id,
            start=s.evidence.start,
            end=s.evidence.end,
            kind=s.kind,
            provision=provisions.get(s.provision or ""),
        )
        for s in found.sentences
    }
    Sentence.objects.bulk_create(sentences.values(), BATCH)
    times = {
        d.id: TimeExpression(
            version=version,
            key=d.id,
            start=d.evidence.start,
            end=d.evidence.end,
            quote=d.evidence.quote[:200],
            kind=d.kind,
            since=d.from_ or "",
            until=d.to or "",
            anchor=(d.anchor or "")[:200],
            explanation=d.explanation[:400],
        )
        for d in found.dates
    }
    TimeExpression.objects.bulk_create(times.values(), BATCH)
    candidates = _candidates(version, found, provisions, sentences, times)
    mentions = [
        Mention(
            version=version,
            key=e.id,
            start=e.evidence.start,
            end=e.evidence.end,
            quote=e.evidence.quote[:300],
            type=e.type,
            canonical=e.canonical[:300],
            code=e.code or "",
        )
        for e in found.entities
    ]
    Mention.objects.bulk_create(mentions, BATCH)
    return {
        "provisions": len(provisions),
        "sentences": len(sentences),
        "candidates": len(candidates),
        "mentions": len(mentions),
        "times": len(times),
    }


def _provisions(version: Version, read: Read) -> dict[str, Provision]:
    """The outline, level by level, since a child needs its parent's number."""
    made: dict[str, Provision] = {}
    for depth in sorted({p.depth for p in read.provisions}):
        some = [
            Provision(
                version=version,
                key=p.id,
                start=p.evidence.start,
                end=p.evidence.end,
                depth=p.depth,
                kind=p.kind,
                parent=made.get(p.parent or ""),
                label=p.label[:60],
                title=p.title[:300],
                eid=p.eid[:120],
                speaker=(p.speaker or "")[:60],
            )
            for p in read.provisions
            if p.depth == depth
        ]
        for p in Provision.objects.bulk_create(some, BATCH):
            made[p.key] = p
    return made


def _candidates(
    version: Version,
    found: Extraction,
    provisions: dict[str, Provision],
    sentences: dict[str, Sentence],
    times: dict[str, TimeExpression],
) -> list[Candidate]:
    out = [
        Candidate(
            version=version,
            key=c.id,
            start=c.evidence.start,
            end=c.evidence.end,
            sentence=sentences.get(c.sentence or ""),
            provision=provisions.get(c.provision or ""),
            type=c.type,
            quote=c.evidence.quote,
            prefix=c.evidence.prefix,
            suffix=c.evidence.suffix,
            verb=c.verb[:60],
            object=c.object,
            modifiers=list(c.modifiers),
            actor=(c.actor or "")[:200],
            units=[asdict(u) for u in c.units],
            deadline=times.get(c.deadline or ""),
            ongoing=c.ongoing,
            targets=[asdict(t) for t in c.targets],
            places=[asdict(p) for p in c.places],
            strength=c.strength,
            domain=c.domain or "",
            boxes=[list(b) for b in c.evidence.boxes] if c.evidence.boxes else None,
        )
        for c in found.commitments
    ]
    return Candidate.objects.bulk_create(out, BATCH)


def write_terms(versions: dict[str, Version], terms: Iterable[TermRow]) -> int:
    """Saves terms with the version that defines them."""
    rows = [
        Term(
            version=versions[t.evidence.document],
            key=t.id,
            start=t.evidence.start,
            end=t.evidence.end,
            term=t.term[:100],
            sense=t.sense[:600],
            quote=t.evidence.quote,
            count=t.count,
            members=list(t.members),
            uses=[[u.document, u.start, u.end] for u in t.uses],
        )
        for t in terms
        if t.evidence.document in versions
    ]
    return len(Term.objects.bulk_create(rows, BATCH))


def keep_reading(version: Version, read: Read, found: Extraction) -> None:
    """Keeps a version's structure in the pipeline's own form, with sentences as judged by extraction."""
    plain = {"document": encode(read.with_rows(sentences=found.sentences)), "extraction": encode(found)}
    path = version.reading_path
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_bytes(
        zlib.compress(json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)
    )
    beside.replace(path)


def load_reading(version: Version) -> tuple[Read, Extraction]:
    """What :func:`keep_reading` kept.

    :raises OSError: when it is not there; the version must be read again.
    """
    plain = json.loads(zlib.decompress(version.reading_path.read_bytes()).decode("utf-8", "surrogatepass"))
    return decode(Read, plain["document"]), decode(Extraction, plain["extraction"])


class Sentences:
    """The sentences of a version by place."""

    def __init__(self, version: Version) -> None:
        rows = version.sentences.order_by("start").values_list("start", "end", "pk")
        self._rows: Sequence[tuple[int, int, int]] = list(rows)
        self._starts = [r[0] for r in self._rows]

    def at(self, start: int) -> int | None:
        """The id of the sentence that holds a place."""
        from bisect import bisect_right

        i = bisect_right(self._starts, start) - 1
        return self._rows[i][2] if i >= 0 and start < self._rows[i][1] else None
