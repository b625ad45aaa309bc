"""What stands around a sentence: titles above it, parts that look back, bodies, dates and places nearby."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from luoshi.extract import responsibility
from luoshi.extract.actions import Action
from luoshi.extract.responsibility import Charge
from luoshi.model import DateRow, Document, EntityRow, Place, SentenceRow, Unit

_BACK = re.compile(
    r"回顾|工作总结|(?:过去|20\d\d年|去年|五年来|一年来|以来)[^，。]{0,12}(?:工作|发展|成就|成绩|情况)$"
    r"|取得的?(?:主要)?(?:成就|成绩|成效)|主要(?:成就|成绩)|发展(?:基础|现状|形势|环境|背景|成效|成就)|现状|重大意义|重要意义"
    r"|面临的?(?:形势|机遇|挑战|问题)|形势和机遇|工作(?:进展|成效|情况)|^背景|制定(?:的)?背景|起草说明|存在的?(?:主要)?(?:问题|困难)"
)
_AHEAD = re.compile(r"安排|任务|部署|举措|措施|打算|建议|展望|思路|计划|下一步|重点工作")
_PRINCIPLE = re.compile(r"指导思想|(?:基本|工作|主要|编制|总体)原则|总体(?:要求|思路)")
_REVIEW = re.compile(r"回顾|工作总结")
_AIM = re.compile(r"目标|指标")
_OPENS_BACK = re.compile(
    r"(?:一年来|五年来|十年来|过去的?一年|过去五年|“十[二三四]五”(?:时期|以来)|本届政府任期内|20\d\d年以来|今年以来|回顾[过去一五])[，、]"
    r"|20\d\d年[^，]{0,12}(?:是[^。]{0,40}的一年|工作回顾)"
)
_OPENS_AHEAD = re.compile(
    r"(?:各位代表[！，：])?(?:今年(?:要|工作|是|政府工作|经济社会|发展|我们)|(?:20\d\d|二[〇○零]\d\d)年(?:要|政府工作|经济社会发展|工作的?总体|的?主要预期|是“十五五”)"
    r"|做好(?:今年|20\d\d年|明年)|今后五年|未来五年|下一步|新的一年|今后一个时期|“十五五”时期|主要预期目标|重点抓好|重点做好|我们要)"
)


# lists of cases and things (有下列情形之一的：) hold no commitments, lists of duties and measures do
_CASES = re.compile(r"(?:下列|以下|如下|包括).{0,24}(?:情形|行为|情况|条件|材料|所得|内容|指标|范围|人员|对象|信息|资料|文件|事实|之一)|包括：$|是指：$")
_DUTIES = re.compile(r"职责|任务|措施|工作|义务|要求|方式|举措|政策|做好|推进")
_ITEM = re.compile(r"\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、]|[①-⑳]|[一二三四五六七八九十]是|——)")


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
        self._settings: dict[str | None, Setting] = {None: Setting()}

    def titles(self, provision: str | None) -> tuple[str, ...]:
        """Titles above a place, the innermost first."""
        if provision not in self._titles:
            p = self._provisions.get(provision or "")
            self._titles[provision] = (
                () if p is None else ((p.title,) if p.title else ()) + self.titles(p.parent)
            )
        return self._titles[provision]

    def settings(self) -> list[Setting]:
        """How each sentence is to be read, by the titles above it and by what opened the stretch it stands in."""
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
                listing = bool(_CASES.search(text)) and not _DUTIES.search(text)
        return out

    def _by_titles(self, provision: str | None) -> Setting:
        if provision not in self._settings:
            setting = Setting()
            titles = self.titles(provision)
            if any(_REVIEW.search(t) for t in titles):
                self._settings[provision] = Setting(past=True)
                return self._settings[provision]
            for title in titles:
                if _PRINCIPLE.search(title):
                    setting = Setting(principle=True)
                elif _AIM.search(title):
                    setting = Setting(ahead=True)
                elif _BACK.search(title) and not _AHEAD.search(title):
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
