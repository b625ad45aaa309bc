"""Requirements against what a lower document says: a table of invented pairs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from luoshi import cover
from luoshi.align import load_background
from luoshi.cover.phrases import taken_apart
from luoshi.model import CoverageRow, Document
from luoshi.structure import plain

COMMON = "加快铺设牧道照明。\n完善毡房租赁服务。\n新建一批牲畜饮水井。"
ROWS = [
    (line.split("\t") + [""] * 4)[:5]
    for line in (Path(__file__).parent / "answers.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def opinion(text: str, id: str) -> Document:
    base = plain(text, id=id)
    return base.with_rows(row=replace(base.row, kind="opinion"))


def judged(requirement: str, lower: str) -> CoverageRow:
    upper = opinion(f"{COMMON}\n{requirement}。", "u")
    rows = cover.cover(upper, opinion(f"{COMMON}\n{lower}", "l"), (), (), load_background())
    assert [r.status for r in rows[:3]] == ["carried"] * 3
    assert len(rows) == 4, [r.evidence.quote for r in rows]
    return rows[3]


@pytest.mark.parametrize("row", ROWS, ids=[f"{r[0][:12]}←{r[1][:12]}" for r in ROWS])
def test_answer(row: list[str]) -> None:
    requirement, lower, status, lost, near = row
    found = judged(requirement, lower)
    assert (found.status, "|".join(found.lost)) == (status, lost)
    quotes = "".join(n.evidence.quote for n in found.near)
    assert all(word in quotes for word in near.split("|"))


@pytest.mark.parametrize(
    ("text", "objects"),
    [
        ("修缮古驿道和石砌碉楼", ["古驿道", "石砌碉楼"]),
        ("健全护边牧民保险补贴机制", ["护边牧民保险补贴机制"]),
        ("旗县人民政府应当建立牧道巡查制度", ["牧道巡查制度"]),
        ("推动草业链条延伸", ["草业链条"]),
        ("发展草业保险、牲畜保险等“牧区保单”", ["草业保险", "牲畜保险"]),
        ("牧民收入增速高于全区平均水平", ["牧民收入增速"]),
    ],
)
def test_objects_of_a_requirement(text: str, objects: list[str]) -> None:
    parsed = taken_apart(text, 0, load_background())
    assert [text[p.start : p.end] for p in parsed.phrases] == objects
