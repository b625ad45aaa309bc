"""JSON Lines, a document a row: its text under ``text``, ``content``, 正文 …, the rest of it metadata.

Every character of the file is accounted for: escapes stand for one character each, whose place is that of the
backslash; keys, numbers and punctuation are markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from luoshi.errors import UnknownFormat
from luoshi.model import Block, Drop, Mapped, Problem, Reading, Source
from luoshi.read import lines as line_tools
from luoshi.read.account import MARKUP, WHITE, Ledger
from luoshi.read.decode import Decoded, peek
from luoshi.read.flat import decoded, decoding_problems
from luoshi.read.furniture import strip_furniture
from luoshi.read.normalise import tidy
from luoshi.read.protocol import Limits
from luoshi.read.reflow import reflow
from luoshi.read.trim import trim
from luoshi.text.lexicon import mapping, words

_ROW = re.compile(r"\s*\{")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|[\[\]{}:,]|[^\s"\[\]{}:,]+')
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")
_LONE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile(r"(?<=[^\n])\n(?=[^\n])")
_CLOSES, _OPENS, _FINAL = "。，、；：！？）》”’】〉", "（《“‘【〈，、", "。！？；：”）"
_LINK = 60
"""Characters of a link's words at most."""
_NO_ROW = "not a row"
LEAST_HEAD = 200
"""Characters of a file's beginning in which a key and its colon stand, at the least."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A string of a row: where it stands between its quotation marks."""

    start: int
    end: int


class RowsReader:
    """Reads JSON Lines whose rows hold texts."""

    name = "rows"
    extensions: tuple[str, ...] = (".jsonl", ".ndjson")

    def score(self, head: bytes, name: str) -> float:
        """0.95 where the file begins with an object that has a text under a key we know."""
        text = peek(head)
        if not text or not _ROW.match(text.lstrip("\ufeff")):
            return 0.0
        keys = {m.group(1) for m in re.finditer(r'"([^"\\]{1,40})"\s*:\s*"', text)}
        return 0.95 if keys & words("luoshi.read", "row-keys.tsv") else 0.0

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading a row; rows that hold no text are a problem and stand in ``dropped``."""
        text = decoded(data, source, limits)
        source = replace(
            source, media_type="application/jsonl", encoding=text.encoding, length=len(text.text)
        )
        out: list[Reading] = []
        loose: list[Drop] = []
        problems = list(decoding_problems(text, source))
        for number, start, line in _lines(text):
            row = _values(line)
            found = None if isinstance(row, str) else _reading(line, row, start, source)
            if found is None:
                if line.strip():
                    why = row if isinstance(row, str) else "it holds no text under a key that we know"
                    problems.append(_odd(source, number, why))
                loose.append(Drop(_NO_ROW if line.strip() else WHITE, line, (start, start + len(line))))
            else:
                out.append(found)
        if not out:
            raise UnknownFormat(
                f"{source.path} holds JSON, but no row with a text.",
                hint="Rows need text, content or 正文; for rows that stand alone, call `luoshi extract`.",
            )
        first = replace(out[0], dropped=(*loose, *out[0].dropped), problems=tuple(problems))
        return (first, *out[1:])


def _lines(text: Decoded) -> Iterator[tuple[int, int, str]]:
    """Number, place and characters of each line, its line break included."""
    at = 0
    for number, line in enumerate(text.text.split("\n"), 1):
        whole = text.text[at : at + len(line) + 1]
        if whole:
            yield number, at, whole
        at += len(line) + 1


def _odd(source: Source, number: int, why: str) -> Problem:
    return Problem(
        source.path,
        "warning",
        "no-row",
        f"Line {number} was left out: {why}.",
        'A row looks like {"title": "…", "date": "2025-03-01", "text": "…"}',
    )


def _values(line: str) -> dict[str, _Value] | str:
    """The strings of a row's own keys, or why the line is no row."""
    try:
        if not isinstance(json.loads(line.strip("\ufeff")), dict):
            return "it is no object"
    except (ValueError, RecursionError):
        return "it is not JSON"
    out: dict[str, _Value] = {}
    depth, key, colon = 0, "", False
    for m in _TOKEN.finditer(line):
        token = m.group()
        if token in "[{":
            depth += 1
        elif token in "]}":
            depth -= 1
        elif depth == 1 and token in ":,":
            colon = token == ":"
        elif depth == 1 and m.group(1) is not None:
            if colon:
                out.setdefault(key, _Value(m.start(1), m.end(1)))
            else:
                key = json.loads(token)
        elif depth == 1 and colon and token.isdigit():
            out.setdefault(key, _Value(m.start(), m.end()))
    return out


