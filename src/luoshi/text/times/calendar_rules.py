"""Ranges and calendar dates with the words around them: 到2027年底, 自2024年1月1日起, 2023—2025年."""

from __future__ import annotations

import re
from datetime import date, timedelta

from luoshi.model.records import DateKind
from luoshi.text.numerals import parse_int, parse_year
from luoshi.text.sought import Sought
from luoshi.text.times.arith import Window, last_of_month, zh
from luoshi.text.times.atoms import ATOM, DAY, MONTH, NEAR_YEAR, YEAR, needs_base, resolve
from luoshi.text.times.context import DOCUMENT, Context

_SEP = r"\s*(?:至|到|[—\-–―－~～〜一]+)\s*"
_CLOCK = r"(?:\s*(?:上午|下午)?\s*\d{1,2}(?:[:：]\d{2}|[时点](?:\d{1,2}分|整)?))?"
_RANGE = Sought(
    rf"""
    (?:(?<![\d.])(?P<y1>{YEAR})\s*年?\s*|(?P<r1>{NEAR_YEAR}))?
    (?:(?<![\d.个每])(?P<m1>{MONTH})\s*月?(?:份|初)?\s*)?
    (?:(?P<d1>{DAY})\s*[日号]?\s*|(?P<x1>上旬|中旬|下旬|底))?{_CLOCK}
    {_SEP}
    (?:(?P<y2>{YEAR})\s*年(?:年)?(?P<e2>底|末|初)?\s*|(?P<r2>今年|明年|后年)(?P<f2>底|末|年底)?)?
    (?:(?P<m2>{MONTH})\s*月(?P<p2>底|末|份|上旬|中旬|下旬)?\s*)?
    (?:(?P<d2>{DAY})\s*[日号]{_CLOCK})?
    (?:期间|时期|止)?
    """,
    flags=re.VERBOSE,
    first=r"[\d一二三四五六七八九十正廿今本明后去上前中下底至到—\-–―－~～〜\s]",
)
_NOW = re.compile(
    rf"(?:从现在|自即日|即日|从即日|现在)起?(?:至|到|[—\-–―~～])(?P<y>{YEAR})\s*年(?:年?(?:底|末))?(?:(?P<m>{MONTH})\s*月(?:底|末|份)?(?:(?P<d>{DAY})[日号])?)?"
)
_TERM_WORD = re.compile(
    r"(?:有效期限?|执行期限?|实施期限?|执行时间|实施时间|适用期限?|政策期限?|使用期限|试行期限?|期限)(?:为|是|自|从|：|:)*$"
)
_BEFORE = re.compile(
    r"(?:(?P<upto>(?<![提得达收受直感看想找遇])到|至(?!今)|(?<!停)止于)|(?P<asof>截至|截止到?|截止至)|(?P<view>展望(?:到|至)?)|(?P<latest>不迟于|最迟(?:于|在)?|不晚于|最晚)"
    r"|(?P<since>自从?|从(?!事)|始于)|(?P<at>于|在))\s*$"
)
_GROWN = re.compile(
    r"(?:增加|提高|上升|下降|提升|增长|扩大|减少|缩短|降低?|升|涨|拓展|发展|攀升|跃升|上涨|回落|压减|由|增|翻|变)$"
)
_PUT_OFF = re.compile(r"(?:延长|延续|推迟|延期|顺延|延|保留|执行|实施|有效|持续|维持|展期)$")
_AFTER = re.compile(
    r"(?:（含[^（）]{0,6}）)?(?P<before>(?:年底|月底)?(?:之前|以前|前(?![期景沿列往后述提三瞻来\d一二两三几])))|(?P<since>起|开始(?!的)|以后|之后|后(?!备|勤|续|期|台|端|者|方)|以来)"
    r"|(?P<end>为?止)|(?P<during>期间|以内|之内|内(?!蒙|容|部|外|需|生))"
)
_FORCE = re.compile(r"(?:[，,]?\s*(?:开始|正式|全面|统一)?(?:施行|实施|执行|生效|试行|实行|废止|停止执行))")
_ENDS = {
    "year": "该年年末，即", "half": "该半年末，即", "quarter": "该季度末，即", "month": "该月月末，即",
    "edge": "其末日，即", "plan": "该规划期末，即", "xun": "该旬末日，即",
}  # fmt: skip
_STAMP = re.compile(r"\s*印发[\s）)]*(?:$|\n)")
_UNIT_ROW = re.compile(r"^[\s（(*#—\-]*(?:签发|发布|印发|成文)?(?:日期)?[\s*]*[：:]?[\s*]*$")


_Found = re.Match[str] | None


