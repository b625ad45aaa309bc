"""Documents, versions, what was read in them, uploads and jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Schema, Status, UploadedFile
from pydantic import Field

from luoshi_web.api.base import Paged, Paging, Room, paged, revision, said, tag
from luoshi_web.audit.services import Refused
from luoshi_web.library import selectors, services
from luoshi_web.library.difference import lines
from luoshi_web.library.models import (
    Audience,
    Candidate,
    Job,
    Mention,
    Provision,
    Sentence,
    Term,
    TimeExpression,
)
from luoshi_web.library.views import original
from luoshi_web.ui.pages import Request

room = Room("library")
VIEW, ADD, CHANGE = "library.view_document", "library.add_document", "library.change_document"


class DocumentOut(Schema):
    """A document: what is known of it, and its version in force."""

    id: int
    title: str
    number: str
    kind: str
    issuers: list[str]
    level: str
    region: str
    date: str
    secrecy: str
    audience: str
    owner: int = Field(alias="owner_id")
    current: int | None = Field(None, alias="current_id")
    withdrawn: bool
    revision: int


class DocumentIn(Schema):
    """Corrections; what is left out stays."""

    revision: int | None = None
    title: str | None = Field(None, min_length=1, max_length=300)
    number: str | None = Field(None, max_length=100)
    date: str | None = Field(None, pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")
    level: str | None = Field(None, max_length=12)
    kind: str | None = Field(None, max_length=40)
    issuers: list[str] | None = None
    audience: str | None = None
    secrecy: str | None = Field(None, max_length=20)
    reason: str = ""


class WithdrawIn(Schema):
    """Off the shelf, or back."""

    revision: int | None = None
    withdrawn: bool = True
    reason: str = ""


class VersionOut(Schema):
    """A version, without its text."""

    id: int
    document: int = Field(alias="document_id")
    number: int
    file: int = Field(alias="file_id")
    characters: int
    text_sha256: str
    program: str
    created_at: datetime


class TextOut(VersionOut):
    """A version with its text; places are code points of it."""

    text: str
    paragraphs: list[Any]


class DocumentFilter(Schema):
    """Which documents."""

    q: str = ""
    level: str = ""
    kind: str = ""
    year: str = ""
    withdrawn: bool = False


@room("GET", "/documents", VIEW, response=Paged[DocumentOut])
def documents(request: Request, filters: Query[DocumentFilter], paging: Query[Paging]) -> Any:
    """文件列表。The documents, latest first."""
    told = said(**filters.dict())
    if not filters.withdrawn:
        told.pop("withdrawn", None)
    return paged(selectors.shelf(request.user, told), paging)


@room("GET", "/documents/{int:pk}", VIEW, response=DocumentOut)
def document(request: Request, response: HttpResponse, pk: int) -> Any:
    """一份文件。One document."""
    it = selectors.document(request.user, pk)
    tag(response, it)
    return it


@room("PATCH", "/documents/{int:pk}", CHANGE, response=DocumentOut)
def change_document(request: Request, response: HttpResponse, pk: int, data: DocumentIn) -> Any:
    """更正文件信息。Corrects what was read of its head, or who may see it."""
    it = selectors.document(request.user, pk)
    fields = {n: v for n, v in data.dict(exclude_unset=True).items() if v is not None}
    fields.pop("revision", None)
    reason = fields.pop("reason", "")
    if fields.get("audience", Audience.OWN) not in Audience.values:
        raise Refused(_("没有这种查阅范围。"), "audience")
    it = services.change_document(
        by=request.user, document=it, revision=revision(request, data.revision), fields=fields, reason=reason
    )
    tag(response, it)
    return it


@room("POST", "/documents/{int:pk}/withdraw", CHANGE, response=DocumentOut)
def withdraw_document(request: Request, response: HttpResponse, pk: int, data: WithdrawIn) -> Any:
    """撤下或恢复文件。Takes a document off the shelf, or puts it back."""
    it = services.withdraw(
        by=request.user, document=selectors.document(request.user, pk), withdrawn=data.withdrawn,
        revision=revision(request, data.revision), reason=data.reason,
    )  # fmt: skip
    tag(response, it)
    return it


@room("GET", "/documents/{int:pk}/versions", VIEW, response=list[VersionOut])
def document_versions(request: Request, pk: int) -> Any:
    """文件的各个版本。The versions of a document, latest first."""
    return selectors.document(request.user, pk).versions.order_by("-number")


@room("GET", "/versions/{int:pk}", VIEW, response=TextOut)
def version(request: Request, pk: int) -> Any:
    """一个版本及其正文。A version with its text."""
    return selectors.version(request.user, pk)


class LineOut(Schema):
    """A paragraph of a difference (``same``, ``change``, ``ins``, ``del``): its pieces, kind and text."""

    kind: str
    pieces: list[tuple[str, str]]


@room("GET", "/versions/{int:pk}/difference", VIEW, response=list[LineOut])
def version_difference(request: Request, pk: int, old: int) -> Any:
    """与另一版本的差异。The difference from another version of the same document."""
    new = selectors.version(request.user, pk)
    before = get_object_or_404(selectors.versions(request.user), pk=old, document=new.document_id)
    return [{"kind": kind, "pieces": pieces} for kind, pieces in lines(before.text, new.text)]


class SpanOut(Schema):
    """A place of the text."""

    key: str
    start: int
    end: int


class ProvisionOut(SpanOut):
    """A node of the outline."""

    id: int
    parent: int | None = Field(None, alias="parent_id")
    depth: int
    kind: str
    label: str
    title: str
    eid: str


class SentenceOut(SpanOut):
    """A sentence."""

    kind: str
    provision: int | None = Field(None, alias="provision_id")


class CandidateOut(SpanOut):
    """A commitment as the machine proposes it."""

    id: int
    type: str
    quote: str
    verb: str
    object: str
    actor: str
    units: list[Any]
    targets: list[Any]
    places: list[Any]
    ongoing: bool
    strength: int
    domain: str
    deadline: str = ""

    @staticmethod
    def resolve_deadline(c: Any) -> str:
        """The last day."""
        return c.deadline.until if getattr(c, "deadline", None) else ""


class MentionOut(SpanOut):
    """A named thing."""

    type: str
    quote: str
    canonical: str
    code: str


class TimeOut(SpanOut):
    """A time expression, resolved."""

    kind: str
    quote: str
    since: str
    until: str
    explanation: str


class TermOut(SpanOut):
    """A numeral abbreviation or slogan in one sense."""

    term: str
    sense: str
    quote: str
    version: int = Field(alias="version_id")


class ReadingOut(Schema):
    """All that was found in a version."""

    version: int
    row: dict[str, Any]
    provisions: list[ProvisionOut]
    sentences: list[SentenceOut]
    candidates: list[CandidateOut]
    mentions: list[MentionOut]
    times: list[TimeOut]
    terms: list[TermOut]


@room("GET", "/versions/{int:pk}/reading", VIEW, response=ReadingOut)
def reading(request: Request, pk: int) -> Any:
    """读出的全部内容。Outline, sentences, candidates, mentions, times, terms of a version."""
    it = selectors.version(request.user, pk)

    def rows(model: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = model.objects.filter(version=it).order_by("start", "pk")
        return found

    return {
        "version": it.pk, "row": it.row, "provisions": rows(Provision), "sentences": rows(Sentence),
        "candidates": rows(Candidate).select_related("deadline"), "mentions": rows(Mention),
        "times": rows(TimeExpression), "terms": rows(Term),
    }  # fmt: skip


@room("GET", "/files/{int:pk}", VIEW)
def original_file(request: Request, pk: int) -> Any:
    """原件。The original, byte by byte."""
    return original(request, pk)


class ProblemOut(Schema):
    """Something that could not be done with a file."""

    severity: str
    code: str
    page: int | None = None
    message: str
    hint: str


class JobOut(Schema):
    """A piece of long work and how far it is."""

    id: int
    kind: str
    name: str
    state: str
    stage: str
    done: int
    total: int
    attempts: int
    file: int | None = Field(None, alias="file_id")
    result: dict[str, Any]
    problems: list[ProblemOut]

    @staticmethod
    def resolve_problems(job: Any) -> Any:
        """Those of the job."""
        return list(job.problems.all())


class BatchOut(Schema):
    """An upload."""

    id: int
    owner: int = Field(alias="owner_id")
    audience: str
    created_at: datetime
    jobs: list[JobOut]

    @staticmethod
    def resolve_jobs(batch: Any) -> Any:
        """Those of the upload."""
        return list(batch.jobs.all())


class UploadIn(Schema):
    """For which unit, and who may see it."""

    owner: int
    audience: str = "below"


@room("POST", "/uploads", ADD, response={201: BatchOut})
def upload(request: Request, data: Form[UploadIn], files: File[list[UploadedFile]]) -> Any:
    """上传文件。Takes files (multipart form); each becomes a job."""
    owner = get_object_or_404(selectors.owners(request.user), pk=data.owner)
    if data.audience not in Audience.values:
        raise Refused(_("没有这种查阅范围。"), "audience")
    it = services.receive(
        by=request.user, owner=owner, audience=data.audience, files=files,
        max_bytes=settings.LUOSHI.upload_mb << 20,
    )  # fmt: skip
    return Status(201, selectors.batches(request.user).get(pk=it.pk))


@room("GET", "/uploads", ADD, response=Paged[BatchOut])
def uploads(request: Request, paging: Query[Paging]) -> Any:
    """上传记录。The uploads, latest first."""
    return paged(selectors.batches(request.user), paging)


@room("GET", "/uploads/{int:pk}", ADD, response=BatchOut)
def one_upload(request: Request, pk: int) -> Any:
    """一次上传的进度。An upload with its jobs, their progress and problems."""
    return get_object_or_404(selectors.batches(request.user), pk=pk)


@room("POST", "/jobs/{int:pk}/retry", ADD, response=JobOut)
def retry_job(request: Request, pk: int) -> Any:
    """重试。Does a failed job again."""
    job = get_object_or_404(Job.objects.filter(batch__in=selectors.batches(request.user)), pk=pk)
    return services.retry(by=request.user, job=job)


@room("GET", "/terms", VIEW, response=Paged[TermOut])
def terms(request: Request, paging: Query[Paging], q: str = "") -> Any:
    """数字缩略语与政策术语。Numeral abbreviations and slogans with their senses."""
    return paged(selectors.terms(request.user, q.replace("\x00", "").strip()), paging)
