"""Bodies: named ones (国务院, 沈阳市人民政府), and groups of bodies where they act (支持高校…, 各级党委…)."""

from __future__ import annotations

import re
from functools import cache

from luoshi.extract import places
from luoshi.extract.names.spans import Span
from luoshi.text import tokens, units
from luoshi.text.lexicon import table
from luoshi.text.sought import Sought

_HAN = "[\u4e00-\u9fff]"


@cache
def _known() -> re.Pattern[str]:
    rows = [r[0] for r in table("luoshi.extract", "known_bodies.tsv")]
    return re.compile("|".join(sorted(rows, key=lambda w: (-len(w), w))))


@cache
def _suffix() -> str:
    rows = [re.escape(r[0]) for r in table("luoshi.extract", "body_suffixes.tsv")]
    return "|".join(sorted(rows, key=lambda w: (-len(w), w)))


@cache
def _local() -> Sought:
    """市发展改革委, 省委, 县人民政府: the level, what it does, the kind of body."""
    level = r"(?<![\u4e00-\u9fff])(?:省|市|县|区|州|盟|旗|自治区|国家|中央|全国|全省|全市)"
    follows = r"(?=[、，。；：（）()“”和与及会等\s]|$|要|牵|负|按|配|联|组|应|可|在|主)"
    whole = rf"{level}(?:(?!各){_HAN}){{0,12}}?(?:{_suffix()}){follows}"
    return Sought(whole, first="[省市县区州盟旗自国中全]")


@cache
def _group_noun() -> str:
    rows = [r[0] for r in table("luoshi.extract", "group_bodies.tsv")]
    return "|".join(sorted(rows, key=lambda w: (-len(w), w)))


@cache
def _actor() -> re.Pattern[str]:
    noun = rf"(?:(?!等|的){_HAN}){{0,10}}?(?:{_group_noun()})"
    item = rf"{noun}(?:[和与及]{noun})?"
    verb = "(?:支持|引导|鼓励|指导|督促|组织|推动|充分发挥好?|更好发挥好?|积极发挥好?|发挥好?)"
    rest = rf"(?:等{_HAN}{{0,6}}(?:{_group_noun()}))?(?P<after>(?!性).{{0,12}})"
    return re.compile(rf"{verb}(?P<list>{item}(?:、{item})*){rest}")


@cache
def _subject() -> Sought:
    name = rf"(?P<name>各?{_HAN}{{0,10}}?(?:{_group_noun()})(?:（{_HAN}{{2,4}}）)?)"
    whole = rf"(?:^|[，。；、：\n]){name}(?=要|应|须|必须|应当|可以|负责|牵头)"
    return Sought(whole, first="^|[，。；、：\n]", needs="[要应须]|可以|负责|牵头")


@cache
def _groups() -> re.Pattern[str]:
    return re.compile("|".join(r[0] for r in table("luoshi.extract", "group_names.tsv")))


@cache
def _governments() -> Sought:
    """Governments of a level: 县（市、区）人民政府自然资源主管部门, 市、县人民政府, 上级人民政府."""
    level = r"(?:[省市县区旗州乡镇盟](?:（[\u4e00-\u9fff、]{1,8}）)?[、和]?){1,6}"
    rank = r"(?:县级以上|地方各级|各级|上级|本级|同级|所在地|各)?(?:地方)?"
    office = rf"(?:办公厅|办公室|{_HAN}{{0,10}}?(?:主管|有关|相关)部门)?"
    return Sought(rf"{rank}(?:{level})?人民政府{office}", needs="人民政府")


_PLAIN = ("企业", "政府", "单位", "机构", "组织", "部门")


def find(text: str, where: list[places.PlaceMention]) -> list[Span]:
    """The bodies of a sentence."""
    out = [Span(m.start(), m.end(), "ORG", 60) for m in _known().finditer(text)]
    out += [Span(m.start(), m.end(), "ORG", 61) for m in _groups().finditer(text)]
    out += [Span(m.start(), m.end(), "ORG", 62) for m in _governments().finditer(text)]
    out += [Span(m.start(), m.end(), "ORG", 45) for m in _local().finditer(text)]
    out += [Span(u.start, u.end, "ORG", 59) for u in units.find_units(text)]
    out += _of_places(text, where)
    out += _dictionary(text)
    for m in _actor().finditer(text):
        if _acts(m):
            out += _items(text, m.start("list"), m.end("list"))
    for m in _subject().finditer(text):  # 各级党组织要…
        if m["name"] not in _PLAIN:
            out.append(Span(m.start("name"), m.end("name"), "ORG", 40))
    return out


def _of_places(text: str, where: list[places.PlaceMention]) -> list[Span]:
    """A body of a place: 沈阳市人民政府, 辽宁省委."""
    out = []
    for m in where:
        for pattern in _after_place():
            hit = pattern.match(text, m.end)
            if hit and not re.search("[的在是为、，]|和.*[省市县]", hit.group()):
                out.append(Span(m.start, hit.end(), "ORG", 63))
                break
    return out


@cache
def _after_place() -> tuple[re.Pattern[str], re.Pattern[str]]:
    sure = "研究院|研究所|大学|学院|集团公司|集团|有限公司|芭蕾舞团|交易所|设计院|科学院|出版社"
    sure += "|人民政府(?:办公厅|办公室)?|人民法院|人民检察院|人大常委会|管委会|管理委员会"
    sure += "|人民代表大会(?:常务委员会)?"
    ends = (
        rf"(?:省|市|县|区)?(?:{_HAN}{{0,10}}?)(?:{_suffix()})(?=[、，。；：（）()“”和与及会等\s书主副常]|$)"
    )
    return re.compile(ends), re.compile(rf"{_HAN}{{0,10}}?(?:{sure})(?!生|城|科技园|性)")


_SOME_BODY = re.compile("大学|学院|银行|集团|公司|研究院|研究所|医院|委员会|总局|协会|法院|检察院|政府")
_BODY_END = re.compile(f"(?:{_SOME_BODY.pattern})$")


def _dictionary(text: str) -> list[Span]:
    """Bodies that the dictionary knows (复旦大学)."""
    if _SOME_BODY.search(text) is None:
        return []
    return [
        Span(t.start, t.end, "ORG", 41)
        for t in tokens.tag(text)
        if t.tag == "nt" and len(t.word) > 3 and _BODY_END.search(t.word) and tokens.known(t.word)
    ]


def _acts(m: re.Match[str]) -> bool:
    """Whether a body after 支持 does something itself: a verb or 向, 在, 对 … follows it."""
    if m.group().startswith(("充分", "更好", "积极", "发挥")):
        return bool(re.search("作用|优势|功能", m["after"]))
    return bool(
        re.match(
            r"(?:向|在|对|与|同|为|以|把|将|加|建|开|参|承|牵|发|组|实|积|依|通|围|利|运|做|提|强|打|培|聚|布|申|设|拓|探|推|引|创|采|投|扩|按|深|结|到|走|进|联|主|率)",
            m["after"],
        )
    )


def _items(text: str, start: int, end: int) -> list[Span]:
    out = []
    at = start
    for piece in text[start:end].split("、"):
        name = piece
        if name not in _PLAIN and len(name) >= 2:
            out.append(Span(at, at + len(name), "ORG", 42))
        at += len(piece) + 1
    return out