def ranges(ctx: Context) -> None:
    """2023—2025年, 2021年至2022年6月, 2月4日至10日, 从现在到2009年."""
    for m in _NOW.finditer(ctx.norm):
        year = parse_year(m["y"])
        if year is None or not ctx.free(*m.span()):
            continue
        month = parse_int(m["m"]) if m["m"] else 12
        last = _safe(year, month, parse_int(m["d"]) if m["d"] else None)
        if last:
            why = (
                f"自成文日期{zh(ctx.base)}至{zh(last)}"
                if ctx.base
                else f"至{zh(last)}，起始日期按成文日期，尚不知道"
            )
            ctx.add(*m.span(), "period", (ctx.base, last), anchor=DOCUMENT, why=why)
    for m in _RANGE.finditer(ctx.norm):
        if ctx.free(*m.span()) and m.group().strip():
            _range(ctx, m)


def _safe(year: int, month: int | None, day: int | None) -> date | None:
    """A date, or the last day of its month or year where the day or the month is not given."""
    try:
        if month is None:
            return date(year, 12, 31)
        return last_of_month(year, month) if day is None else date(year, month, day)
    except ValueError:
        return None


def _whole(text: str | None) -> int | None:
    return parse_int("1" if text == "正" else text) if text else None


def _range(ctx: Context, m: re.Match[str]) -> None:
    ends = _ends(ctx, m)
    if ends is None:
        return
    first, last, based = ends
    if first is None or last is None or first > last:
        return
    start, end = m.span()
    end -= len(m.group()) - len(m.group().rstrip())
    start += len(m.group()) - len(m.group().lstrip())
    anchor = DOCUMENT if based else None
    lead = ctx.norm[start - 1 : start] in ("自", "从")
    term = ctx.before(start - lead, _TERM_WORD)
    said = f"{zh(first)}至{zh(last)}"
    if term and not ctx.in_title(start):
        ctx.add(term.start(), end, "validity", (first, last), anchor=anchor, why=f"期限为{said}")
        return
    past = ctx.over(Window(first, last, "year")) and not (ctx.in_title(start) and ctx.base is None)
    kind: DateKind = "past" if past else "period"
    ctx.add(
        start, end, kind, (first, last), anchor=anchor, why=f"{said}" + ("，已在成文之前" if past else "")
    )


def _ends(ctx: Context, m: re.Match[str]) -> tuple[date | None, date | None, bool] | None:
    """The two ends of a range; the second inherits what it does not say, ``None`` where it is no range."""
    y1, y2 = (parse_year(m["y1"]) if m["y1"] else None), (parse_year(m["y2"]) if m["y2"] else None)
    m1, m2, d1, d2 = _whole(m["m1"]), _whole(m["m2"]), _whole(m["d1"]), _whole(m["d2"])
    based = False
    if m["r1"] or m["r2"]:
        if ctx.base is None:
            return None
        shift = {"今年": 0, "本年": 0, "明年": 1, "后年": 2, "去年": -1, "上年": -1, "前年": -2}
        y1 = ctx.base.year + shift[m["r1"]] if m["r1"] else y1
        y2 = ctx.base.year + shift[m["r2"]] if m["r2"] else y2
        based = True
    if not (y1 or m1) or not (y2 or m2 or d2):
        return None
    if y1 and not m1 and not (y2 or m["y2"]):
        return None  # “2025年—3月” is no range
    if not y2 and not m2 and not (m1 and d1 and d2):
        return None
    if m1 and not y1 and not re.search("[月日号]", m.group()):
        return None
    if y1 is None:
        if y2 is not None:
            return None
        y1, based = _year_of_bare(ctx, m, m1 or 1)
        if y1 is None:
            return None
    if y2 is None:
        y2 = y1 + 1 if m2 and m1 and m2 < m1 else y1
    if m2 is None and d2 is not None:
        m2 = m1
    first = _first(y1, m1, {"中旬": 11, "下旬": 21, "底": 21}.get(m["x1"], d1) if m["x1"] else d1)
    last = _safe(y2, m2, d2)
    if m["e2"] == "初":
        last = date(y2, 1, 31)
    return first, last, based


def _first(year: int, month: int | None, day: int | None) -> date | None:
    try:
        return date(year, month or 1, day or 1)
    except ValueError:
        return None


def _year_of_bare(ctx: Context, m: re.Match[str], month: int) -> tuple[int | None, bool]:
    named = ctx.last_year(m.start())
    if named is not None:
        return named, False
    if ctx.base is None:
        return None, True
    if ctx.year is not None and not ctx.retrospective:
        return ctx.year, True
    return ctx.year_of_month(month, ctx.left(m.start()) + ctx.right(m.start())), True


