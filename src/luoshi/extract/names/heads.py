"""Projects and programmes: names that end in a telling word (工程, 行动, 基地, 机场 …).

A name's right end is a head of ``data/name_heads.tsv``. Its left end is found by walking back over the words
to what cannot belong to it: the verb that governs it at the beginning of the clause, a preposition, 的, 等,
a pause.
A site or a zone is a name only with something proper in it (沈阳, 国家, 中德); a programme wherever something
is carried out (实施, 开展, 推进).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from luoshi.extract import places
from luoshi.extract.names.spans import Span
from luoshi.model.records import EntityType
from luoshi.text import tokens
from luoshi.text.lexicon import table, words
from luoshi.text.tokens import Token

_BREAK = frozenset("，。；：！？,;:!?\n（）()《》〈〉 　")
_JOIN = frozenset("、和与及")
_GLUE = frozenset("、和与及·+－-—")
# tags that never stand in a name: adverb, preposition, particles, pronoun, auxiliary
_FOREIGN = ("d", "p", "u", "uj", "ul", "uz", "ud", "ug", "uv", "r", "y", "zg", "e", "o")
# adverbs of one character that never stand in a name (专 and 精 do)
_ADVERBS = frozenset("不也都将已更再还就均可须应")
# who is meant to do something stands between these and the verb that governs the name
_CAUSING = ("支持", "鼓励", "引导", "推动", "促进", "依托", "吸引", "在", "由", "联合")
_MAKING = frozenset(
    ("建设", "建立", "打造", "创建", "组建", "承建", "共建", "申报", "设立", "形成", "构建", "搭建")
)
# words that never stand in a name
_WALLS = frozenset(
    ("等", "的", "一批", "一系列", "系列", "这个", "若干", "各项", "各类", "要", "到", "是", "使", "让")
)
_PREPOSITIONS = frozenset("同与和向在对从以为及将把")
_WHOLE = ("quoted", "paren", "place")
_QUOTED = re.compile(r"[“‘\"][^“”‘’\"]{1,30}[”’\"]")
_PAREN = re.compile(r"（[\u4e00-\u9fff]{2,8}）")


@dataclass(frozen=True, slots=True)
class Head:
    """How a name may end.

    ``need``: proper (a place or country in it), site (proper, and short), verb (a verb of carrying out before
    it), paren (a bracket in it), none; ``reach``: far (may hold a list: 涉企业、涉信访专项行动), near.
    """

    word: str
    type: EntityType
    need: str
    reach: str


@cache
def heads() -> dict[str, Head]:
    """The table of heads by word."""
    return {r[0]: Head(r[0], r[1], r[2], r[3]) for r in table("luoshi.extract", "name_heads.tsv")}  # type: ignore[arg-type]


@cache
def _head_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, heads()), key=lambda w: (-len(w), w))))


@cache
def _governing() -> frozenset[str]:
    return words("luoshi.extract", "name_verbs.tsv")


@cache
def _carrying() -> frozenset[str]:
    return words("luoshi.extract", "carrying_verbs.tsv")


@cache
def _strong() -> frozenset[str]:
    return frozenset(r[0] for r in table("luoshi.extract", "name_verbs.tsv") if r[1:] == ("strong",))


@cache
def _generic() -> tuple[str, ...]:
    return tuple(words("luoshi.extract", "generic_names.tsv"))


@cache
def _head_words() -> tuple[str, ...]:
    return tuple(heads())


@cache
def _not_after() -> tuple[str, ...]:
    return tuple(words("luoshi.extract", "not_after_head.tsv"))


@dataclass(slots=True)
class _Piece:
    """A word, or a quoted or bracketed string taken whole."""

    start: int
    end: int
    text: str
    tag: str


def pieces(text: str, where: list[places.PlaceMention]) -> list[_Piece]:
    """The words of a string with quoted strings, short brackets and places taken as one word each."""
    whole = sorted(
        [(m.start(), m.end(), "quoted") for m in _QUOTED.finditer(text)]
        + [(m.start(), m.end(), "paren") for m in _PAREN.finditer(text)]
        + [(m.start, m.end, "place") for m in where],
        key=lambda w: (w[0], -w[1]),
    )
    out: list[_Piece] = []
    at = 0
    for start, end, kind in [*whole, (len(text), len(text), "")]:
        if start < at:
            continue
        out += [_Piece(at + t.start, at + t.end, t.word, t.tag) for t in _split_words(text[at:start])]
        if end > start:
            out.append(_Piece(start, end, text[start:end], kind))
        at = end
    return out


def _split_words(text: str) -> list[Token]:
    """The words of a string; a preposition that a guessed word begins with stands alone (同贵安)."""
    out: list[Token] = []
    for tok in tokens.tag(text) if text else ():
        if len(tok.word) > 2 and tok.word[0] in _PREPOSITIONS and not tokens.known(tok.word):
            out.append(Token(tok.start, tok.start + 1, tok.word[0], "p"))
            tok = Token(tok.start + 1, tok.end, tok.word[1:], tok.tag)
        out.append(tok)
    return out


def find(text: str, where: list[places.PlaceMention]) -> list[Span]:
    """The projects and programmes that a sentence names.

    :param where: the places of the sentence, from :func:`luoshi.extract.places.find`.
    """
    hits = list(_head_pattern().finditer(text))
    if not hits:
        return []
    parts = pieces(text, where)
    wholes = [(p.start, p.end) for p in parts if p.tag in _WHOLE]
    out: list[Span] = []
    for m in hits:
        head = heads()[m.group()]
        if any(start < m.end() <= end for start, end in wholes):
            continue
        if not _ends_name(text, m.end(), head, parts):
            continue
        start = _left(text, parts, m.start(), head, where)
        name = text[start : m.end()]
        if (
            start == m.start()
            or name.endswith(_generic())
            or not _fits(text, parts, start, m.end(), head, where)
        ):
            continue
        end = m.end()
        if (
            (p := _PAREN.match(text, end))
            and text[p.end() : p.end() + 1] not in ("",)
            and "以下简称" not in p.group()
        ):
            end = p.end()
        quotes = _QUOTED.search(text, start, end) is not None
        kind = head.type
        if head.word == "工程" and not quotes and any(start <= w.start < end for w in where):
            kind = "PROJECT"  # something built in a place
        out.append(Span(start, end, kind, 66 if quotes else 50))
    return out


def _ends_name(text: str, end: int, rule: Head, parts: list[_Piece]) -> bool:
    """Whether what follows a head lets the name end there (工程师, 行动力, 海洋工程装备 do not)."""
    if text.startswith(_not_after(), end):
        return False
    after = next((p for p in parts if p.start >= end), None)
    if after is None or after.start > end or rule.need != "verb":
        return True
    noun = after.tag.startswith(("n", "vn"))
    return not noun or after.text in words("luoshi.extract", "after_head.tsv")


def _left(text: str, parts: list[_Piece], head: int, rule: Head, where: list[places.PlaceMention]) -> int:
    """Where the name that ends with the head at ``head`` begins."""
    index = max((i for i, p in enumerate(parts) if p.start < head), default=-1)
    if index < 0:
        return head
    clause = _object_start(parts, index)
    start = parts[index].start if parts[index].end > head else head
    i = index if parts[index].end <= head else index - 1
    while i >= clause:
        piece = parts[i]
        if piece.text in _JOIN:
            if not _joins(text, parts, clause, i, rule, where):
                break
            i -= 1
            continue
        if _ranges(parts, i):
            i -= 1
            continue
        if _stops(parts, i, clause) or (parts[i + 1].tag == "quoted" and _governs(piece)):
            break
        start = piece.start
        i -= 1
    return start


def _ranges(parts: list[_Piece], i: int) -> bool:
    """Whether a 至 or a dash stands between two places (a line from one to the other)."""
    return (
        parts[i].text in ("至", "—", "－", "-", "——")
        and 0 < i < len(parts) - 1
        and parts[i - 1].tag in ("place", "ns")
        and parts[i + 1].tag in ("place", "ns")
    )


def _stops(parts: list[_Piece], i: int, clause: int) -> bool:
    piece = parts[i]
    if piece.tag in _WHOLE:
        return False
    if (
        piece.text[0] in _BREAK
        or piece.text in _WALLS
        or (piece.text == "年" and parts[i - 1].text[:1].isdigit())
    ):
        return True
    if piece.text[0] in '“”‘’"':
        return True
    if piece.tag in _FOREIGN and (len(piece.text) > 1 or piece.tag != "d" or piece.text in _ADVERBS):
        return piece.text not in ("全", "新", "高质量")
    return False


def _object_start(parts: list[_Piece], index: int) -> int:
    """Index of the first word after the clause's number, adverbs and leading verbs.

    A verb such as 实施 hardly ever stands in a name, so the name begins after the last of them.
    """
    first = index
    while first > 0 and not _ends_clause(parts[first - 1]):
        first -= 1
    start = first
    lead = True
    causing = False
    for i in range(first, index + 1):
        piece = parts[i]
        causing = causing or piece.text in _CAUSING
        leading = lead and _governs(piece)
        done = piece.text == "好" and start == i > first
        made = not lead and causing and piece.text in _MAKING
        if leading or done or made or _carries(piece):
            start = i + 1
        elif lead and not _light(parts, i):
            lead = False
    return start


def _carries(piece: _Piece) -> bool:
    """实施, 开展 …, also with an adverb in one word (深入开展)."""
    return piece.text in _strong() or (2 < len(piece.text) <= 4 and piece.text[-2:] in _strong())


def _governs(piece: _Piece) -> bool:
    return piece.text in _governing() or (
        len(piece.text) == 4 and piece.text[2:] in _governing() and piece.tag != "n"
    )


def _ends_clause(piece: _Piece) -> bool:
    return piece.tag not in _WHOLE and piece.text[0] in _BREAK


def _light(parts: list[_Piece], i: int) -> bool:
    """Whether a word may stand before or between a clause's leading verbs."""
    piece = parts[i]
    return (
        piece.tag in ("d", "p", "r", "c", "ad", "zg", "f", "x", "m", "eng")
        or piece.text in words("luoshi.extract", "name_manner.tsv")
        or (piece.tag == "v" and not _is_head_part(piece))
    )


