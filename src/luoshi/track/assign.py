"""Who should take a task: proposals, each with the words that it rests on. None is taken by itself.

Four sources: the note beside the task, notes for the whole document (排在第一位的部门为牵头部门，下同), the
duties that a unit was given (三定), and earlier divisions with a similar task.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from luoshi.model.records import Role
from luoshi.text import tokens, units
from luoshi.text.lexicon import words

Source = Literal["text", "note", "general", "register", "duties", "earlier"]
SIMILAR = 0.42
"""Share of common character pairs (Dice) from which an earlier task is similar."""
DUTY = 0.3
"""Share of a task's weight in words that a duty must have."""
MOST = 300
"""Characters of a table's row that are shown."""
ALONE = 0.45
"""The same where it is a single word."""
_SENTENCE = re.compile(r"[^。；;！\n]+[。；;！]?")
_ITEM = re.compile(r"^[\s（(]*(?:\d+|[一二三四五六七八九十]+)[)）.、．]\s*|^（[一二三四五六七八九十\d]+）")
_FOR_ALL = re.compile(
    r"(?:(?:以上|以下|上述|各项|所有|全部|本(?:方案|清单|分工))[^，。；]{0,12}[，,]?)?(?:均|都)(?:需|须|应|由|要|涉及)?"
    r"(?P<list>[^，。；均]{2,40}?)(?:贯彻|抓好|负责)?(?:落实|负责|实施|参与|配合)?[，,]?[^，。；]{0,6}?不再(?:逐一|一一|单独|另行|重复)?(?:列出|列示|标注|注明|罗列)"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A unit by name with its part."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Units for a task and why: ``evidence`` are the document's words, ``words`` what a duty or an earlier
    task has in common with the task, ``about`` the duty or the earlier task, ``key`` whose it is."""

    source: Source
    units: tuple[Named, ...]
    evidence: tuple[Span, ...] = ()
    about: str = ""
    words: tuple[str, ...] = ()
    score: float = 1.0
    key: int = 0


# --- from the text --------------------------------------------------------------------------------


def first_note(text: str) -> Span | None:
    """The document's note that the first named body leads, where there is one."""
    at = units.first_named_note(text)
    return None if at is None else _sentence(text, at)


def notes_for_all(text: str) -> list[Proposal]:
    """Bodies that a document makes responsible for everything (均由各县区政府落实，不再列出)."""
    out = []
    for m in _FOR_ALL.finditer(text):
        names = [u.name for u in units.parse_cell(m["list"], "responsible")]
        if names:
            span = _sentence(text, m.start())
            out.append(Proposal("general", tuple(Named(n, "responsible") for n in names), (span,)))
    return out


def _sentence(text: str, at: int) -> Span:
    start = max(text.rfind(c, 0, at) for c in "。；\n") + 1
    ends = [e for c in "。；\n" if (e := text.find(c, at)) >= 0]
    end = min(ends, default=len(text))
    return Span(start, end, text[start:end].strip())


def from_text(
    text: str, paragraph: tuple[int, int], start: int, named: Sequence[Named], note: Span | None
) -> Proposal | None:
    """The units of a commitment with the note that names them.

    :param text: the document's text; ``paragraph`` the span of the paragraph that the commitment stands in,
        ``start`` the commitment's own place.
    :param named: the commitment's units, in order.
    :param note: what :func:`first_note` found; where it is what makes the first unit lead, it is evidence.
    """
    if not named:
        return None
    begin, end = paragraph
    names = {n.name for n in named}
    groups = [g for g in units.find_groups(text[begin:end]) if names & {u.name for u in g.mentions}]
    if not groups:
        if not all(n.name in text[begin:end] for n in named):
            return Proposal("register", tuple(named))
        row = " ".join(text[begin:end].split())  # a table's: its columns give the parts
        return Proposal("text", tuple(named), (Span(begin, end, row[:MOST]),))
    best = min(
        groups,
        key=lambda g: (
            -len(names & {u.name for u in g.mentions}),
            begin + g.start < start,
            abs(begin + g.start - start),
        ),
    )  # fmt: skip
    quote = Span(begin + best.start, begin + best.end, text[begin + best.start : begin + best.end])
    if note is None or any(u.role == "lead" for u in best.mentions):
        return Proposal("text", tuple(named), (quote,))
    if not any(n.role == "lead" for n in named):
        named = [Named(named[0].name, "lead"), *named[1:]]
    return Proposal("note", tuple(named), (quote, note))


# --- from duties --------------------------------------------------------------------------------


def content_words(text: str) -> frozenset[str]:
    """The words of a text that say what it is about; of long ones their pairs of characters.

    The dictionary's tags mistake many a plain noun for a name, so that only closed classes are left out.
    """
    weak = words("luoshi.track", "weak_words.tsv")
    out: set[str] = set()
    for t in tokens.tag(text[:2000]):
        if len(t.word) < 2 or t.word in weak or t.tag[:1] in "mxpcdruqftoy" or t.tag == "ns":
            continue
        out |= {t.word} if len(t.word) == 2 else {t.word[i : i + 2] for i in range(len(t.word) - 1)} - weak
    return frozenset(out)


class Duties:
    """The duties of units, each sentence by itself, weighed by how few units share a word.

    :param duties: key → (name, text of the duties).
    """

    def __init__(self, duties: Mapping[int, tuple[str, str]]) -> None:
        self._clauses: list[tuple[int, str, frozenset[str]]] = []
        self._names = {key: name for key, (name, _text) in duties.items()}
        spread: dict[str, set[int]] = {}
        for key, (_name, text) in duties.items():
            for m in _SENTENCE.finditer(text):
                clause = _ITEM.sub("", m.group()).strip()
                some = content_words(clause)
                if some:
                    self._clauses.append((key, clause, some))
                    for w in some:
                        spread.setdefault(w, set()).add(key)
        count = max(1, len(duties))
        self._weight = {w: math.log(1 + count / len(keys)) for w, keys in spread.items()}
        self._unknown = math.log(1 + count)

    def propose(self, task: str, limit: int = 3) -> list[Proposal]:
        """The units whose duties come nearest to a task, best first; the first is proposed to lead."""
        wanted = content_words(task)
        total = sum(self._weight.get(w, self._unknown * 0.5) for w in wanted)
        best: dict[int, tuple[float, str, tuple[str, ...]]] = {}
        for key, clause, some in self._clauses:
            common = sorted(wanted & some, key=task.find)
            value = sum(self._weight[w] for w in common) / total if total else 0.0
            enough = value >= DUTY and (len(common) > 1 or value >= ALONE)
            if enough and value > best.get(key, (0.0, "", ()))[0]:
                best[key] = value, clause, tuple(common)
        ranked = sorted(best.items(), key=lambda p: (-p[1][0], p[0]))[:limit]
        return [
            Proposal(
                "duties", (Named(self._names[key], "lead" if n == 0 else "responsible"),), (), clause, words,
                round(value, 2), key,
            )
            for n, (key, (value, clause, words)) in enumerate(ranked)
        ]  # fmt: skip


# --- from earlier divisions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Earlier:
    """A task that was given to units before."""

    key: int
    text: str
    units: tuple[Named, ...]


def pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, without figures and punctuation."""
    bare = re.sub(r"[\W\d_]+", "", text)
    return frozenset(bare[i : i + 2] for i in range(len(bare) - 1))


def similar(task: str, texts: Mapping[int, str], limit: int = 3) -> list[tuple[int, float]]:
    """The keys of the texts that resemble a task, most alike first, with their likeness (0 to 1)."""
    mine = pairs(task)
    scored = []
    for _text, _score, key in process.extract(task, texts, scorer=fuzz.ratio, limit=60):
        other = pairs(texts[key])
        if mine and other:
            value = 2 * len(mine & other) / (len(mine) + len(other))
            if value >= SIMILAR:
                scored.append((value, key))
    return [(key, round(value, 2)) for value, key in sorted(scored, key=lambda p: (-p[0], p[1]))[:limit]]


def by_earlier(task: str, earlier: Iterable[Earlier], limit: int = 3) -> list[Proposal]:
    """Earlier tasks that resemble a task, most alike first, with their units."""
    known = {e.key: e for e in earlier if e.units}
    return [
        Proposal("earlier", known[key].units, (), known[key].text, (), value, key)
        for key, value in similar(task, {k: e.text for k, e in known.items()}, limit)
    ]
