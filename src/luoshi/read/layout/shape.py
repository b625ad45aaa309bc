"""Rows of columns as :class:`luoshi.read.lines.Line`: indents, widths and gaps in ideographs, alignment."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from luoshi.model import concat
from luoshi.model.reading import Align
from luoshi.read.layout.rows import Row, half_points
from luoshi.read.lines import Line
from luoshi.read.reflow import LABEL, open_bracket

NEAR = 40
"""Columns before and after one that it may take its margins from."""
ENOUGH = 6
TABLE_PADDING = 5.0
"""Points from a table's edge to the text beside it."""
_OPENING = "（《“‘「『【〔〈("
"""Lines from which on a column shows its own margins."""


@dataclass(slots=True, eq=False)
class Column:
    """A single column of a page and its rows from top to bottom."""

    rows: list[Row]
    page: int
    depth: int
    width: float
    left: float = 0.0
    right: float = 0.0
    em: float = 10.0
    pitch: float = 0.0
    lines: list[Line] = field(default_factory=list)


Frame = tuple[int, float, float, float]
"""Page, left, right edge of a table, and width of its page: where nothing else shows the margins, they do."""


def shape(columns: Sequence[Column], frames: Sequence[Frame] = ()) -> None:
    """Give every column its margins, its unit and its lines."""
    some = [c for c in columns if c.rows]
    for column in some:
        _own_margins(column)
    _borrow_margins(some, frames)
    rows = [r for c in some for r in c.rows]
    if not rows:
        return
    weight = Counter[float]()
    bold = 0
    for r in rows:
        weight[half_points(r.em)] += len(r.text)
        bold += len(r.text) if r.bold else 0
    body = weight.most_common(1)[0][0]
    body_bold = bold > 0.6 * sum(weight.values())
    leading = _leading(some)
    _units(some)
    hang: float | None = None
    for column in some:
        lines, hang = _lines(column, leading, body_bold, hang, body)
        column.lines = _titles(lines, body)


def _own_margins(column: Column) -> None:
    """The margins by the lines themselves; where they do not show the right one, it is like the left."""
    lefts = sorted(r.x0 for r in column.rows)
    rights = sorted((r.x1 for r in column.rows), reverse=True)
    em = median([r.em for r in column.rows])
    column.left = next((a for a, b in pairwise(lefts) if b - a < 0.4 * em), lefts[0])
    column.right = next((a for a, b in pairwise(rights) if a - b < 0.7 * em), rights[0])
    if sum(1 for x in rights if x > column.right + 1.2 * em) > 0.1 * len(rights):
        column.right = rights[0]
    if column.depth == 0:
        full = sum(1 for x in rights if x >= column.right - 0.7 * em)
        usual = column.width - 2 * column.left
        narrow = column.right - column.left < 0.6 * usual
        if len(rights) < ENOUGH or full < (
            max(4, 0.4 * len(rights)) if narrow else max(2, 0.15 * len(rights))
        ):
            column.right = max(column.right, column.width - column.left)


def _borrow_margins(columns: Sequence[Column], frames: Sequence[Frame]) -> None:
    """Columns of a few lines, or of short lines, take the margins of those like them."""
    models = [c for c in columns if len(c.rows) >= ENOUGH]
    pages = [m.page for m in models]
    beside: dict[int, list[tuple[float, float, float]]] = {}
    for c in columns:
        if c.depth == 0:
            beside.setdefault(c.page, []).append((c.left, c.right, c.width))
    for page, left, right, width in frames:
        beside.setdefault(page, []).append((left + TABLE_PADDING, right - TABLE_PADDING, width))
    for column in columns:
        em = median([r.em for r in column.rows])
        lowest = min(r.x0 for r in column.rows)
        highest = max(r.x1 for r in column.rows)
        best: Column | None = None
        key = (0.0, 0)
        at = bisect_left(pages, column.page)
        for model in models[max(0, at - NEAR) : at + NEAR]:
            if model is column or model.depth != column.depth or abs(model.width - column.width) > 2:
                continue
            if model.left - 1.0 * em > lowest or model.right + 1.2 * em < highest:
                continue
            if model.right - model.left < column.right - column.left - em:
                continue
            if len(column.rows) >= ENOUGH and len(model.rows) < len(column.rows) / 2:
                continue
            rank = (-abs(model.page - column.page) - (model.right - model.left) / 1000, len(model.rows))
            if best is None or rank > key:
                best, key = model, rank
        if best is not None:
            left, right = best.left, best.right
            if len(column.rows) < ENOUGH or (column.left - left < 3 * em and column.right < right):
                column.left, column.right = left, right
        elif column.depth == 0 and len(column.rows) < ENOUGH:
            near = [
                (a, b)
                for page in range(column.page - 1, column.page + 2)
                for a, b, width in beside.get(page, ())
                if abs(width - column.width) <= 2
            ]
            column.left = min([column.left, *(a for a, _ in near)])
            column.right = max([column.right, *(b for _, b in near)])


def _units(columns: Sequence[Column]) -> None:
    """Give each column the distance from one ideograph to the next in its running text, in points; a column
    that does not show it has that of the columns cut as deep, or of all."""
    by_depth: dict[int, list[Column]] = {}
    for c in columns:
        by_depth.setdefault(c.depth, []).append(c)
    whole = _unit(columns) or _size_of(columns)
    usual = {depth: _unit(some) or whole for depth, some in by_depth.items()}
    for c in columns:
        c.em = _unit([c]) or usual[c.depth]


