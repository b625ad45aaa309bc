"""Numbers to be reached: a table of invented clauses."""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.extract.targets import find, reaching

ROWS = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("targets.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("row", ROWS, ids=[r[0] for r in ROWS])
def test_targets(row: tuple[str, ...]) -> None:
    found = find(row[0])
    if len(row) == 1:
        assert found == ()
        return
    assert [(t.indicator, t.comparison, t.value, t.unit) for t in found] == [
        (row[1], row[2], float(row[3]), row[4])
    ]
    assert all(t.quote in row[0] for t in found)


def test_two_targets_of_one_clause() -> None:
    found = find("渔民合作社突破200家、年收入超过3亿元")
    assert [(t.indicator, t.comparison, t.value) for t in found] == [
        ("渔民合作社", ">", 200.0),
        ("年收入", ">", 300_000_000.0),
    ]


def test_the_verb_of_reaching() -> None:
    assert reaching("年吞吐量达到3000万吨") == (4, 6)
    assert reaching("修渠引水") is None
