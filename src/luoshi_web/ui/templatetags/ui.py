"""Tags and filters for all templates; loaded everywhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luoshi.text.messages import chinese
from luoshi_web.ui import labels

register = template.Library()


@register.filter
def day(value: Any) -> str:
    """A date in a table: 2025-06-30."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d")
    return str(value.isoformat() if isinstance(value, date) else value or "")


@register.filter
def minute(value: Any) -> str:
    """A moment in a table: 2025-06-30 14:05."""
    return (
        timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
        if isinstance(value, datetime)
        else str(value or "")
    )


@register.filter
def longday(value: Any) -> str:
    """A date in running text: 2025年6月30日."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    if not isinstance(value, date):
        return ""
    if (get_language() or "").startswith("zh"):
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%B} {value.year}"


@register.filter
def said(message: str) -> str:
    """What the program said of a file, in the reader's language."""
    return chinese(message) if (get_language() or "").startswith("zh") else message


@register.filter
def size(value: int) -> str:
    """Bytes: 3.2 MB."""
    n = float(value or 0)
    for unit in ("B", "KB", "MB", "GB"):
        if n < 1024 or unit == "GB":
            return f"{n:.0f} {unit}" if unit == "B" else f"{n:.1f} {unit}"
        n /= 1024
    return ""


@register.filter
def place(value: Any) -> str:
    """Where something stands in an outline, from the labels of its nodes: 二（一）1."""
    return labels.joined(str(value or "").split())


@register.filter
def heading(node: Any) -> str:
    """A node of an outline, or a chapter that was kept as text, as a heading."""
    if isinstance(node, str):
        return labels.headed(*(*node.split(" ", 1), "")[:2])
    return labels.headed(node.label, node.title)


@register.filter
def unlocalised(value: Any) -> str:
    """A number as programs read it, in every language."""
    return f"{float(value):g}"


@register.filter
def may(account: Any, permission: str) -> bool:
    """``{% if user|may:"library.add_document" %}``."""
    return bool(account.has_perm(permission))


@register.simple_tag
def may_on(account: Any, permission: str, obj: Any) -> bool:
    """``{% may_on user "library.change_document" document as can %}``."""
    return bool(account.has_perm(permission, obj))


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: Any) -> str:
    """The page's own query string with some parameters changed: ``{% query page=3 %}``."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return f"?{parameters.urlencode()}"


_SIGNS = {
    "green": "●",
    "yellow": "▲",
    "red": "■",
    "grey": "○",
    "error": "■",
    "warning": "▲",
    "info": "ℹ",
    "ok": "✓",
}


@register.simple_tag
def sign(kind: str, text: str) -> SafeString:
    """A state with a sign and a word; colour never alone."""
    return format_html(
        '<span class="sign sign-{}"><span aria-hidden="true">{}</span> {}</span>',
        kind,
        _SIGNS.get(kind, "○"),
        text,
    )


@register.filter
def level_name(value: str) -> str:
    """The level of a document or unit in words."""
    return {
        "central": _("中央"),
        "province": _("省级"),
        "city": _("市级"),
        "county": _("县级"),
        "township": _("乡镇"),
        "media": _("媒体"),
    }.get(value or "", _("未定"))


@register.filter
def split_words(value: str) -> list[str]:
    """``"a b c"|split_words``."""
    return value.split()


@register.filter
def stage_name(value: str) -> str:
    """A stage of a job in words."""
    return {
        "read": _("读取"),
        "extract": _("提取举措"),
        "store": _("入库"),
        "align": _("上下对照"),
        "cover": _("逐条对照"),
    }.get(value, value)
