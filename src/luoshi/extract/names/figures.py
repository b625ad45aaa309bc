"""Quantities and dates as written."""

from __future__ import annotations

import re

from luoshi.extract.names.spans import Span
from luoshi.text.lexicon import words
from luoshi.text.sought import Sought

_DIGITS = r"\d+(?:[,，]\d{3})*(?:\.\d+)?"
_HAN = r"[一二两三四五六七八九十百千万亿零〇半]+"
_MAGNITUDE = r"(?:[十百千万亿]+)"


def _alternatives(name: str) -> str:
    return "|".join(sorted(map(re.escape, words("luoshi.extract", name)), key=len, reverse=True))


def _date_pattern() -> Sought:
    year = r"(?:\d{4}|[一二][一二三四五六七八九〇零]{3})年"
    month = r"(?:1[0-2]|0?[1-9]|十?[一二]|[三四五六七八九十])月"
    day = r"(?:(?:3[01]|[12]\d|0?[1-9]|[一二三]?十?[一二三四五六七八九]|[一二三]?十)日|[上中下]旬|底|末|初)"
    rest = rf"(?:{month}{day}?|[上下]半年|底|末|初|第?[一二三四]季度)"
    whole = rf"{year}{rest}?"
    span = r"\d{4}年?[—\-－–~～至到]{1,2}\d{4}年(?:底|末)?"
    return Sought(rf"{span}|{whole}(?:[至到—]{{1,2}}(?:{whole}|{rest}))?", needs="年")


_DATE = _date_pattern()
# a length of time that names a campaign: 三年行动, 五年规划
_TERM_OF_PLAN = Sought(
    r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})年(?=(?:行动|攻坚|倍增|提升|滚动|计划))",
    needs="年(?:行动|攻坚|倍增|提升|滚动|计划)",
)


def dates(text: str) -> list[Span]:
    """Years, months, days and ranges of them; of a campaign's name the years it lasts."""
    out = [Span(m.start(), m.end(), "DATE", 30) for m in _DATE.finditer(text)]
    # stands inside the campaign's name on purpose, so it is heavier than any conflict: see entities.find
    out += [Span(m.start(), m.end(), "DATE", 99) for m in _TERM_OF_PLAN.finditer(text)]
    return out


def _quantity_pattern() -> Sought:
    units = _alternatives("quantity_units.tsv")
    number = rf"(?:{_DIGITS}{_MAGNITUDE}?|{_HAN})(?:[多余来])?(?:个百分点|{units})"
    percent = rf"{_DIGITS}(?:%|％|‰)|百分之{_HAN}|{_DIGITS}个百分点"
    scale = r"[十百千万]+亿(?:元|斤|吨|级)?|(?:百|千|万|十万|百万|千万)亿(?:级|元)?"
    whole = rf"(?<![\d.第一二两三四五六七八九十百千万亿])(?:{percent}|{number}|{scale})"
    return Sought(whole, first=r"[\d一二两三四五六七八九十百千万亿零〇半]")


_QUANTITY = _quantity_pattern()
_LEVEL = Sought(r"[十百千万]*(?:百|千|万)亿(?:级|元级|元|斤)?|[百千万](?:亩|吨)级", needs="亿|[亩吨]级")
# a small number in characters counts nothing that a ledger would keep (两个, 三项)
_VAGUE = re.compile(r"^[一二两三四五六七八九半][^\d十百千万亿]*$|^[一几数]|^[百千万]+[家户种类件条次]$")


def quantities(text: str) -> list[Span]:
    """Counts and measures with their unit (50项, 300亿元, 5.5%) and orders of magnitude (万亿级)."""
    out: list[Span] = []
    for m in _QUANTITY.finditer(text):
        if _VAGUE.match(m.group()):
            continue
        if not any(c.isdigit() for c in m.group()) and text[max(0, m.start() - 1) : m.start()] in (
            "第",
            "每",
            "“",
        ):
            continue
        out.append(Span(m.start(), m.end(), "QUANTITY", 20))
    out += [Span(m.start(), m.end(), "QUANTITY", 20) for m in _LEVEL.finditer(text)]
    return out
