"""Labels that stand for a list or must be looked up: which words of a text are one, and how many things
they announce (三篇大文章: 3, 一圈一带两区: 4)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from luoshi.extract.names import lists, quoted
from luoshi.text import tokens
from luoshi.text.lexicon import table, words
from luoshi.text.numerals import parse_int
from luoshi.text.sought import Sought

NUMERAL = "[一二两双三四五六七八九十]"
_GROUP = re.compile(rf"({NUMERAL}|\d+)([^一二两双三四五六七八九十\d、“”]{{1,5}})[、]?")
_COUNTED = re.compile(
    rf"^(?:新|旧|大|新时代)?({NUMERAL}+|\d+)(大|个|项|篇|条|种|类|件|方面|重点|重|级|位|手|化|地|张|支|座|道|资|改|本|链|区|翼|核|城|轴|屏|带)?(.*)$"
)
_CLASSIFIED = re.compile(rf"^(?:{NUMERAL}|\d+)(?:个|项|条|大|种|类|件|篇)")


class Label(NamedTuple):
    """A label in a text: its span without quotation marks, the words, whether it is quoted."""

    start: int
    end: int
    term: str
    quoted: bool


class Part(NamedTuple):
    """A numeral of a label and the head that it counts: 三 and 安全 of 三大安全."""

    number: int
    head: str


@lru_cache(maxsize=8192)
def parts(term: str) -> tuple[Part, ...]:
    """The numerals of a label with what each counts, empty where the label counts nothing.

    A distributive label (一村一品: for each village a product), an ordinal and the number of a plan
    (十四五) count nothing.
    """
    if term in words("luoshi.extract", "uncounted_terms.tsv") or re.match(rf"第|(?:{NUMERAL}|\d+)年", term):
        return ()
    if m := re.match(rf"^({NUMERAL})位一体$", term):
        return (Part(_number(m[1]) or 0, ""),)
    groups = list(_GROUP.finditer(term))
    if len(groups) >= 2 and not _CLASSIFIED.match(term) and "".join(g.group() for g in groups) == term:
        numbers = [_number(g[1]) for g in groups]
        heads = [g[2] for g in groups]
        if all(n == 1 for n in numbers):
            return () if len(groups) == 2 and len(term) == 4 and term[1] != "带" else _named(numbers, heads)
        return _named(numbers, heads)
    m = _COUNTED.match(term)
    if m is None:
        return ()
    number = _number(m[1])
    if number is None or number < 2 or not (m[2] or m[3]) or "+" in term:
        return ()
    if (m[2] or "") + m[3] in words("luoshi.extract", "quantity_units.tsv"):
        return ()
    return (Part(number, m[3] or m[2]),)


def _named(numbers: list[int | None], heads: list[str]) -> tuple[Part, ...]:
    return tuple(Part(n, h) for n, h in zip(numbers, heads, strict=True) if n is not None)


def _number(text: str) -> int | None:
    return {"双": 2, "两": 2}.get(text) or parse_int(text)


def count(term: str) -> int | None:
    """How many things a label announces, ``None`` where it announces no number."""
    found = parts(term)
    return sum(p.number for p in found) if found else None


# a noun phrase that sums up: 三大战役, 5件大事, 50项重点任务, 三个万亿级产业基地
_SUMMARY = Sought(
    r"(?<![第\d.．年月〔之近每前后余约超逾])(?<!\d、)(?:[二两三四五六七八九]|十(?!几)|\d{1,3})(?<![一二三四五六七八九十]十)(?<!十[一二三四五六七八九])"
    r"(?:大(?!学|专|桥|会|都|型|小|豆|气|致|约|多)|个|项|件|条|类|方面)",
    first=r"[二两三四五六七八九十\d]",
)
_OTHER = Sought(
    rf"双循环|双重[\u4e00-\u9fff]{{2}}|{NUMERAL}重保障|{NUMERAL}篇大?文章|{NUMERAL}级联动|[两三四]手抓"
    rf"|{NUMERAL}级[\u4e00-\u9fff]{{2,6}}体系|{NUMERAL}项制度改革|[两三四五六七八九十\d]省区?市"
    rf"|(?:东北|华北|华东|华南|西北|西南|中部|西部)?[两三四五六]省[一二两三四五][区市]"
    rf"|第[一二]个百年奋斗目标|[两三四五六七八九]项规定|{NUMERAL}年行动(?!计划|方案)",
    first=r"[双一二两三四五六七八九十\d东华西中第]",
)
_MEETING = Sought(
    r"党的[一二三四五六七八九十]+大(?!报告)|(?:省|市|县|区|自治区)?委?[一二三四五六七八九十]+届[一二三四五六七八九十]+次全会"
    r"|[省市]第[一二三四五六七八九十]+次党代会|全国两会",
    needs="党的|次全会|党代会|全国两会",
)
_ABBREVIATED = re.compile(r"（(?:以下)?(?:简称|统称)(?:为)?[“:：]?(《[^《》]{1,20}》|[^“”（）]{2,20}?)”?）")
_LATIN = Sought(r"(?<=[\u4e00-\u9fff])（([A-Z][A-Za-z]{2,9})）", first="（")
_UNIT_NOUNS = "summary_nouns.tsv"


def find(text: str) -> list[Label]:
    """The labels of a text, left to right, without overlap."""
    out = _quoted(text)
    for pattern in (_settled(), _OTHER):
        out += [Label(m.start(), m.end(), m.group(), False) for m in pattern.finditer(text)]
    out += [_trimmed(m) for m in _MEETING.finditer(text)]
    for pattern in (_ABBREVIATED, _LATIN):
        out += [Label(m.start(1), m.end(1), m[1], False) for m in pattern.finditer(text)]
    out += _summaries(text)
    kept: list[Label] = []
    for label in sorted(out, key=lambda s: (not s.quoted, s.start - s.end, s.start)):
        if all(label.end <= k.start or label.start >= k.end for k in kept):
            kept.append(label)
    return sorted(kept)


def _trimmed(m: re.Match[str]) -> Label:
    """A meeting's name without the level that is understood (省委十三届六次全会 → 十三届六次全会)."""
    start = m.start() + len(m.group()) - len(re.sub(r"^(?:省|市|县|区|自治区)?委", "", m.group()))
    return Label(start, m.end(), m.string[start : m.end()], False)


