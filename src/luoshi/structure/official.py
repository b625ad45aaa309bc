"""The elements of an official document by GB/T 9704, found by where they stand and by their forms.

Head: copy number, secrecy and its term, urgency, issuing mark, number, signer. Body: title, addressees, body,
list of attachments, signature, date, seal, notes. Foot: copy-to, printing body and date. What an annex or a
forwarded text bears of its own is not looked at; the foot is looked for behind them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from luoshi.model.records import ElementName
from luoshi.structure import identity, secrecy
from luoshi.structure.head import Head, clean_title
from luoshi.structure.lines import Line, bare
from luoshi.structure.shape import is_addressee, is_org, plain, role
from luoshi.structure.when import find as find_dates

NO_OFFICIAL = {"meeting", "speech-report", "commentary", "editorial", "signed-article", "quotes"}
_SHOWS = {
    "mark",
    "number",
    "addressees",
    "copy-to",
    "printing-body",
    "signer",
    "urgency",
    "secrecy",
    "signature",
}
"""Elements of which one shows that the text is set as an official document."""

_FOOT = 24
"""Lines at the end of the file among which the foot is looked for."""
_DIGITS = re.compile(r"\d{4,8}")
_URGENT = re.compile(r"特\s*急|加\s*急|特\s*提|平\s*急")
_SIGNER = re.compile(r"签\s*发\s*人\s*[：:]\s*(?P<names>.+)$")
_MARK = re.compile(r"(?P<org>.*?)[\s　]*文[\s　]*件(?P<rest>.*)$")
_LABEL = re.compile(r"^[\u4e00-\u9fff\s　]{1,8}[：:]\s*")
_ORDINAL = (
    r"(?:\d{1,2}(?!\d|年|月|个|项)[\s　]*[.．、：:]?"
    r"|[一二三四五六七八九十]{1,2}[\s　]*[、：:]|[（(]\d{1,2}[）)])"
)
_ATTACHED = re.compile(rf"附[\s　]*(?:件|表|录)?[\s　]*(?:{_ORDINAL}|[：:])[\s　]*")
_ITEM = re.compile(rf"{_ORDINAL}[\s　]*(?=\D)")
_SEAL = re.compile(r"[（(](?:[^（()）]{0,12}?)?(?:印章|公章|盖章|签章|章)[）)]")
_NOTE = re.compile(r"[（(〔].{2,200}[）)〕]")


@dataclass(frozen=True, slots=True)
class Found:
    """An element from character ``start`` of line ``first`` to ``end`` (exclusive) of line ``last``."""

    element: ElementName
    first: int
    start: int
    last: int
    end: int
    value: str


def _in(i: int, name: ElementName, start: int, end: int, value: str) -> Found:
    return Found(name, i, start, i, end, value)


def _whole(lines: Sequence[Line], i: int, name: ElementName, value: str) -> Found:
    text = lines[i].text
    start = len(text) - len(text.lstrip())
    return _in(i, name, start, len(text.rstrip()), value)


def find(lines: Sequence[Line], head: Head, kind: str, number: str | None) -> list[Found]:
    """The elements of a document, in the order of their places; none where it is not set as one."""
    if kind in NO_OFFICIAL or not lines:
        return []
    title = _title(lines, head)
    letter = next((i for i, line in enumerate(lines) if line.kind == "part" and i > title), len(lines))
    begin = _begin_of_body(lines, title, letter)
    out = list(_front(lines, begin, number))
    if (to := _addressees(lines, title, begin, letter)) is not None:
        out.append(to)
        begin = max(begin, to.last + 1)
    closing, end = _closing(lines, begin, letter)
    out += closing
    foot = list(_foot(lines, end if closing else max(begin, len(lines) - _FOOT)))
    if closing or any(f.element == "printing-date" for f in foot):
        out += foot
    shown = {f.element for f in out}
    if not shown & _SHOWS and not {"date", "attachment"} <= shown:
        return []
    if title >= 0:
        out.append(_whole(lines, title, "title", clean_title(lines[title].text)))
    out += _body(lines, begin, out, letter)
    return sorted(out, key=lambda f: (f.first, f.start, -f.last))


def _title(lines: Sequence[Line], head: Head) -> int:
    """The line of the title, -1 where the text bears none."""
    titles = [i for i, line in enumerate(lines) if line.kind == "title"]
    same = [i for i in titles if bare(clean_title(lines[i].text)) == bare(head.title)]
    return (same or titles or [-1])[0]


def _begin_of_body(lines: Sequence[Line], title: int, letter: int) -> int:
    """The first line below the head and the title that is running text or a heading."""
    i = title + 1
    while i < letter and lines[i].kind in ("note", "title"):
        i += 1
    return i


def _front(lines: Sequence[Line], begin: int, number: str | None) -> Iterator[Found]:
    """What stands above the body: marks, issuing mark, number, signer."""
    for i, line in enumerate(lines[:begin]):
        if line.kind != "note":
            continue
        text = line.text
        name = role(text)
        if (mark := secrecy.mark_in(text, front=True)) is not None:
            yield from _secrecy(i, mark)
        if name in ("copy-number", "front-marks") and (m := _DIGITS.search(text)):
            yield _in(i, "copy-number", m.start(), m.end(), m.group())
        if name in ("urgency", "front-marks") and (m := _URGENT.search(text)):
            yield _in(i, "urgency", m.start(), m.end(), "".join(m.group().split()))
        if name in ("number", "number-signer", "order-head"):
            yield from _number(i, text, number)
        if name in ("signer", "number-signer") and (m := _SIGNER.search(text)):
            yield _in(i, "signer", m.start("names"), len(text.rstrip()), _names(m.group("names")))
        if name == "letterhead" or (name == "order-head" and "年" not in text):
            m = _MARK.match(text)
            value = "".join(f"{m.group('org')} {m.group('rest')}".split()) if m else plain(text)
            if value:
                yield _whole(lines, i, "mark", value)
        elif not name and is_org(text) and _above_number(lines, i, begin):
            yield _whole(lines, i, "mark", "".join(text.split()))


def _secrecy(i: int, mark: secrecy.Mark) -> Iterator[Found]:
    yield _in(i, "secrecy", mark.start, mark.end, mark.level)
    if mark.term:
        start = mark.end - len(mark.term)
        yield _in(i, "secrecy-term", start, mark.end, mark.term)


def _number(i: int, text: str, own: str | None) -> Iterator[Found]:
    if m := identity.NUMBER.search(text):
        yield _in(i, "number", m.start(), m.end(), identity.number_in(text) or "")
    elif m := re.search(
        r"(?:(?:19|20)\d{2}年)?[\s　]*第?[\s　]*[\d一二三四五六七八九十百零〇]+[\s　]*[号期]", text
    ):
        start = m.start() + len(m.group()) - len(m.group().lstrip())
        yield _in(i, "number", start, m.end(), own or "".join(m.group().split()))


def _names(text: str) -> str:
    """Names apart by a comma; a name of two characters set apart (张　三) is one."""
    text = re.sub(
        r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[\s　]{1,3}([\u4e00-\u9fff])(?![\u4e00-\u9fff])", r"\1\2", text
    )
    return "、".join(p for p in re.split(r"[\s　、，,]+", text.strip()) if p)


def _above_number(lines: Sequence[Line], i: int, begin: int) -> bool:
    near = {role(line.text) for line in lines[max(0, i - 3) : min(begin, i + 4)]}
    return bool(near & {"letterhead", "number", "number-signer"})


def _addressees(lines: Sequence[Line], title: int, begin: int, letter: int) -> Found | None:
    """Whom the letter is sent to: the first line below title, number and notes that ends with a colon."""
    for i in range(title + 1, min(begin + 1, letter)):
        text = lines[i].text
        if is_addressee(text) and role(text) != "salutation":
            return _whole(lines, i, "addressees", plain(text).rstrip("：: "))
    return None


def _closing(lines: Sequence[Line], begin: int, letter: int) -> tuple[list[Found], int]:
    """Attachments, signature, date, seal and notes of the letter, and the line behind them."""
    dated = [
        i
        for i in range(begin, letter)
        if lines[i].kind == "note" and role(lines[i].text) in ("date", "signed-date")
    ]
    out: list[Found] = []
    last = dated[-1] if dated else letter
    first = last
    if dated:
        out += _date(lines, last)
        first = last
        while first > begin and lines[first - 1].kind == "note" and _signs(lines[first - 1].text):
            first -= 1
        for i in range(first, last):
            out += _signature(i, lines[i].text)
    for i in range(begin, letter):
        if lines[i].kind == "note" and (i < first or i > last):
            out += _attachments(lines, i, begin)
    for i in range(last + 1, letter):
        text = plain(lines[i].text)
        if role(text) in ("public", "contact", "abridged") or (
            dated and i <= last + 4 and _NOTE.fullmatch(text)
        ):
            lines[i].kind, lines[i].entry = "note", False
            out.append(_whole(lines, i, "note", text.strip("（()）〔〕 　")))
    return out, last + 1 if dated else begin


def _signs(text: str) -> bool:
    return is_org(text) or role(text) in ("author", "signatory") or bool(_SEAL.fullmatch(plain(text)))


def _date(lines: Sequence[Line], i: int) -> Iterator[Found]:
    text = lines[i].text
    found = [f for f in find_dates(text) if f.year]
    if not found:
        return
    f = found[-1]
    before = text[: f.start]
    if (lead := before.strip(" 　（(")) and not _SEAL.fullmatch(lead):
        yield from _signature(i, before)
    yield _in(i, "date", f.start, f.end, f.iso() or "")
    if m := _SEAL.search(text, f.end):
        yield _in(i, "seal", m.start(), m.end(), m.group().strip("（()）"))


def _signature(i: int, text: str) -> Iterator[Found]:
    """The bodies (or the office and name) that sign, each by itself."""
    seal = _SEAL.search(text)
    stop = seal.start() if seal else len(text)
    if seal:
        yield _in(i, "seal", seal.start(), seal.end(), seal.group().strip("（()）"))
    line = text[:stop]
    if not line.strip(" 　（("):
        return
    pieces = list(re.finditer(r"[^\s　、（()）]+", line))
    if len(pieces) > 1 and all(is_org(p.group()) and len(p.group()) > 2 for p in pieces):
        for p in pieces:
            yield _in(i, "signature", p.start(), p.end(), p.group())
        return
    start = len(line) - len(line.lstrip(" 　（("))
    value = line.strip(" 　（(")
    yield _in(i, "signature", start, start + len(value), "".join(value.split()) if is_org(value) else value)


def _attachments(lines: Sequence[Line], i: int, begin: int) -> Iterator[Found]:
    """The titles of a list of attachments, each by itself."""
    text = lines[i].text
    above = i > begin and lines[i - 1].kind == "note" and bool(_ATTACHED.match(_first_of_list(lines, i)))
    m = _ATTACHED.match(text.lstrip())
    if m is None and not (above and (_ITEM.match(text.lstrip()) or len(text) < 80)):
        return
    if is_org(text) or role(text) in (
        "date",
        "signed-date",
        "public",
        "abridged",
        "copy-to",
        "printing",
        "contact",
    ):
        return
    at = len(text) - len(text.lstrip()) + (m.end() if m else 0)
    for start, end in _items(text, at):
        if value := text[start:end].strip(" 　。；;，,"):
            begin_ = start + len(text[start:end]) - len(text[start:end].lstrip())
            yield _in(i, "attachment", begin_, begin_ + len(value), value)


def _first_of_list(lines: Sequence[Line], i: int) -> str:
    """The line of notes above with which a list begins that reaches down to the line."""
    k = i
    while k and lines[k - 1].kind == "note" and not _ATTACHED.match(lines[k].text.lstrip()):
        k -= 1
    return lines[k].text.lstrip()


def _items(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Spans of the titles in a line that may hold several (1.… 2.…), their ordinals left out."""
    starts = [at]
    number = 1
    if first := _ITEM.match(text, at):
        starts = [first.end()]
        ends = []
        while m := re.compile(rf"[\s　；;，,、](?:{number + 1}|（{number + 1}）)[\s　]*[.．、]").search(
            text, starts[-1]
        ):
            ends.append(m.start())
            starts.append(m.end())
            number += 1
        yield from zip(starts, [*ends, len(text)], strict=True)
        return
    if m := _ITEM.match(text, at):
        starts = [m.end()]
    yield starts[0], len(text)


