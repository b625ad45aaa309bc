"""Numbers to be reached: 新增…超500件, 达到70%以上, 年均增长5%左右, 压缩至40个工作日以内, 翻一番.

A target is a number with a unit behind a verb of reaching, of growth or of limits, or before a bound (以上,
以内). ``indicator`` is what is counted: the subject before the verb, else the noun behind number or verb.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from luoshi.extract import wording
from luoshi.model import Target
from luoshi.text import numerals
from luoshi.text.lexicon import table

_DIGITS = r"\d[\d,，]*(?:\.\d+)?"
_WORDS = r"[一二三四五六七八九十百千两]+"
_UNITS = (
    "%|％|个百分点|百分点|个工作日|工作日|个小时|小时|个月|个季度|平方公里|平方千米|平方米|立方米|公顷|公里|千米|海里|千瓦时|千瓦|兆瓦|吉瓦|"
    "吨标准煤|标准煤|人次|人份|户次|架次|列次|标箱|美元|港元|欧元|元|人|户|家|个|项|件|条|座|所|台套|台|套|架|艘|辆|颗|种|类|"
    "次|亩|吨|斤|公斤|克|米|升|张|场|例|间|处|只|头|羽|株|棵|本|部|册|名|位|支|级|倍|成|分钟|秒|天|日|年|岁|TEU|EFLOPS|PFLOPS|PB|EB|"
    "GW|MW|P|兆|比特|毫秒|纳米|微米"
)
_AMOUNT = re.compile(
    rf"(?P<about>约|大约|接近|大致)?(?P<low>{_DIGITS}\s*(?:[%％])?\s*[-—–~～至到]\s*)?(?P<n>{_DIGITS}|{_WORDS}(?=[个家项名亿万倍成条座所户%％]))"
    rf"(?P<scale>万亿|千亿|百亿|亿|千万|百万|万|千)?(?:余|多)?(?P<u>{_UNITS})(?P<bound>以上|及以上|以下|及以下|以内|之内|左右|上下)?"
)
_DOUBLE = re.compile(r"翻(?P<n>一|两|1|2)?番")
_CUT = re.compile(r"[，；：。]")
_LEAD = re.compile(
    r"^(?:[到至于在]?\s*\d{4}\s*年(?:底|末|前)?(?:之?前)?|[到至于在]?\s*\d{1,2}月(?:\d{1,2}日)?(?:底|末|初|[上中下]旬)?(?:之?前|以前|起)?|"
    r"[到至]?“[一二三四五六十]+”(?:时期|期间|末)?|用[一二两三四五六七八九十\d]+年(?:左右)?(?:的?时间)?|年底前?|年内|每年|今年|当年|"
    r"提出|预期|预计|目标[是为]|力争|争取|确保|实现|努力|推动|促进|使|将|把|全年|其中|新增|新建|新引进|建成|建设|培育|本市|全省|全市|"
    r"年均|和|及|以及|并|同时|原则上|可以|可|应当|应(?![届急用])|须)+"
)
_TRAIL = re.compile(
    r"(?:年均|力争|累计|总数|总量|要|应当|应|须|必须|不得|可|原则上|一般|保持|稳定|基本|预计|将|争取|再|平均|已|分别|全部|"
    r"每(?:[年月日周]|季度|半年|学期)|每[个家人户]|每人每[年月日]|原则上人均|按照|按|均|达|最高|最低|至少|最多|不|[由从][^，\d]{0,6}[\d.]+[万亿]?\S{1,4}|"
    r"[比较同](?:上年|去年|前年|同期|上年同期|\d{4}年)(?:底|末|同期)?)+$"
)
_UP_TO = re.compile(
    r"^[^，]*?(?:(?:\d{1,2}月|年)(?:底|末|中)?(?:之?前|以前)|[“十一二三四五]{3,5}末)(?!.*(?:的|之前))"
)
_STEADY = re.compile(r"^[^，]*(?:稳定|不减|不降|不变|下降|提升|提高|增长|改善|上升|完成)、(?=[^，、]{2,}$)")
_GOVERNS = re.compile(
    r"(?:新增|净增|推动|帮助|组织|引导|指导|带动|支持|促进|服务|鼓励|扶持|督促|推荐|为|给|对|向|使|让|不少于|超过|至少)$"
)
_FRACTION = re.compile(r"(?P<d>[二三四五六七八十])分之(?P<n>[一二三四五])|一半")
_FRONTED = re.compile(r"(?:对|按|按照|根据|依据|向|为|给|在|以|通过|从)")
_CHAINED = re.compile(
    r"(?:[、和及与]|(?:且|最高|最低|累计|总额|不超过|不低于|原则上)+|[\d.%％]+|[万亿千百]*元|/[^、，]{1,3}|的)+"
)
_OTHER = re.compile(r"[\d百千万亿][亿万]?元|的|、")
_SPAN = re.compile(r"由[^，]{0,8}$")
_RISES = re.compile(r"(?:提高|提升|增加|降低|下降|压缩|缩短|调整|上调|下调|减少|扩大)[到至为]")
_BOUNDS_FIRST = re.compile(r"^(?:至少|不少于|不低于|超过|超|不超过|不高于|不多于|最高|最低|最多|至多|逾|约)+")
_ASPECTS = ("领域", "行业", "方面", "环节", "维度", "层面", "层次", "阶段", "要点", "字")
_SHARE = re.compile(
    r"^(?:不超过|不高于|不低于|不少于|超过|至少|最高)(?!本|全|上|规|国)([^，、\\d]{2,10}?)的?$"
)
_NUMBER = re.compile(r"\d")
_SOME_NUMBER = re.compile(r"[\d一二三四五六七八九十百千万两]")
_LISTED = re.compile(r"[、\d]")
_SIZE = ("级", "水深", "直径", "口径")
_LONG = ("高", "长", "宽", "深", "厚")
_LENGTHS = frozenset(["米", "千米", "公里", "海里", "毫秒", "纳米", "微米"])
_CONDITION = re.compile(
    r"的(?!(?:一次性|财政|配套|专项|贷款|资金)?(?:基础上?|补[贴助]|奖|支持|[资奖]金|标准|经费|贷款|增长|规模|目标|速度|比例|额度))"
)
_AFTER = re.compile(r"(?:左右|以上)?的?([^，；。、（()\d]{2,24})")
_TIMES = frozenset(
    [
        "个工作日",
        "工作日",
        "个小时",
        "小时",
        "个月",
        "个季度",
        "分钟",
        "秒",
        "天",
        "日",
        "年",
        "岁",
        "毫秒",
        "级",
        "分",
    ]
)
_LIMITS = re.compile(r"提升|提高|压缩|缩短|控制|降|减|不超过|提速|延长|达到")
_NOT_TARGET = re.compile(
    r"第$|十[一-六]五$|“$|《[^》]*$|（[^）]*$|[由从]$|每(?:增加|新增|满|招用|减少|提高|超过)?$|《$"
)


_NO_REACHING = frozenset(
    ("增速", "增幅", "占比", "左右", "约", "为", "至", "到", "上限", "最高", "最低", "最多", "至多", "至少")
)
_PARTS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)}
_DONE_WITH = frozenset(["完成", "实现"])
_LIMIT_WORDS = frozenset(
    ["至少", "不少于", "不低于", "超过", "超", "不超过", "不高于", "不多于", "最高", "最低", "最多", "至多"]
) | {"逾", "约", "高于", "突破", "达到", "达"}
_BOUNDS = re.compile(
    r"(?:至少|不少于|不低于|超过|超|不超过|不高于|不多于|最高|最低|最多|至多|逾|约|达到|达|各)+$"
)


@cache
def _makes() -> re.Pattern[str]:
    return re.compile("|".join(v for v, comparison, _ in _verbs() if comparison in ("n", "+n")))


@cache
def _verbs() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Verb of reaching, its comparison, and its pattern right before a number."""
    rows = table("luoshi.extract", "target_verbs.tsv")
    return tuple((r[0], r[1], re.compile(re.escape(r[0]))) for r in rows)


