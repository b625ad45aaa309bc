"""Which document is the upper one, and what may be said of the direction."""

from __future__ import annotations

import pytest

from luoshi.align import pairs, told
from luoshi.model import Citation, DocumentRow


def row(spec: str) -> DocumentRow:
    """``id level date kind``, ``-`` for what is not known."""
    id_, level, date, kind = ("" if x == "-" else x for x in spec.split())
    return DocumentRow(id_, id_, id_, id_, kind or "other", "full", level=level or None, date=date or None)


@pytest.mark.parametrize(
    ("one", "other", "lower", "direction", "words"),
    [
        ("a central 2031-01-05 -", "b province 2031-02-01 -", "b", "down", "上级在先"),
        ("b province 2031-02-01 -", "a central 2031-01-05 -", "b", "down", "上级在先"),
        ("a central 2031-03-05 -", "b province 2031-02-01 -", "b", "up", "下级在先"),
        ("a central 2031-02-01 -", "b province 2031-02-01 -", "b", "unknown", "共同来源"),
        ("a central - -", "b province 2031-02-01 -", "b", "unknown", "日期不详"),
        ("a city 2031-02-01 -", "b city 2031-01-01 -", "a", "level", "同级"),
        ("a city 2031-02-01 -", "b city 2031-02-01 -", "b", "unknown", "共同来源"),
        ("a city 2031-02 -", "b city 2031-02-01 -", "b", "unknown", "先后不明"),
        ("a city 2030 -", "b city 2031-02-01 -", "b", "level", "同级"),
        ("a media - commentary", "b province 2031-01-01 opinion", "a", "unknown", "媒体"),
        ("a media 2030-01-01 commentary", "b province 2031-01-01 opinion", "b", "unknown", "媒体"),
        ("a province 2031-01-01 opinion", "b province - signed-article", "a", "unknown", "日期不详"),
        ("a - - -", "b - - -", "b", "unknown", "不明"),
    ],
)
def test_direction(one: str, other: str, lower: str, direction: str, words: str) -> None:
    (pair,) = pairs([row(one), row(other)])
    assert (pair.lower, pair.direction) == (lower, direction)
    assert words in pair.basis


def test_every_two_documents_once() -> None:
    rows = [
        row(f"d{n} {level} 2031-0{n + 1}-01 -")
        for n, level in enumerate(["central", "province", "city", "media"])
    ]
    found = pairs(rows)
    assert len(found) == 6
    assert len({frozenset((p.lower, p.upper)) for p in found}) == 6


def test_nothing_and_one() -> None:
    assert pairs([]) == ()
    assert pairs([row("a city - -")]) == ()


def test_the_user_gives_the_roles() -> None:
    found = told(["late", "early"], ["above"])
    assert [(p.lower, p.upper, p.direction) for p in found] == [
        ("late", "above", "down"),
        ("early", "above", "down"),
    ]


def test_an_undated_text_that_is_cited_stands_above() -> None:
    upper = DocumentRow("a", "a", "a", "国务院关于推进湖区保护的意见", "opinion", "full", level="central")
    cites = (Citation("国务院关于推进湖区保护的意见", None),)
    lower = DocumentRow("b", "b", "b", "湖区实施方案", "plan", "full", level="city", cites=cites)
    (pair,) = pairs([upper, lower])
    assert (pair.lower, pair.direction) == ("b", "down")
    assert "引用" in pair.basis
