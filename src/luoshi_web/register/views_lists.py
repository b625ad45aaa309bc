"""Lists beside the comparisons: differences, commitments without a source, sources, suspect links."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from luoshi_web.library.difference import words
from luoshi_web.register import disposing, exports, judging, lists, ties
from luoshi_web.register.models import DifferenceVerdict
from luoshi_web.register.templatetags.register import change_name
from luoshi_web.ui.pages import Request, number, page, paginate, render
from luoshi_web.ui.tables import download

VIEW = "library.view_document"


@page(VIEW)
def differences(request: Request) -> HttpResponse:
    """Differences of wording and target, to be judged."""
    page_obj = paginate(request, lists.differences(request.user, request.GET), 30)
    rows = lists.difference_rows(page_obj, request.user)
    for r in rows:
        r["pieces"] = list(words(r["upper"], r["lower"]))
        r["may"] = request.user.has_perm(judging.JUDGE, r["pair"])
    context = {
        "page_obj": page_obj,
        "rows": rows,
        "uppers": ties.documents(request.user, "upper"),
        "lowers": ties.documents(request.user, "lower"),
        "changes": [(c, change_name(c)) for c in judging.CHANGES],
        "verdicts": DifferenceVerdict.choices,
    }
    return render(request, "register/differences.html", context)


@page(VIEW)
def differences_export(request: Request) -> Any:
    """The same as a file."""
    rows = lists.difference_rows(lists.differences(request.user, request.GET)[:], request.user)
    return download(exports.differences(rows), request.GET.get("format", ""))


@page(VIEW)
def unsourced(request: Request) -> HttpResponse:
    """Commitments that no document above explains."""
    page_obj = paginate(request, lists.unsourced(request.user, request.GET))
    rows = [
        {
            "u": u,
            "label": label,
            "near": near,
            "text": u.version.text[u.start : u.end],
            "may": bool(near and near["pair"]) and request.user.has_perm(judging.JUDGE, u.version),
        }
        for u, label, near in lists.unsourced_rows(page_obj, request.user)
    ]
    context = {"page_obj": page_obj, "rows": rows, "lowers": ties.documents(request.user, "lower")}
    return render(request, "register/unsourced.html", context)


@page(VIEW)
def unsourced_export(request: Request) -> Any:
    """The same as a file."""
    rows = lists.unsourced_rows(lists.unsourced(request.user, request.GET), request.user)
    return download(exports.unsourced(rows), request.GET.get("format", ""))


@page(VIEW)
def sources(request: Request) -> HttpResponse:
    """Where a document's wording comes from."""
    rows = lists.sources(request.user, number(request.GET.get("lower")))
    context = {"page_obj": paginate(request, rows), "lowers": ties.documents(request.user, "lower")}
    return render(request, "register/sources.html", context)


@page(VIEW)
def sources_export(request: Request) -> Any:
    """The same as a file."""
    rows = lists.sources(request.user, number(request.GET.get("lower")))
    return download(exports.sources(rows), request.GET.get("format", ""))


@page(VIEW)
def suspects(request: Request) -> HttpResponse:
    """Judged links, and dispositions, whose words a new version changed."""
    page_obj = paginate(request, lists.suspects(request.user), 20)
    rows = []
    for j in page_obj:
        ends = [_end(j, side) for side in ("upper", "lower")]
        rows.append(
            {"j": j, "ends": ends, "lost": any(e["state"] == "orphaned" for e in ends),
             "may": request.user.has_perm(judging.JUDGE, j)}
        )  # fmt: skip
    said = []
    for g in lists.suspect_gaps(request.user)[:50]:
        new = "" if g.found_start is None else g.checked.text[g.found_start : g.found_end]
        said.append(
            {"g": g, "new": new, "pieces": list(words(g.quote, new)) if new else [],
             "may": request.user.has_perm(disposing.DISPOSE, g)}
        )  # fmt: skip
    return render(request, "register/suspects.html", {"page_obj": page_obj, "rows": rows, "said": said})


def _end(j: Any, side: str) -> dict[str, Any]:
    """One end for the page: old words, new words, what changed."""
    end: dict[str, Any] = j.side(side)
    new = ""
    if end["found_start"] is not None:
        new = end["checked"].text[end["found_start"] : end["found_end"]]
    return {**end, "name": side, "new": new, "pieces": list(words(end["quote"], new)) if new else []}


@page(VIEW)
def suspects_export(request: Request) -> Any:
    """The suspect links as a file."""
    return download(exports.suspects(lists.suspects(request.user)), request.GET.get("format", ""))


@page(judging.JUDGE, methods=("POST",))
def settle_link(request: Request, pk: int) -> HttpResponse:
    """Confirms a suspect link with its new words, or takes it back."""
    judged = get_object_or_404(lists.suspects(request.user), pk=pk)
    told = request.POST
    judging.settle(
        by=request.user, judged=judged, revision=number(told.get("revision")), how=told.get("how", ""),
        reason=told.get("reason", ""),
    )  # fmt: skip
    messages.success(request, _("已保存。"))
    return redirect("register:suspects")


@page(disposing.DISPOSE, methods=("POST",))
def settle_gap(request: Request, pk: int) -> HttpResponse:
    """Confirms a disposition for a requirement's new words, or takes it back."""
    row = get_object_or_404(lists.suspect_gaps(request.user), pk=pk)
    told = request.POST
    disposing.settle(
        by=request.user, disposition=row, revision=number(told.get("revision")), how=told.get("how", ""),
        reason=told.get("reason", ""),
    )  # fmt: skip
    messages.success(request, _("已保存。"))
    return redirect("register:suspects")