@lru_cache(maxsize=4096)
def find(text: str) -> tuple[Target, ...]:
    """The targets of a clause, in order."""
    if not _SOME_NUMBER.search(text):
        return ()
    out: list[Target] = []
    floor = 0
    for m in _AMOUNT.finditer(text):
        target = _target(text, m, floor) or _next_of_list(text, m, floor, out)
        if target is not None:
            out.append(target)
            floor = m.end()
    for m in _FRACTION.finditer(text):
        verb, comparison, at, _ = _verb_before(text[: m.start()])
        if verb and m.start() - at - len(verb) <= 2 and comparison not in ("n", "+n"):
            value = round(100 * _PARTS[m["n"]] / _PARTS[m["d"]], 2) if m["d"] else 50.0
            sign = _comparison(comparison, "", "")
            out.append(Target(text[at : m.end()], _indicator(text, 0, at, m.end()), sign, value, "%"))
    for m in _DOUBLE.finditer(text):
        times = 4.0 if m["n"] in ("两", "2") else 2.0
        out.append(Target(m.group(), _indicator(text, 0, m.start(), m.end()), "x", times, "倍"))
    return tuple(out)


def _next_of_list(text: str, m: re.Match[str], floor: int, found: list[Target]) -> Target | None:
    """What is counted beside the last thing made (建设园区3个、泊位20个)."""
    between = text[floor : m.start()]
    if (
        not found
        or between[:1] not in ("、", "和", "及")
        or m["u"] in _TIMES
        or _NOT_TARGET.search(text[: m.start()])
    ):
        return None
    last, what = found[-1], between.strip("、和及")
    if (
        last.comparison not in ("=", "+", ">", ">=", "about")
        or not _makes().match(last.quote)
        or len(what) < 2
        or _NUMBER.search(what)
    ):
        return None
    value = _value(m["n"], m["scale"] or "")
    sign = _comparison("+n" if last.comparison == "+" else "n", m["bound"] or "", m["about"] or "")
    return Target(text[floor + 1 : m.end()], what, sign, value, m["u"].replace("％", "%"))


