"""Lengths of time: limits counted from a trigger, validity, look-backs, spans ahead of the document."""

from __future__ import annotations

import re
from datetime import date, timedelta

from luoshi.text.calendars import add_workdays
from luoshi.text.numerals import parse_int
from luoshi.text.sought import Sought
from luoshi.text.times.arith import add_days, add_months, zh
from luoshi.text.times.context import DOCUMENT, TRIGGER, Context

NUMBER = r"(?:\d+|[一二两三四五六七八九十百]+|半)"
_MANY = rf"(?P<n>{NUMBER})(?:(?:[—\-–―－~～至到、]|到)?(?P<n2>\d+|[一二两三四五六七八九十]+))?"
UNIT = (
    r"(?:工作日|自然日|日历日|日(?![常均益前照])|天(?![然津气河地])|周(?![岁年边期转末])|个?星期|个月"
    r"|月(?![球底末初份饼嫂])|年(?![代级度轻龄均产货会报检])|小时|分钟|个半月|个季度|学年|学期)"
)
LENGTH = rf"{_MANY}\s*个?\s*(?:半)?(?P<u>{UNIT})"

_PUBLISH = r"(?:印发|发布|公布|颁布|下发|发文|出台|公告|通告|签发|刊登)"
_FORCE = r"(?:施行|实施|生效|执行|试行)"
_SELF = r"(?:本[一-鿿]{0,8}?|此文|文件|该?通知|方案|意见|办法|规定|条例|细则)?(?:正式)?"
_NOTICE = ("公告", "通告", "刊登", "签发")
_OWN = re.compile(rf"^(?:{_SELF})(?P<act>{_PUBLISH}|{_FORCE})$")
_OWN_END = re.compile(rf"(?:^|[在于自从])(?P<own>(?:{_SELF})(?P<act>{_PUBLISH}|{_FORCE}))$")
_SINCE = re.compile(
    r"(?:自(?![治然主愿行身我由律觉动助来])|从(?![事业而严优中]))(?P<event>[^，。；：！？“”\n]{1,45}?)"
    r"(?P<day>之日|之时|当日|次日|之次日|当月|次月|之月)?起(?![草点步重诉码来到义])"
)
_DAYS_AFTER = re.compile(
    rf"\s*(?:算|计算|计)?[，,]?\s*(?P<d>{LENGTH})\s*(?P<in>以内|之内|内|后|满)?".replace(
        "(?P<n>", "(?P<n>", 1
    )
)
_FORCE_AFTER = re.compile(rf"\s*(?:正式|开始)?(?P<force>{_FORCE}|停止执行|废止)")
_UNTIL_AFTER = re.compile(
    r"(?:，)?(?:至|到)(?P<y>\d{4})年(?:(?P<m>\d{1,2})月)?(?:(?P<d>\d{1,2})日)?(?:为?止)?"
)
_EVENT_DAY = Sought(
    rf"(?<![自从])(?P<event>本?[一-鿿]{{1,16}}?)之日起(?P<d>{LENGTH})\s*(?:以内|之内|内)", needs="之日起"
)
_LEAD = re.compile(
    r"应当(?!场)(?:[在于自])?|须[在于]?|需[在于]|必须[在于]?|应(?![当急用对])[在于]?|于|在(?![职线校建地岗册场读])|要[在于]"
)
_AFTER_EVENT = Sought(
    rf"(?P<event>[一-鿿]{{2,14}}?)(?:之)?后(?:的)?[，,]?(?:在)?\s*(?P<d>{LENGTH})\s*(?:以内|之内|内)",
    needs=r"后的?[，,]?(?:在)?\s*[\d一二两三四五六七八九十百半]",
)
_VALID = re.compile(
    rf"(?P<w>有效期限?|试行期限?|执行期限?|实施期限?|适用期限?|政策期限?|试点期限?|试行|暂行|试点期间?)(?:为|是|共|定为|：|:)?\s*(?P<d>{LENGTH})(?!内|以内)"
)
_WITHIN = Sought(
    rf"(?P<pre>(?:力争|争取|确保|用|利用|经过|通过|再用|最迟|最长|最多|原则上|在|于|过去|近|最近|未来|今后|接下来)*)(?:的)?\s*(?P<d>{LENGTH})(?P<about>左右)?\s*(?:的?时间)?\s*(?P<in>以内|之内|内(?!蒙|容|部|外|需))",
    needs=r"[日天周期月年时钟度](?:左右)?\s*(?:的?时间)?\s*[以之]?内",
)
_TIME = re.compile(
    rf"(?P<pre>力争(?:用|通过|经过)?|争取(?:用|通过)?|用|利用|经过|通过|再用|力争再用)\s*(?:约|大约|不到)?\s*(?P<d>{LENGTH})(?P<about>左右)?\s*(?P<t>的?时间|的努力|努力|左右)?"
)
_PAST = Sought(
    rf"(?:(?P<near>近|最近|过去|(?<![以之提])前|此前|这|(?<!以)上一?个?)\s*(?P<d>{LENGTH})(?:多)?(?P<come>以来|来)?|(?P<d2>{NUMBER}\s*(?:多)?年(?:多)?(?:以来|来(?!临|自|到|看|说|源|访)))(?!，?未来))".replace(
        "(?P<n>", "(?P<n>"
    ),
    needs=r"[近去前这上一个]\s*[\d一二两三四五六七八九十百半]|年多?(?:以来|来)",
)
_AHEAD = re.compile(
    rf"(?P<pre>今后|未来|接下来|下一?个?|往后|此后)的?\s*(?P<d>{LENGTH})\s*(?P<in>以内|之内|内|里|时间)?"
)
_MORE = re.compile(rf"再(?:奋斗|用|干|经过|努力)\s*(?P<d>{LENGTH})")
_LIMIT = re.compile(
    rf"(?P<pre>最迟不超过|最长不超过|不得超过|不超过|不多于|不少于|不得少于|超过|至少|少于|最长|最迟|提前|延长|延期|顺延|逾期|压缩至|缩短至|缩减至|压减至|减至)(?:至)?\s*(?P<d>{LENGTH})(?P<in>以内|之内|内)?"
)
_AHEAD_OF = Sought(
    rf"(?P<event>[一-鿿]{{2,12}}?)(?:前|之前)(?P<d>{LENGTH})(?=[，,。；向将通告])|(?P<d2>{NUMBER}\s*个?(?:工作日|日|天|小时|个月))前(?=[，,]?(?:向|告知|通知|书面|报|将|提出|公告|公布))",
    needs=r"前[\d一二两三四五六七八九十百半]|[日天时月]前",
)
_LATER = Sought(rf"(?P<pre>期满|到期|届满)?后?(?:再)?(?P<v>延长|顺延)\s*(?P<d>{LENGTH})", needs="延长|顺延")
_LOWER = re.compile(r"(?:距|距离|年龄|退休|工龄|教龄|寿命|保质期|龄)[^，。；]{0,14}$")
_HOURS = frozenset(("工作日", "自然日", "日历日", "日", "天", "小时", "分钟"))
_WORKS = re.compile("[日天]$")


