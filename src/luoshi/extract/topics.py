"""Clauses that say of a thing what shall be done with it: 旧渡船2026年底前全部退出, 检查结果及时通报.

The thing stands first and the verb behind a time, an adverb of settling or a rule; nobody is named who acts.
"""

from __future__ import annotations

import re

from luoshi.extract.actors import bare_actor, compound, is_body
from luoshi.extract.clauses import HIDDEN
from luoshi.extract.parsed import Parsed
from luoshi.extract.reader import WHEN_OPENS, Reader, skip_modifiers
from luoshi.extract.wording import group, is_actor, pattern, prepositions, verbs

_SETTLES = tuple(sorted(group("settles"), key=len, reverse=True))
_FIRMLY = tuple(sorted(group("settles-firmly"), key=len, reverse=True))
_REACHES = pattern("topic-reaches")
_WHEN = pattern("when")
_EACH = ("每个", "每所", "每县", "每村", "每座", "每家", "每镇", "每区", "各个")
_DONE_ALREADY = re.compile(r"已(?![有建投])|截至|累计|同比|比上年|较上年")
_SET_BY_OFFICES = tuple(sorted(group("set-by-offices")))
_DATED = pattern("goal-by")
_ENDS = frozenset(
    ["完成", "实现", "建成", "落实", "达到", "投产", "投用", "投运", "竣工", "贯通", "通车", "启动"]
)
_MAY_BEGIN = (
    WHEN_OPENS
    | {w[0] for w in _SETTLES + tuple(group("topic-moves"))}
    | set("压缩减短降低下调提高升整控增从由")
)
_RULE = group("by-rule")
_STATIVE = group("stative")
_HANDED = tuple(sorted(group("topic-moves")))
_HELD = ("结果", "情况", "材料", "意见", "报告", "数据", "信息", "名单", "清单", "方案")
_NO_TOPIC = pattern("no-topic")
_LONGEST = 44


def read_topic(reader: Reader, at: int, parsed: Parsed) -> bool:
    """Reads a clause that begins with a thing at ``at``; whether it is one."""
    text = reader.text
    if parsed.actor is not None or parsed.modal or parsed.modifiers or _NO_TOPIC.match(text, at):
        return False
    for begin in _predicates(reader, at):
        if not _is_thing(reader, at, begin):
            continue
        probe = Parsed()
        if _predicate(reader, begin, probe):
            _take(reader, (at, begin), probe, parsed)
            return True
    return False


def firm(reader_text: str, parsed: Parsed) -> bool:
    """Whether what is said of a thing is an order: it has a time, or is to be done wholly or by a rule."""
    if parsed.topic is None or parsed.verb is None:
        return False
    if _DONE_ALREADY.search(reader_text):
        return False
    reaches = _REACHES.match(reader_text, parsed.verb[0])
    if reaches:
        return reader_text.endswith(_SET_BY_OFFICES, *parsed.topic)  # others are goals
    between = reader_text[parsed.topic[1] : parsed.verb[0]]
    if reader_text.startswith(_EACH) or parsed.actor is not None:
        return True
    if _DATED.search(reader_text):
        return True
    if reader_text[parsed.verb[0] : parsed.verb[1]] in _ENDS:
        return False  # 攻坚任务全部完成: a goal, unless it has a day
    when = any(_WHEN.match(between, k) and between[k] not in "年" for k in range(len(between)))
    return when or any(word in between for word in _FIRMLY)


def _predicates(reader: Reader, at: int) -> list[int]:
    """Where something may begin to be said about what stands before."""
    text = reader.text
    out: list[int] = []
    for start in range(at + 2, min(len(text) - 1, at + _LONGEST)):
        if reader.masked[start] == HIDDEN or reader.token(start) is None:
            continue
        if text[start] not in _MAY_BEGIN:
            continue
        when = _WHEN.match(text, start)
        handed = text.startswith(_HANDED, start) and text.startswith(_HELD, start - 2)
        if (
            handed
            or text.startswith(_SETTLES, start)
            or _REACHES.match(text, start)
            or (when and when.end() > start + 2)
        ):
            out.append(start)
    return out


def _is_thing(reader: Reader, at: int, end: int) -> bool:
    """Whether a stretch names a thing: it ends in a noun and no verb governs it."""
    text = reader.text
    last = next((t for k in range(end - 1, at - 1, -1) if (t := reader.token(k)) is not None), None)
    if text.startswith(_EACH, at) and text[end - 1] in "县区市镇乡村校院家":
        return True
    if last is None or last.end != end or text[end - 1] in "的、和与及或后时前中内上下":
        return False
    if (
        last.tag[0] not in "nlijxqm"
        and last.tag not in ("vn", "eng", "an", "b", "f")
        and "n" not in verbs().get(last.word, (3, ""))[1]
    ):
        return False
    word = reader.listed(at)
    if word and reader.whole(at, word) and compound(reader, at) == at:
        flags = verbs()[word][1]
        if "k" in flags or ("n" not in flags and "的" not in text[at:end]):
            return False
    return not text.startswith(prepositions(), at)


def _predicate(reader: Reader, at: int, probe: Parsed) -> bool:
    """Reads what is said: adverbs, a time, who does it, by what rule, the verb."""
    text = reader.text
    m = _REACHES.match(text, at)
    if m:
        probe.verb, probe.object, probe.how = m.span("v"), (m.end("v"), len(text)), "list"
        return True
    for _ in range(3):
        moved = skip_modifiers(reader, at, probe.modifiers)
        settle = next((w for w in _SETTLES if text.startswith(w, moved)), "")
        if settle in _RULE or settle == "由":
            break
        if settle and moved == at:
            moved += len(settle)
        if moved == at:
            break
        at = moved
    if text[at : at + 1] == "由":
        after = bare_actor(reader, at, probe)
        if after == at:
            return False
        at = skip_modifiers(reader, after, probe.modifiers)
    elif text.startswith(tuple(_RULE), at):
        return False
    end = reader.verb_at(at) if at < len(text) else at
    if end == at:
        token = reader.token(at)
        if (
            token is None
            or token.tag != "v"
            or token.word in _STATIVE
            or (len(token.word) < 2 and token.word != "通")
        ):
            return False
        end = token.end
        probe.how = "tag"
    else:
        probe.how = "list"
    probe.verb = (at, end)
    probe.object = (end, len(text)) if end < len(text) else None
    return True


def _take(reader: Reader, thing: tuple[int, int], probe: Parsed, parsed: Parsed) -> None:
    text = reader.text
    parsed.verb, parsed.how, parsed.shape, parsed.topic = probe.verb, probe.how, "topic", thing
    parsed.actor = probe.actor
    body = is_actor(text[slice(*thing)]) and is_body(reader, *thing)
    if body and probe.actor is None and not text.startswith(_EACH, thing[0]):
        parsed.actor, parsed.topic, parsed.shape = thing, None, "plain"
    parsed.modifiers.extend(probe.modifiers)
    assert probe.verb is not None
    word = text[probe.verb[0] : probe.verb[1]]
    rest = text[probe.verb[1] :]
    each = text.startswith(_EACH, thing[0])
    if parsed.topic is None:
        parsed.object = probe.object
    elif not each and (
        probe.object is None
        or word in _HANDED
        or rest[0] in "并和后及"
        or _REACHES.match(text, probe.verb[0])
    ):
        parsed.object = thing
    else:
        parsed.object = probe.object
