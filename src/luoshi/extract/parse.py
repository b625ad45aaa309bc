"""A clause into its parts: who must act, modifiers, what fronts the verb, verb, object.

The parts are found by word lists (``verbs.tsv``, ``modifiers.tsv``, ``prepositions.tsv``, ``actors.tsv`` in
``data/``) read from the left, with the tags of the cutter where a word is on no list. Offsets count from the
clause's beginning.
"""

from __future__ import annotations

import re

from luoshi.extract.actors import bare_actor, compound, is_body, read_actor
from luoshi.extract.clauses import HIDDEN
from luoshi.extract.fronts import behind_preposition
from luoshi.extract.parsed import Parsed, Span
from luoshi.extract.reader import AMBIGUOUS, WHEN_OPENS, Reader, Words, skip_modifiers, unlisted
from luoshi.extract.topics import read_topic
from luoshi.extract.wording import actor_end, group, heads, is_actor, pattern, prepositions, verb_flags, verbs
from luoshi.text import tokens

_BA_LATER = pattern("ba-later")
_BINDING = group("binding")
_CONJUNCTION = pattern("conjunction")
_DUAL = group("dual")
_LED_UP = pattern("led-up")
_MODAL = pattern("modal")
_REPORT = pattern("reported-up")
_AFTERWARDS = pattern("afterwards")
_RULE_HEADS = pattern("rule-heads")
_ENDS_IN_RULE = pattern("ends-in-rule")
_WHEN_WITHIN = re.compile(r"(?:在|于)?(?:\d+|[一二三四五六七八九十]+)个?(?:工作日|日|天|小时|月)(?:之?内|内)")
_HANDED = pattern("handed-to")
_NO_ACTS = ("未", "下基层", "尤其", "特别")
_STRICT = group("strict")
_TIME = pattern("time")
_DIGIT = re.compile(r"[\d一二三四五六七八九十百]")
_SAID_OF = pattern("topic-said-of")
_TOWARD = pattern("toward")
_ALREADY = re.compile(r"已|截至|累计")
_ENDS = pattern("done-ends")
_WHEN = pattern("when")
_ENDS_CLAUSE = re.compile(rf"(?:{_ENDS.pattern})$")
TIME_OPENS = frozenset("到至在自从截力争确计“”一二三四五六七八九十今明本年全上下")
_DONE_BY = re.compile(
    rf"(?:力争|争取|确保|计划|预计)?(?P<first>(?:{_WHEN.pattern}|年内|全年)?)"
    rf"(?P<thing>[^，、的]{{2,24}}?)(?P<then>(?:{_WHEN.pattern}|(?:\d{{1,2}})月份?)?)"
    rf"(?:全部|全面|全线|基本|如期|顺利|正式|同步|陆续)*(?P<verb>{_ENDS.pattern})"
)
_MOVES = group("topic-moves")
_RULES = group("by-rule")
_OPENINGS = tuple(sorted(group("body-openings")))
_TOPICAL = tuple(sorted(group("actors-in-statements")))
_THINGS = tuple(sorted(group("things"), key=len, reverse=True))


