"""A clause into its parts: who must act, modifiers, what fronts the verb, verb, object.

The parts are found by word lists (``data/verbs.tsv``, ``modifiers.tsv``, ``prepositions.tsv``, ``actors.tsv``) read
from the left, with the tags of the cutter where a word is on no list. Offsets count from the clause's beginning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from luoshi.extract.clauses import HIDDEN
from luoshi.text import tokens
from luoshi.text.lexicon import table, words

Span = tuple[int, int]

_PACKAGE = "luoshi.extract"
_LONGEST_VERB = 8
_JOINED = re.compile(r"和|与|并|及|、|或者?|以及")
AMBIGUOUS = frozenset(
    "加快 加速 统筹 规范 集中 协调 优先 突出 综合 示范 抓紧 狠抓 分类 分级 简化 创新 合理 协同 联合 主动 深入 试点 加力 "
    "重点 集成 系统 努力 着力 精准 精心".split()
)
"""Words that are a modifier before another verb and a verb (or noun) before a noun."""

_CONJUNCTION = re.compile(r"(?:同时|此外|另外|其中|并且|而且|以及|因此|首先|其次|再次|最后|特别是|尤其是|要么|并(?![购轨联网])|且|也|还|又|则|就|即|希望|恳请)")
_TIME = re.compile(
    r"(?:到|至|在|自|从|截至|力争|争取|力争到|争取到|确保到|计划到)?(?:[“”一二三四五六七八九十]{3,6}(?:时期|期间|末)?|\d{4}\s*年(?:至|到|[-—~－])?(?:\d{4}\s*年)?"
    r"|今年|明年|本年度|年内|年底|全年|上半年|下半年|本届|本届政府任期内)"
    r"(?:\d{1,2}月)?(?:\d{1,2}日)?(?:一季度|二季度|三季度|四季度|上半年|下半年)?(?:年底|年末|底|末|初)?(?:之?前|以前|起|内|之后|后|以来)?(?:，|,)?"
)
_MODAL = re.compile(
    r"(?:应当|应该|必须|须|不得|不准|不能|不应当|不应|不可以|禁止|严禁|可以|可|有权|有义务|负有|一定要|都要|也要|还要|更要|特别要|务必要|要(?![求素闻点件地道领害员是])|应(?![用对急邀届聘征税收])|拟(?![定订]))"
)
NEGATIVE = frozenset("不得 不准 不能 不应当 不应 不可以 禁止 严禁".split())
_BINDING = frozenset("要 应当 应该 必须 须 不得 不准 不能 不应当 不应 不可以 禁止 严禁".split())
_IZED = re.compile(r"(?:[\u4e00-\u9fff]{1,4}化[、和，])*[\u4e00-\u9fff]{1,4}化(?:地)?")
_HIGH = re.compile(r"[高深严实细优快][\u4e00-\u9fff]{1,2}地?|“?一[\u4e00-\u9fff]一[\u4e00-\u9fff]”?|[\u4e00-\u9fff]{2,4}地")
_BA = frozenset("把将")
_PUT = re.compile(r"(?:摆|放|挺|落|写|贯穿|体现|置)(?=[在到于进])")


@cache
def _verbs() -> dict[str, tuple[int, str]]:
    return {r[0]: (int(r[1]), r[2] if len(r) > 2 else "") for r in table(_PACKAGE, "verbs.tsv")}


@cache
def _modifiers() -> dict[str, str]:
    return {r[0]: r[1] for r in table(_PACKAGE, "modifiers.tsv")}


_VERBS, _MODIFIERS = "verbs.tsv", "modifiers.tsv"


@cache
def _by_start(name: str) -> dict[str, tuple[str, ...]]:
    """The words of a list of two characters and more by their first two, the longest first."""
    out: dict[str, list[str]] = {}
    for row in table(_PACKAGE, name):
        if len(row[0]) > 1:
            out.setdefault(row[0][:2], []).append(row[0])
    return {k: tuple(sorted(v, key=len, reverse=True)) for k, v in out.items()}


@cache
def _heads() -> frozenset[str]:
    return words(_PACKAGE, "nominal_heads.tsv")


@cache
def _prepositions() -> tuple[str, ...]:
    return tuple(sorted(words(_PACKAGE, "prepositions.tsv"), key=len, reverse=True))


@cache
def _actor() -> re.Pattern[str]:
    ends = "|".join(sorted((re.escape(w) for w in words(_PACKAGE, "actors.tsv")), key=len, reverse=True))
    return re.compile(rf"[^，的{HIDDEN}]{{0,40}}?(?:{ends})(?:[（(][^（）()]{{1,30}}[）)])?")


@lru_cache(maxsize=8192)
def verb_strength(verb: str) -> int:
    """Strength of a verb on the scale of ``data/verbs.tsv``; that of its first known part, 3 for unknown verbs."""
    known = _verbs()
    for n in range(min(len(verb), _LONGEST_VERB), 0, -1):
        if verb[:n] in known:
            return known[verb[:n]][0]
    return 3


@lru_cache(maxsize=8192)
def verb_flags(verb: str) -> str:
    """Flags of a verb in ``data/verbs.tsv``, of the longest known beginning; empty for unknown verbs."""
    known = _verbs()
    for n in range(min(len(verb), _LONGEST_VERB), 0, -1):
        if verb[:n] in known:
            return known[verb[:n]][1]
    return ""


def modifier_class(word: str) -> str:
    """``force``, ``ongoing`` or ``steady``; ``steady`` for words on no list."""
    return _modifiers().get(word, "steady")


@cache
def _actor_end() -> re.Pattern[str]:
    ends = "|".join(sorted((re.escape(w) for w in words(_PACKAGE, "actors.tsv")), key=len, reverse=True))
    return re.compile(rf"(?:{ends})(?:[（(][^（）()]{{1,30}}[）)])?")


@dataclass(slots=True)
class Parsed:
    """The parts of a clause; spans are ``(start, end)`` in it.

    ``front``: a scope, means or time stands between the clause's beginning and its verb. ``how``: ``list`` where
    the verb is on the list, ``tag`` where only the cutter says so, ``none`` where there is no verb. ``shape``:
    ``plain``, ``ba`` (把 A 建成 B), ``toward`` (A 向 B 倾斜), ``subject`` (a statement about something).
    """

    start: int = 0
    actor: Span | None = None
    modal: str = ""
    modifiers: list[Span] = field(default_factory=list)
    preposition: str = ""
    verb: Span | None = None
    object: Span | None = None
    how: str = "none"
    shape: str = "plain"

    @property
    def front(self) -> bool:
        """Whether something fronts the verb."""
        return bool(self.preposition)


class _Reader:
    """Reads one clause from the left."""

    def __init__(self, text: str, masked: str) -> None:
        self.text = text
        self.masked = masked
        self._tokens: dict[int, tokens.Token] | None = None

    def token(self, at: int) -> tokens.Token | None:
        """The cutter's word that begins at ``at``."""
        if self._tokens is None:
            self._tokens = {t.start: t for t in tokens.tag(self.text)}
        return self._tokens.get(at)

    def starts(self) -> list[int]:
        """Where the cutter's words begin."""
        self.token(0)
        return list(self._tokens or ())

    def listed(self, at: int) -> str:
        """The longest verb of the list at ``at``, empty where there is none."""
        for word in _by_start(_VERBS).get(self.text[at : at + 2], ()):
            if self.text.startswith(word, at):
                return word
        return self.text[at] if self.text[at : at + 1] in _verbs() else ""

    def modifier(self, at: int) -> str:
        """The longest modifier of the list at ``at``, empty where there is none."""
        for word in _by_start(_MODIFIERS).get(self.text[at : at + 2], ()):
            if self.text.startswith(word, at):
                return word
        return self.text[at] if self.text[at : at + 1] in _modifiers() else ""

    def whole(self, at: int, word: str) -> bool:
        """Whether the listed verb is a word here, and not part of a longer noun (服务业, 建设者, 发展改革委)."""
        end = at + len(word)
        if self.text.startswith(_NAME_GOES_ON.get(word, "\0"), end):
            return False
        if self.text[end : end + 1] in _NOUN_ENDS and self.text[end : end + 2] not in _NOT_NOUN_ENDS:
            token = self.token(at)
            return token is None or token.end <= end
        if len(word) >= 2 and "n" not in _verbs()[word][1]:
            return True
        token = self.token(at)
        if token is None:
            inner = self.token(at + 1)
            return len(word) >= 2 and (inner is None or inner.end >= end)
        if token.end <= end:
            last = self.token(end - 1)
            return len(word) == 1 or last is None or last.end <= end
        return token.word[len(word) :] in _verbs() or (token.tag[0] == "v" and token.tag != "vn")

    def nominal(self, at: int, word: str) -> bool:
        """Whether a listed verb here is rather a noun: nothing follows, or 的, or a noun that it describes."""
        flags = _verbs()[word][1]
        rest = self.text[at + len(word) :]
        if not rest or _SIDE.match(rest):
            return True
        if rest[0] in "的、和与及等之者率力权型性业量费额":
            if rest[0] in "、和与及" and "n" in flags:
                begin = at + len(word) + 1
                follow = self.listed(begin)
                return not follow or self.nominal(begin, follow)
            return not (rest[0] in "、和与及等" and "n" not in flags)
        if "n" not in flags:
            return False
        for n in (2, 1):
            if rest[:n] in _heads() and (len(rest) <= n + 2 or rest[n] in "和与、的及等"):
                return True
        follow = self.listed(at + len(word))
        return bool(follow) and "n" in _verbs()[follow][1] and (len(rest) == len(follow) or rest[len(follow)] in "的、和与及等")

    def describes(self, at: int) -> bool:
        """Whether the verb at ``at`` is part of a subject that something is said about (评估结果作为…)."""
        word = self.listed(at)
        flags = _verbs()[word][1]
        if "n" not in flags or "k" in flags:
            return False
        rest = self.text[at + len(word) :]
        for n in (3, 2, 1):
            after = at + len(word) + n
            if rest[:n] in _heads() and (_PREDICATE.match(rest, n) or (n > 1 and self.verb_at(after, first=False) > after)):
                return True
        return bool(_STATE.match(rest)) or ("c" not in flags and bool(_REACHES.search(rest)))

    def verb_at(self, at: int, *, first: bool = True) -> int:
        """End of the verb, with what is coordinated with it, that begins at ``at``; ``at`` where there is none."""
        word = self.listed(at)
        if not word or not self.whole(at, word):
            return at
        if self.text.startswith("的", at + len(word)) or (not first and self.nominal(at, word)):
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
        if head in _GOOD and end < len(self.text) - 1 and self.text[end] in "好起" and self.text[end : end + 2] not in _AFTER_GOOD:
            end += 1
        return end

    def _coordinated(self, at: int, head: str) -> int:
        """End of a second verb that shares the object with the verb ``head`` before ``at``."""
        text = self.text
        join = _JOINED.match(text, at)
        joined = join is not None
        begin = join.end() if join else at
        word = self.listed(begin)
        if len(word) < 2 or not self.whole(begin, word):
            return at
        rest = text[begin + len(word) :]
        if not rest or rest[0] in "的等、和与及或":
            if not (rest and rest[0] in "、和与及并或" and joined and self._coordinated(begin + len(word), word) > begin + len(word)):
                return at
        flags, before = _verbs()[word][1], _verbs().get(head, (3, ""))[1]
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


