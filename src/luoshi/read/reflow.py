"""Hard-wrapped lines back into paragraphs.

It works on the shape of lines only (:class:`luoshi.read.lines.Line`), so text files, PDF and OFD share it. A
line is followed by its continuation when it is full: the first word of the next line would not have fitted
beside it. A new paragraph shows by an indent, a label (一、 1. 第三条 ——), a gap, a short line before it,
or, in text out of Word, by a blank that stands for the paragraph's mark. A sentence that is cut by a page or
column break goes on after it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from luoshi.model import Block, Mapped, concat
from luoshi.read.lines import Line, width
from luoshi.read.normalise import HAN, tidy

LABEL = re.compile(
    r"(?:[一二三四五六七八九十百]{1,4}\s?[、．.]|[（(][一二三四五六七八九十百\d]{1,4}[)）]|\d{1,3}\s?[．、]|\d{1,3}\.(?!\d)|"
    r"\d{1,3}[)）]|第[一二三四五六七八九十百零〇千\d]{1,7}[编章节条款项部]|[①-⑳❶-❿⑴-⒇⒈-⒛㈠-㈩]|"
    r"[-–—─―]{2,}|[■□●○◆◇★☆▲△▼▪•·►➢✓√※◎]|[*+-]\s|附\s?件|附\s?录|注[:：]|[［\[]\d{1,3}[］\]]|[a-zA-Z][.)]\s)"
)
_NO_LABEL = re.compile(
    r"[一二三四五六七八九十]、[一二三四五六七八九十]|第[一二三四五六七八九十]+[条款项](?:[规之的、和至]|第)"
)
TERMINAL = "。！？!?…；;：:"
_CLOSERS = "”’」』）)》〉】]〕\"'"
_MID = "，、,（(《〈“‘「『【〔—-"
_CLOSES = {"（": "）", "《": "》", "“": "”", "〔": "〕", "【": "】"}
_WORD = re.compile(r"[^\s⺀-￯]+")
_HAN = re.compile(f"[{HAN}]")
_NEVER_FIRST = "，、。；：！？）》〉”’】〕」』"
_CLOSING = "，。、；：！？）》〉”’】〕」』％%"
LONG = 40.0
"""From this width on (in ideographs) an unwrapped line is a paragraph rather than a title."""


@dataclass(slots=True)
class Flow:
    """What reflow makes: the blocks, and hyphens and the like that it took out."""

    blocks: list[Block] = field(default_factory=list)
    dropped: list[tuple[str, Mapped, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Habits:
    """How this text is set."""

    wrapped: bool
    measure: float
    measures: list[float]
    margin: list[float]
    indents: bool
    trails: list[int] | None


def reflow(lines: Sequence[Line]) -> Flow:
    """Join lines to paragraphs.

    :param lines: the lines in reading order, page furniture already gone.
    """
    flow = Flow()
    if not lines:
        return flow
    habits = _habits(lines)
    group = [0]
    for i in range(1, len(lines)):
        if _continues(lines, i - 1, habits):
            group.append(i)
            continue
        _emit(flow, [lines[k] for k in group])
        group = [i]
    _emit(flow, [lines[k] for k in group])
    return flow


def ends_sentence(text: str) -> bool:
    """Whether a line ends where a sentence or clause may end for good."""
    bare = text.rstrip(_CLOSERS)
    return bool(bare) and (bare[-1] in TERMINAL or (bare[-1] == "." and not bare[-2:-1].isdigit()))


def ends_open(text: str) -> bool:
    """Whether a line cannot be the end of a paragraph: it ends with a comma or an opening mark."""
    return bool(text) and text[-1] in _MID and not text.endswith(("——", "--"))


def _habits(lines: Sequence[Line]) -> _Habits:
    all_widths = np.array([line.width for line in lines])
    sizable = [
        i for i, line in enumerate(lines) if line.width >= 12 and line.kind in ("paragraph", "list-item")
    ]
    soft = [
        i
        for i in sizable
        if i + 1 < len(lines)
        and lines[i + 1].kind == "paragraph"
        and line_is_open(lines[i].text)
        and not LABEL.match(lines[i + 1].text)
        and lines[i + 1].indent - lines[i].indent < 1.5
    ]
    typical = float(np.percentile(all_widths[sizable], 80)) if sizable else 0.0
    near = [i for i in soft if lines[i].width >= 0.8 * typical]
    wrapped = (
        len(soft) >= 2
        and len(soft) >= 0.3 * len(sizable)
        and typical <= 75
        and len(near) >= 0.5 * len(soft)
        and any(line.measure == 0 for line in lines)
    ) or any(line.measure > 0 for line in lines)
    measures = _measures(lines, typical)
    margin = _margins(lines)
    starts = [
        i
        for i in range(1, len(lines))
        if ends_sentence(lines[i - 1].text) and lines[i - 1].width < 0.85 * measures[i - 1]
    ]
    inner = sum(1 for i in starts if lines[i].indent - margin[i] >= 1)
    return _Habits(
        wrapped=wrapped,
        measure=typical,
        measures=measures,
        margin=margin,
        indents=bool(starts) and inner >= 0.5 * len(starts),
        trails=_trails(lines, measures) if wrapped else None,
    )


def line_is_open(text: str) -> bool:
    """Whether a line ends in the middle of a sentence."""
    return not ends_sentence(text)


def _measures(lines: Sequence[Line], typical: float) -> list[float]:
    """The width of the column around each line: the 80th percentile of up to 15 neighbours in its group.

    A group is what no gap interrupts; in a group of one or two lines the neighbours' measure holds.
    """
    n = len(lines)
    group = [0] * n
    for i in range(1, n):
        group[i] = group[i - 1] + (1 if lines[i].gap > 0 else 0)
    last = [i + 1 == n or group[i + 1] != group[i] for i in range(n)]
    out = [0.0] * n
    for i, line in enumerate(lines):
        if line.measure > 0:
            out[i] = line.measure
            continue
        near = [
            lines[j].width
            for j in range(max(0, i - 7), min(n, i + 8))
            if group[j] == group[i] and not last[j]
        ]
        if len(near) >= 2:
            near.sort()
            out[i] = near[int(0.8 * (len(near) - 1) + 0.5)]
        elif near:
            out[i] = max(near[0], 0.8 * typical) if near[0] <= 1.3 * typical else typical
    known = [i for i in range(n) if out[i] > 0]
    if not known:
        return [typical] * n
    position = 0
    for i in range(n):
        if out[i] > 0:
            continue
        while position + 1 < len(known) and abs(known[position + 1] - i) <= abs(known[position] - i):
            position += 1
        out[i] = out[known[position]]
    return out


def _margins(lines: Sequence[Line]) -> list[float]:
    """The left margin around each line: the smallest indent that at least a fifth of 21 neighbours keep."""
    n = len(lines)
    indents = [line.indent for line in lines]
    if max(indents) < 1:
        return [0.0] * n
    out: list[float] = []
    for i in range(n):
        near = sorted(indents[max(0, i - 10) : i + 11])
        out.append(near[len(near) // 5])
    low = min(indents)
    return [low if m - low < 1 else m for m in out]


def _trails(lines: Sequence[Line], measures: Sequence[float]) -> list[int] | None:
    """Usual count of blanks after a line in the middle of a paragraph, around each line.

    ``None`` where blanks tell nothing: they do when the ends of sentences on short lines have more of them
    than full lines in mid-sentence.
    """
    full = [i for i, a in enumerate(lines) if line_is_open(a.text) and a.width >= measures[i] - 2]
    short = [i for i, a in enumerate(lines) if ends_sentence(a.text) and a.width < 0.85 * measures[i]]
    if len(full) < 5 or len(short) < 3:
        return None
    usual: list[int] = []
    for i in range(len(lines)):
        k = bisect_left(full, i)
        near = sorted(lines[j].trail for j in full[max(0, k - 6) : k + 6])
        usual.append(near[len(near) // 2])
    more = sum(1 for i in short if lines[i].trail > usual[i])
    noise = sum(1 for i in full if lines[i].trail > usual[i])
    return usual if more >= 0.7 * len(short) and noise <= 0.1 * len(full) else None


def _continues(lines: Sequence[Line], i: int, habits: _Habits) -> bool:
    """Whether line ``i + 1`` goes on where line ``i`` stops."""
    a, b = lines[i], lines[i + 1]
    if a.closed or b.kind != "paragraph" or a.kind in ("heading", "table-row", "caption"):
        return False
    if a.align in ("center", "right") or b.align in ("center", "right"):
        return False
    if a.size and b.size and abs(a.size - b.size) > 0.1 * max(a.size, b.size):
        return False
    if b.text[0] in _NEVER_FIRST and line_is_open(a.text) and not a.gap > 1:
        return True
    if not habits.wrapped:
        return _resumes(a, b, habits)
    if b.indent - habits.margin[i + 1] < 1 and a.width >= 0.7 * habits.measures[i] and _bracket_goes_on(a, b):
        return True
    return _wraps(a, b, i, habits)


def _resumes(a: Line, b: Line, habits: _Habits) -> bool:
    """In a text of one line a paragraph: a sentence that a page or column break cut in two."""
    if b.indent >= 1 or not (_HAN.match(a.text[-1]) or a.text[-1] in "，、（《“"):
        return False
    if LABEL.match(b.text) or not (_HAN.match(b.text[0]) or b.text[0].isdigit()):
        return False
    if _bracket_goes_on(a, b):
        return True
    if habits.indents and a.indent < 1:
        return False
    running = "。" in a.text or "；" in a.text or (a.width >= 1.5 * LONG and "，" in a.text)
    return running and b.width >= 12 and (ends_sentence(b.text) or b.text[-1] in _CLOSERS)


def _bracket_goes_on(a: Line, b: Line) -> bool:
    """Whether a bracket or quotation that one line opens is closed in the next."""
    cut = open_bracket(a.text)
    return bool(cut) and _CLOSES[cut] in b.text and cut not in b.text[: b.text.index(_CLOSES[cut])]


def open_bracket(text: str) -> str:
    """The last bracket or quotation mark that a text opens and does not close, empty when there is none."""
    stack: list[str] = []
    for c in text:
        if c in _CLOSES:
            stack.append(c)
        elif stack and c == _CLOSES[stack[-1]]:
            stack.pop()
    return stack[-1] if stack else ""


def _wraps(a: Line, b: Line, i: int, habits: _Habits) -> bool:
    """In a hard-wrapped text: whether the break between two lines is a soft one."""
    measure = habits.measures[i]
    shifted = b.indent - habits.margin[i + 1] >= 1 and b.indent - a.indent > -0.75 - (
        a.indent - habits.margin[i] < 1
    )
    open_end = line_is_open(a.text)
    word = _first_word(b.text)
    room = measure - a.width
    full = room < word + 0.5 + 0.03 * measure
    if shifted:
        return False
    if habits.trails is not None and a.trail > habits.trails[i] and not ends_open(a.text):
        return False
    if LABEL.match(b.text) and not (full and open_end and a.gap == 0 and _label_is_text(a.text, b.text)):
        return False
    if a.width > 1.4 * measure:
        return False
    if b.page_break:
        return _over_page(a, b, i, habits, full=full)
    if b.gap > 0:
        near_full = full or a.width >= 0.8 * measure
        if not (open_end and near_full and a.width >= 12) or _is_closed(a):
            return False
        return ends_open(a.text) or habits.trails is not None or _body_like(a, b, i, habits)
    if full:
        return open_end or not _like_title(b, habits.measures[i + 1])
    if ends_open(a.text) and a.width >= 0.5 * measure:
        return True
    # where paragraphs are indented, a line at the margin that follows an open one goes on with it
    least = 0.75 if habits.indents and b.indent - habits.margin[i + 1] < 0.5 else 0.85
    return open_end and a.width >= least * measure and not b.gap and _body_like(a, b, i, habits)


def _over_page(a: Line, b: Line, i: int, habits: _Habits, *, full: bool) -> bool:
    """Whether a paragraph goes on over a page break, where the space between the lines says nothing."""
    open_end = line_is_open(a.text)
    if open_end and (full or a.width >= 0.8 * habits.measures[i]) and a.width >= 12:
        return ends_open(a.text) or habits.trails is not None or _body_like(a, b, i, habits)
    # the end of a sentence in a full line is more often inside a paragraph than at its end
    return not open_end and full and not _like_title(b, habits.measures[i + 1])


def _like_title(line: Line, measure: float) -> bool:
    """Whether a line stops short without a mark, as the last line of a paragraph does not."""
    return line.width < 0.8 * measure and line_is_open(line.text) and line.text[-1] not in _CLOSERS + _MID


def _is_closed(line: Line) -> bool:
    """Whether a line ends with a bracket, or is a labelled heading: it may end a paragraph without a stop."""
    if line.text[-1] in _CLOSERS and not open_bracket(line.text):
        return True
    return bool(LABEL.match(line.text)) and "。" not in line.text and not ends_open(line.text)


def _body_like(a: Line, b: Line, i: int, habits: _Habits) -> bool:
    """Whether two lines look like running text rather than titles: both reach across most of the column."""
    other = habits.measures[i + 1]
    return a.width >= 0.7 * habits.measure and (b.width >= 0.7 * other or ends_sentence(b.text))


def _label_is_text(a: str, b: str) -> bool:
    """Whether what looks like a label is the rest of a sentence: “…部及二、” “三、四线…”."""
    if ends_open(a):
        return not b.startswith(("——", "第"))
    return bool(
        re.match(
            r"[一二三四五六七八九十]、[一二三四五六七八九十]|第[一二三四五六七八九十]+[条款项](?:[规之的、和至]|第)",
            b,
        )
    )


def _first_word(text: str) -> float:
    """Width of what would have had to fit on the line before: a word, or a character and closing marks."""
    word = _WORD.match(text)
    if word:
        return min(width(word.group()), 15.0)
    k = 1
    while k < len(text) and text[k] in _CLOSING:
        k += 1
    return float(k)


def _emit(flow: Flow, group: Sequence[Line]) -> None:
    """One block out of the lines of a paragraph."""
    first = group[0]
    parts: list[Mapped] = [first.body]
    for a, b in pairwise(group):
        mark, cut = separator(a.text, b.text)
        if cut:
            flow.dropped.append(("hyphenation", parts[-1][-1:], len(flow.blocks)))
            parts[-1] = parts[-1][:-1]
        if mark:
            parts.append(Mapped.inserted(mark))
        parts.append(b.body)
    marks = set()
    if first.indent >= 1:
        marks.add("indent")
    if first.gap > 0:
        marks.add("gap")
    if first.page_break:
        marks.add("page-break")
    if len(group) > 1:
        marks.add("lines")
    if first.bold:
        marks.add("bold")
    body = concat(parts) if first.cells else tidy(concat(parts))
    if body:
        flow.blocks.append(
            Block(
                body,
                kind=first.kind,
                level=first.level,
                align=first.align,
                page=first.page,
                marks=frozenset(marks),
                indent=round(first.indent, 2),
                cells=first.cells,
                table=first.table,
            )
        )


def separator(a: str, b: str) -> tuple[str, bool]:
    """What stands between two joined lines, and whether the hyphen at the end of the first goes."""
    if (
        a.endswith("-")
        and len(a) > 1
        and a[-2].isalpha()
        and a[-2].isascii()
        and b[0].isascii()
        and b[0].islower()
    ):
        return "", True
    wide_a = ord(a[-1]) >= 0x2E80 or (a[-1] in "“”‘’—…·" and bool(_HAN.search(a[-6:])))
    wide_b = ord(b[0]) >= 0x2E80 or (b[0] in "“”‘’—…·" and bool(_HAN.search(b[:6])))
    if wide_a or wide_b:
        return "", False
    if a[-1].isdigit() and b[0].isdigit() and _HAN.search(a + b):
        return "", False
    return ("" if a[-1] in "-/([" and not a.endswith("--") else " "), False
