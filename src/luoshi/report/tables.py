"""Rows as people read them: shared by the workbook, the task book, the report and the terminal.

Every row keeps the ids and the :class:`~luoshi.model.Evidence` of what it was made from, so that each
output can lead back to the sentence. Nothing is left empty: what is not in the text reads “—”.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from luoshi.model import (
    CommitmentRow,
    CoverageRow,
    DateRow,
    DocumentRow,
    Edit,
    Evidence,
    LinkRow,
    UnsourcedRow,
)
from luoshi.report.index import Index, article_of, full_label, heading_of
from luoshi.report.labels import NONE, Language, label


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A commitment as a row of the task table.

    ``chapter`` is the outermost chapter above it, ``article`` the innermost named provision (both with
    title), ``deadline`` a date (ISO) or 长期坚持, ``sentence`` the whole sentence that it stands in.
    """

    number: int
    commitment: CommitmentRow
    document: DocumentRow | None
    short_title: str
    chapter: str
    article: str
    place: str
    lead: str
    responsible: str
    support: str
    deadline: str
    deadline_text: str
    explanation: str
    targets: str
    places: str
    type: str
    strength: str
    domain: str
    sentence: str

    @property
    def evidence(self) -> Evidence:
        """Where it stands."""
        return self.commitment.evidence

    @property
    def text(self) -> str:
        """The commitment as written."""
        return self.commitment.evidence.quote

    @property
    def document_title(self) -> str:
        """Title of its document."""
        return self.document.title if self.document else self.evidence.document


def joined(parts: Iterable[str], separator: str = "、") -> str:
    """The parts that are not empty, or “—”."""
    return separator.join(p for p in parts if p) or NONE


def deadline_of(row: DateRow | None, ongoing: bool, language: Language = "zh") -> str:
    """A deadline as a date; the words of the text where no date could be worked out."""
    if row is not None:
        return row.to or row.from_ or row.evidence.quote
    return label("ui.ongoing", language) if ongoing else NONE


def task_rows(index: Index, language: Language = "zh") -> list[TaskRow]:
    """All commitments in the order of documents and text, numbered from 1."""
    return [_task(index, c, n, language) for n, c in enumerate(index.commitments, 1)]


def _task(index: Index, c: CommitmentRow, number: int, language: Language) -> TaskRow:
    chain = index.chain(c.evidence, c.provision)
    due = index.dates.get(c.deadline) if c.deadline else None
    sentence = index.sentences.get(c.sentence) if c.sentence else None

    def units(role: str) -> str:
        return joined(dict.fromkeys(u.name for u in c.units if u.role == role))

    return TaskRow(
        number=number,
        commitment=c,
        document=index.documents.get(c.evidence.document),
        short_title=index.short_title(c.evidence.document),
        chapter=full_label(heading_of(chain)) or NONE,
        article=full_label(article_of(chain)) or NONE,
        place=index.place(c.evidence, c.provision) or NONE,
        lead=units("lead"),
        responsible=units("responsible"),
        support=units("support"),
        deadline=deadline_of(due, c.ongoing, language),
        deadline_text=due.evidence.quote if due else NONE,
        explanation=(due.explanation if due else "") or NONE,
        targets=joined((t.quote for t in c.targets), "；"),
        places=joined(dict.fromkeys(p.quote for p in c.places)),
        type=label(f"type.{c.type}", language),
        strength=label(f"strength.{c.strength}", language),
        domain=label(f"domain.{c.domain}", language) if c.domain else NONE,
        sentence=sentence.evidence.quote if sentence else c.evidence.quote,
    )


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link with the names of its two places."""

    link: LinkRow
    lower_title: str
    lower_place: str
    upper_title: str
    upper_place: str
    relation: str
    edits: str
    change: str
    direction: str


def edits_text(edits: Sequence[Edit]) -> str:
    """Word changes in one line: 东北→辽宁；＋新；－旧."""
    signs = {"replace": "{0}→{1}", "insert": "＋{1}", "delete": "－{0}"}
    return joined((signs[e.op].format(e.upper, e.lower) for e in edits), "；")


def link_line(index: Index, link: LinkRow, language: Language = "zh") -> LinkLine:
    """One link as people read it."""
    return LinkLine(
        link=link,
        lower_title=index.short_title(link.lower.document),
        lower_place=index.place(link.lower) or NONE,
        upper_title=index.short_title(link.upper.document),
        upper_place=index.place(link.upper) or NONE,
        relation=label(f"relation.{link.relation}", language),
        edits=edits_text(link.edits),
        change=label(f"change.{link.change}", language) if link.change else NONE,
        direction=label(f"direction.{link.direction}", language),
    )


def link_lines(index: Index, language: Language = "zh") -> list[LinkLine]:
    """All links by lower place, then upper place."""
    return [link_line(index, k, language) for k in sorted(index.records.links, key=index.link_key)]


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A requirement against one lower document, with the words that answer it."""

    row: CoverageRow
    upper_title: str
    place: str
    lower_title: str
    status: str
    answers: tuple[LinkRow, ...]
    by: str
    change: str
    lost: str
    near: str


def coverage_lines(index: Index, language: Language = "zh") -> list[CoverageLine]:
    """All coverage rows by requirement, then lower document."""
    rows = sorted(
        index.records.coverage,
        key=lambda v: (index.place_key(v.evidence), index.order.get(v.lower_document, 0), v.id),
    )
    return [_coverage(index, v, language) for v in rows]


def _changes(v: CoverageRow, answers: Iterable[LinkRow], language: Language) -> Iterable[str]:
    """How the wordings that carry a requirement on differ from it."""
    start, end = v.evidence.start, v.evidence.end
    for k in answers:
        over = k.upper.document == v.evidence.document and k.upper.start < end and start < k.upper.end
        if k.change and over:
            yield label(f"change.{k.change}", language)


def _coverage(index: Index, v: CoverageRow, language: Language) -> CoverageLine:
    answers = tuple(index.links[k] for k in v.by if k in index.links)
    by = [f"【{index.place(k.lower) or NONE}】{k.lower.quote}" for k in answers]
    near = [f"{n.evidence.quote}（{n.reason}）" if n.reason else n.evidence.quote for n in v.near]
    return CoverageLine(
        row=v,
        upper_title=index.short_title(v.evidence.document),
        place=index.place(v.evidence) or NONE,
        lower_title=index.short_title(v.lower_document),
        status=label(f"status.{v.status}", language),
        answers=answers,
        by=joined(dict.fromkeys(by), "\n"),
        change=joined(dict.fromkeys(_changes(v, answers, language))),
        lost=joined(v.lost),
        near=joined(dict.fromkeys(near), "\n"),
    )


@dataclass(frozen=True, slots=True)
class UnsourcedLine:
    """A task without a source above."""

    row: UnsourcedRow
    title: str
    place: str
    nearest: str
    nearest_place: str


def unsourced_lines(index: Index) -> list[UnsourcedLine]:
    """All unsourced tasks in document order."""
    out = []
    for u in sorted(index.records.unsourced, key=lambda u: (index.place_key(u.evidence), u.id)):
        near = u.nearest.upper if u.nearest else None
        out.append(
            UnsourcedLine(
                row=u,
                title=index.short_title(u.evidence.document),
                place=index.place(u.evidence) or NONE,
                nearest=near.quote if near else NONE,
                nearest_place=joined((index.short_title(near.document), index.place(near)), " ")
                if near
                else NONE,
            )
        )
    return out


def document_date(row: DocumentRow) -> str:
    """The document's own date, else when it was published."""
    return row.date or row.published or NONE
