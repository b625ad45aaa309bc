"""Who must act: the words before a modal (各级政府应当…), before the verb (国家建立…), behind 由."""

from __future__ import annotations

import re

from luoshi.extract.parsed import Parsed
from luoshi.extract.reader import Reader, Span, skip_modifiers, unlisted
from luoshi.extract.wording import actor_end, group, is_actor, pattern, prepositions, verbs

_ACTORS_IN_STATEMENTS = group("actors-in-statements")
_IN_BODIES = group("in-bodies")
_MODAL = pattern("modal")
_NO_ACTORS = group("no-actors")
_NO_BODY = group("no-body")
_OPENINGS = tuple(sorted(group("body-openings")))
_SUFFIXES = tuple(sorted(group("body-suffix"), key=len, reverse=True))
_TRAILING = pattern("trailing")
_WHEN = pattern("when")
_HOLDS = ("政府", "国务院", "机关", "委员会", "所属")
_NEVER_WITHIN = frozenset(
    [
        "正在",
        "主动",
        "积极",
        "认真",
        "及时",
        "尽快",
        "抓紧",
        "是",
        "为",
        "内",
        "中",
        "期内",
        "期间",
        "后",
        "前",
        "时",
        "可以",
        "应当",
        "必须",
        "不得",
        "可",
        "能够",
    ]
)
_HELD = pattern("held-by")
_REPORT = pattern("reported-up")
_FRONTS = ("在", "由", "于", "向", "与", "按", "以", "通过", "经")
_WHOLE = ("全省", "全市", "全县", "全区", "全国", "全社会")
_MEETS = ("符合", "具备", "具有", "满足", "达到")
_NAMES_BODIES = group("names-bodies")
_NAMES_OFFICES = group("names-offices")
_DIRECTING = group("directing")
_FALSE_ENDS = tuple(sorted(group("false-ends")))


def read_actor(reader: Reader, at: int, parsed: Parsed) -> int:
    """Where the actor that begins at ``at`` ends, with a modal behind it; ``at`` where there is none."""
    text = reader.text
    for m in _MODAL.finditer(reader.masked, at):
        if m.start() - at > 48:
            break
        subject = text[at : m.start()]
        if m.start() == at:
            parsed.modal = m.group()
            return m.end()
        if text.startswith(prepositions(), at) and text[at] != "由" and not text.startswith(_OPENINGS, at):
            break
        named = is_actor(subject) and is_body(reader, at, m.start())
        if named or (len(subject) >= 2 and governs(reader, m)):
            if named:
                parsed.actor = (at, m.start())
            else:
                parsed.shape = "subject"
                parsed.object = (at, m.start() - len(_TRAILING.search(subject).group()))  # type: ignore[union-attr]
            parsed.modal = m.group()
            return m.end()
    return at


def governs(reader: Reader, m: re.Match[str]) -> bool:
    """Whether a modal that stands behind words which name no known body is one (移动端要全面支持…)."""
    if m.group() in ("应当", "不得", "必须", "应该", "不准"):
        return True
    if m.group() in ("严禁", "禁止"):
        return reader.text[m.start() - 1] in "内中上里外下间时区地"
    if m.group() not in ("要", "应", "须") or reader.text[m.start() - 1] in "需重主纲提简只不将把和与":
        return False
    after = skip_modifiers(reader, m.end(), [])
    if _REPORT.match(reader.text, after):
        return True
    if m.group() in ("应", "须") and reader.text.startswith(_FRONTS, after):
        return True
    if m.group() == "应" and unlisted(reader, after) > after and reader.text[after + 1] != "尽":
        return True
    return reader.verb_at(after) > after or (
        m.group() in ("应", "须") and reader.text.startswith(_MEETS, after)
    )


