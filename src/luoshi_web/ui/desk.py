"""The desk (我的工作台): what an account must do now. Each room adds what it knows when it is ready.

::

    desk.add("delivery", tasks, figures, terms)  # tasks(account) -> Iterable[Task], and so on
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: ``kind`` in a word, on what, where, how much, until when.

    :param until: the last day (ISO, as exact as known); empty where none is set. Tasks with a day come first.
    :param sign: a kind of sign (:func:`luoshi_web.ui.templatetags.ui.sign`): red what is late or wrong.
    """

    kind: Any
    title: str
    url: str
    note: Any = ""
    until: str = ""
    sign: str = "yellow"
    place: str = ""
    """A name on the page, for a figure that leads to the first line of its kind."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How much of a kind waits, and the list that holds exactly that; nought is not shown."""

    label: Any
    count: int
    url: str
    sign: str = "yellow"


@dataclass(frozen=True, slots=True)
class Term:
    """A table's rows whose last day is past or near: how many, the lists of both, the nearest rows.

    :param rows: title, address, who answers for it, last day (ISO), how far it is in words.
    """

    label: Any
    overdue: int
    overdue_url: str
    soon: int
    soon_url: str
    rows: tuple[tuple[str, str, str, str, str], ...] = ()


Source = Callable[[Any], Iterable[Any]]
_sources: dict[str, tuple[Source, Source | None, Source | None]] = {}


def add(name: str, tasks: Source, figures: Source | None = None, terms: Source | None = None) -> None:
    """Adds what a room knows; once per name."""
    _sources[name] = (tasks, figures, terms)


def of(account: Any) -> list[Task]:
    """An account's tasks: what is wrong or late first, then by the last day, then in the rooms' order."""
    found = [t for tasks, _figures, _terms in _sources.values() for t in tasks(account)]
    return sorted(found, key=lambda t: (t.sign != "red", t.until or "9999"))


def figures(account: Any) -> list[Figure]:
    """What waits, in numbers."""
    return [f for _t, some, _terms in _sources.values() if some for f in some(account) if f.count]


def terms(account: Any) -> list[Term]:
    """What is past its last day, or near it."""
    return [t for _t, _f, some in _sources.values() if some for t in some(account) if t.overdue or t.soon]
