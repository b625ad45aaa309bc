"""Bodies that a text makes responsible, with their part: notes in brackets, labelled lines, running text.

Roles follow the annotators' conventions: 牵头 leads; 责任单位, 负责 are responsible; 配合, 参加, 协同, 支持
support; “A会同B负责” makes A responsible and B supporting; “等” is never a body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from luoshi.model import Unit
from luoshi.model.records import Role
from luoshi.text import regions
from luoshi.text.lexicon import table
from luoshi.text.sought import Sought
from luoshi.text.unit_lists import Member, acceptable, members, shaped
from luoshi.text.units_english import english_units


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A body named in a text with its part: ``name`` is exactly ``text[start:end]``."""

    name: str
    role: Role
    start: int
    end: int

    @property
    def unit(self) -> Unit:
        """As a unit of a commitment, with the code of the region that its name begins with."""
        return Unit(self.name, self.role, code=_code(self.name))


def _code(name: str) -> str | None:
    found = regions.find(name)
    return found[0].code if found and found[0].start == 0 else None


@dataclass(frozen=True, slots=True)
class _Words:
    label_role: tuple[tuple[str, Role], ...]
    verb_role: dict[str, Role]
    label: re.Pattern[str]
    verb: re.Pattern[str]
    running: Sought


_BODY_WORD = "单位|部门|机构|处室|科室|主体|方|地区|区县|县区|委办局|企业|组"
_PERSON = re.compile(r"领导|责任人|负责人|人员|联系人|校核|同志")
_OTHER_LABEL = re.compile(r"[一-鿿]{2,12}[：:]")
_NOTE = re.compile(
    r"[（(【\[〔]([^（(【\[〔）)】\]〕]*(?:[（(][^（()）]*[)）][^（(【\[〔）)】\]〕]*)*)[）)】\]〕]"
)
_WITH = re.compile(
    "(?P<lead>牵头)?(?P<with>会同|商(?!务|业|会|贸|联|场|品|标)|联合(?!会)|协同)|(?P<lead2>牵头)"
)
_STATE = re.compile(r"(?:完成|推进|坚持|持续|实施|落实|启动|底|月|年|前)$|^(?:长期|持续|完成时限)")
_OWN_PART = re.compile(r"[（(]((?:牵头|配合|负责|责任|主办|协办)(?:单位|部门)?)[）)]$")
_MANNER = re.compile(r"(?:负责|分别|共同|具体|积极|密切|联合|主要|按(?:照)?(?:各自)?职责(?:分工)?|按分工)+$")
_TAIL = re.compile(r"[，,]([^，。；：\n]{2,60}?)(?:等)?(?:配合|参与|参加|协助|协同)")
_VAGUE = re.compile(
    r"^(?:一个|不同|其他|其它|所在|本|该|其|原|有权|相应|上述)?(?:企业|单位|部门|机构|小组|组织|学校|院校|高校)$|^(?:一个|不同|其|所)"
)
_PAGE = re.compile(r"主办|承办|协办")
_FIRST = re.compile(
    r"(?:排|列|位)名?[在于]?(?:第[一1]位?|首位|最前面?)(?:的|者)?(?:责任)?(?:部门|单位)?[^，。；）)]{0,6}(?:牵头|主办)|"
    r"(?:第一个?|首个)(?:责任)?(?:部门|单位)[^，。；）)]{0,4}[为是](?:牵头|主办)"
)
_REMARKS = re.compile(
    r"[，,；;](?=[^，,；;]*(?:[排列位]名?[在于]?(?:第[一1]|首位)|第一个?责任|下同|长期|持续|常态|\d|年底|年内|全年|完成|推进)).*$"
)


@cache
def _words() -> _Words:
    rows = table("luoshi.text", "unit_roles.tsv")
    labels = tuple((r[0], _role(r[1])) for r in rows if r[2] == "label")
    verbs = {r[0]: _role(r[1]) for r in rows if r[2] == "verb"}
    parts = "|".join(sorted((w for w, _ in labels), key=len, reverse=True))
    heads = "|".join(sorted(verbs, key=len, reverse=True))
    # in running text 承担 is mostly about costs, 实施 and 支持 about anything
    heads_running = "|".join(sorted((v for v in verbs if "牵头" in v or "负责" in v), key=len, reverse=True))
    label = re.compile(
        rf"(?P<label>(?:[一-鿿]{{0,4}}?(?:{parts})[（(]?(?:{parts}|和|与|及|、|/)*[)）]?(?:{_BODY_WORD})?(?:[（(][^（()）]*[)）])?)"
        rf"|[一-鿿]{{0,6}}(?:领导|责任人|负责人|联系人))[：:]"
    )
    return _Words(
        labels,
        verbs,
        label,
        re.compile(rf"(?:{heads})(?=$|[，,；;。、]|等)"),
        Sought(
            rf"(?<![自理因缘经])由(?P<list>[^由，。；：\n的]{{2,80}}?)"
            rf"(?:(?P<verb>{heads_running})(?!同志|人)|(?P<with>会同)(?P<others>[^，。；：\n]{{2,40}}?(?:办事处|部门|单位|委|局|厅|部|办(?!事|理|公|法))))",
            first="由",
        ),
    )


