"""A clause into modifiers, verb, object, actor: a table of invented clauses."""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.extract.clauses import mask
from luoshi.extract.parse import parse

TABLE = Path(__file__).with_name("clauses.tsv")
ROWS = [
    tuple(line.split("\t"))
    for line in TABLE.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("clause", "modifiers", "verb", "thing", "actor"), ROWS)
def test_parts(clause: str, modifiers: str, verb: str, thing: str, actor: str) -> None:
    parsed = parse(clause, mask(clause))

    def words(span: tuple[int, int] | None) -> str:
        return clause[span[0] : span[1]] if span else "-"

    assert words(parsed.verb) == verb
    if verb == "-":
        return
    assert [clause[a:b].rstrip("地") for a, b in parsed.modifiers] == [m for m in modifiers.split(",") if m]
    assert words(parsed.object) == thing
    assert words(parsed.actor) == actor


def test_spans_stay_within_the_clause() -> None:
    for row in ROWS:
        clause = row[0]
        parsed = parse(clause, mask(clause))
        for span in (parsed.actor, parsed.verb, parsed.object, *parsed.modifiers):
            assert span is None or 0 <= span[0] < span[1] <= len(clause)


@pytest.mark.parametrize(
    "text", ["", "，", "的", "（", "“”", "1", "abc", "加快", "要", "把", "将", "对", "由", "向", "为"]
)
def test_scraps_do_no_harm(text: str) -> None:
    parse(text, mask(text))
