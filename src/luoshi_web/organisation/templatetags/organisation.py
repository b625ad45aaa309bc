"""Tags about accounts."""

from __future__ import annotations

from django import template
from django.conf import settings

from luoshi_web.organisation.models import Grant

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[dict[str, str]]:
    """The accounts of the demo province, for the sign-in page; none outside demo mode."""
    if not settings.LUOSHI.demo:
        return []
    rows = Grant.objects.select_related("account", "unit").order_by(
        "unit__depth", "unit__path", "account__id"
    )
    return [{"username": g.account.username, "role": g.get_role_display(), "unit": str(g.unit)} for g in rows]
