"""Views: each says which permission its page needs; a route without one does not pass the checks.

::

    @page("library.view_document")
    def shelf(request: Request) -> HttpResponse: ...

    @page("library.change_document", methods=("POST",))
    def rename(request: Request, pk: int) -> HttpResponse: ...
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any, Concatenate, ParamSpec, TypeAlias, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render as django_render
from django.urls import URLPattern, URLResolver, get_resolver

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponse]
Request: TypeAlias = Any
"""An HttpRequest whose ``user`` is an account and that has ``htmx``; middleware sees to both."""
PUBLIC = "public"
"""The permission of pages that anybody may open."""


_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def number(value: Any, most: int = 10**11) -> int:
    """A number that a form or an address names; 0, which no row has, for anything else."""
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 18 and int(text) <= most else 0


def keepable(value: Any) -> Any:
    """A text without what no database keeps: NUL, halves of surrogate pairs; also in lists and mappings."""
    if isinstance(value, str):
        return _UNKEEPABLE.sub("", value)
    if isinstance(value, dict):
        return {keepable(n): keepable(v) for n, v in value.items()}
    return [keepable(v) for v in value] if isinstance(value, list) else value


def page(permission: str, *, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View[P]], View[P]]:
    """Makes a function a page that needs ``permission`` (on some object at least; the object's own check is
    the selector's or the service's) and answers to ``methods``."""

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def run(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if permission != PUBLIC and not request.user.has_perm(permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        run.permission = permission  # type: ignore[attr-defined]
        run.methods = methods  # type: ignore[attr-defined]
        return cast(View[P], run)

    return wrap


def routes(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every route's name with its view."""
    for p in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(p, URLResolver):
            yield from routes(p.url_patterns, f"{prefix}{p.namespace}:" if p.namespace else prefix)
        elif isinstance(p, URLPattern):
            yield f"{prefix}{p.name}", p.callback


def render(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, **kwargs: Any
) -> HttpResponse:
    """The page, or only its part: ``name.html#part`` when htmx asks for a part that the view names.

    A view that answers both passes ``part="template.html"``, rendered for htmx requests.
    """
    part = kwargs.pop("part", None)
    htmx = getattr(request, "htmx", None)
    use = part if part and htmx and not htmx.boosted else template
    response = django_render(request, use, context, **kwargs)
    if part:
        response.headers["Vary"] = "HX-Request"
    return response


def paginate(request: HttpRequest, rows: Any, size: int = 50) -> Page[Any]:
    """The page of rows that ``?page=`` asks for; the last one where it asks too much."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
