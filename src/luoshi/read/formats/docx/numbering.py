"""Automatic numbers 一、（一）1.: computed as Word does, from numbering.xml (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from luoshi.read.formats.docx.package import W

DIGITS = "〇一二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: ``text`` is the pattern ``（%1）``, ``suffix`` what follows it (tab, space …)."""

    format: str = "decimal"
    text: str = "%1."
    start: int = 1
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    counters: dict[str, list[int | None]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    overridden: set[tuple[str, int]] = field(default_factory=set)

    def next(self, num: str, depth: int) -> tuple[str, str]:
        """Label and suffix of the next paragraph of list ``num`` at level ``depth`` (0 to 8).

        The label of a bullet is empty.
        """
        levels = self.levels.get(num)
        if not levels or depth not in levels:
            return "", ""
        # Lists that share their definition share their count, unless one begins anew.
        count = self.counters.setdefault(self._shared(num, depth), [None] * 9)
        level = levels[depth]
        current = count[depth]
        count[depth] = level.start if current is None else current + 1
        for above in range(depth):
            if count[above] is None:
                count[above] = levels[above].start if above in levels else 1
        for below in range(depth + 1, 9):
            limit = levels[below].restart if below in levels else None
            if limit is None or depth < limit:
                count[below] = None
        if level.format in ("bullet", "none"):
            return "", level.suffix
        return self._text(levels, level, count), level.suffix

    def depth_of(self, num: str, style: str) -> int:
        """The level of a list that belongs to a paragraph style, the first where none says so."""
        levels = self.levels.get(num, {})
        return next((d for d, level in sorted(levels.items()) if style and level.style == style), 0)

    def _shared(self, num: str, depth: int) -> str:
        return num if (num, depth) in self.overridden else self.abstract.get(num, num)

    def _text(self, levels: dict[int, Level], level: Level, count: list[int | None]) -> str:
        def one(m: re.Match[str]) -> str:
            at = int(m.group(1)) - 1
            style = "decimal" if level.legal else levels.get(at, Level()).format
            return spell(count[at] or 1, style)

        return re.sub(r"%([1-9])", one, level.text)


def read_numbering(root: etree._Element | None) -> Numbering:
    """The lists that ``numbering.xml`` defines."""
    out = Numbering()
    if root is None:
        return out
    abstract: dict[str, dict[int, Level]] = {}
    named: dict[str, str] = {}
    links: dict[str, str] = {}
    for node in root.iter(W + "abstractNum"):
        key = node.get(W + "abstractNumId", "")
        abstract[key] = {_depth(x): _level(x) for x in node.iter(W + "lvl")}
        named.setdefault(_value(node, "styleLink"), key)
        links[key] = _value(node, "numStyleLink")
    for key, style in links.items():
        # a definition without levels of its own takes those of a list style, and counts with them
        if style and not abstract[key] and style in named:
            abstract[key] = abstract[named[style]]
    for node in root.iter(W + "num"):
        num = node.get(W + "numId", "")
        base = _value(node, "abstractNumId")
        levels = dict(abstract.get(base, {}))
        for change in node.iter(W + "lvlOverride"):
            depth = _depth(change)
            new = change.find(W + "lvl")
            if new is not None:
                levels[depth] = _level(new)
            start = _value(change, "startOverride")
            if start.lstrip("-").isdigit():
                old = levels.get(depth, Level())
                levels[depth] = Level(
                    old.format, old.text, int(start), old.suffix, old.restart, old.legal, old.style
                )
                out.overridden |= {(num, d) for d in range(depth, 9)}
        out.levels[num] = levels
        out.abstract[num] = "abstract " + base
    return out


def _depth(node: etree._Element) -> int:
    value = node.get(W + "ilvl", "0")
    return min(8, int(value)) if value.isdigit() else 0


def _value(node: etree._Element, name: str) -> str:
    child = node.find(W + name)
    return child.get(W + "val", "") if child is not None else ""


def _level(node: etree._Element) -> Level:
    start = _value(node, "start")
    restart = _value(node, "lvlRestart")
    legal = node.find(W + "isLgl")
    return Level(
        format=_format(node),
        text=_value(node, "lvlText"),
        start=int(start) if start.isdigit() else 1,
        suffix=_value(node, "suff") or "tab",
        restart=int(restart) if restart.isdigit() else None,
        legal=legal is not None and legal.get(W + "val", "1") not in ("0", "false", "off"),
        style=_value(node, "pStyle"),
    )


def _format(node: etree._Element) -> str:
    """The number format; newer ones stand in an alternative with the old one as fallback."""
    found = next(iter(node.iter(W + "numFmt")), None)
    return found.get(W + "val", "decimal") if found is not None else "decimal"


def spell(n: int, style: str) -> str:
    """A number in one of Word's formats; an unknown one gives plain digits."""
    makers = {
        "chineseCounting": chinese,
        "chineseCountingThousand": chinese,
        "japaneseCounting": chinese,
        "taiwaneseCounting": chinese,
        "taiwaneseCountingThousand": chinese,
        "ideographDigital": _digital,
        "japaneseDigitalTenThousand": _digital,
        "chineseLegalSimplified": lambda k: chinese(k, FORMAL, "拾佰仟"),
        "ideographLegalTraditional": lambda k: chinese(k, FORMAL, "拾佰仟"),
        "ideographTraditional": lambda k: STEMS[(k - 1) % 10],
        "ideographZodiac": lambda k: BRANCHES[(k - 1) % 12],
        "decimalEnclosedCircle": _circled,
        "decimalEnclosedCircleChinese": _circled,
        "decimalEnclosedFullstop": lambda k: chr(0x2487 + k) if 1 <= k <= 20 else f"{k}.",
        "decimalEnclosedParen": lambda k: chr(0x2473 + k) if 1 <= k <= 20 else f"({k})",
        "ideographEnclosedCircle": lambda k: chr(0x327F + k) if 1 <= k <= 10 else chinese(k),
        "decimalFullWidth": lambda k: str(k).translate({48 + i: 0xFF10 + i for i in range(10)}),
        "decimalFullWidth2": lambda k: str(k).translate({48 + i: 0xFF10 + i for i in range(10)}),
        "decimalZero": lambda k: f"{k:02d}",
        "lowerLetter": lambda k: _letters(k).lower(),
        "upperLetter": _letters,
        "lowerRoman": lambda k: _roman(k).lower(),
        "upperRoman": _roman,
    }
    return makers.get(style, str)(n) if n >= 0 else str(n)


def chinese(n: int, digits: str = DIGITS, units: str = "十百千") -> str:
    """A number below ten thousand in Chinese, 十一 and not 一十一."""
    if n >= 10_000:
        return str(n)
    if n == 0:
        return "零"
    out, gap = "", False
    for place, digit in enumerate(reversed(str(n))):
        if digit == "0":
            gap = bool(out) and not out.startswith("零")
            continue
        out = digits[int(digit)] + ("" + units[place - 1] if place else "") + ("零" if gap else "") + out
        gap = False
    return out[1:] if 10 <= n < 20 and digits is DIGITS else out


def _digital(n: int) -> str:
    return "".join(DIGITS[int(d)] for d in str(n))


def _circled(n: int) -> str:
    if 1 <= n <= 20:
        return chr(0x245F + n)
    if n <= 35:
        return chr(0x3250 + n - 20)
    return chr(0x32B0 + n - 35) if n <= 50 else str(n)


def _letters(n: int) -> str:
    """A … Z, AA … ZZ: Word repeats the letter."""
    return chr(65 + (n - 1) % 26) * min(20, (n - 1) // 26 + 1) if n else ""


def _roman(n: int) -> str:
    if n >= 5000:
        return str(n)
    table = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")]
    table += [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    out = ""
    for value, sign in table:
        out += sign * (n // value)
        n %= value
    return out
