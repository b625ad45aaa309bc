"""Words and signs of the comparison pages; colour never alone."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from luoshi_web.register.templatetags.register import relation_name

register = template.Library()

SIGNS = {
    "verbatim": "■", "adapted": "◆", "specified": "▲", "new": "＋", "absent": "○", "carried": "●",
    "partly": "◐", "none": "·",
}  # fmt: skip


@register.filter
def status_name(value: str) -> str:
    """How far a requirement is answered, in words."""
    return {
        "carried": _("已承接"),
        "partly": _("部分承接"),
        "absent": _("未见承接"),
        "none": _("未比对"),
    }.get(value, value)


@register.filter
def glyph(value: str) -> str:
    """The sign of a relation or a state."""
    return SIGNS.get(value, "·")


@register.simple_tag
def relation_chip(value: str) -> SafeString:
    """A relation with its sign and colour."""
    return format_html(
        '<span class="rel r-{}"><span aria-hidden="true">{}</span> {}</span>',
        value, SIGNS.get(value, "·"), relation_name(value),
    )  # fmt: skip


@register.simple_tag
def status_chip(value: str) -> SafeString:
    """A state of coverage with its sign and colour."""
    return format_html(
        '<span class="rel c-{}"><span aria-hidden="true">{}</span> {}</span>',
        value, SIGNS.get(value, "·"), status_name(value),
    )  # fmt: skip


@register.filter
def said_mark(value: str) -> str:
    """One character for a disposition, for a narrow cell."""
    return {"arranged": _("另"), "inapplicable": _("否"), "elsewhere": _("他"), "to-add": _("补")}.get(
        value, ""
    )


@register.filter
def percent(value: float) -> str:
    """A share as ``12.3%``."""
    return f"{value * 100:.1f}%"


@register.filter
def hundredths(value: float) -> str:
    """A share as the width of a bar."""
    return f"{min(1.0, max(0.0, value)) * 100:.1f}"