_SIDE = re.compile(r"[上中下里内](?!海|市|线|网|下|游|级|国|央|小|心|部|医|药|学|式|外|上|乡|沉|放|达|行|华|俄|欧|亚|日|韩|蒙|原|介|试|标|职|长|层|升|限|调|浮)|方面|过程中|领域|期间|以来|之[前后]|[，；]")
_PREDICATE = re.compile(r"作为|应|由|达|占|为|是|不|向|纳入|列入|显著|持续|明显|更加|不断|大幅|基本|全面|进一步|稳步|得到|实现|超过|较|比|已|可|须|必须|要|均|原则上|在|从|保持|位居|居|高于|低于|力争|争取")
_STATE = re.compile(
    r"[\u4e00-\u9fff]{2,}(?:显著|明显|不断|持续|稳步|更加|进一步|基本|大幅|全面|有效|日益|初步|愈加|较为|逐步|充分)[\u4e00-\u9fff]{2,3}$"
)
_LISTED = re.compile(r"等[^，、]{0,10}$")
_REACHES = re.compile(
    r"(?:达到?|超过?|突破|提[高升][到至]|增[长至加]|保持在|稳定在|降至|不低于|不少于|控制在|占|下降|降低).{0,6}[\d一二两三四五六七八九十百]"
)
_AND_SO_ON = re.compile(r"等[^，、]{1,5}$")
_TRAILING = re.compile(r"(?:既|更|就|一律|均|都|也|还|一般|原则上|仍|仍然|同时)?$")
_LED_UP = re.compile(r"(?:方面|领域|过程中|期间|日内|限内|范围内|之日起|前|后|时|规定|要求|程序|原则|等)")
_AS = re.compile(r"以.{1,40}(?:为(?!由)|作为).{1,16}$")
_NAME_GOES_ON = {"发展": "改革", "负责": "同志"}
_NOUN_ENDS = frozenset("业者型性费率权员方法院司史观感力人度")
_NOT_NOUN_ENDS = frozenset("业务 业态 业绩 方案 方式 方向 方法 方便 方面 法规 法治 法律 员工 权力 权利 权益 费用 力量 力度 力争 感知 观念 型号 业主 院校 人民 人才 人口 人力 人大 人工 人均 人文 人居 人身 人类 人数 人次 人选 人事 人社 人与 人工智能 人民群众 度假 度夏 度汛".split())
_AFTER_GOOD = frozenset("好人 好事 好评 好转 好的 起步 起点 起来 起伏 出口 出行 出版 出台 出租 出境 出入 出让 出资 出生 出海 出发 出具 出土 好氧".split())
_GOOD = frozenset("发挥 抓 管 用 办 讲 走 守 做 落实 维护 解决 保护 利用 服务 建设 管理 把握 处理 完成 组织 贯彻 实施 实现 凝聚 建立 珍惜 协调 统筹 贯彻落实 保障 履行 传承".split())
_INSTITUTIONAL = frozenset("建立 健全 完善 构建 制定 出台 修订 优化 创新".split())
_COMPLETES = frozenset("健全 完善 优化 细化 提升 实施 落实 出台 发布 推行 拓展 改进 修订 规范 印发".split())
_DESCRIBES = frozenset("提升 实施 落实 推行 拓展 改进 优化 发布 规范".split())
_INSTITUTION = re.compile(r"(?:措施|工作|机制|制度|体系|政策|模式|方案|计划|行动|工程|办法|路径|平台|环境|程序|流程|标准)$")
_NO_CHAIN = frozenset("做好 抓好 加强 加大 强化 促进 提升 提高 增强 扩大 加快 实施 开展 增加 降低 严格 保障 服务 深化 组织".split())
_CHAIN = frozenset("规划 谋划 布局 启动 推动 研究 探索 编制 引进 挖掘 推进 申报 争取 改革".split())


