"""Numbers and dates of a workbook as people see them: Excel's number formats (ECMA-376 part 1, 18.8.30)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import isfinite

Value = str | float | int | bool | date | datetime | time | timedelta | None

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"',
    30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: "#,##0", 43: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""The formats that files only name by number, as a Chinese Excel shows them."""

_TOKEN = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|AM/PM|上午/下午|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+(?:\.0+)?|[aA]{3,4}|[gG]+|[eE]+|.'
)
_NUMERIC = re.compile(r"[0#?][0#?,]*(?:\.[0#?]*)?,*(?:[eE][+-]0+)?|\.[0#?]+")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]')
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


@lru_cache(maxsize=4096, typed=True)
def shown(value: Value, code: str = "General") -> str:
    """:func:`show`, remembered: a column of dates holds few of them."""
    return show(value, code)


def show(value: Value, code: str = "General") -> str:
    """A cell's value under its number format, as text without line breaks."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, datetime | date | time):
        return _moment(value, code)
    if not isfinite(value):
        return str(value)
    try:
        return _number(float(value), value, code)
    except (ValueError, OverflowError):
        return plain(value)


def plain(value: float) -> str:
    """A number under the format General: no zeros at its end, at most eleven digits behind the point."""
    if isinstance(value, int) or float(value).is_integer():
        return str(int(value)) if abs(value) < 1e15 else f"{value:.5E}"
    return f"{value:.11g}" if 1e-9 < abs(value) < 1e15 else repr(value)


def _number(number: float, value: float, code: str) -> str:
    section, number = _section(code, number)
    kind, prefix, body, suffix, percent = _parsed(section)
    if kind == "general":
        return prefix + plain(value if number == value else number) + suffix
    if kind == "literal":
        return prefix
    number *= 100.0**percent
    if "E" in body.upper():
        digits = len(body.upper().split("E")[0].partition(".")[2])
        return f"{prefix}{number:.{digits}E}{suffix}"
    return prefix + _placed(number, body) + suffix


def _section(code: str, number: float) -> tuple[str, float]:
    """The part of a format that holds for a number, and the number that it shows."""
    parts = _sections(code)
    if len(parts) >= 2 and number < 0:
        return parts[1], -number
    if len(parts) >= 3 and number == 0:
        return parts[2], number
    return parts[0], number


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[str, ...]:
    return tuple(re.findall(r'(?:^|;)((?:"[^"]*"|\\.|[^;"\\])*)', code)) or ("General",)


@lru_cache(maxsize=512)
def _parsed(section: str) -> tuple[str, str, str, str, int]:
    """Kind, what stands before the digits, their pattern, what stands behind, and how many per cent signs."""
    bare = _LITERAL.sub(lambda m: "\x00" * len(m.group()), section)
    if "general" in bare.lower():
        at = bare.lower().index("general")
        return "general", _literals(section[:at]), "", _literals(section[at + 7 :]), 0
    m = _NUMERIC.search(bare)
    if not m or "/" in bare:
        return ("literal", _literals(section), "", "", 0) if not m else ("general", "", "", "", 0)
    before, after = _literals(section[: m.start()]), _literals(section[m.end() :])
    return "digits", before, m.group(), after, bare.count("%")


def _literals(text: str) -> str:
    return _LITERAL.sub(lambda m: m.group(1) or m.group(2) or m.group(3) or "", text)


def _placed(number: float, body: str) -> str:
    bare = body.rstrip(",")
    number /= 1000.0 ** (len(body) - len(bare))
    whole, _, decimals = bare.partition(".")
    # Excel rounds halves away from zero and forgets the sixteenth digit
    shown = f"{abs(float(f'{number:.15g}')) + 10 ** -(len(decimals) + 6):.{len(decimals)}f}"
    digits, _, fraction = shown.partition(".")
    least = whole.replace(",", "").count("0")
    digits = digits.lstrip("0").rjust(least, "0") if least else digits.lstrip("0")
    if "," in whole:
        digits = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", digits)
    while fraction and fraction[-1] == "0" and decimals[len(fraction) - 1] != "0":
        fraction = fraction[:-1]
    sign = "-" if number < 0 and (digits.strip("0,") or fraction.strip("0")) else ""
    return sign + digits + ("." + fraction if decimals else "")


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _moment(value: date | datetime | time, code: str) -> str:
    section = _sections(code)[0]
    tokens = _TOKEN.findall(section)
    if not any(t[0] in "yYmMdDhHsS" or t.lower() in ("aaa", "aaaa") for t in tokens):
        section = _usual(value)
        tokens = _TOKEN.findall(section)
    half = any(t in ("AM/PM", "上午/下午") for t in tokens)
    return "".join(_piece(t, i, tokens, value, half) for i, t in enumerate(tokens)).strip()


def _usual(value: date | datetime | time) -> str:
    if isinstance(value, time):
        return "h:mm:ss" if value.second else "h:mm"
    if isinstance(value, datetime) and (value.hour or value.minute):
        return "yyyy/m/d h:mm"
    return "yyyy/m/d"


def _piece(token: str, at: int, tokens: list[str], value: date | datetime | time, half: bool) -> str:
    first = token[0].lower()
    if first == '"':
        return token[1:-1]
    if first == "\\":
        return token[1:]
    if first in "_*[@;":
        return ""
    if token in ("AM/PM", "上午/下午"):
        late = getattr(value, "hour", 0) >= 12
        return ("下午" if late else "上午") if token[0] == "上" else ("PM" if late else "AM")
    if first in "hs" or (first == "m" and _is_minute(at, tokens)):
        return _clock(token, first, value, half)
    if first in "ymda" and isinstance(value, date):
        return _calendar(token, first, value)
    return "" if first in "ymda" else token


def _clock(token: str, first: str, value: date | datetime | time, half: bool) -> str:
    number = getattr(value, {"h": "hour", "m": "minute", "s": "second"}[first], 0)
    if first == "h" and half:
        number = number % 12 or 12
    return f"{number:02d}" if len(token.split(".")[0]) > 1 else str(number)


def _calendar(token: str, first: str, value: date) -> str:
    n = len(token)
    if first == "y":
        return f"{value.year:04d}" if n > 2 else f"{value.year % 100:02d}"
    if first == "a":
        return _WEEKDAYS[value.weekday()] if n == 4 else _WEEKDAYS[value.weekday()][-1]
    if first == "m" and n > 2:
        return _MONTHS[value.month - 1][: None if n == 4 else 3]
    if first == "d" and n > 2:
        return _WEEKDAYS[value.weekday()]
    number = value.month if first == "m" else value.day
    return f"{number:02d}" if n == 2 else str(number)


def _is_minute(at: int, tokens: list[str]) -> bool:
    """``m`` stands for minutes behind hours and before seconds."""
    if len(tokens[at]) > 2:
        return False
    clocks = [t for t in tokens[:at] if t[0] in "yYmMdDhHsS"]
    later = [t for t in tokens[at + 1 :] if t[0] in "yYmMdDhHsS"]
    return bool(clocks and clocks[-1][0] in "hH") or bool(later and later[0][0] in "sS")