def _unescaped(line: str, value: _Value) -> Mapped:
    """A string's characters with their places in the line."""
    part = line[value.start : value.end]
    if "\\" not in part:
        return Mapped.of_source(part, value.start)
    chars: list[str] = []
    places: list[NDArray[np.int32]] = []
    at = 0
    for m in _ESCAPE.finditer(part):
        said = _LONE.sub("\ufffd", json.loads(f'"{m.group()}"'))
        chars += [part[at : m.start()], said]
        places.append(np.arange(value.start + at, value.start + m.start(), dtype=np.int32))
        places.append(np.full(len(said), value.start + m.start(), dtype=np.int32))
        at = m.end()
    chars.append(part[at:])
    places.append(np.arange(value.start + at, value.end, dtype=np.int32))
    return Mapped("".join(chars), np.concatenate(places))


def _reading(line: str, row: dict[str, _Value], start: int, source: Source) -> Reading | None:
    """The reading of a row; ``None`` where it holds no text."""
    keys = words("luoshi.read", "row-keys.tsv")
    texts = [_unescaped(line, v) for k, v in row.items() if k.lower() in keys]
    body = max(texts, key=len, default=None)
    if body is None or not body.text.strip():
        return None
    ledger = Ledger(line)
    ledger.drop(0, len(line), MARKUP)
    metadata: dict[str, str] = {}
    title: Mapped | None = None
    names = mapping("luoshi.read", "front-matter.tsv")
    for key, value in row.items():
        name = "date" if key.lower() == "year" else names.get(key.lower(), "")
        if name and (said := _unescaped(line, value)).text.strip():
            metadata.setdefault(name, said.text.strip())
            ledger.drop(value.start, value.end, "metadata")
            title = said if name == "title" else title
    blocks, more = _blocks(body, ledger)
    if title is not None and blocks and not _same(title.text, blocks[0].text):
        blocks.insert(0, Block(tidy(title).strip(), "heading", level=1))
    if not blocks:
        return None
    dropped = ledger.close(blocks)
    return Reading(
        source,
        tuple(replace(b, body=_moved(b.body, start)) for b in blocks),
        tuple(_shifted(d, start) for d in dropped),
        {**more, **metadata},
    )


def _blocks(body: Mapped, ledger: Ledger) -> tuple[list[Block], dict[str, str]]:
    """The blocks of a text as plain text would have them, and the metadata that its lines give."""
    body = body.without((at, at + 1) for at in _soft_breaks(body.text))
    lines = line_tools.split(body.text, 0)
    for line in lines:
        line.body = Mapped(line.body.text, body.offsets[line.body.offsets])
    stripped = strip_furniture(lines)
    trimmed = trim(stripped.kept)
    for reason, part in [*stripped.taken, *((r, line.body) for r, line in trimmed.taken)]:
        ledger.drop_body(part, reason)
    flow = reflow(trimmed.kept)
    for reason, part, _ in flow.dropped:
        ledger.drop_body(part, reason)
    return list(flow.blocks), dict(trimmed.metadata)


def _soft_breaks(text: str) -> list[int]:
    """Line breaks inside a sentence, such as a page's links leave behind: before a mark that closes, behind
    one that opens, and before the words of the link itself. An empty line always parts."""
    out: list[int] = []
    behind = len(text)
    closed = False  # whether the line behind ends at a soft break
    for m in reversed(list(_BREAK.finditer(text))):
        at = m.start()
        before, after = text[at - 1], text[at + 1]
        link = closed and behind - at <= _LINK and before not in _FINAL
        closed = after in _CLOSES or before in _OPENS or link
        if closed:
            out.append(at)
        behind = at
        if at > 1 and text[at - 2] == "\n":
            closed = False
    return out[::-1]


def _same(title: str, first: str) -> bool:
    return re.sub(r"\W", "", title) == re.sub(r"\W", "", first)


def _moved(body: Mapped, by: int) -> Mapped:
    return Mapped(body.text, np.where(body.offsets >= 0, body.offsets + by, -1).astype(np.int32))


def _shifted(drop: Drop, by: int) -> Drop:
    span = drop.source_span
    return replace(drop, source_span=(span[0] + by, span[1] + by) if span else None)
