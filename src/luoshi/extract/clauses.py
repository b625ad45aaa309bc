"""Sentences into clauses: the stretches between commas and colons outside brackets and quotations.

Labels (第三条, （二）, 3., 一是) before the first clause and brackets that name units or dates after one
belong to no clause, so a commitment's quote begins with its own words and ends with them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from luoshi.text.sought import Sought

HIDDEN = "□"
"""Stands for each character inside a bracket or quotation in :attr:`Clause.masked`."""

_NESTED = re.compile(
    r"（[^（）]{0,160}）|\([^()]{0,160}\)|《[^《》]{0,160}》|〈[^〈〉]{0,80}〉|“[^“”]{0,120}”|‘[^‘’]{0,120}’|"
    r"「[^「」]{0,120}」|\"[^\"]{0,120}\"|【[^【】]{0,120}】|〔[^〔〕]{0,60}〕|\[[^\[\]]{0,60}\]"
)
_OPENING = re.compile(r"[（(《〈“‘「\"【〔\[]")
_BREAK = Sought(
    r"(?<!\d)[，；。！？：…,;!?:\t\n]+|[，；。！？：…,;!?:\t\n]+(?!\d)|(?<=[^\d.])\.(?=\s|$)",
    first=r"[，；。！？：…,;!?:\t\n.]",
)
_LABEL = re.compile(
    r"\s*(?:第[一二三四五六七八九十百千零〇\d]{1,7}[条章节编款项](?:之[一二三四五六七八九十]{1,2})?"
    r"|[（(][一二三四五六七八九十百零〇\d]{1,4}[）)]|[一二三四五六七八九十百]{1,4}、"
    r"|\d{1,3}[.．](?=(?:19|20)\d\d年)|\d{1,3}(?:[.．]\d{1,3}){0,3}[.．﹒、]?(?![\d%％年月日个项家亿万千百多余名倍元人条天号所座户艘台套辆])(?=[\s\u4e00-\u9fff“《])"
    r"|[①-⑳㈠-㈩⑴-⒇]|[一二三四五六七八九十]{1,3}[是要](?=[^否])|[-–—•·●○■◆▲★*]+)[\s　]*"
)
_ORDINAL = re.compile(r"[一二三四五六七八九十]{1,3}[是要](?=[^否])")
_TAIL_NOTE = re.compile(r"\s*[（(【\[][^（）()【】\[\]]{0,200}[）)】\]]\s*$")
_HEAD_NOTE = re.compile(r"[（(【\[][^（）()【】\[\]]{0,200}[）)】\]]\s*(?=\S)")
_NOTE_WORDS = re.compile(
    r"牵头|负责|责任|配合|参加|参与|指导|单位|部门|完成|分工|推进|实施|底前|[委局厅部办院会室行署区市县]([、，；）)]|$)"
)


class Clause(NamedTuple):
    """A clause: its span in the clean text, its words, these with brackets hidden, the mark after it."""

    start: int
    end: int
    text: str
    masked: str
    mark: str


def mask(text: str) -> str:
    """The text with brackets and quotations, these marks included, replaced by :data:`HIDDEN`.

    Length is kept. A mark that never closes hides nothing.
    """
    if not _OPENING.search(text):
        return text
    for _ in range(3):
        hidden = _NESTED.sub(lambda m: HIDDEN * len(m.group()), text)
        if hidden == text:
            break
        text = hidden
    return text


def label_end(text: str) -> int:
    """Length of the label or labels that the text begins with, 0 where there is none."""
    end = 0
    for _ in range(3):
        m = _LABEL.match(text, end)
        if m is None or m.end() == end:
            break
        end = m.end()
    return end


def _trim(text: str, masked: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space, a bracket that names units or dates, or half a quotation."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    m = _TAIL_NOTE.search(text, start, end) if start < end and text[end - 1] in "）)】]" else None
    if m and _NOTE_WORDS.search(m.group()):
        end = m.start()
    m = _HEAD_NOTE.match(text, start, end) if start < end and text[start] in "（(【[" else None
    if m and _NOTE_WORDS.search(m.group()):
        start = m.end()
    while start < end and text[start] in "”’」）)】》 　、":
        start += 1
    while start < end and text[end - 1] in "、 　":
        end -= 1
    return start, end


def split(text: str, offset: int = 0) -> list[Clause]:
    """The clauses of a sentence, in order.

    :param text: the sentence as it stands in the clean text.
    :param offset: where it begins there; spans count from the text's beginning.
    """
    masked = mask(text)
    out: list[Clause] = []
    at = label_end(text)
    for m in _BREAK.finditer(masked, at):
        start, end = _trim(text, masked, at, m.start())
        if end > start:
            out.append(Clause(offset + start, offset + end, text[start:end], masked[start:end], m.group()[0]))
        at = m.end()
        if at < len(text):
            ordinal = _ORDINAL.match(text, at)
            at = ordinal.end() if ordinal else at + label_end(text[at:]) if text[at - 1] in "：；:;" else at
    start, end = _trim(text, masked, at, len(text))
    if end > start:
        out.append(Clause(offset + start, offset + end, text[start:end], masked[start:end], ""))
    return out
