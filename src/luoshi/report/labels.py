"""Words of the outputs in Chinese and English, from ``data/labels.tsv``."""

from __future__ import annotations

from functools import cache
from typing import Literal

from luoshi.text.lexicon import table

Language = Literal["zh", "en"]
NONE = "—"
"""What stands where there is nothing."""


@cache
def all_labels() -> dict[str, tuple[str, str]]:
    """Key → (Chinese, English)."""
    return {row[0]: (row[1], row[2]) for row in table("luoshi.report", "labels.tsv")}


def label(key: str, language: Language = "zh", **values: object) -> str:
    """The word of a key; the last part of the key itself where the table lacks it.

    ``{name}`` in the text is replaced by ``values``.
    """
    pair = all_labels().get(key)
    if pair is None:
        return key.rpartition(".")[2]
    text = pair[0 if language == "zh" else 1]
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text
