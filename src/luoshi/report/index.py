"""Look-ups over :class:`~luoshi.model.Records` that all outputs share."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict

from luoshi.model import CommitmentRow, Evidence, LinkRow, ProvisionRow, Records
from luoshi.report.labels import Language, label

_CLOSING = "、.．。,，:： 　\t"


class Index:
    """Rows by id, provisions by place, commitments and links in document order.

    Rows that point at something the records lack (a document left out by the caller, say) are kept and
    shown without it.
    """

    def __init__(self, records: Records, language: Language = "zh") -> None:
        self.records = records
        self.language = language
        self._ends: dict[str, list[int]] = {}
        self._short: dict[str, str] | None = None
        self.documents = {d.id: d for d in records.documents}
        self.order = {d.id: n for n, d in enumerate(records.documents)}
        self.provisions = {p.id: p for p in records.provisions}
        self.dates = {d.id: d for d in records.dates}
        self.links = {k.id: k for k in records.links}
        self.sentences = {s.id: s for s in records.sentences}
        self.commitments: list[CommitmentRow] = sorted(
            records.commitments, key=lambda c: self.place_key(c.evidence)
        )
        self._nodes: dict[str, list[ProvisionRow]] = defaultdict(list)
        for p in records.provisions:
            self._nodes[p.evidence.document].append(p)
        for rows in self._nodes.values():
            rows.sort(key=lambda p: (p.evidence.start, -p.evidence.end, p.depth))
        self._starts = {k: [p.evidence.start for p in rows] for k, rows in self._nodes.items()}

    def place_key(self, evidence: Evidence) -> tuple[int, str, int, int]:
        """Sort key: order of the documents, then place in the text."""
        return (
            self.order.get(evidence.document, len(self.order)),
            evidence.document,
            evidence.start,
            evidence.end,
        )

    def link_key(self, link: LinkRow) -> tuple[tuple[int, str, int, int], tuple[int, str, int, int], str]:
        """Sort key of a link: its lower place, then its upper place."""
        return (self.place_key(link.lower), self.place_key(link.upper), link.id)

    def innermost(self, evidence: Evidence) -> ProvisionRow | None:
        """The innermost provision that holds the beginning of a span."""
        rows = self._nodes.get(evidence.document, [])
        node = None
        at = bisect_right(self._starts.get(evidence.document, []), evidence.start) - 1
        if at >= 0:
            node = rows[at]
        while node is not None and node.evidence.end <= evidence.start:
            node = (
                self.provisions.get(node.parent) if node.parent else self._before(rows, node, evidence.start)
            )
        return node

    @staticmethod
    def _before(rows: list[ProvisionRow], node: ProvisionRow, start: int) -> ProvisionRow | None:
        """For nodes without a parent: an earlier node that still spans the place (outlines with gaps)."""
        held = [p for p in rows if p.evidence.start <= start < p.evidence.end and p.id != node.id]
        return held[-1] if held else None

    def chain(self, evidence: Evidence, provision: str | None = None) -> list[ProvisionRow]:
        """The provisions around a place, outermost first."""
        node = self.provisions.get(provision) if provision else self.innermost(evidence)
        out: list[ProvisionRow] = []
        while node is not None and node not in out:
            out.append(node)
            node = self.provisions.get(node.parent) if node.parent else None
        return out[::-1]

    def short_title(self, document: str) -> str:
        """A title that fits a cell: its first line or part, clipped, with the ordinal where two agree."""
        if self._short is None:
            names = {d.id: _brief(d.title or d.id) for d in self.records.documents}
            count = Counter(names.values())
            self._short = {
                d: name if count[name] == 1 else f"{name}（{self.order[d] + 1}）" for d, name in names.items()
            }
        return self._short.get(document, document)

    def title(self, document: str) -> str:
        """A document's title, its id where it is unknown."""
        row = self.documents.get(document)
        return row.title if row and row.title else document

    def place(self, evidence: Evidence, provision: str | None = None) -> str:
        """Short name of a place within its document: labels as written (第一章 1), else the
        paragraph's ordinal.

        Empty where the document's text is unknown.
        """
        labels = " ".join(x for x in map(short_label, self.chain(evidence, provision)) if x)
        return labels or self._paragraph(evidence)

    def _paragraph(self, evidence: Evidence) -> str:
        text = self.records.texts.get(evidence.document)
        if text is None:
            return ""
        ends = self._ends.get(evidence.document)
        if ends is None:
            ends = self._ends[evidence.document] = [i for i, c in enumerate(text) if c == "\n"]
        return label("ui.paragraph", self.language, n=bisect_left(ends, evidence.start) + 1)


def _brief(title: str) -> str:
    first = title.split()[0] if title.split() else title
    if len(first) < SHORT // 3:
        first = title
    return first if len(first) <= SHORT else first[: SHORT - 1] + "…"


SHORT = 24
"""Characters of a title in a cell."""

HEADINGS = frozenset({"part", "chapter", "section"})
"""Kinds of provisions that group others in the task table."""


def named(provision: ProvisionRow) -> bool:
    """Whether a provision can be called by its label or title; a mere bullet (■, ——) cannot."""
    return any(c.isalnum() for c in provision.label) or bool(provision.title.strip())


def heading_of(chain: list[ProvisionRow]) -> ProvisionRow | None:
    """The outermost chapter or section around a place."""
    return next((p for p in chain if p.kind in HEADINGS and named(p)), None)


def article_of(chain: list[ProvisionRow]) -> ProvisionRow | None:
    """The innermost provision around a place that can be named, unless that is its chapter."""
    head = heading_of(chain)
    return next((p for p in reversed(chain) if named(p) and p is not head), None)


def short_label(provision: ProvisionRow) -> str:
    """The label without its closing mark; the first characters of the title where the label is none or a
    bullet."""
    label = provision.label.strip(_CLOSING)
    if any(c.isalnum() for c in label):
        # A lone 一 looks like the dash that stands for nothing.
        return provision.label.strip() if label == "一" else label
    title = provision.title.strip()
    return title if len(title) <= 14 else title[:13] + "…"


def full_label(provision: ProvisionRow | None) -> str:
    """Label and title as a heading reads (第一章 总则, 一、总则, 1.总则); empty for none."""
    if provision is None:
        return ""
    label, title = provision.label.strip(), provision.title.strip()
    if not any(c.isalnum() for c in label):
        return title
    if label and title:
        return f"{label}{' ' if label[-1] not in '、.．）)—' else ''}{title}"
    return label
