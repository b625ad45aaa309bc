"""Pages of glyphs to blocks: what PDF, OFD and recognised scans share.

Glyphs → tables by their rules → columns in reading order → lines → furniture out → paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from luoshi.model import Block, Drop, Mapped
from luoshi.read.layout import tables
from luoshi.read.layout.chunks import Chunk, Index, Sheet, chunks, prepare
from luoshi.read.layout.edges import furniture
from luoshi.read.layout.grid import Grid, grids
from luoshi.read.layout.notes import CONTENTS, body_size, contents, foot
from luoshi.read.layout.page import Page
from luoshi.read.layout.rows import rows
from luoshi.read.layout.shape import Column, shape
from luoshi.read.layout.zones import zones
from luoshi.read.lines import Line
from luoshi.read.normalise import INVISIBLE
from luoshi.read.reflow import reflow
from luoshi.read.trim import trim


@dataclass(slots=True)
class Composed:
    """Blocks in reading order and what was left out of them."""

    blocks: list[Block] = field(default_factory=list)
    dropped: list[Drop] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Laid:
    """A page laid out: columns and tables in reading order, and what was left out."""

    number: int
    width: float
    height: float
    parts: list[Column | tables.Table]
    taken: list[tuple[str, Mapped]]
    notes: list[Column] = field(default_factory=list)


def compose(pages: Iterable[Page | Laid]) -> Composed:
    """The blocks of a paginated file, its pages in order.

    Every glyph of the pages stands in a block or in a drop (:func:`luoshi.read.layout.account.page_gaps`).
    """
    laid = [page if isinstance(page, Laid) else lay(page) for page in pages]
    taken = [item for page in laid for item in page.taken]
    rows_of = [
        ([r for part in page.parts if isinstance(part, Column) for r in part.rows], page.height)
        for page in laid
    ]
    taken += _take_rows(laid, furniture(rows_of))
    taken += _take_rows(laid, dict.fromkeys(contents([r for rows, _ in rows_of for r in rows]), CONTENTS))
    taken += _part_notes(laid)
    frames = [
        (page.number, p.xs[0], p.xs[-1], page.width)
        for page in laid
        for p in page.parts
        if isinstance(p, tables.Table)
    ]
    shape([p for page in laid for p in page.parts if isinstance(p, Column)], frames)
    shape([c for page in laid for c in page.notes], frames)
    return _flow(laid, taken)


def _take_rows(laid: Sequence[Laid], out_of: Mapping[int, str]) -> list[tuple[str, Mapped]]:
    """Take the rows out that ``out_of`` names, by ``id(row)``, with the reason."""
    taken: list[tuple[str, Mapped]] = []
    for page in laid:
        for part in page.parts:
            if isinstance(part, Column):
                taken += [(out_of[id(r)], r.body) for r in part.rows if id(r) in out_of]
                part.rows = [r for r in part.rows if id(r) not in out_of]
        page.parts = [p for p in page.parts if not isinstance(p, Column) or p.rows]
    return taken


def _part_notes(laid: Sequence[Laid]) -> list[tuple[str, Mapped]]:
    """Part footnotes from the columns above them."""
    taken: list[tuple[str, Mapped]] = []
    columns = [p for page in laid for p in page.parts if isinstance(p, Column)]
    size = body_size([r for c in columns for r in c.rows])
    for page in laid:
        for part in page.parts:
            if isinstance(part, Column):
                found = foot(part.rows, size)
                part.rows = found.rows
                taken += found.taken
                if found.notes:
                    page.notes.append(Column(found.notes, part.page, part.depth, part.width))
        page.parts = [p for p in page.parts if not isinstance(p, Column) or p.rows]
    return taken


def lay(page: Page, *, besides: Page | None = None, reason: str = "") -> Laid:
    """A page laid out.

    :param besides: the same page's other glyphs, which are left out for ``reason``.
    """
    sheet = prepare(page)
    taken = [(why, _plain(page, index)) for why, index in sheet.taken]
    if besides is not None:
        taken += unlaid(besides, reason).taken
    found = grids(sheet.rules)
    atoms: list[Chunk] = []
    cells = np.full(len(page.text), -1, np.int32)
    if found:
        atoms = _tables(sheet, found, cells)
    grains = [c for c in chunks(sheet, cells if found else None) if cells[c.glyphs[0]] < 0]
    parts: list[Column | tables.Table] = []
    for zone in zones([*grains, *atoms]):
        parts += _parts(zone.chunks, zone.depth, sheet)
    return Laid(page.number, sheet.width, sheet.height, parts, taken)


def unlaid(page: Page, reason: str) -> Laid:
    """A page of which nothing is kept."""
    everything = np.arange(len(page.text))
    return Laid(
        page.number, page.width, page.height, [], [(reason, _plain(page, everything))] if page.text else []
    )


def _plain(page: Page, index: Index) -> Mapped:
    glyphs = page.glyphs()[index]
    return Mapped.of_glyphs("".join(page.text[i] for i in index.tolist()), glyphs)


_STRIDE = 1 << 16


def _tables(
    sheet: Sheet, found: Sequence[Grid], cells: np.ndarray[tuple[int], np.dtype[np.int32]]
) -> list[Chunk]:
    """The tables that hold text, as chunks ordered as a whole; ``cells`` gets the cells of their glyphs."""
    x = (sheet.boxes[:, 0] + sheet.boxes[:, 2]) / 2
    y = (sheet.boxes[:, 1] + sheet.boxes[:, 3]) / 2
    kept: list[tuple[int, Grid]] = []
    for k, grid in enumerate(found):
        inside = grid.locate(x, y)
        inside[~sheet.alive | (cells >= 0)] = -1
        if len(np.unique(inside[inside >= 0])) < 2:
            continue
        cells[inside >= 0] = inside[inside >= 0] + k * _STRIDE
        kept.append((k, grid))
    if not kept:
        return []
    grouped: dict[int, list[tuple[int, Chunk]]] = {}
    for c in chunks(sheet, cells):
        number = int(cells[c.glyphs[0]])
        if number >= 0:
            grouped.setdefault(number // _STRIDE, []).append((number % _STRIDE, c))
    out = []
    for k, grid in kept:
        some = grouped[k]
        x0, y0, x1, y1 = grid.box
        out.append(
            Chunk(x0, y0, x1, y1, some[0][1].em, some[0][1].glyphs[:0], tables.table_of(grid, some, sheet))
        )
    return out


def _parts(some: Sequence[Chunk], depth: int, sheet: Sheet) -> list[Column | tables.Table]:
    """A column, cut where tables stand in it."""
    out: list[Column | tables.Table] = []
    plain: list[Chunk] = []
    for chunk in sorted(some, key=lambda c: c.y0 if c.payload is not None else c.cy):
        if isinstance(chunk.payload, tables.Table):
            if plain:
                out.append(_column(plain, depth, sheet))
                plain = []
            out.append(chunk.payload)
        else:
            plain.append(chunk)
    if plain:
        out.append(_column(plain, depth, sheet))
    return out


def _column(some: Sequence[Chunk], depth: int, sheet: Sheet) -> Column:
    return Column(rows(some, sheet), sheet.page.number, depth, sheet.width)


def _flow(laid: Sequence[Laid], taken: list[tuple[str, Mapped]]) -> Composed:
    """Paragraphs over columns and pages, tables over pages; what was left out in between."""
    out = Composed()
    lines: list[Line] = []
    table: tables.Table | None = None
    stretches: list[list[Line] | tables.Table] = [lines]
    for page in laid:
        for part in page.parts:
            if isinstance(part, Column):
                lines += part.lines
                if part.lines:
                    table = None
                continue
            if table is not None and not lines and tables.join(table, part):
                continue
            table = part
            lines = []
            stretches += [table, lines]
    count = 0
    for stretch in _trimmed(stretches, out, taken):
        if isinstance(stretch, tables.Table):
            count += 1
            out.blocks += tables.blocks(stretch, count)
            taken += stretch.taken
        else:
            flow = reflow(stretch)
            taken += [(reason, body) for reason, body, _ in flow.dropped]
            out.blocks += flow.blocks
    for page in reversed(laid):
        taken += _insert_notes(out.blocks, page)
    out.dropped = _drops(taken, out.blocks, laid)
    return out


def _insert_notes(blocks: list[Block], page: Laid) -> list[tuple[str, Mapped]]:
    """Put a page's footnotes behind its last paragraph."""
    at = next((i + 1 for i in range(len(blocks) - 1, -1, -1) if blocks[i].page <= page.number), 0)
    taken: list[tuple[str, Mapped]] = []
    for column in reversed(page.notes):
        column.lines[0].page_break = False
        flow = reflow(column.lines)
        taken += [(reason, body) for reason, body, _ in flow.dropped]
        blocks[at:at] = [replace(b, kind="note", align="") for b in flow.blocks]
    return taken


