"""The tree of a page as lines: one for each block of text, with its shape and what the page says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

import numpy as np

from luoshi.model import Mapped, concat
from luoshi.model.reading import Align, BlockKind
from luoshi.read.lines import Line, width
from luoshi.read.normalise import HAN
from luoshi.read.web.tree import BLOCK, Node

_SPACE = re.compile(r"[ \t\n\r\f]+")
_ENTITY = re.compile(r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,31};)")
_WIDE = re.compile(f"[{HAN}，。、；：！？（）《》“”‘’【】〔〕—…\u3000]")
_ALIGN = re.compile(r"text-align\s*:\s*(center|right|left|justify|start|end)", re.IGNORECASE)
_INDENT = re.compile(r"text-indent\s*:\s*(-?[\d.]+)\s*(em|px|pt|rem|ch|%)?", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|bolder|[6-9]00)", re.IGNORECASE)
_THIN = re.compile(r"font-weight\s*:\s*(?:normal|lighter|[1-5]00)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ALIGNS: dict[str, Align] = {
    "center": "center",
    "right": "right",
    "left": "left",
    "justify": "",
    "end": "right",
}
_UNIT = {"em": 1.0, "rem": 1.0, "ch": 0.5, "px": 1 / 16, "pt": 1 / 12, "%": 0.0, "": 1.0}
_HEADINGS = {f"h{i}": i for i in range(1, 7)}
_BREAKS = frozenset({"br", "hr"})


@dataclass(slots=True)
class Run:
    """A line of a page: its characters, the block element that holds it, how many of them are in links."""

    line: Line
    block: Node
    linked: int = 0
    parts: list[Mapped] = field(default_factory=list)


@dataclass(slots=True)
class _Style:
    """What holds for the text of a node, from the elements above it."""

    block: Node
    align: Align = ""
    indent: float = 0.0
    bold: bool = False
    linked: bool = False
    kind: BlockKind = "paragraph"
    level: int = 0
    pre: bool = False


def hidden(node: Node) -> bool:
    """Whether an element is not shown."""
    if not node.raw:
        return False
    return "hidden" in node.attrs or bool(_HIDDEN.search(node.attrs.get("style", "")))


def runs(text: str, root: Node, skip: frozenset[Node] | set[Node] = frozenset()) -> Iterator[Run]:
    """The lines below a node in document order, without those in skipped elements.

    A line break in a paragraph begins a line; whether it goes on is judged by shape later.
    """
    maker = _Maker(text)
    stack: list[tuple[Node, _Style, bool]] = [(root, _inherit(root), False)]
    while stack:
        node, style, leaving = stack.pop()
        if leaving:
            yield from maker.flush(closed=True)
            continue
        if node in skip:
            continue
        if not node.tag:
            maker.text(node, style)
            continue
        if node.tag in _BREAKS:
            yield from maker.flush(closed=node.tag == "hr")
            continue
        if node.tag in BLOCK:
            yield from maker.flush(closed=True)
            stack.append((node, style, True))
        inner = _style(node, style)
        stack.extend((child, inner, False) for child in reversed(node.children))
    yield from maker.flush(closed=True)


def _inherit(root: Node) -> _Style:
    """The style at a node, from all above it."""
    style = _Style(root)
    for node in reversed(list(root.ancestors())):
        style = _style(node, style)
    style.kind, style.level = "paragraph", 0
    return style


def _style(node: Node, above: _Style) -> _Style:
    """The style of what stands in a node."""
    tag = node.tag
    if tag not in BLOCK and not node.raw.strip("/> ") and tag not in ("b", "strong", "a", "center"):
        return above
    css = node.attrs.get("style", "") if node.raw else ""
    style = _Style(
        node if tag in BLOCK else above.block,
        above.align, above.indent, above.bold, above.linked, above.kind, above.level, above.pre,
    )  # fmt: skip
    if found := _ALIGN.search(css):
        style.align = _ALIGNS.get(found[1].lower(), "")
    elif tag in BLOCK and node.attrs.get("align", "").lower() in _ALIGNS:
        style.align = _ALIGNS[node.attrs["align"].lower()]
    elif tag == "center":
        style.align = "center"
    if tag in BLOCK and (found := _INDENT.search(css)):
        style.indent = float(found[1]) * _UNIT[(found[2] or "").lower()] if _number(found[1]) else 0.0
    if tag in ("b", "strong") or tag in _HEADINGS or _BOLD.search(css):
        style.bold = True
    elif _THIN.search(css):
        style.bold = False
    if tag == "a" and "href" in node.attrs:
        style.linked = True
    if tag in _HEADINGS:
        style.kind, style.level = "heading", _HEADINGS[tag]
    elif tag == "li":
        style.kind, style.level = "list-item", above.level + 1 if above.kind == "list-item" else 1
    elif tag == "caption":
        style.kind = "caption"
    elif tag in ("pre", "textarea", "listing"):
        style.pre = True
    return style


def _number(text: str) -> bool:
    try:
        return abs(float(text)) < 1000
    except ValueError:
        return False


class _Maker:
    """Gathers the characters of a line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts: list[Mapped] = []
        self._style: _Style | None = None
        self._linked = 0
        self._plain = 0
        self._ready: list[Run] = []

    def text(self, node: Node, style: _Style) -> None:
        raw = self._text[node.start : node.end]
        if style.pre and "\n" in raw:
            at = node.start
            for piece in raw.splitlines(keepends=True):
                self._add(piece.rstrip("\r\n"), at, style, keep=True)
                at += len(piece)
                if piece.endswith(("\n", "\r")):
                    self._ready += list(self.flush(closed=False))
            return
        self._add(raw, node.start, style, keep=style.pre)

    def _add(self, raw: str, start: int, style: _Style, *, keep: bool) -> None:
        if not raw:
            return
        body = characters(raw, start, keep=keep)
        if not body:
            return
        filled = len(body.text) - body.text.count(" ") - body.text.count("\xa0") - body.text.count("\u3000")
        if filled and (self._style is None):
            self._style = style
        if filled and not style.bold:
            self._plain += filled
        if style.linked:
            self._linked += filled
        self._parts.append(body)

    def flush(self, *, closed: bool) -> list[Run]:
        """The line so far, if there is one."""
        ready, self._ready = self._ready, []
        parts, style = self._parts, self._style
        linked, plain = self._linked, self._plain
        self._parts, self._style, self._linked, self._plain = [], None, 0, 0
        if style is None:
            if closed and ready:
                ready[-1].line.closed = True
            return ready
        body = collapse(concat(parts))
        if not style.pre:
            body = body.strip(" \n")
        lead = len(body.text) - len(body.text.lstrip(" \xa0\u3000\t\u2002\u2003"))
        blank = width(body.text[:lead])
        body = body.strip(" \xa0\u3000\t\u2002\u2003\u200b\ufeff\n\r")
        if not body:
            return ready
        line = Line(body, indent=max(0.0, style.indent) + blank, align=style.align, closed=closed)
        line.width = line.indent + width(body.text)
        line.bold = plain == 0
        line.kind, line.level = style.kind, style.level
        return [*ready, Run(line, style.block, linked)]


