"""Tables in the terminal: lineage and coverage of a comparison, one record with its evidence in context."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from luoshi.model import (
    CommitmentRow,
    CoverageRow,
    DocumentRow,
    Evidence,
    LinkRow,
    Records,
    UnsourcedRow,
    to_row,
)
from luoshi.report.files import printable
from luoshi.report.index import Index
from luoshi.report.labels import NONE, Language, label
from luoshi.report.tables import coverage_lines, document_date, link_line, link_lines, task_rows

SIGNS = {"carried": "●", "partly": "◐", "absent": "○", "verbatim": "＝", "adapted": "≈", "specified": "↳"}
ACCENT = "cyan"
AROUND = 60
"""Characters of context on each side of a quote that stands in no known sentence."""

_WIDTH = 120


def compare(records: Records, *, console: Console | None = None, language: Language = "zh") -> None:
    """Print the links and the coverage in ``records`` as tables."""
    _console(console).print(comparison(records, language))


def show(
    records: Records, table: str, row: Any, *, console: Console | None = None, language: Language = "zh"
) -> None:
    """Print one row of ``table`` with its evidence in its context and what hangs on it."""
    _console(console).print(record(records, table, row, language))


def comparison(records: Records, language: Language = "zh") -> RenderableType:
    """The tables of :func:`compare`: summary, lineage, coverage."""
    index = Index(records, language)
    if not records.documents:
        return Text(label("terminal.nodocuments", language))
    return Group(
        _summary(index, language), Text(), _lineage(index, language), Text(), _coverage(index, language)
    )


def record(records: Records, table: str, row: Any, language: Language = "zh") -> RenderableType:
    """What :func:`show` prints."""
    index = Index(records, language)
    head = f"{label(f'table.{table}', language)} {getattr(row, 'id', '')}".strip()
    parts: list[RenderableType] = [Text(head, style=f"bold {ACCENT}")]
    if isinstance(row, DocumentRow):
        parts += _document(index, row, language)
    elif isinstance(row, LinkRow):
        parts += _link(index, row, language)
    elif isinstance(getattr(row, "evidence", None), Evidence):
        parts += _place(index, row.evidence, language)
    parts += [Text(f"\n{label('terminal.record', language)}", style="dim"), _fields(row)]
    parts += _related(index, row, language)
    return Group(*parts)


def _console(console: Console | None) -> Console:
    if console is not None:
        return console
    made = Console(highlight=False)
    return made if made.is_terminal else Console(highlight=False, width=_WIDTH)


def _grid(title: str, heads: Iterable[tuple[str, int]], language: Language) -> Table:
    """An empty table; of each column the heading's key and its share of the width, 0: never wrapped."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for key, share in heads:
        name = label(f"col.{key}", language)
        if share:
            table.add_column(name, overflow="fold", ratio=share, header_style=ACCENT)
        else:
            table.add_column(name, no_wrap=True, header_style=ACCENT)
    table.expand = True
    return table


def _summary(index: Index, language: Language) -> RenderableType:
    records = index.records
    lines = [
        Text.assemble(
            (f"{n} ", "dim"), (printable(d.title), "bold"), f"  {d.number or ''}  {document_date(d)}  ",
            (label(f"text.{d.text_status}", language), "dim"),
        )
        for n, d in enumerate(records.documents, 1)
    ]  # fmt: skip
    relations = Counter(k.relation for k in records.links)
    status = Counter(v.status for v in records.coverage)
    counts = [f"{label('terminal.lineage', language)} {len(records.links)}"]
    counts += [f"{SIGNS[r]} {label(f'relation.{r}', language)} {n}" for r, n in sorted(relations.items())]
    found = [f"{label('terminal.requirements', language)} {len(records.coverage)}"]
    found += [
        f"{SIGNS[s]} {label(f'status.{s}', language)} {status[s]}" for s in ("carried", "partly", "absent")
    ]
    more = f"{label('sheet.unsourced', language)} {len(records.unsourced)}"
    return Group(*lines, Text("   ".join(counts)), Text("   ".join([*found, more])))


def _lineage(index: Index, language: Language) -> RenderableType:
    lines = link_lines(index, language)
    if not lines:
        return Text(label("terminal.nolinks", language))
    shares = {"lowerplace": 7, "lowertext": 30, "relation": 0, "uppertext": 30, "edits": 16, "score": 0}
    heads = shares.items()
    table = _grid(label("terminal.lineage", language), heads, language)
    several = len({(k.link.lower.document, k.link.upper.document) for k in lines}) > 1
    last = ("", "")
    for k in lines:
        if several and last != (last := (k.link.lower.document, k.link.upper.document)):
            _heading(table, index, last)
        edits = k.edits if k.change == NONE else f"{k.edits}\n{k.change}" if k.edits != NONE else k.change
        table.add_row(
            _t(k.lower_place), _t(k.link.lower.quote), f"{SIGNS[k.link.relation]} {k.relation}",
            _t(k.link.upper.quote), _t(edits), f"{k.link.score:.2f}",
        )  # fmt: skip
    return table


def _heading(table: Table, index: Index, pair: tuple[str, str]) -> None:
    """A row that names the lower and the upper document of those below it."""
    lower, upper = (_t(index.short_title(d)) for d in pair)
    lower.stylize("bold")
    upper.stylize("bold")
    table.add_section()
    table.add_row(Text(f"{index.order.get(pair[0], 0) + 1}", style="bold"), lower, Text("←"), upper)


