"""Regions of China in running text: names, short forms and their GB/T 2260 codes.

The gazetteer lies in ``data/regions.tsv`` (made by ``scripts/make_regions.py``), other names in
``data/region_names.tsv``, names that are ordinary words too in ``data/region_rules.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import add
from typing import Literal

from luoshi.text.lexicon import table

Level = Literal["province", "city", "county"]

_PEOPLES = (
    "维吾尔|乌孜别克|柯尔克孜|哈萨克|达斡尔|塔吉克|俄罗斯|鄂温克|塔塔尔|鄂伦春|蒙古|布依|朝鲜|土家|哈尼|傈僳|高山|拉祜"
    "|东乡|纳西|景颇|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|德昂|保安|裕固|独龙|赫哲|门巴|珞巴|基诺"
    "|藏|回|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒|京|各"
)
_PEOPLE = re.compile(f"(?:(?:{_PEOPLES})族?)+$")
_AUTONOMOUS = re.compile(f"^(.{{2,}}?)((?:(?:{_PEOPLES})族?)+)自治([区州县旗])$")
_RANK = {"province": 0, "city": 1, "county": 2}
_TAIL = re.compile("(?:特别行政区|自治区|省|市|地区|盟|县|新区|区|旗|林区|群岛)$")
_LIST = frozenset("、和及与")


@dataclass(frozen=True, slots=True)
class Region:
    """A region: its code, full name, level, and the code of the one above (empty for a province)."""

    code: str
    name: str
    level: Level
    parent: str


@dataclass(frozen=True, slots=True)
class RegionMention:
    """A region named in a text.

    ``name`` is the full name; for a group (京津冀) and for a name that several regions share and that the
    text does not settle, it is the text itself. ``code`` is then ``None``; ``codes`` holds all that fit.
    """

    start: int
    end: int
    name: str
    code: str | None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a written form may stand for; ``free`` codes need no context, ``bound`` ones do."""

    free: tuple[str, ...]
    bound: tuple[str, ...] = ()
    group: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()


@cache
def _regions() -> dict[str, Region]:
    return {
        row[0]: Region(row[0], row[1], row[2], row[3] if len(row) > 3 else "")  # type: ignore[arg-type]
        for row in table("luoshi.text", "regions.tsv")
    }


def short_name(name: str) -> str:
    """A region's name without its rank (辽宁省 → 辽宁, 延边朝鲜族自治州 → 延边), or itself."""
    if m := _AUTONOMOUS.match(name):
        return m[1]
    if name.endswith("自治区"):
        name = name[:-3]
        return _PEOPLE.sub("", name) or name
    short = _TAIL.sub("", name)
    return short if len(short) > 1 else name


@dataclass(frozen=True, slots=True)
class _Index:
    entries: dict[str, _Entry]
    starts: dict[str, tuple[str, ...]]
    rules: dict[str, _Rule]
    abbreviations: dict[str, str]


def _collect(free: dict[str, list[str]], bound: dict[str, list[str]], must: frozenset[str]) -> None:
    for code, region in _regions().items():
        short = short_name(region.name)
        weak = len(region.name) == 2 or region.name in must
        (bound if weak else free).setdefault(region.name, []).append(code)
        if m := _AUTONOMOUS.match(region.name):
            bound.setdefault(m[1] + m[3], []).append(code)
        if short == region.name:
            continue
        town = region.level != "county" or (region.name.endswith("市") and len(short) > 1)
        (free if town and short not in must else bound).setdefault(short, []).append(code)


@cache
def _index() -> _Index:
    must: set[str] = set()
    before: dict[str, tuple[str, ...]] = {}
    after: dict[str, tuple[str, ...]] = {}
    for name, rule, *rest in table("luoshi.text", "region_rules.tsv"):
        if rule == "context":
            must.add(name)
        else:
            (before if rule == "not-before" else after)[name] = tuple(rest[0].split())
    free: dict[str, list[str]] = {}
    bound: dict[str, list[str]] = {}
    _collect(free, bound, frozenset(must))
    groups: dict[str, tuple[str, ...]] = {}
    abbreviations: dict[str, str] = {}
    for name, codes, kind in table("luoshi.text", "region_names.tsv"):
        if kind == "abbr":
            abbreviations[name] = codes
        elif kind == "group":
            groups[name] = tuple(codes.split())
        elif kind != "group-parent":
            target = bound if kind.endswith("-parent") else free
            if codes not in target.setdefault(name, []):
                target[name].append(codes)
    entries = {
        name: _Entry(
            tuple(free.get(name, ())), tuple(c for c in bound.get(name, ()) if c not in free.get(name, ()))
        )
        for name in free.keys() | bound.keys()
    }
    entries.update({name: _Entry(codes, (), True) for name, codes in groups.items()})
    starts: dict[str, list[str]] = {}
    for name in sorted(entries, key=lambda n: (-len(n), n)):
        starts.setdefault(name[:2], []).append(name)
    rules = {n: _Rule(before.get(n, ()), after.get(n, ())) for n in before.keys() | after.keys()}
    return _Index(entries, {k: tuple(v) for k, v in starts.items()}, rules, abbreviations)


def get(code: str) -> Region | None:
    """The region with this code."""
    return _regions().get(code)


def ancestors(code: str) -> tuple[str, ...]:
    """Codes of the regions above, nearest first."""
    out: list[str] = []
    region = _regions().get(code)
    while region is not None and region.parent:
        out.append(region.parent)
        region = _regions().get(region.parent)
    return tuple(out)