def _role(word: str) -> Role:
    if word == "lead":
        return "lead"
    return "support" if word == "support" else "responsible"


def first_named_leads(text: str) -> bool:
    """Whether a document says that the first named body leads (排在第一位的部门为牵头部门，下同)."""
    return _FIRST.search(text) is not None


def first_named_note(text: str) -> int | None:
    """Where a document says so (the note's first character), ``None`` where it does not."""
    found = _FIRST.search(text)
    return found.start() if found else None


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """The bodies of one note, labelled line or running clause; ``start`` and ``end`` span the note itself."""

    start: int
    end: int
    mentions: tuple[UnitMention, ...]
    running: bool = False


def find_groups(text: str, *, first_leads: bool = False, running: bool = True) -> list[UnitGroup]:
    """The notes of a paragraph with their bodies, in order; parameters as for :func:`find_units`."""
    out: list[UnitGroup] = []
    for m in _NOTE.finditer(text):
        found = (
            _labelled(text, *m.span(1)) or _unlabelled(text, *m.span(1), strict=True) or _bare_list(text, m)
        )
        if found:
            lead = first_leads or first_named_leads(m[1])
            out.append(UnitGroup(*m.span(), tuple(_lead_first(found) if lead else found)))
    for start, end in _lines(text):
        if not any(g.start < end and g.end > start for g in out):
            found = _labelled(text, start, end, note=False)
            if found:
                out.append(UnitGroup(start, end, tuple(_lead_first(found) if first_leads else found)))
    if not out and re.search("[A-Za-z]{4}", text):
        found = [UnitMention(text[s:e], role, s, e) for s, e, role in english_units(text)]
        out = [UnitGroup(found[0].start, found[-1].end, tuple(found))] if found else []
    if not out and running:
        out = [UnitGroup(g[0].start, g[-1].end, tuple(g), True) for g in _running(text)]
    return sorted(out, key=lambda g: g.start)


def find_units(text: str, *, first_leads: bool = False, running: bool = True) -> list[UnitMention]:
    """The bodies that a paragraph makes responsible, in order.

    Notes in brackets and labelled lists come first; where there is one, running text (由A牵头，B配合) is not
    looked at, for the note says it all.

    :param first_leads: the document says that the first named body of each note leads.
    :param running: whether to read running text too.
    """
    groups = find_groups(text, first_leads=first_leads, running=running)
    return sorted((u for g in groups for u in g.mentions), key=lambda u: u.start)


def parse_cell(text: str, role: Role, *, first_leads: bool = False) -> list[UnitMention]:
    """The bodies of a table cell whose column gives them their part, unless the cell has labels itself."""
    found = _labelled(text, 0, len(text)) or _unlabelled(text, 0, len(text), strict=True)
    if not found:
        found = [
            _mention(text, m, role) for m in members(text, 0, len(text)) if acceptable(text[m.start : m.end])
        ]
    return _lead_first(found) if first_leads else found


def label_role(label: str) -> Role | None:
    """The part that a label or a column's title gives (牵头单位 → lead), ``None`` for any other."""
    if _PERSON.search(label) or not re.search(_BODY_WORD, label):
        return None
    return label_role_of(label)


def _lines(text: str) -> list[tuple[int, int]]:
    """Spans between line breaks and table cells that hold a label."""
    return [m.span() for m in re.finditer(r"[^\n\t]+", text) if "：" in m.group() or ":" in m.group()]


def _mention(text: str, m: Member, role: Role) -> UnitMention:
    """A member as a mention; a remark in brackets behind the name (牵头) gives it its own part."""
    if own := _OWN_PART.search(text, m.start, m.end):
        return UnitMention(text[m.start : own.start()], label_role_of(own[1]) or role, m.start, own.start())
    return UnitMention(text[m.start : m.end], role, m.start, m.end)


def label_role_of(word: str) -> Role | None:
    """The part that a word of a label or remark gives."""
    return next((role for part, role in _words().label_role if part in word), None)


def _lead_first(found: list[UnitMention]) -> list[UnitMention]:
    if not found or found[0].role == "support" or any(u.role == "lead" for u in found):
        return found
    return [replace(found[0], role="lead"), *found[1:]]


