"""Bodies that a text makes responsible."""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.text import units

TABLE = [
    line.split("\t")
    for line in Path(__file__).with_name("units.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def show(found: list[units.UnitMention]) -> str:
    return " ".join(f"{u.name}/{u.role[0]}" for u in found) or "-"


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[row[0][:20] for row in TABLE])
def test_table(text: str, expected: str) -> None:
    found = units.find_units(text)
    assert show(found) == expected
    assert all(text[u.start : u.end] == u.name for u in found)


def test_the_first_named_leads_where_the_document_says_so() -> None:
    assert units.first_named_leads("（水利部、财政部负责，排在第一位的部门为牵头部门，下同）")
    assert not units.first_named_leads("（水利部、财政部负责）")
    assert show(units.find_units("（水利部、财政部负责）", first_leads=True)) == "水利部/l 财政部/r"
    assert show(units.find_units("（A市牵头，水利部配合）", first_leads=True)) == "A市/l 水利部/s"


def test_notes_of_one_paragraph_stay_apart() -> None:
    groups = units.find_groups("修渠。（水利部负责）造林。（林草局负责）")
    assert [[u.name for u in g.mentions] for g in groups] == [["水利部"], ["林草局"]]
    assert groups[0].start == 3


def test_cells() -> None:
    assert (
        show(units.parse_cell("市水务局\n市财政局，各区政府", "responsible"))
        == "市水务局/r 市财政局/r 各区政府/r"
    )
    assert show(units.parse_cell("牵头：市水务局；配合：市财政局", "responsible")) == "市水务局/l 市财政局/s"
    assert units.label_role("牵头单位") == "lead"
    assert units.label_role("配合部门") == "support"
    assert units.label_role("责任领导") is None
    assert units.label_role("完成时限") is None


def test_code_of_the_region_in_a_name() -> None:
    (u,) = units.find_units("（沈阳市水务局负责）")
    assert u.unit.code == "210100"
