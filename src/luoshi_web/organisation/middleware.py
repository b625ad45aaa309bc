"""Sessions that end, pages that need one."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse

from luoshi_web.audit.services import address

Next = Callable[[HttpRequest], HttpResponse]

OPEN = frozenset(
    {
        "account_login",
        "account_logout",
        "mfa_authenticate",
        "site:health",
        "site:language",
        "access:calendar",
        "openid_connect_login",
        "openid_connect_callback",
        "socialaccount_login_error",
        "socialaccount_login_cancelled",
    }
)
"""Routes for which nobody needs to be signed in; any other needs it, unless it carries its own token."""
PASSWORD = frozenset({"account_change_password", "account_logout", "account_reauthenticate", "site:language"})
_STEP = 60


class IdleLogoutMiddleware:
    """Ends a session after idle time. What a page asks by itself (``X-Poll``) does not count as action."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.limit = settings.LUOSHI.idle_minutes * 60

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Looks at the time of the last action."""
        token = address.set(self._address(request))
        try:
            if request.user.is_authenticated:
                now = int(time.time())
                last = request.session.get("acted", now)
                if now - last > self.limit:
                    logout(request)
                elif "HTTP_X_POLL" not in request.META and (
                    now - last >= _STEP or "acted" not in request.session
                ):
                    request.session["acted"] = now
            return self.get_response(request)
        finally:
            address.reset(token)

    def _address(self, request: HttpRequest) -> str:
        """Whose request it is: the address that the outermost of our own proxies saw."""
        near, proxies = str(request.META.get("REMOTE_ADDR", "")), settings.LUOSHI.proxies
        seen = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        if not proxies or len(seen) < proxies:
            return near
        try:
            return str(ip_address(seen[-proxies].strip()))
        except ValueError:
            return near


class SignedInMiddleware:
    """Sends visitors to the sign-in, and accounts with a first password to changing it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Decides by the route's name."""
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if match.view_name in OPEN or getattr(match.func, "own_token", False):
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self._to(request, reverse("account_login") + "?next=" + quote(self._back(request)))
        if request.user.must_change_password and match.view_name not in PASSWORD:
            return self._to(request, reverse("account_change_password"))
        return self.get_response(request)

    @staticmethod
    def _back(request: HttpRequest) -> str:
        if request.method == "GET" and "HTTP_HX_REQUEST" not in request.META:
            return request.get_full_path()
        return "/"

    @staticmethod
    def _to(request: HttpRequest, url: str) -> HttpResponse:
        if "HTTP_HX_REQUEST" in request.META:
            # The page stays as it is, with what was typed into it; its script says what to do.
            return HttpResponse(status=401, headers={"HX-Trigger": "luoshi:signed-out"})
        return redirect(url)
