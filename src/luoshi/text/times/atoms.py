"""Atoms of the calendar: 2027年, 今年上半年, 二〇二七年三月底, 5月1日, 一季度 … resolved to windows."""

from __future__ import annotations

import re
from datetime import date

from luoshi.text.numerals import parse_int, parse_year
from luoshi.text.sought import Sought
from luoshi.text.times.arith import Window, last_of_month, months_window, year_window
from luoshi.text.times.context import Context

YEAR = r"(?:(?:19|20|21)\d\d|[一二][〇零○九一二三四五六七八]{3})"
NEAR_YEAR = r"(?:今年|本年(?!度)|明年|(?<![以之今往此])后年|去年|上年(?!度)|前年)"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正])"
_ONES = "[一二三四五六七八九]"
DAY = rf"(?:[12]\d|3[01]|0?[1-9]|三十一?|廿{_ONES}?|[一二]?十{_ONES}?|{_ONES})"
QUARTER = r"[一二三四1-4]"

_OFFSET = {"今年": 0, "本年": 0, "明年": 1, "后年": 2, "去年": -1, "上年": -1, "前年": -2}
_MONTH_OFFSET = {"本月": 0, "这个月": 0, "下月": 1, "下个月": 1, "上月": -1, "上个月": -1}

_PART = (
    r"年?(?:初(?![步级心中期衷次])|底(?![部层线])|末(?![端梢位])"
    r"|中(?![国央小华共部心型医学高等东西外介标试期长]))"
)
_MONTH_PART = r"(?:上旬|中旬|下旬|初|底|末|份|中(?!国|央|小|华|共|旬|部|心))"

ATOM = Sought(
    rf"""
    (?:
        (?:(?<![\d.])(?P<y>{YEAR})\s*年(?:度)?(?!代|级|鉴|版|款)|(?P<ry>{NEAR_YEAR}))
        (?:
            \s*(?P<half>上半年|下半年)
          | \s*(?:第)?(?P<q1>{QUARTER})(?:[、至—\-~](?:第)?(?P<q2>{QUARTER}))?季度(?P<qe>末|底)?
          | \s*(?P<m>{MONTH})\s*月(?:\s*(?P<d>{DAY})\s*[日号]|(?P<mp>{_MONTH_PART}))?
          | \s*(?P<p>{_PART})
          | (?P<within>(?:年)?内)
        )?
      | (?<![\d年])(?P<yy>[12]\d)\s*年\s*(?P<ym>1[0-2]|0?[1-9])\s*月
          (?:\s*(?P<yd>{DAY})\s*[日号]|(?P<ymp>{_MONTH_PART}))?
      | (?<![\d.每第个一二三四五六七八九十])(?P<bm>{MONTH})\s*月
          (?:\s*(?P<bd>{DAY})\s*[日号]|(?P<bmp>{_MONTH_PART}))
      | (?<![\d.每第个一二三四五六七八九十])(?P<om>{MONTH})\s*月(?=之?前|以前|起)
      | (?P<rm>本月|下个?月|上个?月|这个月)(?:(?P<rd>{DAY})\s*[日号]|(?P<rmp>{_MONTH_PART}))?
      | (?<![半一二三四五六七八九十\d每周当整])(?P<bhalf>上半年|下半年)(?!度)
      | (?<![每\d])(?:第)?(?P<bq1>{QUARTER})(?:[、至](?:第)?(?P<bq2>{QUARTER}))?季度(?P<bqe>末|底)?
      | (?<![每一二三四五六七八九十\d今明去前后本次当翌])
          (?P<be>年底|年末|年初|(?<!半)年内(?![^，。]{{0,2}}[容部])|年中(?=前|之前|完成|，))
      | (?<![每个\d一二三四五六七八九十])(?P<bme>月底|月末)(?=前|之前|以前|完成|，)
      | (?P<all>全年)
    )
    """,
    flags=re.VERBOSE,
    first="[0-9一二三四五六七八九十正今本明后去上前下这第年月全]",
)


def _edge(year: int, part: str, based: bool) -> Window:
    """年初, 年中, 年底 as windows: the first quarter, mid-year, the last day's year."""
    if "初" in part:
        return Window(date(year, 1, 1), date(year, 3, 31), "edge", based)
    if "中" in part:
        return Window(date(year, 6, 1), date(year, 6, 30), "edge", based)
    return Window(date(year, 12, 1), date(year, 12, 31), "edge", based)


