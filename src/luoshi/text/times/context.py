"""The text around a time expression, and what its words say about it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal

from luoshi.model.records import DateKind
from luoshi.text import numerals
from luoshi.text.lexicon import table
from luoshi.text.times.arith import Window

DOCUMENT = "document date"
TRIGGER = "trigger event"

Cue = Literal["done", "over", "told", "held", "past", "ahead", "benefit", "rule"]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression of a text, resolved.

    ``quote`` is ``text[start:end]``; ``from_`` and ``to`` are inclusive. ``anchor`` is ``document date``
    where it was computed from the date of the document, ``trigger event`` where it counts from something
    that happens to each case, else ``None``. ``explanation`` is a sentence for the official who checks it.
    """

    start: int
    end: int
    quote: str
    kind: DateKind
    from_: date | None = None
    to: date | None = None
    anchor: str | None = None
    explanation: str = ""


@cache
def _cue(name: Cue) -> re.Pattern[str]:
    return re.compile("|".join(row[0] for row in table("luoshi.text", "time_cues.tsv") if row[1] == name))


_WORK = r"(?:[全本]?[省市区县国州])?(?:经济社会发展|政府|重点|主要|各项)*工作(?!目标|任务|日)"
_STOP = re.compile(r"[。；！？!?;\n]")
_QUANTITY = re.compile(
    r"\d[\d.,]*\s*(?:%|％|万|亿|个(?!方面)|家|项|公里|件|所|套|座|处|条|人|名|户|亩|吨|元|台|艘|架|次|张|对|倍|类|分钟|小时|平方|立方|千瓦|公顷)"
    r"|[一二三四五六七八九十百千万两]+(?:万|亿|个(?!方面)|家|项)|100%|翻番"
)


