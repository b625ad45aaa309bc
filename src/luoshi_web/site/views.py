"""Home, language, health."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from luoshi_web.organisation.services import set_language
from luoshi_web.ui import desk
from luoshi_web.ui.pages import PUBLIC, Request, page, render


@page("site.use")
def home(request: Request) -> HttpResponse:
    """The desk: what is to be done now; for an administrator the first page of his own."""
    if request.user.has_perm("site.use_content"):
        me = request.user
        context = {"tasks": desk.of(me), "figures": desk.figures(me), "terms": desk.terms(me)}
        return render(request, "site/home.html", context | {"today": timezone.localdate()})
    if request.user.has_perm("audit.view_event"):
        return redirect("audit:events")
    if request.user.has_perm("organisation.grant_role"):
        return redirect("organisation:accounts")
    return redirect("organisation:units")


@page(PUBLIC, methods=("POST",))
def language(request: Request) -> HttpResponse:
    """Chooses the language, for this browser and, signed in, for the account."""
    wanted = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)  # redirect() takes a word for the name of a route
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=365 * 86400, samesite="Lax")
        if request.user.is_authenticated:
            set_language(by=request.user, account=request.user, language=wanted)
    return response


@page(PUBLIC)
def health(request: Request) -> HttpResponse:
    """Whether the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return HttpResponse("ok\n", content_type="text/plain")
