"""Kinds of documents by the words of their titles."""

from __future__ import annotations

import re
from functools import cache

from luoshi.text.lexicon import table

_TAIL = re.compile(r"[\s　]*[（(〔\[](?:[^（()）]*)[）)〕\]][\s　]*$")
_MARKS = "。．.！!？?：:；;、，,》”’\"' 　*#"


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row[0], re.compile(row[1])) for row in table("luoshi.structure", "kinds.tsv"))


def trimmed(title: str) -> str:
    """A title without a version or year in brackets at its end: …计划（2024—2026年） → …计划."""
    text = title.strip(_MARKS)
    while (short := _TAIL.sub("", text).strip(_MARKS)) != text and len(short) >= 4:
        text = short
    return text


def title_kind(title: str) -> str:
    """Kind of a document by its title; an empty string where the title does not tell."""
    text = trimmed(title)
    for kind, pattern in _kinds():
        if pattern.search(text):
            return kind
    return ""