def _unit(m: re.Match[str]) -> str:
    return m["u"].removeprefix("个")


def _count(m: re.Match[str]) -> int | None:
    """The upper bound of a length in its unit; half years and months and a half are left out here."""
    if m["n"] == "半":
        return None
    return parse_int(m["n2"] or m["n"])


def _months(m: re.Match[str]) -> int | None:
    """A length in months where its unit is a month or more."""
    unit = _unit(m)
    if m["n"] == "半":
        return 6 if unit == "年" else None
    count = _count(m)
    if count is None:
        return None
    return {"月": count, "年": 12 * count, "季度": 3 * count, "学年": 12 * count}.get(unit)


def shift(day: date, m: re.Match[str]) -> tuple[date | None, bool]:
    """A day plus a matched length, and whether the working calendar is certain."""
    months = _months(m)
    if months is not None:
        return add_months(day, months), True
    count = _count(m)
    if count is None or count > 10_000:
        return None, True
    unit = _unit(m)
    if unit == "工作日":
        found = add_workdays(day, count)
        return found.day, found.certain
    days = {
        "日": count,
        "天": count,
        "自然日": count,
        "日历日": count,
        "周": 7 * count,
        "星期": 7 * count,
    }.get(unit)
    return (None, True) if days is None else (add_days(day, days), True)