def is_body(reader: Reader, start: int, end: int) -> bool:
    """Whether words could name those who act: no verb, adverb or preposition among them, no half bracket."""
    text = reader.text
    if (
        text.endswith(_FALSE_ENDS, start, end)
        or (end - start > 3 and text.endswith(_WHOLE, start, end))
        or (text[start] in _NO_BODY and not text.startswith(_OPENINGS, start))
        or text[start:end] in _NO_ACTORS
        or text[start:end].count("（") != text[start:end].count("）")
        or _directs(reader, start, end)
    ):
        return False
    for at in range(start, end):
        token = reader.token(at)
        if token is None or token.word in _IN_BODIES:
            continue
        if token.word in _NEVER_WITHIN:
            return False
        if token.word == "的" and start < at < end - 2 and text.endswith(_HOLDS, start, at):
            continue  # 人民政府的主管部门
        if token.tag[0] in "pdu" and token.word not in ("及其", "等"):
            return False
        doing = token.tag[0] == "v" and token.tag != "vn" and len(token.word) > 1
        if doing and token.end < end and "n" not in verbs().get(token.word, (3, ""))[1]:
            if text.startswith(_SUFFIXES, token.end):
                continue
            return False
    return True


def _directs(reader: Reader, start: int, end: int) -> bool:
    """Whether the words are a verb and the body that it directs (督促｜各镇人民政府), not one name."""
    word = reader.text[start : start + 2]
    name = reader.text[start + len(word) : end]
    return word in _DIRECTING and len(name) > 4 and name[0] not in "、和与及" and is_actor(name)


def compound(reader: Reader, at: int) -> int:
    """End of a name that begins with a verb (牵头单位, 督查室); ``at`` where there is none."""
    word = reader.listed(at)
    if not word:
        return at
    end = at + len(word)
    if word in ("试点", "示范"):
        named = actor_end().search(reader.text, end, end + 8)
        if named and is_body(reader, at, named.end()):
            return named.end()
    second = reader.listed(end)  # 监督管理部门
    if len(second) > 1 and "n" in verbs()[second][1]:
        end += len(second)
    for suffix in _SUFFIXES:
        if reader.text.startswith(suffix, end) and not reader.text.startswith("组织", end):
            ambiguous = suffix in ("企业", "人员", "方", "者", "人", "中心", "城市", "地区")
            flags = set(verbs()[word][1])
            names = word in _NAMES_OFFICES or ("n" in flags and not flags & {"c", "r", "k"})
            if word not in _NAMES_BODIES and (ambiguous or not names):
                return at
            return end + len(suffix)
    return at


def bare_actor(reader: Reader, at: int, parsed: Parsed) -> int:
    """Where an actor without a modal behind it ends (省科技厅牵头制定…); ``at`` where there is none.

    Words before 由 are what it acts upon (办法由省科技厅制定).
    """
    text = reader.text
    by = text.find("由", at, at + 40)
    begin = by + 1 if by >= 0 and (by == at or text[by - 1] not in "自理缘因") else at
    if text[begin : begin + 1] == "请":
        begin += 1
    for m in actor_end().finditer(text, begin, min(len(text), begin + 60)):
        end = m.end()
        token = reader.token(end)
        if (
            end - begin < 2
            or (token is None and not _WHEN.match(text, end))
            or (m.group() == "部" and text[end - 2] in "全内外局大")
        ):
            continue
        if end < len(text) - 2 and (compound(reader, end) > end or _HELD.match(text, end)):
            continue  # 省委｜督查室, 人民政府｜管理专利工作的部门
        modifiers: list[Span] = []
        after = skip_modifiers(reader, end, modifiers)
        word = reader.listed(after)
        doubtful = (
            "n" in verbs()[word][1] and m.group() in _ACTORS_IN_STATEMENTS and by < 0 if word else False
        )
        found = (
            bool(word) and reader.verb_at(after, first=not doubtful) > after and not reader.describes(after)
        )
        if not found:
            found = text.startswith(prepositions(), after) and bool(
                modifiers or token is None or token.tag in ("p", "d", "v")
            )
        if found and is_body(reader, begin, end):
            parsed.actor = (begin, end)
            if begin > at + 1:
                parsed.shape, parsed.object = "subject", (at, begin - 1)
            return end
    return at
