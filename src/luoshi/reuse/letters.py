"""Which characters count, and as what: the table that turns characters into symbols.

Han characters, kana, Hangul syllables and letters of scripts without spaces stand each for itself; letters
and digits of other scripts are joined to words, since three Latin letters say less than three Han characters.
Everything else is passed over, but marks that end a clause or a sentence are remembered.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

KNOWN = 0x40000
"""Characters from here on (tags, private use) never count."""
SENTENCE_MARKS = "。！？!?…．\n\r\x0b\x0c\u2028\u2029"
CLAUSE_MARKS = "，、；：.,;:|\t—"
OPENERS = "“‘「『（〈《【〔［([{«"
CLOSERS = "”’」』）〉》】〕］)]}»"
DROP, SINGLE, LETTER, CLAUSE, SENTENCE, OPENING, CLOSING = 0, 1, 2, 3, 4, 5, 6
SINGLES = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3021, 0x3029),
    (0x3040, 0x30FF), (0x3100, 0x312F), (0x31A0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0x1B000, 0x1B2FF), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Thai and Lao, Burmese, Khmer, Han numerals, kana, Bopomofo, Han, Hangul, Han beyond the first plane."""


@cache
def table() -> NDArray[np.uint32]:
    """``uint32[0x40000]``: kind of the character in the top four bits, below them what it is folded to.

    Letters are folded to lower case and from their full-width and compatibility forms.
    """
    out = np.zeros(KNOWN, dtype=np.uint32)
    for low, high in SINGLES:
        out[low : high + 1] = np.arange(low, high + 1, dtype=np.uint32) | np.uint32(SINGLE << 28)
    plain = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xAC00, 0xD7A3), (0xD800, 0xF8FF))
    skip = dict(plain)
    c = 0
    while c < 0x20000:
        if c in skip:
            c = skip[c] + 1
            continue
        out[c] = _entry(chr(c), int(out[c]))
        c += 1
    return out


def _entry(c: str, before: int) -> int:
    if c in SENTENCE_MARKS:
        return SENTENCE << 28
    if c in CLAUSE_MARKS:
        return CLAUSE << 28
    if c in OPENERS:
        return OPENING << 28
    if c in CLOSERS:
        return CLOSING << 28
    if not c.isalnum():
        return 0
    folded = unicodedata.normalize("NFKC", c) if not c.isascii() else c
    folded = folded.lower()
    code = ord(folded) if len(folded) == 1 else ord(c)
    return (before >> 28 or LETTER) << 28 | code
