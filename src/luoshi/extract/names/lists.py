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
    stripped = _CONNECT.sub("", text[start:end])
    if not stripped or stripped[-1] in "、和与及，" or _NO_MEMBER.search(stripped) or _ends_in_verb(stripped):
        return None
    if found := _adjacent(stripped, number):
        return start + len(stripped) - sum(map(len, found)), found
    for pattern in _SEPARATORS:
        if found := _split(stripped, pattern, number):
            return _locate(stripped, start, found), found
    return None


def _ends_in_verb(stretch: str) -> bool:
    """Whether a verb stands between the list and the label, so that the list is not the label's."""
    toks = tokens.tag(stretch)
    last = toks[-1]
    if last.word in words("luoshi.extract", "name_verbs.tsv") | words("luoshi.extract", "label_verbs.tsv"):
        return True
    return last.tag == "v" and len(toks) > 1 and toks[-2].tag in ("d", "ad", "a", "zg", "p", "x")


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


def lead_off(first: str, others: list[str] | tuple[str, ...], *, even: bool = False) -> str:
    """The first member without the verb of its clause.

    :param even: where all others have one length, the first is taken to have it too.
    """
    toks = tokens.tag(first)
    lengths = {len(o) for o in others}
    if even and len(others) >= 2 and len(lengths) == 1 and len(first) >= (n := lengths.pop()):
        cut = len(first) - n
        if cut == 0 or cut in {t.start for t in toks}:
            return first[cut:]
    verbs, manner = words("luoshi.extract", "name_verbs.tsv"), words("luoshi.extract", "name_manner.tsv")
    cut = 0
    for i, tok in enumerate(toks[:-1]):
        light = tok.word in manner or tok.tag in ("d", "ad", "p", "r", "c", "zg", "uj")
        verb = tok.word in verbs or (tok.tag == "v" and not verbs.isdisjoint({tok.word[:2], tok.word[-2:]}))
        before_name = tok.tag == "v" and toks[i + 1].tag in ("ns", "nr", "nz")
        if not (light or verb or before_name):
            break
        cut = tok.end
    return first[cut:]


def _adjacent(stretch: str, number: int) -> tuple[str, ...] | None:
    """Members that stand together without a mark: 省市县, 京津冀, 国内国际."""
    tail = stretch[-number:]
    if len(tail) == number >= 2:
        if all(c in _LEVELS for c in tail) and stretch[-number - 1 : -number] not in _LEVELS:
            return tuple(tail)
        if all(regions.code_of(c) for c in tail) and _whole_word(stretch, number):
            return tuple(tail)
    toks = tokens.tag(stretch)
    if number == 2 and len(toks) >= 2 and _pair(toks[-2], toks[-1]):
        return toks[-2].word, toks[-1].word
    return None


def _pair(a: tokens.Token, b: tokens.Token) -> bool:
    """Two words that belong together without a mark: 国内国际, 城市农村."""
    if len(a.word) != 2 or len(b.word) != 2:
        return False
    return (a.tag == b.tag == "ns") or bool(
        set(a.word) & set(b.word) and {a.tag, b.tag} <= {"s", "n", "f", "ns"}
    )


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
    for pattern in ("；", "、", "、|以及|和(?=[^、]*$)|及(?=[^、]*$)", "，"):
        if members := _first(re.split(pattern, stretch), number, pattern):
            return start + stretch.find(members[-1]) + len(members[-1]), members
    return None


def _first(pieces: list[str], number: int, pattern: str) -> tuple[str, ...] | None:
    """The first n pieces as members, where the n-th is the last of the list."""
    if len(pieces) < number or number < 2:
        return None
    block = pieces[:number]
    if pattern not in ("，", "；"):
        if any("，" in p or "；" in p for p in block[:-1]):
            return None
        block[-1], *rest = re.split("[，；]", block[-1])
        if len(pieces) > number and not rest:
            return None
    elif len(pieces) > number:
        return None
    members = tuple(_tidy(_ENUMERATOR.sub("", p.strip())) for p in block)
    return members if all(members) and all(len(x) <= MAX_MEMBER for x in members) else None


def _tidy(member: str) -> str:
    member = re.sub(r"等$", "", member.strip("“”，,、 "))
    return member


def parallel(text: str, head: str, number: int) -> tuple[int, int, tuple[str, ...]] | None:
    """A list somewhere in the text of exactly n members that end (or begin) with the same head.

    :returns: start, end and the members; ``None`` where no list has exactly that many.
    """
    for sentence in re.finditer(r"[^。！？\n]+", text):
        if sentence.group().count(head) < number:
            continue
        for pattern, at_end in ((_WORDS, True), (_CLAUSES, True), (_CLAUSES, False)):
            for run in _runs(sentence.group(), pattern, head, at_end):
                if len(run) == number and (hit := _members(run, head, at_end)):
                    start = sentence.start() + run[0].start() + run[0].group().find(hit[0])
                    return start, sentence.start() + run[-1].end(), hit
    return None


_WORDS = re.compile(r"[^，；：、“”（）和与]+(?=([，；：、“”（）和与]?))")
_CLAUSES = re.compile(r"[^，；：“”]+(?=([，；：“”]?))")


def _runs(sentence: str, pattern: re.Pattern[str], head: str, at_end: bool) -> list[list[re.Match[str]]]:
    """Longest runs of neighbouring pieces that end (begin) with the head."""
    runs: list[list[re.Match[str]]] = []
    current: list[re.Match[str]] = []
    for piece in pattern.finditer(sentence):
        fits = piece.group().endswith(head) if at_end else piece.group().startswith(head)
        if pattern is _WORDS and not fits and current and head in piece.group():
            # the last member may be followed by more (… 产业安全的战略地位)
            upto = piece.start() + piece.group().index(head) + len(head)
            tail = pattern.match(sentence, piece.start(), upto)
            current += [tail] if tail else []
        if fits:
            current.append(piece)
        if not fits or piece[1] in ("：", "“", "”"):
            runs += [current] if current else []
            current = []
    return [*runs, current] if current else runs


def _members(run: list[re.Match[str]], head: str, at_end: bool) -> tuple[str, ...] | None:
    pieces = [m.group() for m in run]
    members = _strip_common(pieces) if at_end else tuple(pieces)
    if len(set(members)) != len(members) or any(not len(head) < len(x) <= MAX_MEMBER for x in members):
        return None
    return members


def _strip_common(pieces: list[str]) -> tuple[str, ...]:
    """Members without the verb that opens all of them, or only the first."""
    common = _common_start(pieces)
    if common:
        return tuple(p[len(common) :] for p in pieces)
    return (lead_off(pieces[0], pieces[1:], even=True), *pieces[1:])


def _common_start(pieces: list[str]) -> str:
    first = tokens.tag(pieces[0])
    if first and first[0].tag in ("v", "d") and all(p.startswith(first[0].word) for p in pieces):
        return first[0].word
    return ""
