"""Reads of the library, each limited to what an account may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from luoshi_web.library.models import Batch, Candidate, Comparison, Document, File, Job, Term, Version
from luoshi_web.organisation.access import table, visible
from luoshi_web.organisation.models import Unit

VIEW = "library.view_document"


def documents(account: Any) -> QuerySet[Document]:
    """The documents that an account sees."""
    return visible(Document.objects.select_related("owner", "current"), account, VIEW)


def document(account: Any, pk: int) -> Document:
    """One of them.

    :raises Http404: also where it exists and the account may not see it.
    """
    return get_object_or_404(documents(account), pk=pk)


def versions(account: Any) -> QuerySet[Version]:
    """The versions that an account sees."""
    rows = Version.objects.select_related("document__owner", "file")
    return visible(rows, account, VIEW, unit="document__owner", audience="document__audience")


def version(account: Any, pk: int) -> Version:
    """One of them.

    :raises Http404: also where it exists and the account may not see it.
    """
    return get_object_or_404(versions(account), pk=pk)


def shelf(account: Any, filters: Any) -> QuerySet[Document]:
    """The library's list: filtered by words of title or number, level, kind, year; latest first."""
    rows = documents(account).filter(withdrawn=bool(filters.get("withdrawn"))).select_related("current__file")
    if word := filters.get("q", "").strip():
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word))
    if level := filters.get("level", ""):
        rows = rows.filter(level=level)
    if kind := filters.get("kind", ""):
        rows = rows.filter(kind=kind)
    if year := filters.get("year", ""):
        rows = rows.filter(date__startswith=year)
    return rows.order_by("-date", "-pk")


def counts(documents_: list[Document]) -> dict[int, int]:
    """Candidates of each document's current version."""
    ids = [d.current_id for d in documents_ if d.current_id]
    rows = Candidate.objects.filter(version__in=ids).values("version__document").annotate(n=Count("pk"))
    return {r["version__document"]: r["n"] for r in rows}


def file(account: Any, pk: int) -> File:
    """An original that belongs to a document the account sees, or that it uploaded itself.

    :raises Http404: otherwise.
    """
    seen = versions(account).filter(file=pk).exists() or Job.objects.filter(file=pk, by=account).exists()
    return get_object_or_404(File.objects.all() if seen else File.objects.none(), pk=pk)


def same(account: Any, files: list[int]) -> dict[int, list[Document]]:
    """By original: the documents made of it that the account sees."""
    out: dict[int, list[Document]] = {}
    for v in versions(account).filter(file__in=files):
        if v.document not in out.setdefault(v.file_id, []):
            out[v.file_id].append(v.document)
    return out


def batches(account: Any) -> QuerySet[Batch]:
    """Uploads of the units where an account may add documents."""
    rows = Batch.objects.select_related("by", "owner").prefetch_related(
        Prefetch("jobs", Job.objects.select_related("file").prefetch_related("problems").order_by("pk"))
    )
    return visible(rows, account, "library.add_document").order_by("-pk")


def owners(account: Any) -> QuerySet[Unit]:
    """The units for which an account may add documents: those of its grants and below."""
    roles = table()["library.add_document"].roles
    where = Q(pk__in=[])
    for g in account.grants:
        if g.role in roles:
            where |= Q(path__startswith=g.unit.path)
    found: QuerySet[Unit] = Unit.objects.filter(where)
    return found


def candidates(version_: Version) -> QuerySet[Candidate]:
    """The machine's proposals in a version, in text order."""
    return (
        Candidate.objects.filter(version=version_)
        .select_related("deadline", "provision")
        .order_by("start", "pk")
    )


def comparisons(account: Any, version_: Version) -> tuple[QuerySet[Comparison], QuerySet[Comparison]]:
    """The comparisons of a version with those above and those below it that the account sees."""
    rows = Comparison.objects.filter(done_at__isnull=False).select_related(
        "upper__document", "lower__document"
    )
    above = visible(
        rows.filter(lower=version_),
        account,
        VIEW,
        unit="upper__document__owner",
        audience="upper__document__audience",
    )
    below = visible(
        rows.filter(upper=version_),
        account,
        VIEW,
        unit="lower__document__owner",
        audience="lower__document__audience",
    )
    return above.order_by("-links_count"), below.order_by("-links_count")


def terms(account: Any, word: str) -> QuerySet[Term]:
    """Terms of current versions that the account sees."""
    rows = visible(
        Term.objects.select_related("version__document"), account, VIEW,
        unit="version__document__owner", audience="version__document__audience",
    )  # fmt: skip
    rows = rows.filter(version=F("version__document__current"), version__document__withdrawn=False)
    return (rows.filter(Q(term__icontains=word) | Q(sense__icontains=word)) if word else rows).order_by(
        "term", "pk"
    )


def gathered(some: QuerySet[Term], names: Iterable[str]) -> list[dict[str, Any]]:
    """The terms of a page, each once: its senses and members, how often it stands, where it comes from."""
    out = {n: {"term": n, "senses": [], "members": [], "uses": 0, "places": []} for n in names}
    for t in some.filter(term__in=list(out)).order_by("-version__document__date", "pk"):
        one: dict[str, Any] = out[t.term]
        if t.sense and t.sense not in one["senses"]:
            one["senses"].append(t.sense)
        if t.members and t.members not in one["members"]:
            one["members"].append(t.members)
        one["uses"] += len(t.uses) or 1
        one["places"].append(t)
    return list(out.values())
