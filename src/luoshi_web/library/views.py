"""Pages of the library."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused
from luoshi_web.library import selectors, services, storage
from luoshi_web.library.forms import DocumentForm
from luoshi_web.library.models import Audience, Job, JobState, Provision
from luoshi_web.library.render import Mark, paragraphs
from luoshi_web.ui.pages import Request, number, page, paginate, render


@page("library.view_document")
def shelf(request: Request) -> HttpResponse:
    """The list of documents, and the place to drop files."""
    page_obj = paginate(request, selectors.shelf(request.user, request.GET))
    found = selectors.counts(list(page_obj))
    context = {
        "page_obj": page_obj,
        "rows": [(d, found.get(d.pk, 0)) for d in page_obj],
        "owners": selectors.owners(request.user),
        "audiences": Audience.choices,
        "max_mb": settings.LUOSHI.upload_mb,
        "latest": selectors.batches(request.user).first()
        if request.user.has_perm("library.add_document")
        else None,
    }
    return render(request, "library/shelf.html", context)


@page("library.add_document", methods=("POST",))
def upload(request: Request) -> HttpResponse:
    """Takes files; answers with the batch's progress."""
    owner = get_object_or_404(selectors.owners(request.user), pk=number(request.POST.get("owner", "")))
    audience = request.POST.get("audience", Audience.BELOW)
    if audience not in Audience.values:
        raise Refused(_("没有这种查阅范围。"), "audience")
    it = services.receive(
        by=request.user, owner=owner, audience=audience, files=request.FILES.getlist("files"),
        paths=request.POST.getlist("paths"), max_bytes=settings.LUOSHI.upload_mb << 20,
    )  # fmt: skip
    if request.htmx:
        return _batch(request, it.pk)
    return redirect("library:batch", pk=it.pk)


@page("library.add_document")
def batch(request: Request, pk: int) -> HttpResponse:
    """An upload's files, each with its progress and problems; asks again until all are done."""
    return _batch(request, pk)


def _batch(request: Request, pk: int) -> HttpResponse:
    it = get_object_or_404(selectors.batches(request.user), pk=pk)
    jobs = list(it.jobs.all())
    reading = sorted((j for j in jobs if j.kind == "read"), key=lambda j: (j.state != JobState.FAILED, j.pk))
    comparing = [j for j in jobs if j.kind == "compare"]
    found = {pk for j in reading for pk in j.result.get("documents", ())}
    here = list(selectors.documents(request.user).filter(pk__in=found))
    counted = selectors.counts(here)
    titles = {d.pk: (d.title, counted.get(d.pk, 0)) for d in here}
    same = selectors.same(request.user, [j.file_id or 0 for j in reading if j.result.get("duplicate")])
    for j in reading:
        j.same = same.get(j.file_id or 0, [])  # type: ignore[attr-defined]
        j.found = [(pk, *titles[pk]) for pk in j.result.get("documents", ()) if pk in titles]  # type: ignore[attr-defined]
        # the job is done, and nothing came of it: a damaged or empty file must not look like a success
        j.unread = j.state == JobState.DONE and not (  # type: ignore[attr-defined]
            j.result.get("documents") or j.result.get("duplicate")
        )
    context = {
        "batch": it,
        "jobs": reading,
        "comparing": comparing,
        "compared": sum(j.state == JobState.DONE for j in comparing),
        "pending": services.pending(jobs),
        "can_review": request.user.has_perm("register.review_commitment", it),
        "failed": sum(j.state == JobState.FAILED or j.unread for j in reading),  # type: ignore[attr-defined]
        "ready": sum(j.state == JobState.DONE and not j.unread for j in reading),  # type: ignore[attr-defined]
    }
    return render(request, "library/batch.html", context, part="library/batch_part.html")


@page("library.add_document", methods=("POST",))
def retry(request: Request, pk: int) -> HttpResponse:
    """Does a failed job again."""
    job = get_object_or_404(Job.objects.filter(batch__in=selectors.batches(request.user)), pk=pk)
    services.retry(by=request.user, job=job)
    return redirect("library:batch", pk=job.batch_id)


@page("library.view_document")
def document(request: Request, pk: int) -> HttpResponse:
    """The reading page of a document's current version."""
    it = selectors.document(request.user, pk)
    return _reading(request, it.current_id)


@page("library.view_document")
def reading(request: Request, pk: int) -> HttpResponse:
    """The reading page: outline left, text in the middle, commitments of the place right."""
    return _reading(request, pk)


