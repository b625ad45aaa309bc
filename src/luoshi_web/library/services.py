"""Writes to the library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Actor, Refused, change, record, service
from luoshi_web.library import jobs, selectors, storage
from luoshi_web.library.models import Batch, Document, File, Job, JobState
from luoshi_web.organisation.models import Account, Unit


@service("library.batch.add", permission="library.add_document", on="owner")
def receive(
    *,
    by: Account,
    owner: Unit,
    audience: str,
    files: Sequence[Any],
    paths: Sequence[str] = (),
    max_bytes: int,
) -> Batch:
    """Takes uploaded files: keeps the bytes, makes a job for each; same content is recognised.

    :param paths: the files' places in a dropped folder, where the browser told them.
    """
    if not files:
        raise Refused(_("没有选择文件。"), "files")
    batch = Batch.objects.create(by=by, owner=owner, audience=audience)
    seen: list[dict[str, Any]] = []
    for i, upload in enumerate(files):
        name = (paths[i] if i < len(paths) and paths[i] else upload.name or "?")[-255:]
        if (upload.size or 0) > max_bytes:
            _refused(
                batch,
                name,
                "too-large",
                _("文件超过 %d MB 的上限。") % (max_bytes >> 20),
                _("请拆分后上传。"),
            )
            continue
        sha256, size = storage.keep(upload.chunks())
        seen.append({"name": name, "sha256": sha256, "bytes": size})
        add_file(by=by, batch=batch, name=name, sha256=sha256, size=size)
    record(batch, after={"owner": owner, "audience": audience, "files": seen})
    return batch


@service("library.file.add")
def add_file(*, by: Actor, batch: Batch, name: str, sha256: str, size: int) -> Job:
    """A job for bytes that are kept already; without work where the same content was read before.

    What was read for units whose documents the uploader does not see is read for his own once more.
    """
    file, new = File.objects.get_or_create(
        sha256=sha256, defaults={"name": name.rsplit("/", 1)[-1], "size": size, "owner": batch.owner}
    )
    job = Job(batch=batch, kind="read", file=file, name=name, by=batch.by)
    if not new and _read(batch, file):
        job.state, job.ended_at, job.result = JobState.DONE, timezone.now(), {"duplicate": True}
        job.save()
        return job
    job.save()
    jobs.enqueue(job)
    return job


def _read(batch: Batch, file: File) -> bool:
    """Whether the uploader has all that reading the file again would give."""
    found = list(selectors.versions(batch.by).filter(file=file))
    return bool(found) and all(v.reading_path.is_file() for v in found)


def _refused(batch: Batch, name: str, code: str, message: str, hint: str) -> None:
    job = Job.objects.create(
        batch=batch, kind="read", name=name, by=batch.by, state=JobState.FAILED, ended_at=timezone.now()
    )
    job.problems.create(severity="error", code=code, message=message, hint=hint)


@service("library.job.retry", permission="library.add_document")
def retry(*, by: Actor, job: Job) -> Job:
    """Does a failed job again."""
    if job.state != JobState.FAILED or job.file is None:
        raise Refused(_("只有未办成且保存了原件的任务可以重试。"))
    job.problems.all().delete()
    job.state, job.attempts, job.ended_at = JobState.WAITING, 0, None
    job.save()
    jobs.enqueue(job)
    record(job)
    return job


@service("library.document.change", permission="library.change_document", on="document")
def change_document(
    *, by: Actor, document: Document, revision: int, fields: dict[str, Any], reason: str = ""
) -> Document:
    """Corrects what the machine read of a document's head, or who may see it."""
    allowed = {"title", "number", "date", "level", "issuers", "audience", "secrecy", "kind"}
    if set(fields) - allowed:
        raise Refused(_("不能修改：%s。") % ", ".join(sorted(set(fields) - allowed)))
    return change(document, revision=revision, reason=reason, **fields)


@service("library.document.withdraw", permission="library.change_document", on="document")
def withdraw(*, by: Actor, document: Document, revision: int, withdrawn: bool, reason: str) -> Document:
    """Takes a document off the shelf, or puts it back; nothing is removed."""
    if withdrawn and not reason.strip():
        raise Refused(_("请填写撤下的理由。"), "reason")
    return change(document, revision=revision, withdrawn=withdrawn, reason=reason)


def held(pk: int) -> Document:
    """A document as it stands in this transaction, and to its end: no new version of it comes meanwhile."""
    return Document.objects.select_for_update(no_key=True).get(pk=pk)


def pending(jobs_: Iterable[Job]) -> bool:
    """Whether some are not ended."""
    return any(j.state in (JobState.WAITING, JobState.RUNNING) for j in jobs_)
