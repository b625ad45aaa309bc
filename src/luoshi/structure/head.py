"""The head of a document: title, number, adoption note, dateline, author, whom it is sent to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from luoshi.model import Mapped, concat
from luoshi.structure.labels import read_label
from luoshi.structure.lines import Line, bare, ends_sentence
from luoshi.structure.shape import (
    is_addressee,
    is_chrome,
    is_org,
    is_subtitle,
    is_title_like,
    metadata_item,
    plain,
    role,
)
from luoshi.structure.split import title_run
from luoshi.structure.words import title_kind, trimmed
from luoshi.text.lexicon import words

LONGEST_HEAD = 60
_NOTES = {
    "number", "order-head", "letterhead", "secrecy", "urgency", "public", "adoption", "occasion", "dateline",
    "author", "byline", "date", "signed-date", "citation-code", "editor-note", "annex", "attachment-list",
    "copy-number", "signer", "front-marks", "number-signer", "printing", "copy-to", "abridged",
}  # fmt: skip
_FINAL = " 　\t。．.；;：:，,、*#"
_SPACED = re.compile(r"(?<!\S)(?:[\u4e00-\u9fff][\s　]){2,}[\u4e00-\u9fff](?!\S)")
_OPENS = re.compile(
    r"(?:关于|印发|转发|批转|在|的|和|与|及|、|对|为|推动|推进|于|——|—|《[^》]*|“[^”]*|（[^）]*)$"
)
_WITH_OCCASION = re.compile(
    r"(.{4,40}?)\s*[—–―-]{1,2}\s*((?:19|20)\d{2}年\d{1,2}月\d{1,2}日\s*在.{2,60}?(?:会议|大会|会)上)(.{0,30})$"
)
_TAG = re.compile(r"^(?:【[^【】]{1,6}】|[（(](?:转载|转发|转)[）)])\s*(?=\S{4})")
_SITE = re.compile(r"(?<=\S{4})\s*[-_—|]+\s*[^-_—|]{2,30}(?:网站|门户网|政府网|专栏|频道)$")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|jpe?g|png)\b[^。]{0,12}$", re.IGNORECASE)
_TITLE_GOES_ON = re.compile(r"\s*(?:关于|印发|转发|批转)")
_CONTINUES = re.compile(r"[的和与及、》”）等作暨]")


@cache
def _author_alone() -> re.Pattern[str]:
    """An office or a name on a line of its own, as the second and third lines under a speech's occasion."""
    posts = "|".join(sorted(words("luoshi.structure", "posts.tsv"), key=len, reverse=True))
    return re.compile(rf"[\u4e00-\u9fff]{{0,20}}(?:{posts})|[\u4e00-\u9fff][\u4e00-\u9fff\s　]{{1,4}}")


@dataclass(slots=True)
class Head:
    """What stands before the body. ``notes``: role → texts; ``metadata``: what metadata lines say."""

    title: str = ""
    found: bool = False
    titles: list[str] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    body: int = 0

    def note(self, *roles: str) -> str:
        """The first note of one of these roles, or an empty string."""
        return next((text for name in roles for text in self.notes.get(name, ())), "")


def joint(before: str, after: str) -> str:
    """What stands between two lines of a title: nothing inside a phrase, a space between phrases."""
    before, after = before.strip(), after.strip()
    if not before or not after:
        return ""
    if is_subtitle(after):
        return " "
    if _OPENS.search(before) or _CONTINUES.match(after):
        return ""
    whole = before + after
    if "关于" in whole and title_kind(whole) and not re.search(r"[\s　]", whole) and not title_kind(before):
        return ""
    return " " if before[-1] > "\x7f" or after[0] > "\x7f" or before[-1].isalnum() else ""


def merge_titles(lines: Sequence[Line]) -> Line:
    """One line of a title that was set on several."""
    first = lines[0]
    parts: list[Mapped] = [first.body]
    for before, line in pairwise(lines):
        parts += [Mapped.inserted(joint(before.text, line.text)), line.body]
    return Line(concat(parts), first.block, first.at, first.kind, first.speaker, first.entry)


def clean_title(text: str) -> str:
    """A title as it is cited: no markup, no final punctuation, letters set apart drawn together."""
    text = re.sub(r"^[\s#*　]+|[\s*#　]+$", "", text).replace("**", "")
    text = _SPACED.sub(lambda m: re.sub(r"[\s　]", "", m.group()), text)
    text = re.sub(r"[\s　]+", " ", text).strip(_FINAL)
    return _SITE.sub("", _TAG.sub("", text)) or text


@dataclass(slots=True)
class _Run:
    start: int
    end: int
    text: str
    score: float = 0.0