def _skip_modifiers(reader: _Reader, at: int, found: list[Span]) -> int:
    """Where the modifiers that begin at ``at`` end; their spans are added to ``found``."""
    text = reader.text
    while at < len(text) - 1:
        word = reader.modifier(at)
        ized = _IZED.match(text, at) if "化" in text[at : at + 6] else None
        if ized and ized.group()[-2:] not in _verbs() and len(ized.group()) > len(word) and reader.verb_at(ized.end(), first=True) > ized.end():
            parts = [m.span() for m in re.finditer(r"[^、和，]+", ized.group())]
            if reader.listed(at) == "" or not reader.whole(at, reader.listed(at)):
                found.extend((at + a, at + b) for a, b in parts)
                at = ized.end()
                continue
        if not word:
            return at
        end = at + len(word)
        listed = reader.listed(at)
        if len(listed) > len(word) and not (listed[: len(word)] in AMBIGUOUS) and reader.whole(at, listed):
            return at
        if not _modifies(reader, word, at, end):
            return at
        if end < len(text) and text[end] == "地" and text[end : end + 2] not in ("地方", "地区", "地质", "地下", "地面", "地铁", "地图", "地理", "地震", "地表"):
            end += 1
        found.append((at, at + len(word)))
        at = end
        if at < len(text) - 2 and text[at] == "、" and len(reader.modifier(at + 1)) > 1:
            at += 1
    return at


