"""Real PDF files: read to the character, every glyph accounted for."""

from __future__ import annotations

from pathlib import Path

import made_pages as made
import pytest

from luoshi.read import read
from luoshi.read.formats.pdf.document import opened
from luoshi.read.layout.account import page_gaps
from luoshi.read.layout.page import Page
from luoshi.structure import structure

pytestmark = pytest.mark.corpus


def test_an_official_document(shared: Path) -> None:
    (path,) = (shared / "corpus" / "layout-govdoc-cn").rglob("*.pdf")
    (reading,) = read(path)
    truth = path.with_suffix(".txt").read_text(encoding="utf-8")
    found = made.text_of(reading)
    # the known text ends headings with a full stop that the page does not have
    assert made.error(truth, found) <= 0.005, made.differences(truth, found)
    assert {d.reason for d in reading.dropped} == {"page number"}
    (document,) = structure(reading)
    assert len([p for p in document.provisions if p.depth == 1]) == 5


def test_nothing_of_a_real_page_is_lost(shared: Path) -> None:
    paths = sorted((shared / "corpus").rglob("*.pdf"))
    assert paths
    for path in paths:
        data = path.read_bytes()
        with opened(data, path.name, 20.0) as document:
            pages = [p for p in document.read(document.pages) if isinstance(p, Page)]
        for reading in read(path):
            assert page_gaps(reading, pages) == [], path.name
