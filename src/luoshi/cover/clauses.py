"""Comma clauses of a sentence and what each of them is: a demand, a means, a fact, a trailing piece.

Works on plain strings, so that it can be tested as a table. The word lists and patterns are in
``data/clauses.tsv`` and ``data/patterns.tsv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from luoshi.text import tokens
from luoshi.text.lexicon import mapping, table, words

PACKAGE = "luoshi.cover"
ClauseKind = Literal[
    "demand", "aim", "judgement", "means", "scope", "consequence", "fact", "state", "topic", "gloss", "lead"
]

_OPEN, _CLOSE = "“‘（(《〈【〔[「『", "”’）)》〉】〕]」』"
_BREAKS = "，；：。！？,;!?\t"
_PREPOSITIONS = frozenset("把将以用在对向与同从为由使让")
_VERB_TAGS = frozenset({"v", "vn", "vd", "vi", "vg"})
_ADVERB_TAGS = frozenset({"d", "ad", "zg"})
SHORT = 4
"""A clause of so few characters says nothing alone; it goes with its neighbour."""

CELL = 6
"""Characters up to which a cell of a table is a heading of its column."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence between commas; ``start`` already stands behind a label and a leading 要.

    ``modal``: the clause itself begins with its modal word (要…, 必须…).
    """

    start: int
    end: int
    kind: ClauseKind
    modal: bool = False


@cache
def _patterns(role: str) -> re.Pattern[str]:
    found = [row[1] for row in table(PACKAGE, "patterns.tsv") if row[0] == role]
    return re.compile("|".join(f"(?:{p})" for p in found))


_MARK = re.compile(f"[{re.escape(_OPEN + _BREAKS)}]")


def pieces(text: str) -> list[tuple[int, int]]:
    """Spans between the marks of a sentence; a mark inside quotation marks or brackets does not count."""
    out: list[tuple[int, int]] = []
    start, mark = 0, _MARK.search(text)
    while mark:
        i, c = mark.start(), mark.group()
        after = i + 1
        if c in _BREAKS:
            out.append((start, i))
            start = after
        elif (close := _closing(text, i, _OPEN.index(c))) > 0:
            after = close + 1
        mark = _MARK.search(text, after)
    out.append((start, len(text)))
    return [_trim(text, a, b) for a, b in out if text[a:b].strip(" 　\n")]


def _closing(text: str, opened: int, kind: int) -> int:
    """Where the mark opened there closes; -1 where it never does (a slip of the typist)."""
    depth = 0
    for i in range(opened, len(text)):
        if text[i] == _OPEN[kind]:
            depth += 1
        elif text[i] == _CLOSE[kind]:
            depth -= 1
            if not depth:
                return i
    return -1


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " 　\n■◆●":
        start += 1
    while end > start and text[end - 1] in " 　\n":
        end -= 1
    return start, end


def without_label(text: str, start: int, end: int) -> int:
    """Where a clause begins behind its number (第三条, 一是, ——)."""
    match = _patterns("label").match(text, start, end)
    return match.end() if match and match.end() < end else start


@dataclass(frozen=True, slots=True)
class Head:
    """How a clause begins: where its predicate starts behind a modal, whether it begins with one."""

    start: int
    modal: bool
    verb: bool


def head(text: str, start: int, end: int) -> Head:
    """Looks for a modal word near the beginning, then for a verb at the predicate's beginning.

    A subject may stand before the modal (各级党委要…); it is left out of the clause only when the clause
    begins with the modal itself.
    """
    roles = mapping(PACKAGE, "clauses.tsv")
    at, modal, position = start, False, start
    for i, (_, _, word, _) in enumerate(tagged(text[start:end])):
        if roles.get(word) == "modal" and not text.startswith(("求", "么", "素"), position + len(word)):
            modal = True
            if i == 0 and len(word) < end - start and word in words(PACKAGE, "stripped.tsv"):
                at = position + len(word)
            break
        if i >= 14 or word in "的地得":
            break
        position += len(word)
    if modal:
        return Head(at, True, True)
    time = _patterns("time").match(text, at, end)
    return Head(at, False, _verb_first(text[at:end]) or bool(time and _verb_first(text[time.end() : end])))


def tagged(text: str) -> tuple[tokens.Token, ...]:
    """The tokens of a clause; the segmenter is kept from joining a body to the 要 behind it, a limit of
    time to the preposition behind it."""
    cuts = [m.end() for m in _patterns("cut").finditer(text) if 0 < m.end() < len(text)]
    if not cuts:
        return tokens.tag(text)
    bounds = pairwise([0, *cuts, len(text)])
    return tuple(
        tokens.Token(a + t.start, a + t.end, t.word, t.tag) for a, b in bounds for t in tokens.tag(text[a:b])
    )


@cache
def _openers(role: str) -> tuple[str, ...]:
    found = [word for word, kind in mapping(PACKAGE, "clauses.tsv").items() if kind == role]
    return tuple(sorted(found, key=lambda w: (-len(w), w)))


def _verb_first(text: str) -> bool:
    """Whether a clause begins with its predicate: adverbs, then a verb or a preposition that leads to one."""
    if not text:
        return False
    if text.startswith(_openers("verb")):
        return True
    for word in _openers("adverb"):
        if text.startswith(word) and _verb_first(text[len(word) :]):
            return True
    if _patterns("result").match(text) and not tokens.known(text[:2]) and not tokens.known(text[:3]):
        return True
    for _, _, word, tag in tokens.tag(text):
        if tag in _ADVERB_TAGS:
            continue
        if len(word) > 3 and tag[0] in "lin" and word not in words(PACKAGE, "idioms.tsv"):
            return _verb_first(word[:2])  # 发展壮大, 引进外资: the dictionary has them as one word
        return word in _PREPOSITIONS or tag in _VERB_TAGS
    return False


def is_target(text: str) -> bool:
    """Whether a clause names a figure to be reached (产值突破1500亿元)."""
    return bool(_patterns("target").match(text))


def figure_of(text: str) -> int | None:
    """Where in a clause that gives an indicator and a figure the figure begins, with its comparison."""
    match = _patterns("figure").match(text)
    if match is None:
        return None
    return max(
        (m.start() for m in _patterns("comparison").finditer(text, 0, match.end())), default=match.end()
    )


def time_before(text: str) -> int:
    """Where a clause goes on behind a time that it begins with (用三年时间); 0 where it begins with none."""
    match = _patterns("time").match(text)
    return match.end() if match else 0


def is_note(sentence: str) -> bool:
    """Whether a sentence is a note in brackets: who is responsible, what the words above mean."""
    return bool(_patterns("note").match(sentence)) or (
        sentence[:1] in "（(" and sentence.rstrip("。；\n ")[-1:] in "）)"
    )


def is_purpose(sentence: str) -> bool:
    """Whether a sentence only says why the document was made (为…，制定本办法。)."""
    at = without_label(sentence, 0, len(sentence))
    return bool(_patterns("purpose").match(sentence, at))


def is_retrospect(title: str) -> bool:
    """Whether the title of a part announces what was done, not what is to be done (过去一年工作回顾)."""
    return bool(title) and bool(_patterns("retrospect").match(title))


def announces_goals(title: str) -> bool:
    """Whether the title of a part announces what is to be reached (主要目标)."""
    return bool(title) and bool(_patterns("goals").fullmatch(title.rstrip("。")))


def is_pivot(text: str) -> bool:
    """Whether a clause says on what the matter named before it turns (关键在人才)."""
    return bool(_patterns("pivot").match(text))


def is_judgement(text: str) -> bool:
    """Whether a clause only says what rank the matter before it has (是…的首要任务)."""
    return bool(_patterns("judgement").match(text))


def is_exception(text: str) -> bool:
    """Whether a clause only makes the usual reservation (除法律另有规定外)."""
    return bool(_patterns("exception").match(text))


def is_to_come(sentence: str) -> bool:
    """Whether a sentence speaks of a time to come (到2030年，…)."""
    return bool(_patterns("to-come").match(sentence))


def is_means(text: str) -> bool:
    """Whether a clause only names a means (依托港口优势); with a verb of its own behind it, it demands."""
    if not _patterns("means").match(text):
        return False
    found = tokens.tag(text)
    roles, building = mapping(PACKAGE, "clauses.tsv"), words(PACKAGE, "building.tsv")
    for before, t in pairwise(found[1:]):
        opens = roles.get(t.word) == "verb" or t.word in building
        named = before.tag[0] in "nsjl" or before.tag == "vn" or roles.get(before.word) == "adverb"
        if opens and named and len(t.word) > 1 and t.end < len(text):
            return False
    return True


def _names_a_case(text: str) -> bool:
    """Whether a clause only says of what the next one speaks (对已取消的行政许可)."""
    if not text.startswith("对") or "的" not in text:
        return False
    return all(t.tag != "v" for t in tokens.tag(text[text.rindex("的") + 1 :]))


def _kind(text: str, start: int, end: int) -> tuple[int, ClauseKind, bool]:
    piece = text[start:end]
    h = head(text, start, end)
    if _patterns("fact").match(piece) and not h.modal:
        return start, "fact", False
    target = is_target(piece)
    if (_patterns("scope").fullmatch(piece) and not target) or _names_a_case(piece):
        return start, "scope", False
    by_means = _patterns("by-means").match(piece)
    if by_means and end < len(text.rstrip("。；\n ")) and is_means(piece[by_means.end() :]):
        return start, "scope", False
    if h.modal:
        only_means = h.start > start and is_means(text[h.start : end])
        return h.start, "means" if only_means else "demand", h.start > start
    if is_pivot(piece) or _patterns("aim").match(piece):
        return start, "aim", False
    if _patterns("judgement").match(piece):
        return start, "judgement", False
    if _patterns("consequence").match(piece):
        return start, "consequence", False
    if _patterns("gloss").match(piece):
        return start, "gloss", False
    if is_means(piece):
        return start, "means", False
    if _patterns("copula").match(piece):
        return start, "state", False
    if h.verb:
        return start, "demand", False
    if not target and _patterns("subject-copula").fullmatch(piece):
        return start, "state", False
    if _patterns("state").match(piece):
        return start, "fact", False
    return start, "topic", False


def clauses(text: str) -> list[Clause]:
    """The clauses of a sentence in order, with their kinds.

    A cell of a table row behind the first one (units, limits) is a clause that demands only if it begins
    with its verb.
    """
    out: list[Clause] = []
    for n, (start, end) in enumerate(pieces(text)):
        start = without_label(text, start, end)
        if n < 2 and text[end : end + 1] in "，：,:" and _patterns("lead").fullmatch(text, start, end):
            out.append(Clause(start, end, "lead"))
            continue
        at, kind, modal = _kind(text, start, end)
        if text[start - 1 : start] == "\t" and (kind != "demand" or end - start <= CELL):
            kind = "state"
        out.append(Clause(at, end, kind, modal))
    return out
