"""Errors as a good clerk would tell them: what happened, what was kept, what to do."""

from __future__ import annotations

import errno
import json
import logging
import sys
from typing import Any

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luoshi.errors import LuoshiError

log = logging.getLogger("luoshi_web.errors")


def answer(
    request: HttpRequest,
    status: int,
    title: str,
    text: str,
    *,
    hint: str = "",
    bare: bool = False,
    leave: bool = False,
) -> HttpResponse:
    """The page for a whole request, a message for one that htmx made.

    :param bare: asks nothing of the database, since that may be the trouble.
    :param leave: offers to sign out, where no page with a frame is open to the account.
    """
    if "HTTP_HX_REQUEST" in request.META:
        trigger = json.dumps(
            {"luoshi:message": {"kind": "error", "title": title, "text": f"{text} {hint}".strip()}}
        )
        return HttpResponse(status=status, headers={"HX-Trigger": trigger, "HX-Reswap": "none"})
    if request.path.startswith("/api/") or request.META.get("HTTP_ACCEPT", "") == "application/json":
        return problem(status, title, text, hint=hint)
    context = {"status": status, "title": title, "text": text, "hint": hint, "leave": leave}
    if not bare:
        return render(request, "ui/error.html", context, status=status)
    context |= {"LANGUAGE_CODE": get_language()}
    return HttpResponse(render_to_string("ui/error.html", context), status=status)


def problem(status: int, title: str, text: str, *, hint: str = "", **more: Any) -> HttpResponse:
    """The same for a program (RFC 9457)."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": text, "hint": hint, **more}
    body = json.dumps(told, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type="application/problem+json")


def explain(request: HttpRequest, exception: BaseException) -> HttpResponse | None:
    """The answer to an exception; ``None`` for those that nobody foresaw."""
    name = type(exception).__name__
    if isinstance(exception, PermissionDenied):
        return forbidden(request, exception)
    if isinstance(exception, Http404):
        return missing(request)
    if name == "Conflict":
        who = str(getattr(getattr(exception, "current", None), "conflict_note", ""))
        return answer(
            request,
            409,
            _("内容已被他人修改"),
            who + _("您打开页面后，这一条已有新的修改，您的修改没有保存，也没有丢失。"),
            hint=_("请复制您的文字，刷新后再改。"),
        )
    if name == "Refused":
        return answer(request, 422, _("没有办成"), str(exception.message))  # type: ignore[attr-defined]
    if isinstance(exception, LuoshiError):
        return answer(request, 422, _("没有办成"), exception.message, hint=exception.hint)
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return answer(request, 413, _("提交的内容太大"), _("没有保存。"), hint=_("请分批提交。"))
    if any(k.__module__.startswith("requests.") for k in type(exception).__mro__):
        return answer(
            request,
            503,
            _("统一认证没有回应"),
            _("这次没有登录。"),
            hint=_("请稍候再试，或者用用户名和密码登录。"),
        )
    if _disk_full(exception):
        return answer(
            request,
            507,
            _("服务器磁盘已满"),
            _("这次操作没有保存，原有内容没有损坏。"),
            hint=_("请联系系统管理员。"),
            bare=True,
        )
    if isinstance(exception, IntegrityError):
        log.error("refused by the database", exc_info=exception)
        return answer(
            request,
            409,
            _("同时有人办了同一件事"),
            _("这次操作没有保存，原有内容没有损坏。"),
            hint=_("请刷新后查看，需要时再办一次。"),
        )
    if isinstance(exception, OperationalError | InterfaceError):
        return answer(
            request,
            503,
            _("数据库暂时不可用"),
            _("这次操作没有保存，原有内容没有损坏。"),
            hint=_("请稍候一分钟再试。"),
            bare=True,
        )
    return None


def _disk_full(exception: BaseException) -> bool:
    if isinstance(exception, OSError):
        return exception.errno in (errno.ENOSPC, errno.EDQUOT)
    told = str(exception)
    return isinstance(exception, DatabaseError) and ("disk is full" in told or "No space left" in told)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403; for an account that holds no role yet, what it waits for."""
    if exception is not None and exception.args == ("site.use",):
        return answer(
            request,
            403,
            _("还没有授权"),
            _("账号已经开通，还没有授予角色，暂时看不到任何内容。"),
            hint=_("请联系安全管理员授权，之后重新打开本页。"),
            leave=True,
        )
    return answer(
        request,
        403,
        _("没有权限"),
        _("您的角色或单位范围不包括这项操作。"),
        hint=_("如有需要，请联系安全管理员。"),
    )


def missing(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: the page does not exist, or the visitor may not know that it does."""
    return answer(request, 404, _("没有找到"), _("页面不存在，或者不在您的查阅范围内。"))


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400; or that a session could not be kept, whose cause the framework hides behind the same number."""
    if isinstance(exception, SessionInterrupted):
        cause: BaseException | None = exception
        while cause is not None:
            if (known := explain(request, cause)) is not None:
                return known
            cause = cause.__cause__ or cause.__context__
        return csrf_failure(request)
    return answer(request, 400, _("请求无法理解"), _("没有保存任何内容。"), hint=_("请返回上一页重试。"))


def fault(request: HttpRequest) -> HttpResponse:
    """500; also for what went wrong before a view was reached, such as a session that cannot be read."""
    exception = sys.exc_info()[1]
    known = explain(request, exception) if exception is not None else None
    return known or answer(
        request,
        500,
        _("程序出错"),
        _("这次操作没有保存，原有内容没有损坏。"),
        hint=_("错误已写入服务器日志，请告知系统管理员。"),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that is too old, was sent twice, or came from elsewhere."""
    return answer(
        request,
        403,
        _("页面已过期"),
        _("登录状态在别处改变，或者表单已失效；没有保存任何内容。"),
        hint=_("请返回上一页，复制您的文字，刷新后再提交。"),
    )


DEBUG = settings.DEBUG
