"""Whatever the bytes are: an InputError, or a reading in which every code point has one place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshi.errors import InputError
from luoshi.model import Reading
from luoshi.read import Limits, Reader, coverage_gaps, read_with
from luoshi.read.formats.html import HtmlReader
from luoshi.read.formats.markdown import MarkdownReader
from luoshi.read.formats.text import TextReader
from luoshi.read.normalise import fold

READERS: tuple[Reader, ...] = (TextReader(), MarkdownReader(), HtmlReader())
SPACE = " \t\r\n\u3000\xa0"

PIECES: list[str] = json.loads(Path(__file__).with_name("read_pieces.json").read_text("utf-8"))
pieces = st.sampled_from(PIECES)
documents = st.one_of(
    st.lists(pieces, min_size=4, max_size=60).map("".join),
    st.text(max_size=300),
    st.lists(st.one_of(pieces, st.text(max_size=8)), max_size=40).map("".join),
)


def readings(reader: Reader, data: bytes) -> tuple[Reading, ...]:
    try:
        return read_with(reader, data, "a", Limits())
    except InputError as refusal:
        assert "reader failed" not in refusal.message, refusal.message
        return ()


@pytest.mark.parametrize("reader", READERS, ids=lambda r: r.name)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=documents)
def test_every_code_point_has_one_place(reader: Reader, text: str) -> None:
    data = text.encode("utf-8", "replace")
    for reading in readings(reader, data):
        source = data.decode(reading.source.encoding, "replace")
        assert reading.source.length == len(source)
        assert coverage_gaps(reading) == ()
        for drop in reading.dropped:
            assert drop.source_span is not None
            assert source[slice(*drop.source_span)] == drop.quote
            assert 0 <= drop.at <= len(reading.blocks)


@pytest.mark.parametrize("reader", READERS, ids=lambda r: r.name)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=documents)
def test_characters_are_those_of_their_place(reader: Reader, text: str) -> None:
    data = text.encode("utf-8", "replace")
    for reading in readings(reader, data):
        source = data.decode(reading.source.encoding, "replace")
        for block in reading.blocks:
            assert block.cells or block.text == block.text.strip(SPACE)
            assert block.text and "\n" not in block.text and "\r" not in block.text
            for character, offset in zip(block.text, block.body.offsets.tolist(), strict=True):
                if offset < 0:
                    assert character in " \t" or reader.name == "html"
                elif source[offset] != "&":
                    assert fold(source[offset]) == character or (
                        source[offset].isspace() and character == " "
                    )
            for start, end in block.cells:
                assert 0 <= start <= end <= len(block.text)


@pytest.mark.parametrize("reader", READERS, ids=lambda r: r.name)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(reader: Reader, data: bytes) -> None:
    for reading in readings(reader, data):
        assert coverage_gaps(reading) == ()


@settings(max_examples=100, deadline=None)
@given(text=documents)
def test_the_same_bytes_give_the_same_reading(text: str) -> None:
    data = text.encode("utf-8", "replace")
    for reader in READERS:
        first, second = readings(reader, data), readings(reader, data)
        assert [[b.text for b in r.blocks] for r in first] == [[b.text for b in r.blocks] for r in second]
        assert [r.dropped for r in first] == [r.dropped for r in second]
