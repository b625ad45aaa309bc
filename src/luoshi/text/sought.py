"""Patterns that are tried only where they can fit.

The engine of :mod:`re` jumps from one possible beginning to the next only if every alternative begins with a
plain character; a pattern that begins with a number, an optional word or a look behind is tried at every
character. Told what its matches begin with, or what a text must hold besides, it finds the same in less time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


class Sought:
    """A pattern with necessary conditions of its matches; it finds what the pattern alone would find.

    :param pattern: no match of it may be empty.
    :param needs: a pattern that fits somewhere in each text in which ``pattern`` does.
    :param first: a class of characters (``[一二三]``), one of which each match begins with.
    """

    __slots__ = ("_first", "_needs", "pattern")

    def __init__(
        self, pattern: str | re.Pattern[str], *, needs: str = "", first: str = "", flags: int = 0
    ) -> None:
        self.pattern = re.compile(pattern, flags)
        self._needs = re.compile(needs) if needs else None
        self._first = re.compile(first) if first else None

    def finditer(self, text: str, start: int = 0) -> Iterable[re.Match[str]]:
        """The matches from ``start`` on, left to right, without overlap."""
        if self._needs is not None and self._needs.search(text, start) is None:
            return ()
        if self._first is None:
            return self.pattern.finditer(text, start)
        out: list[re.Match[str]] = []
        match = self.pattern.match
        for begin in self._first.finditer(text, start):
            if begin.start() >= start and (m := match(text, begin.start())) is not None:
                out.append(m)
                start = m.end()
        return out

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        if self._needs is not None and self._needs.search(text) is None:
            return None
        if self._first is None:
            return self.pattern.search(text)
        match = self.pattern.match
        hits = (match(text, begin.start()) for begin in self._first.finditer(text))
        return next((m for m in hits if m is not None), None)
