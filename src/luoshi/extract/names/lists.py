"""Lists of parallel things in running text: how a stretch of text falls into exactly n members.

Used to find what a label announces. Nothing is taken unless the number fits.
"""

from __future__ import annotations

import re
from functools import cache

from luoshi.text import regions, tokens
from luoshi.text.lexicon import table, words

_SEPARATORS = ("、", "、|以及|及|和|与")
_LEVELS = frozenset("省市县乡村区镇州")
_CONNECT = re.compile(
    r"(?:实现|开展|等|这|的|实行|推行|形成|构成|构建|组成|推进|做到|为代表|相互促进|各|持续|保持|逐年|再次|首次|均|全部|同步|领域"
    r"|连续\d+年|连续[一二三四五六七八九十]+年)+$"
)
_NO_MEMBER = re.compile(r"[“”‘’《》：:；;。！？()（）\n]")
_ENUMERATOR = re.compile(
    r"^(?:[一二三四五六七八九十]是(?:要)?|第[一二三四五六七八九十百零]+条[ \u3000]*"
    r"|第[一二三四五六七八九十][，,、]|（[一二三四五六七八九十]）|——|—|\d{1,2}[.．、]|[①-⑳])"
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
    if not first or any(len(m) > MAX_MEMBER for m in members) or _owned(members):
        return None
    return members


def _owned(members: tuple[str, ...]) -> bool:
    """Whether the last piece is no member but whom the label belongs to (…、村“两委”, …、妇女“两癌”)."""
    *rest, last = members
    owners = words("luoshi.extract", "label_owners.tsv")
    if last in owners:
        return owners.isdisjoint(rest)
    odd = any(len(m) != len(last) for m in rest)
    return odd and (len(last) == 1 or any(c.isdigit() for c in last))


def lead_off(first: str, others: list[str] | tuple[str, ...], *, even: bool = False) -> str:
    """The first member without the verb of its clause.

    :param even: where all others have one length, the first is taken to have it too.
    """
    first = _ENUMERATOR.sub("", first)
    toks = tokens.tag(first)
    lengths = {len(o) for o in others}
    if even and len(others) >= 2 and len(lengths) == 1 and len(first) >= (n := lengths.pop()):
        cut = len(first) - n
        if cut == 0 or cut in {t.start for t in toks}:
            return first[cut:]
    return first[_lead_end(toks, others) :]


def _lead_end(toks: tuple[tokens.Token, ...], others: list[str] | tuple[str, ...]) -> int:
    """Where the first member begins: after the words that introduce a list, or the leading verbs."""
    intro = words("luoshi.extract", "list_verbs.tsv")
    least = max((t.end for t in toks[:-1] if t.word in intro), default=0)
    # where the others are clauses of their own, the first one's last verb is its own too
    own = bool(others) and all(_begins_with_verb(o) for o in others)
    body = [t for t in toks if t.start >= least]
    cuts = [least]
    for i, tok in enumerate(body[:-1]):
        after_verb = tok.word == "好" and len(cuts) > 1
        if _light(tok) or after_verb or (_leads(tok, body[i + 1]) and not (own and not _verb(body[i + 1]))):
            cuts.append(tok.end)
        else:
            break
    # a short rest is only the tail of the member (服务领域、服务内容: not 领域); clauses share their verb
    shortest = min(map(len, others), default=0)
    while len(cuts) > 1:
        verb = _stretch(toks, cuts[-2], cuts[-1])
        shared = own and any(o.startswith(verb) for o in others)
        if not shared and not toks[-1].end - cuts[-1] <= 2 < shortest:
            break
        cuts.pop()
    return cuts[-1]


def _stretch(toks: tuple[tokens.Token, ...], start: int, end: int) -> str:
    return "".join(t.word for t in toks if start <= t.start < end)


def _leads(tok: tokens.Token, following: tokens.Token) -> bool:
    return _verb(tok) or (tok.tag in ("v", "vn") and following.tag in ("ns", "nr", "nz"))


def _begins_with_verb(piece: str) -> bool:
    toks = [t for t in tokens.tag(piece) if not _light(t)]
    return len(toks) > 1 and _verb(toks[0])


def _light(tok: tokens.Token) -> bool:
    if tok.word in words("luoshi.extract", "name_manner.tsv"):
        return True
    return tok.tag in ("d", "ad", "p", "r", "c", "zg", "uj", "x", "ul") and len(tok.word) < 4


@cache
def _verbs() -> frozenset[str]:
    """Verbs that head a clause; those that are as often nouns only where names are governed by them."""
    plain = {r[0] for r in table("luoshi.extract", "verbs.tsv") if len(r) < 3 or "n" not in r[2]}
    return (
        frozenset(plain)
        | words("luoshi.extract", "name_verbs.tsv")
        | words("luoshi.extract", "label_verbs.tsv")
    )


def _verb(tok: tokens.Token) -> bool:
    word = tok.word
    if word in _verbs():
        return True
    if len(word) == 4 and word[:2] in words("luoshi.extract", "name_manner.tsv") and word[2:] in _verbs():
        return True
    return len(word) in (2, 3) and tok.tag == "v" and (word[:-1] in _verbs() or word[-1] in "好实牢优强透")


def _adjacent(stretch: str, number: int) -> tuple[str, ...] | None:
    """Members that stand together without a mark: 省市县, 京津冀, 国内国际."""
    tail = stretch[-number:]
    if len(tail) == number >= 2:
        if number > 2 and all(c in _LEVELS for c in tail) and stretch[-number - 1 : -number] not in _LEVELS:
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
    found = regions.find(stretch[len(stretch) - number :])
    return len(found) == 1 and found[0].end == number


def after(text: str, start: int, number: int) -> tuple[int, tuple[str, ...]] | None:
    """The n members that follow from ``start``, up to the end of the sentence or of the bracket.

    :returns: where the last ends, and the members.
    """
    if found := _numbered(text, start, number):
        return found
    m = re.compile(r"[^。！？\n）]*").match(text, start)
    stretch = m.group() if m else ""
    for pattern in ("；", "、", "、|以及|和(?=[^、]*$)|及(?=[^、]*$)", "，"):
        if members := _first(re.split(pattern, stretch), number, pattern):
            return start + stretch.find(members[-1]) + len(members[-1]), members
    return None


_COUNTING = (
    "一二三四五六七八九十",
    ("十一", "十二", "十三", "十四", "十五", "十六", "十七", "十八", "十九", "二十"),
)


def _numbered(text: str, start: int, number: int) -> tuple[int, tuple[str, ...]] | None:
    """一是A，…；二是B，… up to the n-th: the first clause of each."""
    ordinals = [*_COUNTING[0], *_COUNTING[1]]
    for mark in ("{}是", "第{}，", "第{}、", "（{}）"):
        if number > len(ordinals) or not text.startswith(mark.format("一"), start):
            continue
        end_of_line = text.find("\n", start)
        limit = end_of_line if end_of_line >= 0 else len(text)
        at, members = start, []
        for ordinal in ordinals[:number]:
            sign = mark.format(ordinal)
            at = text.find(sign, at, limit)
            if at < 0:
                return None
            m = re.compile(r"[^，。；：！？\n]+").match(text, at + len(sign))
            if m is None:
                return None
            members.append(re.sub(r"^要", "", m.group().strip()))
            at = m.end()
        return (at, tuple(members)) if text.find(mark.format(ordinals[number]), at, limit) < 0 else None
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
    if any(m.count("“") != m.count("”") for m in members) or (pattern == "，" and not _alike(members)):
        return None
    return members if all(members) and all(len(x) <= MAX_MEMBER for x in members) else None


def unnumbered(member: str) -> str:
    """A member without its 一是, （一） or dash."""
    return _ENUMERATOR.sub("", member)


def _alike(members: tuple[str, ...]) -> bool:
    """Whether clauses are built alike: the same first or the same last character."""
    return len({m[0] for m in members}) == 1 or len({m[-1] for m in members}) == 1


def _tidy(member: str) -> str:
    return re.sub(r"等$", "", member.strip("“”，,、 "))


def parallel(text: str, head: str, number: int) -> tuple[int, int, tuple[str, ...]] | None:
    """A list somewhere in the text of exactly n members that end (or begin) with the same head.

    :returns: start, end and the members; ``None`` where no list has exactly that many.
    """
    if text.count(head) < number:
        return None
    at = text.find(head)
    while at >= 0:
        m = _TO_FULL_STOP.match(text, at)
        begin, end = _sentence_start(text, at), m.end() if m else at
        sentence = text[begin:end]
        for pattern, at_end in _WAYS if sentence.count(head) >= number else ():
            for run in _runs(sentence, pattern, head, at_end):
                if len(run) == number and (hit := _members(run, head, at_end)):
                    start = begin + run[0].start() + run[0].group().find(hit[0])
                    return start, begin + run[-1].end(), hit
        at = text.find(head, max(end, at + 1))
    return None


_TO_FULL_STOP = re.compile(r"[^。！？\n]+")
_FULL_STOPS = frozenset("。！？\n")


def _sentence_start(text: str, at: int) -> int:
    while at and text[at - 1] not in _FULL_STOPS:
        at -= 1
    return at


_WORDS = re.compile(r"[^，；：、“”（）和与]+(?=([，；：、“”（）和与]?))")
_CLAUSES = re.compile(r"[^，；：“”]+(?=([，；：“”]?))")
_WAYS = ((_WORDS, True), (_CLAUSES, True), (_CLAUSES, False))


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
