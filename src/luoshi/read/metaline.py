"""Lines that say what a document is: “索引号：…”, “**发布日期**: …”, the table on top of an official page."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from luoshi.read.normalise import HAN
from luoshi.text.lexicon import table

DATE = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?"
)
MONTH = re.compile(r"(?:19|20)\d\d\s*(?:年\s*(?:\d{1,2}\s*月)?|[-/.]\s*\d{1,2})")
"""A date that is known to the month or year only."""
CLOCK = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?\s*\d{1,2}\s*[:：时]\s*\d{1,2}\s*分?"
    r"(?:[:：]?\d{1,2}秒?)?"
)
_BLANK = re.compile(r"[\s\u3000]+")
_BEFORE = " \t\u3000\xa0|｜【[（("
_EDGES = _BEFORE + "）)】]"


class Pair(NamedTuple):
    """A label with its value; ``key`` is ``-`` where we keep none, ``weak`` labels prove nothing alone."""

    key: str
    value: str
    weak: bool


@cache
def _labels() -> dict[str, tuple[str, bool]]:
    return {row[0]: (row[1], len(row) > 2) for row in table("luoshi.read", "metadata-labels.tsv")}


@cache
def _label() -> str:
    names = sorted(_labels(), key=lambda n: (-len(n), n))
    return "|".join(r"[\s\u3000]*".join(map(re.escape, n)) for n in names)


@cache
def _marked() -> re.Pattern[str]:
    """A label with its colon or in lenticular brackets, at the beginning of a word."""
    return re.compile(
        rf"(?<![{HAN}A-Za-z])(?:[【\[]\s*(?P<boxed>{_label()})\s*[】\]]\s*[:：]?|(?P<plain>{_label()})\s*[:：])\s*"
    )


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(_label())


@cache
def _tools() -> re.Pattern[str]:
    """Labels of a page's tools, which follow a value without a blank: “县政府网站字体大小：”."""
    names = sorted(
        (n for n, (key, _) in _labels().items() if key == "-" and len(n) >= 3), key=len, reverse=True
    )
    return re.compile(rf"(?:{'|'.join(map(re.escape, names))})\s*[:：]")


def _known(name: str) -> tuple[str, bool]:
    return _labels()[_BLANK.sub("", name)]


def lone_label(text: str) -> Pair | None:
    """The pair of a cell that holds a label and nothing else, with or without a colon."""
    if len(text) > 24:
        return None
    m = _bare().fullmatch(text.strip(" \t\u3000\xa0【】[]:："))
    return Pair(_known(m.group())[0], "", _known(m.group())[1]) if m else None


def pairs(text: str) -> list[Pair]:
    """The pairs of a line that begins with a label: “来源：… 发布时间：… 点击数：…”; empty otherwise."""
    if len(text) > 400 and "http" not in text[:40]:
        return []
    found = list(_marked().finditer(text))
    if not found or text[: found[0].start()].strip(_EDGES):
        return []
    out = []
    for i, m in enumerate(found):
        end = found[i + 1].start() if i + 1 < len(found) else len(text)
        key, weak = _known(m["boxed"] or m["plain"])
        out.append(Pair(key, _value(text[m.end() : end]), weak))
    return out


def _value(text: str) -> str:
    """A value without the blanks, bars and half brackets around it."""
    if tool := _tools().search(text):
        text = text[: tool.start()]
    bare = text.strip(_BEFORE).rstrip("【[（(")
    for left, right in ("（）", "()", "【】"):
        if bare.endswith(right) and bare.count(left) < bare.count(right):
            bare = bare[:-1].rstrip(_BEFORE)
    return bare


def metadata_pairs(text: str) -> list[Pair]:
    """The pairs of a line that is metadata and nothing else; empty for running text.

    A value that is a sentence makes the line text: “主题：我们要……。”.
    """
    found = pairs(text)
    if any(
        "。" in p.value or p.value.count("，") > 1 or (len(p.value) > 150 and "http" not in p.value)
        for p in found
    ):
        return []
    return found


@cache
def _chrome() -> tuple[tuple[re.Pattern[str], str, bool], ...]:
    rows = table("luoshi.read", "chrome-lines.tsv")
    return tuple((re.compile(row[0]), row[1], len(row) > 2) for row in rows)


def chrome_line(text: str) -> tuple[str, bool]:
    """Why a line belongs to no document, and whether that holds only among others of the kind.

    ``("", False)`` where it may belong to one.
    """
    if len(text) > 160:
        return "", False
    bare = text.strip()
    return next(
        ((reason, weak) for pattern, reason, weak in _chrome() if pattern.fullmatch(bare)), ("", False)
    )