def _target(text: str, m: re.Match[str], floor: int) -> Target | None:
    number, unit, bound = m["n"], m["u"], m["bound"] or ""
    if number == "一" or _NOT_TARGET.search(text[: m.start()]) or (unit == "年" and len(number) == 4):
        return None
    if text.startswith((*_ASPECTS, *_SIZE, *(_LONG if unit in _LENGTHS else ())), m.end()) or (
        _SPAN.search(text[: m.start()]) and _RISES.match(text, m.end())
    ):
        return None
    before = text[floor : m.start()]
    if bound not in ("左右", "上下") and _CONDITION.match(text, m.end()) and not before.endswith("规模"):
        return None  # 产值超百亿元的县: says which, not how many
    verb, comparison, at, bounded = _verb_before(before)
    if not verb and (not bound or not re.search(r"[\u4e00-\u9fff]{2}", before)):
        return None
    if unit in _TIMES and not (verb and _LIMITS.search(verb)):
        return None
    if not number[0].isdigit() and verb and len(before) - at - len(verb) > 2:
        return None  # 实施新一轮千亿斤粮食产能提升行动
    value = _value((m["low"] or number).rstrip("-—–~～至到 %％"), m["scale"] or "")
    sign = ">=" if m["low"] and not bound else _comparison(bounded or comparison, bound, m["about"] or "")
    start = floor + at if verb else m.start()
    made = comparison in ("n", "+n")
    what = (
        _made(text, floor, start + len(verb), m.start(), m.end())
        if made
        else _indicator(text, floor, start, m.end())
    )
    if not what and verb:
        what = text[start + len(verb) : m.start()].strip("了共约超近达 ")
    if comparison in ("+", "-") and sign != comparison:
        what += verb  # growth with a bound: 投入年均增长 >= 7
    return Target(text[start : m.end()], what, sign, value, unit.replace("％", "%"))


def _made(text: str, floor: int, start: int, number: int, end: int) -> str:
    """What is made or added: behind the number (建设3个园区), else before it (建设园区3个)."""
    after = _behind(text, end, number)
    between = _TRAIL.sub(
        "", _BOUNDS.sub("", _BOUNDS_FIRST.sub("", text[start:number].strip("了共约超近达 ")))
    )
    if between == "就业":
        return _LEAD.sub("", text[floor : start - 2]) + text[start - 2 : start] + between  # 城镇新增就业
    if between.endswith(("等", "的")) or (after and _LISTED.search(between)) or (after and len(between) <= 3):
        return after or between
    if len(between) >= 2 and len(text[floor:start]) - 2 < 4:
        return between
    if len(between) < 2 or (len(between) <= 3 and not after):
        before = _indicator(text, floor, start, end).removeprefix("其中")
        return (before if before.endswith(text[start - 2 : start]) else "") + between or after or before
    return between


def _behind(text: str, end: int, number: int) -> str:
    """The noun behind a number, or behind the numbers that are strung to it (30%、最高50万元的补助)."""
    chained = _CHAINED.match(text, end)
    after = _AFTER.match(text, chained.end() if chained and _NUMBER.search(chained.group()) else end)
    found = after.group(1).strip("的").rstrip("和及与、") if after else ""
    return found[: _doing(found)] if _GOVERNS.search(text, 0, number) else found


def _doing(text: str) -> int:
    """Where a verb begins behind those counted (30家企业｜开展改造); the length where there is none."""
    for i in range(2, len(text) - 2):
        for word in wording.by_start(wording.VERBS).get(text[i : i + 2], ()):
            if text.startswith(word, i) and "n" not in wording.verb_flags(word):
                return i
    return len(text)


def _value(number: str, scale: str) -> float | None:
    plain = numerals.parse_number(number.replace("，", "").replace(",", "") + scale)
    if plain is None:
        return None
    return plain


