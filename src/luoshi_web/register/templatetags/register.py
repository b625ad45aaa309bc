"""Words for relations and differences of wording."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luoshi.report.labels import label

register = template.Library()


@register.filter
def relation_name(value: str) -> str:
    """A link's relation in words."""
    return {"verbatim": _("照录"), "adapted": _("改写"), "specified": _("细化")}.get(value, value)


@register.filter
def domain_name(value: str) -> str:
    """A policy field in words."""
    english = (get_language() or "").startswith("en")
    return label(f"domain.{value}", "en" if english else "zh") if value else ""


@register.filter
def strength_name(value: int) -> str:
    """How firm a wording is, by the verbs that stand for its grade."""
    return {
        1: _("探索、鼓励"), 2: _("支持、推动"), 3: _("建设、实施"), 4: _("加快、大力"), 5: _("必须、确保"),
    }.get(value, str(value))  # fmt: skip


@register.filter
def change_name(value: str) -> str:
    """A difference of wording in words; it judges nothing."""
    return {
        "narrowed": _("范围收窄"),
        "widened": _("范围扩大"),
        "lower-target": _("指标低于上位"),
        "higher-target": _("指标高于上位"),
        "softer": _("措辞较缓"),
        "firmer": _("措辞较强"),
    }.get(value, value)
