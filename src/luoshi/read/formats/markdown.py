"""Markdown as officials' tools write it: its marks are read, its rules about line breaks and indents are not.

A file out of a converter has one paragraph a line, indented by blanks, where the standard would see code or
one long paragraph. So the block structure is read line by line (headings, lists, tables, rules, fences), and
whether lines belong together is judged by their shape, as in plain text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from luoshi.model import Mapped, Reading, Source, concat
from luoshi.read import lines as line_tools
from luoshi.read.account import MARKUP, Ledger
from luoshi.read.decode import peek
from luoshi.read.flat import decoded, reading
from luoshi.read.frontmatter import front_matter
from luoshi.read.furniture import strip_furniture
from luoshi.read.inline import strip_inline
from luoshi.read.lines import Line
from luoshi.read.normalise import tidy
from luoshi.read.protocol import Limits
from luoshi.read.reflow import reflow
from luoshi.read.trim import trim

_HEADING = re.compile(r"(?P<marks>#{1,6})(?:[ \t\u3000]+|(?=[^\s#]))(?P<text>.*?)(?P<tail>[ \t]+#+)?$")
_RULE = re.compile(r"(?:[-*_=](?:[ \t]*[-*_=]){2,})")
_BULLET = re.compile(r"(?P<mark>[-*+•])[ \t\u3000]+(?=\S)")
_ORDERED = re.compile(r"\d{1,3}[.)][ \t]+(?=\S)")
_QUOTE = re.compile(r"(?:>[ \t]?)+")
_FENCE = re.compile(r"(?:`{3,}|~{3,})")
_DELIMITER = re.compile(r"\|?[ \t]*:?-{1,}:?[ \t]*(?:\|[ \t]*:?-{1,}:?[ \t]*)*\|?")
_PIPE = re.compile(r"(?<!\\)\|")
_SIGNS = (
    (re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE), 0.3),
    (re.compile(r"^ {0,3}#{1,6}[^\s#!/0-9]", re.MULTILINE), 0.05),
    (re.compile(r"^[ \t]*[-*+][ \t]+\S", re.MULTILINE), 0.05),
    (re.compile(r"\*\*[^*\n]+\*\*"), 0.12),
    (re.compile(r"\[[^\]\n]+\]\([^)\n]+\)"), 0.15),
    (re.compile(r"^\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t]*:?-*:?[ \t]*$", re.MULTILINE), 0.4),
    (re.compile(r"^(?:`{3}|~{3})", re.MULTILINE), 0.15),
)


class MarkdownReader:
    """Reads text with Markdown's marks, whatever its name ends with."""

    name = "markdown"
    extensions: tuple[str, ...] = (".md", ".markdown")

    def score(self, head: bytes, name: str) -> float:
        """Grows with the marks that stand in the text; a name that says so is a small help."""
        text = peek(head)
        if not text:
            return 0.0
        signs = sum(min(3, len(p.findall(text))) * weight for p, weight in _SIGNS)
        if signs and name.lower().endswith(self.extensions):
            signs += 0.15
        return min(0.7, signs) if signs >= 0.12 else 0.0

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading."""
        text = decoded(data, source, limits)
        ledger = Ledger(text.text)
        start, metadata = front_matter(text.text)
        ledger.drop(0, start, "metadata")
        lines = _Marks(ledger).lines(line_tools.split(text.text, start))
        stripped = strip_furniture(lines)
        trimmed = trim(stripped.kept)
        for reason, part in [*stripped.taken, *((r, line.body) for r, line in trimmed.taken)]:
            ledger.drop_body(part, reason)
        metadata = {**trimmed.metadata, **metadata}
        flow = reflow(trimmed.kept)
        for reason, body, _ in flow.dropped:
            ledger.drop_body(body, reason)
        return (reading(text, source, "text/markdown", flow.blocks, ledger, metadata=metadata),)


class _Marks:
    """Reads the block marks of lines, one after another."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._tables = 0

    def lines(self, raw: list[Line]) -> list[Line]:
        """The lines without marks, each with its kind."""
        out: list[Line] = []
        fenced = False
        i = 0
        while i < len(raw):
            line = raw[i]
            if _FENCE.match(line.text):
                fenced = not fenced
                self._ledger.drop_body(line.body, MARKUP)
            elif fenced:
                line.closed = True
                out.append(line)
            elif i + 1 < len(raw) and self._is_table(line, raw[i + 1]):
                i = self._table(raw, i, out)
                continue
            else:
                self._line(line, out)
            i += 1
        return out

    def _line(self, line: Line, out: list[Line]) -> None:
        """A line outside tables and fences."""
        quote = _QUOTE.match(line.text)
        if quote and quote.end() < len(line.text):
            self._cut(line, quote.end())
        text = line.text
        if _RULE.fullmatch(text) or text == ">":
            self._ledger.drop_body(line.body, MARKUP)
            if set(text) == {"="} and out and not line.gap and out[-1].width < 40:
                out[-1].kind, out[-1].level = "heading", 1
            return
        heading = _HEADING.match(text)
        if heading and (heading["marks"] != "#" or text[1:2] in " \t\u3000") and heading["text"]:
            line.kind, line.level = "heading", len(heading["marks"])
            body = line.body
            self._ledger.drop_body(body[: heading.start("text")], MARKUP)
            self._ledger.drop_body(body[heading.end("text") :], MARKUP)
            line.body = body[heading.start("text") : heading.end("text")].strip()
        elif heading and not heading["text"]:
            self._ledger.drop_body(line.body, MARKUP)
            return
        elif bullet := _BULLET.match(text):
            line.kind, line.level = "list-item", 1 + int(line.indent // 1)
            self._cut(line, bullet.end())
        elif _ORDERED.match(text):
            line.kind, line.level = "list-item", 1
        elif text.endswith("\\"):
            self._ledger.drop_body(line.body[-1:], MARKUP)
            line.body = line.body[:-1].strip()
            line.closed = True
        self._inline(line)
        if line.body:
            out.append(line)
        elif out:
            out[-1].closed = True

    def _cut(self, line: Line, end: int) -> None:
        self._ledger.drop_body(line.body[:end], MARKUP)
        line.body = line.body[end:].strip()

    def _inline(self, line: Line) -> None:
        before = line_tools.width(line.text)
        body, dropped, bold = strip_inline(line.body)
        for reason, part in dropped:
            self._ledger.drop_body(part, reason)
        lead = body.text[: len(body.text) - len(body.text.lstrip())]
        line.indent += line_tools.width(lead) if bold else 0.0
        line.body = body.strip()
        line.bold = bold
        line.width -= before - line_tools.width(line.text)

    def _is_table(self, head: Line, rule: Line) -> bool:
        if "|" not in head.text or "-" not in rule.text or rule.gap:
            return False
        return bool(_DELIMITER.fullmatch(rule.text)) and ("|" in rule.text)

    def _table(self, raw: list[Line], i: int, out: list[Line]) -> int:
        """Rows from ``i`` on; the index after the table."""
        self._tables += 1
        first = i
        while i < len(raw) and "|" in raw[i].text and (i == first or not raw[i].gap):
            line = raw[i]
            if i == first + 1:
                self._ledger.drop_body(line.body, MARKUP)
            elif row := self._row(line):
                out.append(row)
            i += 1
        return i

    def _row(self, line: Line) -> Line | None:
        text = line.text
        bars = [m.start() for m in _PIPE.finditer(text)]
        for bar in bars:
            self._ledger.drop_body(line.body[bar : bar + 1], MARKUP)
        edges = [-1, *bars, len(text)]
        if text.startswith("|"):
            edges = edges[1:]
        if text.endswith("|") and len(edges) > 2:
            edges = edges[:-1]
        parts: list[Mapped] = []
        cells: list[tuple[int, int]] = []
        at = 0
        for a, b in pairwise(edges):
            body, dropped, _ = strip_inline(line.body[a + 1 : b].strip())
            for reason, part in dropped:
                self._ledger.drop_body(part, reason)
            body = tidy(body).strip()
            if cells:
                parts.append(Mapped.inserted("\t"))
                at += 1
            parts.append(body)
            cells.append((at, at + len(body)))
            at += len(body)
        whole = concat(parts)
        if not whole.text.strip():
            return None
        return replace(line, body=whole, kind="table-row", cells=tuple(cells), table=self._tables)