def _modifies(reader: _Reader, word: str, at: int, end: int) -> bool:
    """Whether a word of the modifiers' list is one here, and not the verb or part of a noun."""
    text = reader.text
    if end >= len(text):
        return False
    token = reader.token(at)
    if token is not None and token.end > end and token.tag[0] == "n" and len(word) <= 2 and not reader.listed(end):
        return False
    listed = reader.listed(at)
    if (word in AMBIGUOUS and word in _verbs()) or (listed and word not in _verbs() and word.startswith(listed)):
        behind = reader.token(end)
        if text[end] in "把将在向为对" and (behind is None or behind.tag[0] in "pdv"):
            return True
        probe: list[Span] = []
        after = _skip_modifiers(reader, end, probe)
        if reader.verb_at(after, first=False) > after:
            return True
        if text[after] in "把将" or (probe and _unlisted(reader, after)):
            return True
        follow = reader.token(after)
        if ends_in_noun_of_action(text):
            return False  # 加快 … 建设
        return follow is not None and follow.tag == "v" and not reader.listed(after) and follow.end < len(text) and follow.end - follow.start == 2 and follow.word[-1] not in "化率性者"
    return text[end] not in "的、和与性度率者业" or text[end] == "、"


def _unlisted(reader: _Reader, at: int, *, noun: bool = False) -> int:
    """End of a verb that only the cutter knows, at ``at``; 0 where there is none."""
    token = reader.token(at)
    if token is None or token.tag[0] != "v" or (token.tag == "vn" and not noun) or len(token.word) < 2 or token.word in _STATIVE:
        return 0
    return token.end if token.end < len(reader.text) else 0