def _base_deadline(
    ctx: Context, start: int, end: int, m: re.Match[str], first: date | None, what: str
) -> None:
    """A deadline some time after the document's day (or the day it takes effect)."""
    if first is None:
        ctx.add(start, end, "deadline", anchor=DOCUMENT, why=f"自{what}起算，而日期不详")
        return
    last, certain = shift(first, m)
    if last is None:
        ctx.add(start, end, "deadline", anchor=DOCUMENT, why=f"自{what}{zh(first)}起算，长度无法换算")
        return
    note = "" if certain else "（该年节假日安排尚未公布，按周末和法定节假日推算）"
    ctx.add(
        start,
        end,
        "deadline",
        (None, last),
        anchor=DOCUMENT,
        why=f"自{what}{zh(first)}起算，至{zh(last)}{note}",
    )


def since(ctx: Context) -> None:
    """自…之日起施行, 自发布之日起30日内, 自情形发生之日起10个工作日内, 自…之日起至2047年6月30日止."""
    for m in _SINCE.finditer(ctx.norm):
        event = m["event"]
        if (
            not ctx.free(*m.span())
            or (m["day"] is None and not _OWN.match(event))
            or re.search(r"\d{4}年|今|即", event)
        ):
            continue
        start, end = m.span()
        own = _OWN.match(event)
        if own and own["act"] in _NOTICE and "本" not in event and not _FORCE_AFTER.match(ctx.norm, end):
            own = None  # some other announcement
        first, what = _own_day(ctx, own)
        if own and first and m["day"] in ("次月", "次日", "之次日"):
            first = add_days(first, 1) if "日" in m["day"] else add_months(first.replace(day=1), 1)
        if length := _DAYS_AFTER.match(ctx.norm, end):
            if length["in"] in ("以内", "之内", "内"):
                if own:
                    _base_deadline(ctx, start, length.end(), length, first, what)
                else:
                    ctx.add(
                        start, length.end(), "relative", anchor=TRIGGER, why=f"自“{event}”之日起算，逐件计算"
                    )
                continue
            force = _FORCE_AFTER.match(ctx.norm, length.end())
            if own and force and first:
                later, _ = shift(first, length)
                ctx.add(start, force.end(), "start", (later, None), anchor=DOCUMENT,
                        why=f"自{what}{zh(first)}起算" + (f"，即{zh(later)}" if later else ""))  # fmt: skip
                continue
        if until := _UNTIL_AFTER.match(ctx.norm, end):
            last = _until(until)
            ctx.add(start, until.end(), "validity", (first if own else None, last),
                    anchor=DOCUMENT if own else TRIGGER,
                    why=f"自“{event}”之日起" + (f"至{zh(last)}" if last else ""))  # fmt: skip
            continue
        if own:
            force = _FORCE_AFTER.match(ctx.norm, end)
            ctx.add(start, force.end() if force else end, "start", (first, None), anchor=DOCUMENT,
                    why=f"自{what}起" + (f"，即{zh(first)}" if first else "，日期不详"))  # fmt: skip
        else:
            ctx.add(start, end, "start", anchor=TRIGGER, why=f"自“{event}”之日起，逐件计算")
    for m in _EVENT_DAY.finditer(ctx.norm):
        if ctx.free(*m.span()):
            _event_day(ctx, m)


def _own_day(ctx: Context, own: re.Match[str] | None) -> tuple[date | None, str]:
    """The day that “the publication” or “the entry into force” of the text itself falls on."""
    if own is None:
        return None, ""
    if re.fullmatch(_FORCE, own["act"]):
        first, _ = ctx.start_of_validity()
        return first, "施行日期"
    return ctx.base, "成文日期"


