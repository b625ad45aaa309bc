"""Scans: what the recogniser gives, put right and laid out."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import made_pages as made
import numpy as np
import pytest
from made_pages import Part
from PIL import Image

from luoshi.errors import Damaged, EmptyFile, InputError, TooLarge
from luoshi.model import Problem, Reading
from luoshi.read import Limits, ocr, paged, read_with
from luoshi.read.formats import image as images
from luoshi.read.formats.image import ImageReader
from luoshi.read.formats.pdf import PdfReader
from luoshi.read.formats.pdf.document import Picture, opened
from luoshi.read.layout.account import page_gaps
from luoshi.read.layout.page import Page
from luoshi.read.ocr.repair import repair

TABLE = [
    line.split("\t")
    for line in (Path(__file__).parent / "ocr-repairs.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
needs_ocr = pytest.mark.skipif(not ocr.installed(), reason="needs luoshi[ocr]")


def raster(data: bytes, dpi: float = 200) -> list[Image.Image]:
    out = []
    with opened(data, "x", 20.0) as document:
        for number in range(1, document.pages + 1):
            shown = document.picture(number, dpi / 72)
            assert isinstance(shown, Picture)
            out.append(Image.frombytes("RGB", (shown.width, shown.height), shown.pixels, "raw", "BGR"))
    return out


def scans(parts: Sequence[Part], **settings: float) -> list[Image.Image]:
    pages = raster(made.pdf(made.source(parts)))
    return [made.scan(p, seed=k, skew=settings.get("skew", 1.0) * (-1) ** k) for k, p in enumerate(pages)]


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(200, 200))
    return out.getvalue()


def read_image(data: bytes) -> Reading:
    (reading,) = read_with(ImageReader(), data, "scan.png", Limits())
    return reading


@pytest.mark.parametrize(("found", "meant"), TABLE, ids=[f for f, _ in TABLE])
def test_repairs(found: str, meant: str) -> None:
    assert repair(found) == meant
    assert len(found) == len(meant) and repair(meant) == meant


@needs_ocr
@pytest.mark.slow
def test_a_scan_with_skew_noise_and_stamp() -> None:
    parts = made.demo("01")
    (reading,) = read_with(PdfReader(), made.as_pdf(scans(parts)), "scan.pdf", Limits())
    expected = made.truth(parts)
    assert made.error(expected, made.text_of(reading)) <= 0.015, made.differences(
        expected, made.text_of(reading)
    )
    found = [b.text.replace(" ", "") for b in reading.blocks]
    assert sum(x.replace(" ", "") in found for x in expected.splitlines()) >= 0.9 * len(parts)
    told = next(p for p in reading.problems if p.code == "recognised")
    assert told.page == 1 and "confidence 0.9" in told.message


@needs_ocr
@pytest.mark.slow
def test_a_table_in_a_scan() -> None:
    parts = made.demo("04")
    (first, *_) = scans(parts)
    reading = read_image(png(first))
    rows = [b.text.replace(" ", "").split("\t") for b in reading.blocks if b.kind == "table-row"]
    expected = [[c.replace(" ", "") for c in row] for p in parts for row in p.rows]
    assert rows[0] == expected[0]
    assert sum(row in expected for row in rows) >= 0.8 * len(rows) and len(rows) >= 6


@needs_ocr
@pytest.mark.slow
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_pages_that_lie_on_their_side(degrees: int) -> None:
    text = [Part("title", "关于春季植树的通知"), Part("body", "请各村于三月底前完成植树任务，不得拖延。" * 6)]
    (page,) = raster(made.pdf(made.source(text, numbers=False)))
    turned = page.rotate(degrees, expand=True)
    reading = read_image(png(turned))
    assert made.error(made.truth(text), made.text_of(reading)) <= 0.01
    dark = np.asarray(turned.convert("L")) < 128
    scale = 200 / 72
    inside = np.zeros_like(dark)
    for block in reading.blocks:
        for _, x0, y0, x1, y1 in block.body.boxes() or ():
            inside[int(y0 * scale) - 4 : int(y1 * scale) + 5, int(x0 * scale) - 4 : int(x1 * scale) + 5] = (
                True
            )
    assert (dark & ~inside).sum() < 0.02 * dark.sum()


@needs_ocr
@pytest.mark.slow
def test_only_pages_without_text_are_recognised() -> None:
    text = [Part("body", f"{n}、本页是有文字的一页，无须识别。" * 5) for n in "甲"]
    own = made.pdf(made.source(text, numbers=False))
    with opened(own, "x", 20.0) as document:
        pages = [p for p in document.read(document.pages) if isinstance(p, Page)]
    seen: list[int] = []
    (reading,) = read_with(PdfReader(), own, "own.pdf", Limits())
    assert not [p for p in reading.problems if p.code == "recognised"] and not seen
    assert page_gaps(reading, pages) == []


@needs_ocr
@pytest.mark.slow
def test_a_process_that_was_ended_is_started_again() -> None:
    (page,) = raster(made.pdf(made.source([Part("body", "请各村植树。" * 3)], numbers=False)))
    pictures = [ocr.Picture(k, (595.0, 842.0), png(page), frame=0) for k in range(1, 5)]
    recogniser = ocr.Recogniser(1)
    try:
        (first,) = recogniser.read(pictures[:1])
        assert isinstance(first, Page) and first.text == "请各村植树。" * 3
        child = recogniser._children[0]
        assert child._process is not None
        child._process.kill()
        (second,) = recogniser.read(pictures[1:2])
        assert isinstance(second, Page) and second.text == first.text and second.number == 2
        assert list(recogniser.read(pictures[2:3], seconds=0.05)) == [ocr.Lost(3, "time")]
        (last,) = recogniser.read(pictures[3:])
        assert isinstance(last, Page) and last.text == first.text
    finally:
        recogniser.end()


@needs_ocr
@pytest.mark.slow
def test_frames_of_a_tiff_are_pages() -> None:
    frames = [
        raster(made.pdf(made.source([Part("body", w * 8)], numbers=False)))[0]
        for w in ("第一页讲造林。", "次页讲护林。")
    ]
    out = io.BytesIO()
    frames[0].save(
        out, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_lzw", dpi=(200, 200)
    )
    reading = read_image(out.getvalue())
    assert [b.page for b in reading.blocks] == [1, 2]
    assert reading.source.media_type == "image/tiff"
    assert made.text_of(reading).split("\n") == ["第一页讲造林。" * 8, "次页讲护林。" * 8]


@needs_ocr
@pytest.mark.slow
def test_a_picture_without_text_is_refused() -> None:
    with pytest.raises(EmptyFile, match="no text"):
        read_image(png(Image.new("RGB", (600, 800), "white")))


def test_without_the_extra_a_picture_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    with pytest.raises(InputError, match="picture") as refusal:
        read_image(png(Image.new("RGB", (60, 80), "white")))
    assert refusal.value.code == "missing-extra" and "luoshi[ocr]" in refusal.value.hint


def huge(width: int, height: int) -> bytes:
    """The head of a PNG file that claims a size."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(100_000, 100_000), (100_000, 200), (13_000, 10_000)])
