"""What recognition mistakes in Chinese text, put right one character for one.

The small strokes: a dash between figures is read as the figure one, full-width signs as half-width ones.
"""

from __future__ import annotations

import re
from functools import cache

from luoshi.read.normalise import HAN
from luoshi.text.lexicon import table

_FIGURES = str.maketrans({chr(0xFF10 + k): str(k) for k in range(10)} | {"％": "%", "．": "."})


_PAGE_NUMBER = re.compile(r"[一—–\-~·](\s?\d{1,4}\s?)[一—–\-~·]")


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(row[0].replace("{HAN}", HAN)), row[1]) for row in table("luoshi.read", "ocr-repairs.tsv")
    )


def repair(text: str) -> str:
    """The text of a recognised line, as long as it was."""
    text = text.translate(_FIGURES)
    number = _PAGE_NUMBER.fullmatch(text)
    if number:
        return "—" + text[1:-1] + "—"
    for pattern, sign in _rules():
        text = pattern.sub(sign, text)
    return _paired(text)


def _paired(text: str) -> str:
    """Brackets of which one is full-width are both."""
    if not ("(" in text and "）" in text) and not ("（" in text and ")" in text):
        return text
    out = list(text)
    stack: list[int] = []
    for i, c in enumerate(text):
        if c in "(（":
            stack.append(i)
        elif c in ")）" and stack:
            k = stack.pop()
            if "（" in (out[k], c) or "）" in (out[k], c):
                out[k], out[i] = "（", "）"
    return "".join(out)
