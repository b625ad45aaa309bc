"""DOC, WPS, ODT, RTF: told by their content, converted with a profile of our own, refused with a hint."""

from __future__ import annotations

import time
from pathlib import Path

import made_formats as made
import pytest
from ole_writer import compound

from luoshi.errors import Damaged, InputError
from luoshi.read import coverage_gaps, read
from luoshi.read.formats import ole, soffice
from luoshi.read.formats.office import OfficeReader, ending
from luoshi.read.registry import choose

PARTS = made.demo()


@pytest.fixture(scope="module")
def libreoffice() -> str:
    found = soffice.program()
    if found is None:
        pytest.skip("needs LibreOffice (scripts/system.sh installs it)")
    return found


def test_streams_of_a_compound_file() -> None:
    names = ["WordDocument", "1Table", "Macros", "VBA", "文档"]
    assert set(names) <= ole.streams(compound(names))
    assert set(names) <= ole.streams(compound(names, padding=40))
    assert ole.streams(b"") == ole.streams(ole.MAGIC) == frozenset()
    data = bytearray(compound(names))
    data[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")  # the directory's chain runs in a circle
    assert len(ole.streams(bytes(data))) < 5000


@pytest.mark.parametrize(
    ("data", "reader"),
    [
        (compound(["WordDocument"]), "office"),
        (compound(["Workbook"]), "xlsx"),
        (b"{\\rtf1\\ansi text}", "office"),
        (b"\xef\xbb\xbf {\\rtf1}", "office"),
    ],
)
def test_content_decides(data: bytes, reader: str) -> None:
    for name in ("a.doc", "a.xls", "a.wps", "a.bin", "a.txt"):
        chosen = choose(data, name)
        assert chosen is not None and chosen.name == reader


@pytest.mark.parametrize(
    ("streams", "words"),
    [
        (["EncryptedPackage", "EncryptionInfo"], "encrypted"),
        (["PowerPoint Document"], "presentation"),
        (["__properties_version1.0"], "Outlook"),
        (["Something"], "without a text"),
    ],
)
def test_other_old_files_are_named(streams: list[str], words: str) -> None:
    with pytest.raises(Damaged, match=words):
        ending(compound(streams), "a.doc")


def test_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(soffice.VARIABLE, str(tmp_path / "nowhere"))
    path = tmp_path / "a.rtf"
    path.write_bytes(made.rtf(PARTS))
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == "missing-program"
    assert "apt-get" in OfficeReader().lacks()
    assert "LibreOffice" in caught.value.message and "apt-get install" in caught.value.hint


def test_one_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "soffice"
    script.write_text("#!/bin/sh\nsleep 60 &\nsleep 60\n")
    script.chmod(0o755)
    monkeypatch.setenv(soffice.VARIABLE, str(script))
    start = time.monotonic()
    with pytest.raises(InputError, match="took longer than 1 seconds"):
        soffice.convert([("rtf", b"{\\rtf1}")], seconds=1)
    assert time.monotonic() - start < 10


def test_one_that_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "soffice"
    script.write_text("#!/bin/sh\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setenv(soffice.VARIABLE, str(script))
    path = tmp_path / "a.rtf"
    path.write_bytes(b"{\\rtf1 x}")
    with pytest.raises(Damaged, match="cannot open it"):
        read(path)


REVISED = (
    b"{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0\\fcharset134 SimSun;}}{\\*\\revtbl{A;}}"
    b"\\pard Kept {\\deleted\\revauthdel0 struck }{\\revised\\revauth0 added }here.\\par}"
)


@pytest.mark.slow
def test_tracked_deletions_are_left_out(tmp_path: Path, libreoffice: str) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(REVISED)
    (reading,) = read(path)
    assert [b.text for b in reading.blocks] == ["Kept added here."]
    assert any(d.reason == "tracked deletion" and "struck" in d.quote for d in reading.dropped)
    assert coverage_gaps(reading) == ()
    assert reading.source.media_type == "application/rtf"


@pytest.mark.slow
def test_a_batch_starts_libreoffice_once(
    tmp_path: Path, libreoffice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for n in range(4):
        path = tmp_path / f"{n}.rtf"
        path.write_bytes(made.rtf(PARTS[: 5 + n]))
        files.append((path.name, path.read_bytes()))
    OfficeReader().prepare([*files, ("x.txt", b"plain"), ("y.doc", compound(["Something"]))])
    monkeypatch.setenv(soffice.VARIABLE, str(tmp_path / "nowhere"))
    assert [len(read(tmp_path / name)[0].blocks) for name, _ in files] == [5, 6, 7, 8]


@pytest.mark.slow
def test_nothing_is_written_beside_the_file(tmp_path: Path, libreoffice: str) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(made.rtf(PARTS[:3]))
    home = Path.home() / ".config" / "libreoffice"
    before = (sorted(tmp_path.iterdir()), sorted(Path.cwd().iterdir()), home.exists())
    read(path)
    assert (sorted(tmp_path.iterdir()), sorted(Path.cwd().iterdir()), home.exists()) == before
