"""The coverage table (逐条对照表), one of its cells, the list of gaps and its export."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from luoshi_web.audit.services import Refused
from luoshi_web.library.models import Comparison, Coverage, Document
from luoshi_web.register import disposing, exports, gaps, judging, ties
from luoshi_web.register.models import Disposition
from luoshi_web.register.templatetags.comparing import SIGNS, said_mark, status_name
from luoshi_web.ui.pages import Request, number, page, render
from luoshi_web.ui.tables import download

VIEW = "library.view_document"
ROWS = 250
"""Requirements on a page of the heat map."""
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _upper(request: Request) -> tuple[list[Document], Document | None]:
    """The documents with a coverage table, and the one that is asked for (else the first)."""
    some = gaps.uppers(request.user)
    wanted = number(request.GET.get("upper"))
    found = next((d for d in some if d.pk == wanted), None)
    return some, found or (None if wanted else next(iter(some), None))


@page(VIEW)
def coverage(request: Request) -> HttpResponse:
    """The heat map: requirements × lower documents."""
    some, upper = _upper(request)
    if request.GET.get("upper") and upper is None:
        raise Http404
    if upper is None:
        return render(request, "register/coverage.html", {"uppers": some})
    table = gaps.matrix(request.user, upper)
    rows = [r for r in table.rows if _shown(r, request.GET)]
    page_obj = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    first = page_obj.start_index()
    context = {
        "uppers": some,
        "upper": upper,
        "table": table,
        "page_obj": page_obj,
        "rows": [(n, r, cells(r, table.columns)) for n, r in enumerate(page_obj, first)],
        "counts": table.counts(),
        "chapters": ties.chapters(table.outline),
        "narrow": len(table.columns) > 4,
        "filtered": len(rows),
        "legend": [(s, SIGNS[s], status_name(s)) for s in (*gaps.STATUS, "none")],
        "marks": [(said_mark(d), label) for d, label in Disposition.choices],
    }
    return render(request, "register/coverage.html", context)


def _shown(r: gaps.Requirement, told: Any) -> bool:
    if (chapter := told.get("chapter", "")) and str(r.chapter) != chapter:
        return False
    if (word := str(told.get("q", "")).strip()) and word not in r.quote:
        return False
    show = told.get("show", "")
    if show == "gaps":
        return any(c.gap for c in r.cells.values())
    if show == "waiting":
        return any(c.gap and c.disposition is None for c in r.cells.values())
    return True


def cells(r: gaps.Requirement, columns: list[Comparison]) -> SafeString:
    """The cells of a row; by hand, since ten thousand of them stand on a page."""
    out = []
    words = {s: escape(status_name(s)) for s in (*gaps.STATUS, "none")}
    for c in columns:
        cell = r.cells.get(c.pk)
        if cell is None:
            out.append(f'<td class="c-none" aria-label="{words["none"]}">·</td>')
            continue
        mark, label = SIGNS[cell.status], str(words[cell.status])
        if cell.gap and cell.disposition is not None:
            mark += said_mark(cell.disposition.disposition)
            label = f"{label}，{escape(cell.disposition.get_disposition_display())}"
        told = (
            f'class="c-{cell.status}" data-c="{c.pk}/{escape(cell.key)}" tabindex="-1" aria-label="{label}"'
        )
        out.append(f"<td {told}>{mark}</td>")
    return mark_safe("".join(out))  # every part of it is ours or escaped


def _cell(request: Request, pk: int, key: str) -> tuple[Comparison, Coverage]:
    pair = ties.comparison(request.user, pk)
    found = pair.coverage.filter(key=key).first()
    if found is None:
        raise Http404
    return pair, found


@page(VIEW)
def cell(request: Request, pk: int, key: str) -> HttpResponse:
    """One requirement against one lower document: passages, near misses, what was said about it."""
    pair, found = _cell(request, pk, key)
    return _render_cell(request, pair, found)


def _render_cell(request: Request, pair: Comparison, found: Coverage) -> HttpResponse:
    text = pair.upper.text
    outline = ties.Outline(pair.lower)
    every = ties.ties(pair)
    by = set(found.by)
    touching = [
        t
        for t in every
        if t.key in by or (t.state == "confirmed" and gaps.covers([t.upper], found.start, found.end))
    ]
    table = gaps.matrix(request.user, pair.upper.document, pair.lower.document_id)
    here = next(
        (c for r in table.rows for c in r.cells.values() if c.key == found.key),
        gaps.Cell(found.pk, found.key, pair.pk, found.status, found.provisional),
    )
    said = disposing.known_of(pair, found.start, found.end)
    context = {
        "pair": pair,
        "v": found,
        "cell": here,
        "label": ties.Outline(pair.upper).label(found.start),
        "before": text[max(0, found.start - 60) : found.start].rsplit("\n", 1)[-1],
        "after": text[found.end : found.end + 60].split("\n", 1)[0],
        "by": [(t, pair.lower.text[slice(*t.lower)], outline.label(t.lower[0])) for t in touching],
        "near": [
            {**n, "label": outline.label(n["start"]),
             "adding": f"{found.start}-{found.end},{n['start']}-{n['end']}"}
            for n in found.near
        ],
        "said": said if said is not None and not said.withdrawn else None,
        "revision": said.revision if said else 0,
        "earlier": gaps.earlier(pair, found.start, found.end),
        "dispositions": Disposition.choices,
        "can_dispose": request.user.has_perm(disposing.DISPOSE, pair),
        "can_judge": request.user.has_perm(judging.JUDGE, pair),
    }  # fmt: skip
    return render(request, "register/cell.html", context)


@page(disposing.DISPOSE, methods=("POST",))
def dispose(request: Request, pk: int, key: str) -> HttpResponse:
    """Says what a gap is, or takes that back."""
    pair, found = _cell(request, pk, key)
    told = request.POST
    revision, reason = number(told.get("revision")), told.get("reason", "")
    if told.get("disposition") == "take-back":
        known = disposing.known_of(pair, found.start, found.end)
        if known is None:
            raise Refused(_("这一条还没有研判意见。"))
        disposing.take_back(by=request.user, disposition=known, revision=revision, reason=reason)
    else:
        disposing.dispose(
            by=request.user, comparison=pair, coverage=found, revision=revision,
            disposition=told.get("disposition", ""), reason=reason,
        )  # fmt: skip
    if not request.htmx:
        messages.success(request, _("已保存。"))
        url = reverse("register:gaps") + f"?upper={pair.upper.document_id}"
        return HttpResponse(status=303, headers={"Location": url})
    response = _render_cell(request, pair, found)
    known = disposing.known_of(pair, found.start, found.end)
    mark = said_mark(known.disposition) if known is not None and not known.withdrawn else ""
    words = str(known.get_disposition_display()) if known is not None and not known.withdrawn else ""
    detail = {"cell": f"{pk}/{key}", "mark": mark, "words": words}
    response.headers["HX-Trigger-After-Swap"] = json.dumps({"luoshi:disposed": detail})
    return response


def _listed(request: Request) -> tuple[list[Document], gaps.Matrix | None, list[gaps.Gap]]:
    some, upper = _upper(request)
    if upper is None:
        if request.GET.get("upper"):
            raise Http404
        return some, None, []
    table = gaps.matrix(request.user, upper, number(request.GET.get("lower")) or None)
    return some, table, gaps.gaps(table, request.GET)


@page(VIEW)
def gap_list(request: Request) -> HttpResponse:
    """The gaps of one upper document, a line each."""
    some, table, found = _listed(request)
    page_obj = Paginator(found, 50).get_page(request.GET.get("page"))
    rows = gaps.fill(page_obj)
    allowed: dict[int, bool] = {}
    for g in rows:
        if g.pair.pk not in allowed:
            allowed[g.pair.pk] = request.user.has_perm(disposing.DISPOSE, g.pair)
    context = {
        "uppers": some,
        "upper": table.upper if table else None,
        "lowers": [c.lower.document for c in gaps.below(request.user, table.upper)] if table else [],
        "chapters": ties.chapters(table.outline) if table else [],
        "page_obj": page_obj,
        "rows": rows,
        "allowed": {pk for pk, may in allowed.items() if may},
        "waiting": sum(g.cell.disposition is None for g in found),
        "total": len(found),
        "dispositions": Disposition.choices,
    }
    return render(request, "register/gaps.html", context)


@page(VIEW)
def gaps_export(request: Request) -> Any:
    """The gap list as a file; refused while a gap in it has no disposition."""
    _some, table, found = _listed(request)
    if table is None:
        raise Refused(_("还没有可对照的文件，没有可导出的内容。"))
    rows = exports.complete(found)
    if not rows:
        raise Refused(_("没有符合条件的缺口，没有可导出的内容。"))
    rows = gaps.fill(rows)
    if request.GET.get("format") == "docx":
        name = f"{_('缺口清单')}-{table.upper.title[:40]}-{date.today().isoformat()}.docx"
        return FileResponse(
            exports.gap_word(table, rows), as_attachment=True, filename=name, content_type=DOCX
        )
    return download(exports.gap_table(table, rows), request.GET.get("format", ""))


@page(VIEW)
def coverage_export(request: Request) -> Any:
    """The coverage table as a file; of a gap it says only what was decided, else that it waits."""
    _some, upper = _upper(request)
    if upper is None and request.GET.get("upper"):
        raise Http404
    if upper is None:
        raise Refused(_("还没有可对照的文件，没有可导出的内容。"))
    table = gaps.matrix(request.user, upper)
    table.rows = [r for r in table.rows if _shown(r, request.GET)]
    return download(exports.coverage(table), request.GET.get("format", ""))
