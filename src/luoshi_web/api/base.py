"""What all of the interface's operations share: who asks, what he may, pages, revisions, errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Router, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer, SessionAuth
from ninja.throttling import SimpleRateThrottle
from pydantic import Field

from luoshi_web.api import tokens
from luoshi_web.audit.services import Conflict
from luoshi_web.ui import errors
from luoshi_web.ui.pages import keepable

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
RATE = "600/m"
"""Requests of an account that a server process answers."""
SAFE = ("GET", "HEAD", "OPTIONS")


class Forbidden(PermissionDenied):
    """The token lacks the scope that an operation needs."""


def _allowed(request: Any, account: Any, permission: str) -> Any:
    request.user = account
    if account.language in dict(settings.LANGUAGES):
        translation.activate(account.language)
        request.LANGUAGE_CODE = account.language
    if permission and not account.has_perm(permission):
        raise PermissionDenied(permission)
    return account


class Bearer(HttpBearer):
    """``Authorization: Bearer luoshi_…``."""

    def __init__(self, scope: str, permission: str) -> None:
        super().__init__()
        self.scope, self.permission = scope, permission

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The account that the token acts for.

        :raises PermissionDenied: when the token's scopes or the account's roles do not reach.
        """
        found = tokens.find(token)
        if found is None:
            return None
        request.token = found  # type: ignore[attr-defined]
        if self.scope and self.scope not in found.scopes:
            raise Forbidden(self.scope)
        return _allowed(request, found.account, self.permission)


class Session(SessionAuth):
    """The browser's own session; what writes needs its CSRF token."""

    def __init__(self, permission: str) -> None:
        super().__init__(csrf=True)
        self.permission = permission

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The account that is signed in."""
        account: Any = request.user
        if not account.is_authenticated or account.must_change_password:
            return None
        return _allowed(request, account, self.permission)


class PerAccount(SimpleRateThrottle):
    """So many requests of one account."""

    scope = "account"

    def get_cache_key(self, request: Any) -> str | None:
        """By account."""
        return f"api-throttle:{self.rate}:{request.user.pk}"


class Keepable(Parser):
    """Bodies without what no database keeps."""

    def parse_body(self, request: HttpRequest) -> Any:
        """JSON."""
        return keepable(super().parse_body(request))

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> Any:
        """Queries and forms."""
        return keepable(super().parse_querydict(data, list_fields, request))


class Readable(JSONRenderer):
    """JSON with Chinese characters as they are."""

    json_dumps_params: Mapping[str, Any] = MappingProxyType({"ensure_ascii": False})


api = NinjaAPI(
    title="落实 Luoshi",
    version="1",
    description=gettext_lazy("网页上能做的，程序也能做：同样的权限，同样的审计。"),  # type: ignore[arg-type]
    urls_namespace="api",
    openapi_url="",
    docs_url=None,
    throttle=[PerAccount(RATE)],
    renderer=Readable(),
    parser=Keepable(),
)


class Room:
    """The operations of one room: each names its permission, and needs the scope of the room."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.router = Router(tags=[name])

    def __call__(
        self,
        method: str,
        path: str,
        permission: str,
        *,
        response: Any = None,
        scope: str | None = None,
        **told: Any,
    ) -> Callable[[F], F]:
        """Makes a function an operation; ``response`` is what it answers with.

        :param scope: ``read`` or ``write`` where that does not follow from the method; empty: none is needed.
        """
        what = scope if scope is not None else "read" if method in SAFE else "write"
        scope = f"{self.name}:{what}" if what else ""
        known = {} if response is None else {"response": response}
        extra = {"x-scope": scope, "x-permission": permission}
        return self.router.api_operation(
            [method], path, auth=[Bearer(scope, permission), Session(permission)], exclude_none=False,
            openapi_extra=extra, **known, **told,
        )  # fmt: skip


class Paging(Schema):
    """Which page of a list."""

    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(50, ge=1, le=500)


class Paged(Schema, Generic[T]):
    """A page of a list: its rows, how many there are in all, which page of how many."""

    items: list[T]
    count: int
    page: int
    pages: int


class Done(Schema):
    """It was done; how many rows it touched where that says something."""

    done: bool = True
    count: int | None = None


def paged(rows: Any, paging: Paging) -> dict[str, Any]:
    """The page that was asked for; the last one where it asked too much."""
    page = Paginator(rows, paging.size).get_page(paging.page)
    return {
        "items": list(page), "count": page.paginator.count, "page": page.number,
        "pages": page.paginator.num_pages,
    }  # fmt: skip