def _inside(code: str, above: Iterable[str]) -> bool:
    chain = (code, *ancestors(code))
    return any(a in chain for a in above)


def _highest(codes: Iterable[str]) -> list[str]:
    """Those of the highest level among them (吉林 is the province, not the city)."""
    rank = {c: _RANK[_regions()[c].level] for c in codes}
    least = min(rank.values(), default=0)
    return [c for c in rank if rank[c] == least]


def code_of(name: str, within: str | None = None) -> str | None:
    """The code of a region by its full, short or one-character name, or of a chain of names (辽宁省沈阳市).

    :param within: code of a region that it must lie in.
    :returns: ``None`` when nothing or more than one region fits.
    """
    index = _index()
    if name in index.abbreviations and within is None:
        return index.abbreviations[name]
    entry = index.entries.get(name)
    if entry is None:
        chain = find(name, within=within)
        if not chain or chain[0].start or chain[-1].end != len(name):
            return None
        return chain[-1].code if all(a.end == b.start for a, b in pairwise(chain)) else None
    if entry.group:
        return None
    codes = [c for c in (*entry.free, *entry.bound) if within is None or _inside(c, (within,))]
    best = _highest([c for c in codes if c in entry.free]) or _highest(codes)
    return best[0] if len(best) == 1 else None


@dataclass(slots=True)
class _Candidate:
    start: int
    end: int
    entry: _Entry
    codes: tuple[str, ...]
    sure: bool


def find(text: str, *, within: str | None = None) -> tuple[RegionMention, ...]:
    """The regions that a text names, left to right, without overlap, the longest name first.

    A name that is an ordinary word too (白银, 新县) counts only right after the region above it or in a list
    of regions. A name that several regions share is settled by the region just before it, by ``within`` (the
    code of the document's region), or by the only one whose region above is named in the text.

    Takes about 0.1 s for a million characters.
    """
    index = _index()
    starts = index.starts
    found: list[_Candidate] = []
    upto = 0
    hits = [i for i, pair in enumerate(map(add, text, text[1:])) if pair in starts]
    for i in hits:
        if i < upto:
            continue
        for name in starts[text[i : i + 2]]:
            if not text.startswith(name, i) or not _allowed(index, text, i, name):
                continue
            candidate = _weigh(text, i, name, index.entries[name], found[-1] if found else None)
            found.append(candidate)
            if candidate.sure:
                upto = candidate.end
                break
    return _settle(text, found, within)


def _allowed(index: _Index, text: str, start: int, name: str) -> bool:
    if name[-1] in "县区" and text.startswith("域", start + len(name)):
        return False
    rule = index.rules.get(name)
    if rule is None:
        return True
    return not text.startswith(rule.not_before or ("\0",), start + len(name)) and not text.endswith(
        rule.not_after or ("\0",), 0, start
    )


def _weigh(text: str, start: int, name: str, entry: _Entry, last: _Candidate | None) -> _Candidate:
    """A candidate; sure when it needs no context or its region above stands right before it."""
    end = start + len(name)
    if last is not None and last.sure and last.end == start and not entry.group:
        below = tuple(
            c for c in (*entry.free, *entry.bound) if c not in last.codes and _inside(c, last.codes)
        )
        if below:
            return _Candidate(start, end, entry, tuple(_highest(below)), True)
    codes = entry.free if entry.group else tuple(_highest(entry.free))
    return _Candidate(start, end, entry, codes, bool(codes))


def _settle(text: str, found: list[_Candidate], within: str | None) -> tuple[RegionMention, ...]:
    _spread(text, found)
    _spread(text, found, backward=True)
    named = {c.codes[0] for c in found if c.sure and len(c.codes) == 1}
    out: list[RegionMention] = []
    for c in found:
        if not c.sure or (out and c.start < out[-1].end):
            continue
        codes = c.codes
        if not c.entry.group and len(codes) > 1:
            codes = _narrow(codes, (within,) if within else ()) or _narrow(codes, named - set(codes)) or codes
        code = codes[0] if len(codes) == 1 else None
        region = _regions().get(code) if code else None
        out.append(
            RegionMention(c.start, c.end, region.name if region else text[c.start : c.end], code, codes)
        )
    return tuple(out)


def _narrow(codes: tuple[str, ...], above: Iterable[str]) -> tuple[str, ...]:
    regions = tuple(above)
    inside = tuple(c for c in codes if _inside(c, regions))
    return inside if len(inside) == 1 else ()


def _spread(text: str, found: list[_Candidate], *, backward: bool = False) -> None:
    """Make doubtful members of a list of sister regions sure: 通化、白山."""
    by_edge: dict[int, _Candidate] = {}
    for c in reversed(found) if backward else found:
        edge = c.end if backward else c.start
        mark = edge if backward else edge - 1
        other = by_edge.get(mark + 1 if backward else mark)
        if not c.sure and other is not None and 0 <= mark < len(text) and text[mark] in _LIST:
            parents = {p for code in other.codes for p in ancestors(code)[:1]}
            codes = tuple(x for x in (*c.entry.free, *c.entry.bound) if set(ancestors(x)[:1]) & parents)
            if codes and parents:
                c.codes, c.sure = codes, True
        if c.sure:
            by_edge[c.start if backward else c.end] = c
