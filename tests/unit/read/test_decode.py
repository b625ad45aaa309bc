"""Encodings are told by the bytes; broken bytes are reported, never a traceback."""

from __future__ import annotations

import pytest

from luoshi.errors import EmptyFile, InputError, NotText
from luoshi.read import Limits, coverage_gaps, read_with
from luoshi.read.decode import decode, sniff
from luoshi.read.formats.html import HtmlReader
from luoshi.read.formats.text import TextReader

SIMPLE = "各县区要按照任务分工，抓紧制定实施方案，于2025年6月底前报省政府办公厅。经费由县级财政保障。\n"
FULL = "各縣區要按照任務分工，抓緊制定實施方案，於六月底前報省政府辦公廳。經費由縣級財政保障。\n"


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (SIMPLE, "utf-8", "utf-8"),
        (SIMPLE, "utf-8-sig", "utf-8-sig"),
        (SIMPLE, "gb18030", "gb18030"),
        (SIMPLE, "gbk", "gb18030"),
        (SIMPLE * 20, "gb18030", "gb18030"),
        (FULL, "big5", "big5"),
        (FULL * 20, "big5", "big5"),
        (SIMPLE, "utf-16", "utf-16"),
        (SIMPLE, "utf-16-le", "utf-16-le"),
        (SIMPLE, "utf-16-be", "utf-16-be"),
        ("Plain English text.\n", "ascii", "utf-8"),
        ("Plain English text, of some length.\n", "utf-16-le", "utf-16-le"),
    ],
)
def test_encoding_by_content(text: str, encoding: str, expected: str) -> None:
    data = text.encode(encoding)
    found = decode(data, "a.txt")
    assert found.encoding == expected
    assert found.text == text
    assert data.decode(found.encoding, "replace") == found.text
    assert found.broken == 0


def test_bytes_win_over_the_label() -> None:
    page = (
        f"<html><head><meta charset='utf-8'><title>通知</title></head><body><p>{SIMPLE * 4}</p></body></html>"
    )
    (reading,) = read_with(HtmlReader(), page.encode("gb18030"), "a.html", Limits())
    assert reading.source.encoding == "gb18030"
    assert (
        SIMPLE.strip() in reading.blocks[0].text.replace(" ", "") + "\n"
        or SIMPLE[:20] in reading.blocks[0].text
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_broken_bytes_are_reported(encoding: str) -> None:
    data = bytearray((SIMPLE * 30).encode(encoding))
    data[200:201] = b"\xff"
    (reading,) = read_with(TextReader(), bytes(data), "a.txt", Limits())
    assert reading.source.encoding == encoding
    assert [p.code for p in reading.problems] == ["broken-encoding"]
    assert "\ufffd" in "".join(b.text for b in reading.blocks)
    assert coverage_gaps(reading) == ()


def test_a_file_cut_in_a_character() -> None:
    data = (SIMPLE * 3).rstrip().encode()[:-2]
    (reading,) = read_with(TextReader(), data, "a.txt", Limits())
    assert {p.code for p in reading.problems} == {"broken-encoding", "truncated"}


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 40, b"\x00\x01\x02\x03" * 500, b"\x89PNG\r\n\x1a\n" + bytes(range(200))]
)
def test_binary_is_refused(data: bytes) -> None:
    assert sniff(data) is None
    with pytest.raises(NotText) as refusal:
        decode(data, "scan.bin")
    assert "scan.bin" in refusal.value.message and refusal.value.hint


@pytest.mark.parametrize("data", [b"", b"  \n\t\r\n", "\ufeff \u3000\n".encode()])
def test_nothing_but_space(data: bytes) -> None:
    with pytest.raises(EmptyFile):
        decode(data, "a.txt")


def test_control_characters_are_dropped_and_said() -> None:
    (reading,) = read_with(TextReader(), "一、抓好\u200b落实\x07。\n".encode(), "a.txt", Limits())
    assert [b.text for b in reading.blocks] == ["一、抓好落实。"]
    assert [d.reason for d in reading.dropped].count("control characters") == 2


def test_markup_alone_is_no_document() -> None:
    with pytest.raises(InputError):
        read_with(HtmlReader(), b"<html><body><script>var a=1</script></body></html>", "a.html", Limits())
