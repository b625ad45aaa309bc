"""What stands around a document: chrome of the page, metadata lines, advertising, captions of pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from luoshi.read.lines import Line
from luoshi.read.metaline import CLOCK, DATE, MONTH, Pair, chrome_line, metadata_pairs
from luoshi.read.reflow import LABEL, ends_sentence
from luoshi.text.lexicon import table

EDGE = 40
"""Lines at the head and at the end of a text among which chrome is looked for."""
ADVERTISING, CAPTION, METADATA = "advertising", "caption", "metadata"
_LAST = 8
_LONGEST_NOTICE = 80
_ORNAMENT = re.compile(r"[\s\-–—―─━=＝_＿*＊·•.…~～#＃◆◇■□●○★☆※|｜/\\^+]+")
_STEPS = frozenset({">", "＞", "»", "›", ">>", "→"})
_BRACKETED = re.compile(r"[（(【\[].*[）)】\]]")


@dataclass(slots=True)
class Trimmed:
    """The lines of the document, what was taken with its reason, and the metadata found among them."""

    kept: list[Line]
    taken: list[tuple[str, Line]] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)


@cache
def _patterns(name: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row[0]), row[1] if len(row) > 1 else "") for row in table("luoshi.read", name))


def trim(lines: Sequence[Line], *, page: bool = False, doubles: bool = True) -> Trimmed:
    """Take off what stands around a document.

    :param page: the lines are of a web page, where chrome may stand anywhere; in a plain text it is looked
        for at the edges only.
    :param doubles: whether a line that says again what the one before it says is left out.
    """
    reasons: dict[int, str] = {}
    end = _tail(lines, reasons)
    metadata = _metadata(lines, end, reasons)
    _chrome(lines, end, reasons, page=page)
    _breadcrumbs(lines, reasons)
    _ornaments(lines, reasons)
    _captions(lines, reasons)
    _advertising(lines, end, reasons)
    if len(reasons) >= len(lines) or not any(
        lines[i].width >= 8 for i in range(len(lines)) if i not in reasons
    ):
        return Trimmed(list(lines))
    if doubles:
        _duplicates(lines, reasons)
    out = Trimmed([line for i, line in enumerate(lines) if i not in reasons], metadata=metadata)
    out.taken = [(reasons[i], lines[i]) for i in sorted(reasons)]
    return out


_FOOT = 60
"""Lines at the end of a file among which its tail begins."""
_LICENCE = re.compile(
    r"(?:本作品(?:是|来自|来自于|在|已)|[这這]部作品在).{6,}(?:公有领域|公有領域|法律|决定|版权|版權|著作权|[年日])"
)


def _tail(lines: Sequence[Line], reasons: dict[int, str]) -> int:
    """Where a list of related articles and the like begins that ends the file; it gets its reasons."""
    total = sum(line.width for line in lines)
    after = 0.0
    end = len(lines)
    last = max(0, len(lines) - _FOOT)
    if (licence := next((i for i in range(last, end) if _LICENCE.match(lines[i].text)), 0)) > 0:
        reasons.update(dict.fromkeys(range(licence, end), "licence"))
        end = licence
    for i in range(end - 1, max(-1, end - _FOOT), -1):
        line = lines[i]
        reason = _tail_marker(line)
        if reason and after <= 0.12 * total:
            for k in range(i, end):
                reasons[k] = reason
            end = i
        after += line.width
        if line.width > 150:
            break
    return end


def _tail_marker(line: Line) -> str:
    """Why what follows a line is no part of the document, empty where it may be."""
    if line.width > 30:
        return ""
    return next((reason for pattern, reason in _patterns("tails.tsv") if pattern.fullmatch(line.text)), "")


def _metadata(lines: Sequence[Line], end: int, reasons: dict[int, str]) -> dict[str, str]:
    """Metadata lines above the text and below it."""
    head = next((i for i in range(end) if lines[i].width >= 60 and ends_sentence(lines[i].text)), end)
    places = [*range(min(head, EDGE)), *range(max(head, end - _LAST), end)]
    found: dict[int, list[Pair]] = {}
    skip = -1
    for i in places:
        line = lines[i]
        if i == skip or line.kind == "table-row":
            continue
        text = line.text
        if CLOCK.fullmatch(text.strip("（）()[]")):
            found[i] = [Pair("published", text.strip("（）()[]"), False)]
            continue
        got = metadata_pairs(text)
        if got and not got[-1].value and i + 1 < end and _can_be_value(got[-1].key, lines[i + 1]):
            got[-1] = got[-1]._replace(value=lines[i + 1].text)
            skip = i + 1
        if got:
            found[i] = got
            if skip == i + 1:
                found[skip] = []
    out: dict[str, str] = {}
    for i, got in found.items():
        if got and all(p.weak for p in got) and not any(k in found for k in (i - 2, i - 1, i + 1, i + 2)):
            continue
        if not got and (i - 1) not in reasons:
            continue
        reasons[i] = METADATA
        for key, value in keep(got):
            out.setdefault(key, value)
    return out


def keep(found: Iterable[Pair]) -> list[tuple[str, str]]:
    """The pairs that metadata takes: a known key, a value that says something, a date where one is wanted."""
    return [
        (p.key, p.value)
        for p in found
        if p.key != "-"
        and p.value.strip("-—暂无/ ")
        and not p.value.startswith(("http:", "https:"))
        and (p.key not in ("published", "date") or DATE.search(p.value) or MONTH.fullmatch(p.value.strip()))
    ]


def _can_be_value(key: str, line: Line) -> bool:
    """Whether the line after a bare label is its value: a date, or a short name of a paper or a person."""
    if key in ("published", "date"):
        return line.width <= 20 and bool(DATE.match(line.text))
    if key not in ("publisher", "author") or line.width > 8:
        return False
    return not ends_sentence(line.text) and not metadata_pairs(line.text) and not LABEL.match(line.text)


def _chrome(lines: Sequence[Line], end: int, reasons: dict[int, str], *, page: bool) -> None:
    """Buttons, notices and the like: at once where the words are certain, else three of them together."""
    weak: dict[int, str] = {}
    for i in range(end):
        edge = i < EDGE or i >= end - EDGE
        if i in reasons or lines[i].kind == "table-row" or not (edge or page):
            continue
        reason, unsure = chrome_line(lines[i].text)
        if reason and unsure:
            weak[i] = reason
        elif reason:
            reasons[i] = reason
            if lines[i].text[-1] in ":：" and i + 1 < end and lines[i + 1].width <= 6:
                reasons[i + 1] = reason
    for i, reason in weak.items():
        around = [k for k in range(i - 6, i + 7) if k in weak or reasons.get(k) in ("navigation", METADATA)]
        if len(around) >= 3 and (i - 1 in around or i + 1 in around):
            reasons[i] = reason


def _breadcrumbs(lines: Sequence[Line], reasons: dict[int, str]) -> None:
    """The way to a page, one step a line: 首页 > 政务公开 > ..."""
    for i in range(1, min(len(lines), EDGE)):
        if lines[i].text in _STEPS:
            for k in (i - 1, i, i + 1):
                if k < len(lines) and lines[k].width <= 16:
                    reasons.setdefault(k, "navigation")


def _duplicates(lines: Sequence[Line], reasons: dict[int, str]) -> None:
    """A title that stands twice, one copy after the other: once as the page's, once as the document's."""
    head = [i for i in range(min(len(lines), EDGE)) if i not in reasons]
    for size in (1, 2, 3):
        for k in range(len(head) - 2 * size + 1):
            first, second = head[k : k + size], head[k + size : k + 2 * size]
            if any(i in reasons for i in (*first, *second)) or sum(lines[i].width for i in first) < 8:
                continue
            same = all(lines[a].text == lines[b].text for a, b in zip(first, second, strict=True))
            if same and not ends_sentence(lines[first[0]].text):
                reasons.update(dict.fromkeys(second, "duplicate"))


def _ornaments(lines: Sequence[Line], reasons: dict[int, str]) -> None:
    for i, line in enumerate(lines):
        if _ORNAMENT.fullmatch(line.text) and not line.cells:
            reasons[i] = "ornament"


def _captions(lines: Sequence[Line], reasons: dict[int, str]) -> None:
    for i, line in enumerate(lines):
        if i in reasons or len(line.text) > 120 or line.kind in ("table-row", "heading"):
            continue
        if any(pattern.fullmatch(line.text) for pattern, _ in _patterns("captions.tsv")):
            reasons[i] = CAPTION


def _advertising(lines: Sequence[Line], end: int, reasons: dict[int, str]) -> None:
    """Runs of short lines without a sentence that speak of organisers, apps and subscriptions."""
    start = 0
    for i in range(end + 1):
        if i < end and (i in reasons or _like_notice(lines[i])):
            continue
        if 5 <= i - start <= _LONGEST_NOTICE:
            score = 0
            for k in range(start, i):
                if k not in reasons:
                    score += max(
                        (int(w) for p, w in _patterns("advertising.tsv") if p.search(lines[k].text)),
                        default=0,
                    )
            if score >= (4 if i == end else 6):
                for k in range(start, i):
                    reasons.setdefault(k, ADVERTISING)
        start = i + 1


def _like_notice(line: Line) -> bool:
    text = line.text
    if line.width > 32 or line.kind == "table-row" or _BRACKETED.fullmatch(text):
        return False
    return not ends_sentence(text) and not LABEL.match(text) and text[-1] not in "，、"
