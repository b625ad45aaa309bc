"""A compilation taken apart: where does another document begin?

Every run of title-like lines is a candidate. What stands before and behind it and in it is weighed; what
shows that the document before goes on (its numbers run on, it forwards the text so named, the line is an
annex's title, hardly any text follows) weighs against it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from luoshi.structure.labels import read_label
from luoshi.structure.lines import Line, bare, ends_sentence
from luoshi.structure.shape import is_addressee, is_org, is_subtitle, is_title_like, plain, role
from luoshi.structure.when import find
from luoshi.structure.words import title_kind

STRONG = 3.5
WEAK = 2.9
"""A weak candidate counts where the file holds strong ones: the file is a compilation."""
LEAST_BODY = 50
"""Characters of body below which a title begins no document."""
LITTLE_BODY = 150
"""Characters of body below which it hardly does."""
LONGEST_BLOCK = 6

_NEWS = re.compile(r"召开|举行|主持|强调|会见|考察|出席|开幕|闭幕|座谈会|会议|视察|调研")
_LEAD = re.compile(
    r"(?:新华社|本报|中新社|人民网|央视网|记者)[^。]{0,30}(?:\d{1,2}\s*月\s*\d{1,2}\s*日)?[^。]{0,10}(?:电|讯|报道)"
)
_SERIES = re.compile(r"[一二三四五六七八九十]+(?:论|评|谈|议)|之[一二三四五六七八九十]+|系列")
_FORWARDS = re.compile(
    r"印发|转发|批转|下发|附件|(?:现|特此|予以)[予将]?[\u4e00-\u9fff]{0,12}(?:公布|发布)|现将|现公布|现发布|公布，自"
)
_ROWS = 400
"""Labels before and behind a title among which a row that runs on is looked for."""
_FRONT = {"secrecy", "urgency", "copy-number", "front-marks", "signer"}
_NUMBERED = {"number", "letterhead", "order-head", "number-signer"}


@dataclass(slots=True)
class Candidate:
    """Lines ``start`` to ``end`` that may be the title of another document, and what speaks for it."""

    start: int
    end: int
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)

    def add(self, weight: float, reason: str) -> None:
        """Count one more piece of evidence."""
        self.score += weight
        self.reasons.append(f"{reason} {weight:+.1f}")


def title_run(lines: Sequence[Line], start: int) -> int:
    """End (exclusive) of the title-like lines that begin at ``start``, subtitles among them."""
    end = start
    while end < len(lines) and end - start < LONGEST_BLOCK:
        line = lines[end]
        if not (is_title_like(line) or (end > start and is_subtitle(line.text) and not role(line.text))):
            break
        if end > start and ("page-break" in line.block.marks or _other_title(lines, start, end)):
            break
        if (
            end > start
            and is_title_like(line)
            and "indent" in line.block.marks
            and line.block.align != "center"
        ):
            before = lines[end - 1].block
            if "indent" not in before.marks:
                break
        end += 1
    return end


def _is_complete(title: str) -> bool:
    """Whether a formal title has come to its end: 某某关于…的意见, 关于印发…的通知."""
    outside = re.sub(r"《[^》]*》?", "", title)
    if "关于" not in outside or title.count("《") != title.count("》"):
        return False
    if title_kind(title) in ("", "meeting", "speech-report", "quotes", "commentary"):
        return False
    return not re.search(r"印发|转发|批转", title) or bool(re.search(r"(?:通知|通告|公告|决定)$", title))


def _other_title(lines: Sequence[Line], start: int, at: int) -> bool:
    """Whether the line repeats the title above it or is set otherwise: it is no line of that title."""
    line, above = lines[at], lines[at - 1]
    if (line.block.kind == "heading") != (above.block.kind == "heading") and not is_subtitle(line.text):
        return True
    so_far = "".join(plain(x.text) for x in lines[start:at])
    if title_kind(so_far) and is_org(line.text):
        return True
    if (
        _is_complete(so_far)
        and not is_subtitle(line.text)
        and not re.match(r"[的和与及（(]", plain(line.text))
    ):
        return True
    before = bare(so_far)
    mine = bare(line.text)
    return mine == before or (len(mine) >= 6 and (mine in before or before in mine))


def _candidates(lines: Sequence[Line]) -> list[Candidate]:
    out: list[Candidate] = []
    i = 0
    while i < len(lines):
        if is_title_like(lines[i]):
            end = title_run(lines, i)
            if end > i:
                out.append(Candidate(i, end))
                i = end
                continue
        i += 1
    return out


def _before(c: Candidate, lines: Sequence[Line]) -> None:
    if c.start == 0:
        c.add(2.0, "first line")
        return
    line = lines[c.start - 1]
    name = role(line.text)
    if name in ("editor-note", "copy-to", "printing"):
        c.add(2.0, "note closes the text before")
    elif name in ("date", "signed-date", "caption", "public", "abridged", "toc") or ends_sentence(line.text):
        c.add(1.0, "sentence ended before")
    elif lines[c.start].block.kind != "heading" and name not in _NUMBERED:
        c.add(-3.0, "no sentence ended before")
    if name in _NUMBERED:
        c.add(1.0, "number stands before")


def _inside(c: Candidate, lines: Sequence[Line]) -> None:
    first = lines[c.start].block
    text = "".join(plain(line.text) for line in lines[c.start : c.end])
    if "page-break" in first.marks:
        c.add(1.5, "top of a page")
    if first.align == "center":
        c.add(1.0, "centred")
    if first.kind == "heading" and first.level <= 2:
        c.add(1.5, "heading of the format")
    if c.end - c.start > 1 and any(is_subtitle(line.text) for line in lines[c.start + 1 : c.end]):
        series = any(
            _SERIES.search(line.text) for line in lines[c.start + 1 : c.end] if is_subtitle(line.text)
        )
        c.add(3.0 if series else 1.5, "subtitle")
    kind = title_kind(text)
    if kind and len(bare(text)) >= 8 and (kind not in ("measures", "plan", "other") or "关于" in text):
        c.add(1.5, f"title of a {kind}")
    elif _NEWS.search(text) and len(bare(text)) >= 10:
        c.add(1.5, "headline")
    if len(bare(text)) < 6:
        c.add(-1.5, "very short")
    if re.search(r"\S[ 　]\S", text.strip()) and not kind and len(bare(text)) >= 12:
        c.add(0.5, "two-part headline")


def _behind(c: Candidate, lines: Sequence[Line]) -> None:
    if c.end >= len(lines):
        c.add(-6.0, "nothing follows")
        return
    weights = {"adoption": 3.0, "author": 3.0, "byline": 2.5, "occasion": 3.0, "dateline": 3.0, "number": 2.0,
               "salutation": 1.0}  # fmt: skip
    for line in lines[c.end : c.end + 3]:
        text = plain(line.text)
        name = role(text)
        if name in weights:
            c.add(weights[name], name)
            break
        if is_addressee(text):
            c.add(1.5, "addressee")
            break
        if _LEAD.match(text):
            c.add(3.0, "dateline")
            break
        if len(text) > 40:
            break
    body = lines[c.end]
    if "gap" in body.block.marks or body.block.align != lines[c.start].block.align:
        c.add(0.5, "set apart from the body")
    opening = body.text[:80]
    if _NEWS.search(opening) and any(f.day for f in find(opening)):
        c.add(1.0, "body opens with a dated event")


class _Survey:
    """What is asked of every line again and again: numbered labels, and running text up to a line."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.labels: list[tuple[int, str, int, str]] = []
        self.text = [0]
        for i, line in enumerate(lines):
            self.text.append(self.text[-1] + (len(bare(line.text)) if ends_sentence(line.text) else 0))
            label = read_label(line.text)
            if label is not None and label.number is not None and label.scheme.strong:
                self.labels.append((i, label.scheme.name, label.number, label.text))
        self.places = [row[0] for row in self.labels]

    def body(self, start: int, stop: int) -> int:
        """Characters of running text between two lines."""
        return self.text[stop] - self.text[start]

    def runs_on(self, c: Candidate) -> str:
        """The label behind the title that goes on with a row from before it, or an empty string."""
        before = self.labels[
            max(0, bisect_left(self.places, c.start) - _ROWS) : bisect_left(self.places, c.start)
        ]
        open_rows = {name: number for _, name, number, _ in before}
        at = bisect_left(self.places, c.end)
        for _, name, number, text in self.labels[at : at + _ROWS]:
            if name in open_rows:
                return text if number == open_rows[name] + 1 and number > 1 else ""
        return ""


