"""Pages of the review: the queue, a document's review, anchors that need a look."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused
from luoshi_web.library.difference import words
from luoshi_web.library.models import Candidate, Document, Provision
from luoshi_web.library.render import Mark, paragraphs
from luoshi_web.register import anchors as anchoring
from luoshi_web.register import drafting, scoring, selectors, services
from luoshi_web.register.forms import CommitmentForm
from luoshi_web.register.models import AnchorState, Decision
from luoshi_web.ui.pages import Request, number, page, paginate, render

REVIEW = "register.review_commitment"
THRESHOLDS = (0.9, 0.8, 0.7, 0.6, 0.5)


@page(REVIEW)
def queue(request: Request) -> HttpResponse:
    """Documents with something to review."""
    page_obj = paginate(request, selectors.queue(request.user, request.GET))
    found = selectors.counts(list(page_obj))
    return render(
        request,
        "register/queue.html",
        {"page_obj": page_obj, "rows": [(d, found[d.pk]) for d in page_obj]},
    )


@page(REVIEW)
def review(request: Request, pk: int) -> HttpResponse:
    """A document's candidates beside its text: outline, source, list."""
    document = selectors.document(request.user, pk)
    version = document.current
    assert version is not None
    items = selectors.items(version)
    outline = list(Provision.objects.filter(version=version).order_by("start", "depth"))
    marks = [
        Mark(
            i.candidate.start, i.candidate.end, f"candidate {i.candidate.type} is-{i.state}", i.candidate.key
        )
        for i in items
    ]
    context = {
        "document": document,
        "version": version,
        "items": items,
        "tally": selectors.tally(items),
        "outline": [p for p in outline if p.depth <= 3 and (p.title or p.label)],
        "paragraphs": paragraphs(version, marks, outline),
        "thresholds": _thresholds(items),
    }
    return render(request, "register/review.html", context)


def _thresholds(items: list[selectors.Item]) -> list[tuple[float, int, int]]:
    """Bounds of the score with how many undecided ones reach them."""
    rows = [(t, round(t * 100), sum(i.undecided and i.score >= t for i in items)) for t in THRESHOLDS]
    return [r for r in rows if r[2]]


@page(REVIEW)
def form(request: Request, pk: int, action: str) -> HttpResponse:
    """The form for editing, splitting, merging, rejecting or taking back, to stand above the list."""
    if action not in ("edit", "split", "merge", "reject", "reopen"):
        raise Http404
    candidate = selectors.candidate(request.user, pk)
    item = _items([candidate])[0]
    context: dict[str, Any] = {
        "action": action,
        "item": item,
        "c": candidate,
        "document": candidate.version.document,
    }
    if action == "edit":
        context["form"] = CommitmentForm.showing(drafting.draft(candidate), item.revision)
    elif action == "split":
        context["text"] = "\n".join(_pieces(candidate.quote))
    elif action == "merge":
        chosen = _chosen(candidate, request.GET.getlist("with"))
        context["items"] = _items(chosen)
        context["text"] = drafting.merged(chosen)["text"] if len(chosen) > 1 else candidate.quote
    context["signals"] = [(n, words, round(w * 100)) for n, words, w in scoring.signals(candidate)]
    return render(request, "register/form.html", context)


def _pieces(quote: str) -> list[str]:
    """A first proposal for a split: at semicolons, else at commas."""
    for mark in ("；", ";", "，"):
        parts = [p.strip("。 ") for p in quote.split(mark) if p.strip("。 ")]
        if len(parts) > 1:
            return parts
    return [quote]


def _chosen(candidate: Candidate, others: list[str]) -> list[Candidate]:
    """The candidates to be merged: this one and the checked ones, else the next undecided one."""
    rows = Candidate.objects.filter(version=candidate.version_id).select_related(
        "version__document__owner", "deadline", "sentence", "provision__parent__parent__parent"
    )
    ids = {number(x) for x in others} - {0, candidate.pk}
    if ids:
        return sorted([candidate, *rows.filter(pk__in=ids)], key=lambda c: (c.start, c.pk))
    following = rows.filter(start__gte=candidate.start).exclude(pk=candidate.pk).order_by("start", "pk")[:1]
    return [candidate, *following]


def _items(candidates: list[Candidate]) -> list[selectors.Item]:
    return selectors.items(candidates[0].version, {c.key for c in candidates})


