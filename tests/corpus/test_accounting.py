"""Every code point of every text, Markdown and HTML file of the corpora is in a block or in a drop."""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.read import coverage_gaps, read

FLAT = {".txt", ".md", ".html", ".htm"}
FOLDERS = (
    "seeds",
    "policies",
    "statecouncil-html",
    "guangzhou-html",
    "work-reports",
    "lineage-business-environment",
)

pytestmark = pytest.mark.corpus


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_lost(shared: Path, folder: str) -> None:
    files = sorted(p for p in (shared / "corpus" / folder).rglob("*") if p.suffix in FLAT)
    assert files
    for path in files:
        (reading,) = read(path)
        assert coverage_gaps(reading) == (), path.name
        source = path.read_bytes().decode(reading.source.encoding, "replace")
        assert reading.source.length == len(source)
        assert all(source[slice(*d.source_span)] == d.quote for d in reading.dropped if d.source_span)
        assert all(block.text for block in reading.blocks)


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
