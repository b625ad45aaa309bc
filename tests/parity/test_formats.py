"""The same document in every format gives the same provisions and the same commitments."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path

import made_formats as made
import pytest

from luoshi.extract import extract
from luoshi.read import read
from luoshi.read.formats import soffice
from luoshi.read.registry import readers
from luoshi.structure import structure

PARTS = made.demo()
OWN: dict[str, Callable[[], bytes]] = {
    "plain.txt": lambda: made.txt(PARTS),
    "marked.md": lambda: made.md(PARTS),
    "page.html": lambda: made.html(PARTS),
    "typed.docx": lambda: made.word(PARTS, automatic=False),
    "numbered.docx": lambda: made.word(PARTS, automatic=True),
    "pages.ofd": lambda: made.ofd(PARTS),
}
CONVERTED = ["typed.odt", "numbered.odt", "typed.doc", "numbered.doc", "typed.rtf"]


def outcome(path: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Labels and titles of the provisions, quotes of the commitments without white space."""
    documents = [d for reading in read(path) for d in structure(reading)]
    assert len(documents) == 1
    provisions = [(p.label, p.title) for p in documents[0].provisions]
    quotes = [re.sub(r"\s", "", c.evidence.quote) for c in extract(documents[0]).commitments]
    return provisions, quotes


def bare(text: str) -> str:
    """Without white space."""
    return re.sub(r"\s", "", text)


def characters(path: Path) -> str:
    """All that was read, without white space."""
    return bare("".join(b.text for reading in read(path) for b in reading.blocks))


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[str, str]], list[str]]:
    path = tmp_path_factory.mktemp("plain") / "plain.txt"
    path.write_bytes(made.txt(PARTS))
    return outcome(path)


def test_the_plain_text_has_its_whole_outline(expected: tuple[list[tuple[str, str]], list[str]]) -> None:
    labels = [p.label for p in PARTS if p.label]
    assert [label for label, _ in expected[0] if label] == labels
    assert len(expected[1]) >= 20


@pytest.mark.parametrize("name", sorted(OWN))
def test_formats_that_the_bare_install_reads(
    name: str, tmp_path: Path, expected: tuple[list[tuple[str, str]], list[str]]
) -> None:
    path = tmp_path / name
    path.write_bytes(OWN[name]())
    assert outcome(path) == expected
    assert characters(path) == "".join(bare(p.typed) for p in PARTS)


def test_pdf(tmp_path: Path, expected: tuple[list[tuple[str, str]], list[str]]) -> None:
    if importlib.util.find_spec("typst") is None or not any(r.name == "pdf" and r.reader for r in readers()):
        pytest.skip("needs typst, which sets the sample, and the reader of PDF")
    path = tmp_path / "pages.pdf"
    path.write_bytes(made.pdf(PARTS))
    assert outcome(path) == expected
    assert characters(path) == "".join(bare(p.typed) for p in PARTS)


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Word samples in the formats that only LibreOffice writes."""
    if soffice.program() is None:
        pytest.skip("needs LibreOffice (scripts/system.sh installs it)")
    folder = tmp_path_factory.mktemp("converted")
    for name in CONVERTED:
        stem, _, ending = name.partition(".")
        made.by_libreoffice(OWN[f"{stem}.docx"](), ending, folder / name)
    (folder / "word.rtf").write_bytes(made.rtf(PARTS))
    (folder / "word.wps").write_bytes((folder / "numbered.doc").read_bytes() if CONVERTED else b"")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", [*CONVERTED, "word.rtf", "word.wps"])
def test_formats_that_libreoffice_reads(
    name: str, converted: Path, expected: tuple[list[tuple[str, str]], list[str]]
) -> None:
    assert outcome(converted / name) == expected
    assert characters(converted / name) == "".join(bare(p.typed) for p in PARTS)


TABLE = ["plan.html", "plan.docx", "plan.ofd", "plan.xlsx", "plan.csv"]


def rows_of(path: Path) -> list[tuple[str, tuple[tuple[str, str], ...], bool]]:
    """Quote, units with their part, and whether there is a deadline, of each commitment."""
    out = []
    for reading in read(path):
        for document in structure(reading):
            for c in extract(document).commitments:
                units = tuple((u.name, str(u.role)) for u in c.units)
                out.append((re.sub(r"\s", "", c.evidence.quote), units, c.deadline is not None))
    return out


def test_a_task_list_is_the_same_in_every_format(tmp_path: Path) -> None:
    expected = None
    for name in TABLE:
        path = tmp_path / name
        path.write_bytes(made.ledger(name.rpartition(".")[2]))
        found = rows_of(path)
        assert found, name
        assert all(units for _, units, _ in found), name
        expected = expected or found
        assert found == expected, name
