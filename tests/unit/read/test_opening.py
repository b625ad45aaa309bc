"""The door: which reader takes a file, and what is said of a file that cannot be read."""

from __future__ import annotations

import logging
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from luoshi.errors import EmptyFile, InputError, NotText, TooLarge, UnknownFormat, UsageError
from luoshi.read import Limits, Reader, read, read_with, readers, registry

TEXT = "关于开展春季造林的通知\n各乡镇人民政府：\n为做好造林工作，现将有关事项通知如下。\n"


def test_the_built_in_readers_are_listed() -> None:
    names = {info.name: info for info in readers()}
    for name in ("text", "markdown", "html"):
        assert names[name].error == "" and isinstance(names[name].reader, Reader)
        assert names[name].extensions


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [
        ("a.txt", TEXT, "text"),
        ("a.md", TEXT, "text"),
        ("a.html", TEXT, "text"),
        ("a.txt", "# 通知\n\n**一、总体要求**\n\n- 甲\n- 乙\n", "markdown"),
        ("a.txt", "<!DOCTYPE html><html><body><p>通知</p></body></html>", "html"),
        ("a.md", "<div><p>甲</p><p>乙</p><p>丙</p></div>", "html"),
        ("a.txt", "---\ntitle: 通知\n---\n<div>\n<p>要抓好落实。</p><p>要加强领导。</p></div>", "html"),
        ("a", "---\ntitle: 通知\n---\n## 总体要求\n\n正文一段。\n", "markdown"),
        ("a.txt", "要求 a<b 且 c>d。\n第一条 目的。\n", "text"),
    ],
)
def test_content_decides(tmp_path: Path, name: str, content: str, reader: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    (reading,) = read(path, name="given/name")
    assert reading.source.reader == reader
    assert reading.source.path == "given/name"
    assert len(reading.source.sha256) == 64 and reading.source.size == len(content.encode())


@pytest.mark.parametrize(
    ("content", "error", "word"),
    [
        (b"", EmptyFile, "empty"),
        (b" \n\n", EmptyFile, "white space"),
        (b"%PDF-1.7\n\x00\xff\xfe" * 9, UnknownFormat, "PDF"),
        (b"\x1f\x8b\x08\x00" + bytes(range(128, 256)), UnknownFormat, "gzip"),
        (bytes(range(256)) * 8, NotText, "binary"),
        (b'{"id": "1", "text": "abc"}\n', UnknownFormat, "JSON"),
    ],
)
def test_what_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, error: type[InputError], word: str
) -> None:
    flat = tuple(r for r in registry.readers() if r.name in ("text", "markdown", "html"))
    monkeypatch.setattr(registry, "readers", lambda: flat)
    path = tmp_path / "file.bin"
    path.write_bytes(content)
    with pytest.raises(error) as refusal:
        read(path, name="file.bin")
    assert "file.bin" in refusal.value.message and word in refusal.value.message
    assert refusal.value.hint


def test_too_large_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_text(TEXT * 100, encoding="utf-8")
    with pytest.raises(TooLarge, match=r"big\.txt"):
        read(path, limits=Limits(text_bytes=1000))
    with pytest.raises(TooLarge, match=r"big\.txt"):
        read(path, limits=Limits(text_bytes=1000, file_bytes=1000))


def test_no_such_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        read(tmp_path / "none.txt")
    with pytest.raises(UsageError, match="folder"):
        read(tmp_path)


def test_a_reader_that_does_not_load_is_logged_and_listed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = EntryPoint("broken", "luoshi.no_such_module:Reader", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [broken])
    registry.readers.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            (info,) = registry.readers()
        assert info.reader is None and "ModuleNotFoundError" in info.error
        assert "broken" in caplog.text
    finally:
        registry.readers.cache_clear()


def test_a_fault_of_a_reader_is_an_input_error() -> None:
    class Faulty:
        name = "faulty"
        extensions = (".x",)

        def score(self, head: bytes, name: str) -> float:
            return 1.0

        def read(self, data: bytes, source: object, limits: Limits) -> tuple[()]:
            raise KeyError("x")

    with pytest.raises(InputError, match="faulty reader failed"):
        read_with(Faulty(), b"x", "a.x", Limits())
