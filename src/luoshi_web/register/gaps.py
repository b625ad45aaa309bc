"""The coverage table (逐条对照表): requirements of one document against all those below it, and the gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from luoshi_web.library.models import Comparison, Coverage, Document
from luoshi_web.library.selectors import VIEW
from luoshi_web.organisation.access import visible
from luoshi_web.register import ties
from luoshi_web.register.disposing import GAPS
from luoshi_web.register.models import GapDisposition, JudgedLink, LinkVerdict

STATUS = ("carried", "partly", "absent")
LEVELS = ("central", "province", "city", "county", "township")


@dataclass(slots=True)
class Cell:
    """A requirement against one lower document.

    ``status`` as the machine found it, or as people's judgements of links make it (then ``judged``): a link
    drawn or confirmed by a person over a requirement carries it, a requirement whose links were all rejected
    is not answered.
    """

    pk: int
    key: str
    comparison: int
    status: str
    provisional: bool
    judged: bool = False
    disposition: GapDisposition | None = None

    @property
    def gap(self) -> bool:
        """Whether something is to be said about it."""
        return self.status in GAPS


@dataclass(slots=True)
class Requirement:
    """A row: what the upper document asks for; ``cells`` by comparison."""

    start: int
    end: int
    quote: str
    label: str
    chapter: int
    cells: dict[int, Cell] = field(default_factory=dict)


@dataclass(slots=True)
class Matrix:
    """The coverage table of one upper document."""

    upper: Document
    columns: list[Comparison]
    rows: list[Requirement]
    outline: ties.Outline

    def counts(self) -> list[dict[str, Any]]:
        """For each lower document how many requirements stand how, and how many gaps wait."""
        none = dict.fromkeys((*STATUS, "waiting"), 0)
        out: dict[int, dict[str, Any]] = {c.pk: {"pair": c, **none} for c in self.columns}
        for r in self.rows:
            for pk, cell in r.cells.items():
                out[pk][cell.status] += 1
                out[pk]["waiting"] += cell.gap and cell.disposition is None
        return list(out.values())


def below(account: Any, upper: Document) -> QuerySet[Comparison]:
    """The comparisons of a document with those below it that were asked for its coverage."""
    rows = ties.comparisons(account).filter(upper=upper.current_id)
    rows = rows.filter(Exists(Coverage.objects.filter(comparison=OuterRef("pk"))))
    return rows.order_by("lower__document__date", "pk")


def uppers(account: Any) -> list[Document]:
    """The documents that have a coverage table, from the highest level down."""
    rows = Coverage.objects.filter(
        comparison__upper=OuterRef("current"), comparison__lower=F("comparison__lower__document__current")
    )
    rows = visible(
        rows, account, VIEW, unit="comparison__lower__document__owner",
        audience="comparison__lower__document__audience",
    )  # fmt: skip
    seen: QuerySet[Document] = visible(Document.objects.filter(withdrawn=False), account, VIEW)
    found = seen.filter(Exists(rows)).select_related("current").order_by("-date", "pk")
    return sorted(found, key=lambda d: _rank(d.level))


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def matrix(account: Any, upper: Document, only: int | None = None) -> Matrix:
    """The table of a document; of one lower document only where asked."""
    assert upper.current is not None
    columns = sorted(below(account, upper), key=lambda c: _rank(c.lower.document.level))
    if only is not None:
        columns = [c for c in columns if c.lower.document_id == only]
    lower_of = {c.pk: c.lower.document_id for c in columns}
    outline = ties.Outline(upper.current)
    text = upper.current.text
    said = ties.dispositions(upper.current)
    rows: dict[tuple[int, int], Requirement] = {}
    found = Coverage.objects.filter(comparison__in=lower_of).order_by("start", "end", "pk")
    for pk, key, pair, start, end, status, provisional in found.values_list(
        "pk", "key", "comparison", "start", "end", "status", "provisional"
    ):
        row = rows.get((start, end))
        if row is None:
            row = rows[start, end] = Requirement(
                start, end, text[start:end], outline.label(start), outline.chapter(start)
            )
        row.cells[pair] = Cell(
            pk, key, pair, status, provisional, False, said.get((lower_of[pair], start, end))
        )
    _judged(columns, list(rows.values()))
    return Matrix(upper, columns, list(rows.values()), outline)


def _judged(columns: Sequence[Comparison], rows: Sequence[Requirement]) -> None:
    """Lets people's judgements of links count."""
    for c in columns:
        some = list(
            JudgedLink.objects.filter(upper_version=c.upper_id, lower_version=c.lower_id)
            .exclude(verdict=LinkVerdict.OPEN)
            .values_list("key", "verdict", "upper_start", "upper_end")
        )
        if not some:
            continue
        confirmed = sorted((a, b) for _k, v, a, b in some if v == LinkVerdict.CONFIRMED)
        rejected = {k for k, v, _a, _b in some if v == LinkVerdict.REJECTED}
        by = dict(Coverage.objects.filter(comparison=c).values_list("pk", "by")) if rejected else {}
        for r in rows:
            cell = r.cells.get(c.pk)
            if cell is None:
                continue
            if cell.status == "absent" and covers(confirmed, r.start, r.end):
                cell.status, cell.judged = "carried", True
            elif cell.status != "absent" and by.get(cell.pk) and rejected.issuperset(by[cell.pk]):
                still = covers(confirmed, r.start, r.end)
                cell.status, cell.judged = ("carried" if still else "absent"), True