def parse(text: str, masked: str, words: Words | None = None, base: int = 0) -> Parsed:
    """The parts of a clause.

    :param masked: the clause with brackets and quotations hidden (:func:`luoshi.extract.clauses.mask`).
    :param words: the words of the sentence that holds it, which it begins at ``base``.
    """
    reader = Reader(text, masked, words, base)
    parsed = Parsed()
    at = parsed.body = read_actor(reader, _opening(text, parsed), parsed)
    for _ in range(3):
        moved = skip_modifiers(reader, at, parsed.modifiers)
        m = _MODAL.match(text, moved)
        if m and not parsed.modal:
            parsed.modal = m.group()
            moved = parsed.body = m.end()
        if moved == at:
            break
        at = moved
    subject = parsed.object if parsed.shape == "subject" else None
    report = _REPORT.match(text, at)
    if report:
        parsed.verb, parsed.how, parsed.object = report.span("v"), "list", (report.end("v"), len(text))
    else:
        parsed = _read_verb(reader, at, parsed)
    if parsed.verb is None and parsed.modal in _BINDING and not (parsed.modal == "应" and parsed.preposition):
        _read_duty(reader, at, parsed)
    if parsed.verb is None and parsed.modifiers and not parsed.preposition:
        start, end = parsed.modifiers[-1]
        if (text[start:end] in verbs() or text[start:end] in _STRICT) and end == at:
            parsed.modifiers.pop()
            parsed.verb, parsed.object, parsed.how = (start, end), (end, len(text)), "list"
    if parsed.verb is None and not parsed.preposition and not parsed.modal:
        _read_end(reader, parsed)
    if parsed.verb is None and parsed.preposition == "向":
        m = _HANDED.search(text, at)
        if m:  # 向社会公开服务标准、服务流程等信息
            parsed.verb, parsed.how = m.span("v"), "list"
            parsed.object = (m.end("v"), len(text)) if m.end("v") < len(text) else None
    if subject is not None and parsed.verb is not None and parsed.object not in (None, subject):
        parsed.shape = "plain"
        if report and not is_actor(text[slice(*subject)]):
            parsed.object = subject
        elif _acts(reader, subject):
            parsed.actor = subject
        elif text[parsed.verb[0] : parsed.verb[1]] in _MOVES:
            parsed.object = subject
    elif subject is not None and parsed.verb is not None and parsed.object is None:
        parsed.object = subject
    if parsed.object is not None and parsed.object[0] >= parsed.object[1]:
        parsed.object = None
    if parsed.verb is None and parsed.actor is None and not parsed.preposition:
        _read_name(reader, parsed)
    return parsed


def _opening(text: str, parsed: Parsed) -> int:
    """Where the conjunction and the times end that a clause begins with; sets ``start``."""
    at = 0
    m = _CONJUNCTION.match(text)
    if m and m.end() < len(text) - 2:
        at = parsed.start = m.end()
    m = _TIME.match(text, at) if _may_open(text, at, TIME_OPENS) else None
    if m and m.end() > at + 1:
        at = m.end()
    for _ in range(2):
        m = _WHEN.match(text, at) if _may_open(text, at, WHEN_OPENS) else None
        if m and at < m.end() < len(text) - 1:
            at = m.end()
    m = _AFTERWARDS.match(text, at)
    if m and m.end() < len(text) - 2 and _REPORT.match(text, at) is None:
        at = m.end()
        m = _WHEN_WITHIN.match(text, at)
        at = m.end() if m else at
    return at


def _read_name(reader: Reader, parsed: Parsed) -> None:
    """Reads a clause that names who acts, where the next says what they do."""
    text = reader.text
    start, end = parsed.start, len(text)
    if " " not in text and "是" in text[4:]:
        end = text.index("是", 4)  # 市民政局是主管部门，负责…
    bare = reader.verb_at(start) == start or compound(reader, start) > start
    named = bare and not reader.modifier(start) and not text.endswith(_TOPICAL, start, end)
    if named and is_actor(text[start:end]) and is_body(reader, start, end):
        parsed.actor = (start, end)


def _may_open(text: str, at: int, characters: frozenset[str]) -> bool:
    """Whether a time may begin at a place: there stands one of some characters, or a digit."""
    return at < len(text) and (text[at] in characters or text[at].isdecimal())


def _read_end(reader: Reader, parsed: Parsed) -> None:
    """Reads a thing that is to be done with by a time: 10月底前主体封顶, 水厂6月投产."""
    text = reader.text
    m = _DONE_BY.fullmatch(text, parsed.start) if _ENDS_CLAUSE.search(text) else None
    if m is None or not (m["first"] or m["then"]) or _ALREADY.search(text):
        return
    token = reader.token(m.end("thing") - 1) or reader.token(m.end("thing") - 2)
    if token is not None and token.tag[0] in "pcdur":
        return
    parsed.actor, parsed.shape, parsed.how = None, "topic", "list"
    parsed.verb, parsed.object = m.span("verb"), m.span("thing")