def _candidates(reader: _Reader, at: int) -> list[tuple[float, int, int]]:
    """Verbs behind a preposition at ``at``: (score, start, end), for the one that the phrase leads up to."""
    text, masked = reader.text, reader.masked
    out: list[tuple[float, int, int]] = []
    for start in reader.starts():
        if start < at + 1 or masked[start] == HIDDEN:
            continue
        word = reader.listed(start)
        if not word and start > at + 2 and text[start - 1] in "等上下中域面点"  and text[start - 2 : start] != "中等":
            end = _unlisted(reader, start)
            if end and text[end] not in "的、和与及":
                out.append((1.2 - 0.05 * len(out), start, end))
            continue
        if not word or (text[start - 1] in "的所之、和与及" and not (text[start - 1] == "的" and text[at - 1] == "对" and "n" not in _verbs()[word][1])):
            continue
        end = reader.verb_at(start, first=False)
        if end == start:
            continue
        token = reader.token(start)
        noun = "n" in _verbs()[word][1] or (token is not None and token.tag[0] == "n")
        score = 1.0 if noun else 2.0
        if text[at - 1] in "绕托焦向足" and _LISTED.search(text, end) and "等" not in text[at:start]:
            continue
        before = text[max(at, start - 2) : start]
        if _AND_SO_ON.search(text, at, start) or before.endswith(_LEADS_UP) or before in _modifiers() or (before == "社会" and word[0] == "公"):
            score += 1.5
        if masked[start - 1] == HIDDEN:
            score += 0.5
        out.append((score - 0.05 * len(out), start, end))
    return out


def _behind_preposition(reader: _Reader, at: int, parsed: Parsed) -> bool:
    """Reads a clause that goes on at ``at`` with a preposition; whether a verb was found."""
    text = reader.text
    preposition = parsed.preposition
    if preposition == "以" and _AS.match(text, at):
        return False
    if preposition == "为":
        after = _skip_modifiers(reader, at + (2 if text[at + 1 : at + 2] == "了" else 1), [])
        if reader.verb_at(after) > after and not reader.nominal(after, reader.listed(after)):
            parsed.shape = "purpose"
            return False
    if preposition in _BA:
        return _ba(reader, at, parsed)
    if preposition in ("在", "从") and "上下功夫" in text[at:]:
        stop = text.index("上下功夫", at)
        parsed.object, parsed.verb, parsed.how = (at + 1, stop), (stop + 1, stop + 4), "list"
        return True
    found = _candidates(reader, at + len(preposition))
    if not found:
        return False
    value, start, end = max(found)
    if value < 1.1 and preposition in _MEANS:
        return False
    begin = _modifiers_before(reader, start, at + len(preposition))
    if begin < start:
        parsed.modifiers.extend(_between(reader, begin, start))
    parsed.verb, parsed.how = (start, end), "list"
    parsed.object = (end, len(text)) if end < len(text) else None
    if parsed.object is None and preposition in ("对", "对于"):
        parsed.object = (at + len(preposition), begin)
    return True