def covers(links: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of the links takes up at least half of a place."""
    return any(2 * (min(b, end) - max(a, start)) >= end - start for a, b in links)


@dataclass(slots=True)
class Gap:
    """A line of the gap list."""

    requirement: Requirement
    pair: Comparison
    cell: Cell
    lost: list[str] = field(default_factory=list)
    near: list[Any] = field(default_factory=list)


def gaps(table: Matrix, told: Any) -> list[Gap]:
    """The gaps of a table that a query string asks for, in the order of the upper document."""
    by_pk = {c.pk: c for c in table.columns}
    out = []
    for r in table.rows:
        for pk, cell in r.cells.items():
            if cell.gap and _asked(r, cell, told):
                out.append(Gap(r, by_pk[pk], cell))
    return out


def _asked(r: Requirement, cell: Cell, told: Any) -> bool:
    said = str(told.get("said", ""))
    known = cell.disposition.disposition if cell.disposition else ""
    return (
        (not (word := str(told.get("q", "")).strip()) or word in r.quote)
        and (not (status := told.get("status", "")) or cell.status == status)
        and (not (chapter := told.get("chapter", "")) or str(r.chapter) == chapter)
        and (
            said == "" or (said == "any" and known != "") or (said == "none" and known == "") or said == known
        )
    )


def waiting(account: Any, permission: str) -> dict[int, tuple[str, int]]:
    """Gaps of which nobody said why, by upper document: its title and how many, as the gap list counts them.

    :param permission: asked on the lower document's unit.
    """
    mine = visible(ties.comparisons(account), account, permission, unit="lower__document__owner")
    pairs = {c.pk: c for c in mine.order_by()}
    said = GapDisposition.objects.filter(
        upper_version=OuterRef("comparison__upper"), withdrawn=False, state="valid", start=OuterRef("start"),
        lower_document=OuterRef("comparison__lower__document"), end=OuterRef("end"),
    )  # fmt: skip
    rows = Coverage.objects.filter(
        ~Exists(said), status__in=GAPS, comparison__in=mine.order_by().values("pk")
    )
    counts = dict(rows.order_by().values_list("comparison").annotate(n=Count("pk")))
    judged = JudgedLink.objects.exclude(verdict=LinkVerdict.OPEN)
    touched = set(judged.values_list("upper_version", "lower_version").distinct())
    out: dict[int, tuple[str, int]] = {}
    for pk, c in pairs.items():
        n = counts.get(pk, 0)
        if (c.upper_id, c.lower_id) in touched:
            found = matrix(account, c.upper.document, c.lower.document_id).counts()
            n = sum(x["waiting"] for x in found)
        if n:
            upper = c.upper.document
            out[upper.pk] = (upper.title, out.get(upper.pk, ("", 0))[1] + n)
    return out


def fill(some: Iterable[Gap]) -> list[Gap]:
    """Adds what is lost and what comes near, for the lines that are shown."""
    rows = list(some)
    told = {
        pk: (lost, near)
        for pk, lost, near in Coverage.objects.filter(pk__in=[g.cell.pk for g in rows]).values_list(
            "pk", "lost", "near"
        )
    }
    for g in rows:
        g.lost, g.near = told.get(g.cell.pk, ([], []))
    return rows


def earlier(pair: Comparison, start: int, end: int) -> GapDisposition | None:
    """What was said of the requirement's former words, where a new version changed them."""
    rows = GapDisposition.objects.filter(
        checked=pair.upper_id, lower_document=pair.lower.document_id, withdrawn=False,
        found_start__lt=end, found_end__gt=start,
    )  # fmt: skip
    return rows.exclude(state="valid").select_related("by").first()
