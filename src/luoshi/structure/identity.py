"""Who issued a document, under which number, at which level, and what it cites."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from luoshi.model import Citation
from luoshi.structure.lines import bare
from luoshi.text import regions
from luoshi.text.lexicon import table, words

NUMBER = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,14}\s*[〔\[（(【﹝［]\s*(?:19|20)\d{2}\s*[〕\])）】﹞］]\s*第?\s*\d{1,5}\s*号"
)
_ORDER = re.compile(
    r"(?:国令|[\u4e00-\u9fff]{0,20}令)?\s*[（(]?\s*第\s*([\d一二三四五六七八九十百〇零]{1,6})\s*号\s*[）)]?"
)
_CITED = re.compile(
    r"《((?:[^《》\n]|《[^《》\n]{1,60}》){2,120})》(?:\s*[（(]\s*(?:以下[^）)]*|([^（()）]{2,40}号)[^）)]*)[）)])?"
)
_SHORT = re.compile(r"[（(](?:以下)?(?:简称|统称)[：:]?\s*《([^》]+)》")
_ISSUED = re.compile(r"^(.{2,80}?)(?:关于|印发|转发|批转|公布|发布|对(?=.{4,}的(?:答复|意见|批复)))")
_SEVERAL = re.compile(r"等[\d一二三四五六七八九十]{1,3}(?:个)?(?:部门|单位|部委)$|等部门$")


@dataclass(frozen=True, slots=True)
class Standing:
    """Branch, level and region of an issuer."""

    branch: str
    level: str | None
    region: str | None


_RANKS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("自治区",), "province"),
    (("地区",), "city"),
    (("镇", "乡", "街道"), "township"),
    (("县", "区", "旗"), "county"),
    (("市", "州", "盟"), "city"),
    (("省",), "province"),
)
_PLACE = re.compile(
    r"(?:中共|中国共产党)?((?:[\u4e00-\u9fff]{2,8}?(?:自治区|省|自治州|地区|市|州|盟|县|区|旗|镇|乡|街道))+)"
    r"(?=委|人民|政府|人大|政协|纪|[\u4e00-\u9fff]{1,14}(?:厅|局|办|委员会|委|院|处|中心|部)|召开|举行|关于|$)"
)


@cache
def _issuers() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple((re.compile(r[0]), r[1], r[2]) for r in table("luoshi.structure", "issuers.tsv"))


@cache
def _org() -> re.Pattern[str]:
    ends = sorted(map(re.escape, words("luoshi.structure", "org_ends.tsv")), key=len, reverse=True)
    return re.compile(rf"[\u4e00-\u9fff（）()“”·]{{1,30}}(?:{'|'.join(ends)})")


def region_of(text: str) -> tuple[str | None, str | None]:
    """Code and level of the region at the head of a name (云南省水利厅), both ``None`` without one."""
    name = re.sub(r"^(?:中共|中国共产党|中国（|中国\()", "", text)
    found = [m for m in regions.find(name) if m.code]
    if not found or found[0].start > 2:
        return None, None
    last = found[0]
    for m in found[1:]:
        if m.start > last.end or m.code is None:
            break
        last = m
    region = regions.get(last.code) if last.code else None
    if region is None:
        return None, None
    if re.match(r".{0,12}(?:镇|乡|街道)(?:人民政府|党委|办事处)", name[last.end :]):
        return region.code, "township"
    return region.code, region.level


def level_by_rank(name: str) -> str | None:
    """Level by the rank that a name of a place not in the gazetteer ends with: 某某省水利厅, 某某县委."""
    m = _PLACE.match(name)
    if m is None:
        return None
    return next(level for ends, level in _RANKS if m.group(1).endswith(ends))


def standing(name: str) -> Standing | None:
    """Branch, level and region of an issuer's name; ``None`` where it is none that we know."""
    for pattern, branch, level in _issuers():
        if not pattern.search(name):
            continue
        if level != "-":
            return Standing(branch, level, None)
        code, of_region = region_of(name)
        return Standing(branch, of_region or level_by_rank(name), code)
    return None


def split_issuers(text: str) -> tuple[str, ...]:
    """Names of organisations in a heading or a signature: 中共中央 国务院, A、B、C, 文化和旅游部等七部门."""
    text = re.sub(r"^中华人民共和国(?=国务院)", "", text.strip())
    text = _SEVERAL.sub("", re.sub(r"[（(][^）)]*[）)]$", "", text.strip()))
    out: list[str] = []
    for part in re.split(r"[\s　、，,;；]+", text):
        for name in _glued(part.strip("《》“” ")):
            if 2 <= len(name) <= 40 and name not in out and (_org().fullmatch(name) or standing(name)):
                out.append(name)
    return tuple(out)


def _glued(text: str) -> tuple[str, ...]:
    """中共中央办公厅国务院办公厅 set without a space between them."""
    m = re.fullmatch(
        r"((?:中共|中央)[\u4e00-\u9fff]*?(?:中央|办公厅|省委|市委|区委|县委|委员会|办公室))((?:国务院|[\u4e00-\u9fff]{2,10}人民政府)[\u4e00-\u9fff]*)",
        text,
    )
    if m:
        return m.group(1), m.group(2)
    place = re.match(r"[\u4e00-\u9fff]{2,5}?[省市区县州]", text)
    if place and text.count(place.group()) > 1:  # 某市教育局某市财政局
        return tuple(place.group() + part for part in text.split(place.group())[1:])
    return (text,)


def issuers_of_title(title: str) -> tuple[str, ...]:
    """Issuers named at the head of a title: 云川省人民政府办公厅关于…的通知."""
    m = _ISSUED.match(re.sub(r"《[^》]*》", "《》", title.lstrip("《")))
    if m is None:
        return ()
    found = split_issuers(m.group(1))
    return tuple(n for n in found if standing(n) is not None)


def number_in(text: str) -> str | None:
    """A document number (云府办发〔2024〕3号), its brackets made 〔〕, ``None`` without one."""
    m = NUMBER.search(text)
    if m is None:
        return None
    number = re.sub(r"\s+", "", m.group())
    return re.sub(r"[〔\[（(【﹝［]((?:19|20)\d{2})[〕\])）】﹞］]", r"〔\1〕", number)


def order_number(text: str) -> str | None:
    """The number of an order (令): 国令第706号, 云川省人民政府令第19号, 第19号."""
    m = _ORDER.search(text)
    return re.sub(r"[\s（()）]+", "", m.group()) if m else None


def cites(text: str, own: str) -> tuple[Citation, ...]:
    """Documents that a text names, each once, in order; papers, short forms and itself left out."""
    short = {bare(m) for m in _SHORT.findall(text)}
    seen: dict[str, Citation] = {}
    for m in _CITED.finditer(text):
        title = re.sub(r"\s+", "", m.group(1))
        key = bare(title)
        if (
            key in short
            or (len(key) < 4 and not title.endswith(("法", "典", "宪法")))
            or (own and key in bare(own))
        ):
            continue
        if re.fullmatch(r"[\u4e00-\u9fff]{1,8}(?:日报|晚报|时报|早报|杂志|周刊|快报|求是)", title):
            continue
        number = number_in(m.group(2)) or m.group(2) if m.group(2) else None
        before = seen.get(key)
        if before is None or (before.number is None and number):
            seen[key] = Citation(before.title if before else title, number)
    return tuple(seen.values())