@cache
def _settled() -> re.Pattern[str]:
    rows = sorted((w for w in known() if "双循环" not in w), key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, rows)))


def _quoted(text: str) -> list[Label]:
    out = []
    for first, last, start, end in quoted.pairs(text):
        if quoted.is_term(text, first, last, text[start:end]):
            out.append(Label(start, end, text[start:end], True))
    out += [
        Label(m.start(), m.end(), m.group(), True)
        for m in re.finditer(r"(?:“[\u4e00-\u9fff]”、?){2,4}", text)
    ]
    return out


def _summaries(text: str) -> list[Label]:
    """N大X, N个X …: kept where the noun sums up a list (战役, 任务, 基地), or 大 makes a label of it."""
    out = []
    for m in _SUMMARY.finditer(text):
        end = _noun_end(text, m.end())
        if end is None:
            continue
        noun = text[m.end() : end]
        large = m.group().endswith("大")
        last = next((w for w in _summary_nouns() if noun.endswith(w)), None)
        if (large and len(noun) >= 2) or last:
            out.append(Label(m.start(), end, text[m.start() : end], False))
    return out


@cache
def _summary_nouns() -> tuple[str, ...]:
    return tuple(sorted(words("luoshi.extract", _UNIT_NOUNS), key=len, reverse=True))


_MODIFIERS = re.compile(
    r"^(?:重点|重大|主要|关键|重要|标志性|万亿级|千亿级|百亿级|战略性?|核心|突出|基本|专项|优势|特色|支柱|先导"
    r"|传统)"
)


def _noun_end(text: str, start: int) -> int | None:
    """The end of the noun that a numeral counts, ``None`` where there is none.

    After 大 it is the first noun that sums up or is a landform (两大沙地歼灭战 are two 沙地), else the last
    summing noun of the run of nouns.
    """
    at = start
    while m := _MODIFIERS.match(text[at : at + 6]):
        at += m.end()
    large = text[start - 1] == "大"
    first: int | None = None
    best: int | None = None
    for tok in tokens.tag(text[at : at + 16]):
        if not (tok.tag.startswith(_NOUNISH) or (large and tok.tag == "v")):
            break
        end = at + tok.end
        if len(tok.word) > 1 and tok.word.endswith(_summary_nouns()):
            best = end
        if large and (best or tok.word.endswith(tuple(words("luoshi.extract", "landforms.tsv")))):
            return end
        if first is None and tok.tag not in ("a", "b"):
            first = end if tok.tag != "v" else start
    return best or (first if large and first != start else None)


_NOUNISH = ("n", "vn", "s", "l", "j", "b", "a")


_FULL = re.compile(r"(《[^《》\n]{2,80}》|[\u4e00-\u9fff“”\d]{2,40})（[^（）]{0,8}$")


def full_form(text: str, label: Label) -> str | None:
    """What a label in brackets is short for (《…条例》（以下简称《条例》）), ``None`` for any other label."""
    before = text[max(0, label.start - 96) : label.start]
    if "（" not in before[-9:]:
        return None
    m = _FULL.search(before)
    if m is None or not re.search(r"（(?:[^（）]*[简统]称[^（）]*|)$", before):
        return None
    name = m[1]
    return name if name.startswith("《") else lists.lead_off(name, ()) or None


def counting(text: str) -> list[Label]:
    """The labels without quotation marks that count what they stand for (三重保障), count phrases apart."""
    free = [lab for lab in find(text) if not lab.quoted and count(lab.term)]
    return [lab for lab in free if not re.search(r"[个项件条类方\d]", lab.term[:3])]


def known() -> frozenset[str]:
    """The settled abbreviations of the table."""
    return frozenset(r[0] for r in table("luoshi.extract", "known_terms.tsv"))
