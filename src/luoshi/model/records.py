"""The rows of the output: one frozen class per file of `docs/reference/records.md`.

A row that stands for a place in a text has an ``evidence``; :func:`to_row` writes it flat. Spans count
Unicode code points, ends are exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Literal

from luoshi.model.mapped import Box

Role = Literal["lead", "responsible", "support"]
SentenceKind = Literal["action", "goal", "context", "principle", "heading"]
ProvisionKind = Literal["part", "chapter", "section", "article", "paragraph", "item"]
DateKind = Literal["deadline", "period", "start", "validity", "past", "recurring", "relative", "event"]
EntityType = Literal["PLACE", "ORG", "PROJECT", "PROGRAM", "QUANTITY", "DATE", "TERM", "DOC"]
Relation = Literal["verbatim", "adapted", "specified"]
Direction = Literal["down", "level", "up", "unknown"]
Change = Literal["narrowed", "widened", "lower-target", "higher-target", "softer", "firmer"]
Status = Literal["carried", "partly", "absent"]
ElementName = Literal[
    "copy-number", "secrecy", "secrecy-term", "urgency", "mark", "number", "signer", "title", "addressees",
    "body", "attachment", "signature", "date", "seal", "note", "copy-to", "printing-body", "printing-date",
]  # fmt: skip
Strength = Literal[1, 2, 3, 4, 5, 6, 7]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a document's clean text (W3C Web Annotation: TextQuote and TextPosition selector).

    ``quote`` is exactly the clean text from ``start`` to ``end``; ``prefix`` and ``suffix`` are up to 32
    characters around it; ``source_span`` is the place in the decoded source, ``boxes`` on its pages.
    """

    document: str
    start: int
    end: int
    quote: str
    prefix: str = ""
    suffix: str = ""
    source_span: tuple[int, int] | None = None
    boxes: tuple[Box, ...] | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A document named in the text, with its number where one stands beside it."""

    title: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document; a compilation yields several. Field meanings: docs/reference/records.md."""

    id: str
    source: str
    work: str
    title: str
    kind: str
    text_status: str
    issuers: tuple[str, ...] = ()
    branch: str = "other"
    level: str | None = None
    region: str | None = None
    number: str | None = None
    date: str | None = None
    date_basis: str | None = None
    published: str | None = None
    effective: str | None = None
    expires: str | None = None
    secrecy: str | None = None
    cites: tuple[Citation, ...] = ()
    characters: int = 0


@dataclass(frozen=True, slots=True)
class ElementRow:
    """An element of an official document's format (GB/T 9704), where the document is set as one.

    ``value``: what the place says in plain form: the number with 〔〕, an ISO date, a body's name, the title
    of an attachment without its ordinal; empty for the body.
    """

    id: str
    evidence: Evidence
    element: ElementName
    value: str