def _reading(request: Request, pk: int | None) -> HttpResponse:
    version = selectors.version(request.user, pk or 0)
    candidates = list(selectors.candidates(version))
    outline = list(Provision.objects.filter(version=version).order_by("start", "depth"))
    marks = [Mark(c.start, c.end, f"candidate {c.type}", c.key) for c in candidates]
    marks += _lit(request.GET.get("lit", ""))
    above, below = selectors.comparisons(request.user, version)
    document = version.document
    initial = {n: getattr(document, n) for n in ("title", "number", "date", "level", "audience", "revision")}
    context = {
        "version": version,
        "document": document,
        "outline": [p for p in outline if p.depth <= 3 and (p.title or p.label)],
        "paragraphs": paragraphs(version, marks, outline),
        "candidates": candidates,
        "above": above.filter(links_count__gt=0)[:20],
        "below": below.filter(links_count__gt=0)[:20],
        "versions": document.versions.order_by("-number"),
        "problems": version.file.problems.all(),
        "form": DocumentForm(initial=initial),
        "can_change": request.user.has_perm("library.change_document", document),
    }
    return render(request, "library/reading.html", context)


@page("library.view_document")
def place(request: Request, pk: int, start: int) -> HttpResponse:
    """A link to a place of the text: goes to its paragraph on the reading page."""
    version = selectors.version(request.user, pk)
    inside = [p for p in version.paragraphs if p[0] <= start]
    at = inside[-1][0] if inside else 0
    lit = ",".join(f"{m.start}-{m.end}" for m in _lit(request.GET.get("lit", "")))
    return redirect(reverse("library:reading", args=[pk]) + (f"?lit={lit}" if lit else "") + f"#p{at}")


def _lit(told: str) -> list[Mark]:
    """Places that an address asks to light: ``lit=120-124,130-134``."""
    spans = (m.groups() for m in re.finditer(r"(\d{1,9})-(\d{1,9})", told[:1000]))
    return [Mark(int(a), int(b), "lit", "") for a, b in spans if int(a) < int(b)][:50]


@page("library.change_document", methods=("POST",))
def change(request: Request, pk: int) -> HttpResponse:
    """Corrects a document's head."""
    it = selectors.document(request.user, pk)
    form = DocumentForm(request.POST)
    if not form.is_valid():
        raise Refused("；".join(f"{form[n].label}：{' '.join(map(str, e))}" for n, e in form.errors.items()))
    data = dict(form.cleaned_data)
    revision, reason = data.pop("revision"), data.pop("reason")
    services.change_document(by=request.user, document=it, revision=revision, fields=data, reason=reason)
    messages.success(request, _("已保存。"))
    return redirect("library:document", pk=pk)


@page("library.change_document", methods=("POST",))
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Takes a document off the shelf or puts it back."""
    it = selectors.document(request.user, pk)
    wanted = request.POST.get("withdrawn") == "1"
    services.withdraw(
        by=request.user, document=it, revision=number(request.POST.get("revision", "")), withdrawn=wanted,
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, _("已撤下。") if wanted else _("已恢复。"))
    return redirect("library:shelf")


@page("library.view_document")
def document_versions(request: Request, pk: int) -> HttpResponse:
    """The versions of a document, and the difference of two of them."""
    from luoshi_web.library.difference import lines

    it = selectors.document(request.user, pk)
    versions = list(it.versions.select_related("file").order_by("-number"))
    by_number = {str(v.number): v for v in versions}
    new = by_number.get(request.GET.get("new", "")) or (versions[0] if versions else None)
    old = by_number.get(request.GET.get("old", "")) or (versions[1] if len(versions) > 1 else None)
    rows = lines(old.text, new.text) if old and new else []
    context = {"document": it, "versions": versions, "old": old, "new": new, "rows": rows}
    return render(request, "library/versions.html", context)


@page("library.view_document")
def original(request: Request, pk: int) -> Any:
    """The original, byte by byte, to be saved, never shown by the browser (it may be a web page)."""
    it = selectors.file(request.user, pk)
    name = re.sub(r'[\x00-\x1f"\\/]', "_", it.name)
    response = FileResponse(
        storage.opened(it), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page("library.view_document")
def terms(request: Request) -> HttpResponse:
    """Numeral abbreviations and slogans with their senses."""
    rows = selectors.terms(request.user, request.GET.get("q", "").strip())
    page_obj = paginate(request, rows.order_by("term").values_list("term", flat=True).distinct(), 100)
    context = {"page_obj": page_obj, "rows": selectors.gathered(rows, page_obj)}
    return render(request, "library/terms.html", context)