def _size_of(columns: Sequence[Column]) -> float:
    weight = Counter[float]()
    for c in columns:
        for r in c.rows:
            weight[half_points(r.em)] += len(r.text)
    return weight.most_common(1)[0][0]


def _unit(columns: Sequence[Column]) -> float:
    """The distance from one ideograph to the next, 0 where less than two lines tell it."""
    em = _size_of(columns)
    steps = [r.pitch for c in columns for r in c.rows if r.pitch and abs(r.em - em) <= 0.5]
    if len(steps) < 2:
        return 0.0
    step = median(steps)
    return step if 0.8 * em <= step <= 1.6 * em else em


def _leading(columns: Sequence[Column]) -> float:
    """The usual distance of two lines, as a multiple of the font size."""
    steps = [
        round((b.y0 + b.y1 - a.y0 - a.y1) / 2 / a.em, 2)
        for c in columns
        for a, b in pairwise(c.rows)
        if abs(a.em - b.em) < 0.1 * a.em and a.x1 >= c.right - 2 * a.em
    ]
    steps = [s for s in steps if 0.8 < s < 4]
    return median(steps) if steps else 1.7


def _lines(
    column: Column, leading: float, body_bold: bool, hang: float | None, body: float
) -> tuple[list[Line], float | None]:
    """The lines of a column.

    :param hang: how far from the margin the lines of a list's item begin that the column before ends with.
    :param body: font size of the running text.
    :return: the lines, and the same for the next column.
    """
    out: list[Line] = []
    em = column.em
    measure = (column.right - column.left) / em
    before: Row | None = None
    for row in column.rows:
        line = Line(
            row.body,
            indent=(row.x0 - column.left) / em,
            width=(row.x1 - column.left) / em,
            size=_size(row, body),
            page=row.page,
            measure=measure,
            bold=row.bold and not body_bold,
            align=_align(row, column),
            page_break=before is None,
        )
        if before is not None:
            step = (row.y0 + row.y1 - before.y0 - before.y1) / 2
            usual = leading * max(before.em, row.em)
            line.gap = max(0, round(step / usual - 0.9)) if step > 1.45 * usual else 0
        tuck = 0.5 if row.text[0] in _OPENING else 0.0
        slack = 0.8 if row.rough else 0.4
        if hang is not None and not line.gap and -slack - tuck < line.indent - hang < slack:
            line.indent, line.align = 0.0, ""
        else:
            hang = _hang(row, em, column.left)
        out.append(line)
        before = row
    return out, hang


def _size(row: Row, body: float) -> float:
    """Font size of a line; of a recognised one that of the running text where it may be."""
    slack = 0.2 if len(row.text) >= 5 else 0.4
    return body if row.rough and abs(row.em - body) < slack * body else row.em


def _titles(lines: Sequence[Line], body: float) -> list[Line]:
    """The lines with those of large titles seen as one: a full line beside a centred one is centred too, and
    where a bracket shows that the title goes on, the lines are put together.

    :param body: font size of the running text.
    """
    out: list[Line] = []
    for line in lines:
        a = out[-1] if out else None
        if a is None or not _same_title(a, line, body):
            out.append(line)
            continue
        a.align = line.align = "center"
        if open_bracket(a.text) or (line.text[0] in "（(" and line.text[-1] in "）)"):
            out[-1] = replace(a, body=concat([a.body, line.body]), width=max(a.width, line.width))
        else:
            out.append(line)
    return out


def _same_title(a: Line, b: Line, body: float) -> bool:
    """Whether two lines are of one large title."""
    if abs(a.size - b.size) >= 0.5 or a.size <= 1.15 * body or a.bold != b.bold or b.gap:
        return False
    full = [line.indent < 1.5 and line.width > 0.85 * line.measure for line in (a, b)]
    centred = [line.align == "center" for line in (a, b)]
    return any(centred) and all(f or c for f, c in zip(full, centred, strict=True))


def _hang(row: Row, em: float, left: float) -> float | None:
    """Where the lines after a label begin if they hang on it: where its text does."""
    label = LABEL.match(row.text)
    if label is None or row.body.glyphs is None:
        return None
    at = label.end()
    while at < len(row.text) and row.text[at] == " ":
        at += 1
    if at >= len(row.text):
        return None
    start = float(row.body.glyphs[at, 1])
    least = 0.45 if row.rough else 0.6
    return (start - left) / em if start > row.x0 + least * em else None


def _align(row: Row, column: Column) -> Align:
    """Centred or set to the right, by the room on both sides of the line."""
    em = column.em
    left, right = row.x0 - column.left, column.right - row.x1
    whole = column.right - column.left
    if right < -em or whole < 6 * em:
        return ""
    off = abs(left - right)
    if left > 2.4 * em and right > 1.5 * em and off < max(1.2 * em, 0.03 * whole):
        return "center"
    if left > 0.5 * em and right > 0.5 * em and off < 0.8 * em and row.em > 1.15 * em:
        return "center"
    if left > 0.42 * whole and right < 0.25 * whole and left > 1.5 * right:
        return "right"
    return ""
