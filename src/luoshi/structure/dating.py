"""The dates of a document: when it was adopted or issued or took place, from when to when it is in force."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luoshi.structure.head import Head
from luoshi.structure.lines import Line
from luoshi.structure.shape import role
from luoshi.structure.when import Found, find, parse

NEWS = ("speech-report", "meeting")
_EVENT = re.compile(
    r"召开|举行|主持|出席|进行|考察|调研|会见|开幕|闭幕|视察|审议|发表|强调|作出|致信|来到|赴"
)
_RANKS = (
    ("公布", 5),
    ("发布", 5),
    ("修正", 4),
    ("修订", 4),
    ("批准", 4),
    ("通过", 3),
    ("印发", 5),
    ("制定", 3),
)
_EFFECTIVE = re.compile(
    r"(?:本[\u4e00-\u9fff]{1,8}|公布|发布|印发|^)[^。；]{0,24}?"
    r"自\s*(?P<when>[^，。；]{4,16}?)\s*起\s*(?:正式)?(?:施行|实施|执行|生效|试行)"
)
_WIRE = re.compile(r"(?:新华社|中新社|本报|人民网|央视网)[^。，]{0,24}?\d{1,2}\s*月\s*\d{1,2}\s*日\s*[电讯]")
_IN_FORCE = re.compile(r"施行|实施|有效期|执行|生效|试行")
_AT_ONCE = re.compile(r"自(?:发布|公布|印发|颁布)之日起(?:施行|实施|执行|生效|试行)")
_EXPIRES = re.compile(
    r"有效期(?:限)?(?:为|：|:)?\s*(?:至|到|截至)\s*(?P<when>[^，。；）)]{6,16})"
    r"|(?:施行|实施|执行)(?:至|到)\s*(?P<until>[^，。；）)]{6,16})"
)
_YEARS = re.compile(
    r"(?:本[\u4e00-\u9fff]{1,10}|自[^。]{2,24}起(?:正式)?(?:施行|实施|执行|试行|生效))[^。]{0,30}?有效期(?:限)?(?:为)?\s*(?P<n>[一二三四五六七八九十\d]{1,2})\s*年"
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")}


@dataclass(frozen=True, slots=True)
class Dates:
    """ISO dates, each ``None`` where unknown; ``basis`` says where ``date`` comes from."""

    date: str | None = None
    basis: str | None = None
    published: str | None = None
    effective: str | None = None
    expires: str | None = None


def _last(found: Sequence[Found]) -> str | None:
    full = [f for f in found if f.year and f.day]
    return full[-1].iso() if full else None


def _adopted(notes: Sequence[str]) -> str | None:
    """The date of the act that made the text what it is: the last amendment, else promulgation, else vote."""
    ranked: list[tuple[bool, int, str]] = []
    for note in notes:
        found = [f for f in find(note) if f.year and f.day]
        for f, after in zip(found, [*found[1:], None], strict=True):
            words = note[f.end : after.start if after else len(note)]
            if re.search(r"施行|实施|生效", words) and not re.search(r"通过|公布|批准|修正|修订|发布", words):
                continue
            rank = max((r for w, r in _RANKS if w in words), default=1)
            iso = f.iso()
            if iso:
                ranked.append((rank == 4, rank, iso))
    if not ranked:
        return None
    amended = [r for r in ranked if r[0]]
    if amended:
        latest = max(r[2] for r in amended)
        return max([latest, *(r[2] for r in ranked if r[1] == 5 and r[2] >= latest)])
    top = max(r[1] for r in ranked)
    return max(r[2] for r in ranked if r[1] == top)


def event_day(opening: str, dateline: str = "") -> Found | None:
    """Day of the event that a report tells of, its year perhaps missing, its month taken from the dateline.

    :param opening: the first paragraphs of the report, dateline included.
    """
    line = next((f for f in find(dateline or opening[:40]) if f.month and f.day), None)
    for found in find(opening[:400]):
        if found.day is None or (
            line is not None and found.start == line.start and re.match(r"[^。]{0,4}电", opening[found.end :])
        ):
            continue
        behind = re.split(r"[。；]", opening[found.end :])[0]
        if not _EVENT.search(behind[:60]):
            continue
        if found.month is None:
            if line is None or line.month is None or line.day is None:
                continue
            month = line.month if found.day <= line.day else (line.month - 2) % 12 + 1
            year = line.year if month <= line.month or line.year is None else line.year - 1
            return Found(found.start, found.end, year, month, found.day)
        if found.year is None and line is not None and line.year is not None:
            return Found(found.start, found.end, line.year, found.month, found.day)
        return found
    return line


def nearest_year(found: Found, near: str) -> str | None:
    """The date in the year that brings it nearest to another, of which at least the year is known."""
    if found.month is None or found.day is None:
        return None
    if len(near) == 4:
        return found.iso(int(near)) if found.year is None else None
    other = dt.date.fromisoformat(near if len(near) == 10 else f"{near}-15")
    best: tuple[int, str] | None = None
    for year in (other.year - 1, other.year, other.year + 1):
        iso = found.iso(year) if found.year is None else None
        if iso is None:
            continue
        gap = abs((dt.date.fromisoformat(iso) - other).days)
        if best is None or gap < best[0]:
            best = gap, iso
    return best[1] if best else None


def opening_of(lines: Sequence[Line]) -> str:
    """The first two paragraphs of the body, a summary in a box before it left aside."""
    body = [
        line.text
        for line in lines
        if line.kind == "body" and len(line.text) > 30 and not re.match(r"[■●◆▲◎★▪□]", line.text)
    ]
    return "\n".join(body[:2])


def _signed(lines: Sequence[Line]) -> str | None:
    """The date under the text: under the letter where another text follows it, else at the end."""
    first_part = next((i for i, line in enumerate(lines) if line.kind == "part" and i > 3), len(lines))
    for stretch in (lines[:first_part], lines[first_part:]):
        for line in reversed(stretch):
            if line.text.rstrip("）) ").endswith("印发"):
                continue  # the day on which it was printed
            if (
                line.kind == "note"
                and role(line.text) in ("date", "signed-date")
                and (iso := _last(find(line.text)))
            ):
                return iso
    return None


def dates_of(
    kind: str, head: Head, lines: Sequence[Line], metadata: Mapping[str, str], number: str | None
) -> Dates:
    """All dates of a document: from its own text first, then from metadata."""
    said = parse(metadata.get("date", ""))
    published = parse(metadata.get("published", ""))
    date: str | None = None
    basis: str | None = None
    opening = opening_of(lines)
    dateline = head.note("dateline")
    if kind in NEWS:
        found = event_day((dateline + "\n" if dateline else "") + opening, dateline)
        if found is not None:
            date, basis = found.iso(), "text"
            if date is None and (near := said or published):
                date, basis = nearest_year(found, near), "metadata"
    elif adopted := _adopted(head.notes.get("adoption", ())):
        date, basis = adopted, "text"
    elif occasion := _last(find(head.note("occasion", "date", "signed-date", "printing"))):
        date, basis = occasion, "text"
    elif kind not in ("commentary", "editorial", "signed-article", "quotes"):
        date, basis = _signed(lines), "text"
    wired = dateline or (m.group() if (m := _WIRE.match(opening)) else "")
    if date is None and wired and (found_line := next((f for f in find(wired) if f.day), None)) is not None:
        date, basis = found_line.iso(), "text"
        if date is None and (near := said or published):
            date, basis = nearest_year(found_line, near), "metadata"
    if date is None and said:
        date, basis = said, "metadata"
    if date is None and published:
        date, basis = published, "metadata"
    if number and (m := re.search(r"〔((?:19|20)\d{2})〕", number)) and (date is None or len(date) < 7):
        date, basis = date or m.group(1), basis or "text"
    effective, expires = _validity(lines, head, metadata, date)
    return Dates(date, basis if date else None, published, effective, expires)


def _validity(
    lines: Sequence[Line], head: Head, metadata: Mapping[str, str], date: str | None
) -> tuple[str | None, str | None]:
    effective = expires = None
    for note in head.notes.get("adoption", ()):
        for f in find(note):
            if f.year and f.day and re.match(r"[^\d]{0,4}(?:起)?\s*(?:施行|实施|生效)", note[f.end :]):
                effective = f.iso()
    texts = [line.text for line in lines if _IN_FORCE.search(line.text)]
    for text in [*texts[:3], *reversed(texts)]:
        if effective is None and (m := _EFFECTIVE.search(text)):
            effective = parse(m.group("when"))
        if effective is None and _AT_ONCE.search(text) and date and len(date) == 10:
            effective = date
        if expires is None and (m := _EXPIRES.search(text)):
            expires = parse(m.group("when") or m.group("until"))
        if (
            expires is None
            and (m := _YEARS.search(text))
            and (start := effective or date)
            and len(start) == 10
        ):
            expires = _after(start, m.group("n"))
    return effective or parse(metadata.get("effective", "")), expires or parse(metadata.get("expires", ""))


def _after(start: str, years: str) -> str | None:
    n = int(years) if years.isdigit() else _DIGITS.get(years, 0)
    day = dt.date.fromisoformat(start)
    try:
        return (day.replace(year=day.year + n) - dt.timedelta(days=1)).isoformat() if n else None
    except ValueError:
        return None
