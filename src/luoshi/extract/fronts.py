"""Clauses whose verb comes behind a phrase: 围绕甲建设乙, 把甲建成乙, 对甲实行乙."""

from __future__ import annotations

import re

from luoshi.extract.clauses import HIDDEN
from luoshi.extract.parsed import Parsed, Span
from luoshi.extract.reader import AMBIGUOUS, Reader, between, modifiers_before, skip_modifiers, unlisted
from luoshi.extract.wording import group, modifiers, pattern, verbs

_AND_SO_ON = pattern("and-so-on")
_AS = pattern("as")
_BA = group("ba")
_LEADS_TO_LAST = frozenset(
    ["在", "自", "按", "按照", "从", "由", "向", "对", "对于", "将", "就", "与", "同", "会同", "给", "依"]
)
_LEADS_UP = tuple(sorted(group("leads-up")))
_MADE = pattern("made-so")
_SOON_OF = re.compile(r"[^，、]{1,4}的")
_RULE_ENDS = pattern("rule-ends")
_OF = re.compile(r"的[^，]{2,14}$")
_REACHING = frozenset(
    ["达到", "超过", "突破", "增长", "提高", "提升", "下降", "降低", "增加", "减少", "保持", "稳定"]
)
_AMOUNT = re.compile(r"[到至在]?[约近]?\d")
_LISTED = pattern("listed")
_LIGHT = group("light")
_TO = group("dative")
_HANDS = group("hands-over")
_MODAL = pattern("modal")
_FIRM = frozenset(["应当", "不得", "必须", "应", "要", "严禁", "须"])
_POSTED = ("系统", "平台", "栏", "网站", "名单", "制度")
_MOVES = group("topic-moves")
_RULES = group("by-rule")
_JOINS = tuple(sorted(group("joins")))
_PLACES = ("住所", "场所", "交易所", "事务所", "研究所", "派出所", "厕所")
_STATIVE = group("stative")
_IN_LIST = pattern("in-list")
_NO_GOAL = group("no-verb-of-ba")
_PUT = pattern("put")


def _last(reader: Reader, at: int, start: int, preposition: str) -> int:
    """End of a verb that ends the clause, behind what leads up to it (在三日内办结, 按职责配合)."""
    word = reader.listed(start)
    end = start + len(word)
    if end != len(reader.text) or len(word) < 2 or not reader.whole(start, word):
        return start
    before = reader.text[max(at, start - 2) : start]
    if preposition in _RULES and "n" in verbs()[word][1] and preposition != "按":
        return start
    if preposition in _TO and word in _HANDS:
        return end
    before_it = reader.text[max(at, start - 2) : start]
    if (
        before.endswith("等")
        or preposition not in _LEADS_TO_LAST
        or (word not in _LIGHT and reader.listed(start - 2) == before_it)
    ):
        return start  # 组织｜搬迁
    led = before.endswith(_LEADS_UP) or before in modifiers() or before[-1:] in modifiers()
    return end if led or ("n" not in verbs()[word][1] and before) else start


def candidates(reader: Reader, at: int, preposition: str = "") -> list[tuple[float, int, int]]:
    """Verbs behind a preposition at ``at``: (score, start, end), for the one that the phrase leads up to."""
    out: list[tuple[float, int, int]] = []
    for start in reader.starts():
        if start < at + 1 or reader.masked[start] == HIDDEN:
            continue
        word = reader.listed(start)
        if not word:
            end = _unlisted(reader, at, start)
            if end:
                out.append((1.2 - 0.05 * len(out), start, end))
            continue
        if not _may_govern(reader, at, start, word, preposition):
            continue
        end = reader.verb_at(start, first=False)
        if end == start:
            end = _last(reader, at, start, preposition)
        if end == start or _is_means(reader.text, at, (start, end), preposition):
            continue
        score = _score(reader, at, (start, end), word, preposition, out)
        if score is not None:
            out.append((score - 0.05 * len(out), start, end))
    return out