def _is_head_part(piece: _Piece) -> bool:
    return piece.text.endswith(_head_words())


def _joins(
    text: str, parts: list[_Piece], clause: int, i: int, rule: Head, where: list[places.PlaceMention]
) -> bool:
    """Whether the conjunct before a 、 or 和 belongs to the name."""
    if rule.reach == "near":
        return False
    before = parts[clause:i]
    if not before:
        return False
    last = before[-1]
    if last.tag in ("quoted", "paren") or last.text.endswith(_head_words()):
        return False
    conjunct = text[before[0].start : last.end]
    return "等" not in conjunct and len(conjunct) <= 30


def _fits(
    text: str, parts: list[_Piece], start: int, end: int, rule: Head, where: list[places.PlaceMention]
) -> bool:
    name = text[start:end]
    body = name[: -len(rule.word)]
    if not body or (rule.type == "PROJECT" and (text[end : end + 1].isdigit() or _shared(parts, start))):
        return False
    proper = any(start <= m.start < end and m.end <= end for m in where) or _has_proper(body, rule.type)
    if rule.need == "paren":
        return proper and "（" in body
    if rule.need == "proper":
        return proper
    if rule.need == "site":
        # a base that is only described (东北粮食集散和加工基地) gives its place alone
        return proper and len(body) <= 6 and not re.search("[和与及、]|重要|供应|特色|产业|综合", body)
    if rule.need == "verb":
        carried = any(p.text in _carrying() or _carries(p) for p in _same_clause(parts, start))
        return len(body) >= 2 and (proper or carried or len(body) >= 6)
    return len(body) >= 2


def _same_clause(parts: list[_Piece], start: int) -> list[_Piece]:
    """The words of the clause before a place."""
    before = [p for p in parts if p.end <= start]
    last = max((i for i, p in enumerate(before) if _ends_clause(p) and p.text != "、"), default=-1)
    return before[last + 1 :]


def _shared(parts: list[_Piece], start: int) -> bool:
    """Whether the name begins with the last of several places (沈阳、大连储能基地): then it is none."""
    at = next((i for i, p in enumerate(parts) if p.start == start), 0)
    return (
        at >= 2 and parts[at].tag == "place" and parts[at - 1].text in _JOIN and parts[at - 2].tag == "place"
    )


@cache
def _proper_words(kind: str) -> re.Pattern[str]:
    rows = [r[0] for r in table("luoshi.extract", "proper_words.tsv") if len(r) < 2 or r[1] == kind]
    return re.compile("|".join(sorted(rows, key=lambda w: (-len(w), w))))


def _has_proper(body: str, kind: str) -> bool:
    if _proper_words(kind).search(body):
        return True
    common = words("luoshi.extract", "common_places.tsv")
    return any(
        t.tag in ("nr", "nrt", "ns") and len(t.word) > 1 and t.word not in common for t in tokens.tag(body)
    )
