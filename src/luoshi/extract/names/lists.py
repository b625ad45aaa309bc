"""Lists of parallel things in running text: how a stretch of text falls into exactly n members.

Used to find what a label announces. Nothing is taken unless the number fits.
"""

from __future__ import annotations

import re

from luoshi.text import regions, tokens
from luoshi.text.lexicon import words

_SEPARATORS = (r"、", r"、|和|与|及|以及", r"、|以及|及|和|与|同")
_LEVELS = frozenset("省市县乡村区镇州")
_CONNECT = re.compile(r"(?:实现|开展|等|这|的|实行|推行|形成|构成|构建|组成|推进|做到|为代表|相互促进|各)$")
_NO_MEMBER = re.compile(r"[“”‘’《》：:；;。！？()（）\n]")
_ENUMERATOR = re.compile(
    r"^(?:[一二三四五六七八九十]是(?:要)?|第[一二三四五六七八九十][，,、]|（[一二三四五六七八九十]）|——|—|\d{1,2}[.．、]|[①-⑳])"
)
MAX_MEMBER = 40
"""Characters; nothing longer is taken for a member of a list within a sentence."""


def before(text: str, end: int, number: int) -> tuple[int, tuple[str, ...]] | None:
    """The n members that stand right before ``end`` (科技金融、绿色金融… 五篇大文章).

    :returns: where the first begins, and the members; ``None`` where the number does not fit.
    """
    start = max((text.rfind(c, 0, end) for c in "，。；！？\n：”“（"), default=-1) + 1
    if start and text[start - 1] in "”“":
        return None
    stretch = text[start:end]
    stripped = _CONNECT.sub("", stretch)
    if not stripped or stripped[-1] in "、和与及，" or _NO_MEMBER.search(stripped):
        return None
    for pattern in _SEPARATORS:
        if found := _split(stripped, pattern, number):
            return start + stripped.rindex(found[-1], 0) if number == 1 else _locate(
                stripped, start, found
            ), found
    if found := _adjacent(stripped, number):
        return start + len(stripped) - sum(map(len, found)), found
    return None


def _locate(stretch: str, start: int, members: tuple[str, ...]) -> int:
    at = stretch.find(members[0])
    return start + max(at, 0)


def _split(stretch: str, pattern: str, number: int) -> tuple[str, ...] | None:
    pieces = re.split(pattern, stretch)
    if len(pieces) != number or not all(pieces):
        return None
    first = lead_off(pieces[0], pieces[1:])
    members = (first, *pieces[1:])
    if not first or any(len(m) > MAX_MEMBER for m in members):
        return None
    return members


def lead_off(first: str, others: list[str] | tuple[str, ...]) -> str:
    """The first member without the verb of its clause.

    Where all others have one length, the first is taken to have it too.
    """
    lengths = {len(o) for o in others}
    if len(others) >= 2 and len(lengths) == 1 and len(first) >= (n := lengths.pop()):
        cut = len(first) - n
        if cut == 0 or cut in {t.start for t in tokens.tag(first)}:
            return first[cut:]
    toks = tokens.tag(first)
    verbs, manner = words("luoshi.extract", "name_verbs.tsv"), words("luoshi.extract", "name_manner.tsv")
    cut = 0
    for i, tok in enumerate(toks):
        if i == len(toks) - 1:
            break
        if tok.word in verbs or tok.word in manner or tok.tag in ("d", "ad", "p", "r", "c", "zg", "uj"):
            cut = tok.end
        elif (
            tok.tag == "v"
            and cut == tok.start
            and not verbs.isdisjoint({tok.word, tok.word[:2], tok.word[-2:]})
        ):
            cut = tok.end
        elif (
            tok.tag in ("v", "n")
            and cut == tok.start
            and len(tok.word) == 2
            and toks[i + 1].tag in ("ns", "nr", "nz")
        ):
            cut = tok.end
        else:
            break
    return first[cut:]


