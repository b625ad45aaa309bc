"""Commitments of a document: the actions of its sentences with everything that stands around them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from luoshi.extract import actions, parse, responsibility, targets
from luoshi.extract.actions import Action
from luoshi.extract.domains import domain
from luoshi.extract.responsibility import Charge
from luoshi.extract.strength import strength
from luoshi.model import (
    CommitmentRow,
    DateRow,
    Document,
    EntityRow,
    IdMaker,
    Place,
    SentenceRow,
    Unit,
)

_BACK = re.compile(
    r"回顾|工作总结|(?:过去|20\d\d年|去年|五年来|一年来|以来)[^，。]{0,12}(?:工作|发展|成就|成绩|情况)$|取得的(?:成就|成绩|成效)|主要(?:成就|成绩)|发展(?:基础|现状|形势|环境|背景|成效|成就)"
    r"|现状|面临的?(?:形势|机遇|挑战|问题)|重大意义|形势和机遇|工作(?:进展|成效)|^背景|存在(?:的)?(?:主要)?(?:问题|困难)"
)
_AHEAD = re.compile(r"安排|任务|目标|部署|要求|举措|措施|打算|建议|展望|思路|计划|下一步|重点工作")
_ONGOING = re.compile(r"长期坚持|持续推进|长期|常态化|持续|不断|常抓不懈|久久为功|始终|每年|逐年|定期|经常")


class Around:
    """What stands around the sentences of one document: parts that look back, titles, charges, dates, places."""

    def __init__(self, document: Document, dates: Sequence[DateRow], entities: Sequence[EntityRow]) -> None:
        self.document = document
        self._provisions = {p.id: p for p in document.provisions}
        self._charges: list[Charge] = responsibility.charges(document)
        self._charge_starts = [c.start for c in self._charges]
        self._deadlines = sorted((d for d in dates if d.kind == "deadline"), key=lambda d: d.evidence.start)
        self._deadline_starts = [d.evidence.start for d in self._deadlines]
        self._places = sorted((e for e in entities if e.type == "PLACE"), key=lambda e: e.evidence.start)
        self._place_starts = [e.evidence.start for e in self._places]
        self._paragraph_starts = [p.start for p in document.paragraphs]
        self._titles: dict[str | None, tuple[str, ...]] = {None: ()}
        self._past: dict[str | None, bool] = {None: False}

    def titles(self, provision: str | None) -> tuple[str, ...]:
        """Titles above a place, the innermost first."""
        if provision not in self._titles:
            p = self._provisions.get(provision or "")
            self._titles[provision] = (
                () if p is None else ((p.title,) if p.title else ()) + self.titles(p.parent)
            )
        return self._titles[provision]

    def looks_back(self, provision: str | None) -> bool:
        """Whether a place stands in a part that reports what was done or how things are."""
        if provision not in self._past:
            titles = self.titles(provision)
            self._past[provision] = any(_BACK.search(t) and not _AHEAD.search(t) for t in titles)
        return self._past[provision]

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
        """The date by which it is due: its own, one that fronts it in its paragraph, one in a note or title."""
        inside = self._between(action.start, action.end)
        if inside:
            return inside[0].id
        paragraph = self._paragraph(action.start)
        fronting = self._fronting(paragraph[0], action.start)
        if fronting:
            return fronting.id
        note = self._noted(action.end, paragraph[1])
        if note:
            return note.id
        p = self._provisions.get(sentence.provision or "")
        while p is not None:
            stop = p.evidence.start + len(p.label) + len(p.title) + 4
            found = self._between(p.evidence.start, stop) if p.title else []
            if found:
                return found[0].id
            p = self._provisions.get(p.parent or "")
        return None

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

    def _fronting(self, start: int, at: int) -> DateRow | None:
        """The last deadline before a place that begins a clause and governs what follows, up to a full stop."""
        text = self.document.text
        for row in reversed(self._between(start, at)):
            between = text[row.evidence.end : at]
            if "。" in between or "！" in between or "\n" in between:
                return None
            before = text[max(0, row.evidence.start - 4) : row.evidence.start].rstrip()
            fronts = not before or before[-1] in "，。；：！？\n、—）" or before.endswith(("力争", "争取", "确保"))
            if fronts and (between[:1] in "，," or "，" not in between or "；" not in between):
                return row
        return None

    def _noted(self, at: int, stop: int) -> DateRow | None:
        """A deadline in a bracket further on in the paragraph (（2025年6月底前完成）)."""
        text = self.document.text
        for row in self._between(at, stop):
            opened = text.rfind("（", at - 1, row.evidence.start)
            if opened >= 0 and "）" not in text[opened : row.evidence.start]:
                return row
        return None


def make(
    document: Document, dates: Sequence[DateRow], entities: Sequence[EntityRow]
) -> tuple[list[CommitmentRow], list[SentenceRow]]:
    """The commitments of a document, and its sentences with kind and commitment ids."""
    around = Around(document, dates, entities)
    new_id = IdMaker(document.id)
    rows: list[CommitmentRow] = []
    sentences: list[SentenceRow] = []
    for sentence in document.sentences:
        if sentence.kind == "heading":
            sentences.append(sentence)
            continue
        past = around.looks_back(sentence.provision)
        found, kind = actions.read(sentence.evidence.quote, sentence.evidence.start, past=past)
        mine = [_row(a, sentence, around, new_id) for a in found]
        rows += mine
        sentences.append(replace(sentence, kind=kind, commitments=tuple(r.id for r in mine)))
    return rows, sentences


def _row(action: Action, sentence: SentenceRow, around: Around, new_id: IdMaker) -> CommitmentRow:
    evidence = around.document.evidence(action.start, action.end)
    quote = evidence.quote
    deadline = around.deadline(action, sentence)
    goals = targets.find(quote)
    return CommitmentRow(
        id=new_id("commitment", quote),
        evidence=evidence,
        type="goal" if action.type == "goal" else "action",
        provision=sentence.provision,
        sentence=sentence.id,
        modifiers=action.modifiers,
        verb=action.verb,
        object=action.object,
        actor=action.actor,
        units=around.units(action.start, action.end),
        deadline=deadline,
        ongoing=deadline is None and _is_ongoing(action, quote),
        targets=goals,
        places=around.places(action.start, action.end),
        strength=strength(
            action.verb, action.modifiers, action.modal, number=bool(goals), deadline=deadline is not None
        ),
        domain=domain(quote, around.titles(sentence.provision)),
    )


def _is_ongoing(action: Action, quote: str) -> bool:
    if any(parse.modifier_class(m) == "ongoing" for m in action.modifiers):
        return True
    return bool(_ONGOING.match(quote))
