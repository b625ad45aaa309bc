"""Every file of every corpus: each code point of a flat source is in a block or in a drop, once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from luoshi.errors import EmptyFile, InputError
from luoshi.read import coverage_gaps, read

SKIPPED = {
    "laws.jsonl.gz": "packed: its rows are read where they are unpacked",
    "laws_cited_basis.jsonl": "rows about texts, without the texts themselves",
    "layout-govdoc-cn/**/*_a.txt": "marks behind each character of the text beside it",
    "layout-govdoc-cn/**/*.xml": "boxes on pictures",
    "layout-govdoc-cn/**/*.png": "pictures of the pages of the PDF file beside them; recognised elsewhere",
}
PICTURES = {"V4RideRight", "containsJPEG", "converter__h", "文字横向-数科"}
"""OFD files whose pages hold no characters, only paths and pictures."""
FOLDERS = (
    "seeds",
    "policies",
    "statecouncil-html",
    "guangzhou-html",
    "work-reports",
    "lineage-business-environment",
    "docx",
    "ofd",
    "layout-govdoc-cn",
)

pytestmark = pytest.mark.corpus


def _files(corpus: Path, folder: str) -> list[Path]:
    skipped = {path for pattern in SKIPPED for path in corpus.glob(pattern)}
    return sorted(p for p in (corpus / folder).rglob("*") if p.is_file() and p not in skipped)


def test_every_folder_is_looked_at(shared: Path) -> None:
    corpus = shared / "corpus"
    loose = {p.name for p in corpus.iterdir() if p.is_file()} - {"INDEX.md"}
    assert loose <= set(SKIPPED)
    assert {p.name for p in corpus.iterdir() if p.is_dir()} == set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_lost(shared: Path, folder: str) -> None:
    files = _files(shared / "corpus", folder)
    assert files
    for path in files:
        try:
            readings = read(path)
        except EmptyFile:
            assert path.suffix == ".ofd" and any(name in path.name for name in PICTURES), path.name
            continue
        length = readings[0].source.length
        count = np.zeros(length, dtype=np.int64)
        for reading in readings:
            assert all(block.text.strip() for block in reading.blocks), path.name
            for block in reading.blocks:
                offsets = block.body.offsets
                np.add.at(count, offsets[offsets >= 0], 1)
            for drop in reading.dropped:
                if drop.source_span is not None:
                    count[slice(*drop.source_span)] += 1
        wrong = np.flatnonzero(count != 1)
        assert not len(wrong), (path.name, wrong[:5])
        if len(readings) == 1:
            assert coverage_gaps(readings[0]) == (), path.name


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_dropped_is_what_stands_there(shared: Path, folder: str) -> None:
    flat = {".txt", ".md", ".html", ".htm", ".jsonl"}
    for path in (p for p in _files(shared / "corpus", folder) if p.suffix in flat):
        readings = read(path)
        source = path.read_bytes().decode(readings[0].source.encoding, "replace")
        assert readings[0].source.length == len(source)
        for reading in readings:
            assert all(source[slice(*d.source_span)] == d.quote for d in reading.dropped if d.source_span)


def test_rows_without_texts_say_so(shared: Path) -> None:
    with pytest.raises(InputError, match="JSON"):
        read(shared / "corpus" / "laws_cited_basis.jsonl")


def test_little_text_is_dropped_from_plain_text(shared: Path) -> None:
    """Saved reports lose their page's chrome and nothing else: under one part in a hundred."""
    for path in sorted((shared / "corpus" / "work-reports" / "provincial-2026").glob("*.txt")):
        (reading,) = read(path)
        lost = sum(
            len(d.quote) for d in reading.dropped if d.reason not in ("white space", "control characters")
        )
        assert lost <= 0.03 * reading.source.length, path.name


def test_pages_name_their_document(shared: Path) -> None:
    """The metadata table of the State Council's pages is read whole."""
    for path in sorted((shared / "corpus" / "statecouncil-html").glob("*.html")):
        (reading,) = read(path)
        assert {"title", "issuer", "number", "date", "published", "index"} <= set(reading.metadata), path.name
        assert path.stem.replace(" ", "") in reading.metadata["number"].replace(" ", ""), path.name
