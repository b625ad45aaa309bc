"""PDF files: what typesetters write is read to the character, what is broken is told with its page."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Any

import made_pages as made
import made_pdf as raw
import numpy as np
import pytest
from made_pages import Part

from luoshi.errors import Damaged, EmptyFile, InputError
from luoshi.model import Reading
from luoshi.read import Limits, ocr, read_with
from luoshi.read.formats.pdf import PdfReader
from luoshi.read.formats.pdf.document import opened
from luoshi.read.layout.account import page_gaps
from luoshi.read.layout.page import Page

LINES = [
    (100, 700, 16, "各乡镇人民政府："),
    (132, 670, 16, "为做好春季造林工作，现将有关事项通知如下。"),
    (132, 640, 16, "一、明确任务"),
]


def read(data: bytes, **limits: Any) -> Reading:
    (reading,) = read_with(PdfReader(), data, "made.pdf", Limits(**limits))
    return reading


def pages_of(data: bytes) -> list[Page]:
    with opened(data, "made.pdf", 20.0) as document:
        return [p for p in document.read(document.pages) if isinstance(p, Page)]


def lines(reading: Reading) -> list[str]:
    return [b.text.replace(" ", "") for b in reading.blocks]


@pytest.fixture
def no_ocr(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    yield


@pytest.mark.parametrize("stem", ["01", "02", "03", "04"])
@pytest.mark.parametrize(
    ("columns", "size", "most"),
    [(1, 16.0, 0.002), (2, 10.5, 0.005), (3, 9.0, 0.005)],
    ids=["one", "two", "three"],
)
def test_every_character_and_every_paragraph(stem: str, columns: int, size: float, most: float) -> None:
    parts = made.demo(stem)
    if columns > 1 and any(p.kind == "table" for p in parts):
        pytest.skip("the table does not fit the column")
    data = made.pdf(made.source(parts, columns=columns, size=size))
    reading = read(data)
    expected = made.truth(parts)
    found = made.text_of(reading)
    assert made.error(expected, found) <= most, made.differences(expected, found)
    assert lines(reading) == [x.replace(" ", "") for x in expected.splitlines()]
    assert page_gaps(reading, pages_of(data)) == []


def test_heads_and_page_numbers_are_left_out_with_their_boxes() -> None:
    parts = made.demo("01") * 3
    data = made.pdf(made.source(parts, head="云江省人民政府公报2024年第9号"))
    reading = read(data)
    count = len(pages_of(data))
    assert made.error(made.truth(parts), made.text_of(reading)) == 0
    by_reason = {r: [d for d in reading.dropped if d.reason == r] for r in ("running head", "page number")}
    assert [len(v) for v in by_reason.values()] == [count, count]
    for k, drop in enumerate(by_reason["page number"], 1):
        assert drop.quote == f"— {k} —" and drop.boxes is not None
        page, _, y0, _, y1 = drop.boxes[0]
        assert page == k and 842 * 0.85 < y0 < y1 < 842
    assert page_gaps(reading, pages_of(data)) == []


def test_one_page_has_a_page_number_too() -> None:
    reading = read(
        made.pdf(made.source([Part("title", "关于植树的通知"), Part("body", "请各村按时完成植树任务。" * 9)]))
    )
    assert [(d.reason, d.quote) for d in reading.dropped] == [("page number", "— 1 —")]


def test_titles_indents_and_signatures_show() -> None:
    parts = [
        Part("title", "云州市人民政府办公室关于进一步做好山区县域特色产业高质量发展有关工作的通知"),
        Part("number", "云州政办发〔2024〕7号"),
        Part("left", "各县（区）人民政府，市政府各部门："),
        Part("heading", "一、总体要求"),
        Part("body", "各县要把特色产业摆在突出位置，一件一件抓下去，年年有新的进展。" * 4),
        Part("right", "云州市人民政府办公室"),
        Part("right", "2024年3月5日"),
    ]
    blocks = read(made.pdf(made.source(parts))).blocks
    assert [b.align for b in blocks] == ["center", "center", "center", "", "", "", "right", "right"]
    assert ["bold" in b.marks for b in blocks[:3]] == [True, True, False]
    assert [round(b.indent) for b in blocks[3:6]] == [0, 2, 2]
    assert "lines" in blocks[5].marks and "lines" not in blocks[4].marks
    assert all(b.page == 1 for b in blocks)


def test_numbered_items_hang_together() -> None:
    markup = (
        made.source([Part("body", "工作安排如下。")])
        + "\n"
        + "\n".join(
            f"+ 第{k}项工作由牵头单位负责，责任单位配合，每月底前把进展情况报送办公室汇总，不得拖延。"
            for k in "甲乙丙"
        )
    )
    got = lines(read(made.pdf(markup)))
    assert [x[:2] for x in got[1:]] == ["1.", "2.", "3."]


def table(times: int) -> Part:
    rows = next(p for p in made.demo("04") if p.kind == "table").rows
    return Part("table", rows=rows[:1] + rows[1:] * times)


def test_rows_of_tables_over_pages() -> None:
    part = table(6)
    data = made.pdf(made.source([Part("title", "任务清单"), part, Part("body", "以上任务年底前完成。")]))
    reading = read(data)
    rows = [b for b in reading.blocks if b.kind == "table-row"]
    assert [tuple(b.text[a:z] for a, z in b.cells) for b in rows] == list(part.rows)
    assert {b.table for b in rows} == {1} and len({b.page for b in rows}) > 1
    assert reading.blocks[-1].kind == "paragraph"
    assert page_gaps(reading, pages_of(data)) == []


def test_a_repeated_table_head_is_left_out() -> None:
    rows = table(6).rows
    head = ", ".join(f"[{c}]" for c in rows[0])
    cells = ", ".join(f"[{c}]" for row in rows[1:] for c in row)
    markup = made.source([Part("title", "任务清单")]) + (
        f"\n#set par(first-line-indent: 0em)\n#table(columns: (auto, 1fr, 5.5em, 5.5em, 5.5em), "
        f"table.header({head}), {cells})"
    )
    reading = read(made.pdf(markup))
    assert [b.text for b in reading.blocks if b.kind == "table-row"] == ["\t".join(r) for r in rows]
    assert {d.quote for d in reading.dropped if d.reason == "repeated table head"} == set(rows[0])


def test_a_row_cut_by_the_page_break_is_one() -> None:
    long = "加强组织领导，明确专人负责，逐项建立台账，按月调度进展，确保各项任务落到实处" * 8 + "。"
    part = Part(
        "table", rows=(("序号", "任务", "单位"), *((str(k), long, "县农业农村局") for k in range(1, 8)))
    )
    reading = read(made.pdf(made.source([part], table_columns="(3em, 1fr, 6em)")))
    rows = [b for b in reading.blocks if b.kind == "table-row"]
    assert [b.text.split("\t") for b in rows] == [list(r) for r in part.rows]


def test_merged_cells_stand_in_their_first_row() -> None:
    markup = (
        '#set page(paper: "a4")\n#set text(font: "Noto Serif CJK SC")\n'
        "#table(columns: 3, table.cell(rowspan: 2)[生态], [造林], [林业局], [护林], [林业局],"
        " table.cell(colspan: 2)[合计], [两项])"
    )
    rows = [b.text.split("\t") for b in read(made.pdf(markup)).blocks]
    assert rows == [["生态", "造林", "林业局"], ["", "护林", "林业局"], ["合计", "两项"]]


def test_footnotes_stand_behind_their_page_and_their_marks_are_left_out() -> None:
    note = "#footnote[山区指海拔五百米以上的县，不含县城和平坝，名单另行公布。]"
    body = f"山区是全省发展的潜力所在{note}，要一年接着一年干。"
    more = "到2030年减排10#super[6]吨，新增林地5km#super[2]。"
    data = made.pdf(made.source([]) + f"\n{body}\n\n{more}\n\n" + "各县要抓好落实，久久为功。" * 80)
    reading = read(data)
    texts = [b.text.replace(" ", "") for b in reading.blocks]
    assert texts[0] == "山区是全省发展的潜力所在，要一年接着一年干。"
    assert texts[1] == "到2030年减排10⁶吨，新增林地5km²。"
    assert [b.kind for b in reading.blocks] == ["paragraph", "paragraph", "paragraph", "note"]
    assert texts[3].startswith("1山区指") and texts[2].endswith("久久为功。")
    assert [d.quote for d in reading.dropped if d.reason == "note mark"] == ["1"]
    assert page_gaps(reading, pages_of(data)) == []


def test_a_table_of_contents_is_left_out() -> None:
    markup = made.source([Part("title", "山区振兴规划")]) + (
        "\n#outline(title: [目 录])\n#pagebreak()\n= 总体要求\n要坚持绿色发展。\n= 主要任务\n要抓好落实。\n"
    )
    reading = read(made.pdf(markup))
    assert lines(reading) == ["山区振兴规划", "总体要求", "要坚持绿色发展。", "主要任务", "要抓好落实。"]
    assert sum(d.reason == "table of contents" for d in reading.dropped) == 3


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_are_those_of_the_page_as_shown(turn: int) -> None:
    data = raw.document([raw.text([(100, 700, 20, "Evidence")], b"L")], page=b"/Rotate %d" % turn)
    reading = read(data)
    (page,) = pages_of(data)
    assert (page.width, page.height) == ((842, 595) if turn % 180 else (595, 842))
    assert made.text_of(reading) == "Evidence"
    with opened(data, "x", 20.0) as document:
        shown = document.picture(1, 2.0)
    assert hasattr(shown, "pixels")
    ink = np.frombuffer(shown.pixels, np.uint8).reshape(shown.height, shown.width, 3).min(axis=2) < 128
    inside = np.zeros_like(ink)
    for _, x0, y0, x1, y1 in reading.blocks[0].body.boxes() or ():
        inside[round(2 * y0) : round(2 * y1) + 1, round(2 * x0) : round(2 * x1) + 1] = True
    assert ink.any() and not (ink & ~inside).any()


def test_boxes_count_from_the_visible_part() -> None:
    data = raw.document([raw.text(LINES)], page=b"/CropBox[50 50 545 792]")
    boxes = read(data).blocks[0].body.boxes()
    assert boxes is not None and boxes[0][:2] == (1, 50.0)


def test_sideways_text_is_read_along_its_lines() -> None:
    turned = [(100 + 60, 100 - 30 * k, 16, words) for k, (_, _, _, words) in enumerate(LINES)]
    content = b"q 0 1 -1 0 400 0 cm " + raw.text(turned) + b" Q"
    assert lines(read(raw.document([content]))) == [words for *_, words in LINES]


def test_a_slanted_watermark_is_left_out() -> None:
    mark = b"q 0.7 0.7 -0.7 0.7 200 200 cm " + raw.text([(0, 0, 40, "内部资料")]) + b" Q"
    reading = read(raw.document([raw.text(LINES) + mark]))
    assert [(d.reason, d.quote) for d in reading.dropped] == [("watermark", "内部资料")]
    assert "内部" not in made.text_of(reading)


def test_imitated_bold_is_read_once() -> None:
    twice = raw.text([(100, 700, 16, "植树通知")]) + raw.text([(102.4, 700, 16, "植树通知")])
    data = raw.document([twice])
    assert made.text_of(read(data)) == "植树通知"
    assert page_gaps(read(data), pages_of(data)) == []


def test_a_font_without_a_map_is_not_taken_for_text(no_ocr: None) -> None:
    secret = b"BT /N 16 Tf 100 700 Td <" + b"".join(b"%04x" % (i * 7 + 3) for i in range(60)) + b"> Tj ET"
    data = raw.document([raw.text(LINES), secret])
    reading = read(data)
    assert lines(reading) == [words for *_, words in LINES]
    told = {p.code: p for p in reading.problems}
    assert told["unreadable-font"].page == 2 and "luoshi[ocr]" in told["unreadable-font"].hint
    assert {d.reason for d in reading.dropped} == {"unreadable font"}
    assert page_gaps(reading, pages_of(data)) == []


def test_scanned_pages_without_the_extra_do_not_hide_the_others(no_ocr: None) -> None:
    drawn = b"".join(b"%d %d 20 9 re f 5 5 m 30 %d l 9 9 l S " % (k, 3 * k, k) for k in range(70))
    reading = read(raw.document([raw.text(LINES), drawn, drawn]))
    assert lines(reading) == [words for *_, words in LINES]
    (problem,) = reading.problems
    assert (problem.code, problem.page, problem.severity) == ("missing-extra", 2, "error")
    assert "Pages 2–3" in problem.message and "luoshi[ocr]" in problem.hint


def test_only_scanned_pages_without_the_extra_are_refused(no_ocr: None) -> None:
    drawn = b"".join(b"%d %d 20 9 re f 5 5 m 30 %d l 9 9 l S " % (k, 3 * k, k) for k in range(70))
    with pytest.raises(EmptyFile, match="pictures only") as refusal:
        read(raw.document([drawn]))
    assert "luoshi[ocr]" in refusal.value.hint


def bomb() -> bytes:
    """A page whose forms draw each other ten times each, 24 deep."""
    return raw.document([raw.text(LINES) + b"/X Do ", raw.text(LINES)], form=b"/X Do " * 40)


@pytest.mark.slow
def test_a_page_that_never_ends_costs_its_time_and_no_more() -> None:
    reading = read(bomb(), page_seconds=2.0)
    assert lines(reading) == [words for *_, words in LINES]
    (problem,) = [p for p in reading.problems if p.severity == "error"]
    assert problem.code == "page-lost" and problem.page == 1 and problem.hint


def strange() -> dict[str, bytes]:
    rng = random.Random(1)
    scattered = [(rng.random() * 595, rng.random() * 842, 4 + 8 * rng.random(), "山") for _ in range(20_000)]
    rules = b"".join(b"%d 0 m %d 842 l 0 %d m 595 %d l S " % (k, k, k, k) for k in range(0, 842, 6))
    return {
        "scattered": raw.text(scattered),
        "tiny": raw.text([(10, 842 - k * 0.05, 0.05, "山区" * 20) for k in range(500)]),
        "huge": raw.text([(10, 700, 1e30, "山"), (100, 500, 12, "山区振兴")]),
        "ruled": raw.text([(3 + 6 * (k % 90), 3 + 6 * (k // 90), 4, "1") for k in range(9000)]) + rules,
        "one line": raw.text([(10, 700, 0.004, "山" * 60_000)]),
    }


@pytest.mark.parametrize("name", list(strange()))
def test_pages_that_are_no_text_are_read_soon(name: str) -> None:
    data = raw.document([strange()[name]])
    start = time.monotonic()
    reading = read(data)
    assert time.monotonic() - start < 15
    assert page_gaps(reading, pages_of(data)) == []


def test_more_pages_than_the_limit() -> None:
    reading = read(raw.document([raw.text(LINES)] * 9), pages=4)
    assert {b.page for b in reading.blocks} == {1, 2, 3, 4}
    (problem,) = reading.problems
    assert problem.code == "too-many-pages" and problem.page == 5


def broken() -> dict[str, tuple[bytes, type[InputError], str]]:
    whole = raw.document([raw.text(LINES)])
    loop = raw.write(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>"]
    )
    none = raw.write([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"])
    return {
        "encrypted": (raw.encrypted("secret"), Damaged, "encrypted"),
        "cut": (whole[:400], Damaged, "cut off"),
        "head only": (b"%PDF-1.7\n", Damaged, "cut off"),
        "cyclic": (loop, Damaged, "malformed"),
        "no pages": (none, EmptyFile, "no"),
        "no text": (raw.document([b""]), EmptyFile, "no text"),
    }


@pytest.mark.parametrize("name", list(broken()))
def test_what_cannot_be_read(name: str) -> None:
    data, kind, word = broken()[name]
    with pytest.raises(kind, match=word) as refusal:
        read(data)
    assert "made.pdf" in refusal.value.message and refusal.value.hint


def test_a_file_cut_at_its_end_is_read_as_far_as_it_goes() -> None:
    words = [f"{n}、抓好第{n}项工作。" for n in "一二三"]
    whole = raw.document([raw.text([(100, 600, 16, w)]) for w in words])
    reading = read(whole[: whole.rindex(b"xref\n0")])
    assert lines(reading) == words
    assert [p.code for p in reading.problems] == ["truncated"]


def test_the_same_bytes_give_the_same_reading() -> None:
    data = made.pdf(made.source(made.demo("03"), columns=2, size=10.5))
    first, second = read(data), read(data)
    assert made.text_of(first) == made.text_of(second)
    assert [b.body.boxes() for b in first.blocks] == [b.body.boxes() for b in second.blocks]


@pytest.mark.parametrize(
    ("head", "score"), [(b"%PDF-1.4\n", 1.0), (b"junk\n%PDF-1.4", 0.9), (b"PDF", 0.0), (b"", 0.0)]
)
def test_content_decides(head: bytes, score: float) -> None:
    assert PdfReader().score(head, "a.txt") == score
