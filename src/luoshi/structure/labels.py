"""Labels at the beginning of a paragraph: 第三条, 一、, （二）, 3., ①, ——, 二是, Article 4, (b)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from luoshi.text.lexicon import table

_CN = "[一二三四五六七八九十百零〇○]{1,5}"
_NUM = r"(?:[一二三四五六七八九十百千零〇○两]{1,7}|\d{1,4})"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_WORDS = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "然后": 4, "最后": 99}
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


@dataclass(frozen=True, slots=True)
class Scheme:
    """A way of numbering. ``rank``: outer ones have lower ranks; ``strong``: its label stands for itself."""

    name: str
    rank: float
    kind: str
    pattern: re.Pattern[str]
    strong: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A label that was read: ``text`` as written, ``end`` where the words behind it begin.

    ``number`` is ``None`` for dashes and bullets and for 附件 without a number.
    """

    scheme: Scheme
    text: str
    number: int | None
    sub: int
    end: int


def chinese_number(text: str) -> int | None:
    """Value of a Chinese, Arabic, circled, Roman or Latin number; ``None`` where it is none.

    ``十二`` 12, ``一百零三`` 103, ``二〇`` 20, ``③`` 3, ``iv`` 4, ``C`` 3, ``首先`` 1.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text.isdigit() and text.isascii():
        return int(text)
    if len(text) == 1 and not text.isascii():
        value = unicodedata.numeric(text, -1.0)
        if value > 0 and text not in _UNITS:
            return int(value)
    if all(c in _DIGITS or c in _UNITS for c in text) and text:
        return _from_chinese(text)
    lower = text.lower()
    if text.isascii() and text.isalpha():
        if all(c in _ROMAN for c in lower) and (len(lower) > 1 or lower in "ivx"):
            return _from_roman(lower)
        if len(text) == 1:
            return ord(lower) - ord("a") + 1
    return None


def _from_chinese(text: str) -> int:
    if not any(c in _UNITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = digit = 0
    for c in text:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit


def _from_roman(text: str) -> int:
    values = [_ROMAN[c] for c in text]
    return sum(-v if any(w > v for w in values[i + 1 : i + 2]) else v for i, v in enumerate(values))


@cache
def schemes() -> tuple[Scheme, ...]:
    """All schemes of ``data/schemes.tsv``, in the order in which they are tried."""
    out = []
    for name, rank, kind, pattern, strength in table("luoshi.structure", "schemes.tsv"):
        pattern = re.sub(r"(?<![A-Z])NUM(?![A-Z])", lambda _: _NUM, pattern)
        pattern = re.sub(r"(?<![A-Z])CN(?![A-Z])", lambda _: _CN, pattern)
        out.append(Scheme(name, int(rank), kind, re.compile(pattern), strength == "strong"))
    return tuple(out)


LONGEST = 48
"""Characters at the beginning of a paragraph within which its label stands."""

_FIRST = re.compile(
    r"[第附PpCcSsAa-zA-Z\d（(﹙一二三四五六七八九十百零〇○①-⓿⒈-⒛㉑-㉟—–―─\-●■◆▲◎□▪•·★☆►➢※首其再然最]"
)
_MARKUP = re.compile(r"[\s　]*(?:[*＊]{2,3}|#{1,6}\s+)?[\s　]*")


def read_label(text: str) -> Label | None:
    """The label at the beginning of a paragraph, ``None`` where there is none.

    Only the form is looked at; whether the numbers make sense is :mod:`luoshi.structure.outline`'s business.
    """
    return _read(text[:LONGEST])


@lru_cache(maxsize=4096)
def _read(text: str) -> Label | None:
    start = _MARKUP.match(text).end()  # type: ignore[union-attr]
    if not _FIRST.match(text, start):
        return None
    for scheme in schemes():
        m = scheme.pattern.match(text, start)
        if m is None:
            continue
        written = m.groupdict().get("n")
        number: int | None = None
        sub = 0
        if written:
            number = chinese_number(re.split(r"[.．]", written)[-1])
            after = m.groupdict().get("sub")
            sub = (chinese_number(after) or 0) if after else 0
            if number is None:
                continue
        end = m.end()
        while end < len(text) and text[end] in " \t　 ":
            end += 1
        return Label(scheme, m.group().strip(), number, sub, end)
    return None