@dataclass(slots=True)
class Context:
    """A text under examination.

    ``norm`` is the text with half-width digits, character for character. ``base`` is the date of the
    document, ``effective`` the day it takes effect where that is known from elsewhere, ``year`` the year
    that its title names, ``retrospective`` whether the section looks back (``None``: not known).
    """

    text: str
    base: date | None
    retrospective: bool | None = None
    effective: date | None = None
    year: int | None = None
    norm: str = field(init=False)
    found: list[TimeExpression] = field(default_factory=list)
    starts: list[TimeExpression] = field(default_factory=list)
    _ending: dict[int, TimeExpression] = field(default_factory=dict)
    _taken: bytearray = field(init=False)
    _stops: list[int] = field(init=False)
    _titles: list[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.norm = numerals.narrow(self.text)
        self._taken = bytearray(len(self.text))
        self._stops = [m.start() for m in _STOP.finditer(self.norm)]
        self._titles = [m.span() for m in re.finditer("《[^《》]*》", self.text)]

    def free(self, start: int, end: int) -> bool:
        """Whether no earlier rule has claimed any part of a span."""
        return self._taken.find(1, start, end) == -1

    def claim(self, start: int, end: int) -> None:
        """Keep a span from later rules."""
        self._taken[start:end] = b"\1" * (end - start)

    def add(
        self, start: int, end: int, kind: DateKind, ends: tuple[date | None, date | None] = (None, None), *,
        anchor: str | None = None, why: str = "",
    ) -> None:  # fmt: skip
        """Record an expression and claim its span."""
        quote = self.text[start:end]
        self.claim(start, end)
        expression = TimeExpression(start, end, quote, kind, *ends, anchor, f"“{quote}”：{why}。")
        self.found.append(expression)
        self._ending[end] = expression
        if kind == "start":
            insort(self.starts, expression, key=lambda t: t.start)

    def before(self, at: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """A pattern that ends in ``$``, right before a place (up to 40 characters are looked at)."""
        return pattern.search(self.norm, max(0, at - 40), at)

    def ending(self, at: int, gap: int, kind: DateKind) -> TimeExpression | None:
        """The expression of a kind that ends at a place or up to ``gap`` characters before it."""
        near = (self._ending.get(at - i) for i in range(gap + 1))
        return next((t for t in near if t is not None and t.kind == kind), None)

    def start_within(self, first: int, last: int) -> date | None:
        """The day of the first start named between two places."""
        i = bisect_left(self.starts, first, key=lambda t: t.start)
        return next((t.from_ for t in self.starts[i:] if t.start < last and t.from_), None)

    def sentence(self, at: int) -> tuple[int, int]:
        """The span of the sentence around a place."""
        i = bisect_right(self._stops, at - 1) if at else 0
        start = self._stops[i - 1] + 1 if i else 0
        end = next((s for s in self._stops[i:] if s >= at), len(self.norm))
        return start, end

    def left(self, at: int) -> str:
        """The sentence before a place."""
        return self.norm[self.sentence(at)[0] : at]

    def right(self, at: int) -> str:
        """The sentence after a place."""
        return self.norm[at : self.sentence(at)[1]]

    def clause(self, at: int) -> str:
        """The first clause after a place (a comma right there is skipped)."""
        rest = self.right(at).lstrip("，,、 的")
        return re.split("[，,]", rest, maxsplit=1)[0]

    def in_title(self, at: int) -> bool:
        """Whether a place lies within 《》."""
        return any(s < at < e for s, e in self._titles)

    def says(self, cue: Cue, text: str) -> bool:
        """Whether a text holds a word of a class."""
        return _cue(cue).search(text) is not None

    def last_year(self, at: int) -> int | None:
        """The last year written out before a place in its sentence."""
        years = re.findall(r"((?:19|20)\d\d)\s*年", self.left(at))
        return int(years[-1]) if years else None

    def over(self, window: Window) -> bool:
        """Whether a window lies before the document, or the text looks back."""
        if self.base is not None and window.last < self.base:
            return True
        # half of the window must be gone, so that this year and the coming plan stay ahead
        middle = window.first + (window.last - window.first) / 2
        return self.retrospective is True and (self.base is None or middle <= self.base)

    def looks_back(self, text: str) -> bool:
        """Whether a clause tells of what was: surely, or probably and without a word of intent."""
        if self.says("over", text):
            return True
        return (self.says("past", text) or self.says("told", text)) and not self.says("ahead", text)

    def year_of_month(self, month: int, sentence: str) -> int:
        """The year of a month without one: that of the document, but the next for a month long gone when the
        year ends, the last for a month to come in a sentence that looks back when the year begins."""
        assert self.base is not None
        if self.base.month <= 2 and month > self.base.month and self.looks_back(sentence):
            return self.base.year - 1
        gone = self.base.month - month
        told = self.looks_back(sentence) or self.says("held", sentence)
        if (gone >= 6 or (self.base.month >= 11 and gone >= 2)) and not told:
            return self.base.year + 1
        return self.base.year

    def goal(self, at: int) -> bool:
        """Whether what follows a place is something to be finished or a quantity to be reached."""
        rest = self.right(at).lstrip("，,、 的")
        if re.match(rf"[是为]|以来|{_WORK}", rest):
            return False
        two = "，".join(re.split("[，,]", rest, maxsplit=2)[:2])
        return self.says("done", two) or _QUANTITY.search(two) is not None

    def has_start(self) -> bool:
        """Whether a start is known other than by the document's date alone."""
        return self.effective is not None or any(t.from_ for t in self.starts)

    def start_of_validity(self) -> tuple[date | None, bool]:
        """The day from which a rule is in force, and whether it was only taken from the document's date."""
        for t in self.starts:
            if t.from_ and re.search("施行|实施|执行|生效", t.quote):
                return t.from_, t.anchor == DOCUMENT
        if self.effective:
            return self.effective, False
        for t in self.starts:
            if t.from_:
                return t.from_, t.anchor == DOCUMENT
        return self.base, True
