"""The text of a package on one scroll, so that its characters have places as those of a text file have.

A Word file is no page and no plain text. What stands in for the decoded source is the text of all its runs in
the order of the file (deleted and hidden text, headers and notes among it): offsets count in that.
"""

from __future__ import annotations

from luoshi.model import Mapped
from luoshi.read.account import Ledger


class Scroll:
    """Collects text in the order of the file, and what of it is left out."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._out: list[tuple[int, int, str]] = []

    def add(self, text: str) -> Mapped:
        """Text that is kept."""
        body = Mapped.of_source(text, self._length)
        self._parts.append(text)
        self._length += len(text)
        return body

    def leave_out(self, text: str, reason: str) -> None:
        """Text that is left out, with the reason."""
        if text:
            start = self._length
            self.add(text)
            self._out.append((start, self._length, reason))

    def drop(self, body: Mapped, reason: str) -> None:
        """Leaves out text that was added before."""
        span = body.source_span()
        if span:
            self._out.append((*span, reason))

    @property
    def text(self) -> str:
        """Everything that was added."""
        return "".join(self._parts)

    def ledger(self) -> Ledger:
        """The account of what was left out."""
        out = Ledger(self.text)
        for start, end, reason in self._out:
            out.drop(start, end, reason)
        return out