def _month(year: int, month: int, part: str | None, based: bool) -> Window:
    last = last_of_month(year, month)
    match part:
        case None | "份" | "中":
            return Window(date(year, month, 1), last, "month", based)
        case "上旬" | "初":
            return Window(date(year, month, 1), date(year, month, 10), "xun", based)
        case "中旬":
            return Window(date(year, month, 11), date(year, month, 20), "xun", based)
        case "下旬":
            return Window(date(year, month, 21), last, "xun", based)
    return Window(date(year, month, 21), last, "edge", based)


def _day(year: int, month: int, day: int, based: bool = False) -> Window | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Window(found, found, "day", based)


def _quarters(year: int, first: str, second: str | None, based: bool) -> Window | None:
    a, b = parse_int(first), parse_int(second or first)
    if a is None or b is None or b < a:
        return None
    return months_window(year, 3 * a - 2, 3 * b, "quarter", based)


def year_of(ctx: Context, m: re.Match[str]) -> tuple[int | None, bool]:
    """The year that an atom names or implies, and whether it comes from the document's date."""
    if m["y"]:
        return parse_year(m["y"]), False
    if m["yy"]:
        return 2000 + int(m["yy"]), False
    if ry := m["ry"]:
        if ry == "上年" and (named := ctx.last_year(m.start())):
            return named - 1, False
        return (None if ctx.base is None else ctx.base.year + _OFFSET[ry]), True
    named = ctx.last_year(m.start())
    if named is not None:
        return named, False
    if ctx.base is None:
        return None, True
    return _implied_year(ctx, m), True


def _implied_year(ctx: Context, m: re.Match[str]) -> int:
    """The year of a bare month, quarter or half: the year under review in the first two months of a year
    unless the sentence looks ahead; the next year for a month long gone in a sentence that looks ahead."""
    assert ctx.base is not None
    month = parse_int(m["bm"] or m["om"] or "")
    if ctx.year is not None and not ctx.retrospective:
        return ctx.year
    sentence = ctx.left(m.start()) + ctx.right(m.start())
    ahead = ctx.says("ahead", sentence) or re.match("之?前|以前|完成", ctx.norm[m.end() :]) is not None
    review = ctx.retrospective is None and ctx.base.month <= 2 and (m["bq1"] or m["bhalf"] or m["all"])
    if ctx.retrospective or (review and not ahead):
        return ctx.base.year - 1 if ctx.base.month <= 3 else ctx.base.year
    return ctx.base.year if month is None else ctx.year_of_month(month, sentence)


def resolve(ctx: Context, m: re.Match[str]) -> Window | None:
    """The window of an atom; ``None`` where it needs a document date that is not known, or is no date."""
    if m["rm"]:
        return _near_month(ctx, m)
    if m["bme"]:
        if ctx.base is None:
            return None
        return _month(ctx.base.year, ctx.base.month, "底", True)
    year, based = year_of(ctx, m)
    if year is None:
        return None
    if month := m["m"] or m["ym"] or m["bm"] or m["om"]:
        number = 1 if month == "正" else parse_int(month)
        if number is None or not 1 <= number <= 12:
            return None
        day = m["d"] or m["yd"] or m["bd"]
        if day:
            value = parse_int(day)
            return None if value is None else _day(year, number, value, based)
        return _month(year, number, m["mp"] or m["ymp"] or m["bmp"], based)
    if half := m["half"] or m["bhalf"]:
        return months_window(year, *((1, 6) if half == "上半年" else (7, 12)), "half", based)
    if q := m["q1"] or m["bq1"]:
        found = _quarters(year, q, m["q2"] or m["bq2"], based)
        if found and (m["qe"] or m["bqe"]):
            return Window(found.first, found.last, "edge", based)
        return found
    if part := m["p"] or m["be"]:
        return (
            _edge(year, part, based)
            if "内" not in part
            else Window(date(year, 1, 1), date(year, 12, 31), "within", based)
        )
    if m["within"]:
        return Window(date(year, 1, 1), date(year, 12, 31), "within", based)
    return year_window(year, based)


def _near_month(ctx: Context, m: re.Match[str]) -> Window | None:
    if ctx.base is None:
        return None
    index = ctx.base.year * 12 + ctx.base.month - 1 + _MONTH_OFFSET[m["rm"]]
    year, month = divmod(index, 12)
    if m["rd"]:
        value = parse_int(m["rd"])
        return None if value is None else _day(year, month + 1, value, True)
    return _month(year, month + 1, m["rmp"], True)


def needs_base(m: re.Match[str]) -> bool:
    """Whether an atom has no year of its own."""
    return not (m["y"] or m["yy"])
