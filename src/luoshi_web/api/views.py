"""Pages of the interface: one's own tokens, the reference, the calendar feed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from luoshi_web.api import calendar, reference, tokens
from luoshi_web.api.models import Token
from luoshi_web.audit.services import Refused
from luoshi_web.delivery import services as delivery
from luoshi_web.delivery.selectors import VIEW
from luoshi_web.register.models import SavedView
from luoshi_web.ui.pages import PUBLIC, Request, page, render

DAYS = (30, 90, 180, 366)


@page("site.use")
def own(request: Request) -> HttpResponse:
    """One's own tokens and feeds."""
    return _own(request)


def _own(request: Request, status: int = 200, **shown: Any) -> HttpResponse:
    said = {"read": pgettext("token", "读取"), "write": pgettext("token", "办理")}
    useful, wanted = reference.useful(request.user), shown.get("scopes", ())
    rooms = [
        (words, [(f"{r}:{w}", said[w], f"{r}:{w}" in wanted) if (r, w) in useful else () for w in said])
        for r, words in tokens.ROOMS.items()
        if any(x == r for x, _w in useful)
    ]
    words_of = {f"{r}:{w}": f"{words} {said[w]}" for r, words in tokens.ROOMS.items() for w in said}
    mine = list(tokens.of(request.user))
    for t in mine:
        t.said = [words_of.get(s, s) for s in t.scopes]  # type: ignore[attr-defined]
    context = {
        "tokens": mine, "rooms": rooms, "days": DAYS, "today": date.today(),
        "views": SavedView.objects.filter(account=request.user).order_by("table", "name"),
        "items_table": delivery.TABLE,
        "content": request.user.has_perm("register.view_commitment"), **shown,
    }  # fmt: skip
    return render(request, "api/tokens.html", context, status=status)


@page("site.use", methods=("POST",))
def make(request: Request) -> HttpResponse:
    """Makes a token or a feed; its secret is on the page that answers, and nowhere else."""
    told = request.POST
    feed = told.get("feed") == "1"
    days = told.get("days", "")
    query = ""
    if feed:
        query = _query(request, told.get("view", ""))
    try:
        token, secret = tokens.make(
            by=request.user, name=told.get("name", ""), scopes=told.getlist("scope"), feed=feed, query=query,
            days=int(days) if days.isdecimal() and len(days) < 6 else 0,
        )  # fmt: skip
    except Refused as e:
        kept = {"scopes": told.getlist("scope"), "name": told.get("name", ""), "lasting": days}
        return _own(request, refused=e, of_feed=feed, status=422, **kept)
    address = request.build_absolute_uri(reverse("access:calendar", args=[secret])) if feed else ""
    response = _own(request, made=token, secret=address or secret)
    response["Cache-Control"] = "no-store"
    return response


def _query(request: Request, view: str) -> str:
    """The rows of a feed: all commitments, all work items (``items``), or those of a saved view by number."""
    if view in ("", calendar.ITEMS):
        return f"of={view}" if view else ""
    pk = int(view) if view.isdecimal() and len(view) < 12 else 0
    found = get_object_or_404(SavedView, account=request.user, pk=pk)
    items = found.table == delivery.TABLE
    return "&".join(x for x in (f"of={calendar.ITEMS}" if items else "", found.query) if x)


@page("site.use", methods=("POST",))
def revoke(request: Request, pk: int) -> HttpResponse:
    """Ends a token."""
    token = get_object_or_404(Token, pk=pk, account=request.user)
    tokens.revoke(by=request.user, token=token)
    messages.success(request, _("已撤销“%s”。") % token.name)
    return redirect("access:tokens")


def _seen(query: str) -> str:
    """The permission that the rows of a feed need."""
    return VIEW if QueryDict(query).get("of") == calendar.ITEMS else "register.view_commitment"


@page(PUBLIC)
def feed(request: Request, secret: str) -> HttpResponse:
    """The calendar of the account that the address belongs to; 404 for any other address."""
    token = tokens.find(secret, feed=True)
    if token is None or not token.account.has_perm(_seen(token.query)):
        raise Http404
    with override(token.account.language or request.LANGUAGE_CODE):
        body = calendar.feed(request, token.account, token.query, token.name)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="luoshi.ics"'
    response["Cache-Control"] = "private, max-age=900"
    return response


@page("site.use")
def schema(request: Request) -> HttpResponse:
    """The OpenAPI description."""
    return JsonResponse(reference.described(), json_dumps_params={"ensure_ascii": False})


@page("site.use")
def describe(request: Request) -> HttpResponse:
    """The same to be read: every operation with what it needs, takes and answers."""
    return render(
        request, "api/reference.html", {"groups": reference.groups(), "schemas": reference.schemas()}
    )
