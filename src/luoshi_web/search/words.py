"""Words of a text for the index: one token per Han character, one per run of other letters or digits.

Traditional characters, full-width letters and capitals are folded, character by character, so that a place in
the folded text is the same place in the text itself. Quotation marks, brackets, dashes and spaces stand for
nothing; a comma or any other stop is a token of its own (:data:`STOP`), so that no phrase runs across it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from opencc import OpenCC

PROGRAM = 3
"""Grows whenever the same row gives other tokens; an index of another number is made anew."""
STOP = "|"
LONGEST = 200
"""Characters of a token that count: PostgreSQL has no place for one of thousands."""
HAN = "〇々\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_STOPS = set("，。；：、！？,.;:!?…\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029｡､﹒﹐﹑﹔﹕")
_TOKEN = re.compile(
    rf"[{HAN}{_KANA}]"
    r"|\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?"
    r"|\d+(?:\.\d+)+"
    rf"|[^\W_{HAN}{_KANA}]+"
)


class Token(NamedTuple):
    """A token and the place in the text where it stands."""

    word: str
    start: int
    end: int


@cache
def _table() -> dict[int, str]:
    """Each character that is folded: to its simplified, half-width, small form; one for one."""
    simple = OpenCC("t2s")
    table: dict[int, str] = {}
    for code in range(0x80, 0x30000):
        if 0xD800 <= code < 0xE000 or 0xAC00 <= code < 0xD7B0:
            continue
        char = chr(code)
        if not char.isalnum() and not 0xFF00 < code < 0xFF5F and not 0x2E80 <= code < 0x2FE0:
            continue
        form = unicodedata.normalize("NFKC", char)
        form = form if len(form) == 1 and unicodedata.category(char) != "No" else char
        small = form.lower()
        form = small if len(small) == 1 else form
        if code >= 0x2E80:
            told = simple.convert(form)
            form = told if len(told) == 1 else form
        if form != char:
            table[code] = form
    table |= {ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    return table


def folded(text: str) -> str:
    """The text with every character in its plain form; as long as the text itself."""
    return text.translate(_table())


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text in their order, stops between them; none before the first or after the last."""
    plain = folded(text)
    end = -1
    for m in _TOKEN.finditer(plain):
        start = m.start()
        if end >= 0 and not _STOPS.isdisjoint(plain[end:start]):
            yield Token(STOP, end, start)
        end = m.end()
        yield Token(m[0].replace(",", "")[:LONGEST], start, end)


def words(text: str) -> list[str]:
    """The tokens alone."""
    return [t.word for t in tokens(text)]


def pairs(some: list[str]) -> list[str]:
    """Neighbours joined: what PostgreSQL keeps, for its phrases by single tokens are slow."""
    return [joined(a, b) for a, b in pairwise(some)]


def joined(a: str, b: str) -> str:
    """Two neighbours as one word; no two pairs give the same one, and none gives a single token."""
    return f"{a}_{b}" if _runs(a) and _runs(b) else a + b


def _runs(word: str) -> bool:
    return word != STOP and not re.match(f"[{HAN}{_KANA}]", word)