@lru_cache(maxsize=512)
def _names_forwarded(text: str) -> tuple[str, ...]:
    if not _FORWARDS.search(text):
        return ()
    out = [bare(m) for m in re.findall(r"《((?:[^《》]|《[^《》]*》)+)》", text)]
    out += [bare(m) for m in re.findall(r"(?:附件\s*\d*\s*[：:]|^\s*\d+[.．、])\s*([^。；]{6,80})", text)]
    if m := re.search(r"(?:印发|转发|批转)(.{6,60}?)的?通知", text):
        out.append(bare(m.group(1)))
    return tuple(name for name in out if len(name) >= 4)


def _announced(lines: Sequence[Line], start: int) -> list[str]:
    """Names of texts that the lines before forward: 印发《…》, 附件：…, 现公布《…》."""
    near = range(max(0, start - 60), start)
    return [name for i in [*range(min(15, near.start)), *near] for name in _names_forwarded(lines[i].text)]


def is_attached(lines: Sequence[Line], c: Candidate) -> bool:
    """Whether the candidate is the title of a text that the document before it prints or forwards."""
    for line in lines[max(0, c.start - 3) : c.start]:
        label = read_label(plain(line.text))
        if role(line.text) == "annex" or (
            label and label.scheme.name == "annex" and len(plain(line.text)) < 12
        ):
            return True
    return is_announced(lines, c)


