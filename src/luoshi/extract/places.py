"""Places: regions with their GB/T 2260 codes, and named areas and landforms without one.

Regions come from :mod:`luoshi.text.regions`; areas that are no administrative region (环渤海, 辽西北),
countries and landforms from ``data/places.tsv``, ``data/landforms.tsv`` and a few patterns.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from luoshi.text import regions, tokens
from luoshi.text.lexicon import table, words
from luoshi.text.sought import Sought


class PlaceMention(NamedTuple):
    """A place in a string: span, name as it should be shown, GB/T 2260 code where it is one region."""

    start: int
    end: int
    canonical: str
    code: str | None


_PROVINCE = "冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵黔滇藏陕甘陇青渝疆"
# 辽西北, 苏北, 粤东西北, 辽东, 浙中; one character of a province and where in it
_PART = re.compile(
    rf"[{_PROVINCE}][东西南北中]{{1,3}}(?:部(?=地区)|部(?!门|署|分|长|委|队|级))?(?:山区|地区)?"
)
_AROUND = re.compile(r"环(?:渤海|北部湾|太湖|杭州湾|京津冀|京津|首都|鄱阳湖|洞庭湖|南海|黄海)(?:地区)?")
_PROVINCES = re.compile(
    r"(?:东北|华北|华东|华南|华中|西北|西南|中部|西部|沿海|沿江)[一二两三四五六七八九十]+(?:省(?:[一二两三四五]?[区市])?|省区市?|市)"
)
_SIDE = r"(?:东北|东南|西北|西南|东部|中部|西部|北部|南部|东|西|南|北)?"
_AREA = Sought(
    rf"{_SIDE}(?:沿海|沿边|沿江|内陆|边境|边疆|民族|革命老)(?:地区|区域|省份)|东南沿海|东部沿海|(?:东部|中部|西部|东中西部|中西部|东北|西北|西南)(?:地区|省份)",
    needs="地区|区域|省份|东南沿海|东部沿海",
)
_TAIL = re.compile(r"(?:沿海)?地区|沿海|沿岸")
# a place's name before these is part of the name of something else
_NOT_AFTER = ("精神", "抗联", "战役", "会议精神", "经验")
_PROPER = ("ns", "nz", "nr", "nrt", "nrfg")
_DIRECTION = re.compile(r"[东西][南北](?:$|(?=[角部侧面方]))")


@cache
def _named() -> re.Pattern[str]:
    names = sorted(words("luoshi.extract", "places.tsv"), key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, names)))


@cache
def _landforms() -> tuple[tuple[str, ...], frozenset[str], re.Pattern[str]]:
    """The kinds of landforms, the longest first, their last characters, and any of them."""
    kinds = tuple(sorted(words("luoshi.extract", "landforms.tsv"), key=len, reverse=True))
    return kinds, frozenset(kind[-1] for kind in kinds), re.compile("|".join(map(re.escape, kinds)))


def _landform_mentions(text: str) -> list[PlaceMention]:
    """A proper name and the kind of landform: 科尔沁沙地, 辽河平原, 河西走廊."""
    out: list[PlaceMention] = []
    kinds, last, any_kind = _landforms()
    if any_kind.search(text) is None:
        return out
    toks = tokens.tag(text)
    for i, tok in enumerate(toks):
        if tok.word[-1] not in last or not tok.word.endswith(kinds):
            continue
        kind = next(k for k in kinds if tok.word.endswith(k))
        start = tok.start
        proper = len(tok.word) > len(kind) and tok.tag in _PROPER and tok.word not in _common()
        if len(kind) == 1 and not (proper and tok.tag == "ns" and tokens.known(tok.word)):
            continue
        j = i - 1
        while len(kind) > 1 and j >= 0 and toks[j].tag in _PROPER and toks[j].word not in _common():
            start, proper = toks[j].start, True
            j -= 1
        if proper:
            out.append(PlaceMention(start, tok.end, text[start : tok.end], None))
    return out


@cache
def _common() -> frozenset[str]:
    return words("luoshi.extract", "common_places.tsv")


def _extend(text: str, mention: PlaceMention) -> PlaceMention:
    """With a following 地区 or 沿海地区, which belongs to the name (长三角地区)."""
    m = _TAIL.match(text, mention.end)
    if m is None or text[mention.end - 2 : mention.end] == "地区":
        return mention
    return PlaceMention(mention.start, m.end(), mention.canonical + m.group(), mention.code)


def find(text: str, within: str | None = None) -> list[PlaceMention]:
    """The places that a string names, left to right, without overlap.

    :param within: code of the document's own region: of several regions of one name that inside it counts.
    """
    found = [
        PlaceMention(m.start, m.end, m.name, m.code)
        for m in regions.find(text, within=within)
        if not _doubtful(text[m.start : m.end], m, within) and not _straddles(text, m.start, m.end)
    ]
    found = _joined(text, found)
    for pattern in (_AROUND, _PROVINCES, _AREA, _named()):
        found += [PlaceMention(m.start(), m.end(), m.group(), None) for m in pattern.finditer(text)]
    parts = list(_PART.finditer(text))
    starts = {t.start for t in tokens.tag(text)} if parts else frozenset()
    found += [
        PlaceMention(m.start(), m.end(), m.group(), None)
        for m in parts
        if m.start() in starts and not _splits_word(text, m.end())
    ]
    found += _landform_mentions(text)
    found = [m for m in found if not text.startswith(_NOT_AFTER, m.end)]
    found = [_extend(text, m) for m in found if not _DIRECTION.match(text[m.start : m.end + 1])]
    out: list[PlaceMention] = []
    for m in sorted(found, key=lambda m: (m.start - m.end, m.code is None, m.start)):
        if all(m.end <= k.start or m.start >= k.end for k in out):
            out.append(m)
    return sorted(out)


def _doubtful(written: str, mention: regions.RegionMention, within: str | None) -> bool:
    """A county named without its rank, outside the document's province: rather an ordinary word (滨江)."""
    found = [region for code in mention.codes or (mention.code or "",) if (region := regions.get(code))]
    if not found or any(r.level != "county" or r.name == written for r in found):
        return False
    if within is None:
        return mention.code is None
    return not any(r.code[:2] == within[:2] for r in found)


def _splits_word(text: str, end: int) -> bool:
    """Whether a word of the dictionary runs over this place (辽东｜半岛 is not one, 苏中｜央 is)."""
    return any(t.start < end < t.end for t in tokens.tag(text))


def _straddles(text: str, start: int, end: int) -> bool:
    """Whether a name of two characters is the end of one word and the beginning of the next (医保定点)."""
    if end - start != 2:
        return False
    cut = [t for t in tokens.tag(text) if t.start < end and start < t.end]
    return (
        len(cut) == 2 and cut[0].start < start and cut[1].end > end and all(tokens.known(t.word) for t in cut)
    )


def _joined(text: str, found: list[PlaceMention]) -> list[PlaceMention]:
    """A region right after the one above it is one name: 辽宁省沈阳市."""
    out: list[PlaceMention] = []
    for m in found:
        last = out[-1] if out else None
        if last and last.end == m.start and last.code and m.code and last.code in regions.ancestors(m.code):
            out[-1] = PlaceMention(last.start, m.end, last.canonical + m.canonical, m.code)
        else:
            out.append(m)
    return out


def names() -> frozenset[str]:
    """The named areas and countries of the table (for tests)."""
    return frozenset(row[0] for row in table("luoshi.extract", "places.tsv"))