def _foot(lines: Sequence[Line], begin: int) -> Iterator[Found]:
    """Whom copies go to, and who printed the document when."""
    for i in range(begin, len(lines)):
        text = lines[i].text
        name = role(text)
        if name == "copy-to" and (m := _LABEL.match(text)):
            lines[i].kind, lines[i].entry = "note", False
            value = text[m.end() :].strip(" 　。")
            yield _in(i, "copy-to", m.end(), m.end() + len(text[m.end() :].rstrip()), value)
        elif name == "printing":
            lines[i].kind, lines[i].entry = "note", False
            yield from _printing(i, text)


def _printing(i: int, text: str) -> Iterator[Found]:
    found = [f for f in find_dates(text) if f.year]
    if not found:
        return
    body = text[: found[0].start].rstrip()
    if body.strip():
        start = len(body) - len(body.lstrip())
        yield _in(i, "printing-body", start, len(body), "".join(body.split()))
    yield _in(i, "printing-date", found[0].start, found[0].end, found[0].iso() or "")


def _body(lines: Sequence[Line], begin: int, found: Sequence[Found], letter: int) -> Iterator[Found]:
    """From the first line of running text to the last before the attachments or the signature."""
    below = {"attachment", "signature", "date", "seal", "copy-to", "printing-body", "printing-date", "note"}
    end = min([f.first for f in found if f.element in below and f.first >= begin], default=letter)
    while end > begin and lines[end - 1].kind == "note":
        end -= 1
    if end > begin:
        yield Found("body", begin, 0, end - 1, len(lines[end - 1].text), "")
