"""Offsets survive every operation on text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.model import EMPTY, Mapped, concat, join


def faithful(text: Mapped, source: str) -> bool:
    return all(o < 0 or source[o] == c for c, o in zip(text.text, text.offsets.tolist(), strict=True))


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_without_keeps_every_other_character_at_its_place(source: str, spans: list[tuple[int, int]]) -> None:
    spans = [(min(a, b), max(a, b)) for a, b in spans]
    out = Mapped.of_source(source).without(spans)
    assert faithful(out, source)
    assert out.text == "".join(c for i, c in enumerate(source) if not any(a <= i < b for a, b in spans))


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_slices_strips_and_joins_are_faithful(source: str, a: int, b: int) -> None:
    whole = Mapped.of_source(source)
    parts = [whole[:a], whole[a:b].strip(), whole[b:]]
    assert all(faithful(p, source) for p in parts)
    assert faithful(concat(parts), source)
    assert join(parts, "|").text.replace("|", "") == "".join(p.text for p in parts).replace("|", "")
    assert whole.strip().text == source.strip()


def test_source_span_skips_inserted_characters() -> None:
    text = concat([Mapped.inserted("一、"), Mapped.of_source("总体要求", 10)])
    assert text.source_span() == (10, 14)
    assert text.source_span(0, 2) is None
    assert EMPTY.source_span() is None


def test_boxes_are_one_per_line_of_the_page() -> None:
    rows = [(1, 72 + 16 * i, 100, 88 + 16 * i, 116) for i in range(3)]
    rows += [(1, 72 + 16 * i, 130, 88 + 16 * i, 146) for i in range(2)]
    rows += [(2, 72, 80, 88, 96)]
    text = Mapped.of_glyphs("山水林田湖草", np.array(rows, dtype=np.float32))
    assert text.boxes() == ((1, 72, 100, 120, 116), (1, 72, 130, 104, 146), (2, 72, 80, 88, 96))
    assert text.boxes(3, 4) == ((1, 72, 130, 88, 146),)
    assert Mapped.of_source("山").boxes() is None


def test_flat_parts_among_paginated_ones_have_no_box() -> None:
    glyphs = Mapped.of_glyphs("山", np.array([(1, 0, 0, 10, 10)], dtype=np.float32))
    both = concat([Mapped.inserted("1."), glyphs])
    assert both.boxes() == ((1, 0, 0, 10, 10),)


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="2 characters but 1 offsets"):
        Mapped("山水", np.zeros(1, dtype=np.int32))
