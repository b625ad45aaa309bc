"""One clause under reading: which verb, which modifier begins where.

A word of a list counts unless the cutter sees a longer noun there (服务业), or it is rather a noun itself
(加快…建设). Verbs that share an object are read as one (培育壮大, 鼓励、支持、引导).
"""

from __future__ import annotations

import re
from bisect import bisect_left

from luoshi.extract.wording import (
    MODIFIERS,
    VERBS,
    by_start,
    ends_in_noun_of_action,
    group,
    heads,
    modifiers,
    pattern,
    prepositions,
    verbs,
)
from luoshi.text import tokens

Span = tuple[int, int]

AMBIGUOUS = group("ambiguous")
_AFTER_GOOD = group("after-good")
_CHAIN = group("chain")
_COMPLETES = group("completes")
_DESCRIBES = group("describes")
_GOOD = group("good")
_INSTITUTION = pattern("institution")
_INSTITUTIONAL = group("institutional")
_IZED = pattern("ized")
_JOINED = pattern("joined")
_NOT_NOUN_ENDS = group("not-noun-ends")
_NOUN_ENDS = group("noun-ends")
_NO_CHAIN = group("no-chain")
_PREDICATE = pattern("predicate")
_RULED = pattern("ruled")
_REACHES = pattern("reaches")
_SIDE = pattern("side")
_STATE = pattern("state")
_STATIVE = group("stative")
_EACH = pattern("each")
_MANNER = pattern("manner-x")
_WHEN = pattern("when")
WHEN_OPENS = frozenset("于在到至自从计力争“十今明当次本年每汛月季首末春夏秋冬上下一二三四第用岁0123456789")
_MANNER_OPENS = frozenset("因分按以超跨全多")
_QUALITY = pattern("quality")
_SOUND = pattern("sound")
_WITH_OTHERS = re.compile(r"(?:联系|合作|协作|沟通|衔接|对接|协同|联动|交流)$")
_BEGIN_WITH_KIND = ("类脑", "类器官", "类人", "类似", "类别")
_BEGIN_WITH_ETC = ("等级", "等同", "等效", "等额", "等值", "等候", "等待")
_VERBS = verbs()
_VERBS_FROM = by_start(VERBS)
_MODIFIERS = modifiers()
_MODIFIERS_FROM = by_start(MODIFIERS)
_HEADS = heads()
_PUT_INTO_EFFECT = ("细则", "方案", "办法", "意见", "规划", "计划", "路径", "步骤")
_WHILE = ("期间", "过程中", "阶段", "中如", "中若", "中遇", "中应", "中要", "中存", "中发", "中出")
_AFTERS = frozenset("后前时")
_AFTER_WORDS = group("after-words")
_ADJECTIVAL = frozenset(["重点", "一般", "主要", "综合", "系统", "联合", "公共"])
_STRONG = ("强国", "强省", "强市", "强县", "强区", "强军", "大省", "大国", "大市")  # 制造强国
_NAME_GOES_ON: dict[str, tuple[str, ...]] = {
    "发展": ("改革",),
    "负责": ("同志",),
    "攻坚": ("战",),
    "走出": ("去",),
    "集聚": ("区",),
    "纪念": ("日", "馆", "碑", "品", "章"),
    "强制": ("清算", "执行", "措施", "标准", "保险", "性"),
    "引进": ("来",),
    "创新": ("创业",),
    "融资": ("担保", "租赁", "平台", "渠道"),
    "规定": ("范围", "时间", "时限", "期限", "程序", "条件", "标准", "动作", "比例"),
}


_TOKEN = tokens.Token._make


