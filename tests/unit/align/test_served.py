"""What a sentence that serves a requirement is called: adapted where it keeps half of its clause."""

from __future__ import annotations

import pytest

from luoshi.align.features import Features
from luoshi.align.spans import served
from luoshi.structure import plain


@pytest.mark.parametrize(
    ("lower", "relation"),
    [
        ("要在提升渔民整体素质上下功夫。", "adapted"),
        ("要组织船员参加夜校培训。", "specified"),
    ],
)
def test_relation(lower: str, relation: str) -> None:
    low, up = Features(plain(lower, id="l")), Features(plain("要提高渔民整体素质。", id="u"))
    passage = served(low, up, 0, 0, [])
    assert passage is not None and passage.relation == relation
