"""Lists of bodies (A、B和C等有关部门) split into names, some of which hold 和 or 、 themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from luoshi.text.lexicon import table

Span = tuple[int, int]

_OPEN, _CLOSE = "（(〔[【《“〈", "）)〕]】》”〉"
_JOINTS = ("以及", "和", "及", "与", "并")
# the tail of a list: “等” is never a name, a class after it is
_ETC = re.compile(r"等(?P<rest>[^等]*)$")
_CLASS = re.compile(
    r"^(?:各?有关|各?相关|各?成员|其他(?:有关|相关)?|各)[一-鿿]{0,8}(?:部门|单位|机构|企业|政府|方面|处室|高校|院校)$"
)
# “各市、县（区）人民政府” is one body: bare ranks before the joint, ranks and an organ after it
_RANKS = (
    r"(?:[省市县区州盟旗乡镇地]|自治[区州县]|直辖市|新区|街道|兵团|开发区|园区|管委会|功能区|林区"
    r"|[（(][^（）()]*[）)])"
)
_BARE = re.compile(
    rf"^(?:[\u4e00-\u9fff]{{0,4}}?(?:各有关|各相关|有关|相关|各级|各))?(?:省级|设区的?|地级以上)?{_RANKS}+$"
)
_SISTER = re.compile(
    rf"^{_RANKS}+(?:级?人民政府|政府|党委和政府|党委|党工委|管委会|管理委员会|工信|教育)?(?:[（(][^（）()]*[）)])?$"
)
_ORGAN = re.compile(r"(?:政府|党委|党工委|管委会|管理委员会)(?:[（(][^（）()]*[）)])?$")
_EDGE = " \xa0\t\r\n\u3000·•*|;；:：,，。.、"
# never in a name; and words that make a phrase a remark unless it ends like a body (推进…工作组)
_JUNK = re.compile(
    r"\d{4}年|\d+月|年底|月底|季度|下同|均需|排在|排名|排第|位列|时限|期限|如下|详见|见附件|之日|上述|其中|^(?:无|略|等|同上|待定|—+|-+|/+)$"
    r"|[！？!?…《》“”<>=%％]"
)
_COUNTED = re.compile(
    r"(?:全[国省市县区])?(?:\d+|[二两三四五六七八九十百]+)[余多]?(?:家|个|所|户|名|座)|一批|若干|多家|多个|部分"
)
_REMARK = re.compile(r"完成|推进|坚持|长期|持续|范围|以下|以上|进度|成效|要求|启动|取得|开展|落实")


@cache
def suffixes(kind: str) -> tuple[str, ...]:
    """Name endings of one kind (``strong`` or ``weak``)."""
    return tuple(row[0] for row in table("luoshi.text", "unit_suffixes.tsv") if row[1] == kind)


@cache
def _known() -> frozenset[str]:
    return frozenset(row[0] for row in table("luoshi.text", "unit_names.tsv"))


def bare(name: str) -> str:
    """A name without a closing bracketed remark: 县（区）政府 keeps its own, 市教委（牵头） loses it."""
    return re.sub(r"[（(][^（）()]*[）)]$", "", name)


def shaped(name: str, *, weak: bool = False) -> bool:
    """Whether a string looks like the name of a body or of a class of bodies."""
    core = bare(name)
    if not 1 < len(core) <= 45 or _JUNK.search(name):
        return False
    if core in _known() or core.endswith(suffixes("strong")):
        return True
    return weak and core.endswith(suffixes("weak")) and not _REMARK.search(core)


def acceptable(name: str) -> bool:
    """Whether a member of a labelled list may be a body: anything short that is no date or remark."""
    if not 1 < len(name) <= 45 or _JUNK.search(name) or re.fullmatch(r"[\d\W]+", name):
        return False
    return shaped(name) or not _REMARK.search(name)


def _pieces(text: str, span: Span, separators: str) -> Iterator[Span]:
    """The parts between separators that stand outside brackets and quotation marks."""
    depth = 0
    begin = span[0]
    for i in range(*span):
        c = text[i]
        if c in _OPEN:
            depth += 1
        elif c in _CLOSE:
            depth = max(0, depth - 1)
        elif c in separators and not depth:
            yield begin, i
            begin = i + 1
    yield begin, span[1]


def trim(text: str, span: Span) -> Span:
    """A span without blanks and punctuation at its edges."""
    start, end = span
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a list; ``after`` is the mark before it (empty for the first)."""

    start: int
    end: int
    after: str


def _without_etc(text: str, span: Span) -> list[Span]:
    """Without a closing 等; a class after it (等有关部门) is a member of its own, 等部门 is none."""
    start, end = span
    m = _ETC.search(text, start, end)
    if m is None or m.start() == start:
        rest = text[start:end]
        return [] if rest == "等" else [span]
    out = [(start, m.start())]
    rest = m["rest"]
    for joint in _JOINTS:
        if rest.startswith(joint):
            out.append((m.start("rest") + len(joint), end))
            return out
    if _CLASS.match(rest):
        out.append((m.start("rest"), end))
    elif rest and not re.fullmatch(
        r"[\d一-鿿]{0,8}(?:部门|单位|机构|企业|地|市|省|方面|方|组织|主体|院校|高校)", rest
    ):
        return [span]
    return out


def _joints(text: str, span: Span) -> Iterator[Span]:
    """Split at 和, 及, 与 where both sides are names: 市教委和市财政局, but not 市文化和旅游局."""
    start, end = span
    for joint in _JOINTS:
        at = text.find(joint, start + 1, end)
        while at != -1:
            left, right = text[start:at].removesuffix("等"), text[at + len(joint) : end]
            left_ok = shaped(left) or (left.startswith(("各", "有关", "相关")) and shaped(left, weak=True))
            if left_ok and shaped(right, weak=True) and text[start:end] not in _known():
                yield from _joints(text, (start, at))
                yield from _joints(text, (at + len(joint), end))
                return
            at = text.find(joint, at + 1, end)
    yield span


def members(text: str, start: int, end: int, *, separators: str = "、，,；;/／\t\n \xa0　") -> list[Member]:
    """The members of a list of bodies, in order, as spans of ``text``."""
    rough: list[tuple[Span, str]] = []
    for piece in _pieces(text, (start, end), separators):
        mark = text[piece[0] - 1] if piece[0] > start else ""
        part = trim(text, piece)
        if part[0] == part[1]:
            continue
        last = rough[-1][0] if rough else None
        if last and mark == "、" and _one_body(text[last[0] : last[1]], text[part[0] : part[1]]):
            rough[-1] = ((last[0], part[1]), rough[-1][1])
        else:
            rough.append((part, mark))
    out: list[Member] = []
    for part, mark in rough:
        for joined in _joints(text, part):
            for s, e in _without_etc(text, trim(text, joined)):
                for name in _joints(text, (s, e)):
                    s, e = trim(text, name)
                    if s < e and not _COUNTED.match(text, s, e):
                        out.append(Member(s, e, mark))
    return out


def _one_body(left: str, right: str) -> bool:
    """各省、自治区、直辖市 + 人民政府: the ranks before the mark share the organ after it."""
    head = left.rsplit("、", 1)[0] if "、" in left else left
    if not _BARE.match(head) or _ORGAN.search(left):
        return False
    return bool(_SISTER.match(right))
