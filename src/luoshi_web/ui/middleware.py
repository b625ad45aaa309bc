"""Language, and errors as clear pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from luoshi_web.ui import errors
from luoshi_web.ui.pages import keepable

Next = Callable[[HttpRequest], HttpResponse]
VISITOR = 1 << 20
"""Bytes that somebody may send who is not signed in."""


class LanguageMiddleware:
    """The language that was chosen (cookie), else the installation's."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.known = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activates it for the request."""
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in self.known else settings.LUOSHI.language
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SizeMiddleware:
    """Refuses a request that is too large before any of it is read; a visitor's may hold a form, no more."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        # the page of uploads sends parts of a quarter
        self.most = 4 * max(64, settings.LUOSHI.upload_mb) << 20

    def __call__(self, request: Any) -> HttpResponse:
        """Looks at what its head says; a body without a length is not read at all."""
        told = str(request.META.get("CONTENT_LENGTH") or "0")
        known = request.user.is_authenticated or request.path_info.startswith("/api/")
        if not told.isdecimal() or int(told[:18]) > (self.most if known else VISITOR):
            response = errors.explain(request, RequestDataTooBig())
            assert response is not None
            response["Connection"] = "close"
            return response
        return self.get_response(request)


class ClearErrorsMiddleware:
    """Turns what was raised on purpose, and the machine's own trouble, into pages that say what to do."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Takes out of queries and forms what no database keeps; an address that holds such is none of ours.

        The interface for programs reads its bodies itself (``api.base``), after it knows who asks.
        """
        if any(isinstance(v, str) and v != keepable(v) for v in (*args, *kwargs.values())):
            raise Http404
        request.GET = _keepable(request.GET)  # type: ignore[assignment]
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            try:
                request.POST = _keepable(request.POST)  # type: ignore[assignment]
            except (RequestDataTooBig, TooManyFilesSent) as error:
                return errors.explain(request, error)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for an exception, where there is one."""
        return errors.explain(request, exception)


def _keepable(told: QueryDict) -> QueryDict:
    if all(v == keepable(v) for name, values in told.lists() for v in (name, *values)):
        return told
    out = QueryDict(mutable=True, encoding=told.encoding)
    for name, values in told.lists():
        out.setlist(keepable(name), keepable(values))
    out._mutable = False
    return out