def characters(raw: str, start: int, *, keep: bool = False) -> Mapped:
    """The characters of a text, entities replaced, white space of the source as single blanks."""
    parts: list[Mapped] = []
    last = 0
    if "&" in raw:
        for m in _ENTITY.finditer(raw):
            plain = unescape(m.group())
            if plain == m.group() or not plain:
                continue
            parts.append(Mapped.of_source(raw[last : m.start()], start + last))
            parts.append(Mapped(plain, np.full(len(plain), start + m.start(), dtype=np.int32)))
            if len(plain) > 1:
                parts[-1] = concat([parts[-1][:1], Mapped.inserted(plain[1:])])
            last = m.end()
    parts.append(Mapped.of_source(raw[last:], start + last))
    body = concat(parts)
    if keep or not _SPACE.search(body.text):
        return body
    cuts: list[tuple[int, int]] = []
    text = list(body.text)
    for m in _SPACE.finditer(body.text):
        text[m.start()] = "\n" if "\n" in m.group() or "\r" in m.group() else " "
        if m.end() - m.start() > 1:
            cuts.append((m.start() + 1, m.end()))
    return body.replace_text("".join(text)).without(cuts)


def collapse(body: Mapped) -> Mapped:
    """Blanks of a line: one for many, none beside ideographs where only the source broke the line."""
    text = body.text
    cuts: list[tuple[int, int]] = []
    for m in re.finditer(r"[ \n\t]+", text):
        wide = (m.start() and _WIDE.match(text[m.start() - 1])) or (
            m.end() < len(text) and _WIDE.match(text[m.end()])
        )
        if "\n" in m.group() and wide:
            cuts.append(m.span())
        elif m.end() - m.start() > 1:
            cuts.append((m.start() + 1, m.end()))
    return body.replace_text(text.replace("\n", " ")).without(cuts) if cuts or "\n" in text else body