def said(**filters: Any) -> dict[str, str]:
    """Filters as a page's query string has them: without those not given."""
    return {n: str(v).replace("\x00", "") for n, v in filters.items() if v not in (None, "")}


class Precondition(Exception):
    """A write did not say which revision it saw."""


def revision(request: HttpRequest, told: int | None) -> int:
    """The revision that a write saw: in its body, else in ``If-Match``.

    :raises Precondition: when it named none.
    """
    if told is not None:
        return told
    if m := re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', request.headers.get("If-Match", "")):
        return int(m[1])
    raise Precondition


def tag(response: HttpResponse, obj: Any) -> None:
    """Names the revision of what is answered."""
    response["ETag"] = f'"{obj.revision}"'


# --- errors -------------------------------------------------------------------------------------------------

_WORDS = {
    "missing": gettext_lazy("缺少这一项"),
    "int_parsing": gettext_lazy("须为整数"),
    "int_type": gettext_lazy("须为整数"),
    "float_parsing": gettext_lazy("须为数字"),
    "bool_parsing": gettext_lazy("须为是或否"),
    "string_type": gettext_lazy("须为文字"),
    "string_too_long": gettext_lazy("文字太长"),
    "string_too_short": gettext_lazy("文字太短"),
    "list_type": gettext_lazy("须为列表"),
    "json_invalid": gettext_lazy("不是合格的 JSON"),
    "extra_forbidden": gettext_lazy("没有这一项"),
    "date_from_datetime_parsing": gettext_lazy("须为日期，如 2025-06-30"),
    "date_parsing": gettext_lazy("须为日期，如 2025-06-30"),
    "less_than_equal": gettext_lazy("数值过大"),
    "greater_than_equal": gettext_lazy("数值过小"),
}


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    """422: what the request holds cannot be understood, and where."""
    places = [
        {"place": ".".join(str(p) for p in e.get("loc", ()) if p != "data"),
         "message": str(_WORDS.get(str(e.get("type")), e.get("msg", "")))}
        for e in exc.errors
    ]  # fmt: skip
    text = "；".join(f"{p['place']}：{p['message']}" for p in places[:5])
    return errors.problem(422, _("请求内容不合要求"), text, errors=places)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    """401: nobody is signed in, and no valid token was shown."""
    response = errors.problem(
        401,
        _("没有登录"),
        _("请求没有带有效的令牌。"),
        hint=_("请在“我的账号”中申请令牌，放在 Authorization: Bearer 之后。"),
    )
    response["WWW-Authenticate"] = 'Bearer realm="luoshi"'
    return response


@api.exception_handler(Forbidden)
def out_of_scope(request: HttpRequest, exc: Forbidden) -> HttpResponse:
    """403: the token does not reach so far."""
    return errors.problem(403, _("令牌范围不够"), _("这项操作需要范围 %s。") % exc, scope=str(exc))


@api.exception_handler(Throttled)
def too_many(request: HttpRequest, exc: Throttled) -> HttpResponse:
    """429."""
    return errors.problem(429, _("请求过于频繁"), _("请稍候再试。"))


@api.exception_handler(Precondition)
def blind(request: HttpRequest, exc: Precondition) -> HttpResponse:
    """428: a write must say what it saw."""
    return errors.problem(
        428, _("没有写明修订号"), _("修改须写明所见内容的修订号：revision，或 If-Match 头。"),
        hint=_("先读取一次，用其中的 revision。"),
    )  # fmt: skip


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, exc: HttpError) -> HttpResponse:
    """What the framework itself refuses (a body that is no JSON, a missing CSRF token)."""
    title = _("页面已过期") if exc.status_code == 403 else _("请求无法理解")
    return errors.problem(exc.status_code, title, str(exc))


@api.exception_handler(Http404)
def missing(request: HttpRequest, exc: Http404) -> HttpResponse:
    """404: it does not exist, or the account may not know that it does."""
    return errors.missing(request)


@api.exception_handler(Exception)
def any_other(request: HttpRequest, exc: Exception) -> HttpResponse:
    """What pages answer too, as a problem; what nobody foresaw goes on to the server's log."""
    if isinstance(exc, Conflict):
        current = getattr(exc.current, "revision", None)
        who = str(getattr(exc.current, "conflict_note", ""))
        return errors.problem(
            409, _("内容已被他人修改"), who + _("读取之后已有新的修改，这次没有保存。"),
            hint=_("请重新读取后再改。"), revision=current,
        )  # fmt: skip
    answer = errors.explain(request, exc)
    if answer is None:
        raise exc
    return answer