_LEADS_UP = tuple("等 上 下 中 为 来 面 域 点 则 式 规定 要求 程序 标准 分工 精神 部署 情况 需要 实际 办法 方案 原则 职责 权限".split())
_DUAL = frozenset("利用 运用 借助 综合运用 综合利用 学习运用".split())
_ACTORS_IN_STATEMENTS = frozenset("企业 平台 市场主体 经营主体 主体 机构 组织 单位 高校 学校 医院 个人 地区 市 县 区 省".split())
_NO_BODY = frozenset("请只于或作连通按把将对向为从以在也还并未不无非每凡若如因经")
_IN_BODIES = frozenset("有关 相关 主管 所属 直属 下属 会同 分管 负责 牵头 用人 任何 以上 以下 各 其他 及其 所在地 联合 驻".split())
_STATIVE = frozenset(
    "相关 有关 具有 具备 符合 属于 涉及 存在 包括 包含 处于 位于 面临 拥有 需要 可能 能够 没有 不是 成为 作为 以及 来自 源于 有利于 "
    "有助于 不断 增长 下降 上升 发生 出现 看到 知道 认为 觉得 希望 愿意 值得 相当于 高于 低于 超过 位居 名列 居于 达到 是否".split()
)
_MEANS = frozenset("利用 综合运用 综合利用 学习运用 对标 瞄准 紧扣 对照 借鉴 学习借鉴 通过 以 用 围绕 依托 按照 根据 依据 依照 结合 针对 面向 聚焦 立足 借助 利用 凭借 参照 运用".split())


def _between(reader: _Reader, begin: int, end: int) -> list[Span]:
    found: list[Span] = []
    _skip_modifiers(reader, begin, found)
    return [s for s in found if s[1] <= end]


def _modifiers_before(reader: _Reader, at: int, floor: int) -> int:
    """Where the modifiers that end at ``at`` begin."""
    known = _modifiers()
    begin = at
    while True:
        for n in range(min(6, begin - floor), 1, -1):
            if reader.text[begin - n : begin] in known:
                begin -= n
                break
        else:
            return begin


def _ba(reader: _Reader, at: int, parsed: Parsed) -> bool:
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
        if not end and token is not None and token.tag[0] == "v" and token.tag != "vn":
            end = token.end
        if not end or end - start > 6:
            continue
        score = 1.0
        tail = text[end : end + 1]
        if tail and tail in "成为到至在入给于向作":
            score = 3.0
        elif text[end - 1] in "成为入到至作" and end - start >= 2:
            score = 3.0
        elif word and "n" in _verbs()[word][1]:
            score = 0.2
        if tail and tail in "成":
            end += 1
            if text[end : end + 1] == "为":
                end += 1
        elif tail and tail in "为作":
            end += 1
        score -= 0.01 * start
        if best is None or score > best[0]:
            best = (score, start, end)
    if best is None or best[0] < 1.0:
        m = _PUT.search(text, at + 2)
        if m:
            best = (2.0, m.start(), m.end())
    if best is None:
        return False
    _, start, end = best
    begin = _modifiers_before(reader, start, at + 1)
    parsed.modifiers.extend(_between(reader, begin, start))
    parsed.verb, parsed.object, parsed.how = (start, end), (at + 1, begin), "list"
    return True


def _read_actor(reader: _Reader, at: int, parsed: Parsed) -> int:
    """Where the actor that begins at ``at`` ends, with a modal behind it; ``at`` where there is none."""
    text = reader.text
    for m in _MODAL.finditer(text, at):
        if m.start() - at > 48:
            break
        subject = text[at : m.start()]
        if m.start() == at:
            parsed.modal = m.group()
            return m.end()
        if text.startswith(_prepositions(), at) and text[at] != "由":
            break
        named = bool(_actor().fullmatch(subject)) and _is_body(reader, at, m.start())
        if named or (len(subject) >= 2 and _governs(reader, m)):
            if named:
                parsed.actor = (at, m.start())
            else:
                parsed.shape = "subject"
                parsed.object = (at, m.start() - len(_TRAILING.search(subject).group()))  # type: ignore[union-attr]
            parsed.modal = m.group()
            return m.end()
    return at


def _governs(reader: _Reader, m: re.Match[str]) -> bool:
    """Whether a modal that stands behind words which name no known body is one (移动端要全面支持…)."""
    if m.group() in ("应当", "不得", "必须", "应该"):
        return True
    if m.group() not in ("要", "应", "须") or reader.text[m.start() - 1] in "需重主纲提简只不将把和与":
        return False
    after = _skip_modifiers(reader, m.end(), [])
    return reader.verb_at(after) > after