def _section(table: Table, index: Index, pair: tuple[str, str]) -> None:
    """The same for the coverage table, where the upper wording stands first."""
    lower, upper = (_t(index.short_title(d)) for d in pair)
    table.add_section()
    table.add_row(Text("→"), upper, Text(f"{index.order.get(pair[0], 0) + 1}", style="bold"), lower)


def _coverage(index: Index, language: Language) -> RenderableType:
    lines = coverage_lines(index, language)
    if not lines:
        return Text(label("terminal.norequirements", language))
    shares = {"upperplace": 8, "requirement": 28, "coverage": 0, "by": 30, "lost": 12, "near": 20}
    heads = shares.items()
    table = _grid(label("terminal.coverage", language), heads, language)
    several = len({(v.row.lower_document, v.row.evidence.document) for v in lines}) > 1
    last = ("", "")
    for v in sorted(lines, key=lambda v: index.order.get(v.row.lower_document, 0)):
        if several and last != (last := (v.row.lower_document, v.row.evidence.document)):
            _section(table, index, last)
        table.add_row(
            _t(v.place),
            _t(v.row.evidence.quote),
            f"{SIGNS[v.row.status]} {v.status}" + (f"\n≠ {v.change}" if v.change != NONE else ""),
            _t(v.by),
            _t(v.lost),
            _t(v.near),
        )
    return table


def _t(text: str) -> Text:
    """Text that the terminal shows as it is: no markup of rich, no escape sequences of a document."""
    return Text(printable(text))


def _document(index: Index, row: DocumentRow, language: Language) -> list[RenderableType]:
    tasks = sum(c.evidence.document == row.id for c in index.records.commitments)
    facts = (
        f"{label(f'kind.{row.kind}', language)}  {document_date(row)}  {label('col.tasks', language)} {tasks}"
    )
    return [_t(row.title), Text(facts, style="dim")]


def _place(index: Index, evidence: Evidence, language: Language) -> list[RenderableType]:
    where = " ".join(x for x in (index.title(evidence.document), index.place(evidence)) if x)
    return [Text(printable(where), style="dim"), Padding(_context(index, evidence), (0, 0, 0, 2))]


def _context(index: Index, evidence: Evidence) -> Text:
    text = index.records.texts.get(evidence.document, "")
    if text[evidence.start : evidence.end] != evidence.quote:
        return Text.assemble(
            printable(evidence.prefix),
            (printable(evidence.quote), "bold reverse"),
            printable(evidence.suffix),
        )
    start = text.rfind("\n", 0, evidence.start) + 1
    end = text.find("\n", evidence.end)
    start, end = (
        max(start, evidence.start - 4 * AROUND),
        min(len(text) if end < 0 else end, evidence.end + 4 * AROUND),
    )
    return Text.assemble(
        printable(text[start : evidence.start]), (printable(evidence.quote), "bold reverse"),
        printable(text[evidence.end : end]),
    )  # fmt: skip


def _link(index: Index, row: LinkRow, language: Language) -> list[RenderableType]:
    line = link_line(index, row, language)
    head = (
        f"{SIGNS[row.relation]} {line.relation}  {row.score:.2f}  {line.edits if line.edits != NONE else ''}"
    )
    out: list[RenderableType] = [_t(head)]
    for key, evidence in (("col.upper", row.upper), ("col.lower", row.lower)):
        out += [Text(label(key, language), style=ACCENT), *_place(index, evidence, language)]
    return out


def _fields(row: Any) -> RenderableType:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    flat = {"prefix", "suffix", "quote", "lower", "upper", "uses", "near", "source_span", "boxes"}
    for name, value in to_row(row).items():
        if name in flat or value in (None, [], ""):
            continue
        table.add_row(name, _t(value if isinstance(value, str) else _plain(value)))
    return Padding(table, (0, 0, 1, 2))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_plain(v) for v in value)
    if isinstance(value, dict):
        return " ".join(_plain(v) for v in value.values() if v not in (None, "", []))
    return str(value)


def _related(index: Index, row: Any, language: Language) -> list[RenderableType]:
    records = index.records
    if isinstance(row, CommitmentRow):
        task = next(t for t in task_rows(index, language) if t.commitment.id == row.id)
        facts = [
            (key, value)
            for key, value in (
                ("lead", task.lead), ("responsible", task.responsible), ("support", task.support),
                ("deadline", task.deadline), ("explanation", task.explanation), ("strength", task.strength),
            )
            if value != NONE
        ]  # fmt: skip
        out: list[RenderableType] = [_t(f"{label(f'col.{key}', language)}：{value}") for key, value in facts]
        some = [k for k in records.links if _touch(k.lower, row.evidence) or _touch(k.upper, row.evidence)]
        return out + [_one(index, k, language) for k in sorted(some, key=index.link_key)]
    if isinstance(row, CoverageRow):
        return [_one(index, index.links[k], language) for k in row.by if k in index.links] + [
            _t(f"{label('col.near', language)}：{n.evidence.quote}（{n.reason}）") for n in row.near
        ]
    if isinstance(row, UnsourcedRow) and row.nearest is not None:
        return [_t(f"{label('col.nearest', language)}：{row.nearest.upper.quote}")]
    return []


def _one(index: Index, link: LinkRow, language: Language) -> RenderableType:
    line = link_line(index, link, language)
    return _t(
        f"{SIGNS[link.relation]} {line.relation}  {line.upper_title} {line.upper_place}：{link.upper.quote}"
        f"  →  {line.lower_title} {line.lower_place}：{link.lower.quote}"
    )


def _touch(a: Evidence, b: Evidence) -> bool:
    return a.document == b.document and a.start < b.end and b.start < a.end