def _verb_before(before: str) -> tuple[str, str, int, str]:
    """The last verb of reaching before a number: (verb, comparison, where it begins, bound between both)."""
    best: tuple[int, int, str, str] | None = None
    made: tuple[int, str, str] | None = None
    for verb, comparison, pattern in _verbs():
        for m in pattern.finditer(before) if verb in before else ():
            if before[: m.start()].endswith("每"):
                continue  # 每增加1人
            if comparison in ("n", "+n"):
                if made is None or (m.start(), -len(verb)) < (made[0], -len(made[1])):
                    made = (m.start(), verb, comparison)
            elif verb in _DONE_WITH and len(before) - m.end() > 1:
                continue
            elif best is None or (m.end(), len(verb)) > (best[0], best[1]):
                best = (m.end(), len(verb), verb, comparison)
    near = made is not None and "，" not in before[made[0] :] and len(before) - made[0] <= 44
    if (
        best is not None
        and made is not None
        and len(made[1]) > best[1]
        and made[0] < best[0] <= made[0] + len(made[1])
    ):
        best = None  # 改造提升农村幸福院20所
    # a verb of reaching stands right before its number; of making and adding, before what is counted
    if (
        best is not None
        and len(before) - best[0] <= 6
        and not _OTHER.search(before.removesuffix("的"), best[0])
    ):
        if made is not None and near and best[2] in _LIMIT_WORDS and not _names(before[: made[0]]):
            begin, end = best[0] - best[1], made[0] + len(made[1])
            share = before[best[0] :].strip("了共约近 ")
            if len(share) >= 2 and share != "本市" and end <= begin:
                return best[2], best[3], begin, ""  # 给予不超过总投入15%
            if end <= begin or (best[0] <= made[0] and len(before) - end <= 1):
                return made[1], made[2], made[0], best[3]  # 新建泊位超12个, 至少建成1个
        return best[2], best[3], best[0] - best[1], ""
    if made is not None and near:
        return made[1], made[2], made[0], ""
    return "", "", 0, ""


def _names(prefix: str) -> bool:
    """Whether what stands before a verb is a noun that it belongs to (重点人群｜签约服务覆盖率)."""
    left = _TRAIL.sub("", _LEAD.sub("", prefix))
    return len(left) >= 2 and left[-1] not in "区市县镇乡村局厅委部门府司社省校院户，"


def _comparison(comparison: str, bound: str, about: str) -> str:
    if bound in ("以上", "及以上"):
        return ">="
    if bound in ("以下", "及以下", "以内", "之内"):
        return "<="
    if comparison in ("+", "-", "+n"):
        return "+" if comparison.startswith("+") else "-"
    if bound in ("左右", "上下") or about in ("约", "大约", "大致", "近", "接近"):
        return "about"
    return "=" if comparison in ("", "n") else comparison


def _number_at(text: str, start: int, end: int) -> int:
    """Where the number of a target begins."""
    m = _NUMBER.search(text, start, end)
    return m.start() if m else start


def _indicator(text: str, floor: int, start: int, end: int) -> str:
    """What reaches the number: the subject before the verb, else the noun behind the number."""
    before = _STEADY.sub("", _UP_TO.sub("", _CUT.split(text[floor:start])[-1]))
    before = _TRAIL.sub("", _LEAD.sub("", before))
    after = _behind(text, end, _number_at(text, start, end))
    verb = wording.by_start(wording.VERBS).get(before[-2:], ("",))[-1] == before[-2:]
    if len(before) >= 2 and not verb and not _FRONTED.match(before):
        return before.strip("的以及和与、 ")
    share = _SHARE.search(text[start : _number_at(text, start, end)])
    if share:
        return share.group(1)  # 不超过总投入的15%
    if after:
        return after  # 对返乡人员给予最高2万元补贴
    if len(before) >= 2:
        return before.strip("的以及和与、 ")
    return after or before.strip("的")


def trimmed(subject: str) -> str:
    """A subject without the adverbs and comparisons behind it (办理时限比上年, 集中收集率力争)."""
    return _TRAIL.sub("", subject) or subject


def reaching(text: str) -> tuple[int, int] | None:
    """Span of the verb of reaching in a goal (…达到 70%), ``None`` where there is none.

    The one right before the first number, else the first.
    """
    number = _NUMBER.search(text)
    stop = number.start() if number else -1
    best: tuple[int, int, int, int] | None = None
    for verb, _, pattern in _verbs():
        if verb in _NO_REACHING or verb not in text:
            continue
        for m in pattern.finditer(text):
            near = 0 if 0 <= stop - m.end() <= 6 else 1
            place = -m.end() if near == 0 else m.start()
            if best is None or (near, place, -len(verb)) < best[:3]:
                best = (near, place, -len(verb), m.start())
    return (best[3], best[3] - best[2]) if best else None