def _until(m: re.Match[str]) -> date | None:
    month = int(m["m"]) if m["m"] else 12
    try:
        if m["d"]:
            return date(int(m["y"]), month, int(m["d"]))
        return date(int(m["y"]) + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    except ValueError:
        return None


def _event_day(ctx: Context, m: re.Match[str]) -> None:
    event = m["event"]
    own = _OWN_END.search(event)
    if own:
        first, what = _own_day(ctx, own)
        _base_deadline(ctx, m.start() + own.start("own"), m.end(), m, first, what)
        return
    start = m.start()
    start = m.start() + _after_verb(event)
    ctx.add(start, m.end(), "relative", anchor=TRIGGER, why="自所述情形发生之日起算，逐件计算")


def _after_verb(event: str) -> int:
    """Where the trigger begins within the words before 之日起: after the last 应当, 须, 在 or 于."""
    cuts = [m.end() for m in _LEAD.finditer(event)]
    return cuts[-1] if cuts and cuts[-1] < len(event) else 0


def validity(ctx: Context) -> None:
    """有效期5年, 试行2年: counted from the day of entry into force."""
    for m in _VALID.finditer(ctx.norm):
        months = _months(m)
        if not ctx.free(*m.span()) or (m["w"] in ("试行", "暂行") and months is None):
            continue
        if not _of_the_text(ctx, m):
            ctx.claim(*m.span())  # the term of a licence or a rating
            continue
        first, based = ctx.start_of_validity()
        last, _ = shift(first, m) if first else (None, True)
        if last is not None and not based:
            last -= timedelta(days=1)
        why = f"自{zh(first)}起算，至{zh(last)}" if first and last else "起算日期不详，须按施行日期推算"
        ctx.add(*m.span(), "validity", (first, last), anchor=DOCUMENT if based else None, why=why)


def _of_the_text(ctx: Context, m: re.Match[str]) -> bool:
    """Whether a term is the text's own: 本办法有效期5年, 自…起施行，有效期5年, a sentence by itself."""
    left = ctx.left(m.start())
    return (
        left.strip(" 　，,（(") == ""
        or re.search(
            r"本[一-鿿]{1,8}$|本[一-鿿]{1,6}(?:自|从|由|经)|(?:施行|实施|执行|生效|印发|发布|公布)", left
        )
        is not None
    )


def spans(ctx: Context) -> None:
    """Look-backs, spans ahead, goals within some years, limits counted from a trigger; in this order."""
    for rule in (_more, _looking_back, _ahead, _goal_time, _after_event, _within, _limits, _of_start):
        rule(ctx)


def _more(ctx: Context) -> None:
    """再奋斗五年: the years after the plan period named in the text, or up to the year named."""
    for m in _MORE.finditer(ctx.norm):
        years = _months(m)
        if not ctx.free(*m.span()) or years is None or years % 12:
            continue
        plans = [
            t.to
            for t in ctx.found
            if t.kind in ("period", "past") and t.to and "五" in t.quote and "十" in t.quote
        ]
        goals = [t.to for t in ctx.found if t.kind == "deadline" and t.to]
        if plans:
            first = max(plans) + timedelta(days=1)
            last = add_months(first - timedelta(days=1), years)
        elif goals:
            last = max(goals)
            begin = add_months(last, -years)
            first = begin + timedelta(days=1) if begin else last
        elif ctx.base:
            first, last = ctx.base, add_months(ctx.base, years)
        else:
            ctx.add(*m.span(), "period", why="起算时间不详")
            continue
        ctx.add(
            *m.span(), "period", (first, last), why=f"{zh(first)}至{zh(last)}" if last else "起算时间不详"
        )


def _looking_back(ctx: Context) -> None:
    for m in _PAST.finditer(ctx.norm):
        start, end = m.span()
        if not ctx.free(start, end):
            continue
        if m["near"] in ("前", "上", "上个", "上一个", "上一") and not m["come"] and _unit(m) != "月":
            continue
        if inside := re.match(r"\s*(?:时间)?(?:以内|之内|内)", ctx.norm[end:]):
            ctx.add(
                start,
                end + inside.end(),
                "relative",
                anchor=TRIGGER,
                why="向前追溯的期间，按具体事项的日期计算",
            )
            continue
        if m["near"] == "前" and _unit(m) == "月":
            continue
        ctx.add(start, end, "past", anchor=DOCUMENT, why="成文之前的一段时间")


def _ahead(ctx: Context) -> None:
    for m in _AHEAD.finditer(ctx.norm):
        start, end = m.span()
        if not ctx.free(start, end) or _months(m) is None:
            continue
        last = shift(ctx.base, m)[0] if ctx.base else None
        said = (
            f"自成文日期{zh(ctx.base)}起算，至{zh(last)}"
            if ctx.base and last
            else "须按成文日期推算，而成文日期不详"
        )
        if m["in"] in ("以内", "之内", "内") and ctx.goal(end):
            ctx.add(start, end, "deadline", (None, last), anchor=DOCUMENT, why=said)
        else:
            ctx.add(start, end, "period", (ctx.base, last), anchor=DOCUMENT, why=said)


def _goal_time(ctx: Context) -> None:
    """力争三到五年时间内, 经过5—10年左右时间, 利用2-3年时间: the upper bound, counted from the document."""
    for m in _TIME.finditer(ctx.norm):
        start, end = m.span("d")[0], m.end()
        inside = re.match(r"(?:以内|之内|内)", ctx.norm[end:])
        end += inside.end() if inside else 0
        if ctx.ending(start, 3, "deadline"):
            ctx.claim(start, end)  # 到2035年，用10年时间: the length of the span just named
            continue
        meant = m["t"] or inside or m["pre"].startswith(("力争", "争取", "再用"))
        if not ctx.free(start, end) or _months(m) is None or not meant:
            continue
        _base_deadline(ctx, start, end, m, ctx.base, "成文日期")


def _after_event(ctx: Context) -> None:
    """目录更新后30天内, 印发后3个月内."""
    for m in _AFTER_EVENT.finditer(ctx.norm):
        start, end = m.span()
        if not ctx.free(start, end) or re.search(r"今$|此$|然$|最$|前$|以$", m["event"]):
            continue
        cut = _after_verb(m["event"])
        if not cut and len(m["event"]) >= 14 and re.match("[一-鿿]", ctx.norm[start - 1 : start] or " "):
            cut = m.start("d") - start  # a trigger longer than what was looked at: the length alone
        start += cut
        own = _OWN.match(ctx.norm[start : m.end("event")])
        if own:
            first, what = _own_day(ctx, own)
            _base_deadline(ctx, start, end, m, first, what)
        else:
            ctx.add(start, end, "relative", anchor=TRIGGER, why="自所述事项之后起算，逐件计算")


def _within(ctx: Context) -> None:
    """5个工作日内, 三年内: counted from a trigger, unless the sentence sets a goal of years or months."""
    for m in _WITHIN.finditer(ctx.norm):
        start, end = m.span()
        start = m.start("d")
        if not ctx.free(start, end):
            continue
        left = ctx.left(start)
        if _LOWER.search(left):
            ctx.claim(start, end)
            continue
        pre = m["pre"]
        if re.search("过去|近", pre):
            ctx.add(m.start(), end, "relative", anchor=TRIGGER, why="向前追溯的期间，按具体事项的日期计算")
            continue
        begun = ctx.ending(start, 1, "start")
        if begun is not None and begun.from_ is not None and _months(m):
            last = shift(begun.from_, m)[0]
            last = last - timedelta(days=1) if last else None
            ctx.add(start, end, "deadline", (None, last), anchor=begun.anchor,
                    why=f"自{zh(begun.from_)}起算" + (f"，至{zh(last)}" if last else ""))  # fmt: skip
            continue
        sentence = left + ctx.right(end)
        strategic = _months(m) is not None and not ctx.says("rule", sentence)
        wanted = re.search("力争|争取|用|经过|通过|未来|今后", pre) or (m["n2"] is not None)
        if strategic and (wanted or ctx.says("done", ctx.clause(end))):
            _base_deadline(ctx, start, end, m, ctx.base, "成文日期")
        else:
            ctx.add(start, end, "relative", anchor=TRIGGER, why="自具体事项发生时起算，逐件计算")


def _limits(ctx: Context) -> None:
    """最迟不超过4个小时, 提前30日, 延长30年; maxima in months and years are lengths, no dates."""
    for m in _LATER.finditer(ctx.norm):
        if ctx.free(*m.span()):
            ctx.add(*m.span(), "relative", anchor=TRIGGER, why="自原定期限届满起算，逐件计算")
    for m in _LIMIT.finditer(ctx.norm):
        if not ctx.free(*m.span()):
            continue
        short = _unit(m) in _HOURS
        if m["pre"] == "提前" and _unit(m) == "年" and re.match("完成|实现|达到|达成", ctx.norm[m.end() :]):
            ctx.claim(*m.span())
            continue
        if (
            m["pre"] in ("超过", "逾期", "不超过")
            and _unit(m) != "工作日"
            and ctx.norm.startswith("的", m.end())
        ):
            short = False
        if (
            "少于" in m["pre"]
            and _unit(m) != "工作日"
            and not re.search("公示|公告|征求|通告|听证", ctx.left(m.start())[-20:])
        ):
            short = False
        if m.group().startswith(("延长至", "延期至")) and not short:
            ctx.claim(*m.span())
            continue
        if m["pre"] == "至少" or (
            not short
            and m["pre"]
            not in (
                "提前",
                "延长",
                "延期",
                "顺延",
                "最迟不超过",
                "最迟",
                "压缩至",
                "缩短至",
                "缩减至",
                "压减至",
            )
        ):
            ctx.claim(*m.span())
            continue
        ctx.add(*m.span(), "relative", anchor=TRIGGER, why="办理时限，自具体事项发生时起算")
    for m in _AHEAD_OF.finditer(ctx.norm):
        start = m.start("d2") if m["d2"] else m.start()
        if ctx.free(start, m.end()):
            ctx.add(start, m.end(), "relative", anchor=TRIGGER, why="在所述事项之前，逐件计算")


_KEPT = re.compile("免|享受|实施|为期|期限|周期|试点|试行|开展|有效|继续|延续")
_LONE = re.compile(
    rf"(?P<d>(?P<n>{NUMBER})(?P<n2>\b)?\s*(?P<u>年|个月))(?!以[上下]|期|级|制|来|多|内|行动|攻坚|规划|计划|一|度|产|间隔|左右|后|前|的?时间|以内|之内|底|末|初)"
)


def _of_start(ctx: Context) -> None:
    """A length in a sentence that names its start: 自2019年1月1日起可继续免征五年."""
    for m in _LONE.finditer(ctx.norm):
        start, end = m.span("d")
        if not ctx.free(start, end) or re.match(r"[满近前第每逾超达至连\d]", ctx.norm[start - 1 : start]):
            continue
        if not _KEPT.search(ctx.norm[max(0, start - 8) : start]):
            continue
        left = ctx.sentence(start)[0]
        first = ctx.start_within(left, start)
        months = 12 * (parse_int(m["n"]) or 0) if m["u"] == "年" else (parse_int(m["n"]) or 0)
        if first is None or not 0 < months <= 1200:
            continue
        last = add_months(first, months)
        if last is None:
            continue
        last -= timedelta(days=1)
        kind = "validity" if ctx.says("benefit", ctx.left(start) + ctx.right(end)) else "period"
        ctx.add(start, end, kind, (first, last), why=f"自句中所述{zh(first)}起算，至{zh(last)}")  # type: ignore[arg-type]
