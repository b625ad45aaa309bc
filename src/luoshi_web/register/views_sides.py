"""Pages of two documents side by side (上下对照): texts, links, what was decided about them."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luoshi_web.library.difference import words
from luoshi_web.library.models import Comparison, Version
from luoshi_web.library.render import Mark, Paragraph, paragraphs
from luoshi_web.register import exports, gaps, judging, ties
from luoshi_web.register.models import DifferenceVerdict, LinkVerdict, Relation
from luoshi_web.register.templatetags.register import change_name
from luoshi_web.ui.pages import Request, number, page, paginate, render
from luoshi_web.ui.tables import download

VIEW = "library.view_document"


@page(VIEW)
def comparisons(request: Request) -> HttpResponse:
    """Pairs of documents that were compared, with what was found and what was decided."""
    rows = chosen(request)
    page_obj = paginate(request, rows, 30)
    context = {
        "page_obj": page_obj,
        "rows": ties.overview(list(page_obj)),
        "uppers": ties.documents(request.user, "upper"),
        "lowers": ties.documents(request.user, "lower"),
    }
    return render(request, "register/comparisons.html", context)


def chosen(request: Request) -> Any:
    """The pairs that the query string asks for; those with most links first."""
    rows = ties.comparisons(request.user)
    for side in ("upper", "lower"):
        if pk := number(request.GET.get(side)):
            rows = rows.filter(**{f"{side}__document": pk})
    if request.GET.get("all") != "1":
        rows = rows.filter(links_count__gt=0)
    return rows.order_by("-links_count", "pk")


@page(VIEW)
def comparisons_export(request: Request) -> Any:
    """The same list as a file."""
    return download(exports.pairs(list(chosen(request))), request.GET.get("format", ""))


@page(VIEW)
def sides(request: Request, pk: int) -> HttpResponse:
    """Two texts side by side, ribbons between what corresponds, and the same as a table."""
    pair = ties.comparison(request.user, pk)
    some = ties.ties(pair)
    outlines = {side: ties.Outline(getattr(pair, side)) for side in ("upper", "lower")}
    alive = [t for t in some if t.state != LinkVerdict.REJECTED]
    absent = _absent(request, pair)
    new = _new(pair.lower, alive)
    rows = [
        {
            "t": t,
            "upper": pair.upper.text[slice(*t.upper)],
            "lower": pair.lower.text[slice(*t.lower)],
            "upper_label": outlines["upper"].label(t.upper[0]),
            "lower_label": outlines["lower"].label(t.lower[0]),
            "upper_chapter": outlines["upper"].chapter(t.upper[0]),
            "lower_chapter": outlines["lower"].chapter(t.lower[0]),
        }
        for t in some
    ]
    context = {
        "pair": pair,
        "rows": rows,
        "counts": [(r, sum(t.relation == r for t in alive)) for r in ties.RELATIONS],
        "new": len(new),
        "absent": len(absent),
        "upper_text": _text(pair.upper, [(t.upper, t) for t in some], absent, "r-absent", outlines["upper"]),
        "lower_text": _text(pair.lower, [(t.lower, t) for t in some], new, "r-new", outlines["lower"]),
        "upper_chapters": ties.chapters(outlines["upper"]),
        "lower_chapters": ties.chapters(outlines["lower"]),
        "suspects": ties.judged(request.user)
        .filter(
            suspect=True,
            upper_document=pair.upper.document_id,
            lower_document=pair.lower.document_id,
        )
        .count(),
        "current": _in_force(pair),
        "can_judge": request.user.has_perm(judging.JUDGE, pair) and _in_force(pair),
        "relations": Relation.choices,
        "changes": [(c, change_name(c)) for c in judging.CHANGES],
        "states": LinkVerdict.choices,
        "adding": _adding(request, pair),
    }
    return render(request, "register/sides.html", context)


def _adding(request: Request, pair: Comparison) -> dict[str, dict[str, Any]] | None:
    """The two places of ``?add=120-180,40-66`` with their words, for a form that comes filled."""
    upper, _comma, lower = request.GET.get("add", "").partition(",")
    out = {}
    for side, told in (("upper", upper), ("lower", lower)):
        start, end = _span(told)
        words_ = getattr(pair, side).text[start:end]
        if not words_.strip():
            return None
        out[side] = {"span": f"{start}-{end}", "text": words_}
    return out


def _in_force(pair: Comparison) -> bool:
    return all(v.document.current_id == v.pk and not v.document.withdrawn for v in (pair.upper, pair.lower))


def _absent(request: Request, pair: Comparison) -> list[tuple[int, int]]:
    """The requirements that the lower text does not answer."""
    if pair.upper.document.current_id != pair.upper_id:
        return []
    pair.upper.document.current = pair.upper
    table = gaps.matrix(request.user, pair.upper.document, pair.lower.document_id)
    return [
        (r.start, r.end) for r in table.rows for cell in r.cells.values() if cell.status == "absent"
    ]  # fmt: skip


def _new(version: Version, alive: list[ties.Tie]) -> list[tuple[int, int]]:
    """The sentences that ask for something and carry nothing on."""
    taken = sorted(t.lower for t in alive)
    rows = version.sentences.filter(kind__in=("action", "goal")).order_by("start")
    return [
        (start, end)
        for start, end in rows.values_list("start", "end")
        if not any(a < end and start < b for a, b in taken)
    ]


def _text(
    version: Version,
    ends: list[tuple[tuple[int, int], ties.Tie]],
    extra: list[tuple[int, int]],
    extra_kind: str,
    outline: ties.Outline,
) -> list[Paragraph]:
    """A text with its clauses (for links drawn by hand), the ends of links, and what has no counterpart."""
    marks = [
        Mark(a, b, "s", f"s{a}-{b}")
        for sentence in version.sentences.values_list("start", "end")
        for a, b in judging.clauses_of(version.text, *sentence)
    ]
    marks += [Mark(*place, f"tie r-{t.relation} is-{t.state}", t.key) for place, t in ends]
    marks += [Mark(a, b, extra_kind, f"x{a}") for a, b in extra]
    return paragraphs(version, marks, outline.rows)


def _tie(request: Request, pk: int, key: str) -> tuple[Comparison, ties.Tie]:
    pair = ties.comparison(request.user, pk)
    found = ties.ties(pair, key)
    if not found:
        raise Http404
    return pair, found[0]


@page(VIEW)
def link(request: Request, pk: int, key: str) -> HttpResponse:
    """One link: both wordings with the words that changed, where it comes from, what was decided."""
    pair, t = _tie(request, pk, key)
    return _link(request, pair, t)


def _link(request: Request, pair: Comparison, t: ties.Tie) -> HttpResponse:
    upper, lower = pair.upper.text[slice(*t.upper)], pair.lower.text[slice(*t.lower)]
    pieces = list(words(upper, lower))
    context = {
        "pair": pair,
        "t": t,
        "old": [(how, text) for how, text in pieces if how != "ins"],
        "new": [(how, text) for how, text in pieces if how != "del"],
        "pieces": pieces,
        "upper_label": ties.Outline(pair.upper).label(t.upper[0]),
        "lower_label": ties.Outline(pair.lower).label(t.lower[0]),
        "can_judge": request.user.has_perm(judging.JUDGE, pair) and _in_force(pair),
        "differences": DifferenceVerdict.choices,
    }
    peek = request.GET.get("peek") == "1"
    return render(request, "register/peek.html" if peek else "register/tie.html", context)


@page(judging.JUDGE, methods=("POST",))
def judge(request: Request, pk: int, key: str) -> HttpResponse:
    """Confirms or rejects a link, takes a decision back, or judges a difference of wording."""
    pair = ties.comparison(request.user, pk)
    told = request.POST
    asked: dict[str, Any] = {
        "by": request.user, "comparison": pair, "key": key, "revision": number(told.get("revision")),
        "verdict": told.get("verdict", ""), "reason": told.get("reason", ""),
    }  # fmt: skip
    if told.get("what") == "difference":
        row = judging.judge_difference(**asked)
    else:
        row = judging.judge(**asked)
    if not request.htmx:
        messages.success(request, _("已保存。"))
        return HttpResponse(status=303, headers={"Location": _back(request, pair, key)})
    found = ties.ties(pair, key)
    response = _link(request, pair, found[0]) if found else HttpResponse("")
    detail = {
        "key": key, "state": str(row.verdict) if found else "gone", "words": str(row.get_verdict_display()),
        "difference": str(row.get_difference_display()),
    }  # fmt: skip
    response.headers["HX-Trigger"] = json.dumps({"luoshi:judged": detail})
    return response


def _back(request: Request, pair: Comparison, key: str) -> str:
    if request.POST.get("next") == "differences":
        return reverse("register:differences")
    return reverse("register:sides", args=[pair.pk]) + f"?link={key}"


@page(judging.JUDGE, methods=("POST",))
def add_link(request: Request, pk: int) -> HttpResponse:
    """Draws a link between two places."""
    pair = ties.comparison(request.user, pk)
    told = request.POST
    row = judging.add(
        by=request.user,
        comparison=pair,
        upper=_span(told.get("upper", "")),
        lower=_span(told.get("lower", "")),
        relation=told.get("relation", ""),
        difference=told.get("difference", ""),
        reason=told.get("reason", ""),
    )
    messages.success(request, _("已添加关联。"))
    url = reverse("register:sides", args=[pk]) + f"?link={row.key}"
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})


def _span(text: str) -> tuple[int, int]:
    """``120-180``; nonsense is an empty place, which the service refuses."""
    start, _dash, end = text.partition("-")
    return number(start), number(end)


@page(VIEW)
def links_export(request: Request, pk: int) -> Any:
    """The links of a pair as a file."""
    pair = ties.comparison(request.user, pk)
    return download(exports.links(pair), request.GET.get("format", ""))


def state_words(t: ties.Tie) -> str:
    """The state of a link in words."""
    names = {
        "open": pgettext("link", "待确认"),
        "confirmed": pgettext("link", "已确认"),
        "rejected": pgettext("link", "已否定"),
    }
    return names[t.state]