class Words:
    """The cutter's words of a sentence, cut once for all of its clauses (and for the search for names)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: tuple[tokens.Token, ...] | None = None

    def between(self, start: int, end: int) -> dict[int, tokens.Token]:
        """The words that begin between two places, by their starts, counted from the first."""
        if self._tokens is None:
            self._tokens = tokens.tag(self._text)
        found = self._tokens
        some = found[bisect_left(found, (start,)) : bisect_left(found, (end,))]
        if start == 0:
            return {t[0]: t for t in some}
        return {a - start: _TOKEN((a - start, b - start, word, tag)) for a, b, word, tag in some}


class Reader:
    """Reads one clause from the left.

    :param words: the words of the sentence that holds it, ``base`` where the clause begins there.
    """

    def __init__(self, text: str, masked: str, words: Words | None = None, base: int = 0) -> None:
        self.text = text
        self.masked = masked
        self._words = words or Words(text)
        self._base = base
        self._tokens: dict[int, tokens.Token] | None = None

    def token(self, at: int) -> tokens.Token | None:
        """The cutter's word that begins at ``at``."""
        if self._tokens is None:
            self._tokens = self._words.between(self._base, self._base + len(self.text))
        return self._tokens.get(at)

    def starts(self) -> list[int]:
        """Where the cutter's words begin."""
        self.token(0)
        assert self._tokens is not None
        out: set[int] = set()
        for i, token in self._tokens.items():
            out.add(i)
            if token.end - token.start == 4 and token.word[:2] in _MODIFIERS and token.word[2:] in _VERBS:
                out.add(i + 2)  # 全面推行
        for i in range(1, len(self.text) - 1):
            if i not in out and self.text[i - 1] in "内中上下" and self.listed(i):
                out.add(i)  # 库区内新上项目
        return sorted(out)

    def listed(self, at: int) -> str:
        """The longest verb of the list at ``at``, empty where there is none."""
        for word in _VERBS_FROM.get(self.text[at : at + 2], ()):
            if self.text.startswith(word, at):
                split = word[2:] == "实施" and self.text.startswith(_PUT_INTO_EFFECT, at + len(word))
                return word[:2] if split else word  # 制定｜实施细则
        return self.text[at] if self.text[at : at + 1] in _VERBS else ""

    def modifier(self, at: int) -> str:
        """The longest modifier of the list at ``at``, empty where there is none."""
        for word in _MODIFIERS_FROM.get(self.text[at : at + 2], ()):
            if self.text.startswith(word, at):
                return word
        return self.text[at] if self.text[at : at + 1] in _MODIFIERS else ""

    def whole(self, at: int, word: str) -> bool:
        """Whether the listed verb is a word here, and not part of a longer noun (服务业, 建设者)."""
        end = at + len(word)
        if self.text.startswith(_NAME_GOES_ON.get(word, ("\0",)), end) or self.text.startswith(_STRONG, end):
            return False
        if self.text.startswith(("对象", "类"), end) and "n" in _VERBS[word][1]:
            return self.text.startswith(_BEGIN_WITH_KIND, end)  # 资助对象, 建设类项目
        if word == "办" and at and self.text[at - 1] in "委府调改会":
            return False  # 管委办
        if self.text.startswith("等", end) and not self.text.startswith(_BEGIN_WITH_ETC, end):
            return False  # 评审等活动
        if self.text[end : end + 1] in _NOUN_ENDS and self.text[end : end + 2] not in _NOT_NOUN_ENDS:
            token = self.token(at)
            return token is None or token.end <= end
        if len(word) >= 2 and "n" not in _VERBS[word][1]:
            return True
        token = self.token(at)
        if token is None:
            inner = self.token(at + 1)
            return len(word) >= 2 and (inner is None or inner.end >= end)
        if token.end <= end:
            last = self.token(end - 1)
            return len(word) == 1 or last is None or last.end <= end
        return token.word[len(word) :] in _VERBS or (token.tag[0] == "v" and token.tag != "vn")

    def nominal(self, at: int, word: str) -> bool:
        """Whether a listed verb is rather a noun: behind it stands nothing, 的, or a noun it describes."""
        flags = _VERBS[word][1]
        rest = self.text[at + len(word) :]
        if not rest or _SIDE.match(rest):
            return True
        if rest.startswith(("及时", "及早")):
            return False
        if "n" in flags and "k" not in flags and _RULED.match(rest):
            return True  # 平台建设可采用…
        if rest[0] in "的、和与及等之者率力权型性业量费额" and rest[:2] not in _NOT_NOUN_ENDS:
            if rest[0] in "、和与及" and "n" in flags:
                begin = at + len(word) + 1
                follow = self.listed(begin)
                return not follow or self.nominal(begin, follow)
            return not (rest[0] in "、和与及等" and "n" not in flags)
        if "n" not in flags:
            return False
        for n in (2, 1):
            if rest[:n] in _HEADS and (len(rest) <= n or rest[n] in "和与、的及等"):
                return True
        follow = self.listed(at + len(word))
        return (
            bool(follow)
            and "n" in _VERBS[follow][1]
            and (len(rest) == len(follow) or rest[len(follow)] in "的、和与及等")
        )

    def describes(self, at: int) -> bool:
        """Whether the verb at ``at`` is part of a subject that something is said about (评估结果作为…)."""
        word = self.listed(at)
        flags = _VERBS[word][1]
        rest = self.text[at + len(word) :]
        if "k" in flags:
            return False
        if "n" not in flags:
            return bool(_QUALITY.match(rest) or _SOUND.match(rest))
        for n in (3, 2, 1):
            after = at + len(word) + n
            if rest[:n] in _HEADS and (
                _PREDICATE.match(rest, n) or (n > 1 and self.verb_at(after, first=False) > after)
            ):
                return True
        return bool(_STATE.match(rest)) or ("c" not in flags and bool(_REACHES.search(rest)))

    def verb_at(self, at: int, *, first: bool = True) -> int:
        """End of the verb that begins at ``at``, with those coordinated; ``at`` where there is none."""
        word = self.listed(at)
        if not word or not self.whole(at, word):
            return at
        behind = self.text[at + len(word) : at + len(word) + 2]
        if behind[:1] == "的" or (behind[:1] in _AFTERS and behind not in _AFTER_WORDS and len(behind) > 1):
            return at  # 迁移后…
        if self.text.startswith(_WHILE, at + len(word)):
            return at  # 整改期间…
        if not first and self.nominal(at, word):
            return at
        end = at + len(word)
        head = word
        for _ in range(3):
            tail = self._coordinated(end, head)
            if tail == end:
                break
            head, end = _JOINED.sub("", self.text[end:tail], count=1), tail
        while self.text[end : end + 1] == "好" and self.listed(end + 1) in _GOOD:
            head = self.listed(end + 1)
            end += 1 + len(head)
        if (
            head in _GOOD
            and end < len(self.text) - 1
            and self.text[end] in "好起"
            and self.text[end : end + 2] not in _AFTER_GOOD
        ):
            end += 1
        return end

    def _coordinated(self, at: int, head: str) -> int:
        """End of a second verb that shares the object with the verb ``head`` before ``at``."""
        text = self.text
        if len(head) == 1 and text[at : at + 1] not in "、和与及并或":
            return at  # 对口办｜设立
        join = _JOINED.match(text, at)
        if join and join.group() == "与" and _WITH_OTHERS.search(text, join.end()):
            return at  # 加强与居民的联系
        joined = join is not None
        begin = join.end() if join else at
        word = self.listed(begin)
        if len(word) < 2 or not self.whole(begin, word):
            return at
        rest = text[begin + len(word) :]
        onward = begin + len(word)
        third = joined and rest[:1] in tuple("、和与及并或") and self._coordinated(onward, word) > onward
        if (not rest or rest[0] in "的等、和与及或") and not third:
            return at
        if word == "实施" and rest.startswith(_PUT_INTO_EFFECT):
            return at  # 制定｜实施细则
        flags, before = _VERBS[word][1], _VERBS.get(head, (3, ""))[1]
        if joined:
            return at if self.nominal(begin, word) else begin + len(word)
        if head in _INSTITUTIONAL:
            whole = word in _COMPLETES and not (word in _DESCRIBES and _INSTITUTION.search(rest))
            return begin + len(word) if whole and not self.nominal(begin, word) else at
        if "c" not in flags or head in _NO_CHAIN or self.nominal(begin, word):
            return at
        if "n" in flags and ("k" in before or "n" not in before) and head not in _CHAIN:
            return at
        return begin + len(word)


