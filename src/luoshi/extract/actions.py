"""Commitments of one sentence: which of its clauses are actions or goals, and where their parts stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from luoshi.extract import kinds, targets, topics, wording
from luoshi.extract import parse as parsing
from luoshi.extract.clauses import Clause, split
from luoshi.extract.kinds import View
from luoshi.extract.parsed import Parsed, shifted
from luoshi.extract.reader import Words
from luoshi.extract.wording import pattern
from luoshi.model.records import SentenceKind

Span = tuple[int, int]

_SPEECH = pattern("sentence-speech")
_COMMENT = pattern("sentence-comment")
_STATED = pattern("sentence-stated")
_LEADS = pattern("sentence-leads")
_SPEAKS = pattern("sentence-speaks")
_SCOPE = pattern("sentence-scope")
_WHERE = pattern("sentence-where")
_NEVER = pattern("sentence-never")
_NEVER_CLAUSE = pattern("clause-never")
_MARKS = frozenset("，：,:")
_SPEECH_ENDS = frozenset("调出求为示确说到布下际意准")
_WHERE_ENDS = frozenset("面域中时程间围内起下上")
_DUTIES = frozenset(["应当", "必须", "不得", "不准", "严禁", "禁止", "不应当"])
_SURE = 0.5
_SAID_DUTY = 1.0
_DUTY = frozenset(["应当", "必须", "不得", "应", "须"])
_CARRIED = frozenset(["应当", "必须", "应", "须", "应该"])
_HOW = re.compile(r"(?:基本|全面|如期|率先|力争|争取|确保|努力|总体|初步|逐步|稳步)*")
_BY = pattern("goal-by")
_WHOLLY = pattern("goal-wholly")
_MEANS_AS = pattern("sentence-means-as")
_CONDITION = pattern("sentence-condition")
_PREAMBLE = pattern("sentence-preamble")
_ALREADY = re.compile(r"了(?!解)|过(?![渡程剩境滤敏度冬硬关])")
_CLASS = pattern("class-of-persons")
_AGAINST = pattern("against-rule")
_ADDS = frozenset(["新增", "净增"])
_OF_THING = re.compile(r"的(?:具体)?[^，的]{0,4}(?:事项|办法|标准|程序|范围|条件|目录|细则|职责|比例)$")
_SLOGAN = 6
_RULES_ON = frozenset(["应当", "可以", "不得", "必须", "可", "应", "须"])
_DECIDES = pattern("clause-purpose-ends")
_AND = re.compile("以及|[、和及与]")
_CIRCUMSTANCE = pattern("circumstance")
_PARTS = wording.group("parts")
_STATES = wording.group("state-of")
_HELPS = wording.group("parts-of-helpers")
_OUTSIDE = frozenset(("speech", "scope", "time"))
_GOAL = pattern("sentence-goal")
_DONE = pattern("sentence-done")
_FUTURE = pattern("sentence-future")
_PRINCIPLE = pattern("sentence-principle")
_PAST = pattern("sentence-past")


@dataclass(frozen=True, slots=True)
class Action:
    """A commitment before it has an id; spans count from the beginning of the clean text."""

    start: int
    end: int
    type: str
    verb: str
    object: str
    modifiers: tuple[str, ...]
    actor: str | None
    actor_span: Span | None
    modal: str
    score: float


def views(text: str, offset: int = 0) -> list[View]:
    """The clauses of a sentence with their parts, frames and places."""
    clauses = split(text, offset)
    words = Words(text)
    parsed = [parsing.parse(c.text, c.masked, words, c.start - offset) for c in clauses]
    frames = [_frame(c, p) for c, p in zip(clauses, parsed, strict=True)]
    _mark_conditions(clauses, parsed, frames)
    counted = [n for n, f in enumerate(frames) if f not in _OUTSIDE]
    place = {n: k for k, n in enumerate(counted)}
    return [
        View(c, p, f, place.get(n, 0), len(counted))
        for n, (c, p, f) in enumerate(zip(clauses, parsed, frames, strict=True))
    ]


def _mark_conditions(clauses: Sequence[Clause], parsed: Sequence[Parsed], frames: list[str]) -> None:
    """Marks conditions of several clauses (对甲，乙的，…) and what a duty is about (设立甲，应当…)."""
    _mark_purposes(clauses, parsed, frames)
    for n, clause in enumerate(clauses):
        if n == 1 and clause.text.startswith("由") and _is_named_thing(clauses[0], parsed[0]):
            frames[0] = "scope"  # 引进设备的档案，由…管理
        ruled = n + 1 < len(clauses) and parsed[n + 1].modal in _RULES_ON
        free = not any(p.modal for p in parsed[:n]) and all(c.mark in "，," for c in clauses[:n])
        if frames[n] == "scope" and clause.text.endswith("的") and ruled and free:
            frames[:n] = ["scope"] * n
        if frames[n] == "scope" and clause.text.endswith("的") and not _CONDITION.match(clause.text):
            for k in range(n - 1, -1, -1):
                if clauses[k].mark != "，" or frames[k] == "scope":
                    break
                if _CONDITION.match(clauses[k].text):
                    frames[k:n] = ["scope"] * (n - k)
                    break
        if frames[n] == "scope" and clause.text.endswith("的"):
            for k in range(n - 1, -1, -1):
                if clauses[k].mark != "，" or parsed[k].modal:
                    break
                if _AGAINST.search(clauses[k].text):
                    frames[k:n] = ["scope"] * (n - k)  # 甲违反规定，玩忽职守的，…
        if (
            n == 1
            and clauses[0].mark == "，"
            and frames[0] not in _OUTSIDE
            and not parsed[0].modal
            and not parsed[0].modifiers
            and _COMMENT.match(clause.text)
        ):
            frames[0] = "scope"  # 推动振兴，关键在创新
        if parsed[n].modal in _DUTY and clause.text.startswith(parsed[n].modal):
            _mark_topic(clauses[:n], parsed[:n], frames)
        if n == 1 and clause.text.startswith(parsed[1].modal or "\0") and _is_class(clauses[0], parsed[0]):
            frames[0] = "scope"  # 在境外居住的申请人员，可以…


def _is_class(clause: Clause, parsed: Parsed) -> bool:
    """Whether a clause names nothing but a class of persons or bodies (在境外居住的申请人员)."""
    free = not parsed.modal and not parsed.modifiers and parsed.actor is None
    return free and clause.mark == "，" and _CLASS.search(clause.text) is not None


def _is_named_thing(clause: Clause, parsed: Parsed) -> bool:
    nobody = not parsed.modal and not parsed.modifiers
    nobody = nobody and (parsed.actor is None or _OF_THING.search(clause.text) is not None)
    return nobody and clause.mark == "，" and "的" in clause.text


def _mark_topic(clauses: Sequence[Clause], parsed: Sequence[Parsed], frames: list[str]) -> None:
    """Marks what a duty that comes next is about (设立甲，应当…; 政府制定乙，涉及丙，应当…)."""
    if not clauses or frames[0] == "speech" or not all(c.mark == "，" for c in clauses):
        return
    listed = any(wording.is_modifier(clauses[0].text[a:b]) for a, b in parsed[0].modifiers)
    plain = parsed[0].shape == "plain" and not listed and not any(p.modal for p in parsed)
    if plain and (len(clauses) == 1 or (parsed[0].actor is not None and len(clauses) == 2)):
        frames[: len(clauses)] = ["scope"] * len(clauses)


def _mark_purposes(clauses: Sequence[Clause], parsed: Sequence[Parsed], frames: list[str]) -> None:
    """Marks the purposes that open a sentence, down to what is decided (为甲，乙，经同意，丙)."""
    if not clauses or parsed[0].shape != "purpose":
        return
    for n, clause in enumerate(clauses[1:], 1):
        if _DECIDES.match(clause.text):
            frames[1:n] = ["speech"] * (n - 1)
            return


def _frame(clause: Clause, parsed: Parsed) -> str:
    text, mark = clause.text, clause.mark
    last = text[-1]
    if (
        (last in _SPEECH_ENDS and mark in _MARKS)
        and (parsed.verb is None or _SPEAKS.search(text[: parsed.verb[1]]))
        and _SPEECH.match(text)
    ):
        return "speech"
    if parsed.verb is None and parsing.is_time(text):
        return "time"
    if mark in ("，", ","):
        if (
            last in "后前时"
            and len(text) > 4
            and not parsed.modal
            and text[-2:] not in ("年前", "及时", "按时", "同时", "随时")
        ):
            return "scope"
        if (parsed.verb is None or parsed.preposition) and last in _WHERE_ENDS and _WHERE.fullmatch(text):
            return "scope"
        if parsed.verb is None and _SCOPE.fullmatch(text) and not _MEANS_AS.match(text):
            return "scope"
        if (last == "的" and len(text) > 3) or (text.startswith("违反") and not parsed.modal):
            return "scope"
        if parsed.verb is None and parsed.preposition in ("对", "对于") and "的" in text:
            return "scope"  # 对已经改造的码头，…
    return kinds.frame(text, parsed)[1]


def read(
    text: str, offset: int = 0, *, past: bool = False, ahead: bool = False, due: bool = False
) -> tuple[tuple[Action, ...], SentenceKind]:
    """The commitments of a sentence, and what kind of sentence it is.

    :param text: the sentence as it stands in the clean text.
    :param offset: where it begins there.
    :param ahead: it stands in a part about aims, so its numbers are to be reached.
    :param due: a deadline that stands before it or in its row holds for it.
    :param past: it stands in a part that looks back; then it has none.
    """
    if past or _NEVER.search(text) or _PREAMBLE.search(text):
        return (), "context"
    seen = views(text, offset)
    told = _PAST.search(text) and not _FUTURE.search(text) and not any(v.parsed.modal for v in seen)
    if told or _is_label(text, seen):
        return (), "context"
    if _is_slogan(seen):
        return (), "principle"
    out: list[Action] = []
    said = _Said()
    for n, view in enumerate(seen):
        if _NEVER_CLAUSE.match(view.clause.text):
            continue
        said.hear(view)
        if n and _is_circumstance(seen[n - 1]):
            out.append(_joined(text, offset, seen, n, said))
            continue
        if _is_circumstance(view) and n + 1 < len(seen):
            continue
        if view.frame in _OUTSIDE or _is_lead(view) or _is_part(view):
            continue
        value = _worth(seen, n, said)
        strives = _strives(view)
        goal = None
        if value <= 0 or strives or _is_state(view):
            goal = _goal(text, offset, seen, n, ahead or strives, due)
        if goal:
            out.append(goal)
        elif value > 0:
            out.extend(_actions(text, offset, seen, n, said, value))
    return tuple(out), _kind(text, seen, out)


def _is_state(view: View) -> bool:
    """Whether a clause says that the whole of something is to be reached (实现…全覆盖, …达到平均水平)."""
    parsed, text = view.parsed, view.clause.text
    if parsed.verb is None or parsed.modal or not _WHOLLY.search(text):
        return False
    return text[parsed.verb[0] : parsed.verb[1]] in ("实现", "达到", "高于", "超过")


def _is_circumstance(view: View) -> bool:
    """Whether all that stands behind a verb is a circumstance of what follows (鼓励银行在可控前提下，…)."""
    parsed, clause = view.parsed, view.clause
    if parsed.verb is None or parsed.object is None or clause.mark not in "，," or parsed.shape != "plain":
        return False
    if _names(clause.text[parsed.object[0] : parsed.object[1]]):
        return "k" in wording.verb_flags(clause.text[parsed.verb[0] : parsed.verb[1]])  # 引导企业、商会，…
    governs = "k" in wording.verb_flags(clause.text[parsed.verb[0] : parsed.verb[1]])
    return governs and _CIRCUMSTANCE.search(clause.text, parsed.object[0]) is not None


def _names(text: str) -> bool:
    """Whether a text is nothing but names of those who act (企业以及相关行业协会、商会)."""
    parts = _AND.split(text)
    return all(2 <= len(p) <= 8 and wording.is_actor(p) and not wording.has_doing(p) for p in parts)


def _joined(text: str, offset: int, seen: Sequence[View], n: int, said: _Said) -> Action:
    """A verb with a circumstance behind it and, in the next clause, what it governs, as one action."""
    clause, parsed = seen[n - 1].clause, seen[n - 1].parsed
    assert parsed.verb is not None
    assert parsed.object is not None
    return Action(
        start=_quote_start(seen, n - 1),
        end=seen[n].clause.end,
        type="action",
        verb=clause.text[parsed.verb[0] : parsed.verb[1]],
        object=text[clause.start + parsed.object[0] - offset : seen[n].clause.end - offset],
        modifiers=tuple(_without_de(clause.text[a:b]) for a, b in parsed.modifiers),
        actor=said.actor[0] if said.actor else None,
        actor_span=said.actor[1] if said.actor else None,
        modal=parsed.modal or said.duty,
        score=_SURE,
    )


@dataclass(slots=True)
class _Said:
    """What an earlier clause of the sentence says for those behind it: who acts, and that it is a duty."""

    actor: tuple[str, Span] | None = None
    duty: str = ""

    def hear(self, view: View) -> None:
        """Takes up actor and modal of a clause."""
        parsed, clause = view.parsed, view.clause
        told = parsed.actor is not None and clause.text[parsed.actor[1] : parsed.actor[1] + 1] in "在于自从"
        if view.frame == "speech" or (view.frame == "scope" and clause.text[-1] in "的时" and not told):
            return  # of a condition nobody is told to do anything
        helps = _is_part(view) and clause.text[slice(*(parsed.verb or (0, 0)))] in _HELPS
        if parsed.actor is not None and not (helps and self.actor is not None):
            a, b = parsed.actor
            self.actor = (clause.text[a:b], (clause.start + a, clause.start + b))
        if parsed.modal or parsed.actor is not None:
            self.duty = parsed.modal if parsed.modal in _CARRIED else ""


def _worth(seen: Sequence[View], n: int, said: _Said) -> float:
    """Log-odds that a clause is an action; duties and orders about a thing are sure, states are none."""
    view = seen[n]
    parsed = view.parsed
    if parsed.verb is None and parsed.shape != "toward":
        return -9.0
    value = kinds.score(kinds.features(seen, n))
    if said.duty and not parsed.modal and not view.frame:
        value += _SAID_DUTY
    bound = parsed.modal in _DUTIES and (parsed.modal != "必须" or parsed.actor is not None)
    if bound and not view.frame.startswith("means"):
        return max(value, _SURE)  # in a rule every duty counts
    if parsed.topic is not None:
        return max(value, _SURE) if topics.firm(view.clause.text, parsed) else -9.0
    return value


def _is_label(text: str, seen: Sequence[View]) -> bool:
    """Whether a line without a full stop only names what stands below it (申领条件)."""
    bare = text.strip()
    short = len(seen) == 1 and len(bare) <= 8 and bare[-1:] not in tuple("。；;！")
    nothing = short and len(bare) <= 4 and seen[0].parsed.object is None  # 说明
    return nothing or (short and bare.endswith(tuple(wording.heads())))


def _is_slogan(seen: Sequence[View]) -> bool:
    """Whether a sentence is a string of catchwords (统筹规划，协调推进)."""
    short = len(seen) > 1 and all(len(v.clause.text) <= _SLOGAN and v.frame not in _OUTSIDE for v in seen)
    return short and any(v.parsed.how != "list" or v.parsed.object is None for v in seen)


def _strives(view: View) -> bool:
    """Whether a clause says only what number is striven for (力争产值突破50亿元)."""
    parsed, text = view.parsed, view.clause.text
    if parsed.verb is None or parsed.object is None or text[slice(*parsed.verb)] not in ("力争", "争取"):
        return False
    thing = text[slice(*parsed.object)]
    reached = targets.reaching(thing)
    return reached is not None and reached[0] >= 2 and not wording.has_doing(thing[: reached[0]])


def _is_part(view: View) -> bool:
    """Whether a clause only says which part a body has in what the others say (由甲牵头，乙配合)."""
    parsed = view.parsed
    if parsed.verb is None or parsed.actor is None or parsed.object is not None or parsed.modal in _DUTIES:
        return False
    if parsed.modifiers or parsed.preposition:
        return False  # 责任单位按职责配合
    return view.clause.text[parsed.verb[0] : parsed.verb[1]] in _PARTS


def _is_lead(view: View) -> bool:
    """Whether a clause only leads up to a list, or reports: 主要措施：, …的情形包括：, 确定了…."""
    text, parsed = view.clause.text, view.parsed
    told = parsed.verb is not None and parsed.actor is not None and parsed.object is None
    if view.clause.mark in ("：", ":") and (len(text) <= 8 or _LEADS.search(text) or told):
        return True  # 有关单位反映：
    if parsed.preposition in ("与", "和", "同") and parsed.object is None and parsed.modifiers:
        return text[slice(*parsed.modifiers[-1])] in _STATES
    if parsed.verb is None or parsed.object is None:
        return False
    thing = text[parsed.object[0] : parsed.object[1]]
    return _ALREADY.match(thing) is not None or (not parsed.modal and _STATED.search(thing) is not None)


def _goal(text: str, offset: int, seen: Sequence[View], n: int, ahead: bool, due: bool) -> Action | None:
    """A number to be reached, or the whole of something by a day, as a commitment of its own."""
    clause = seen[n].clause
    if not ahead and not _FUTURE.search(text):
        return None
    if _DONE.search(clause.text):
        return None
    if not targets.find(clause.text):
        dated = (
            due
            or _BY.search(clause.text)
            or any(v.frame == "time" and _BY.search(v.clause.text) for v in seen[:n])
        )
        if not (dated and _WHOLLY.search(clause.text)):
            return None
    start = clause.start + parsing.time_end(clause.text)
    quote = text[start - offset : clause.end - offset]
    a, b = targets.reaching(quote) or (0, 0)
    before = targets.trimmed(quote[:a]) if a > len(_HOW.match(quote).group()) else ""  # type: ignore[union-attr]
    counted = quote[a:b] in _ADDS and re.match(r"[^\d，、约超达近]{2,}(?=\d)", quote[b:])
    thing = quote[b:] if counted or not before else before  # 城镇新增就业5000人
    return Action(start, clause.end, "goal", quote[a:b], thing, (), None, None, "", 0.0)


def _kind(text: str, seen: Sequence[View], found: Sequence[Action]) -> SentenceKind:
    if any(a.type == "action" for a in found):
        return "action"
    if found:
        return "goal"
    bodies = [v for v in seen if v.frame not in _OUTSIDE]
    if any(
        _GOAL.match(v.clause.text) and not _DONE.search(v.clause.text) for v in bodies
    ) and not _PAST.search(text):
        return "goal"
    if bodies and sum(
        bool(_PRINCIPLE.match(v.clause.text)) or v.frame.startswith("means") for v in bodies
    ) * 2 >= len(bodies):
        return "principle"
    return "context"


def _actions(text: str, offset: int, seen: Sequence[View], n: int, said: _Said, value: float) -> list[Action]:
    view = seen[n]
    clause = view.clause
    start = _quote_start(seen, n)
    out: list[Action] = []
    pieces = _pairs(view)
    for k, (a, b, p) in enumerate(pieces):
        t = clause.text
        verb = t[p.verb[0] : p.verb[1]] if p.verb else ""
        thing = t[p.object[0] : p.object[1]] if p.object else ""
        if not thing and start < clause.start:
            thing = _scope_object(text[start - offset : clause.start - offset])
        action = Action(
            start=start if k == 0 else clause.start + a,
            end=clause.start + b,
            type="action",
            verb=verb,
            object=thing.strip("，、 "),
            modifiers=tuple(_without_de(t[i:j]) for i, j in p.modifiers),
            actor=said.actor[0] if said.actor else None,
            actor_span=said.actor[1] if said.actor else None,
            modal=p.modal or said.duty,
            score=value,
        )
        out.append(action)
    return out


def _without_de(modifier: str) -> str:
    """A modifier without its ending 地, where that is one (有针对性地, but 就地)."""
    stem = modifier.removesuffix("地")
    return stem if stem in wording.modifiers() else modifier


def _scope_object(scope: str) -> str:
    """The object that a fronted 对…的 gives a verb without one."""
    m = re.match(r"(?:对于|对)(.*)，\s*$", scope, re.DOTALL)
    return m.group(1) if m else ""


def _quote_start(seen: Sequence[View], n: int) -> int:
    """Where the quote begins: at the clause's own words, or at a scope that fronts it."""
    start = seen[n].clause.start + (seen[n].parsed.start or 0)
    k = n - 1
    while k >= 0 and seen[k].frame == "scope":
        start = seen[k].clause.start
        k -= 1
    return start


