"""Commitments of one sentence: which of its clauses are actions or goals, and where their parts stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from luoshi.extract import kinds, targets
from luoshi.extract import parse as parsing
from luoshi.extract.clauses import Clause, split
from luoshi.extract.kinds import View
from luoshi.extract.parse import Parsed
from luoshi.model.records import SentenceKind

Span = tuple[int, int]

_SPEECH = re.compile(
    r"(?:[^，]{0,24}(?:强调|指出|要求|提出|认为|表示|明确|说|谈到|宣布)|(?:现)?(?:就|将)[^，]{0,40}如下|提出(?:以下|如下)[^，]{0,8}|结合[^，]{0,12}实际|经[^，]{0,20}(?:同意|批准))$"
)
_COMMENT = re.compile(
    r"(?:就|才|都|更|既|也|不仅|首先|最|一个)?(?:是|需要|必须(?!坚)|关键|根基|根本|重点|核心|前提|基础|重在|贵在|难在|首要|首先|离不开|有利于|有助于|"
    r"对.{2,30}(?:具有|意义)|意义|事关|关系|关乎|意味着|成为|任务|进一步凸显|没有|不能没有|靠|方向)"
)
_STATED = re.compile(r"面临|迎来|正?处于|具有重|意义重大|进入")
_LEADS = re.compile(r"(?:包括|如下|为|是|有|之一|情形|条件|材料|内容|范围)$")
_SPEAKS = re.compile(r"要求|提出|强调|指出|认为|表示|宣布|会议|全会")
_SCOPE = re.compile(
    r"(?:重点|主要|优先)?(?:在|对|对于|以|凡|凡是|针对)[^，]*(?:领域|方面|环节|地区|区域|行业|为重点|为主|的|期间|过程中|前提下|基础上|情况下|条件下|范围内|时|中|上|内|后|前)$|[^，]*(?:之一|情形|行为|规定|条件|要求)?的$"
)
_WHERE = re.compile(r"[^，]{0,30}?(?:在|对|自|从).+(?:方面|领域|中|时|过程中|期间|范围内|时限内|期限内|日内|内|之日起|前提下|条件下|情况下|基础上)")
_MARKS = frozenset("，：,:")
_SPEECH_ENDS = frozenset("调出求为示确说到布下际意准")
_WHERE_ENDS = frozenset("面域中时程间围内起下上")
_DUTIES = frozenset("应当 必须 不得 不准 严禁 禁止 不应当".split())
_SURE = 0.5
_DUTY = frozenset("应当 必须 不得 应 须".split())
_MEANS_AS = re.compile(r"以[^，]*为(?!重点|主$)")
_CONDITION = re.compile(r"(?:对|凡|凡是|违反|有|未|因|经|不|拒不|依法|在|于)")
_PREAMBLE = re.compile(r"(?:特|现)?(?:制定|制订|提出|出台|印发|拟定|编制)(?:了)?(?:本|以下|如下|该)|如下(?:意见|措施|方案|规定|决定|通知)?[。：]?$|请予?审[议查]|请[^，]{0,30}提出意见|(?:致以|表示)[^，]{0,12}(?:感谢|敬意|问候|祝贺|谢意)")
_SLOGAN = 6
_GOAL = re.compile(
    r"(?:力争|争取|努力|确保|基本|全面|率先|如期)?(?:实现|达到|形成|建成|打造|成为|构建|走出|迈上|跃上|取得|再上|谱写|开创|突破|超过)"
    r"|[^，]{2,30}(?:显著|明显|更加|大幅|基本|全面|持续|稳步|进一步|不断)[\u4e00-\u9fff]{2,4}$|[^，]{2,30}(?:达到|超过|突破|位居|保持在|增长|提高到|提升至|下降|降低)"
)
_DONE = re.compile(r"已|截至|累计|同比|较上年|比上年")
_FUTURE = re.compile(r"到[“\d]|力争|争取|目标|预期|将|\d{4}\s*年(?:底|末)?(?:之?前|，)|确保|至\d{4}年")
_PRINCIPLE = re.compile(r"坚持|牢记|秉持|恪守|遵循|统筹|立足|牢固树立|深刻|深入学习|自觉|以.{2,30}为|紧紧围绕|紧扣|聚焦")
_PAST = re.compile(
    r"截至|以来，|一年来|五年来|过去|去年|上年|已经|已[建完形取累开达出成实有在]|取得(?:了|显著|明显|重大|积极|新|重要|历史)|[^为除罢终]了[^解结]|累计|同比|比上年|较上年|"
    r"得到(?:了|显著|明显|有效|全面)|(?:^|，)(?:共有|现有)|荣获|跃居|是.{2,40}的(?:一年|关键|重要|必然|基础|保障)"
)


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
    parsed = [parsing.parse(c.text, c.masked) for c in clauses]
    frames = [_frame(c, p) for c, p in zip(clauses, parsed, strict=True)]
    _mark_conditions(clauses, parsed, frames)
    counted = [n for n, f in enumerate(frames) if f not in ("speech", "scope", "time")]
    place = {n: k for k, n in enumerate(counted)}
    return [
        View(c, p, f, place.get(n, 0), len(counted))
        for n, (c, p, f) in enumerate(zip(clauses, parsed, frames, strict=True))
    ]


def _mark_conditions(clauses: Sequence[Clause], parsed: Sequence[Parsed], frames: list[str]) -> None:
    """Marks what belongs to a condition of several clauses (对甲，乙的，…) and what a duty is about (设立甲，应当…)."""
    for n, clause in enumerate(clauses):
        if frames[n] == "scope" and clause.text.endswith("的") and not _CONDITION.match(clause.text):
            for k in range(n - 1, -1, -1):
                if clauses[k].mark != "，" or frames[k] == "scope":
                    break
                if _CONDITION.match(clauses[k].text):
                    frames[k:n] = ["scope"] * (n - k)
                    break
        if n == 1 and clauses[0].mark == "，" and not parsed[0].modal and not parsed[0].modifiers and _COMMENT.match(clause.text):
            frames[0] = "scope"  # 推动振兴，关键在创新
        modal = parsed[n].modal
        if (
            n == 1 and modal in _DUTY and clause.text.startswith(modal) and not parsed[0].modal and not parsed[0].actor
            and clauses[0].mark == "，" and parsed[0].shape == "plain" and not parsed[0].modifiers
        ):  # fmt: skip
            frames[0] = "scope"


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
        if last in "后前时" and len(text) > 4 and not parsed.modal and text[-2:] not in ("年前", "及时", "按时", "同时", "随时"):
            return "scope"
        if (parsed.verb is None or parsed.preposition) and last in _WHERE_ENDS and _WHERE.fullmatch(text):
            return "scope"
        if parsed.verb is None and _SCOPE.fullmatch(text) and not _MEANS_AS.match(text):
            return "scope"
        if last == "的" and len(text) > 3:
            return "scope"
    return kinds.frame(text, parsed)[1]


def read(text: str, offset: int = 0, *, past: bool = False, ahead: bool = False) -> tuple[tuple[Action, ...], SentenceKind]:
    """The commitments of a sentence, and what kind of sentence it is.

    :param text: the sentence as it stands in the clean text.
    :param offset: where it begins there.
    :param ahead: it stands in a part about aims, so its numbers are to be reached.
    :param past: it stands in a part that looks back; then it has none.
    """
    seen = views(text, offset)
    if past or _PREAMBLE.search(text) or (_PAST.search(text) and not any(v.parsed.modal for v in seen) and not _FUTURE.search(text)):
        return (), "context"
    if len(seen) > 1 and all(len(v.clause.text) <= _SLOGAN for v in seen):
        return (), "principle"  # 统筹规划，协调推进
    out: list[Action] = []
    actor: tuple[str, Span] | None = None
    for n, view in enumerate(seen):
        if view.frame in ("speech", "scope", "time") or _is_lead(view):
            continue
        own = view.parsed.actor
        if own is not None:
            actor = (view.clause.text[own[0] : own[1]], (view.clause.start + own[0], view.clause.start + own[1]))
        if view.parsed.verb is None and view.parsed.shape != "toward":
            goal = _goal(text, offset, view, ahead)
            if goal:
                out.append(goal)
            continue
        value = kinds.score(kinds.features(seen, n))
        if view.parsed.modal in _DUTIES and not view.frame.startswith("means"):
            value = max(value, _SURE)  # in a rule every duty counts
        if value <= 0:
            goal = _goal(text, offset, view, ahead)
            if goal:
                out.append(goal)
            continue
        out.extend(_actions(text, offset, seen, n, actor, value))
    return tuple(out), _kind(text, seen, out)


def _is_lead(view: View) -> bool:
    """Whether a clause only leads up to a list, or reports: 主要措施：, …的情形包括：, 确定了…."""
    text, parsed = view.clause.text, view.parsed
    if view.clause.mark in ("：", ":") and (len(text) <= 8 or _LEADS.search(text)):
        return True
    if parsed.verb is None or parsed.object is None:
        return False
    thing = text[parsed.object[0] : parsed.object[1]]
    return thing[0] in "了过" or (not parsed.modal and _STATED.search(thing) is not None)


def _goal(text: str, offset: int, view: View, ahead: bool) -> Action | None:
    """A number to be reached, as a commitment of its own."""
    clause = view.clause
    if not ahead and not _FUTURE.search(text):
        return None
    if _DONE.search(clause.text) or not targets.find(clause.text):
        return None
    start = clause.start + parsing.time_end(clause.text)
    quote = text[start - offset : clause.end - offset]
    a, b = targets.reaching(quote) or (0, 0)
    thing = quote[:a] if a else quote[b:]
    return Action(start, clause.end, "goal", quote[a:b], thing, (), None, None, "", 0.0)


def _kind(text: str, seen: Sequence[View], found: Sequence[Action]) -> SentenceKind:
    if any(a.type == "action" for a in found):
        return "action"
    if found:
        return "goal"
    bodies = [v for v in seen if v.frame not in ("speech", "scope", "time")]
    if any(_GOAL.match(v.clause.text) and not _DONE.search(v.clause.text) for v in bodies) and not _PAST.search(text):
        return "goal"
    if bodies and sum(bool(_PRINCIPLE.match(v.clause.text)) or v.frame.startswith("means") for v in bodies) * 2 >= len(bodies):
        return "principle"
    return "context"


def _actions(
    text: str, offset: int, seen: Sequence[View], n: int, actor: tuple[str, Span] | None, value: float
) -> list[Action]:
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
            modifiers=tuple(t[i:j].rstrip("地") or t[i:j] for i, j in p.modifiers),
            actor=actor[0] if actor else None,
            actor_span=actor[1] if actor else None,
            modal=p.modal,
            score=value,
        )
        out.append(action)
    return out


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
    if "k" in parsing.verb_flags(verb):
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
        out.append((a + 1, b, parsing.shifted(p, a + 1)))
    first = clause.text[parsed.verb[1] : bounds[0]]
    if "的" in clause.text[cuts[-1] :] and "的" not in first:
        return whole  # one thing described twice: 培育一批带动甲、引领乙的企业
    if parsing.ends_in_noun_of_action(first):
        return whole
    return out if 1 < len(first) <= 16 else whole
