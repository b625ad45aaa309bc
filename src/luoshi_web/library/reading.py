"""Jobs that read a file: bytes → documents → versions with all that was found in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Max

from luoshi.extract import Extraction
from luoshi.model import Document as Read
from luoshi.model import TermRow
from luoshi.pipeline import stages
from luoshi.pipeline.cache import fingerprint
from luoshi.pipeline.discover import Found
from luoshi.pipeline.problems import problem_rows
from luoshi_web.audit.services import SYSTEM, Actor, change, created, record, service
from luoshi_web.library import comparing, jobs, mapping
from luoshi_web.library.models import Document, File, Job, Problem, Version

AFTER_VERSION: dict[str, Callable[..., Any]] = {}
"""Services of the rooms above, called as ``(by=, version=)`` when all of a new version is written, in the
same transaction: so nobody meets a version whose anchors have not been looked for."""


@jobs.kind("read")
def read_job(job: Job, steps: jobs.Steps) -> dict[str, Any]:
    """Reads the job's file and stores what is in it."""
    file = job.file
    assert file is not None and job.batch is not None
    steps.stage("read", 1)
    found = Found(file.path, job.name, file.size, file.sha256)
    told = settings.LUOSHI
    result = stages.read_file(found, max_bytes=told.upload_mb << 20, allow_secrecy=told.allow_secrecy)
    documents = stages.settle(result.documents)
    steps.stage("extract", len(documents))
    extractions = []
    for document in documents:
        extractions.append(stages.extract_document(document))
        steps.step()
    steps.stage("store", 1)
    terms = stages.terms(documents)
    problems = [*result.problems, *[p for d in documents for p in d.problems]]
    return store(
        by=SYSTEM,
        job=job,
        file=file,
        documents=list(zip(documents, extractions, strict=True)),
        terms=terms,
        problems=problems,
    )


@service("library.file.read")
def store(
    *,
    by: Actor,
    job: Job,
    file: File,
    documents: list[tuple[Read, Extraction]],
    terms: tuple[TermRow, ...],
    problems: list[Any],
) -> dict[str, Any]:
    """Stores the documents of a file as versions of new or known documents, in one transaction."""
    Problem.objects.filter(file=file).delete()
    Problem.objects.bulk_create(
        [
            Problem(
                file=file,
                job=job,
                severity=p.severity,
                code=p.code,
                page=p.page,
                message=p.message,
                hint=p.hint,
            )
            for p in problem_rows(problems)
        ]
    )
    versions: dict[str, Version] = {}
    counts: dict[str, int] = {}
    for ordinal, (read, found) in enumerate(documents):
        version, new = _version(job, file, ordinal, read)
        if not new:
            if version.key == read.id and not version.reading_path.is_file():
                mapping.keep_reading(version, read, found)
            continue
        versions[read.id] = version
        for name, n in mapping.write_found(version, read, found).items():
            counts[name] = counts.get(name, 0) + n
        mapping.keep_reading(version, read, found)
    counts["terms"] = mapping.write_terms(versions, terms)
    for after in AFTER_VERSION.values():
        for version in versions.values():
            after(by=by, version=version)
    record(file, after={"versions": [v.pk for v in versions.values()], "program": fingerprint(), **counts})
    comparing.after(list(versions.values()), job)
    return {"documents": [v.document_id for v in versions.values()], **counts}


def _version(job: Job, file: File, ordinal: int, read: Read) -> tuple[Version, bool]:
    """The version of a text, and whether it is new."""
    assert job.batch is not None
    document = known(read, job.batch.owner_id)
    text = mapping.text_hash(read.text)
    there = document.versions.filter(text_sha256=text).order_by("-number").first() if document else None
    if there is not None:
        Problem.objects.create(
            file=file,
            job=job,
            severity="info",
            code="same-text",
            message=f"《{read.row.title}》与库中已有版本文字相同，未另立版本。",
            hint="",
        )
        return there, False
    if document is None:
        document = created(
            Document(owner=job.batch.owner, audience=job.batch.audience, **mapping.facts(read.row))
        )
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = mapping.version_of(
        read, document, number=last + 1, file=file, ordinal=ordinal, program=fingerprint()
    )
    version.save(force_insert=True)
    change(document, current=version, action="library.document.new-version", **mapping.facts(read.row))
    return version, True


def known(read: Read, owner: int) -> Document | None:
    """The document that a text is a version of: same number, or same work, kind and issuers, of one owner."""
    row = read.row
    rows = Document.objects.filter(owner_id=owner)
    if row.number:
        found = rows.filter(number=row.number, kind=row.kind).first()
        if found is not None:
            return found
    if not row.work:
        return None
    same = rows.filter(work=row.work[:300], kind=row.kind)
    return next(
        (d for d in same if d.issuers == list(row.issuers) and d.date in ("", row.date or d.date)), None
    )