def atoms(ctx: Context) -> None:
    """Calendar dates with the words before and after them."""
    for m in ATOM.finditer(ctx.norm):
        start, end = m.span()
        if start == end or not ctx.free(start, end):
            continue
        if ctx.norm[start:end].endswith(("度",)) and re.match(
            "[报计工预决总考审]", ctx.norm[end : end + 1] or ""
        ):
            pass
        window = resolve(ctx, m)
        if window is None:
            if needs_base(m) and ctx.base is None and m.group() not in ("全年",):
                _unresolved(ctx, m)
            continue
        if window.grain == "day" and (_alone(ctx, start, end) or _STAMP.match(ctx.norm, end)):
            ctx.claim(start, end)
            continue
        _judge(ctx, m, window)


def _alone(ctx: Context, start: int, end: int) -> bool:
    """A date that stands by itself on its line: the date of signature."""
    a = ctx.norm.rfind("\n", 0, start) + 1
    b = ctx.norm.find("\n", end)
    rest = ctx.norm[end : b if b != -1 else len(ctx.norm)]
    return (
        _UNIT_ROW.match(ctx.norm[a:start]) is not None
        and re.fullmatch(r"[\s）)]*(?:印发|发布)?[\s）)]*", rest) is not None
    )


def _unresolved(ctx: Context, m: re.Match[str]) -> None:
    """A date that needs the document's: its kind by the words around it, without days."""
    start, end = m.span()
    before, after = ctx.before(start, _BEFORE), _AFTER.match(ctx.norm, end)
    why = "须按成文日期推算，而成文日期不详"
    kind: DateKind = "deadline" if ctx.goal(end) else "period"
    if after and after["before"]:
        kind, end = "deadline", after.end()
    elif after and after["since"] == "以来":
        kind, end = "past", after.end()
    elif (after and after["since"]) or (before and before["since"]):
        kind = "start"
    elif before and before["upto"]:
        kind, start = "deadline", before.start()
    elif m["ry"] in ("去年", "上年", "前年"):
        kind = "past"
    ctx.add(start, end, kind, anchor=DOCUMENT, why=why)


def _judge(ctx: Context, m: re.Match[str], window: Window) -> None:
    start, end = m.span()
    before = ctx.before(start, _BEFORE)
    after = _AFTER.match(ctx.norm, end)
    anchor = DOCUMENT if window.based else None
    quoted = m.group()
    if after and after["since"] == "以来":
        start = before.start() if before and before["since"] else start
        ctx.add(
            start, after.end(), "past", (window.first, None), anchor=anchor, why=f"自{zh(window.first)}以来"
        )
        return
    if (after and after["since"] in ("起", "开始")) or (
        before and before["since"] and not (after and after["before"])
    ):
        _since(ctx, start, end, window, before, after)
        return
    if after and after["since"] and window.grain in ("day", "month", "year"):
        first = window.last + timedelta(days=1) if window.last < date.max else window.last
        ctx.add(start, after.end(), "start" if not ctx.over(window) else "past", (first, None), anchor=anchor,
                why=f"{quoted}之后，即自{zh(first)}起")  # fmt: skip
        return
    if after and after["before"]:
        _before(ctx, start, end, window, before, after)
        return
    if before and _upto(ctx, start, end, window, before, after):
        return
    _bare(ctx, start, end, window, after)


def _since(
    ctx: Context, start: int, end: int, window: Window, before: _Found, after: _Found
) -> None:  # fmt: skip
    """自2024年1月1日起施行, 从2008年开始."""
    if before and before["since"]:
        start = before.start()
    if after and after["since"]:
        end = after.end()
        if force := _FORCE.match(ctx.norm, end):
            end = force.end()
    elif before is None or ctx.over(window):
        _bare(ctx, *((start, end) if before is None else (before.end(), end)), window, after)
        return
    anchor = DOCUMENT if window.based else None
    ctx.add(start, end, "start", (window.first, None), anchor=anchor, why=f"自{zh(window.first)}起")