def skip_modifiers(reader: Reader, at: int, found: list[Span]) -> int:
    """Where the modifiers that begin at ``at`` end; their spans are added to ``found``."""
    text = reader.text
    while at < len(text) - 1:
        if text[at] in WHEN_OPENS:
            when = _WHEN.match(text, at)
            if when and at < when.end() < len(text) - 1:
                at = when.end()
                continue
        word = reader.modifier(at)
        if text[at] in _MANNER_OPENS:
            manner = _manner(reader, at)
            if manner > at + len(word):
                found.append((at, manner))
                at = manner
                continue
        ized = None
        if "化" in text[at : at + 6] and not text.startswith(prepositions(), at):
            ized = _IZED.match(text, at)
        if (
            ized
            and ized.group()[-2:] not in _VERBS
            and len(ized.group()) > len(word)
            and reader.verb_at(ized.end(), first=True) > ized.end()
        ):
            parts = [m.span() for m in re.finditer(r"[^、和，]+", ized.group())]
            if reader.listed(at) == "" or not reader.whole(at, reader.listed(at)):
                found.extend((at + a, at + b) for a, b in parts)
                at = ized.end()
                continue
        each = _EACH.match(text, at) if not word and text[at] in "“一" else None
        if each and reader.verb_at(each.end()) > each.end():
            found.append(each.span())
            at = each.end()
            continue
        if not word:
            return at
        end = at + len(word)
        listed = reader.listed(at)
        if len(listed) > len(word) and listed[: len(word)] not in AMBIGUOUS and reader.whole(at, listed):
            return at
        if not modifies(reader, word, at, end):
            return at
        if (
            end < len(text)
            and text[end] == "地"
            and text[end : end + 2]
            not in ("地方", "地区", "地质", "地下", "地面", "地铁", "地图", "地理", "地震", "地表")
        ):
            end += 1
        found.append((at, at + len(word)))
        at = end
        if at < len(text) - 2 and text[at] == "、" and len(reader.modifier(at + 1)) > 1:
            at += 1
    return at


