"""Numbers as Chinese documents write them: ２０２７, 二〇二七, 三十五, 两, 半, 1.5万, 三分之一."""

from __future__ import annotations

import re

DIGIT = {
    "〇": 0, "零": 0, "○": 0, "Ｏ": 0, "O": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "三": 3, "叁": 3,
    "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7,
    "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
SCALE = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIAD = {"万": 10**4, "亿": 10**8, "兆": 10**12}

HAN = r"[〇零○一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]"
"""A character of a number in words (without 万 and 亿)."""

_WIDE = str.maketrans("０１２３４５６７８９．％，", "0123456789.%,")
_ANY_WIDE = re.compile("[０-９．％，]")
_ARABIC = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}


def narrow(text: str) -> str:
    """Full-width digits, point and per cent sign as half-width ones; the length stays."""
    return text.translate(_WIDE) if _ANY_WIDE.search(text) else text


def parse_int(text: str) -> int | None:
    """A whole number: 12, １２, 十二, 一百零五, 二〇二七, 两, 三万五千; ``None`` for anything else."""
    text = narrow(text.strip())
    if re.fullmatch(r"\d{1,18}", text):
        return int(text)
    for short, long in _TENS.items():
        text = text.replace(short, long)
    if text and all(c in DIGIT for c in text):
        # digit by digit, as years are read; 两 alone is two
        return int("".join(str(DIGIT[c]) for c in text)) if len(text) <= 18 else None
    return _words(text)


def _words(text: str) -> int | None:
    """A number in words with 十, 百, 千, 万, 亿; a leading scale counts once (十二, 百)."""
    total = section = digit = 0
    pending = False
    for c in text:
        if c in DIGIT:
            digit, pending = DIGIT[c], True
        elif c in SCALE:
            section += (digit if pending else 1) * SCALE[c]
            digit, pending = 0, False
        elif c in MYRIAD:
            section += digit
            total = (total + section or 1) * MYRIAD[c] if c == "亿" else total + (section or 1) * MYRIAD[c]
            section, digit, pending = 0, 0, False
        else:
            return None
    return total + section + digit if text else None


def parse_number(text: str) -> float | None:
    """A number with its scale: 1.5万 → 15000, 3,000 → 3000, 12.5% → 12.5, 百分之八 → 8, 三分之一 → 0.333….

    Per cent stay per cent (12.5% is 12.5), fractions become decimals, 半 is 0.5, 两成 is 20 (per cent).
    ``None`` for what is no number.
    """
    text = narrow(text.strip()).replace(" ", "")
    if text == "半":
        return 0.5
    if m := re.fullmatch(r"(百分之|千分之)(.+)", text):
        value = parse_number(m[2])
        return None if value is None else value / (1 if m[1] == "百分之" else 10)
    if m := re.fullmatch(r"(.+)分之(.+)", text):
        below, above = parse_int(m[1]), parse_int(m[2])
        return None if above is None or not below else above / below
    if m := re.fullmatch(r"(.+)成(半)?", text):
        value = parse_number(m[1])
        return None if value is None else value * 10 + (5 if m[2] else 0)
    if m := re.fullmatch(rf"({_ARABIC.pattern})([十百千万亿兆]*)[%％]?", text):
        value = float(m[1].replace(",", ""))
        for c in m[4]:
            value *= MYRIAD.get(c) or SCALE[c]
        return value
    whole = parse_int(text)
    if whole is not None:
        return float(whole)
    if m := re.fullmatch(r"(.+)点(.+)", text):
        head = parse_int(m[1])
        tail = [DIGIT.get(c) for c in m[2]]
        if head is not None and all(d is not None for d in tail):
            return float(f"{head}.{''.join(map(str, tail))}")
    return None


def parse_year(text: str) -> int | None:
    """A year in digits or words: 2027, 二〇二七; ``None`` outside 1800 to 2200."""
    value = parse_int(text) if len(text.strip()) == 4 else None
    return value if value is not None and 1800 <= value <= 2200 else None