def _acts(reader: Reader, subject: Span) -> bool:
    """Whether words before a modal that are no known body name one all the same (移动端要支持…)."""
    start, end = subject
    if reader.text.endswith(_THINGS, start, end) or reader.text.startswith(_NO_ACTS, start):
        return False
    verb = reader.verb_at(start)
    if verb == start or compound(reader, start) > start:
        return True
    ends = [m.end() for m in actor_end().finditer(reader.text, start, end)]
    return "的" in reader.text[start:end] and end in ends


def _read_duty(reader: Reader, at: int, parsed: Parsed) -> None:
    """The verb behind a modal of duty where no list knows it: the first that the cutter sees."""
    floor = at
    m = _ENDS_IN_RULE.search(reader.text, at)
    if m and m["v"] in verbs():
        parsed.verb, parsed.how = m.span("v"), "list"
        return
    for head in _RULE_HEADS.finditer(reader.text, at) if parsed.preposition in _RULES else ():
        end = reader.verb_at(head.end(), first=False)
        if end > head.end():
            parsed.verb, parsed.how = (head.end(), end), "list"
            parsed.object = (end, len(reader.text)) if end < len(reader.text) else parsed.object
            return
    if parsed.preposition in _RULES:
        return  # 应当根据…，…: what is to be done comes in the next clause
    if parsed.preposition:
        led = max((m.end() for m in _LED_UP.finditer(reader.text, at)), default=at)
        floor = led if led < len(reader.text) - 1 else at
    for start in sorted(reader.starts()):
        token = reader.token(start)
        if start < floor or token is None or reader.masked[start] == HIDDEN:
            continue
        if token.tag[0] == "v" and len(token.word) >= 2 and not reader.text.startswith("的", token.end):
            if parsed.preposition and token.tag == "vn":
                continue
            parsed.verb, parsed.how = (start, token.end), "tag"
            parsed.object = (token.end, len(reader.text)) if token.end < len(reader.text) else parsed.object
            return


def _future(reader: Reader, at: int, parsed: Parsed) -> bool:
    """Reads a verb behind 将 where that is no preposition (今年将办好12件实事); whether there is one."""
    if _BA_LATER.search(reader.text, at + 3):
        return False
    found: list[Span] = []
    after = skip_modifiers(reader, at + 1, found)
    end = reader.verb_at(after, first=False)
    dated = after > at + 1  # 将于6月底前组织…
    if end == after or (not dated and "n" in verbs()[reader.listed(after)][1]):
        return False
    parsed.modifiers.extend(found)
    parsed.verb, parsed.how = (after, end), "list"
    parsed.object = (end, len(reader.text)) if end < len(reader.text) else None
    return True


def _read_verb(reader: Reader, at: int, parsed: Parsed) -> Parsed:
    """Verb and object from ``at`` on, directly or behind a preposition or an actor."""
    text = reader.text
    if at >= len(text):
        return parsed
    if (
        (text.find("由", at) > at or _DIGIT.search(text, at))
        and _SAID_OF.search(text, at)
        and read_topic(reader, at, parsed)
    ):
        return parsed
    if parsed.actor is None and not parsed.modal and compound(reader, at) > at:
        after = bare_actor(reader, at, parsed)
        if after > at:
            return _read_verb(reader, skip_modifiers(reader, after, parsed.modifiers), parsed)
    end = reader.verb_at(at)
    if end > at and "n" in verb_flags(text[at:end]) and read_topic(reader, at, parsed):
        return parsed
    leaning = text.endswith("倾斜") and "向" in text[at:] and "k" not in verb_flags(text[at:end] or text[at:])
    if leaning or (end > at and reader.describes(at)):
        after = at if leaning or parsed.actor or parsed.modal else bare_actor(reader, at, parsed)
        if after == at:
            return _toward(reader, at, parsed)
        at = skip_modifiers(reader, after, parsed.modifiers)
        end = reader.verb_at(at)
    if end > at:
        _read_listed(reader, at, end, parsed)
        return parsed
    if text[at] == "将" and text.startswith(prepositions(), at + 1):
        at += 1
    if text[at] == "将" and _future(reader, at, parsed):
        return parsed
    if text[at] == "由" and parsed.actor is None:
        after = bare_actor(reader, at, parsed)
        if after > at:
            return _read_verb(reader, skip_modifiers(reader, after, parsed.modifiers), parsed)
    if _read_fronted(reader, at, parsed):
        return parsed
    if parsed.actor is None and parsed.modal in ("", "禁止", "严禁") and not parsed.preposition:
        after = bare_actor(reader, at, parsed)
        if after > at:
            parsed.preposition = ""
            return _read_verb(reader, skip_modifiers(reader, after, parsed.modifiers), parsed)
    if not parsed.preposition and read_topic(reader, at, parsed):
        return parsed
    if not parsed.preposition:
        end = unlisted(reader, at, noun=bool(parsed.modal))
        if end:
            parsed.verb, parsed.object, parsed.how = (at, end), (end, len(text)), "tag"
            return parsed
        return _toward(reader, at, parsed)
    return parsed