def _unlisted(reader: Reader, at: int, start: int) -> int:
    """End of a verb on no list behind a word that ends a phrase (在…领域｜深耕), 0 where there is none."""
    text = reader.text
    if start > at + 2 and text[start - 1] in "等上下中域面点" and text[start - 2 : start] != "中等":
        end = unlisted(reader, start)
        return end if end and text[end] not in "的、和与及" else 0
    return 0


def _may_govern(reader: Reader, at: int, start: int, word: str, preposition: str) -> bool:
    """Whether a listed verb may be more than a part of the phrase, by what stands right beside it."""
    text = reader.text
    if (
        text[start - 1] in "的所之、和与及"
        and not text.endswith(_PLACES, 0, start)
        and not (text[start - 1] == "的" and text[at - 1] == "对" and "n" not in verbs()[word][1])
    ):
        return False
    end = start + len(word)
    if word == "规定" or text.startswith("的", end):
        return False
    if preposition in ("对", "对于", "为") and _OF.search(text, end) and word not in _LIGHT | _HANDS:
        return False  # 对已经完成改造的码头
    return not (word in _REACHING and _AMOUNT.match(text, end))


def _is_means(text: str, at: int, verb: Span, preposition: str) -> bool:
    """Whether a verb is only one of several means or aims that are listed (通过约谈、通报等方式)."""
    start, end = verb
    if text[at - 1] in "绕托焦向足助" and _LISTED.search(text, end) and "等" not in text[at:start]:
        return True
    listed = preposition == "通过" and "、" in text[at:start] and "等" not in text[at:end]
    return listed and _LISTED.search(text, end) is not None


def _score(
    reader: Reader, at: int, verb: Span, word: str, preposition: str, found: list[tuple[float, int, int]]
) -> float | None:
    """How much speaks for a verb, ``None`` where it is none that the phrase leads up to.

    :param found: the verbs before it.
    """
    text = reader.text
    start, end = verb
    flags = verbs()[word][1]
    token = reader.token(start)
    noun = "n" in flags or (token is not None and token.tag[0] == "n")
    score = (1.3 if "c" in flags else 1.0) if noun else 2.0
    before = text[modifiers_before(reader, start, at) : start] or text[max(at, start - 2) : start]
    if _AND_SO_ON.search(text, at, start) or before.endswith(_LEADS_UP):
        score += 1.5
    elif before in modifiers() or (before == "社会" and word[0] == "公"):
        score += 0.8 if noun else 1.5
    if reader.masked[start - 1] == HIDDEN:
        score += 0.5
    if found and found[-1][2] == start and found[-1][0] >= 1.0 and word not in _LIGHT:
        score -= 1.5  # 办理｜换证手续
    relative = bool(found) and _SOON_OF.match(text, end) is not None
    if word in _LIGHT and preposition not in _RULES and not relative:
        score += 2.0
    elif word in _HANDS and text[at - 1] in "向给为对":
        score += 1.0
    if text[end : end + 1] in ("和", "与", "及"):
        score -= 0.6
    if text[end : end + 1] == "、" or (
        end == len(text) and word not in _LIGHT and any(s >= 1.5 for s, _, _ in found)
    ):
        return None
    if preposition in _RULES and _RULE_ENDS.search(text, end) and not before.endswith(_LEADS_UP):
        return None
    if _IN_LIST.match(text, end) and "、" in text[at:start] and found:
        score -= 1.5  # 通过平台办理执照、公积金缴存等业务
    if preposition in _RULES and score - 0.5 * (before in AMBIGUOUS or before == "自主") < 1.5:
        return None
    return score


