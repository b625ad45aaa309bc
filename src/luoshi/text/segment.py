"""Sentences of a clean text: where each begins and ends.

A sentence ends at 。！？； (also half-width), at an ellipsis, at a full stop of an English sentence and at
the end of a line, together with the closing quotation marks and brackets behind it. It ends neither at a
colon, nor inside a short pair of brackets, in a decimal, after a list number or an abbreviation, nor where
the sentence goes on behind a quotation (``“……！”的精神``).
"""

from __future__ import annotations

import re

from luoshi.text.lexicon import words

Span = tuple[int, int]

ENDERS = "。！？；!?;"
CLOSERS = "”’」』）〉》】〕］)]}\"'"
BRACKETS = {"（": "）", "(": ")", "〔": "〕", "［": "］", "【": "】", "《": "》", "〈": "〉"}
LONGEST_BRACKET = 160
"""Characters within which a bracket must close for its inside to count as part of the sentence around it."""

_GOES_ON = frozenset("，、。；：,;:的等和与及或是之）》")
"""What stands behind a closing mark where the sentence goes on."""

_ELLIPSIS = re.compile("…+")
_STOP = re.compile("…+|[" + re.escape(ENDERS + "." + "".join(BRACKETS)) + "]")
_STOP_BEFORE = re.compile(r"([A-Za-z][A-Za-z.&-]*|[\d.,]+|[^\sA-Za-z\d])$")
_LABEL_LINE = re.compile(
    r"\s*[（(]?(?:\d{1,3}(?:[.．]\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5}|[一二三四五六七八九十百零〇]{1,4})$"
)


def _bracket_end(text: str, at: int, stop: int) -> int:
    """Where the bracket opened at ``at`` closes, exclusive; 0 when it does not within reach."""
    opening, closing = text[at], BRACKETS[text[at]]
    depth = 0
    for i in range(at, min(stop, at + LONGEST_BRACKET)):
        if text[i] == opening:
            depth += 1
        elif text[i] == closing:
            depth -= 1
            if depth == 0:
                return i + 1
    return 0


def _is_full_stop(text: str, at: int, line: int, stop: int) -> bool:
    """Whether the half-width dot at ``at`` ends a sentence of the line from ``line`` to ``stop``."""
    rest = text[at + 1 : stop].lstrip(CLOSERS)
    if rest and not rest[0].isspace():
        return False
    if _LABEL_LINE.fullmatch(text[line:at]):
        return False
    before = _STOP_BEFORE.search(text[line:at].rstrip(CLOSERS))
    if before is None:
        return False
    word = before.group()
    rest = rest.lstrip()
    if not rest:
        return True
    if word[0].isascii() and word[0].isalpha():
        if word.lower() in words("luoshi.text", "abbreviations.tsv") or len(word) == 1 or "." in word:
            return False
        return rest[0].isupper() or rest[0].isdigit() or rest[0] in "\"'“‘(（" or ord(rest[0]) > 0x2E80
    if word[0].isdigit():
        return rest[0].isupper()
    return True


def _end_of_mark(text: str, at: int, stop: int) -> int:
    """End of the mark at ``at`` with its closers, exclusive; 0 where the sentence goes on behind it."""
    end = at
    while end < stop and (text[end] in ENDERS or text[end] == "…"):
        end += 1
    if text[at] == ".":
        end = at + 1
    closed = end
    while closed < stop and text[closed] in CLOSERS:
        closed += 1
    if closed > end and closed < stop and text[closed] in _GOES_ON:
        return 0
    return closed


def _end_at(text: str, i: int, start: int, stop: int) -> int:
    """End of the sentence whose mark stands at ``i`` of the line, exclusive; 0 where it ends none."""
    c = text[i]
    if c == ".":
        return _end_of_mark(text, i, stop) if _is_full_stop(text, i, start, stop) else 0
    if c == "…":
        last = _ELLIPSIS.match(text, i, stop)
        end = _end_of_mark(text, last.end() - 1 if last else i, stop)
        return 0 if end < stop and text[end] in _GOES_ON else end
    behind = text[i + 1 : i + 2]
    if c in "!?;" and behind.isascii() and behind.isalnum():  # an address of the web
        return 0
    return _end_of_mark(text, i, stop)


def _line_spans(text: str, start: int, stop: int) -> list[Span]:
    out: list[Span] = []
    begin = i = start
    while (m := _STOP.search(text, i, stop)) is not None:
        i = m.start()
        if text[i] in BRACKETS:
            close = _bracket_end(text, i, stop)
            # a bracket that opens a sentence and fills the line is a note of several sentences of its own
            fills = i == begin and not text[close:stop].strip(ENDERS + " \u3000")
            i = close if close and not fills else i + 1
            continue
        end = _end_at(text, i, start, stop)
        if end:
            out.append((begin, end))
            begin = i = end
        else:
            i = m.end()
    out.append((begin, stop))
    return _without_scraps(text, out)


def _without_scraps(text: str, spans: list[Span]) -> list[Span]:
    """Pieces without a letter or digit (a lone closing mark) join the piece before them."""
    out: list[Span] = []
    for start, end in spans:
        if out and not any(c.isalnum() for c in text[start:end]):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def sentence_spans(text: str) -> list[Span]:
    """The sentences of a text as ``(start, end)`` in code points, without white space at their ends.

    Every character that is no white space lies in exactly one of them. An empty text has none.
    """
    out: list[Span] = []
    start = 0
    for line in re.split(r"(\n)", text):
        if line != "\n" and line.strip():
            for a, b in _line_spans(text, start, start + len(line)):
                part = text[a:b]
                left = len(part) - len(part.lstrip())
                if part.strip():
                    out.append((a + left, a + len(part.rstrip())))
        start += len(line)
    return out


def row_spans(text: str) -> list[Span]:
    """The sentences of a table's row, whose cells stand one tab apart: each cell is one or several."""
    out: list[Span] = []
    start = 0
    for cell in text.split("\t"):
        out += [(start + a, start + b) for a, b in sentence_spans(cell)]
        start += len(cell) + 1
    return out
