"""What the frame of every page needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from luoshi_web.ui import navigation


def frame(request: HttpRequest) -> dict[str, Any]:
    """Navigation, demo mode, seconds until an idle session ends."""
    user = getattr(request, "user", None)
    match = request.resolver_match
    return {
        "navigation": navigation.of(user) if user is not None and user.is_authenticated else [],
        "here": match.view_name if match else "",
        "section": (match.view_name.split(":")[0] if match and ":" in match.view_name else ""),
        "demo": settings.LUOSHI.demo,
        "idle_seconds": settings.LUOSHI.idle_minutes * 60,
        "oidc": settings.LUOSHI.oidc.get("name", "") if settings.LUOSHI.oidc else "",
    }
