"""Glyphs on a page to rows, columns, tables: on pages made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from luoshi.model import Reading, Source
from luoshi.read.layout.account import page_gaps
from luoshi.read.layout.chunks import chunks, prepare
from luoshi.read.layout.compose import compose
from luoshi.read.layout.edges import furniture
from luoshi.read.layout.grid import grids
from luoshi.read.layout.page import SPACED, Page, blank
from luoshi.read.layout.rows import rows
from luoshi.read.layout.zones import zones

EM = 10.0
Placed = tuple[float, float, str]
"""``(x, y, text)`` of a line, its top left corner in points."""


def page(
    lines: list[Placed], number: int = 1, rules: list[tuple[float, float, float, float]] | None = None
) -> Page:
    """A page of lines in ten-point type, a glyph ten points wide (Latin five); a space is a gap."""
    text, boxes, bits = [], [], []
    for x, y, words in lines:
        space = 0
        for c in words:
            width = EM if ord(c) > 0x2E00 else EM / 2
            if c == " ":
                space = SPACED
            else:
                text.append(c)
                boxes.append((x, y, x + width, y + EM))
                bits.append(space)
                space = 0
            x += width
    out = blank(number, 595, 842)
    out.text = "".join(text)
    out.boxes = np.array(boxes, np.float32).reshape(-1, 4)
    out.sizes = np.full(len(text), EM, np.float32)
    out.bits = np.array(bits, np.uint8)
    out.rules = np.array(rules or [], np.float32).reshape(-1, 4)
    return out


def texts(lines: list[Placed]) -> list[str]:
    sheet = prepare(page(lines))
    return [r.text for z in zones(chunks(sheet)) for r in rows(z.chunks, sheet)]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([(50, 50, "山区"), (70, 50, "振兴")], ["山区振兴"]),
        ([(70, 50, "振兴"), (50, 50, "山区")], ["山区振兴"]),
        ([(50, 50, "山区"), (75, 50, "振兴")], ["山区 振兴"]),
        ([(50, 50, "山区"), (95, 50, "振兴")], ["山区  振兴"]),
        ([(50, 50, "work plan")], ["work plan"]),
        ([(50, 50, "2024"), (72.5, 50, "年")], ["2024年"]),
        ([(50 + 16 * k, 50, c) for k, c in enumerate("云州市人民政府")], ["云州市人民政府"]),
        ([(50, 50, "第一行"), (50, 66, "第二行")], ["第一行", "第二行"]),
        ([(50, 66, "第二行"), (50, 50, "第一行")], ["第一行", "第二行"]),
        ([(50, 50, "脚注"), (70, 47, "1")], ["脚注1"]),
    ],
)
def test_rows(lines: list[Placed], found: list[str]) -> None:
    assert texts(lines) == found


BODY = "山区县域要走生态优先以特兴县的路子不断"


def column(x: float, top: float, many: int, words: str = BODY, step: float = 16) -> list[Placed]:
    return [(x, top + step * k, f"{words}{'甲乙丙丁戊己庚辛壬癸子丑'[k]}") for k in range(many)]


def test_two_columns_that_stand_level() -> None:
    lines = [*column(50, 100, 8), *column(300, 100, 8)]
    mixed = sorted(lines, key=lambda line: (line[1], line[0]))
    assert texts(mixed) == [w for *_, w in lines]


def test_two_columns_that_do_not_stand_level() -> None:
    lines = [*column(50, 100, 8), *column(300, 107, 7, step=18)]
    assert texts(lines) == [w for *_, w in lines]


def test_titles_across_columns_and_text_below() -> None:
    wide = [(50, 300 + 16 * k, BODY * 2) for k in range(3)]
    lines = [(200, 60, "关于山区振兴的通知"), *column(50, 100, 8), *column(300, 100, 8), *wide]
    assert texts(sorted(lines, key=lambda line: (line[1], line[0]))) == [w for *_, w in lines]


def test_three_columns() -> None:
    lines = [line for x in (40, 220, 400) for line in column(x, 100, 9, "山区县域要走生态优先以特兴")]
    assert texts(sorted(lines, key=lambda line: (line[1], line[0]))) == [w for *_, w in lines]


def test_lists_side_by_side_are_read_across() -> None:
    lines = [(50, 100 + 16 * k, a) for k, a in enumerate(("张三", "李四", "王五", "赵六"))]
    lines += [(300, 100 + 16 * k, "组长") for k in range(4)]
    assert texts(lines) == ["张三  组长", "李四  组长", "王五  组长", "赵六  组长"]


def test_grid_of_rules() -> None:
    level = [(50, y, 350, y + 1) for y in (100, 120, 140, 160)]
    plumb = [(x, 100, x + 1, 160) for x in (50, 150, 250, 349)]
    (grid,) = grids(np.array(level + plumb, np.float32))
    assert grid.cell.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


def test_open_sides_are_closed() -> None:
    level = [(50, y, 350, y + 1) for y in (100, 120, 140)]
    (grid,) = grids(np.array([*level, (200, 100, 201, 140)], np.float32))
    assert grid.cell.tolist() == [[0, 1], [2, 3]]


def test_squares_without_a_line_between_are_one_cell() -> None:
    level = [(50, 100, 350, 101), (150, 120, 350, 121), (50, 140, 350, 141)]
    plumb = [(x, 100, x + 1, 140) for x in (50, 150, 250, 349)]
    (grid,) = grids(np.array(level + plumb, np.float32))
    assert grid.cell.tolist() == [[0, 1, 2], [0, 3, 4]]
    assert grid.frame(0) == pytest.approx((50.5, 100.5, 150.5, 140.5))


@pytest.mark.parametrize(
    "rules",
    [
        [(50, 100, 350, 101), (50, 104, 350, 105)],
        [(50, 100, 350, 101), (50, 400, 350, 401), (50, 100, 51, 400), (349, 100, 350, 400)],
        [(50, 100, 80, 101), (60, 100, 61, 300), (50, 200, 80, 201)],
    ],
    ids=["double rule under a red head", "frame around text", "cross"],
)
def test_rules_that_are_no_table(rules: list[tuple[float, float, float, float]]) -> None:
    assert grids(np.array(rules, np.float32)) == []


def test_underlines_in_cells_part_nothing() -> None:
    level = [(50, y, 350, y + 1) for y in (100, 140)]
    plumb = [(x, 100, x + 1, 140) for x in (50, 200, 349)]
    (grid,) = grids(np.array([*level, *plumb, (70, 120, 130, 121)], np.float32))
    assert grid.cell.tolist() == [[0, 1]]


def reading(pages: list[Page]) -> Reading:
    composed = compose(pages)
    return Reading(Source("x", "", 0, ""), tuple(composed.blocks), tuple(composed.dropped))


def numbered(k: int, mark: str, head: str = "") -> Page:
    lines = [(50.0, 150.0 + 16 * i, BODY) for i in range(9)]
    lines += [(50, 400 + 7 * k, "这一页到此为止。"), (500, 790, mark.format(k))]
    return page([*lines, (250, 40, head.format(k))] if head else lines, k)


@pytest.mark.parametrize(
    ("mark", "count"),
    [
        ("— {} —", 1),
        ("第{}页", 1),
        ("第{}页 共9页", 1),
        ("{}", 2),
        ("{}/9", 3),
        ("- {} -", 3),
        ("Page {} of 9", 2),
    ],
)
def test_page_numbers_by_their_place(mark: str, count: int) -> None:
    made = [numbered(k, mark) for k in range(3, 3 + count)]
    got = reading(made)
    assert [d.reason for d in got.dropped] == ["page number"] * count
    assert page_gaps(got, made) == []


def test_a_figure_in_the_text_is_no_page_number() -> None:
    made = [page([(50, 150 + 16 * k, BODY) for k in range(20)] + [(50, 470, "2024")])]
    assert reading(made).dropped == ()


def test_running_heads_by_their_place() -> None:
    made = [numbered(k, "{}", "云江省人民政府公报 2024年第{}期") for k in range(1, 5)]
    got = reading(made)
    assert sorted(d.reason for d in got.dropped) == ["page number"] * 4 + ["running head"] * 4
    assert page_gaps(got, made) == []


def test_a_line_that_comes_back_in_the_text_stays() -> None:
    made = [
        page([(50, 300, "附件"), *[(50.0, 320.0 + 16 * i, BODY) for i in range(5)]], k) for k in (1, 2, 3)
    ]
    assert reading(made).dropped == ()


def test_furniture_of_nothing() -> None:
    assert furniture([]) == {}
    assert compose([blank(1, 595, 842)]).blocks == []


def test_gaps_are_seen() -> None:
    whole = page([(50, 100, "山区振兴")])
    got = reading([page([(50, 100, "山区振")])])
    assert page_gaps(got, [whole]) == [(1, "兴")]
    assert page_gaps(reading([whole]), [page([(50, 100, "山区振")])]) == [(1, "兴")]
    assert page_gaps(reading([whole]), [page([(50, 101, "山区振兴")])]) != []
