"""The desk (我的工作台): what an account must do now. Each room adds what it knows when it is ready.

::

    desk.add("delivery", tasks)  # tasks(account) -> Iterable[Task]
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


Source = Callable[[Any], Iterable[Task]]
_sources: dict[str, Source] = {}


def add(name: str, source: Source) -> None:
    """Adds what a room knows; once per name."""
    _sources[name] = source


def of(account: Any) -> list[Task]:
    """An account's tasks: what is wrong or late first, then by the last day, then in the rooms' order."""
    found = [t for source in _sources.values() for t in source(account)]
    return sorted(found, key=lambda t: (t.sign != "red", t.until or "9999"))
