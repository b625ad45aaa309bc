"""What follows the body of a document: signature, list of annexes, annexes, the text that it forwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from luoshi.structure.head import merge_titles
from luoshi.structure.labels import read_label
from luoshi.structure.lines import Line, bare, ends_sentence
from luoshi.structure.shape import is_chrome, is_org, is_title_like, plain, role
from luoshi.structure.split import Candidate, is_announced, title_run
from luoshi.structure.words import title_kind

_LIST_GOES_ON = re.compile(r"\s*(?:\d{1,2}[.．、]|[（(]?[一二三四五六七八九十]{1,2}[）)、])\s*[^。；]{2,80}$")
_RELATED = re.compile(r"相关(?:报道|文档|链接|阅读|解读|新闻|稿件|文章)")
_BELOW = {"signed-date", "public", "editor-note", "citation-code", "copy-to", "printing", "abridged"}
_LEAST_PART = 120
_LONGEST_SIGNATURE = 14


def _text_behind(lines: Sequence[Line], start: int) -> int:
    return sum(len(bare(line.text)) for line in lines[start : start + 60])


def _mark_annex_lists(lines: list[Line], start: int) -> None:
    """附件：1.… 2.… under a letter is a list of what is annexed, not the annexes."""
    i = start
    while i < len(lines):
        if _is_annex_label(lines[i]) and (end := _end_of_broken_list(lines, i)):
            for line in lines[i:end]:
                line.kind, line.entry = "note", False
            i = end
            continue
        if role(lines[i].text) != "attachment-list" or _is_annex_head(lines, i):
            i += 1
            continue
        lines[i].kind, lines[i].entry = "note", False
        i += 1
        while i < len(lines) and _LIST_GOES_ON.match(lines[i].text) and len(lines[i].text) < 90:
            lines[i].kind, lines[i].entry = "note", False
            i += 1


def _is_annex_label(line: Line) -> bool:
    label = read_label(plain(line.text))
    return label is not None and label.scheme.name == "annex" and len(line.text) < 90


def _end_of_broken_list(lines: Sequence[Line], i: int) -> int:
    """End of a list whose 附件： stands on a line of its own: short lines up to the signature or the annex
    itself; 0 where it is no list."""
    end = i + 1
    alone = role(lines[i].text) == "annex"
    while end < len(lines) and end - i <= 12:
        text = plain(lines[end].text)
        if role(text) in ("date", "signed-date") or is_org(text):
            return end if end > i + 1 or not alone else 0
        if _is_annex_label(lines[end]):
            return end if alone and end > i + 1 and role(text) == "annex" else 0
        if len(text) > 90 or ends_sentence(text) or lines[end].block.kind == "table-row":
            return 0
        end += 1
    return 0


def _is_annex_head(lines: Sequence[Line], i: int) -> bool:
    """Whether 附件2：… begins the annex itself: an earlier line has named it, and text follows at once."""
    text = plain(lines[i].text)
    label = read_label(text)
    if label is None or label.scheme.name != "annex" or len(text) > 60:
        return False
    rest = bare(text[label.end :].lstrip("：:、 　"))
    if not rest or len(rest) < 4 or rest[0].isdigit():
        return False
    named = any(rest in bare(line.text) for line in lines[max(0, i - 200) : i] if line.kind == "note")
    after = next((plain(line.text) for line in lines[i + 1 : i + 2]), "")
    return named and bool(after) and not is_org(after) and role(after) not in ("date", "signed-date")


def _mark_signatures(lines: list[Line], start: int) -> list[int]:
    """Mark dates that stand alone and the names above them; where a signature ends comes back."""
    ends: list[int] = []
    for i in range(start, len(lines)):
        name = role(lines[i].text)
        if name in _BELOW:
            lines[i].kind = "note"
        if name == "signed-date":
            ends.append(i + 1)
        if name != "date":
            continue
        lines[i].kind = "note"
        ends.append(i + 1)
        k = i - 1
        while k >= start and i - k <= _LONGEST_SIGNATURE:
            text = plain(lines[k].text)
            signs = is_org(text) or role(text) == "author" or (role(text) == "signatory" and k == i - 1)
            if not signs or len(text) > 60:
                break
            lines[k].kind = "note"
            k -= 1
    return ends


def _mark_parts(lines: list[Line], start: int, signed: Sequence[int], own: str) -> None:
    i = start
    while i < len(lines):
        line = lines[i]
        text = plain(line.text)
        label = read_label(text)
        if (
            line.kind in ("body", "heading")
            and label
            and label.scheme.name == "annex"
            and _begins_annex(lines, i)
        ):
            line.kind = "part"
            i += 1
            continue
        if line.kind in ("body", "heading") and is_title_like(line):
            end = title_run(lines, i)
            if end > i and _is_part(lines, i, end, signed, own):
                lines[i:end] = [merge_titles(lines[i:end])]
                below = bool(i) and lines[i - 1].kind == "part"
                lines[i].kind, lines[i].entry = ("heading", False) if below else ("part", True)
                signed = [s if s <= i else s - (end - i - 1) for s in signed]
        i += 1


def _begins_annex(lines: Sequence[Line], i: int) -> bool:
    text = plain(lines[i].text)
    if role(text) == "annex":
        return _text_behind(lines, i + 1) > 0
    if role(text) == "attachment-list":
        return _is_annex_head(lines, i)
    return len(text) < 60 and not ends_sentence(text) and i + 1 < len(lines)


def _is_part(lines: Sequence[Line], i: int, end: int, signed: Sequence[int], own: str) -> bool:
    if i and lines[i - 1].kind == "part":
        return True
    if i and lines[i - 1].kind == "heading" and not lines[i - 1].entry:  # the annex has its title already
        return False
    if _text_behind(lines, end) < _LEAST_PART:
        return False
    text = "".join(plain(line.text) for line in lines[i:end])
    if is_announced(lines, Candidate(i, end)) and bare(text) != bare(own):
        return True
    block = lines[i].block
    marked = block.align == "center" or block.kind == "heading" or "bold" in block.marks
    return any(0 <= i - s <= 2 for s in signed) and (bool(title_kind(text)) or marked)


def mark_parts(lines: list[Line], start: int, title: str) -> None:
    """Give the lines behind the head their kinds: ``note`` for lists of annexes, signatures and editors'
    notes, ``part`` for the line with which an annex or a forwarded text begins (its title merged)."""
    _mark_annex_lists(lines, start)
    signed = _mark_signatures(lines, start)
    _mark_parts(lines, start, signed, title)
    for before, line in pairwise(lines):
        below = before.kind in ("part", "note") or not before.entry
        if (
            below
            and line.kind == "body"
            and role(line.text) in ("adoption", "number", "occasion", "order-head")
        ):
            line.kind = "note"


def drop_tail(lines: list[Line]) -> None:
    """Leave out what a page sets below the text: navigation, advertising, the head once more."""
    last = len(lines)
    while last and not _ends_text(lines[last - 1]):
        last -= 1
    tail = [
        line for line in lines[last:] if not line.drop and line.block.kind not in ("table-row", "list-item")
    ]
    if last and tail:
        chrome = [is_chrome(line.text) for line in tail]
        closed = role(lines[last - 1].text) in ("editor-note", "copy-to", "printing")
        # single words of a form (时间) look like those of a page: they count only in company
        company = 2 * sum(chrome) >= len(tail)
        for line, alone in zip(tail, chrome, strict=True):
            if alone and company:
                line.drop = "navigation"
            elif closed and (len(tail) > 3 or is_title_like(line)):
                line.drop = "advertising"
    _drop_repeats(lines)


def _ends_text(line: Line) -> bool:
    return ends_sentence(line.text) or line.kind in ("note", "part", "table-row")


def _drop_repeats(lines: list[Line]) -> None:
    """Lines behind the last navigation line that only repeat the head, and lists of other pages."""
    first = next((i for i, line in enumerate(lines) if i > len(lines) * 0.8 and is_chrome(line.text)), None)
    if first is None:
        return
    before = bare("".join(line.text for line in lines[: max(12, len(lines) // 4)]))
    rest = [line for line in lines[first:] if not is_chrome(line.text)]
    if all(bare(line.text) in before for line in rest):
        for line in lines[first:]:
            line.drop = line.drop or ("navigation" if is_chrome(line.text) else "duplicate")
    elif _RELATED.match(lines[first].text.strip()) and not any(ends_sentence(line.text) for line in rest):
        for line in lines[first:]:
            line.drop = line.drop or "navigation"