def _before(
    ctx: Context, start: int, end: int, window: Window, before: re.Match[str] | None, after: re.Match[str]
) -> None:  # fmt: skip
    """2021年3月底前, 2018年12月31日前, 2030年前 (literally: the end of the year before)."""
    anchor = DOCUMENT if window.based else None
    exact = window.grain in ("edge", "day", "xun", "within") or after.group().startswith(("年底", "月底"))
    last = window.last if exact else window.first - timedelta(days=1)
    if before and (before["upto"] or before["latest"]):
        start = before.start()
    end = after.end()
    quoted = ctx.text[start:end]
    basis = f"按成文日期{zh(ctx.base)}推算，" if window.based and ctx.base else ""
    why = f"{basis}至{zh(last)}" if exact else f"{basis}字面上不含该期间，即至{zh(last)}"
    kind: DateKind = "deadline"
    rest = ctx.clause(end)
    if ctx.over(Window(window.first, last, "day")) and not ctx.says("ahead", ctx.left(start)):
        kind = "past"
    elif ctx.says("benefit", rest) and not ctx.says("done", rest):
        kind = "validity"
    elif not exact and window.grain == "year" and re.search("每[年月季周半]", ctx.right(end)):
        kind = "period"
    if window.grain == "day" and quoted and re.match(r"已", ctx.right(end)):
        kind = "deadline"
    ctx.add(start, end, kind, (None, last), anchor=anchor, why=why)


def _upto(
    ctx: Context, start: int, end: int, window: Window, before: re.Match[str], after: re.Match[str] | None
) -> bool:  # fmt: skip
    """到2027年, 截至2024年年底, 展望2035年, 延长至2027年底; ``False`` where the word before says nothing."""
    anchor = DOCUMENT if window.based else None
    basis = f"按成文日期{zh(ctx.base)}推算，" if window.based and ctx.base else ""
    stop = after.end() if after and after["end"] else end
    said = (
        f"{basis}至{zh(window.last)}"
        if window.grain == "day"
        else f"{basis}至该期间之末，即{zh(window.last)}"
    )
    at = before.start()
    if before["upto"]:
        if ctx.before(at, _GROWN) and not re.match("[前底末，,]", ctx.norm[end : end + 1] or "，"):
            return False
        if ctx.before(at, _PUT_OFF) or ctx.before(at, _TERM_WORD):
            named = ctx.before(at, _TERM_WORD)
            term = named or ctx.before(at, _PUT_OFF)
            first = ctx.start_of_validity()[0] if named and ctx.has_start() else None
            ctx.add(
                term.start() if term else at, stop, "validity", (first, window.last), anchor=anchor, why=said
            )
            return True
    if before["asof"]:
        known = ctx.base is None or window.last <= ctx.base or ctx.says("past", ctx.clause(stop))
        ctx.add(
            before.start(),
            stop,
            "past" if known else "deadline",
            (None, window.last),
            anchor=anchor,
            why=said,
        )
        return True
    if before["upto"] or before["view"] or before["latest"]:
        over = ctx.over(window) and not ctx.says("ahead", ctx.right(end)) and not before["view"]
        ctx.add(
            before.start(), stop, "past" if over else "deadline", (None, window.last), anchor=anchor, why=said
        )
        return True
    return False


def _bare(ctx: Context, start: int, end: int, window: Window, after: re.Match[str] | None) -> None:
    """A window by itself: past, a deadline at its end, or a period, as the sentence says."""
    anchor = DOCUMENT if window.based else None
    basis = f"按成文日期{zh(ctx.base)}推算，" if window.based and ctx.base else ""
    stop = after.end() if after and after["during"] else end
    span = zh(window.first) if window.first == window.last else f"{zh(window.first)}至{zh(window.last)}"
    both = (window.first, window.last)
    if ctx.in_title(start) and window.grain == "year":
        ctx.add(start, stop, "period", both, anchor=anchor, why=f"文件名称中的时间，{span}")
        return
    clause = ctx.clause(stop)
    if ctx.over(window) or (window.grain == "day" and window.last == ctx.base):
        # “3月底完成” in a plan of April is still the time by which it is due
        due = window.grain == "edge" and window.based and re.match("[一-鿿]{0,2}(?:完成|取得)(?!了)", clause)
        if not due or ctx.retrospective:
            ctx.add(start, stop, "past", both, anchor=anchor, why=f"{basis}{span}，已在成文之前")
            return
    here = ctx.base is not None and window.first <= ctx.base
    unknown = (
        ctx.base is None
        and window.grain == "day"
        and not ctx.says("ahead", ctx.left(start) + ctx.right(stop))
    )
    compared = ctx.norm[max(0, start - 1) : start] in ("比", "较")
    if compared or unknown or ((here or ctx.base is None) and ctx.looks_back(clause)):
        ctx.add(start, stop, "past", both, anchor=anchor, why=f"{basis}{span}，句中所述为已有情况")
        return
    if window.grain in ("within", "edge") or ctx.goal(stop):
        ctx.add(start, stop, "deadline", (None, window.last), anchor=anchor,
                why=f"{basis}句中要求在此期间完成，至{zh(window.last)}")  # fmt: skip
        return
    ctx.add(start, stop, "period", both, anchor=anchor, why=f"{basis}{span}")
