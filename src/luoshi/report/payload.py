"""The records as the report's script wants them: compact, each text once, offsets in UTF-16 units.

Evidence becomes ``[document, start, end]`` (``document`` an ordinal); a fourth field is the quote where it is
not the text at that span. Keys are spelled out once, in :data:`FIELDS`, and the script rebuilds the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from luoshi.model import Evidence, LinkRow, ProblemRow, Records
from luoshi.report.accounting import FileAccount, accounts
from luoshi.report.index import Index, article_of, full_label, heading_of
from luoshi.report.labels import all_labels
from luoshi.report.tables import TaskRow, task_rows
from luoshi.text.messages import chinese

QUOTE_LIMIT = 240
"""Characters of left-out text shown in the report; all of it stands in ``dropped.jsonl``."""

FIELDS = {
    "provisions": "id at parent depth kind label title speaker",
    "sentences": "at kind provision source",
    "tasks": "id at provision sentence chapter article modifiers verb object actor units due ongoing targets "
    "places type strength domain",
    "dates": "at kind from to explanation",
    "entities": "at type canonical code",
    "terms": "id at term sense count members uses",
    "links": "id lower upper relation score rank edits change stock direction basis",
    "coverage": "id at lower status by lost near provisional",
    "unsourced": "task nearest score",
    "sources": "lower upper characters unique share",
    "problems": "source page severity code message hint said advice",
    "files": "source total kept dropped holes paged",
    "dropped": "file document reason quote length source",
}


def payload(records: Records) -> dict[str, Any]:
    """Everything that the report shows."""
    return _Packer(records).pack()


class _Packer:
    def __init__(self, records: Records) -> None:
        self.records = records
        self.index = Index(records)
        self.number = self.index.order
        self.texts = [records.texts.get(d.id, "") for d in records.documents]
        self.units = [utf16_offsets(text) for text in self.texts]

    def at(self, e: Evidence) -> list[Any]:
        n = self.number.get(e.document)
        if n is None:
            return [-1, 0, 0, e.quote]
        place = self.units[n]
        fits = self.texts[n][e.start : e.end] == e.quote
        return [n, place(e.start), place(e.end)] if fits else [n, place(e.start), place(e.end), e.quote]

    def pack(self) -> dict[str, Any]:
        r = self.records
        books = accounts(r)
        return {
            "labels": all_labels(),
            "fields": {name: text.split() for name, text in FIELDS.items()},
            "documents": [self._document(n) for n in range(len(r.documents))],
            "texts": self.texts,
            **self._structure(),
            **self._tasks(),
            **self._relations(),
            "problems": [_problem(p) for p in r.problems],
            **self._accounts(books),
        }

    def _document(self, n: int) -> dict[str, Any]:
        d = self.records.documents[n]
        return {
            "id": d.id,
            "source": d.source,
            "title": d.title or d.id,
            "short": self.index.short_title(d.id),
            "kind": d.kind,
            "text": d.text_status,
            "issuers": d.issuers,
            "level": d.level,
            "number": d.number,
            "date": d.date,
            "published": d.published,
            "basis": d.date_basis,
            "effective": d.effective,
            "expires": d.expires,
            "secrecy": d.secrecy,
            "cites": [[c.title, c.number] for c in d.cites],
            "characters": d.characters,
            "region": d.region,
        }

    def _structure(self) -> dict[str, Any]:
        rows = self.records.provisions
        ordinal = {p.id: n for n, p in enumerate(rows)}
        self.provision = ordinal
        self.sentence = {s.id: n for n, s in enumerate(self.records.sentences)}
        provisions = [
            [
                p.id,
                self.at(p.evidence),
                ordinal.get(p.parent or ""),
                p.depth,
                p.kind,
                p.label,
                p.title,
                p.speaker,
            ]
            for p in rows
        ]
        sentences = [
            [self.at(s.evidence), s.kind, ordinal.get(s.provision or ""), s.evidence.source_span]
            for s in self.records.sentences
        ]
        return {"provisions": provisions, "sentences": sentences}

    def _tasks(self) -> dict[str, Any]:
        dates = {d.id: n for n, d in enumerate(self.records.dates)}
        tasks = task_rows(self.index)
        self.task = {t.commitment.id: n for n, t in enumerate(tasks)}
        return {
            "tasks": [self._task(t, dates) for t in tasks],
            "dates": [
                [self.at(d.evidence), d.kind, d.from_, d.to, d.explanation] for d in self.records.dates
            ],
            "entities": [[self.at(e.evidence), e.type, e.canonical, e.code] for e in self.records.entities],
            "terms": [
                [t.id, self.at(t.evidence), t.term, t.sense, t.count, t.members, [self.at(u) for u in t.uses]]
                for t in self.records.terms
            ],
        }

    def _task(self, t: TaskRow, dates: dict[str, int]) -> list[Any]:
        c = t.commitment
        chain = self.index.chain(c.evidence, c.provision)
        return [
            c.id,
            self.at(c.evidence),
            self.provision.get(c.provision or ""),
            self.sentence.get(c.sentence or ""),
            full_label(heading_of(chain)),
            full_label(article_of(chain)),
            c.modifiers,
            c.verb,
            c.object,
            c.actor,
            [[u.name, u.role, u.code] for u in c.units],
            dates.get(c.deadline) if c.deadline else None,
            c.ongoing,
            [x.quote for x in c.targets],
            [[p.quote, p.code] for p in c.places],
            c.type,
            c.strength,
            c.domain,
        ]

    def _link(self, k: LinkRow) -> list[Any]:
        return [
            k.id,
            self.at(k.lower),
            self.at(k.upper),
            k.relation,
            round(k.score, 3),
            k.rank,
            [[e.op, e.upper, e.lower] for e in k.edits],
            k.change,
            round(k.stock, 3),
            k.direction,
            k.direction_basis,
        ]

    def _relations(self) -> dict[str, Any]:
        r = self.records
        links = sorted(r.links, key=self.index.link_key)
        ordinal = {k.id: n for n, k in enumerate(links)}
        coverage = sorted(
            r.coverage,
            key=lambda v: (self.index.place_key(v.evidence), self.number.get(v.lower_document, -1), v.id),
        )
        unsourced = sorted(r.unsourced, key=lambda u: (self.index.place_key(u.evidence), u.id))
        return {
            "links": [self._link(k) for k in links],
            "coverage": [
                [
                    v.id,
                    self.at(v.evidence),
                    self.number.get(v.lower_document, -1),
                    v.status,
                    [ordinal[k] for k in v.by if k in ordinal],
                    v.lost,
                    [[self.at(n.evidence), n.reason, n.shared] for n in v.near],
                    v.provisional,
                ]
                for v in coverage
            ],
            "unsourced": [
                [
                    self.task[u.commitment],
                    self.at(u.nearest.upper) if u.nearest else None,
                    round(u.nearest.score, 3) if u.nearest else None,
                ]
                for u in unsourced
                if u.commitment in self.task
            ],
            "sources": [
                [
                    self.number.get(s.lower_document, -1),
                    self.number.get(s.upper_document, -1),
                    s.characters,
                    s.unique_characters,
                    round(s.share, 4),
                ]
                for s in r.sources
            ],
        }

    def _accounts(self, books: list[FileAccount]) -> dict[str, Any]:
        dropped = []
        for n, book in enumerate(books):
            for x in book.left_out:
                length = x.source_span[1] - x.source_span[0] if x.source_span else len(x.quote)
                short = x.quote if len(x.quote) <= QUOTE_LIMIT else x.quote[:QUOTE_LIMIT] + "…"
                document = self.number.get(x.document or "")
                dropped.append([n, document, x.reason, short, length, x.source_span])
        files = [[b.source, b.total, b.kept, b.dropped, b.holes, b.paged] for b in books]
        return {"files": files, "dropped": dropped}


def utf16_offsets(text: str) -> Callable[[int], int]:
    """Code-point offset → offset in UTF-16 units, as a browser counts, for one text."""
    if not text or max(text) <= "\uffff":
        return lambda n: n
    widths = np.fromiter((2 if ord(c) > 0xFFFF else 1 for c in text), dtype=np.int64, count=len(text))
    sums = np.concatenate([[0], np.cumsum(widths)])
    return lambda n: int(sums[min(n, len(text))])


def _problem(p: ProblemRow) -> list[Any]:
    """A problem in English and in Chinese."""
    return [p.source, p.page, p.severity, p.code, p.message, p.hint, chinese(p.message), chinese(p.hint)]