def behind_preposition(reader: Reader, at: int, parsed: Parsed) -> bool:
    """Reads a clause that goes on at ``at`` with a preposition; whether a verb was found."""
    text = reader.text
    preposition = parsed.preposition
    if preposition == "以" and _AS.match(text, at):
        return False
    if preposition == "为":
        after = skip_modifiers(reader, at + (2 if text[at + 1 : at + 2] == "了" else 1), [])
        if reader.verb_at(after) > after and not reader.nominal(after, reader.listed(after)):
            parsed.shape = "purpose"
            return False
    if preposition in _BA:
        return _ba(reader, at, parsed)
    if preposition in ("在", "从") and "上下功夫" in text[at:]:
        stop = text.index("上下功夫", at)
        parsed.object, parsed.verb, parsed.how = (at + 1, stop), (stop + 1, stop + 4), "list"
        return True
    if preposition in ("与", "同", "和") and text.endswith(_JOINS):
        return False
    if _behind_modal(reader, at + len(preposition), parsed):
        return True
    found = candidates(reader, at + len(preposition), preposition)
    if not found:
        return False
    value, start, end = max(found)
    if value < 1.1 and preposition not in _TO:
        return False
    begin = modifiers_before(reader, start, at + len(preposition))
    if begin < start:
        parsed.modifiers.extend(between(reader, begin, start))
    parsed.verb, parsed.how = (start, end), "list"
    parsed.object = (end, len(text)) if end < len(text) else None
    if parsed.object is None and preposition in ("对", "对于"):
        parsed.object = (at + len(preposition), begin)
    return True


def _behind_modal(reader: Reader, at: int, parsed: Parsed) -> bool:
    """Reads the verb behind a modal that the phrase at ``at`` leads up to (对薄弱环节要开展督查)."""
    if parsed.modal:
        return False
    for m in _MODAL.finditer(reader.masked, at + 2):
        found: list[tuple[int, int]] = []
        after = skip_modifiers(reader, m.end(), found)
        end = reader.verb_at(after)
        if m.group() in _FIRM and end > after:
            parsed.modal, parsed.verb, parsed.how = m.group(), (after, end), "list"
            parsed.modifiers.extend(found)
            parsed.object = (end, len(reader.text)) if end < len(reader.text) else None
            return True
    return False


def _ba(reader: Reader, at: int, parsed: Parsed) -> bool:
    """把 A 建成 B, 把 A 落实到 B, 将 A 纳入 B: the object is A."""
    text = reader.text
    parsed.shape = "ba"
    best: tuple[float, int, int] | None = None
    for start in reader.starts():
        if start < at + 2 or reader.masked[start] == HIDDEN or text[start - 1] in "的所之、":
            continue
        word = reader.listed(start)
        token = reader.token(start)
        end = start + len(word) if word and reader.whole(start, word) else 0
        whole = word or (token.word if token else "")
        if whole in _NO_GOAL or (whole in _STATIVE and whole not in ("作为", "成为", "用于")):
            continue
        if end and (text.startswith("的", end) or (word in _MOVES and text.startswith(_POSTED, end))):
            continue
        if not end and token is not None and token.tag[0] == "v" and token.tag != "vn":
            end = token.end
        if not end or end - start > 6:
            continue
        score = 1.0
        tail = "" if text.startswith("作为", end) else text[end : end + 1]
        if (tail and tail in "成为到至在入给于向作") or (
            text[end - 1] in "成为入到至作" and end - start >= 2
        ):
            score = 3.0
        elif word in _MOVES:
            score = 2.0
        elif end == len(text):
            score = 1.8  # 将决算汇总
        elif word and "n" in verbs()[word][1]:
            score = 0.2
        if score < 3.0 and "的" in text[end : end + 8]:
            score -= 0.9  # 将需要申请许可的企业告知…
        if tail and tail in "成":
            end += 1
            if text[end : end + 1] == "为":
                end += 1
        elif tail and tail in "为作":
            end += 1
        score -= 0.01 * start
        if best is None or score > best[0]:
            best = (score, start, end)
    ized = _MADE.search(text) if best is None or best[0] < 2.0 else None
    if ized and reader.masked[ized.start()] != HIDDEN:
        best = (2.0, ized.start(), ized.end())  # 把做法制度化
    if best is None or best[0] < 1.0:
        m = _PUT.search(text, at + 2)
        if m:
            best = (2.0, m.start(), m.end())
    if best is None:
        return False
    _, start, end = best
    begin = modifiers_before(reader, start, at + 1)
    parsed.modifiers.extend(between(reader, begin, start))
    parsed.verb, parsed.object, parsed.how = (start, end), (at + 1, begin), "list"
    return True
