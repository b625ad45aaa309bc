"""Broken files: every reader gives readings or a clear refusal, soon, and touches nothing else.

A few hundred in the ordinary run; ``make fuzz`` sets ``FUZZ_ROUNDS`` and takes many more. A failure names the
seed and leaves the file, so that it can be had again.
"""

from __future__ import annotations

import importlib.util
import os
import random
import signal
import socket
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from types import FrameType

import made_formats as made
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutate import mutate
from ole_writer import compound

from luoshi.errors import InputError
from luoshi.read import Limits, coverage_gaps, read
from luoshi.read.formats import soffice
from luoshi.read.formats.sheets.numfmt import show
from luoshi.read.opening import read_bytes

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "400"))
SECONDS = 20
LIMITS = Limits(text_bytes=8 << 20, file_bytes=32 << 20, pages=200, members=200, unpacked_bytes=64 << 20)
SLOW = {".png", ".jpg"}
"""What is recognised as pictures of text: seconds a page, and tested with the recognition."""


class TooSlow(Exception):
    """A reader took longer than any file of this size may."""


def seeds() -> dict[str, bytes]:
    """A small sound file of every format."""
    parts = made.demo()[:9]
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@example.cn", "b@example.cn", "通知"
    letter.set_content("请于月底前报送。\n")
    letter.add_attachment(made.ledger("xlsx"), maintype="application", subtype="x", filename="台账.xlsx")
    out = {
        "a.txt": made.txt(parts), "a.md": made.md(parts), "a.html": made.html(parts),
        "a.rtf": made.rtf(parts),
        "typed.docx": made.word(parts, automatic=False), "auto.docx": made.word(parts, automatic=True),
        "a.ofd": made.ofd(parts), "table.ofd": made.ledger("ofd"), "table.docx": made.ledger("docx"),
        "table.xlsx": made.ledger("xlsx"), "table.csv": made.ledger("csv"), "table.html": made.ledger("html"),
        "a.eml": letter.as_bytes(), "a.doc": compound(["WordDocument", "1Table"]),
        "a.xls": compound(["Workbook"]), "gb.txt": made.txt(parts).decode().encode("gb18030"),
        "wide.txt": made.txt(parts).decode().encode("utf-16"),
    }  # fmt: skip
    out["a.zip"] = made.zipped([(n, out[n]) for n in ("a.txt", "typed.docx", "a.ofd", "a.eml")])
    if importlib.util.find_spec("typst") is not None:
        out["a.pdf"] = made.pdf(parts)
    return out


@pytest.fixture(scope="module")
def samples() -> dict[str, bytes]:
    out = seeds()
    shared = Path(os.environ.get("LUOSHI_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    for folder in ("ofd", "docx", "guangzhou-html", "layout-govdoc-cn"):
        for path in sorted((shared / "corpus" / folder).rglob("*"))[:30]:
            if path.is_file() and path.stat().st_size < 150_000 and path.suffix not in SLOW:
                out[f"real-{path.name}"] = path.read_bytes()
    return out


@pytest.fixture
def fenced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No network, no LibreOffice (it has its own process and tests), an empty folder to work in, a clock."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a reader opened a connection")

    def alarm(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv(soffice.VARIABLE, str(tmp_path / "nowhere"))
    place, temporary = tmp_path / "work", tmp_path / "temporary"
    place.mkdir()
    temporary.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    old = signal.signal(signal.SIGALRM, alarm)
    yield place
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, old)
    assert list(place.iterdir()) == []
    assert list(temporary.iterdir()) == []


def attempt(data: bytes, name: str, say: str, seconds: float = SECONDS) -> None:
    """Read bytes; anything but readings and a refusal is a failure."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        readings = read_bytes(data, name, name, LIMITS)
    except InputError as error:
        assert error.message and "the reader" not in error.message.split("(")[0][-20:], say
        assert "fault of the reader" not in error.hint, f"{say}: {error}"
        return
    except TooSlow:
        pytest.fail(f"{say}: took longer than {seconds} seconds")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    assert readings, say
    for reading in readings:
        assert reading.blocks, say
        assert all("\n" not in b.text for b in reading.blocks), say
        if reading.source.length:
            assert coverage_gaps(reading) == (), say


def test_the_seeds_are_sound(samples: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in seeds().items():
        if name not in ("a.rtf", "a.doc", "a.xls"):
            path = tmp_path / name
            path.write_bytes(data)
            assert read(path), name


@pytest.mark.slow
def test_broken_files(samples: dict[str, bytes], fenced: Path, tmp_path: Path) -> None:
    names = sorted(samples)
    for n in range(ROUNDS):
        rng = random.Random(n)
        name = names[n % len(names)]
        data = mutate(samples[name], samples[rng.choice(names)], rng)
        if rng.random() < 0.2:
            name = rng.choice(names)  # a wrong extension
        kept = tmp_path / "broken"
        kept.write_bytes(data)
        attempt(data, f"{n}-{name}", f"round {n} ({name}), kept as {kept}")


@pytest.mark.slow
def test_broken_files_for_libreoffice(fenced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs a second: few in the ordinary run."""
    monkeypatch.delenv(soffice.VARIABLE)
    if soffice.program() is None:
        pytest.skip("needs LibreOffice (scripts/system.sh installs it)")
    sound = {"a.rtf": made.rtf(made.demo()[:9])}
    for ending in ("odt", "doc"):
        made.by_libreoffice(made.word(made.demo()[:9], automatic=True), ending, tmp_path / f"a.{ending}")
        sound[f"a.{ending}"] = (tmp_path / f"a.{ending}").read_bytes()
    names = sorted(sound)
    for n in range(max(6, ROUNDS // 100)):
        rng = random.Random(n)
        name = names[n % len(names)]
        data = mutate(sound[name], sound[rng.choice(names)], rng)
        attempt(data, f"{n}-{name}", f"round {n} ({name})", soffice.SECONDS + 10)
    soffice.clean()


MAGIC = [
    b"", b"PK\x03\x04", b"PK\x05\x06", bytes.fromhex("d0cf11e0a1b11ae1"), b"{\\rtf", b"%PDF-1.7\n", b"<html>",
    b"<?xml version='1.0'?>", b"From: a\nTo: b\nSubject: c\n", b"\xff\xfe", b"\xef\xbb\xbf", b"---\n",
    "序号,任务,单位\n".encode(),
]  # fmt: skip


@given(
    st.sampled_from(MAGIC),
    st.binary(max_size=3000),
    st.sampled_from(["a", "a.docx", "a.ofd", "a.csv", "a.eml"]),
)
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_any_bytes(fenced: Path, magic: bytes, rest: bytes, name: str) -> None:
    attempt(magic + rest, name, repr(magic + rest))


@given(
    st.one_of(
        st.floats(allow_nan=True), st.integers(-(10**18), 10**18), st.dates(), st.datetimes(), st.timedeltas()
    ),
    st.text('0#?.,%E+-;"年月日yYmMdDhHsS[]@_* \\/aAPM()$-804General', max_size=24),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_number_format(value: object, code: str) -> None:
    assert isinstance(show(value, code), str)  # type: ignore[arg-type]
