"""What the program says, in the user's language: written in English, told in Chinese by tables.

A message is a sentence with varying parts; a table holds it with ``{}`` for these. So whoever reports a
problem writes one sentence at the place where it arises, and a test finds those that the tables lack. What
files keep (records, problems, JSON) is the sentence as it was written.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import Literal

TABLES = ("messages.tsv", "command.tsv", "server.tsv")
"""What is said about files; what the command says of itself; what the web's verbs say."""
SWITCH = "LUOSHI_LANGUAGE"
"""The variable that settles the language whatever the locale is: ``zh`` or ``en``."""
_PART = re.compile(r"\{(\d)\}")


def language() -> Literal["zh", "en"]:
    """The user's language: :data:`SWITCH`, else the locale as POSIX ranks its variables, else English."""
    for name in (SWITCH, "LC_ALL", "LC_MESSAGES", "LANG"):
        if told := os.environ.get(name, ""):
            return "zh" if told.lower().startswith("zh") else "en"
    return "en"


def say(message: str) -> str:
    """The message in the user's language."""
    return chinese(message) if language() == "zh" else message


@cache
def _fixed() -> dict[str, str]:
    """Messages without varying parts."""
    return {parts[0]: text for parts, text in _rows() if len(parts) == 1}


@cache
def _varying() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Messages with varying parts, those with the most fixed words first: a special one is tried first."""
    rows = [(parts, text) for parts, text in _rows() if len(parts) > 1]
    return tuple(sorted(rows, key=lambda row: -sum(map(len, row[0]))))


@cache
def _rows() -> tuple[tuple[tuple[str, ...], str], ...]:
    from luoshi.text.lexicon import table

    rows = (row for name in TABLES for row in table("luoshi.text", name) if len(row) > 1)
    return tuple((tuple(row[0].split("{}")), row[1]) for row in rows)


def _found(parts: tuple[str, ...], message: str) -> re.Match[str] | None:
    """What stands at the varying places; patterns are made only for sentences that may fit."""
    if not message.startswith(parts[0]) or not message.endswith(parts[-1]):
        return None
    if any(part not in message for part in parts[1:-1]):
        return None
    return re.fullmatch("(.*?)".join(map(re.escape, parts)), message, re.DOTALL)


@cache
def chinese(message: str) -> str:
    """The message in Chinese, or as it is where the tables do not hold it.

    What varies (names, numbers, what another program said) stays as it is, unless a table holds it too
    (a kind of file, a sentence within a sentence).
    """
    if fixed := _fixed().get(message):
        return fixed
    for end in re.finditer(r"(?<=[.…]) ", message):  # several sentences, one after the other
        first, rest = message[: end.start()], message[end.end() :]
        if (one := chinese(first)) != first and (two := chinese(rest)) != rest:
            return one + two
    for parts, text in _varying():
        if found := _found(parts, message):
            return _PART.sub(lambda part: chinese(found[int(part[1])]), text)
    name, colon, rest = message.partition(": ")  # what is wrong with a part, said of the file
    return f"{name}：{told}" if colon and (told := chinese(rest)) != rest else message
