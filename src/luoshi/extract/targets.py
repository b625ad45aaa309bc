"""Numbers to be reached: 新增…超500件, 达到70%以上, 年均增长5%左右, 压缩至40个工作日以内, 翻一番.

A target is a number with a unit behind a verb of reaching, of growth or of limits, or before a bound (以上,
以内). ``indicator`` is what is counted: the subject before the verb, else the noun behind number or verb.
"""

from __future__ import annotations

import re
from functools import cache

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
    r"^(?:[到至]?\s*\d{4}\s*年(?:底|末|前)?(?:之?前)?|力争|争取|确保|实现|努力|推动|促进|使|将|把|全年|其中|新增|新建|新引进|建成|建设|培育|本市|全省|全市|年均)+"
)
_TRAIL = re.compile(
    r"(?:年均|力争|累计|总数|总量|要|应|保持|稳定|基本|预计|将|争取|再|平均|已|由[\d.]+\S{1,3})+$"
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
_LIMITS = re.compile(r"压缩|缩短|控制|降|减|不超过|提速|延长|达到")
_NOT_TARGET = re.compile(r"第$|十四五|十五五|“$|《[^》]*$|（[^）]*$|[由从]$|每$|《$")


@cache
def _verbs() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Verb of reaching, its comparison, and its pattern right before a number."""
    rows = table("luoshi.extract", "target_verbs.tsv")
    return tuple((r[0], r[1], re.compile(re.escape(r[0]))) for r in rows)


def find(text: str) -> tuple[Target, ...]:
    """The targets of a clause, in order."""
    if not re.search(r"[\d一二三四五六七八九十百千万两]", text):
        return ()
    out: list[Target] = []
    floor = 0
    for m in _AMOUNT.finditer(text):
        target = _target(text, m, floor)
        if target is not None:
            out.append(target)
            floor = m.end()
    for m in _DOUBLE.finditer(text):
        times = 4.0 if m["n"] in ("两", "2") else 2.0
        out.append(Target(m.group(), _indicator(text, 0, m.start(), m.end()), "x", times, "倍"))
    return tuple(out)


def _target(text: str, m: re.Match[str], floor: int) -> Target | None:
    number, unit, bound = m["n"], m["u"], m["bound"] or ""
    if number == "一" or _NOT_TARGET.search(text[: m.start()]) or (unit == "年" and len(number) == 4):
        return None
    before = text[floor : m.start()]
    verb, comparison, at = _verb_before(before)
    if not verb and (not bound or not re.search(r"[\u4e00-\u9fff]{2}", before)):
        return None
    if unit in _TIMES and not (verb and _LIMITS.search(verb)):
        return None
    if not number[0].isdigit() and verb and len(before) - at - len(verb) > 2:
        return None  # 实施新一轮千亿斤粮食产能提升行动
    value = _value((m["low"] or number).rstrip("-—–~～至到 %％"), m["scale"] or "")
    sign = ">=" if m["low"] and not bound else _comparison(comparison, bound, m["about"] or "")
    start = floor + at if verb else m.start()
    made = comparison in ("n", "+n")
    what = (
        _made(text, start + len(verb), m.start(), m.end())
        if made
        else _indicator(text, floor, start, m.end())
    )
    if not what and verb:
        what = text[start + len(verb) : m.start()].strip("了共约超近达 ")
    if comparison in ("+", "-") and sign != comparison:
        what += verb  # growth with a bound: 投入年均增长 >= 7
    return Target(text[start : m.end()], what, sign, value, unit.replace("％", "%"))


def _made(text: str, start: int, number: int, end: int) -> str:
    """What is made or added: behind the number (建设3个园区), else before it (建设园区3个)."""
    after = _AFTER.match(text, end)
    between = text[start:number].strip("了共约超近达 ")
    if len(between) >= 2 and not (after and len(between) <= 3):
        return between
    return after.group(1).strip("的") if after else between


def _value(number: str, scale: str) -> float | None:
    plain = numerals.parse_number(number.replace("，", "").replace(",", "") + scale)
    if plain is None:
        return None
    return plain


def _verb_before(before: str) -> tuple[str, str, int]:
    """The last verb of reaching before a number: (verb, comparison, where it begins)."""
    best: tuple[int, int, str, str] | None = None
    made: tuple[int, str, str] | None = None
    for verb, comparison, pattern in _verbs():
        for m in pattern.finditer(before):
            if comparison in ("n", "+n"):
                if made is None or (m.start(), -len(verb)) < (made[0], -len(made[1])):
                    made = (m.start(), verb, comparison)
            elif best is None or (m.end(), len(verb)) > (best[0], best[1]):
                best = (m.end(), len(verb), verb, comparison)
    # a verb of reaching stands right before its number; of making and adding, before what is counted
    if best is not None and len(before) - best[0] <= 6:
        return best[2], best[3], best[0] - best[1]
    if made is not None and "，" not in before[made[0] :] and len(before) - made[0] <= 44:
        return made[1], made[2], made[0]
    return "", "", 0


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


def _indicator(text: str, floor: int, start: int, end: int) -> str:
    """What reaches the number: the subject before the verb, else the noun behind the number."""
    before = _TRAIL.sub("", _LEAD.sub("", _CUT.split(text[floor:start])[-1]))
    if len(before) >= 2:
        return before.strip("的以及和与、 ")
    after = _AFTER.match(text, end)
    return after.group(1).strip("的") if after else before.strip("的")


def reaching(text: str) -> tuple[int, int] | None:
    """Span of the verb of reaching in a goal (…达到 70%), ``None`` where there is none."""
    best: tuple[int, int] | None = None
    for _, _, pattern in _verbs():
        for m in pattern.finditer(text):
            if best is None or m.start() < best[0] or (m.start() == best[0] and m.end() > best[1]):
                best = m.span()
    return best