def _read_listed(reader: Reader, at: int, end: int, parsed: Parsed) -> None:
    """Reads a verb of the list; a few of them are prepositions where another verb comes (利用甲建设乙)."""
    text = reader.text
    if text[at:end] in _DUAL:
        parsed.preposition = text[at:end]
        if behind_preposition(reader, at, parsed):
            return
        parsed.preposition = ""
    parsed.verb, parsed.how = (at, end), "list"
    if end < len(text):
        parsed.object = (end, len(text))


def _read_fronted(reader: Reader, at: int, parsed: Parsed) -> bool:
    """Reads a clause that begins with a preposition at ``at``; whether a verb was found behind it."""
    text = reader.text
    if not text.startswith(prepositions(), at) or text.startswith(_OPENINGS, at):
        return False
    for word in prepositions():
        if not text.startswith(word, at):
            continue
        token = reader.token(at)
        longer = token is not None and token.end > at + len(word) and tokens.known(token.word)
        if longer and token is not None and token.tag[0] in "nv" and token.tag != "vn":
            continue  # 对接, 向往
        parsed.preposition = word
        return behind_preposition(reader, at, parsed)
    return False


def _toward(reader: Reader, at: int, parsed: Parsed) -> Parsed:
    """A 向 B 倾斜: the object is A."""
    m = _TOWARD.match(reader.text, at)
    if m:
        parsed.shape, parsed.how = "toward", "list"
        parsed.object, parsed.verb = m.span("a"), m.span("v")
        if m["m"]:
            parsed.modifiers.append(m.span("m"))
    return parsed


def is_pair(text: str, masked: str, parsed: Parsed) -> bool:
    """Whether a piece of an enumeration is a verb with its object, and no noun."""
    if (
        parsed.verb is None
        or parsed.object is None
        or parsed.how != "list"
        or parsed.preposition
        or parsed.actor
    ):
        return False
    start, end = parsed.verb
    thing = text[slice(*parsed.object)]
    noun = "n" in verb_flags(text[start:end]) and "n" in verbs().get(thing, (3, ""))[1]
    if text[start:end] in AMBIGUOUS and thing in verbs():
        return False  # 联合变更
    if thing in heads() or noun:
        return False  # 统一的范围、开工条件; 建造、检验与报废管理
    if text.endswith("化"):
        return False  # 提供主体多元化、提供方式多样化
    if text[end : end + 1] in ("的", "和", "与", "及", "、") or parsed.object[1] - parsed.object[0] < 2:
        return False
    reader = Reader(text, masked)
    return bool(parsed.modifiers) or not reader.nominal(start, reader.listed(start) or text[start:end])


def is_time(text: str) -> bool:
    """Whether a clause is nothing but a time (到2027年, “十五五”时期)."""
    m = _TIME.match(text) if _may_open(text, 0, TIME_OPENS) else None
    return m is not None and m.end() == len(text)


def time_end(text: str) -> int:
    """Length of the time that a clause begins with, 0 where it begins otherwise."""
    m = _TIME.match(text) if _may_open(text, 0, TIME_OPENS) else None
    return m.end() if m and m.end() > 1 else 0
