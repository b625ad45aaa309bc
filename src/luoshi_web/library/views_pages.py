"""Pages of an original, as pictures with places lit; each asked for when it comes into sight."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse

from luoshi.errors import LuoshiError
from luoshi_web.audit.services import Refused
from luoshi_web.library import pictures, selectors
from luoshi_web.library.models import Version
from luoshi_web.library.views import _lit
from luoshi_web.ui.pages import Request, page, render

VIEW = "library.view_document"


def _version(request: Request, pk: int, number: int) -> Version:
    """The version, where an account sees it and it stands on that page."""
    version = selectors.version(request.user, pk)
    if not version.pages or not version.pages[0] <= number <= version.pages[1]:
        raise Http404
    return version


@page(VIEW)
def leaf(request: Request, pk: int, number: int) -> HttpResponse:
    """One page: its picture and the boxes on it; a sentence where it cannot be shown.

    Number 0 is the page on which the first span of ``lit`` begins, with these spans alone.
    """
    lit = [(m.start, m.end) for m in _lit(request.GET.get("lit", ""))]
    alone = number == 0
    if alone and lit:
        number = pictures.page_of(selectors.version(request.user, pk), lit[0][0]) or 0
    version = _version(request, pk, number)
    context: dict[str, Any] = {"version": version, "number": number}
    try:
        context["picture"] = pictures.picture(version, number)
        found = pictures.places(version, number, lit)
        context["places"] = [p for p in found if not alone or not p.key]
    except (LuoshiError, Refused) as error:
        context["problem"] = error
    return render(request, "library/leaf.html", context)


@page(VIEW)
def picture(request: Request, pk: int, number: int) -> Any:
    """The picture itself; the browser may keep it, for this account alone."""
    version = _version(request, pk, number)
    found = pictures.picture(version, number)
    response = FileResponse(found.path.open("rb"), content_type="image/png")
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response