@page(REVIEW, methods=("POST",))
def decide(request: Request, pk: int, action: str) -> HttpResponse:
    """Decides about one candidate."""
    candidate = selectors.candidate(request.user, pk)
    told = request.POST
    revision = number(told.get("revision", ""))
    reason = told.get("reason", "")
    if action == "accept":
        services.accept(by=request.user, candidate=candidate, revision=revision)
    elif action == "edit":
        fields, revision, reason = CommitmentForm(told).fields_for(list(candidate.units))
        services.accept(by=request.user, candidate=candidate, revision=revision, fields=fields, reason=reason)
    elif action == "split":
        texts = told.get("texts", "").splitlines()
        services.split(by=request.user, candidate=candidate, revision=revision, texts=texts, reason=reason)
    elif action == "reject":
        services.reject(by=request.user, candidate=candidate, revision=revision, reason=reason)
    elif action == "reopen":
        decision = Decision.objects.filter(version=candidate.version_id, key=candidate.key).first()
        if decision is None:
            raise Refused(_("这一条还没有审核。"))
        services.reopen(by=request.user, decision=decision, revision=revision, reason=reason)
        return _decided(request, candidate.version.document, None)
    else:
        raise Http404
    return _decided(request, candidate.version.document, {candidate.key})


@page(REVIEW, methods=("POST",))
def merge(request: Request, pk: int) -> HttpResponse:
    """Makes one commitment of several candidates."""
    document = selectors.document(request.user, pk)
    ids = [number(x) for x in request.POST.getlist("candidate")]
    candidates = {c: selectors.candidate(request.user, c) for c in dict.fromkeys(ids)}
    revisions = [number(x) for x in request.POST.getlist("revisions")]
    if len(revisions) != len(ids):
        raise Refused(_("页面已过期，请刷新后再审核。"))
    pairs = dict(zip(ids, revisions, strict=True))
    services.merge(
        by=request.user,
        document=document,
        candidates=list(candidates.values()),
        revisions=[pairs[c] for c in candidates],
        text=request.POST.get("text", ""),
        reason=request.POST.get("reason", ""),
    )
    return _decided(request, document, {c.key for c in candidates.values()})


@page(REVIEW, methods=("POST",))
def accept_above(request: Request, pk: int) -> HttpResponse:
    """Accepts all that score enough."""
    document = selectors.document(request.user, pk)
    try:
        minimum = float(request.POST.get("minimum", ""))
    except ValueError:
        raise Refused(_("请选择齐备度下限。"), "minimum") from None
    n = services.accept_above(by=request.user, document=document, minimum=minimum)
    messages.success(request, _("已采纳 %d 条。") % n)
    return redirect("register:review", pk=pk)


def _decided(request: Request, document: Document, keys: set[str] | None) -> HttpResponse:
    """The changed rows and the counts, for htmx; else the page again."""
    if not request.htmx:
        return redirect("register:review", pk=document.pk)
    every = selectors.items(document.current)
    changed = [i for i in every if keys is None or i.candidate.key in keys]
    context = {"document": document, "items": changed, "tally": selectors.tally(every)}
    response = render(request, "register/decided.html", context)
    states = {i.candidate.key: i.state for i in changed}
    response.headers["HX-Trigger-After-Swap"] = json.dumps({"luoshi:decided": {"states": states}})
    return response


@page(REVIEW)
def anchors(request: Request) -> HttpResponse:
    """Commitments whose words a new version changed (drifted) or dropped (orphaned)."""
    page_obj = paginate(request, selectors.lost(request.user, request.GET.get("document", "")), 20)
    rows = [
        {
            "c": c,
            "difference": words(c.quote, c.found_quote) if c.anchor_state == AnchorState.DRIFTED else [],
            "proposals": anchoring.proposals(c) if c.anchor_state == AnchorState.ORPHANED else [],
        }
        for c in page_obj
    ]
    return render(request, "register/anchors.html", {"page_obj": page_obj, "rows": rows})


@page(REVIEW, methods=("POST",))
def settle(request: Request, pk: int) -> HttpResponse:
    """Says where a commitment stands in the new version."""
    c = selectors.commitment(request.user, pk, REVIEW)
    told = request.POST
    revision, how = number(told.get("revision", "")), told.get("how", "")
    reason = told.get("reason", "")
    if how == "withdraw":
        services.withdraw(by=request.user, commitment=c, revision=revision, reason=reason)
    elif how == "orphan":
        anchoring.settle(by=request.user, commitment=c, revision=revision, reason=reason)
    elif how in ("confirm", "confirm-text"):
        start, end = told.get("start", ""), told.get("end", "")
        if not (start.isdecimal() and end.isdecimal()) or len(start + end) > 18:
            raise Refused(_("请选择新版中的位置。"))
        text = c.checked_version.text[int(start) : int(end)] if how == "confirm-text" else ""
        anchoring.settle(
            by=request.user, commitment=c, revision=revision, start=int(start), end=int(end), text=text,
            reason=reason,
        )  # fmt: skip
    else:
        raise Refused(_("请选择处理办法。"))
    messages.success(request, _("已保存。"))
    return redirect("register:anchors")
