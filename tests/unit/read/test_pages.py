"""Pictures of pages with the evidence lit."""

from __future__ import annotations

import io
from pathlib import Path

import made_pages as made
import made_pdf as raw
import numpy as np
import pytest
from PIL import Image

from luoshi.errors import Damaged, UsageError
from luoshi.read import pages, read
from luoshi.read.layout.page import blank

LINES = [(100, 700, 16, "Duties of the county"), (100, 660, 16, "Plant the trees")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "made.pdf"
    path.write_bytes(raw.document([raw.text(LINES, b"L")] * 2))
    return path


def shown(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def test_a_lit_place_is_where_the_text_stands(file: Path) -> None:
    (reading,) = read(file)
    boxes = reading.blocks[1].body.boxes() or ()
    plain, lit = shown(pages.picture(file, 1, dpi=144)), shown(pages.picture(file, 1, boxes=boxes, dpi=144))
    assert plain.shape == lit.shape == (1684, 1190, 3)
    changed = (plain != lit).any(axis=2)
    rows, columns = np.nonzero(changed)
    _, x0, y0, x1, y1 = boxes[0]
    assert rows.min() / 2 == pytest.approx(y0, abs=3) and rows.max() / 2 == pytest.approx(y1, abs=3)
    assert columns.min() / 2 == pytest.approx(x0, abs=3) and columns.max() / 2 == pytest.approx(x1, abs=3)
    ink = plain.min(axis=2) < 100
    assert (lit.min(axis=2)[ink] < 110).all(), "the text under the light can be read"


def test_places_on_other_pages_are_passed_over(file: Path) -> None:
    box = (2, 100.0, 100.0, 200.0, 120.0)
    assert pages.picture(file, 1, boxes=[box]) == pages.picture(file, 1)
    assert pages.picture(file, 2, boxes=[box]) != pages.picture(file, 2)


def test_the_same_page_gives_the_same_bytes(file: Path) -> None:
    assert pages.picture(file, 1) == pages.picture(file, 1)


def test_scans_are_shown_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    Image.new("RGB", (827, 1170), (250, 240, 230)).save(path, dpi=(100, 100))
    lit = shown(pages.picture(path, 1, boxes=[(1, 72.0, 72.0, 144.0, 100.0)], dpi=100))
    assert lit.shape[:2] == (1170, 827)
    assert tuple(lit[5, 5]) == (250, 240, 230) and tuple(lit[120, 150]) != (250, 240, 230)


def test_pages_of_glyphs_are_drawn() -> None:
    page = blank(1, 200, 100)
    page.text = "落实"
    page.boxes = np.array([(20, 20, 40, 40), (40, 20, 60, 40)], np.float32)
    page.sizes = np.full(2, 20, np.float32)
    ink = np.asarray(pages.draw_page(page, 2.0).convert("L")) < 230
    rows, columns = np.nonzero(ink)
    assert rows.min() >= 30 and rows.max() <= 90 and columns.min() >= 30 and columns.max() <= 130


@pytest.mark.parametrize("number", [0, 3, 10**9])
def test_no_such_page(file: Path, number: int) -> None:
    with pytest.raises(UsageError, match=f"no page {number}") as refusal:
        pages.picture(file, number)
    assert "2 pages" in refusal.value.hint


def test_what_has_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("关于植树的通知\n请各村植树。\n", encoding="utf-8")
    with pytest.raises(UsageError, match="has no pages"):
        pages.picture(path, 1)
    with pytest.raises(UsageError, match="does not exist"):
        pages.picture(tmp_path / "none.pdf", 1)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\n")
    with pytest.raises(Damaged):
        pages.picture(broken, 1)


def test_a_typeset_page(tmp_path: Path) -> None:
    path = tmp_path / "typeset.pdf"
    path.write_bytes(made.pdf(made.source(made.demo("01"))))
    (reading,) = read(path)
    block = next(b for b in reading.blocks if "lines" in b.marks)
    boxes = block.body.boxes() or ()
    assert len(boxes) == len({b[2] for b in boxes}) > 1, "one box a line"
    assert all(b[0] == block.page for b in boxes)
    assert pages.picture(path, block.page, boxes=boxes).startswith(b"\x89PNG")