def _is_body(reader: _Reader, start: int, end: int) -> bool:
    """Whether words could name those who act: no verb, no adverb, no preposition among them, no half bracket."""
    text = reader.text
    if text[start] in _NO_BODY or text[start:end].count("（") != text[start:end].count("）"):
        return False
    for at in range(start, end):
        token = reader.token(at)
        if token is None or token.word in _IN_BODIES:
            continue
        if token.tag in ("p", "d", "u") and token.word not in ("及其", "等"):
            return False
        if token.tag[0] == "v" and token.tag != "vn" and len(token.word) > 1:
            if "n" not in _verbs().get(token.word, (3, ""))[1] and token.end < end:
                return False
    return True


def _bare_actor(reader: _Reader, at: int, parsed: Parsed) -> int:
    """Where an actor without a modal behind it ends (省科技厅牵头制定…); ``at`` where there is none.

    Words before 由 are what it acts upon (办法由省科技厅制定).
    """
    text = reader.text
    by = text.find("由", at, at + 40)
    begin = by + 1 if by >= 0 and (by == at or text[by - 1] not in "自理缘因") else at
    if text[begin : begin + 1] == "请":
        begin += 1
    for m in _actor_end().finditer(text, begin, min(len(text), begin + 48)):
        end = m.end()
        token = reader.token(end)
        if end - begin < 2 or token is None or (m.group() == "部" and text[end - 2] in "全内外局大"):
            continue
        modifiers: list[Span] = []
        after = _skip_modifiers(reader, end, modifiers)
        word = reader.listed(after)
        doubtful = "n" in _verbs()[word][1] and m.group() in _ACTORS_IN_STATEMENTS if word else False
        found = bool(word) and reader.verb_at(after, first=not doubtful) > after and not reader.describes(after)
        if not found:
            found = text.startswith(_prepositions(), after) and bool(modifiers or token.tag in ("p", "d", "v"))
        if found and _is_body(reader, begin, end):
            parsed.actor = (begin, end)
            if begin > at + 1:
                parsed.shape, parsed.object = "subject", (at, begin - 1)
            return end
    return at


def parse(text: str, masked: str) -> Parsed:
    """The parts of a clause.

    :param masked: the clause with brackets and quotations hidden, as :func:`luoshi.extract.clauses.mask` gives it.
    """
    reader = _Reader(text, masked)
    parsed = Parsed()
    at = 0
    m = _CONJUNCTION.match(text)
    if m and m.end() < len(text) - 2:
        at = parsed.start = m.end()
    m = _TIME.match(text, at)
    if m and m.end() > at + 1:
        at = m.end()
    at = _read_actor(reader, at, parsed)
    for _ in range(3):
        moved = _skip_modifiers(reader, at, parsed.modifiers)
        m = _MODAL.match(text, moved)
        if m and not parsed.modal:
            parsed.modal = m.group()
            moved = m.end()
        if moved == at:
            break
        at = moved
    subject = parsed.object if parsed.shape == "subject" else None
    parsed = _read_verb(reader, at, parsed)
    if parsed.verb is None and parsed.modal in _BINDING:
        _read_duty(reader, at, parsed)
    if parsed.verb is None and parsed.modifiers and not parsed.preposition:
        start, end = parsed.modifiers[-1]
        if text[start:end] in _verbs() and end == at:
            parsed.modifiers.pop()
            parsed.verb, parsed.object, parsed.how = (start, end), (end, len(text)), "list"
    if subject is not None and parsed.verb is not None and parsed.object not in (None, subject):
        parsed.actor, parsed.shape = subject, "plain"
    return parsed


def _read_duty(reader: _Reader, at: int, parsed: Parsed) -> None:
    """The verb behind a modal of duty where no list knows it: the first that the cutter sees."""
    floor = at
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


