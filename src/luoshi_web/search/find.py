"""Finding: matches of a query, limited to what an account may see, counted by facets, with their words."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luoshi.report.labels import label
from luoshi_web.library import selectors as library
from luoshi_web.library.models import Document
from luoshi_web.organisation.access import table, visible
from luoshi_web.organisation.models import Unit
from luoshi_web.register.selectors import VIEW as VIEW_COMMITMENT
from luoshi_web.search import engines, index
from luoshi_web.search.models import Entry, Kind
from luoshi_web.search.query import Query, parse, relaxed
from luoshi_web.search.snippets import Snippet, lines, snippet, whole
from luoshi_web.ui.templatetags.ui import level_name

TABS = {"provisions": Kind.PROVISION, "documents": Kind.DOCUMENT, "commitments": Kind.COMMITMENT}
FACETS = ("genre", "level", "year", "issuer", "owner")
MOST = 30
"""Values of a facet that a page shows."""
NONE = "-"
SIZE = 20


@dataclass(slots=True)
class Paper:
    """A document with hits: what facets and order need of it, and its hits by kind."""

    pk: int
    title: str
    number: str
    genre: str
    level: str
    date: str
    issuers: list[str]
    owner: int
    current: int | None
    hits: dict[int, int] = field(default_factory=dict)

    def values(self, facet: str) -> list[str]:
        """Its values of a facet."""
        if facet == "issuer":
            return self.issuers or [NONE]
        value = {"genre": self.genre, "level": self.level, "year": self.date[:4], "owner": str(self.owner)}[
            facet
        ]
        return [value or NONE]


@dataclass(slots=True)
class Hit:
    """One thing found, with its words lit."""

    kind: int
    paper: Paper
    snippet: Snippet
    entry: Entry | None = None
    title: Snippet = ()

    @property
    def place(self) -> str:
        """The address of the place, its words lit there."""
        if self.entry is None or self.entry.version_id is None:
            return reverse("library:document", args=[self.paper.pk])
        lit = [s for s in self.snippet if s.lit] if self.entry.kind == Kind.PROVISION else []
        start = lit[0].start if lit else self.entry.start
        told = ",".join(f"{s.start}-{s.start + len(s.text)}" for s in lit)
        return reverse("library:place", args=[self.entry.version_id, start]) + (
            f"?lit={told}" if told else ""
        )

    @property
    def provisions(self) -> int:
        """How many places of the document's text match."""
        return self.paper.hits.get(Kind.PROVISION, 0)

    @property
    def commitments(self) -> int:
        """How many commitments of the document match."""
        return self.paper.hits.get(Kind.COMMITMENT, 0)

    @property
    def commitment(self) -> int:
        """The number of the commitment that it is."""
        return self.entry.ordinal if self.entry else 0


@dataclass(slots=True)
class Found:
    """A page of what a query finds; ``whole`` is false while the index is being made anew."""

    query: Query
    tab: str
    totals: dict[str, int] = field(default_factory=dict)
    facets: list[dict[str, Any]] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    page: int = 1
    pages: int = 1
    taken_apart: bool = False
    whole: bool = True
    titles: list[Hit] = field(default_factory=list)
    milliseconds: int = 0

    @property
    def previous(self) -> int:
        """The number of the page before."""
        return self.page - 1

    @property
    def next(self) -> int:
        """The number of the page after."""
        return self.page + 1


