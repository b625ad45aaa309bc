"""What a label stands for, where a text spells it out.

Explicit: a list right before or after the label (A、B、C“三改联动”; “六地”，即：A、B …), a bracket, the
sentences that follow it. Implicit: a list elsewhere with as many members of the same head, the names of the
section that a heading with the label opens. The number must fit exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from luoshi.extract import places
from luoshi.extract.names import heads, known, labels, lists
from luoshi.extract.names.labels import Label
from luoshi.extract.names.spans import Span
from luoshi.text.lexicon import words


@dataclass(frozen=True, slots=True)
class Members:
    """Members of a label with the span of the text that gives them; ``kind`` explicit or implicit."""

    start: int
    end: int
    items: tuple[str, ...]
    kind: str


_AFTER = re.compile(
    r"”?(?P<noun>(?:的)?[\u4e00-\u9fff]{0,10}?)(?:，|：|,)?(?:即|就是|包括|分别是|分别为|也就是|是指|指的是|指(?![导标数挥定向引]))[：:]?"
    r"|”?(?P<noun2>[\u4e00-\u9fff]{0,6})[：:]|”?（(?:即|指|包括)?[：:]?"
)
_QUOTED_LIST = re.compile(r"“([^“”]{4,40})”的$")


def explicit(text: str, label: Label) -> Members | None:
    """Members given right beside the label."""
    found = labels.parts(label.term)
    opening = label.start - 1 if label.quoted and text[label.start - 1 : label.start] in '“"' else label.start
    if m := _QUOTED_LIST.search(text, max(0, opening - 44), opening):
        items = tuple(m[1].split("、"))
        if len(items) > 1 and (not found or len(items) == labels.count(label.term)):
            return Members(m.start(1), label.end, items, "explicit")
    number = labels.count(label.term)
    if not number or number < 2:
        return None
    if hit := _after(text, label, number):
        return hit
    if focus := _as_focus(text, opening, label, number):
        return focus
    if len(found) == 1 and (got := lists.before(text, opening, number)):
        return Members(got[0], label.end, got[1], "explicit")
    return _following(text, label, number)


def _after(text: str, label: Label, number: int) -> Members | None:
    m = _AFTER.match(text, label.end)
    if m is None:
        return None
    got = lists.after(text, m.end(), number)
    return Members(label.start, got[0], got[1], "explicit") if got else None


_FOCUS = re.compile(r"以([^，。；“”]{2,80}?)为(?:重点|主要内容|核心|代表|支撑|主体|标志)的$")


def _as_focus(text: str, opening: int, label: Label, number: int) -> Members | None:
    start = max(text.rfind(c, 0, opening) for c in "，。；！？\n") + 1
    m = _FOCUS.search(text, start, opening)
    if m is None:
        return None
    for pattern in ("、", "、|和|与|及"):
        items = re.split(pattern, m[1])
        if len(items) == number:
            return Members(m.start(1), label.end, tuple(items), "explicit")
    return None


_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_LEAD = re.compile(r"^(?:要|必须|坚持)?(?:全力|坚决|着力|大力|加快|深入|切实|扎实|持续|积极)*")


def _following(text: str, label: Label, number: int) -> Members | None:
    """Members that head the sentences after the one with the label."""
    end = re.compile(r"[^。！？：\n]*[。！？：]").match(text, label.end)
    if end is None:
        return None
    if not re.match(r"”?[^，。；：]{0,8}(?:，[^，]{0,40})?[。：]", text[label.end :]):
        return None
    line_end = text.find("\n", end.end())
    rest = text[end.end() : line_end if line_end >= 0 else len(text)]
    sentences = [(m.start() + end.end(), m.group()) for m in _SENTENCE.finditer(rest)]
    if len(sentences) < number:
        return None
    return _same_verb(text, label, sentences, number) or _semicolons(text, label, sentences, number)


def _same_verb(text: str, label: Label, sentences: list[tuple[int, str]], number: int) -> Members | None:
    """全力打好三大战役。要全力打好A，…。要全力打好B，…。"""
    clause = text[max(text.rfind(c, 0, label.start) for c in "，。；！？\n") + 1 : label.start].rstrip("“")
    verb = re.sub(r"^.*?(?=[\u4e00-\u9fff]{2}$)", "", clause)
    if len(verb) != 2 or not re.match(r"”?[^，。；：]{0,6}[。：]", text[label.end :]):
        return None
    items: list[str] = []
    for at, sentence in sentences:
        body = _LEAD.sub("", sentence)
        if not body.startswith(verb) or len(items) > number:
            break
        items.append(re.split("[，。；！？]", body[len(verb) :])[0])
        last = at + sentence.find(items[-1]) + len(items[-1])
    if len(items) != number:
        return None
    return Members(label.start, last, tuple(items), "explicit")


def _semicolons(text: str, label: Label, sentences: list[tuple[int, str]], number: int) -> Members | None:
    """抓了5件大事。A，…；B，…；C，…。 exactly as many sentences, all but the last ended by a semicolon."""
    if (
        label.quoted
        or not label.term.endswith(_DEEDS)
        or not re.match(r"[^，。]{0,4}(?:，[^，]{0,30})?[。：]", text[label.end :])
    ):
        return None
    block = sentences[:number]
    if any(not s.endswith("；") for _, s in block[:-1]) or block[-1][1].endswith("；"):
        return None
    clauses = [re.split("，", s.rstrip("；。！？")) for _, s in block]
    pick = -1 if _states_results(label, clauses) else 0
    items = tuple(lists.unnumbered(c[pick]) for c in clauses)
    return Members(label.start, block[-1][0] + len(block[-1][1]), items, "explicit")


_DEEDS = ("大事", "实事", "工作", "任务", "举措", "措施", "要求", "突破", "行动", "方面")


def _states_results(label: Label, clauses: list[list[str]]) -> bool:
    """Whether each sentence is a deed and then what came of it: fields (方面) are named by the latter."""
    return "方面" in label.term and all(len(c) == 2 for c in clauses)


def implicit(text: str, label_term: str) -> Members | None:
    """A list with as many members that share the label's head: 五大安全, 三个相结合."""
    wanted = shared_head(label_term)
    got = lists.parallel(text, wanted.head, wanted.number) if wanted else None
    return Members(got[0], got[1], got[2], "implicit") if got else None