def _scan(lines: list[Line], head: Head) -> list[_Run]:
    """Classify the lines before the body; what may be titles comes back as runs."""
    runs: list[_Run] = []
    i = 0
    while i < min(len(lines), LONGEST_HEAD):
        line = lines[i]
        text = plain(line.text)
        name = role(text)
        item = metadata_item(text) if name == "metadata" or "**" in line.text[:8] else None
        if name == "metadata" or item:
            line.drop = "metadata"
            if item and item[1] and item[0] != "-":
                head.metadata.setdefault(item[0], item[1])
        elif is_chrome(text):
            line.drop = "navigation"
        elif name == "caption":
            line.drop = "caption"
        elif name in _NOTES:
            line.kind = "note"
            head.notes.setdefault("number" if name == "number-signer" else name, []).append(text)
        elif _FILE.search(text) and len(text) < 120:
            line.kind, line.entry = "note", False
        elif is_org(text) and _in_letterhead(lines, i, bool(runs)):
            line.kind = "note"
            head.notes.setdefault("letterhead", []).append(text)
        elif "occasion" in head.notes and _author_alone().fullmatch(text):
            line.kind = "note"
            head.notes.setdefault("author", []).append(text)
        elif is_title_like(line) and not (runs and is_org(text) and "addressee" in head.notes):
            end = title_run(lines, i)
            runs.append(_Run(i, end, "".join(plain(x.text) for x in lines[i:end])))
            i = end
            continue
        elif is_addressee(text) or name == "salutation":
            line.kind = "note"
            head.notes.setdefault("addressee", []).append(text)
            i += 1
            break
        elif len(text) < 60 and re.match(r"(?:新华社|本报)[^。]{0,20}电$", text):
            line.kind = "note"
            head.notes.setdefault("dateline", []).append(text)
        else:
            break
        i += 1
    head.body = i
    return runs


def _in_letterhead(lines: Sequence[Line], i: int, titled: bool) -> bool:
    """Whether a line of bodies is part of the issuing mark: beside the word 文件, or above the number where
    it stands alone at the top, as on letters."""
    below = i + 1
    if below < len(lines) and _TITLE_GOES_ON.match(lines[below].text):
        return False  # the bodies of a title set on two lines
    while below < len(lines) and is_org(lines[below].text):
        below += 1
    above = i - 1
    while above >= 0 and lines[above].kind == "note" and is_org(lines[above].text):
        above -= 1
    if above >= 0 and role(lines[above].text) == "letterhead":
        return True
    name = role(lines[below].text) if below < len(lines) else ""
    return name == "letterhead" or (name in ("number", "number-signer") and not titled)


def _weigh(runs: list[_Run], lines: Sequence[Line], known: str) -> None:
    for k, run in enumerate(runs):
        size = len(bare(run.text))
        kind = title_kind(run.text)
        run.score += 3 * bool(kind) + ("关于" in run.text) + (size >= 8) + (0.5 if k == 0 else 0)
        run.score += any(line.block.kind == "heading" for line in lines[run.start : run.end])
        if known and (bare(known) == bare(run.text) or bare(run.text).startswith(bare(trimmed(known))[:20])):
            run.score += 4
        for other in runs[:k]:
            if bare(trimmed(other.text)) in bare(run.text) and size > len(bare(other.text)):
                run.score = max(run.score, other.score + 1)
        if any(role_ == "addressee" for role_ in (role(lines[run.start].text),)):
            run.score -= 5


def _choose(runs: list[_Run], lines: Sequence[Line], known: str) -> _Run | None:
    _weigh(runs, lines, known)
    return max(runs, key=lambda r: (r.score, -r.start), default=None)


def read_head(lines: list[Line], metadata: Mapping[str, str]) -> Head:
    """Read the head; lines of one title are merged in place, other lines get their kind.

    :param metadata: the reading's metadata where the file holds one document, else empty.
    """
    head = Head()
    runs = _scan(lines, head)
    for key, value in metadata.items():
        head.metadata.setdefault(key, value)
    known = clean_title(head.metadata.get("title", ""))
    best = _choose(runs, lines, known)
    for run in reversed(runs):
        wanted = run is best or run.score >= 3 or len(bare(run.text)) >= 10
        merged = merge_titles(lines[run.start : run.end])
        merged.kind = "title"
        if not wanted and best is not None and run.start < best.start:
            merged.drop = "navigation"
        elif not wanted or (
            best is not None and run.start > best.start and not title_kind(run.text) and run.score < 4
        ):
            merged.kind = "heading" if len(bare(run.text)) > 6 else "body"
        lines[run.start : run.end] = [merged]
        head.body -= run.end - run.start - 1
        if merged.kind == "title" and not merged.drop:
            head.titles.insert(0, clean_title(merged.text))
        if run is best:
            head.title, head.found = clean_title(merged.text), True
    if m := _WITH_OCCASION.match(head.title):
        head.title = clean_title(m.group(1))
        head.notes.setdefault("occasion", []).append(m.group(2))
        if m.group(3).strip():
            head.notes.setdefault("author", []).append(m.group(3).strip())
    _settle_title(head, known, lines)
    return head


def _settle_title(head: Head, known: str, lines: Sequence[Line]) -> None:
    """Take the metadata's title where the text has none, or spells the same one worse."""
    if not known:
        if not head.title:
            first = next((line for line in lines if not line.drop and line.kind == "body"), None)
            if first is not None and not ends_sentence(first.text) and read_label(first.text) is None:
                head.title = clean_title(first.text)[:80]
        return
    if (
        not head.title
        or bare(known) == bare(head.title)
        or (bare(head.title) in bare(known) and not title_kind(head.title) and title_kind(known))
    ):
        head.title = known
