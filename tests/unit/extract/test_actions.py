"""Which clauses of a sentence are commitments: a table of invented sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.extract.actions import read

ROWS = [
    (*line.split("\t"), "")[:3]
    for line in Path(__file__).with_name("sentences.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("sentence", "kind", "actions"), ROWS)
def test_sentences(sentence: str, kind: str, actions: str) -> None:
    found, judged = read(sentence)
    assert [sentence[a.start : a.end] for a in found] == [a for a in actions.split("|") if a]
    assert judged == kind


def test_the_actor_holds_for_the_clauses_behind_it() -> None:
    found, _ = read("市水利局要编制方案，明确责任，做好值守。")
    assert [a.actor for a in found] == ["市水利局"] * 3


def test_numbers_ahead_are_goals_and_numbers_behind_are_not() -> None:
    found, kind = read("到2029年，港口年吞吐量达到3000万吨。")
    assert [(a.type, a.verb, a.object) for a in found] == [("goal", "达到", "港口年吞吐量")]
    assert kind == "goal"
    assert read("去年，港口年吞吐量达到3000万吨。")[0] == ()


def test_parts_that_look_back_hold_none() -> None:
    assert read("建设内河码头，改造老旧渡船。", past=True) == ((), "context")


def test_offsets_count_from_where_the_sentence_stands() -> None:
    found, _ = read("加强渡口管理。", 100)
    assert [(a.start, a.end) for a in found] == [(100, 106)]


@given(
    st.text(
        alphabet="加快建设推动的、，。：；（）“”把将对在为由要应当不得和与及化等了1年到 \t\n", max_size=60
    )
)
def test_anything_is_read_without_harm(text: str) -> None:
    for action in read(text)[0]:
        assert 0 <= action.start < action.end <= len(text)