def find(account: Any, told: Mapping[str, str], *, page: int = 1, size: int = SIZE) -> Found:
    """What the query string asks for: ``q``, ``tab``, ``sort`` and the facets."""
    since = time.perf_counter()
    tab = told.get("tab", "")
    out = Found(parse(told.get("q", "")), tab if tab in TABS else "provisions")
    if not out.query:
        return out
    out.whole = index.whole()
    papers = _papers(account, out.query)
    if not papers and (loose := relaxed(out.query)).wanted != out.query.wanted:
        papers = _papers(account, loose)
        if papers:
            out.query, out.taken_apart = loose, True
    chosen = {f: told.get(f, "").replace("\x00", "") for f in FACETS}
    kept = _filtered(papers, chosen)
    out.totals = {name: _total(kept, kind) for name, kind in TABS.items()}
    if tab not in TABS and not out.totals["provisions"]:
        out.tab = next((t for t in TABS if out.totals[t]), out.tab)
    kind = TABS[out.tab]
    out.facets = _facets(papers, chosen, kind)
    out.total = out.totals[out.tab]
    out.pages = max(1, -(-out.total // size))
    out.page = min(max(page, 1), out.pages)
    with_hits = [p for p in kept if kind == Kind.DOCUMENT or p.hits.get(kind)]
    ordered = _ordered(with_hits, kind, told.get("sort", ""))
    out.hits = _page(out.query, ordered, kind, (out.page - 1) * size, size)
    if kind != Kind.DOCUMENT and out.page == 1:
        titled = _ordered([p for p in kept if p.hits.get(Kind.DOCUMENT)], Kind.DOCUMENT, "")
        out.titles = _documents(out.query, titled[:3])
    out.milliseconds = round(1000 * (time.perf_counter() - since))
    return out


def _papers(account: Any, query: Query) -> list[Paper]:
    """The documents with hits that the account sees."""
    found = engines.counts(query)
    if not found:
        return []
    rows = library.documents(account).filter(withdrawn=False)
    ids = {d for d, _k in found}
    if len(ids) <= 500:
        rows = rows.filter(pk__in=ids)
    papers = {
        r[0]: Paper(*r)
        for r in rows.select_related(None).values_list(
            "pk", "title", "number", "kind", "level", "date", "issuers", "owner_id", "current_id"
        )
        if r[0] in ids
    }
    tasks = _task_documents(account, papers)
    for (pk, kind), n in found.items():
        if pk in papers and (kind != Kind.COMMITMENT or tasks is None or pk in tasks):
            papers[pk].hits[kind] = n
    return [p for p in papers.values() if p.hits]


def _task_documents(account: Any, papers: dict[int, Paper]) -> set[int] | None:
    """Those whose commitments the account may see; ``None``: all that it sees, by the same rule."""
    rules = table()
    a, b = rules[library.VIEW], rules[VIEW_COMMITMENT]
    if (a.reach, a.roles) == (b.reach, b.roles):
        return None
    rows = visible(Document.objects.filter(withdrawn=False), account, VIEW_COMMITMENT)
    return set(rows.values_list("pk", flat=True)) & set(papers)


def _filtered(papers: Iterable[Paper], chosen: dict[str, str], but: str = "") -> list[Paper]:
    asked = {f: v for f, v in chosen.items() if v and f != but}
    return [p for p in papers if all(v in p.values(f) for f, v in asked.items())]


def _total(papers: list[Paper], kind: int) -> int:
    return len(papers) if kind == Kind.DOCUMENT else sum(p.hits.get(kind, 0) for p in papers)


def _facets(papers: list[Paper], chosen: dict[str, str], kind: int) -> list[dict[str, Any]]:
    """Each facet with its commonest values, counted among what the other facets leave."""
    labels = {
        "genre": _("文种"), "level": _("层级"), "year": _("年份"), "issuer": _("发文机关"),
        "owner": _("归属"),
    }  # fmt: skip
    out = []
    for name in FACETS:
        counts: Counter[str] = Counter()
        for p in _filtered(papers, chosen, name):
            n = 1 if kind == Kind.DOCUMENT else p.hits.get(kind, 0)
            for value in p.values(name):
                counts[value] += n
        some = sorted(((v, n) for v, n in counts.items() if n), key=lambda x: (-x[1], x[0]))
        if name == "year":
            some.sort(key=lambda x: (x[0] == NONE, "" if x[0] == NONE else x[0]), reverse=True)
            some.sort(key=lambda x: x[0] == NONE)
        words = _names(name, [v for v, _n in some[:MOST]])
        values = [(v, words(v), n) for v, n in some[:MOST]]
        out.append({"name": name, "label": labels[name], "values": values, "chosen": chosen[name]})
    return out


def _names(facet: str, values: list[str]) -> Callable[[str], str]:
    """What a page calls the values."""
    if facet == "owner":
        units = {str(u.pk): str(u) for u in Unit.objects.filter(pk__in=[v for v in values if v.isdecimal()])}
        return lambda v: units.get(v, v)
    if facet == "level":
        return lambda v: level_name("" if v == NONE else v)
    if facet == "genre":
        return lambda v: (
            _("未写明")
            if v == NONE
            else label(f"kind.{v}", "en" if (get_language() or "").startswith("en") else "zh")
        )
    return lambda v: _("未写明") if v == NONE else v


def _ordered(papers: list[Paper], kind: int, sort: str) -> list[Paper]:
    """The latest first, or those with the most hits; among documents those first whose head matches."""
    papers = sorted(papers, key=lambda p: (p.date, p.pk), reverse=True)
    if sort == "hits":
        weigh = (lambda p: sum(p.hits.values())) if kind == Kind.DOCUMENT else (lambda p: p.hits.get(kind, 0))
        papers.sort(key=weigh, reverse=True)
    if kind == Kind.DOCUMENT:
        papers.sort(key=lambda p: not p.hits.get(Kind.DOCUMENT))
    return papers


def _page(query: Query, papers: list[Paper], kind: int, offset: int, size: int) -> list[Hit]:
    if kind == Kind.DOCUMENT:
        return _documents(query, papers[offset : offset + size])
    wanted: list[tuple[Paper, int]] = []
    for p in papers:
        if len(wanted) >= size:
            break
        n = p.hits[kind]
        if offset >= n:
            offset -= n
            continue
        wanted += [(p, pk) for pk in engines.hits(query, p.pk, kind, offset, size - len(wanted))]
        offset = 0
    entries = Entry.objects.in_bulk([pk for _p, pk in wanted])
    said = index.texts(entries.values())
    out = []
    for p, pk in wanted:
        if (entry := entries.get(pk)) is None:
            continue
        text = said.get(pk, "")
        lit = snippet(text, query, entry.start) if kind == Kind.PROVISION else lines(text, query)
        out.append(Hit(kind, p, lit, entry))
    return out


def _documents(query: Query, papers: list[Paper]) -> list[Hit]:
    """Documents with their titles lit where they match, and the first words of the text that do."""
    out = []
    for p in papers:
        title = whole(p.title, query)
        first = engines.hits(query, p.pk, Kind.PROVISION, 0, 1) if p.hits.get(Kind.PROVISION) else []
        entry = Entry.objects.filter(pk__in=first).first()
        lit = snippet(index.texts([entry])[entry.pk], query, entry.start) if entry else ()
        out.append(Hit(Kind.DOCUMENT, p, lit, entry, title))
    return out
