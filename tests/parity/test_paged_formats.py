"""The demo documents as PDF in one and two columns and as scans: the same outline and commitments."""

from __future__ import annotations

from collections.abc import Sequence

import made_pages as made
import pytest
from PIL import Image

from luoshi.extract import extract
from luoshi.model import Reading
from luoshi.read import Limits, ocr, read, read_with
from luoshi.read.formats.pdf import PdfReader
from luoshi.read.formats.pdf.document import Picture, opened
from luoshi.structure import structure

Outcome = list[tuple[list[tuple[str, str, int]], list[tuple[str, tuple[str, ...]]]]]


def outcome(readings: Sequence[Reading]) -> Outcome:
    """For each document labels, titles and depths of the provisions, quotes and units of the commitments."""
    out: Outcome = []
    for document in (d for r in readings for d in structure(r)):
        rows = extract(document).commitments
        out.append(
            (
                [(p.label, p.title, p.depth) for p in document.provisions],
                [(c.evidence.quote, tuple(u.name for u in c.units)) for c in rows],
            )
        )
    return out


def source(stem: str) -> Outcome:
    return outcome(read(next(p for p in sorted(made.DEMO.iterdir()) if p.name.startswith(stem))))


def pdf(data: bytes) -> Outcome:
    return outcome(read_with(PdfReader(), data, "made.pdf", Limits()))


@pytest.mark.parametrize("stem", ["01", "02", "03", "04"])
def test_one_column(stem: str) -> None:
    assert pdf(made.pdf(made.source(made.demo(stem), head="云江省人民政府公报"))) == source(stem)


@pytest.mark.parametrize("stem", ["01", "03"])
def test_two_columns(stem: str) -> None:
    assert pdf(made.pdf(made.source(made.demo(stem), columns=2, size=10.5))) == source(stem)


def scanned(data: bytes) -> bytes:
    pages: list[Image.Image] = []
    with opened(data, "x", 20.0) as document:
        for number in range(1, document.pages + 1):
            shown = document.picture(number, 200 / 72)
            assert isinstance(shown, Picture)
            page = Image.frombytes("RGB", (shown.width, shown.height), shown.pixels, "raw", "BGR")
            pages.append(made.scan(page, seed=number, skew=(-1) ** number))
    return made.as_pdf(pages)


@pytest.mark.slow
@pytest.mark.skipif(not ocr.installed(), reason="needs luoshi[ocr]")
@pytest.mark.parametrize("stem", ["01", "04"])
def test_scans(stem: str) -> None:
    expected, found = source(stem), pdf(scanned(made.pdf(made.source(made.demo(stem)))))
    assert len(found) == len(expected)
    for (outline, commitments), (own_outline, own) in zip(expected, found, strict=True):
        assert [p[0] for p in own_outline] == [p[0] for p in outline]
        assert sum(c in own for c in commitments) >= 0.9 * len(commitments)
