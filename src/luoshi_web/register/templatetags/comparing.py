"""Words and signs of the comparison pages; colour never alone."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from luoshi_web.register.templatetags.register import relation_name

register = template.Library()

SIGNS = {
    "verbatim": "■", "adapted": "◆", "specified": "▲", "new": "＋", "absent": "○", "carried": "●",
    "partly": "◐", "none": "·",
}  # fmt: skip

REASONS = (
    gettext_noop("可能的承接处：词句相合（%(a)s），未建立文本对应"),
    gettext_noop("可能的承接处：词义相近，未建立文本对应"),
    gettext_noop("仅出现“%(a)s”一词"),
    gettext_noop("“%(a)s”在此只是依托的条件或背景，不是举措的对象"),
    gettext_noop("“%(a)s”在此只作地点或载体（“%(b)s”）"),
    gettext_noop("“%(a)s”在此只作修饰，说的是“%(b)s”"),
    gettext_noop("“%(a)s”在此说的是“%(b)s”"),
    gettext_noop("此处说的是“%(a)s”"),
    gettext_noop("此处举措为“%(a)s”，只提到“%(b)s”"),
)
"""The sentences of ``luoshi.cover.near``; what they quote varies and stays as it stands in the document."""
_PATTERNS = [
    (re.compile(re.sub(r"%\\\((\w)\\\)s", r"(?P<\1>.+?)", re.escape(r)), re.DOTALL), r) for r in REASONS
]


@register.filter
def near_reason(value: str) -> str:
    """Why a place near a requirement is no answer, in the reader's language."""
    if (get_language() or "").startswith("zh"):
        return value
    part, lacks, lacking = value.rpartition("，未涉及“")
    part = part if lacks else value
    for pattern, frame in _PATTERNS:
        if found := pattern.fullmatch(part):
            said = _(frame) % found.groupdict()
            return _("%(part)s，未涉及%(words)s") % {"part": said, "words": f"“{lacking}"} if lacks else said
    return value


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
