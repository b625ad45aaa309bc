"""What stands in quotation marks: the name of a programme, a label, or a mere emphasis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from luoshi.extract.names.spans import Span
from luoshi.text.lexicon import words

_QUOTED = re.compile(r"“([^“”\n]{1,40})”")
_STRAIGHT = re.compile(r"[ \u3000]?([\u4e00-\u9fff][^\"\n]{0,38}[\u4e00-\u9fff])[ \u3000]?")
_PROGRAM_END = re.compile(
    r"(?:行动|计划|工程|专项|大赛|活动|大会|论坛|攻坚战|博览会|运动会|交易会|活动[周月日]|宣传[周月日]|文化节|艺术节|奖)$"
)
_FOLLOWED = re.compile(r"(?:系列|专项|重点|重大)?(?:行动(?:计划)?|计划|工程|活动|大赛|攻坚战)")
_BRAND = re.compile(r"(?:文化|公用|服务)?(?:品牌|IP)")
_NUMERAL = re.compile(r"[一二两双三四五六七八九十百千万\d]")


def pairs(text: str) -> Iterator[tuple[int, int, int, int]]:
    """What stands in quotation marks, by place: the span with the marks, the span between them.

    Straight marks look alike at both ends, so they are paired in their order, line by line; a line with an
    odd number of them tells nothing.
    """
    out = [(*m.span(), *m.span(1)) for m in _QUOTED.finditer(text)]
    start = 0
    for line in text.split("\n") if '"' in text else ():
        marks = [start + i for i, c in enumerate(line) if c == '"']
        start += len(line) + 1
        for a, b in zip(marks[::2], marks[1::2], strict=True) if len(marks) % 2 == 0 else ():
            m = _STRAIGHT.fullmatch(text, a + 1, b)
            if m:
                out.append((a, b + 1, *m.span(1)))
    yield from sorted(out)


def find(text: str) -> list[Span]:
    """Programmes and terms in quotation marks; the marks are not in the span, except inside a name."""
    out: list[Span] = []
    for first, last, start, end in pairs(text):
        inner = text[start:end]
        if _PROGRAM_END.search(inner) and len(inner) >= 4:
            out.append(Span(start, end, "PROGRAM", 65))
        elif (f := _FOLLOWED.match(text, last)) and not _numeral_label(inner):
            out.append(Span(first, f.end(), "PROGRAM", 65))
        elif _BRAND.match(text, last):
            out.append(Span(start, end, "PROGRAM", 65))
        elif is_label(text, first, last, inner):
            out.append(Span(start, end, "TERM", 64))
    return out


def _numeral_label(inner: str) -> bool:
    return len(inner) <= 4 and _NUMERAL.match(inner) is not None


_STOP_AFTER = re.compile(r"(?:转向|意识|理念|的思想|问题为导向|转变|向“)")


def is_label(text: str, start: int, end: int, inner: str) -> bool:
    """Whether a quoted string is a label that a reader may have to look up.

    Left out are single characters, ordinary figures of speech, clauses, words that are only stressed.
    """
    if len(inner) < 2 or inner in words("luoshi.extract", "figures_of_speech.tsv"):
        return False
    if "+" in inner:
        return False
    if _NUMERAL.match(inner):
        return len(inner) <= 16
    if "，" in inner or len(inner) > 12:
        return False
    return not _STOP_AFTER.match(text, end) and not text.endswith("转向", 0, start)


_LIST_OF_LABEL = re.compile(r"的“")
_STRESSED = re.compile(r"(?:意识|理念|问题为导向|向“|[上中](?!的)|“[^“”]*”[上中]|这一)")
_CARRIED_OUT = re.compile(r"(?:系列|专项|重点|重大)?(?:行动(?:计划)?|计划|工程|活动|大赛)")


def is_term(text: str, start: int, end: int, inner: str) -> bool:
    """Whether a quoted string belongs into the glossary of a set of documents.

    Wider than :func:`is_label`: figures of speech are looked up too; names of programmes and brands are
    entities, not terms, unless they count something (“千万工程”) or are spelled out.
    """
    if len(inner) < 2 or len(inner) > 14 or any(c in inner for c in "，‘—："):
        return False
    if re.fullmatch(r"[\d·.\-]+[条年日号]?", inner):
        return False
    if _NUMERAL.match(inner):
        return not _FOLLOWED.match(text, end) or len(inner) < 4
    if _PROGRAM_END.search(inner) or _CARRIED_OUT.match(text, end) or _STRESSED.match(text, end):
        return False
    if _LIST_OF_LABEL.match(text, end):
        return False
    if _BRAND.match(text, end):
        return text[start - 2 : start] == "”的"
    if text.startswith("转向", end) or text.endswith("转向", 0, start):
        return False
    return not text.startswith("转变", end) and not text.endswith("向", 0, start)
