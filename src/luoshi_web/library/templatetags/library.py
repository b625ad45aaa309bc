"""What a problem says, in the user's language."""

from __future__ import annotations

from django import template

from luoshi_web.library import problems
from luoshi_web.library.models import Problem

register = template.Library()


@register.filter
def problem_message(problem: Problem) -> str:
    """What was wrong."""
    return problems.words(problem)[0]


@register.filter
def problem_hint(problem: Problem) -> str:
    """What to do about it."""
    return problems.words(problem)[1]