def _read_verb(reader: _Reader, at: int, parsed: Parsed) -> Parsed:
    """Verb and object from ``at`` on, directly or behind a preposition or an actor."""
    text = reader.text
    if at >= len(text):
        return parsed
    end = reader.verb_at(at)
    leaning = text.endswith("倾斜") and "向" in text[at:] and "k" not in verb_flags(text[at:end] or text[at:])
    if leaning or (end > at and reader.describes(at)):
        after = at if leaning or parsed.actor or parsed.modal else _bare_actor(reader, at, parsed)
        if after == at:
            return _toward(reader, at, parsed)
        at = _skip_modifiers(reader, after, parsed.modifiers)
        end = reader.verb_at(at)
    if end > at and text[at:end] in _DUAL:
        parsed.preposition = text[at:end]
        if _behind_preposition(reader, at, parsed):
            return parsed
        parsed.preposition = ""
    if end > at:
        parsed.verb, parsed.how = (at, end), "list"
        if end < len(text):
            parsed.object = (end, len(text))
        return parsed
    if text[at] == "将" and text.startswith(_prepositions(), at + 1):
        at += 1
    if text[at] == "将":  # 今年将办好12件实事
        after = _skip_modifiers(reader, at + 1, parsed.modifiers)
        end = reader.verb_at(after, first=False)
        if end > after and (parsed.modifiers or "n" not in _verbs()[reader.listed(after)][1]):
            parsed.verb, parsed.how = (after, end), "list"
            parsed.object = (end, len(text)) if end < len(text) else None
            return parsed
    if text[at] == "由" and parsed.actor is None:
        after = _bare_actor(reader, at, parsed)
        if after > at:
            return _read_verb(reader, _skip_modifiers(reader, after, parsed.modifiers), parsed)
    for word in _prepositions() if text.startswith(_prepositions(), at) else ():
        if text.startswith(word, at):
            token = reader.token(at)
            if token is not None and token.end > at + len(word) and token.tag[0] in "nv" and token.tag != "vn":
                continue
            parsed.preposition = word
            if _behind_preposition(reader, at, parsed):
                return parsed
            break
    if parsed.actor is None and not parsed.modal and not parsed.preposition:
        after = _bare_actor(reader, at, parsed)
        if after > at:
            parsed.preposition = ""
            return _read_verb(reader, _skip_modifiers(reader, after, parsed.modifiers), parsed)
    if not parsed.preposition:
        end = _unlisted(reader, at, noun=bool(parsed.modal))
        if end:
            parsed.verb, parsed.object, parsed.how = (at, end), (end, len(text)), "tag"
            return parsed
        return _toward(reader, at, parsed)
    return parsed


_TOWARD = re.compile(r"(?P<a>[^，□]{2,30}?)(?P<m>重点|优先|逐步|更多|进一步|主要|加快|持续)?(?P<p>向|往)(?P<b>[^，]{2,40}?)(?P<v>倾斜|集中|集聚|延伸|下沉|转变|拓展|聚集|开放|转移|汇聚|流动|迈进)$")


def _toward(reader: _Reader, at: int, parsed: Parsed) -> Parsed:
    """A 向 B 倾斜: the object is A."""
    m = _TOWARD.match(reader.text, at)
    if m:
        parsed.shape, parsed.how = "toward", "list"
        parsed.object, parsed.verb = m.span("a"), m.span("v")
        if m["m"]:
            parsed.modifiers.append(m.span("m"))
    return parsed


def shifted(parsed: Parsed, by: int) -> Parsed:
    """The same parts, ``by`` characters further on."""

    def move(span: Span | None) -> Span | None:
        return None if span is None else (span[0] + by, span[1] + by)

    return Parsed(
        start=parsed.start + by,
        actor=move(parsed.actor),
        modal=parsed.modal,
        modifiers=[(a + by, b + by) for a, b in parsed.modifiers],
        preposition=parsed.preposition,
        verb=move(parsed.verb),
        object=move(parsed.object),
        how=parsed.how,
        shape=parsed.shape,
    )


def is_pair(text: str, masked: str, parsed: Parsed) -> bool:
    """Whether a piece of an enumeration is a verb with its object, and no noun."""
    if parsed.verb is None or parsed.object is None or parsed.how != "list" or parsed.preposition or parsed.actor:
        return False
    start, end = parsed.verb
    if text[end : end + 1] in ("的", "和", "与", "及", "、") or parsed.object[1] - parsed.object[0] < 2:
        return False
    reader = _Reader(text, masked)
    return bool(parsed.modifiers) or not reader.nominal(start, reader.listed(start) or text[start:end])


def ends_in_noun_of_action(text: str) -> bool:
    """Whether the words end in a verb that is often a noun (审批, 监管)."""
    return any("n" in _verbs().get(text[-n:], (3, ""))[1] for n in (2, 3, 4))


def is_time(text: str) -> bool:
    """Whether a clause is nothing but a time (到2027年, “十五五”时期)."""
    m = _TIME.match(text)
    return m is not None and m.end() == len(text)


def time_end(text: str) -> int:
    """Length of the time that a clause begins with, 0 where it begins otherwise."""
    m = _TIME.match(text)
    return m.end() if m and m.end() > 1 else 0
