"""Who says what in a press report, a digest or an interview, paragraph by paragraph.

A paragraph belongs to a speaker only where a formula says so (``王某强调``, ``会议指出``, ``他指出``,
``王某在讲话中表示``) or where it plainly goes on with the speech of the paragraph before. In doubt it belongs
to nobody: a word put into the wrong mouth is the gravest error here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from luoshi.structure.lines import Line
from luoshi.text.lexicon import words

_PRONOUNS = ("他", "她")
_PERSON_TAIL = r"(?:同志|总书记|主席|总理|书记|省长|市长|部长|主任|委员长)?"
_BETWEEN = (
    r"(?:[0-9一二三四五六七八九十日上下午]{1,6})?"
    r"(?:最后|还|也|进一步|随后|特别|代表[^，。]{1,16}|受[^，。]{1,12}委托)?"
    r"(?:在[^，。；]{1,24}(?:时|中|上|会上|后)|听取[^，。]{1,16}后|就[^，。；]{1,24})?"
    r"(?:最后|还|也|进一步|特别|明确|反复|再次|着重|深刻|郑重)?"
)
_NARRATION = re.compile(
    r"(?:出席|列席|参加)(?:了)?(?:[^，。]{0,24})?(?:会议|座谈会|全会|活动|会见|开幕|考察|学习|大会|调研|$)|先后发言|作交流发言"
    r"|(?:作|作了)(?:总结讲话|说明|工作报告|讲解|汇报)|陪同|主持(?:了)?会议|汇报(?:工作|了)|会议还|审议(?:通过)?了|合影|观看|还研究了|提出意见建议"
)
_GOES_ON = re.compile(r"(?:要|必须|应当|应|坚持|各级|各地|各部门|当前|我们|希望|同时|此外|全[省市县党国])")


def _verbs() -> str:
    return "|".join(sorted(words("luoshi.structure", "speech_verbs.tsv"), key=len, reverse=True))


@cache
def _names() -> str:
    rows = [w for line in words("luoshi.structure", "surnames.tsv") for w in line.split()]
    double = "|".join(w for w in rows if len(w) > 1)
    single = "".join(w for w in rows if len(w) == 1)
    given = "(?:(?!在|还|最|强|指|要|表|就|主|代|听|随|出|说|认|也|对|的|总|书|省|市|部|同志)[\u4e00-\u9fff])"
    foreign = "[\u4e00-\u9fff]{2,5}[·•][\u4e00-\u9fff·•]{2,10}"
    return f"(?:(?:{double}){given}{{1,2}}|[{single}]{given}{{1,2}}|{foreign})"


@cache
def _person() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<who>{_names()}){_PERSON_TAIL}{_BETWEEN}(?:{_verbs()})(?=[，：,:]|[^，。]{{0,16}}[：:])"
    )


@cache
def _body() -> re.Pattern[str]:
    bodies = "|".join(sorted(words("luoshi.structure", "speech_bodies.tsv"), key=len, reverse=True))
    return re.compile(rf"(?P<who>{bodies}){_BETWEEN}(?:{_verbs()})(?=[，：,:])")


@cache
def _pronoun() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[。；，])(?:{'|'.join(_PRONOUNS)}){_BETWEEN}(?:{_verbs()})(?=[，：,:])")


_NOBODY = ("问", "答", "Q", "A")
_TURN = re.compile(
    r"^(?:\*\*)?(?P<who>[问答QA]|[^\s：:，。、（(《“]{2,14}(?:[（(][^（()）]{1,24}[）)])?)(?:\*\*)?\s*[：:]\s*(?:\*\*)?\s*(?P<what>\S)"
)


def known_people(texts: Sequence[str]) -> Counter[str]:
    """People who are said to say something, with how often."""
    out: Counter[str] = Counter()
    for text in texts:
        for m in _person().finditer(text):
            if _at_break(text, m.start()):
                out[m.group("who")] += 1
    return out


def _at_break(text: str, at: int) -> bool:
    """Whether a name begins a clause, or follows an office (中共中央总书记…王某)."""
    before = text[max(0, at - 6) : at]
    return (
        not before
        or before[-1] in "，。；：、 　”）"
        or bool(
            re.search(
                r"(?:书记|主席|总理|省长|市长|部长|主任|委员长|县长|区长|局长|厅长|同志|委员|组长|秘书长|会长)$",
                before,
            )
        )
    )


def _named_before(text: str, at: int, people: Counter[str]) -> str | None:
    """The person named last before a pronoun."""
    places = [(text.rfind(name, 0, at), name) for name in people]
    place, name = max(places, default=(-1, ""))
    return name if place >= 0 else None


def _formula(text: str, people: Counter[str]) -> str | None:
    """The speaker whom the paragraph's own formula names."""
    hits: list[tuple[int, str]] = []
    for m in _person().finditer(text):
        if _at_break(text, m.start()):
            hits.append((m.start(), m.group("who")))
            break
    if (m2 := _body().search(text)) and _at_break(text, m2.start()):
        hits.append((m2.start(), m2.group("who")))
    if m3 := _pronoun().search(text):
        name = _named_before(text, m3.start() + 1, people)
        if name:
            hits.append((m3.start(), name))
    if not hits:
        return None
    at, who = min(hits)
    # words of a third party quoted inside a sentence are no formula of the paragraph
    return who if at < 160 or "。" in text[:at] else None


