"""What the program says about files, in Chinese: messages are written in English and told by this table.

A message is a sentence with varying parts; the table holds it with ``{}`` for these. So whoever reports a
problem writes one sentence at the place where it arises, and a test finds those that the table lacks.
"""

from __future__ import annotations

import re
from functools import cache

from luoshi.text.lexicon import table

_PART = re.compile(r"\{(\d)\}")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The table's rows, those with the most fixed words first, so that a special one is tried first."""
    rows = [row for row in table("luoshi.text", "messages.tsv") if len(row) > 1]
    rows.sort(key=lambda row: -len(row[0].replace("{}", "")))
    return tuple(
        (re.compile("(.*?)".join(re.escape(part) for part in row[0].split("{}")), re.DOTALL), row[1])
        for row in rows
    )


@cache
def chinese(message: str) -> str:
    """The message in Chinese, or as it is where the table does not hold it.

    What varies (names, numbers, what another program said) stays as it is, unless the table holds it too
    (a kind of file, a sentence within a sentence).
    """
    for pattern, text in _patterns():
        if found := pattern.fullmatch(message):
            return _PART.sub(lambda part: chinese(found[int(part[1])]), text)
    name, colon, rest = message.partition(": ")  # what is wrong with a part, said of the file
    return f"{name}：{told}" if colon and (told := chinese(rest)) != rest else message
