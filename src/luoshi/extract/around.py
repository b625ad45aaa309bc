"""What stands around a sentence: titles above it, parts that look back, bodies, dates and places nearby."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from luoshi.extract import responsibility, targets, units
from luoshi.extract.actions import Action
from luoshi.extract.ledgers import Ledgers
from luoshi.extract.notes import Notes
from luoshi.extract.responsibility import Charge
from luoshi.extract.wording import pattern
from luoshi.model import DateRow, Document, EntityRow, Place, ProvisionRow, SentenceRow, Unit

_BACK = pattern("around-back")
_AHEAD = pattern("around-ahead")
_PRINCIPLE = pattern("around-principle")
_REVIEW = pattern("around-review")
_AIM = pattern("around-aim")
_OPENS_BACK = pattern("around-opens-back")
_OPENS_AHEAD = pattern("around-opens-ahead")
_TOLD = re.compile(r"\s*(20\d\d)年(?:\d{1,2}月(?:\d{1,2}日)?(?![底末前]))?(?:以来)?[，,](?!到)")
_LONG_AGO = re.compile(r"\s*(19\d\d)年(?!代)")
_YEARS = re.compile(r"(20\d\d)年")


# lists of cases and things (有下列情形之一的：) hold no commitments, lists of duties and measures do
_CASES = pattern("around-cases")
_DUTIES = pattern("around-duties")
_ONE_OF = re.compile(
    r"(?:情形|行为|情况|条件|事由|原因)之一|(?:不得|禁止|严禁)[^。]{0,8}(?:下列|以下)(?:行为|情形)"
)
_ITEM = pattern("around-item")


def _opens(sentence: SentenceRow, starts: Sequence[int]) -> bool:
    """Whether a sentence begins a paragraph."""
    at = sentence.evidence.start
    n = bisect_left(starts, at)
    return n < len(starts) and starts[n] == at


class Setting(NamedTuple):
    """How a sentence is to be read: as a report of what was, as a principle, as an aim."""

    past: bool = False
    principle: bool = False
    ahead: bool = False


class Around:
    """What stands around a document's sentences: parts that look back, titles, charges, dates, places."""

    def __init__(self, document: Document, dates: Sequence[DateRow], entities: Sequence[EntityRow]) -> None:
        self.document = document
        self._provisions = {p.id: p for p in document.provisions}
        self._parents = {p.parent for p in document.provisions}
        self.ledgers = Ledgers(document)
        mentions = units.mentions(document)
        self.notes = Notes(document, mentions)
        self._charges: list[Charge] = responsibility.charges(document, mentions)
        self._charge_starts = [c.start for c in self._charges]
        self._deadlines = sorted((d for d in dates if d.kind == "deadline"), key=lambda d: d.evidence.start)
        self._deadline_starts = [d.evidence.start for d in self._deadlines]
        self._places = sorted((e for e in entities if e.type == "PLACE"), key=lambda e: e.evidence.start)
        self._place_starts = [e.evidence.start for e in self._places]
        self._paragraph_starts = [p.start for p in document.paragraphs]
        self._titles: dict[str | None, tuple[str, ...]] = {None: ()}
        self._settings: dict[str | None, Setting] = {None: Setting()}
        self._year = int((document.row.date or document.row.published or "0")[:4] or 0)

    def titles(self, provision: str | None) -> tuple[str, ...]:
        """Titles above a place, the innermost first."""
        if provision not in self._titles:
            p = self._provisions.get(provision or "")
            self._titles[provision] = (
                () if p is None else ((p.title,) if p.title else ()) + self.titles(p.parent)
            )
        return self._titles[provision]

    def settings(self) -> list[Setting]:
        """How each sentence is to be read, by the titles above it and by what opened its stretch."""
        report = self.document.row.kind == "work-report" or any(
            _BACK.search(p.title) and "回顾" in p.title for p in self.document.provisions
        )
        back = listing = False
        out: list[Setting] = []
        last: str | None = None
        for sentence in self.document.sentences:
            text = sentence.evidence.quote
            if sentence.kind == "heading" or sentence.provision != last:
                last = sentence.provision
                title = next(iter(self.titles(last)), "") if sentence.kind != "heading" else text
                if _REVIEW.search(title):
                    back = True
                elif (_AHEAD.search(title) or _AIM.search(title)) and not self._by_titles(last).past:
                    back = False
            if report and _OPENS_BACK.match(text):
                back = True
            elif back and _OPENS_AHEAD.match(text):
                back = False
            if _opens(sentence, self._paragraph_starts) and not _ITEM.match(text):
                listing = False
            titled = self._by_titles(sentence.provision)
            out.append(titled._replace(past=titled.past or back or listing))
            if text.rstrip().endswith(("：", ":")):
                cases = bool(_CASES.search(text)) and not _DUTIES.search(text)
                listing = cases or _ONE_OF.search(text) is not None
        return out

    def told_of_before(self, text: str) -> bool:
        """Whether a sentence begins with a year before the document's own (2024年，全县…)."""
        m = _TOLD.match(text) or _LONG_AGO.match(text)
        return m is not None and 0 < int(m.group(1)) < self._year

    def is_repeated(self, action: Action) -> bool:
        """Whether it stands in the boxed summary of a press report and again in the body, which counts."""
        box = self.document.box
        if box is None or not box[0] <= action.start < box[1]:
            return False
        text = self.document.text
        quote = text[action.start : action.end]
        return text.find(quote, box[1]) >= 0 or text.find(quote, 0, box[0]) >= 0

    def is_whole_item(self, sentence: SentenceRow) -> bool:
        """Whether a heading is all that its item says (1.修复江堤。), so that it is the task itself."""
        p = self._provisions.get(sentence.provision or "")
        if p is None or not p.label or p.id in self._parents:
            return False
        end = sentence.evidence.end
        closed = sentence.evidence.quote.rstrip()[-1:] in tuple("。；;")
        if closed and p.evidence.end <= end + 2:
            return True
        if closed and (targets.find(sentence.evidence.quote) or self._between(sentence.evidence.start, end)):
            return True  # a title sets no number and no day
        return self.notes.only(end, p.evidence.end)

    def is_charged(self, sentence: SentenceRow) -> bool:
        """Whether a note about bodies or time stands behind a sentence: what is in it is to be done."""
        return bool(
            self.notes.behind(sentence.evidence.end, self._reach(sentence, sentence.evidence.end + 2))
        )

    def _back(self, title: str) -> bool:
        """Whether a title looks back; one that names the document's own year or a later one does not."""
        if _REVIEW.search(title):
            return True
        years = [int(y) for y in _YEARS.findall(title)]
        if years and self._year and max(years) >= self._year:
            return False
        return _BACK.search(title) is not None

    def _by_titles(self, provision: str | None) -> Setting:
        if provision not in self._settings:
            setting = Setting()
            titles = self.titles(provision)
            if any(_REVIEW.search(t) for t in titles):
                self._settings[provision] = Setting(past=True)
                return self._settings[provision]
            for title in titles:
                if _PRINCIPLE.search(title) and not _AIM.search(title):
                    setting = Setting(principle=True)
                elif _AIM.search(title):
                    setting = Setting(ahead=True)
                elif self._back(title) and not _AHEAD.search(title):
                    setting = Setting(past=True)
                elif not _AHEAD.search(title):
                    continue
                break
            self._settings[provision] = setting
        return self._settings[provision]

    def units(self, start: int, end: int) -> tuple[Unit, ...]:
        """The bodies that answer for a span."""
        return responsibility.of_span(self._charges, self._charge_starts, start, end)

    def places(self, start: int, end: int) -> tuple[Place, ...]:
        """The places named in a span, each once."""
        out: list[Place] = []
        for n in range(bisect_left(self._place_starts, start), len(self._places)):
            row = self._places[n]
            if row.evidence.start >= end:
                break
            place = Place(row.evidence.quote, row.code)
            if row.evidence.end <= end and place not in out:
                out.append(place)
        return tuple(out)

    def deadline(self, action: Action, sentence: SentenceRow) -> str | None:
        """The date by which it is due: its own, one that fronts it, one in a note or a title."""
        inside = self._between(action.start, action.end)
        if inside:
            return inside[0].id
        paragraph = self._paragraph(action.start)
        cells = self.ledgers.cells(paragraph[0])
        if cells is not None:
            due = [d for c in cells if c.role == "deadline" for d in self._between(c.start, c.end)]
            return due[-1].id if due else None
        yearly = "每年" in self.document.text[action.start : action.end]
        aims = self._by_titles(sentence.provision).ahead and not yearly
        fronting = self._fronting(paragraph[0], action.start, aims=aims)
        if fronting:
            return fronting.id
        note = self._noted(action.end, paragraph[1]) or self._announced(action.end, sentence)
        if note:
            return note.id
        p = self._provisions.get(sentence.provision or "")
        while p is not None:
            found = self._in_title(p) if p.title else []
            if found:
                return found[0].id
            p = self._provisions.get(p.parent or "")
        return None

    def ongoing(self, at: int, sentence: SentenceRow) -> bool:
        """Whether the ledger in whose row a place lies, or the note behind it, says that the task goes on."""
        paragraph = self._paragraph(at)
        if self.ledgers.cells(paragraph[0]) is not None:
            return self.ledgers.ongoing(paragraph[0])
        return self.notes.ongoing(at, self._reach(sentence, paragraph[1]))

    def tasks(self, sentence: SentenceRow) -> list[tuple[int, int]] | None:
        """What of a sentence stands in cells with tasks, ``None`` where it is in no row of a ledger."""
        start, end = sentence.evidence.start, sentence.evidence.end
        tasks = self.ledgers.tasks(self._paragraph(start)[0])
        if tasks is None:
            return None
        return [(max(a, start), min(b, end)) for a, b in tasks if a < end and start < b]

    def ahead(self, sentence: SentenceRow) -> bool:
        """Whether a deadline stands earlier in the sentence's paragraph."""
        start, _ = self._paragraph(sentence.evidence.start)
        return bool(self._between(start, sentence.evidence.end))

    def _paragraph(self, at: int) -> tuple[int, int]:
        n = bisect_left(self._paragraph_starts, at + 1) - 1
        if n < 0:
            return 0, len(self.document.text)
        p = self.document.paragraphs[n]
        return p.start, p.end

    def _between(self, start: int, end: int) -> list[DateRow]:
        n = bisect_left(self._deadline_starts, start)
        out = []
        while n < len(self._deadlines) and self._deadlines[n].evidence.start < end:
            out.append(self._deadlines[n])
            n += 1
        return out

    def _fronting(self, start: int, at: int, *, aims: bool) -> DateRow | None:
        """The last deadline before a place that begins a clause and governs what follows, to a full stop.

        :param aims: it is a part about aims, where a year that opens a paragraph governs all of it.
        """
        text = self.document.text
        for row in reversed(self._between(start, at)):
            if self.notes.holds(row.evidence.start, row.evidence.end):
                return None  # a note looks back
            between = text[row.evidence.end : at]
            if "。" in between or "！" in between or "\n" in between:
                opens = row.evidence.start == start or text[row.evidence.start - 1] == "。"
                whole = aims and opens and row.evidence.quote.startswith("到") and between[:1] in "，,"
                return row if whole else None
            before = text[max(start, row.evidence.start - 4) : row.evidence.start].rstrip()
            fronts = (
                not before or before[-1] in "，。；：！？\n、—）" or before.endswith(("力争", "争取", "确保"))
            )
            if fronts and (between[:1] in "，," or "，" not in between or "；" not in between):
                return row
        return None

    def _in_title(self, p: ProvisionRow) -> list[DateRow]:
        """The deadlines of a title; one with a full stop is a task itself and sets none for others."""
        text = self.document.text
        start = text.find(p.title, p.evidence.start, p.evidence.end)
        stop = start + len(p.title)
        return [] if start < 0 or text[stop : stop + 1] in tuple("。；;") else self._between(start, stop)

    def _reach(self, sentence: SentenceRow, end: int) -> int:
        """How far notes are looked for that hold for a sentence: to the end of its item, else paragraph."""
        p = self._provisions.get(sentence.provision or "")
        return end if p is None or p.id in self._parents else max(end, p.evidence.end)

    def _announced(self, at: int, sentence: SentenceRow) -> DateRow | None:
        """A deadline that a label announces behind a place (完成时限：2025年6月底)."""
        stop = self._reach(sentence, self._paragraph(at)[1])
        for a, b in self.notes.dues(at, stop):
            found = self._between(a, b)
            if found:
                return found[-1]
        return None

    def _noted(self, at: int, stop: int) -> DateRow | None:
        """A deadline in a bracket further on in the paragraph (（2025年6月底前完成）)."""
        text = self.document.text
        for row in self._between(at, stop):
            opened = text.rfind("（", at - 1, row.evidence.start)
            if opened >= 0 and "）" not in text[opened : row.evidence.start]:
                return row
        return None