def _labelled(text: str, start: int, end: int, *, note: bool = True) -> list[UnitMention]:
    """Bodies after labels: 牵头单位：A；配合单位：B、C."""
    out: list[UnitMention] = []
    labels = [
        m
        for m in _words().label.finditer(text, start, end)
        if m.start() == start or text[m.start() - 1] in "（(【[；;，,。、 　\t|*.．）)"
    ]
    for i, m in enumerate(labels):
        word = m["label"]
        if _PERSON.search(word) or (not note and (_PAGE.search(word) or not re.search(_BODY_WORD, word))):
            continue
        role = next(r for w, r in _words().label_role if w in word)
        stop = labels[i + 1].start() if i + 1 < len(labels) else end
        out += _list_after(text, m.end(), stop, role)
    return out


def _list_after(text: str, start: int, stop: int, role: Role) -> list[UnitMention]:
    """The list after a label, up to the first thing that is no body."""
    cut = re.compile(r"[。\n\t|]").search(text, start, stop)
    stop = cut.start() if cut else stop
    if other := _OTHER_LABEL.search(text, start, stop):
        mark = max(text.rfind(c, start, other.start() + 1) for c in "；;，,、 　")
        stop = mark if mark > start else min(stop, other.start())
    inner = _unlabelled(text, start, stop, strict=True)
    if inner:
        return inner
    out: list[UnitMention] = []
    with_ = text.find("会同", start, stop)
    for m in members(text, start, with_ if with_ > start else stop):
        name = text[m.start : m.end]
        if m.after in ("、", "") or not out:
            if acceptable(name):
                out.append(_mention(text, m, role))
        elif shaped(name, weak=True):
            out.append(_mention(text, m, role))
        else:
            break
    if with_ > start:
        out += [
            _mention(text, m, "support")
            for m in members(text, with_ + 2, stop)
            if shaped(text[m.start : m.end])
        ]
    return out


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [m.span() for m in re.compile(r"[^，,；;。\n]+").finditer(text, start, end)]


def _unlabelled(text: str, start: int, end: int, *, strict: bool) -> list[UnitMention]:
    """Bodies before a verb: A牵头，B、C按职责分工负责. With ``strict`` each of them must look like a body."""
    out: list[UnitMention] = []
    waiting: list[tuple[int, int]] = []
    for s, e in _clauses(text, start, end):
        last = None
        for v in _words().verb.finditer(text, s, e):
            last = v
        if last is None or last.end() < e:
            waiting.append((s, e))
            continue
        role = _words().verb_role[last.group()]
        manner = _MANNER.search(text, s, last.start())
        spans = [*waiting, (s, manner.start() if manner else last.start())]
        waiting = []
        found: list[UnitMention] = []
        for a, b in spans:
            got = _bodies(text, a, b, role, strict=strict)
            # a clause that is no list cuts off whatever stood before it
            found = found + got if got else []
        out += found
    return out


def _bodies(text: str, start: int, end: int, role: Role, *, strict: bool) -> list[UnitMention]:
    """The bodies of one clause (由A会同B), none when one of them does not look like a body."""
    by = max(text.rfind("由", start, end), text.rfind("请", start, start + 1))
    if by >= start:
        start = by + 1
    parts: list[tuple[int, int, Role]] = [(start, end, role)]
    for cut in _WITH.finditer(text, start + 2, end):
        left = members(text, start, cut.start())
        if left and shaped(text[left[-1].start : left[-1].end], weak=True):
            first: Role = "lead" if cut["lead"] or cut["lead2"] else role
            parts = [(start, cut.start(), first), (cut.end(), end, "support" if cut["with"] else role)]
            break
    out: list[UnitMention] = []
    for s, e, part in parts:
        names = members(text, s, e)
        if strict and not all(shaped(text[m.start : m.end], weak=True) for m in names):
            return []
        out += [_mention(text, m, part) for m in names]
    return out


def _bare_list(text: str, note: re.Match[str]) -> list[UnitMention]:
    """A note that is nothing but a list of bodies after a finished sentence: 。（市委宣传部等）"""
    if note.start() == 0 or text[note.start() - 1] not in "。；！" or len(text[: note.start()].strip()) < 4:
        return []
    remark = _REMARKS.search(text, *note.span(1))
    end = remark.start() if remark else note.end(1)
    found = [m for m in members(text, note.start(1), end) if not _STATE.search(text[m.start : m.end])]
    if not found or not all(shaped(text[m.start : m.end]) for m in found):
        return []
    return [_mention(text, m, "responsible") for m in found]


def _running(text: str) -> list[list[UnitMention]]:
    """由A牵头，B、C配合 in running text; every name must look like a body."""
    out: list[list[UnitMention]] = []
    for m in _words().running.finditer(text):
        if m["with"]:
            found = _bodies(text, m.start("list"), m.end("others"), "responsible", strict=True)
        else:
            found = _bodies(text, m.start("list"), m.end("list"), _words().verb_role[m["verb"]], strict=True)
        if not found or any(_VAGUE.search(u.name) for u in found):
            continue
        if tail := _TAIL.match(text, m.end()):
            found += _bodies(text, tail.start(1), tail.end(1), "support", strict=True)
        out.append(found)
    return out