def attribute(lines: Sequence[Line], *, aloud: bool, title: str = "") -> None:
    """Set :attr:`Line.speaker` on body lines.

    :param aloud: the document is a report of what was said (a meeting, a speech, a digest, an interview);
        other documents quote others only to support what they say themselves.
    """
    body = [line for line in lines if line.kind == "body"]
    turns = _turns(body)
    if turns:
        _attribute_turns(body, turns)
        return
    if not aloud:
        return
    people = known_people([line.text for line in body])
    current: str | None = None
    for line in body:
        who = _formula(line.text, people)
        if who is not None:
            line.speaker = current = who
        elif _NARRATION.search(line.text[:200]):
            current = None
        elif current is not None and _GOES_ON.match(line.text):
            line.speaker = current
        else:
            current = None


def _turns(body: Sequence[Line]) -> list[tuple[int, str]]:
    """Turns of an interview: at least four paragraphs that begin with a name (or 问, 答) and a colon, a third
    of them questions. Whoever neither asks nor answers a question (``电话：``) takes no turn."""
    found = [(i, m.group("who")) for i, line in enumerate(body) if (m := _TURN.match(line.text))]
    asks = [body[i].text.rstrip().endswith(("？", "?")) for i, _ in found]
    taking_part = {who for (_, who), asked in zip(found, asks, strict=True) if asked}
    taking_part |= {who for (_, who), before in zip(found[1:], asks, strict=False) if before}
    turns = [(i, who) for i, who in found if who in taking_part]
    return turns if len(turns) >= 4 and sum(asks) * 3 >= len(turns) else []


def _attribute_turns(body: Sequence[Line], turns: Sequence[tuple[int, str]]) -> None:
    at = dict(turns)
    current: str | None = None
    for i, line in enumerate(body):
        current = at.get(i, current)
        line.turn = i in at
        line.speaker = None if current is None or current in _NOBODY else re.sub(r"[（(].*", "", current)


def by_bodies(lines: Sequence[Line]) -> float:
    """Share of the attributed paragraphs that a body (会议, 全会) speaks, 0 without any."""
    bodies = words("luoshi.structure", "speech_bodies.tsv")
    said = [line.speaker for line in lines if line.speaker]
    return sum(s in bodies for s in said) / len(said) if said else 0.0


def people_in_title(title: str) -> list[str]:
    """People whom a title names with their office: 王某总书记…金句."""
    return [
        m.group("who")
        for m in re.finditer(rf"(?P<who>{_names()})(?:总书记|主席|总理|书记|省长|市长|同志)", title)
    ]
