"""What the readers say of a file, in the user's language: ``data/problems.tsv`` by code and words."""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luoshi.text.lexicon import table
from luoshi_web.library.models import Problem


@cache
def _rows() -> dict[str, list[tuple[re.Pattern[str], str, str]]]:
    out: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
    for code, pattern, message, hint in table("luoshi_web.library", "problems.tsv"):
        out.setdefault(code, []).append((re.compile(pattern), message, hint))
    return out


def words(problem: Problem) -> tuple[str, str]:
    """Message and hint: as told, where the user reads that language or nobody put it in another."""
    if (get_language() or "").startswith("en") or _chinese(problem.message):
        return problem.message, problem.hint
    for pattern, message, hint in _rows().get(problem.code, ()):
        if found := pattern.search(problem.message):
            return message.format(*(g or "" for g in found.groups())), hint
    return _("读取时有一处需要留意（%s）。") % problem.code, problem.hint


def _chinese(text: str) -> bool:
    """Whether it was written by ourselves: more Han than Latin characters."""
    han = sum("\u4e00" <= c <= "\u9fff" for c in text)
    return han > sum(c.isascii() and c.isalpha() for c in text)