def _manner(reader: Reader, at: int) -> int:
    """End of a manner that no list holds (因矿制宜, 分类别) before a verb, else ``at``."""
    m = _MANNER.match(reader.text, at)
    if m is None:
        return at
    for end in range(m.end(), at + 1, -1):
        part = _MANNER.fullmatch(reader.text, at, end)
        if part and (reader.verb_at(end) > end or reader.modifier(end)):
            return end
    return at


def modifies(reader: Reader, word: str, at: int, end: int) -> bool:
    """Whether a word of the modifiers' list is one here, and not the verb or part of a noun."""
    text = reader.text
    if end >= len(text):
        return False
    token = reader.token(at)
    if (
        token is not None
        and token.end > end
        and token.tag[0] == "n"
        and len(word) <= 2
        and not reader.listed(end)
    ):
        return False
    listed = reader.listed(at)
    if (word in AMBIGUOUS and word in _VERBS) or (listed and word not in _VERBS and word.startswith(listed)):
        behind = reader.token(end)
        if text[end] in "把将在向为对" and (behind is None or behind.tag[0] in "pdv"):
            return True
        probe: list[Span] = []
        after = skip_modifiers(reader, end, probe)
        if reader.verb_at(after, first=False) > after:
            return True
        if text[after] in "把将" or (probe and unlisted(reader, after)):
            return True
        follow = reader.token(after)
        if ends_in_noun_of_action(text):
            return False  # 加快 … 建设
        return (
            follow is not None
            and follow.tag == "v"
            and not reader.listed(after)
            and follow.end < len(text)
            and follow.end - follow.start == 2
            and follow.word[-1] not in "化率性者"
        )
    if word in _ADJECTIVAL:
        after = skip_modifiers(reader, end, [])
        if reader.verb_at(after) == after and not text.startswith(prepositions(), after):
            return False  # 重点实验室…
    return text[end] not in "的、和与性度率者业" or text[end] == "、"


def unlisted(reader: Reader, at: int, *, noun: bool = False) -> int:
    """End of a verb that only the cutter knows, at ``at``; 0 where there is none."""
    token = reader.token(at)
    if (
        token is None
        or token.tag[0] != "v"
        or (token.tag == "vn" and not noun)
        or len(token.word) < 2
        or token.word in _STATIVE
        or reader.text.startswith(_WHILE, token.end)
    ):
        return 0
    return token.end if token.end < len(reader.text) else 0


def between(reader: Reader, begin: int, end: int) -> list[Span]:
    """The modifiers between two places."""
    found: list[Span] = []
    skip_modifiers(reader, begin, found)
    return [s for s in found if s[1] <= end]


def modifiers_before(reader: Reader, at: int, floor: int) -> int:
    """Where the modifiers that end at ``at`` begin."""
    known = _MODIFIERS
    begin = at
    while True:
        for n in range(min(6, begin - floor), 1, -1):
            if reader.text[begin - n : begin] in known and reader.text[begin - n : begin] != "系统":
                begin -= n
                break
        else:
            return begin