@dataclass(frozen=True, slots=True)
class ProvisionRow:
    """A node of the outline. ``evidence`` spans the whole node with its children."""

    id: str
    evidence: Evidence
    parent: str | None
    depth: int
    kind: ProvisionKind
    label: str
    title: str
    eid: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence of the clean text; headings and titles are sentences too."""

    id: str
    evidence: Evidence
    provision: str | None
    kind: SentenceKind = "context"
    commitments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """Source text that belongs to no sentence. ``quote`` is source text, not clean text."""

    id: str
    document: str | None
    source: str
    reason: str
    quote: str
    source_span: tuple[int, int] | None = None
    boxes: tuple[Box, ...] | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A body with its part in a commitment; ``code`` is the GB/T 2260 code of its region, where known."""

    name: str
    role: Role
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A number to be reached.

    ``comparison``: ``=``, ``>=``, ``<=``, ``>``, ``<``, ``about``, ``+`` (grow by), ``-`` (fall by),
    ``x`` (times); ``value`` a plain number (亿 and 万 multiplied out), ``unit`` the rest (亿元 → 元, 家, %).
    """

    quote: str
    indicator: str
    comparison: str
    value: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a commitment, with its GB/T 2260 code where it has one."""

    quote: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """One action that somebody can be made responsible for, or one goal with a number.

    ``strength``: 1 explore or encourage, 2 support, 3 do, 4 do with force, 5 must; raised by one each by a
    number and by a deadline. ``deadline`` is the id of a row of ``dates``.
    """

    id: str
    evidence: Evidence
    type: Literal["action", "goal"]
    provision: str | None
    sentence: str | None
    modifiers: tuple[str, ...] = ()
    verb: str = ""
    object: str = ""
    actor: str | None = None
    units: tuple[Unit, ...] = ()
    deadline: str | None = None
    ongoing: bool = False
    targets: tuple[Target, ...] = ()
    places: tuple[Place, ...] = ()
    strength: int = 3
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class EntityRow:
    """A mention of a named thing."""

    id: str
    evidence: Evidence
    type: EntityType
    canonical: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class DateRow:
    """A time expression, resolved. ``to`` is inclusive; ``from_`` is written as ``from``."""

    id: str
    evidence: Evidence
    kind: DateKind
    from_: str | None = None
    to: str | None = None
    anchor: str | None = None
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class TermRow:
    """A numeral abbreviation or slogan in one sense; evidence of its definition (else first use).

    ``count``: how often it is used in this sense in the whole set.
    """

    id: str
    evidence: Evidence
    term: str
    sense: str
    count: int | None
    members: tuple[str, ...] = ()
    uses: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of wording between upper and lower text."""

    op: Literal["replace", "insert", "delete"]
    upper: str
    lower: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A lower sentence carries on an upper sentence. ``stock``: share that is stock phrase, 0 to 1."""

    id: str
    lower: Evidence
    upper: Evidence
    relation: Relation
    score: float
    rank: int = 1
    edits: tuple[Edit, ...] = ()
    change: Change | None = None
    stock: float = 0.0
    direction: Direction = "unknown"
    direction_basis: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """A place that shares words with a requirement but is no answer to it."""

    evidence: Evidence
    reason: str
    shared: tuple[str, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A requirement of an upper document against one lower document."""

    id: str
    evidence: Evidence
    lower_document: str
    status: Status
    by: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class UnsourcedRow:
    """A lower commitment that no upper document explains; ``nearest``: the best link below the threshold."""

    id: str
    evidence: Evidence
    commitment: str
    nearest: LinkRow | None = None


@dataclass(frozen=True, slots=True)
class SourceShareRow:
    """How much of a document's wording another document explains, in characters of clean text."""

    id: str
    lower_document: str
    upper_document: str
    characters: int
    unique_characters: int
    share: float


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A row of ``problems``."""

    id: str
    source: str
    page: int | None
    severity: Literal["error", "warning", "info"]
    code: str
    message: str
    hint: str


@dataclass(slots=True)
class Records:
    """All rows of an output folder, one list per file, in writing order."""

    documents: list[DocumentRow] = field(default_factory=list)
    elements: list[ElementRow] = field(default_factory=list)
    provisions: list[ProvisionRow] = field(default_factory=list)
    sentences: list[SentenceRow] = field(default_factory=list)
    dropped: list[DroppedRow] = field(default_factory=list)
    commitments: list[CommitmentRow] = field(default_factory=list)
    entities: list[EntityRow] = field(default_factory=list)
    dates: list[DateRow] = field(default_factory=list)
    terms: list[TermRow] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)
    coverage: list[CoverageRow] = field(default_factory=list)
    unsourced: list[UnsourcedRow] = field(default_factory=list)
    sources: list[SourceShareRow] = field(default_factory=list)
    problems: list[ProblemRow] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    TABLES = (
        "documents", "elements", "provisions", "sentences", "dropped", "commitments", "entities", "dates",
        "terms", "links", "coverage", "unsourced", "sources", "problems",
    )  # fmt: skip


_ATOMS = frozenset([str, int, float, bool, type(None)])


@cache
def _keys(kind: type) -> tuple[tuple[str, str], ...]:
    """The fields of a record with their names in JSON."""
    return tuple((f.name, f.name.rstrip("_")) for f in fields(kind))


def to_row(value: Any) -> Any:
    """A record as plain JSON values; the top level's ``evidence`` is written flat.

    Tuples become lists, ``from_`` becomes ``from``; nested evidence (a link's two ends) stays an object.
    """
    kind: type = type(value)
    row: dict[str, Any] = {}
    for name, key in _keys(kind):
        item = getattr(value, name)
        if type(item) in _ATOMS:
            row[key] = item
        elif name == "evidence" and type(item) is Evidence:
            row.update(_plain(item))
        else:
            row[key] = _plain(item)
    return row


def _plain(value: Any) -> Any:
    kind: type = type(value)
    if kind in _ATOMS:
        return value
    if kind is tuple or kind is list:
        return [v if type(v) in _ATOMS else _plain(v) for v in value]
    if kind is Near:
        return to_row(value)
    if hasattr(value, "__dataclass_fields__"):
        return {key: _plain(getattr(value, name)) for name, key in _keys(kind)}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value
