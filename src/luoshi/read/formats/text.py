"""Plain text: one paragraph a line, or hard-wrapped lines out of a PDF or a terminal."""

from __future__ import annotations

from luoshi.model import Reading, Source
from luoshi.read import lines as line_tools
from luoshi.read.account import Ledger
from luoshi.read.decode import peek
from luoshi.read.flat import decoded, reading
from luoshi.read.frontmatter import front_matter
from luoshi.read.furniture import strip_furniture
from luoshi.read.protocol import Limits
from luoshi.read.reflow import reflow
from luoshi.read.trim import trim


class TextReader:
    """Reads what is text and no other format's."""

    name = "text"
    extensions: tuple[str, ...] = (".txt", ".text")

    def score(self, head: bytes, name: str) -> float:
        """0.1 for anything that decodes: every other reader may outbid it."""
        return 0.1 if peek(head) else 0.0

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading."""
        text = decoded(data, source, limits)
        ledger = Ledger(text.text)
        start, metadata = front_matter(text.text)
        ledger.drop(0, start, "metadata")
        lines = line_tools.split(text.text, start)
        stripped = strip_furniture(lines)
        trimmed = trim(stripped.kept)
        for reason, part in [*stripped.taken, *((r, line.body) for r, line in trimmed.taken)]:
            ledger.drop_body(part, reason)
        metadata = {**trimmed.metadata, **metadata}
        flow = reflow(trimmed.kept)
        for reason, body, _ in flow.dropped:
            ledger.drop_body(body, reason)
        return (reading(text, source, "text/plain", flow.blocks, ledger, metadata=metadata),)