def _trimmed(
    stretches: Sequence[list[Line] | tables.Table], out: Composed, taken: list[tuple[str, Mapped]]
) -> list[list[Line] | tables.Table]:
    """The stretches without what stands around the document (captions, metadata lines, chrome)."""
    everything = [line for s in stretches if isinstance(s, list) for line in s]
    trimmed = trim(everything, doubles=False)
    out.metadata.update(trimmed.metadata)
    taken += [(reason, line.body) for reason, line in trimmed.taken]
    gone = {id(line) for _, line in trimmed.taken}
    return [s if not isinstance(s, list) else [x for x in s if id(x) not in gone] for s in stretches]


def _drops(taken: Iterable[tuple[str, Mapped]], blocks: Sequence[Block], laid: Sequence[Laid]) -> list[Drop]:
    """Drops in page order, one a stretch on a page, with the first block of that page or a later one."""
    first: dict[int, int] = {}
    for i, block in enumerate(blocks):
        first.setdefault(block.page, i)
    at: dict[int, int] = {}
    following = len(blocks)
    for page in reversed(laid):
        following = at[page.number] = first.get(page.number, following)
    out: list[tuple[int, Drop]] = []
    for reason, body in taken:
        visible = body.take([i for i, c in enumerate(body.text) if not INVISIBLE.match(c)])
        for number, part in _by_page(visible):
            quote = part.text.strip()
            if quote:
                out.append((number, Drop(reason, quote, boxes=part.boxes(), at=at.get(number, 0))))
    return [drop for _, drop in sorted(out, key=lambda item: item[0])]


def _by_page(body: Mapped) -> list[tuple[int, Mapped]]:
    """The stretches of a text that stand on one page each."""
    if body.glyphs is None or not len(body):
        return []
    pages = body.glyphs[:, 0].astype(np.int64)
    seen = np.flatnonzero(pages)
    if not len(seen):
        return []
    own = pages[seen[np.minimum(np.searchsorted(seen, np.arange(len(pages))), len(seen) - 1)]]
    edges = [0, *(np.flatnonzero(np.diff(own)) + 1).tolist(), len(own)]
    return [(int(own[a]), body[a:b]) for a, b in pairwise(edges)]