def test_a_picture_of_too_many_pixels_is_not_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(TooLarge, match="pixels") as refusal:
        list(images.frames(huge(*size), "scan.png", 10, []))
    assert "200 to 300" in refusal.value.hint


@needs_ocr
@pytest.mark.parametrize("cut", [20, 60])
def test_a_damaged_picture(cut: int) -> None:
    with pytest.raises((Damaged, EmptyFile)) as refusal:
        read_image(png(Image.effect_noise((300, 300), 50))[:cut])
    assert refusal.value.hint


def test_sizes_in_points() -> None:
    def frame(width: int, height: int, dpi: int) -> images.Frame:
        out = io.BytesIO()
        Image.new("L", (width, height), 255).save(out, "PNG", dpi=(dpi, dpi))
        problems: list[Problem] = []
        ((_, found),) = images.frames(out.getvalue(), "x", 5, problems)
        return found

    assert frame(1654, 2339, 200).points == pytest.approx((595.4, 842.0), abs=0.5)
    assert frame(1654, 2339, 72).points == pytest.approx((595.4, 842.0), abs=0.5)
    assert frame(2339, 1654, 1).points == pytest.approx((842.0, 595.4), abs=0.5)


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(paged, "recognise", lambda wanted: (ocr.Lost(p.number, "crash") for p in wanted))
    monkeypatch.setattr(ocr, "installed", lambda: True)
    yield


def test_a_recogniser_that_fails_is_told(crashing: None) -> None:
    with pytest.raises(Damaged, match="recogniser failed") as refusal:
        read_image(png(Image.new("RGB", (60, 80), "white")))
    assert refusal.value.hint


def test_ranges() -> None:
    assert paged.ranges([3]) == "3"
    assert paged.ranges([9, 3, 5, 6, 7, 7]) == "3, 5–7, 9"
    assert paged.ranges([]) == ""


@pytest.mark.parametrize(
    ("head", "score"),
    [
        (b"\x89PNG\r\n\x1a\n....", 1.0),
        (b"\xff\xd8\xff\xe0", 1.0),
        (b"II*\0", 1.0),
        (b"RIFF....WEBPVP8 ", 1.0),
        (b"BM" + b"\0" * 20, 1.0),
        (b"BM\xd2\xe6 text that begins so", 0.0),
        (b"text", 0.0),
    ],
)
def test_content_decides(head: bytes, score: float) -> None:
    assert ImageReader().score(head, "a.txt") == score
