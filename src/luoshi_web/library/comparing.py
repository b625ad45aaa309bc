"""Jobs that compare a version with all those above it: links, coverage, commitments without a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from luoshi import align, cover
from luoshi.extract import Extraction
from luoshi.model import CoverageRow, LinkRow, UnsourcedRow, to_row
from luoshi.model import Document as Read
from luoshi.pipeline.cache import fingerprint
from luoshi_web.audit.services import SYSTEM, Actor, record, service
from luoshi_web.library import jobs, mapping
from luoshi_web.library.models import (
    Comparison,
    Coverage,
    Document,
    Job,
    JobState,
    Link,
    SourceShare,
    Unsourced,
    Version,
)

AFTER_COMPARISON: dict[str, Callable[..., Any]] = {}
"""What the rooms above do, called as ``(by=, version=)``, when a version's comparisons are written anew, in
the same transaction."""
MOST = 60
"""A version is compared with at most so many others; which ones: see :func:`others`."""


def after(versions: Iterable[Version], job: Job) -> None:
    """Jobs for new versions, and for those below them; called in a service, in its transaction."""
    targets: dict[int, Version] = {}
    for version in versions:
        targets[version.pk] = version
        for other in others(version):
            pair = align.pairs([_row(version), _row(other)])
            if pair and pair[0].upper == version.key:
                targets[other.pk] = other
    waiting = set(
        Job.objects.filter(kind="compare", state=JobState.WAITING).values_list(
            "arguments__version", flat=True
        )
    )
    for version in targets.values():
        if version.pk not in waiting:
            new = Job.objects.create(
                kind="compare",
                document=version.document,
                name=version.document.title[:255],
                batch=job.batch,
                by=job.by,
                arguments={"version": version.pk},
            )
            jobs.enqueue(new, urgent=False)


def others(version: Version) -> list[Version]:
    """The current versions that one may be compared with: documents of its owner's line in the tree or shown
    to all; those it cites first, then the nearest in time. The same text twice, kept by two units, is one."""
    document = version.document
    path, step = document.owner.path, document.owner.steplen
    above = [path[: i + step] for i in range(0, len(path), step)]
    line = Q(owner__path__in=above) | Q(owner__path__startswith=path) | Q(audience="all")
    rows = Document.objects.filter(line, withdrawn=False, current__isnull=False).exclude(pk=document.pk)
    some = list(rows.select_related("current", "owner"))
    titles = {c["title"] for c in version.row.get("cites", [])}

    def far(d: Document) -> tuple[bool, int]:
        year = int(d.date[:4]) if d.date[:4].isdigit() else 0
        mine = int(document.date[:4]) if document.date[:4].isdigit() else 0
        return (d.title not in titles and d.work not in titles, abs(year - mine))

    found, known = [], {version.key}
    for d in sorted(some, key=far):
        assert d.current is not None
        if d.current.key in known:
            continue
        known.add(d.current.key)
        d.current.document = d
        found.append(d.current)
    return found[:MOST]


def _row(version: Version) -> Any:
    from luoshi.model import DocumentRow
    from luoshi.model.codec import from_row

    return from_row(DocumentRow, version.row)


@jobs.kind("compare")
def compare_job(job: Job, steps: jobs.Steps) -> dict[str, Any]:
    """Compares a version, as the lower one, with all that may be above it."""
    version = Version.objects.select_related("document__owner").get(pk=job.arguments["version"])
    if version.document.current_id != version.pk:
        return {"superseded": True}
    low, extraction = mapping.load_reading(version)
    pairs: list[tuple[Version, Read, align.Pair]] = []
    for other in others(version):
        pair = align.pairs([_row(version), _row(other)])
        if pair and pair[0].lower == version.key:
            pairs.append((other, mapping.load_reading(other)[0], pair[0]))
    steps.stage("align", len(pairs))
    found = compute(low, extraction, pairs, steps)
    return save(by=SYSTEM, version=version, uppers=[p[0] for p in pairs], found=found)


Found = tuple[list[LinkRow], list[CoverageRow], list[UnsourcedRow], list[Any]]


def compute(
    low: Read, extraction: Extraction, pairs: list[tuple[Version, Read, align.Pair]], steps: jobs.Steps
) -> Found:
    """Links, coverage, unsourced commitments and source shares of one lower document."""
    background = align.load_background()
    mine = align.Features(low)
    links: list[LinkRow] = []
    maybe: dict[str, list[LinkRow]] = {}
    for _other, upper, pair in pairs:
        got = align.align(mine, align.Features(upper), pair, background)
        links += got.links
        maybe[upper.id] = list(got.candidates)
        steps.step()
    documents = [low, *[p[1] for p in pairs]]
    links = list(align.rank(links))
    shares = list(align.sources(documents, links))
    coverage: list[CoverageRow] = []
    for _other, upper, pair in pairs:
        some = [x for x in links if x.upper.document == upper.id]
        if cover.expected(upper.row, low.row, pair.direction, some):
            coverage += cover.cover(upper, low, some, maybe[upper.id], background)
    near = [x for some in maybe.values() for x in some]
    unsourced = list(cover.unsourced(low, list(extraction.commitments), links, near))
    return links, coverage, unsourced, shares


@service("library.version.compare")
def save(*, by: Actor, version: Version, uppers: list[Version], found: Found) -> dict[str, Any]:
    """Replaces what an earlier comparison of this version found."""
    links, coverage, unsourced, shares = found
    lower_at = mapping.Sentences(version)
    Unsourced.objects.filter(version=version).delete()
    Comparison.objects.filter(lower=version).exclude(upper__in=uppers).delete()
    for upper in uppers:
        mine = [x for x in links if x.upper.document == upper.key]
        comparison, _new = Comparison.objects.update_or_create(
            upper=upper,
            lower=version,
            defaults={"program": fingerprint(), "links_count": len(mine), "done_at": timezone.now()},
        )
        upper_at = mapping.Sentences(upper)
        comparison.links.all().delete()
        comparison.coverage.all().delete()
        Link.objects.bulk_create([_link(comparison, x, upper_at, lower_at) for x in mine], mapping.BATCH)
        Coverage.objects.bulk_create(
            [_coverage(comparison, x, upper_at) for x in coverage if x.evidence.document == upper.key],
            mapping.BATCH,
        )
        SourceShare.objects.filter(comparison=comparison).delete()
        for s in shares:
            if s.lower_document == version.key and s.upper_document == upper.key:
                SourceShare.objects.create(
                    comparison=comparison,
                    characters=s.characters,
                    unique_characters=s.unique_characters,
                    share=s.share,
                )
    by_key = dict(version.candidates.values_list("key", "pk"))
    Unsourced.objects.bulk_create(
        [
            Unsourced(
                version=version,
                key=u.id,
                start=u.evidence.start,
                end=u.evidence.end,
                candidate_id=by_key.get(u.commitment),
                nearest=to_row(u.nearest) if u.nearest else None,
            )
            for u in unsourced
        ]
    )
    counts = {
        "uppers": len(uppers),
        "links": len(links),
        "coverage": len(coverage),
        "unsourced": len(unsourced),
    }
    for then in AFTER_COMPARISON.values():
        then(by=by, version=version)
    record(version, after=counts)
    return counts


def _link(
    comparison: Comparison, x: LinkRow, upper_at: mapping.Sentences, lower_at: mapping.Sentences
) -> Link:
    return Link(
        comparison=comparison,
        key=x.id,
        upper_sentence_id=upper_at.at(x.upper.start),
        lower_sentence_id=lower_at.at(x.lower.start),
        upper_start=x.upper.start,
        upper_end=x.upper.end,
        lower_start=x.lower.start,
        lower_end=x.lower.end,
        relation=x.relation,
        score=x.score,
        rank=x.rank,
        edits=[to_row(e) for e in x.edits],
        change=x.change or "",
        stock=x.stock,
        direction=x.direction,
        direction_basis=x.direction_basis[:300],
    )


def _coverage(comparison: Comparison, x: CoverageRow, upper_at: mapping.Sentences) -> Coverage:
    return Coverage(
        comparison=comparison,
        key=x.id,
        sentence_id=upper_at.at(x.evidence.start),
        start=x.evidence.start,
        end=x.evidence.end,
        quote=x.evidence.quote,
        status=x.status,
        by=list(x.by),
        lost=list(x.lost),
        near=[to_row(n) for n in x.near],
        provisional=x.provisional,
    )
