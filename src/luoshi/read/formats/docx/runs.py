"""Inside a paragraph: runs, fields, tracked changes, breaks, boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from luoshi.model import EMPTY, Mapped, concat
from luoshi.read.formats.docx.package import W
from luoshi.read.formats.docx.scans import Scan, pictures
from luoshi.read.formats.docx.scroll import Scroll
from luoshi.read.formats.docx.styles import flag

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DELETED = "tracked deletion"
MOVED = "moved elsewhere"
HIDDEN = "hidden text"
INSTRUCTION = "field instruction"

_WRAPPERS = "ins moveTo hyperlink smartTag customXml fldSimple sdt sdtContent dir bdo"
INTO = frozenset(W + name for name in _WRAPPERS.split())
"""Elements that only wrap runs."""


@dataclass(slots=True)
class Line:
    """A line of a paragraph (they end at breaks), with what is bold in it."""

    parts: list[Mapped] = field(default_factory=list)
    bold: int = 0
    length: int = 0

    @property
    def body(self) -> Mapped:
        """Its text."""
        return concat(self.parts)


@dataclass(slots=True)
class Content:
    """What a paragraph holds besides its properties."""

    lines: list[Line] = field(default_factory=lambda: [Line()])
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    page_break: bool = False
    pictures: list[Scan] = field(default_factory=list)
    listed: int = 0
    """Characters of a table of contents."""

    def put(self, body: Mapped, bold: bool) -> None:
        """Adds text to the last line."""
        line = self.lines[-1]
        line.parts.append(body)
        line.length += len(body)
        line.bold += len(body) if bold else 0

    @property
    def body(self) -> Mapped:
        """All lines as one text, nothing between them."""
        return concat(p for line in self.lines for p in line.parts) if self.lines else EMPTY


class Fields:
    """Whether we stand in a field's instruction; a field may go on over several paragraphs."""

    def __init__(self) -> None:
        self._open: list[list[str]] = []

    def mark(self, kind: str) -> None:
        """A ``w:fldChar``: begin, separate or end."""
        if kind == "begin":
            self._open.append(["", ""])
        elif self._open and kind == "separate":
            self._open[-1][0] = "result"
        elif self._open and kind == "end":
            self._open.pop()

    def instruct(self, text: str) -> None:
        """Text of a field's instruction."""
        if self._open:
            self._open[-1][1] += text

    @property
    def contents(self) -> bool:
        """Whether we stand in a table of contents."""
        return any(instruction.split()[:1] == ["TOC"] for _, instruction in self._open)


class Runs:
    """Walks the children of paragraphs; keeps the state of fields between them."""

    def __init__(self, scroll: Scroll) -> None:
        self._scroll = scroll
        self.fields = Fields()

    def walk(self, paragraph: etree._Element, *, bold: bool = False, hidden: bool = False) -> Content:
        """The content of a ``w:p``; ``bold`` and ``hidden`` are its style's."""
        out = Content()
        self._children(paragraph, out, bold, hidden)
        return out

    def _children(self, node: etree._Element, out: Content, bold: bool, hidden: bool) -> None:
        for child in node:
            tag = child.tag
            if tag == W + "r":
                self._run(child, out, bold, hidden)
            elif tag in INTO:
                self._children(child, out, bold, hidden)
            elif tag in (W + "del", W + "moveFrom"):
                self._scroll.leave_out(_text_of(child), DELETED if tag == W + "del" else MOVED)
            elif tag in (M + "oMath", M + "oMathPara"):
                out.put(self._scroll.add("".join(t.text or "" for t in child.iter(M + "t"))), False)
            elif tag == W + "ruby":
                self._ruby(child, out, bold, hidden)
            elif tag == MC + "AlternateContent":
                chosen = child.find(MC + "Choice")
                self._children(chosen if chosen is not None else child, out, bold, hidden)

    def _ruby(self, node: etree._Element, out: Content, bold: bool, hidden: bool) -> None:
        base = node.find(W + "rubyBase")
        if base is not None:
            self._children(base, out, bold, hidden)
        above = node.find(W + "rt")
        if above is not None:
            self._scroll.leave_out(_text_of(above), "pronunciation")

    def _run(self, run: etree._Element, out: Content, bold: bool, hidden: bool) -> None:
        own = run.find(W + "rPr")
        if own is not None:
            bold, hidden = flag(own, "b", bold), flag(own, "vanish", hidden)
        for child in run:
            self._piece(child, out, bold, hidden)

    def _piece(self, child: etree._Element, out: Content, bold: bool, hidden: bool) -> None:
        tag = child.tag
        if tag == W + "t":
            text = child.text or ""
            if hidden:
                self._scroll.leave_out(text, HIDDEN)
            else:
                out.put(self._scroll.add(text), bold)
                out.listed += len(text) if self.fields.contents else 0
        elif tag in (W + "tab", W + "noBreakHyphen", W + "ptab"):
            out.put(self._scroll.add("-" if tag == W + "noBreakHyphen" else "\t"), bold)
        elif tag in (W + "br", W + "cr"):
            self._break(child, out)
        elif tag == W + "instrText":
            self.fields.instruct(child.text or "")
            self._scroll.leave_out(child.text or "", INSTRUCTION)
        elif tag == W + "fldChar":
            self.fields.mark(child.get(W + "fldCharType", ""))
        elif tag == W + "delText":
            self._scroll.leave_out(child.text or "", DELETED)
        elif tag == W + "sym":
            out.put(self._scroll.add(_symbol(child)), bold)
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            out.notes.append((str(tag)[len(W) : -len("Reference")], child.get(W + "id", "")))
        elif tag == W + "ruby":
            self._ruby(child, out, bold, hidden)
        else:
            self._drawing(child, out)

    def _break(self, child: etree._Element, out: Content) -> None:
        if child.get(W + "type") in ("page", "column"):
            out.page_break = True
        else:
            out.lines[-1].parts.append(self._scroll.add("\n"))
            out.lines.append(Line())

    def _drawing(self, child: etree._Element, out: Content) -> None:
        """Text boxes in drawings; of alternatives the first, since the fallback repeats it."""
        if child.tag == MC + "AlternateContent":
            chosen = child.find(MC + "Choice")
            child = chosen if chosen is not None else child
        found = list(_boxes(child))
        out.boxes += found
        if not found and any(str(n.tag).endswith(("}blip", "}imagedata")) for n in child.iter()):
            out.pictures += pictures(child)[:1]


def _boxes(node: etree._Element) -> Iterator[etree._Element]:
    """Text boxes below a node, outermost only, without the fallbacks."""
    if node.tag == W + "txbxContent":
        yield node
        return
    for child in node:
        if child.tag != MC + "Fallback":
            yield from _boxes(child)


def _text_of(node: etree._Element) -> str:
    return "".join(t.text or "" for t in node.iter(W + "t", W + "delText"))


def _symbol(node: etree._Element) -> str:
    """A character of a symbol font; those in the private area are bullets and arrows that nobody can read."""
    try:
        code = int(node.get(W + "char", ""), 16)
    except ValueError:
        return ""
    return "•" if 0xE000 <= code <= 0xF8FF else chr(code) if 0x20 <= code < 0x110000 else ""