def _adjacent(stretch: str, number: int) -> tuple[str, ...] | None:
    """Members that stand together without a mark: 省市县, 京津冀, 国内国际."""
    tail = stretch[-number:]
    if len(tail) == number >= 2:
        if all(c in _LEVELS for c in tail):
            return tuple(tail)
        if all(regions.code_of(c) for c in tail) and _whole_word(stretch, number):
            return tuple(tail)
    toks = tokens.tag(stretch)
    last = toks[-number:]
    if (
        number == 2
        and len(last) == 2
        and len({t.tag for t in last}) == 1
        and all(len(t.word) == 2 for t in last)
    ):
        if last[0].tag in ("s", "ns", "f", "n") and (len(toks) == 2 or toks[-3].tag not in ("n", "ns", "s")):
            return tuple(t.word for t in last)
    return None


def _whole_word(stretch: str, number: int) -> bool:
    """Whether the last characters are a word or words of their own (京津, not the end of 天津)."""
    at = len(stretch) - number
    return at == 0 or at in {t.start for t in tokens.tag(stretch)} or len(regions.find(stretch[at:])) == 1


def after(text: str, start: int, number: int) -> tuple[int, tuple[str, ...]] | None:
    """The n members that follow from ``start``, up to the end of the sentence or of the bracket.

    :returns: where the last ends, and the members.
    """
    m = re.compile(r"[^。！？\n）]*").match(text, start)
    stretch = m.group() if m else ""
    for pattern in (r"；", r"、", r"、|以及|和(?=[^、]*$)|及(?=[^、]*$)", r"，"):
        pieces = re.split(pattern, stretch)
        if len(pieces) < number or number < 2:
            continue
        if len(pieces) > number and pattern != r"，":
            continue
        members = [_ENUMERATOR.sub("", p.strip()) for p in pieces[:number]]
        if pattern != r"，":
            members[-1] = re.split(r"[，；]", members[-1])[0] if pattern != r"；" else members[-1]
        members = [_tidy(x) for x in members]
        if all(members) and all(len(x) <= MAX_MEMBER for x in members):
            end = stretch.find(members[-1]) + len(members[-1])
            return start + end, tuple(members)
    return None


def _tidy(member: str) -> str:
    member = re.sub(r"等$", "", member.strip("“”，,、 "))
    return member


def parallel(text: str, head: str, number: int) -> tuple[int, int, tuple[str, ...]] | None:
    """A list somewhere in the text of exactly n members that end (or begin) with the same head.

    :returns: start, end and the members; ``None`` where no list has exactly that many.
    """
    for pattern, at_end in ((_ending(head), True), (_beginning(head), False)):
        for m in pattern.finditer(text):
            pieces = re.split(r"[、，；]|(?<=" + re.escape(head) + ")[和与]", m.group())
            if len(pieces) != number:
                continue
            members = _strip_common(pieces, head) if at_end else tuple(pieces)
            if len(set(members)) == number and all(len(x) > len(head) for x in members):
                start = m.start() + m.group().find(members[0])
                return start, m.end(), members
    return None


def _ending(head: str) -> re.Pattern[str]:
    item = rf"[^，。；：、！？“”（）\n]{{0,24}}(?:[^，。；：！？“”（）\n]{{0,12}})?{re.escape(head)}"
    short = rf"[^，。；：、！？“”（）\n]{{1,24}}?{re.escape(head)}"
    return re.compile(
        rf"(?:{short}[、和与])+{short}(?![\u4e00-\u9fff]{{0,1}}{re.escape(head)})"
        rf"|(?:{item}[，；])+{item}(?=[，。；！？\n]|$)"
    )


def _beginning(head: str) -> re.Pattern[str]:
    item = rf"{re.escape(head)}[^，。；：！？“”（）\n]{{2,30}}"
    return re.compile(rf"(?:{item}[，；])+{item}(?=[，。；！？\n]|$)")


def _strip_common(pieces: list[str], head: str) -> tuple[str, ...]:
    """Members without the verb that opens all of them, or only the first."""
    common = _common_start(pieces)
    if common:
        return tuple(p[len(common) :] for p in pieces)
    return (lead_off(pieces[0], pieces[1:]), *pieces[1:])


def _common_start(pieces: list[str]) -> str:
    first = tokens.tag(pieces[0])
    if first and first[0].tag in ("v", "d") and all(p.startswith(first[0].word) for p in pieces):
        return first[0].word
    return ""
