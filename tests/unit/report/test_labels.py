from __future__ import annotations

import re
from importlib.resources import files
from typing import get_args

import pytest

from luoshi.model import records as model
from luoshi.report.html import SCRIPTS
from luoshi.report.labels import all_labels, label
from luoshi.text.lexicon import table

TEMPLATES = files("luoshi.report").joinpath("templates")
GROUPS = {
    "relation": model.Relation,
    "status": model.Status,
    "change": model.Change,
    "direction": model.Direction,
    "date": model.DateKind,
    "entity": model.EntityType,
    "sentence": model.SentenceKind,
    "strength": model.Strength,
    "role": model.Role,
}


@pytest.mark.parametrize("group", GROUPS)
def test_every_value_of_the_records_has_a_word(group: str) -> None:
    assert all(f"{group}.{value}" in all_labels() for value in get_args(GROUPS[group]))


def test_every_field_of_policy_has_a_word() -> None:
    fields = {row[0] for row in table("luoshi.extract", "domains.tsv")}
    assert {f for f in fields if f"domain.{f}" not in all_labels()} == set()


def test_every_key_that_the_script_names_is_in_the_table() -> None:
    text = "\n".join(TEMPLATES.joinpath(name).read_text(encoding="utf-8") for name in SCRIPTS)
    keys = set(re.findall(r'\bt\("([\w.-]+\w)"[,)]', text))
    keys |= {f"col.{key}" for key in re.findall(r'\b(?:column|fact)\("(\w+)"', text)}
    assert len(keys) > 80
    assert {key for key in keys if key not in all_labels()} == set()


def test_every_column_of_the_workbook_has_a_heading() -> None:
    rows = table("luoshi.report", "columns.tsv")
    prefix = {"notes": "workbook"}
    missing = [key for sheet, key, *_ in rows if f"{prefix.get(sheet, 'col')}.{key}" not in all_labels()]
    assert missing == []
    assert {f"sheet.{sheet}" for sheet, *_ in rows} <= set(all_labels())


def test_keys_are_unique_and_both_languages_filled() -> None:
    rows = table("luoshi.report", "labels.tsv")
    assert len({row[0] for row in rows}) == len(rows)
    assert [row for row in rows if len(row) != 3 or not all(row)] == []


def test_placeholders_are_filled_and_unknown_keys_say_their_last_part() -> None:
    assert label("ui.rows", n=7) == "共 7 项"
    assert label("ui.rows", "en", n=7) == "7 rows"
    assert label("kind.brand-new") == "brand-new"


def test_no_word_speaks_of_weakening() -> None:
    assert not [key for key, words in all_labels().items() if "弱化" in words[0]]
