"""HTML as a flat list of tokens, each with its place in the source.

The standard's rules as far as they decide where text begins and ends: comments, raw text in scripts and
styles, quoted attribute values that hold ``>``. Time is linear in the length of the page, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

TEXT, START, END, OTHER, RAW = range(5)

_TOKEN = re.compile(
    r"<!--(?:>|->|(?:.*?)(?:--!?>|\Z))|<!\[CDATA\[|<[!?][^>]*+(?:>|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/<>\"']*+)"
    r"(?P<attrs>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>|[^<>]*+>)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+)))?"
)
RAW_TEXT = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "template", "svg", "math"})
ESCAPABLE = frozenset({"title", "textarea"})


class Token(NamedTuple):
    """A piece of the page: ``kind``, lower-case tag name, its attributes unparsed, its place."""

    kind: int
    name: str
    attrs: str
    start: int
    end: int


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """The tokens of a page from ``start`` on; together they cover every character."""
    at = start
    search = _TOKEN.search
    while True:
        m = search(text, at)
        if m is None:
            break
        if m.start() > at:
            yield Token(TEXT, "", "", at, m.start())
        at = m.end()
        name = m["name"]
        if name is None:
            yield Token(OTHER, "", "", m.start(), at)
            continue
        name = name.lower()
        if m["close"]:
            yield Token(END, name, "", m.start(), at)
            continue
        yield Token(START, name, m["attrs"], m.start(), at)
        if name in RAW_TEXT or name in ESCAPABLE:
            if m["attrs"].endswith("/>") and name in ("svg", "math"):
                continue
            stop = _end_of_raw(text, name, at)
            if stop > at:
                yield Token(TEXT if name in ESCAPABLE else RAW, name, "", at, stop)
            at = stop
    if at < len(text):
        yield Token(TEXT, "", "", at, len(text))


def _end_of_raw(text: str, name: str, at: int) -> int:
    """Where the raw text of an element ends; where the end tag lacks, at once, or it would eat the page."""
    m = re.compile(f"</{name}\\b", re.IGNORECASE).search(text, at)
    if m:
        return m.start()
    return at if name in ESCAPABLE or name in ("iframe", "template", "svg", "math") else len(text)


def attributes(raw: str) -> dict[str, str]:
    """The attributes of a start tag; the first of equal names counts."""
    out: dict[str, str] = {}
    for m in _ATTRIBUTE.finditer(raw.rstrip(">").rstrip("/") if raw.endswith("/>") else raw[:-1]):
        value = (
            m["double"] if m["double"] is not None else m["single"] if m["single"] is not None else m["bare"]
        )
        out.setdefault(m["name"].lower(), unescape(value) if value else "")
    return out