def _pairs(view: View) -> list[tuple[int, int, Parsed]]:
    """The verb–object pairs of a clause, split at enumeration commas where both sides are whole pairs."""
    clause, parsed = view.clause, view.parsed
    whole = [(0, len(clause.text), parsed)]
    if parsed.object is None or parsed.verb is None or "、" not in clause.masked[parsed.object[0] :]:
        return whole
    if parsed.shape != "plain" or parsed.preposition:
        return whole
    verb = clause.text[parsed.verb[0] : parsed.verb[1]]
    if "k" in wording.verb_flags(verb):
        return whole
    cuts = [m.start() for m in re.finditer("、", clause.masked) if m.start() > parsed.verb[1]]
    if not cuts:
        return whole
    bounds = [*cuts, len(clause.text)]
    out = [(0, bounds[0], replace(parsed, object=(parsed.verb[1], bounds[0])))]
    for a, b in zip(cuts, bounds[1:], strict=True):
        part = clause.text[a + 1 : b]
        p = parsing.parse(part, clause.masked[a + 1 : b])
        if not parsing.is_pair(part, clause.masked[a + 1 : b], p):
            return whole
        out.append((a + 1, b, shifted(p, a + 1)))
    first = clause.text[parsed.verb[1] : bounds[0]]
    if "的" in clause.text[cuts[-1] :] and "的" not in first:
        return whole  # one thing described twice: 培育一批带动甲、引领乙的企业
    last = clause.masked[cuts[-1] + 1 :]
    if wording.ends_in_noun_of_action(first) or first.startswith("以") or re.search("等[^，]+", last):
        return whole  # 推广以甲、乙等替代丙
    return out if 1 < len(first) <= 16 else whole
