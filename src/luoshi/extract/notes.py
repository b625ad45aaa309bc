"""Notes that say who answers and by when: brackets behind a clause, labelled lines (责任单位：…).

Nothing in a note is a task of its own. An item that has but one sentence and notes behind it is all task, and
what a note says about time (长期坚持, 完成时限：2027年6月) holds for what stands before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from luoshi.extract.wording import pattern
from luoshi.model import Document
from luoshi.text.units import UnitMention

Span = tuple[int, int]

_BRACKET = re.compile(r"[（(【\[〔](?:[^（）()【】\[\]〔〕\n]|[（(][^（）()\n]{0,40}[）)]){2,300}[）)】\]〕]")
_TIMED = pattern("note-timed")
_LABEL = pattern("note-label")
_DUE = pattern("note-due")
_ONGOING = pattern("note-ongoing")
_FILLING = re.compile(r"[\s　，,；;。、]*")


class Notes:
    """The notes of a document: spans of its clean text, in their order.

    :param mentions: the bodies that the document makes responsible; a bracket that names one is a note.
    """

    def __init__(self, document: Document, mentions: Sequence[UnitMention]) -> None:
        self._text = document.text
        self.spans: list[Span] = []
        named = [m.start for m in mentions]
        for paragraph in document.paragraphs:
            if paragraph.kind in ("title", "table-row"):
                continue
            self.spans += self._of(paragraph.start, paragraph.end, named)
        self._starts = [a for a, _ in self.spans]

    def _of(self, start: int, end: int, named: Sequence[int]) -> list[Span]:
        """The notes of a paragraph: brackets first, then what stands behind a label."""
        out: list[Span] = []
        for m in _BRACKET.finditer(self._text, start, end):
            k = bisect_right(named, m.start())
            unit = k < len(named) and named[k] < m.end()
            if (unit and self._finished(start, m.start(), m.end(), end)) or _TIMED.fullmatch(m.group()[1:-1]):
                out.append(m.span())
        for m in _LABEL.finditer(self._text, start, end):
            if out and out[-1][0] <= m.start() < out[-1][1]:
                continue
            stop = self._text.find("。", m.end(), end)
            span = (m.start(), stop + 1 if stop >= 0 else end)
            if not out or span[0] >= out[-1][1]:
                out.append(span)
        return sorted(out)

    def _finished(self, start: int, at: int, close: int, end: int) -> bool:
        """Whether a bracket stands where something is finished: behind a mark, or before one or the end."""
        before = self._text[start:at].rstrip()[-1:]
        return before in ("", *"。；！，") or close >= end or self._text[close] in "。；！\n"

    def holds(self, start: int, end: int) -> bool:
        """Whether a stretch lies within one note."""
        n = bisect_right(self._starts, start) - 1
        return n >= 0 and end <= self.spans[n][1] + 1

    def only(self, start: int, end: int) -> bool:
        """Whether a stretch holds notes and nothing else, and at least one."""
        at = start
        found = False
        while at < end:
            at = min(end, _FILLING.match(self._text, at).end())  # type: ignore[union-attr]
            n = bisect_right(self._starts, at) - 1
            if at >= end or n < 0 or at >= self.spans[n][1]:
                break
            at, found = self.spans[n][1], True
        return found and at >= end

    def behind(self, at: int, stop: int) -> list[Span]:
        """The next notes behind a place and before another: those between which nothing else stands."""
        n = bisect_right(self._starts, at - 1)
        out: list[Span] = []
        while n < len(self.spans) and self.spans[n][0] < stop:
            if out and _FILLING.fullmatch(self._text, out[-1][1], self.spans[n][0]) is None:
                break
            out.append(self.spans[n])
            n += 1
        return out

    def ongoing(self, at: int, stop: int) -> bool:
        """Whether the notes behind a place say that the task goes on (长期坚持, 持续推进)."""
        return any(_ONGOING.search(self._text, *span) for span in self.behind(at, stop))

    def dues(self, at: int, stop: int) -> list[Span]:
        """Where the notes behind a place say by when: all of a bracket, else what a label announces."""
        out: list[Span] = []
        for start, end in self.behind(at, stop):
            if self._text[start] in "（(【[〔":
                out.append((start, end))
            else:
                out += [(m.end(), end) for m in _DUE.finditer(self._text, start, end)]
        return out