def is_announced(lines: Sequence[Line], c: Candidate) -> bool:
    """Whether lines before name the candidate's title as that of a text which they forward."""
    title = bare("".join(line.text for line in lines[c.start : c.end]))
    title = re.sub(r"[（(][^（()）]*[）)]$", "", title)
    if len(title) < 4:
        return False
    for name in _announced(lines, c.start):
        short, long = sorted((name, title), key=len)
        if short in long and len(short) >= 0.6 * len(long):
            return True
    return False


def candidates(lines: Sequence[Line]) -> list[Candidate]:
    """All candidates with their weights, in order."""
    found = _candidates(lines)
    survey = _Survey(lines)
    reach = _reaches(found, lines)
    highest = 9
    for c, stop in zip(found, reach, strict=True):
        block = lines[c.start].block
        _before(c, lines)
        _inside(c, lines)
        _behind(c, lines)
        if block.kind == "heading":
            if highest < block.level <= 2:
                c.add(-2.0, "below a higher heading")
            highest = min(highest, block.level)
        if c.start:
            if goes_on := survey.runs_on(c):
                c.add(-5.0, f"{goes_on} runs on from before")
            if is_attached(lines, c):
                c.add(-8.0, "text that the document before forwards")
        size = survey.body(c.end, stop)
        if size < LITTLE_BODY:
            c.add(-1.0 if size >= LEAST_BODY else -6.0, "hardly any text follows")
    return found


def _reaches(found: Sequence[Candidate], lines: Sequence[Line]) -> list[int]:
    """Where the text of each candidate may reach: the next candidate with a page or a heading of its own."""
    out: list[int] = []
    stop = len(lines)
    for c in reversed(found):
        out.append(stop)
        block = lines[c.start].block
        if "page-break" in block.marks or (block.kind == "heading" and block.level <= 2):
            stop = c.start
    return out[::-1]


def boundaries(lines: Sequence[Line]) -> list[int]:
    """Lines at which another document begins; the first document's 0 is not among them."""
    found = candidates(lines)
    strong = [c for c in found if c.score >= STRONG]
    first = _first_body(lines)
    starts = [c.start for c in strong if c.start > first]
    if len(strong) > 2 and starts:
        # where every document of a compilation begins on a page of its own, the top of a page says more
        paged = all("page-break" in lines[c.start].block.marks for c in strong if c.start)
        for c in found:
            bonus = 0.5 if paged and "page-break" in lines[c.start].block.marks else 0.0
            if c.score + bonus >= WEAK and c.score < STRONG and c.start > first:
                starts.append(c.start)
    return sorted(set(_with_number_heads(lines, starts)))


def _first_body(lines: Sequence[Line]) -> int:
    """The line with which the first document has text enough to be one."""
    size = 0
    for i, line in enumerate(lines):
        size += len(bare(line.text)) if ends_sentence(line.text) else 0
        if size >= LEAST_BODY:
            return i
    return len(lines)


def _with_number_heads(lines: Sequence[Line], starts: Sequence[int]) -> list[int]:
    """A letterhead or number above a title belongs to its document."""
    out = []
    for start in starts:
        while start and role(lines[start - 1].text) in _NUMBERED | _FRONT:
            start -= 1
        out.append(start)
    return out
