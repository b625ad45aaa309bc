"""Kinds of documents by the words of their titles."""

from __future__ import annotations

import re
from functools import cache

from luoshi.text.lexicon import table

_TAIL = re.compile(r"[\s　]*[（(〔\[](?:[^（()）]*)[）)〕\]][\s　]*$")
_FORMAL = re.compile(r"关于|印发|转发|批转|^对")
_HEADLINES = ("speech-report", "meeting", "commentary", "quotes")
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
    outer = re.sub(r"《(?:[^《》]|《[^《》]*》)*》?", "《》", text)
    formal = bool(_FORMAL.search(outer))
    for kind, pattern in _kinds():
        # in 关于某某考察工作时所提问题的函 the words of a headline only tell what the letter is about
        if pattern.search(outer) and not (formal and kind in _HEADLINES):
            return kind
    if outer.endswith("《》") and not any(c.isalnum() for c in outer.replace("印发", "")[-4:-2]):
        return title_kind(text[text.index("《") + 1 :]) if "《" in text else ""
    inner = re.findall(r"《((?:[^《》]|《[^《》]*》)*)》?$", text)
    return title_kind(inner[-1]) if inner and inner[-1] != title and not formal_headline(outer) else ""


def formal_headline(outer: str) -> bool:
    """Whether a title without its quoted names reads as a headline: 省委召开会议 审议《》."""
    return bool(re.search(r"召开|举行|审议|主持|会见|考察|答记者问|解读|问答", outer))