def shared_head(label_term: str) -> labels.Part | None:
    """What the members of a label must share, ``None`` where that would prove nothing."""
    found = labels.parts(label_term)
    if len(found) != 1 or found[0].number < 2 or len(found[0].head) < 2:
        return None
    number, head = found[0]
    return None if (number == 2 and len(head) < 3) or head in _common_heads() else found[0]


def _common_heads() -> frozenset[str]:
    """Heads of so many lists that a list of the right number proves nothing."""
    return words("luoshi.extract", "common_heads.tsv")


def of_section(text: str, start: int, end: int, wanted: tuple[labels.Part, ...]) -> Members | None:
    """The names in a section that end with the heads of a label (一圈一带两区)."""
    section = text[start:end]
    where = places.find(section)
    spans = [(s.start, s.end) for s in heads.find(section, where)] + [(m.start, m.end) for m in where]
    used: list[tuple[int, int]] = []
    for number, head in wanted:
        fitting = sorted({(a, b) for a, b in spans if section[a:b].endswith(head)})
        names: dict[str, tuple[int, int]] = {}
        for a, b in fitting:
            names.setdefault(section[a:b], (a, b))
        if len(names) < number:
            return None
        used += list(names.values())[:number]
    return Members(
        start + min(a for a, _ in used),
        start + max(b for _, b in used),
        tuple(section[a:b] for a, b in used),
        "implicit",
    )


_TOPIC = re.compile(r"(?:^|\n)[^，。\n]{0,14}(?:强调|指出|要求)，要([^。；\n]+)。")


def of_speech(text: str, number: int) -> Members | None:
    """The tasks of a report of a speech: paragraphs that open with 强调，要…, exactly as many."""
    found = list(_TOPIC.finditer(text))
    if len(found) != number:
        return None
    return Members(found[0].start(1), found[-1].end(1), tuple(m[1] for m in found), "implicit")


def two_names(text: str, label: Label) -> Members | None:
    """The n named sites of the sentence before a label that speaks of them: A…同B的关系，“两翼”."""
    number = labels.count(label.term)
    start = max(text.rfind(c, 0, label.start) for c in "。！？\n") + 1
    if not number or not label.quoted or text[label.start - 2] != "，":
        return None
    stretch = text[start : label.start - 1]
    where = places.find(stretch)
    names = [s for s in heads.find(stretch, where) if s.type == "PROJECT"]
    names += [s for s in _known_sites(stretch) if all(s.end <= k.start or s.start >= k.end for k in names)]
    names.sort()
    if len(names) != number:
        return None
    return Members(
        start + names[0].start, label.end, tuple(stretch[s.start : s.end] for s in names), "explicit"
    )


def _known_sites(text: str) -> list[Span]:
    return [s for s in known.find(text) if s.type == "PROJECT"]
