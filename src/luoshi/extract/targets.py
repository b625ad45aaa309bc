"""Numbers to be reached: 新增…超500件, 达到70%以上, 年均增长5%左右, 压缩至40个工作日以内, 翻一番.

A target is a number with a unit behind a verb of reaching, of growth or of limits, or before a bound (以上, 以内).
``indicator`` is what is counted: the subject before the verb, else the noun behind the number or the verb.
"""

from __future__ import annotations

import re
from functools import cache

from luoshi.model import Target
from luoshi.text import numerals
from luoshi.text.lexicon import table

_NUMBER = r"(?:\d[\d,，]*(?:\.\d+)?|[一二三四五六七八九十百千两]+(?=[个家项批名万亿倍成条座%％]))"
_UNIT = (
    r"(?:%|％|个百分点|百分点|[万千百十亿]*(?:余|多)?(?:亿|万)?(?:个工作日|个小时|个月|平方公里|平方千米|平方米|立方米|公顷|公里|千米|海里|千瓦时|千瓦|兆瓦|吉瓦|标准煤|"
    r"人次|人份|户次|架次|列次|批次|标箱|美元|港元|欧元|元|人|户|家|个|项|件|条|座|所|台|套|架|艘|辆|颗|种|类|次|亩|吨|斤|公斤|克|米|升|张|场|例|间|处|只|头|羽|株|棵|"
    r"本|部|册|名|位|支|批|级|倍|成|分|分钟|秒|小时|天|日|年|岁|TEU|EFLOPS|P|PB|EB|GW|MW|兆|比特|毫秒|纳米|微米))"
)
_AMOUNT = re.compile(
    rf"(?P<about>约|大约|近|接近|大致)?(?P<n>{_NUMBER})(?P<scale>(?:万亿|亿|万|千|百)?)(?:余|多)?(?P<u>{_UNIT})(?P<bound>以上|及以上|以下|及以下|以内|之内|左右|上下)?"
)
_DOUBLE = re.compile(r"(?:(?P<double>翻(?P<n>一|两|1|2)?番)|(?P<quad>翻两番))")
_YEARLY = re.compile(r"\d{4}\s*年|年(?:底|末|前|内|度)|月|日(?:前|内)?$")
_NOT_TARGET = re.compile(r"第$|十四五|十五五|“$|《[^》]*$|（[^）]*$")


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
    unit = m["u"].lstrip("余多")
    if m["u"] in ("年", "日", "天", "级", "岁", "分", "次") and not m["bound"] and m["u"] != "次":
        return None
    if _NOT_TARGET.search(text[: m.start()]) or (m["u"] == "年" and len(m["n"]) == 4):
        return None
    before = text[floor : m.start()]
    verb, comparison, at = _verb_before(before)
    bound = m["bound"] or ""
    if not verb and not bound:
        return None
    if not verb and not re.search(r"[\u4e00-\u9fff]{2}", before):
        return None
    value = _value(m["n"], m["scale"] + _scale_of(unit))
    sign = _comparison(comparison, bound, m["about"] or "")
    start = floor + at if verb else m.start()
    unit = re.sub(r"^[万千百十亿]+", "", unit)
    return Target(text[start : m.end()], _indicator(text, floor, start, m.end()), sign, value, unit.replace("％", "%"))


def _scale_of(unit: str) -> str:
    found = re.match(r"[万千百十亿]+", unit)
    return found.group() if found else ""


def _value(number: str, scale: str) -> float | None:
    plain = numerals.parse_number(number.replace("，", "").replace(",", "") + scale)
    if plain is None:
        return None
    return plain


def _verb_before(before: str) -> tuple[str, str, int]:
    """The last verb of reaching before a number: (verb, comparison, where it begins)."""
    best: tuple[int, int, str, str] | None = None
    for verb, comparison, pattern in _verbs():
        for m in pattern.finditer(before):
            if best is None or (m.end(), len(verb)) > (best[0], best[1]):
                best = (m.end(), len(verb), verb, comparison)
    if best is None:
        return "", "", 0
    end, length, verb, comparison = best
    between = before[end:]
    # a verb of reaching stands right before its number; of making and adding, before the thing that is counted
    if comparison in ("+n", "n"):
        return (verb, comparison, end - length) if len(between) <= 40 and "，" not in between else ("", "", 0)
    return (verb, comparison, end - length) if len(between) <= 6 else ("", "", 0)


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
    """What is counted."""
    before = re.split(r"[，；：。、]", text[floor:start])[-1]
    before = re.sub(r"^(?:到|至)?\s*\d{4}\s*年(?:底|末|前)?(?:之?前)?|^(?:力争|争取|确保|实现|努力|使|将|把|全市|全省|其中)+|(?:年均|力争|累计|总数|总量|达|均|要|应|保持|稳定|基本|预计|将|争取|再)+$", "", before)
    if len(before) >= 2:
        return before.strip("的以及和与 ")
    after = re.match(r"(?:左右|以上)?的?([^，；。、（(\d]{2,24})", text[end:])
    if after:
        return after.group(1)
    inner = re.sub(r"\d.*$", "", text[start:end])
    for verb, _, _ in _verbs():
        inner = inner.removeprefix(verb)
    return inner.strip("超过达到约近")


def reaching(text: str) -> tuple[int, int] | None:
    """Span of the verb of reaching in a goal (…达到 70%), ``None`` where there is none."""
    best: tuple[int, int] | None = None
    for _, _, pattern in _verbs():
        for m in pattern.finditer(text):
            if best is None or m.start() < best[0] or (m.start() == best[0] and m.end() > best[1]):
                best = m.span()
    return best
