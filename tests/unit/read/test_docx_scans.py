"""Scanned pages pasted into a Word file are recognised in their places, or a problem says why not."""

from __future__ import annotations

import io
from pathlib import Path

import made_pages as made
import pytest
from docx_writer import p, word
from PIL import Image

from luoshi.errors import Damaged, EmptyFile
from luoshi.model import Reading
from luoshi.read import coverage_gaps, ocr, read
from luoshi.read.formats.docx.scans import A4, Scan
from luoshi.read.formats.pdf.document import Picture, opened

needs_ocr = pytest.mark.skipif(not ocr.installed(), reason="needs luoshi[ocr]")
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PAGE = (5_760_000, 8_640_000)  # 454 × 680 points, a page within its margins
SEAL = (1_500_000, 1_500_000)


def drawing(key: str, size: tuple[int, int]) -> str:
    extent = f'<wp:extent cx="{size[0]}" cy="{size[1]}"/>'
    return f"<w:r><w:drawing><wp:inline>{extent}<a:blip r:embed='{key}'/></wp:inline></w:drawing></w:r>"


def opened_word(tmp_path: Path, body: str, pictures: dict[str, bytes]) -> Reading:
    inner = "".join(f'<Relationship Id="{k}" Type="{_R}/image" Target="media/{k}.png"/>' for k in pictures)
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    relations = f'<?xml version="1.0"?><Relationships xmlns="{space}">{inner}</Relationships>'.encode()
    parts = {f"word/media/{k}.png": v for k, v in pictures.items() if v}
    path = tmp_path / "made.docx"
    path.write_bytes(word(body, extra={"word/_rels/document.xml.rels": relations, **parts}))
    (reading,) = read(path)
    assert coverage_gaps(reading) == ()
    return reading


def blank() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 600), "white").save(out, "PNG")
    return out.getvalue()


def scanned() -> bytes:
    parts = made.demo("01")
    with opened(made.pdf(made.source(parts)), "x", 20.0) as document:
        shown = document.picture(1, 200 / 72)
        assert isinstance(shown, Picture)
        image = Image.frombytes("RGB", (shown.width, shown.height), shown.pixels, "raw", "BGR")
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(200, 200))
    return out.getvalue()


def test_what_fills_a_page() -> None:
    assert Scan("x", 454, 680).fills(A4)
    assert not Scan("x", 118, 118).fills(A4)
    assert not Scan("x", 454, 200).fills(A4)
    assert not Scan("x", 0, 0).fills(A4)


def test_without_the_extra_a_problem_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    body = p("关于修路的通知") + p(drawing("a", PAGE)) + p(drawing("b", SEAL))
    reading = opened_word(tmp_path, body, {"a": blank(), "b": blank()})
    assert [b.text for b in reading.blocks] == ["关于修路的通知"]
    assert [(x.code, x.severity) for x in reading.problems] == [
        ("missing-extra", "error"),
        ("pictures", "info"),
    ]
    with pytest.raises(EmptyFile, match="pictures only"):
        opened_word(tmp_path, p(drawing("a", PAGE)), {"a": blank()})


@needs_ocr
def test_a_picture_that_is_not_there(tmp_path: Path) -> None:
    reading = opened_word(tmp_path, p("正文。") + p(drawing("a", PAGE)), {"a": b""})
    assert [(x.code, x.page) for x in reading.problems] == [("page-lost", 1)]
    with pytest.raises(Damaged, match="not in the file"):
        opened_word(tmp_path, p(drawing("a", PAGE)), {"a": b""})


@needs_ocr
@pytest.mark.slow
def test_a_scanned_page_is_read_in_its_place(tmp_path: Path) -> None:
    made.need_fonts()
    body = p("附件如下。") + p(drawing("a", PAGE)) + p("以上。")
    reading = opened_word(tmp_path, body, {"a": scanned()})
    texts = [b.text for b in reading.blocks]
    assert (texts[0], texts[-1]) == ("附件如下。", "以上。")
    expected = [t.replace(" ", "") for t in made.truth(made.demo("01")).splitlines()[:8]]
    found = "".join(texts).replace(" ", "")
    assert sum(t in found for t in expected) >= 0.6 * len(expected)
    assert "recognised" in {x.code for x in reading.problems}
    assert all(b.page == 0 and b.body.glyphs is None for b in reading.blocks)
