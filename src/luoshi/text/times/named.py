"""Times with a name: five-year plans, events, recurring times, vague spans, and what only looks like one."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from luoshi.text.lexicon import table
from luoshi.text.numerals import parse_year
from luoshi.text.sought import Sought
from luoshi.text.times.arith import Window, zh
from luoshi.text.times.context import DOCUMENT, TRIGGER, Context
from luoshi.text.times.durations import NUMBER

_SHORT = r"(?:(?<![\d.〇零○])\d{1,2}(?!\d)|(?<![〇零○一二三四五六七八九十百])[一二两三四五六七八九十百]+)"
_TRAPS = Sought(
    rf"""
    [〔\[［（(]\s*\d{{4}}\s*[〕\]］）)]\s*(?:第)?\s*\d*\s*号?          # 〔2024〕12号
  | [A-Z]{{2,}}(?:/[TZ])?\s*[\d.]+\s*[—\-–]\s*\d{{4}}               # GB/T 9704—2012
  | {_SHORT}\s*年(?:期)?(?:行动|攻坚|倍增|提升|会战|计划|规划|滚动|专项|改革|大灶|小灶|禁渔)[一-鿿]{{0,4}}
  | (?:{_SHORT}[—\-–~～至])?{_SHORT}\s*(?:周岁|岁)
  | (?:24|二十四)\s*小时(?!内|以内|之内)
  | 百日(?:攻坚|行动|会战|冲刺|大战|整治)
  | (?:{_SHORT})\s*年(?:期)?以[上下](?!前)
  | 连续\s*{_SHORT}(?:个)?(?:年|月|个月|季度|周|日|天)(?![—\-–至到])
  | 年均 | 百年(?!华诞|校庆) | 千年 | 万年 | 常年 | 多年(?!来) | 一年级
  | {_SHORT}\s*年(?:制|期(?!间))
  | (?:\d{{1,2}}月)?\d{{1,2}}日(?:电|讯)(?![力子信影话])
  | 至次年(?:[一二三四五六七八九十\d]{{1,2}}月)?
  | 满\s*{_SHORT}\s*(?:年|个月|周岁|岁|月)
    """,
    flags=re.VERBOSE,
    first=r"[〔\[［（(A-Z\d一二两三四五六七八九十百千万连年常多至满]",
)
_PLAN_TAIL = (
    r"(?:规划)?(?:时期|期间)?"
    r"(?P<part>期?末|末期|初期?|前期|中期|中后期|后期)?"
)
_EVERY = Sought(
    rf"""
    每(?:一)?(?:个)?(?:年度?|月度?|季度?|周|日|天|半年|半月|学期|学年|旬|隔?{NUMBER}\s*(?:个)?(?:年|月|个月|季度|周|天|日|小时))
      (?:(?:的)?\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})\s*月(?:份)?(?:\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*[日号]|底|末|初|上旬|中旬|下旬)?
        |\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[日号](?!常)|年?(?:底|末|初)|第?[一二三四]季度|[上下]半年|至少{NUMBER}\s*(?:个)?(?:月|天|次|小时|学时))?
      (?:之前|以前|前(?![沿景期]))?
  | {NUMBER}\s*年(?:为)?一(?:个)?(?:[一-鿿]{{0,3}}周期|次(?!性)|届|评|轮)
  | {NUMBER}\s*年为(?:一)?个?[一-鿿]{{0,6}}?(?:周期|一轮)
  | (?<!不)定期(?!存款|存单|租船|航班|限|待遇|寿险|保险|票据|债|[一-鿿]?存)
  | 按(?:年度?|季度?|月份?|周|旬|半年)
      (?:(?:或者?|、|和)(?:年度?|季度?|月份?|周))?(?!计划|需|人|平均|比例|代|龄)
  | 年中和年[末底] | 年[初中]、年[末底]
  | 逐[月季](?!节) | 一年一(?:度|次) | 月度(?=调度|通报|例会) | 每年
    """,
    flags=re.VERBOSE,
    needs="每|定期|按|逐[月季]|月度|年中和年|年[初中]、年|年[为一]",
)
_RUN = re.compile(r"[一-鿿]{1,24}$")
_SPORTS = Sought(
    r"(?:(?P<y>(?:19|20)\d\d)年(?:[一-鿿]{0,4}?))?(?:第[一二三四五六七八九十百\d]+届)?"
    r"(?:全[国省区市]|[一-鿿]{0,14}?)(?:奥运(?!动)会?|冬奥会?|残奥会|亚运会|冬亚会|全运会|省运会|农运会|残运会|大运会|世运会|青奥会|运动会|世界杯(?:预选赛)?|亚洲杯|锦标赛|世博会|园博会)(?:期间)?",
    needs="[奥残亚全省农大世]运|冬奥|奥会|亚会|青奥|运动会|世界杯|亚洲杯|锦标赛|世博|园博",
)
_JUBILEE = Sought(rf"(?:{NUMBER})\s*周年|百年(?:华诞|校庆)|(?:{NUMBER})年华诞", needs="周年|百年|年华诞")
_DAY_NAME = Sought(
    r"(?<!\d)(?P<m>1[0-2]|0?[1-9])[·•．](?P<d>[12]\d|3[01]|0?[1-9])(?!\d)(?=[”\"’]|[^\d%％]{0,2}(?:特大|重大|较大|事故|火灾|地震|洪灾|爆炸|案|讲话))",
    needs="[·•．]",
)
_HOLIDAY = re.compile(
    r"(?:元旦|春节|清明节?|“五一”|劳动节|端午节?|中秋节?|国庆节?|“十一”)(?=[：:]|期间|假期|前夕|前后|长假|黄金周)(?:期间|假期|前夕|前后|长假|黄金周)?"
)
_YEAR_WORDS = re.compile(
    r"(?:当月(?:度|内)?|上一月|上一?年度|下一?年度|本年度|当年度?(?!的?今天)|翌年|次年|下一?年(?!会))"
)
_LIMITED = Sought(
    r"(?:限期内|规定(?:的)?(?:期限|时限|时间)(?:以?内)|法定(?:期限|时限)(?:以?内)|(?<!有效)(?<!缓)期限内|约定(?:的)?(?:期限|时间)内)",
    needs="[限期间]以?内",
)
_LATELY = Sought(
    r"(?:近年来|近些年来?|近几年来?|近年(?!底)|(?<![\d十百])多年来|长期以来|最近一段时间|近一段时间|一段时间以来|前一阶段|前段时间|近期以来|近两年来?)",
    needs="近|多年来|长期以来|一段时间|前一阶段|前段时间",
)
_VAGUE = Sought(
    r"(?:当前和?)?(?:今后|未来|下)(?:一个?|一段)(?:时期|时间|阶段)|(?:今后|未来)(?:若干年|几年|数年|一段时期)",
    needs="时期|时间|阶段|若干年|几年|数年",
)
_FROM_NOW = Sought(
    r"今后(?=[，,]|凡|一律|要|不再|新)|(?:自|从)?即日起(?:施行|实施|执行)?|从现在起|从今年?起",
    needs="今后|即日|现在起|今年?起",
)
_IN_A_ROW = re.compile(rf"连续\s*{NUMBER}\s*[—\-–~～至到]\s*{NUMBER}\s*年")
_COMPARED = Sought(
    rf"(?<![第每近满未来后前内\d]){NUMBER}年(?:来|间)?(?=增[加长]|下降|减少|提[高升]|翻)",
    needs="年(?:来|间)?(?:增|下降|减少|提|翻)",
)
_CENTURY = Sought(r"(?:到)?(?:本|21|二十一)世纪(?P<w>中叶|末|中)", needs="世纪")


def traps(ctx: Context) -> None:
    """Document numbers, programmes named by a length, ages, thresholds: nothing is read out of them."""
    for m in _TRAPS.finditer(ctx.norm):
        ctx.claim(*m.span())


@cache
def _plans() -> dict[str, tuple[int, int]]:
    return {row[0]: (int(row[1]), int(row[2])) for row in table("luoshi.text", "plan_periods.tsv")}


@cache
def _plan_pattern() -> re.Pattern[str]:
    names = "|".join(sorted(_plans(), key=len, reverse=True))
    long = "|".join(sorted((n for n in _plans() if n not in ("十五",)), key=len, reverse=True))
    return re.compile(
        rf"(?P<pre>到|至|截至)?(?:[“\"‘](?P<a>{names})[”\"’](?!普法)|(?<![一二三四五六七八九十第])(?P<b>{long})(?=规划|时期|期间|末|初|以来|开局|收官|[”]))"
        + _PLAN_TAIL
    )


def plans(ctx: Context) -> None:
    """“十五五”时期, 到“十四五”末."""
    for m in _plan_pattern().finditer(ctx.norm):
        name = m["a"] or m["b"]
        if not ctx.free(*m.span()) or (m["b"] and len(name) < 3):
            continue
        first, last = _plans()[name]
        window = Window(date(first, 1, 1), date(last, 12, 31), "plan")
        span = f"“{name}”即{first}年至{last}年"
        start = m.start() + len(m["pre"] or "")
        part = m["part"] or ""
        if m["pre"] or "末" in part:
            over = ctx.over(window)
            ctx.add(
                m.start(),
                m.end(),
                "past" if over else "deadline",
                (None, window.last),
                why=f"{span}，至{zh(window.last)}",
            )
        elif re.match("以来", ctx.norm[m.end() :]):
            ctx.add(start, m.end() + 2, "past", (window.first, None), why=f"{span}，自{zh(window.first)}以来")
        else:
            kind = "past" if ctx.over(window) else "period"
            ctx.add(start, m.end(), kind, (window.first, window.last), why=span)  # type: ignore[arg-type]


def recurring(ctx: Context) -> None:
    """每年3月底前, 每5年, 定期, 按季度."""
    for m in _EVERY.finditer(ctx.norm):
        if ctx.free(*m.span()) and m.group():
            ctx.add(*m.span(), "recurring", why="按周期重复，不是一次性的时限")


def events(ctx: Context) -> None:
    """Games, jubilees, disasters named by their day, holidays."""
    for m in _DAY_NAME.finditer(ctx.norm):
        if not ctx.free(*m.span()):
            continue
        year = ctx.last_year(m.start())
        try:
            day = date(year, int(m["m"]), int(m["d"])) if year else None
        except ValueError:
            continue
        ctx.add(*m.span(), "event", (day, day), why=f"事件的日期，{zh(day)}" if day else "以日期命名的事件")
    for m in _SPORTS.finditer(ctx.norm):
        start = _sports_start(ctx, m)
        if start is None or not ctx.free(start, m.end()):
            continue
        year = parse_year(m["y"]) if m["y"] else None
        ends = (date(year, 1, 1), date(year, 12, 31)) if year else (None, None)
        ctx.add(start, m.end(), "event", ends, why=f"{year}年举行的活动" if year else "活动名称")
    for m in _JUBILEE.finditer(ctx.norm):
        if ctx.free(*m.span()):
            ctx.add(_jubilee_start(ctx, m.start()), m.end(), "event", why="周年纪念")
    for m in _HOLIDAY.finditer(ctx.norm):
        if ctx.free(*m.span()) and not re.match(r"\d年", ctx.norm[max(0, m.start() - 2) : m.start()]):
            ctx.add(*m.span(), "event", why="节假日")


def _jubilee_start(ctx: Context, at: int) -> int:
    """Where the name of what is celebrated begins: 庆祝|某区成立30周年."""
    name = ctx.before(at, _RUN)
    if name is None:
        return at
    verb = re.search(
        r".*(?:庆祝|纪念|迎来|迎接|值此|适逢|正值|恰逢|办好|举办|完成|做好|开展|[将和的为以在是])",
        name.group(),
    )
    start = name.start() + (verb.end() if verb else 0)
    return start if ctx.free(start, at + 1) else at


def _sports_start(ctx: Context, m: re.Match[str]) -> int | None:
    """Where the name of the games begins; ``None`` for a games word without edition, year or known name."""
    text = m.group()
    if at := re.search(r"(?:(?:19|20)\d\d年|第[一二三四五六七八九十百\d]+届).*$", text):
        return m.start() + at.start()
    if at := re.search(
        r"(?:[女男][篮足排]|世界|亚洲|全国|全省)?(?:世界杯(?:预选赛)?|奥运会|亚运会|冬奥会|全运会|省运会|世博会)(?:期间)?$",
        text,
    ):
        return m.start() + at.start()
    return None


def vague(ctx: Context) -> None:
    """近年来, 今后一个时期, 今后，, 上年度, 限期内, 到本世纪中叶."""
    for m in _CENTURY.finditer(ctx.norm):
        if ctx.free(*m.span()):
            last = date(2099, 12, 31) if m["w"] == "末" else date(2050, 12, 31)
            ctx.add(*m.span(), "deadline", (None, last), why=f"约至{zh(last)}")
    for m in _LATELY.finditer(ctx.norm):
        if ctx.free(*m.span()):
            ctx.add(*m.span(), "past", why="成文之前的一段时间")
    for m in _COMPARED.finditer(ctx.norm):
        if ctx.free(*m.span()) and ctx.last_year(m.start()) and not ctx.says("ahead", ctx.right(m.end())):
            ctx.add(*m.span(), "past", why="比较期间的长度")
    for m in _IN_A_ROW.finditer(ctx.norm):
        if ctx.free(*m.span()):
            ctx.add(*m.span(), "period", anchor=DOCUMENT, why="连续若干年，没有确定的终点")
    for m in _VAGUE.finditer(ctx.norm):
        if ctx.free(*m.span()):
            ctx.add(*m.span(), "period", why="成文之后的一段时间，没有确定的期限")
    for m in _FROM_NOW.finditer(ctx.norm):
        if ctx.free(*m.span()):
            said = f"自成文日期{zh(ctx.base)}起" if ctx.base else "自成文日期起，日期不详"
            ctx.add(*m.span(), "start", (ctx.base, None), anchor=DOCUMENT, why=said)
    for m in _YEAR_WORDS.finditer(ctx.norm):
        if ctx.free(*m.span()):
            ctx.add(
                *m.span(),
                "relative",
                anchor=TRIGGER if m.group().startswith("当") else None,
                why="随具体年度变动",
            )
    for m in _LIMITED.finditer(ctx.norm):
        if ctx.free(*m.span()):
            ctx.add(*m.span(), "relative", anchor=TRIGGER, why="时限由有关规定另行确定")
