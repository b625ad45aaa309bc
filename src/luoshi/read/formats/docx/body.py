"""The body of a Word file, in order: paragraphs with their numbers, tables, boxes, notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from luoshi.model import EMPTY, Block, Mapped, concat
from luoshi.model.reading import BlockKind
from luoshi.read.formats.docx.numbering import Numbering
from luoshi.read.formats.docx.package import W
from luoshi.read.formats.docx.runs import DELETED, Content, Line, Runs
from luoshi.read.formats.docx.scans import A4, Scan, placeholder
from luoshi.read.formats.docx.scroll import Scroll
from luoshi.read.formats.docx.styles import Look, Styles
from luoshi.read.normalise import tidy
from luoshi.text.columns import header_roles, repeats

ENDS = frozenset(W + name for name in ("body", "tc", "txbxContent", "footnote", "endnote"))
"""Where no paragraph goes on in the next one."""
WIDEST = 63
"""Columns of a table that Word allows."""
DEEP = 60
"""Boxes in tables in boxes beyond this depth are no document any more."""


class Body:
    """Turns ``w:body`` into blocks; one walk, kept state: numbers, fields, tables."""

    def __init__(
        self,
        scroll: Scroll,
        styles: Styles,
        numbering: Numbering,
        notes: dict[tuple[str, str], etree._Element],
        page: tuple[float, float] = A4,
    ) -> None:
        self._scroll = scroll
        self._runs = Runs(scroll)
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._tables = 0
        self._break = False
        self._gap = False
        self._pending: tuple[Content, Look] | None = None
        self._page = page
        self.pictures = 0
        self.scans: list[Scan] = []
        self.boxes = 0

    @property
    def tables(self) -> int:
        """Tables met so far."""
        return self._tables

    def blocks(self, node: etree._Element, depth: int = 0) -> Iterator[Block]:
        """The blocks below a body, cell, box or note."""
        if depth > DEEP:
            return
        for child in node:
            if child.tag == W + "p":
                yield from self._paragraph(child, depth)
            elif child.tag == W + "tbl":
                yield from self._flush(depth)
                yield from self._table(child, depth)
            elif child.tag in (W + "sdt", W + "customXml", W + "smartTag", W + "ins", W + "moveTo"):
                inner = child.find(W + "sdtContent")
                if _is_contents(child):
                    self._leave_out(inner if inner is not None else child, "table of contents")
                else:
                    yield from self.blocks(inner if inner is not None else child, depth + 1)
            elif child.tag in (W + "del", W + "moveFrom"):
                self._leave_out(child, DELETED)
        if node.tag in ENDS:
            yield from self._flush(depth)

    def _leave_out(self, node: etree._Element, reason: str) -> None:
        text = "".join(t.text or "" for t in node.iter(W + "t", W + "delText"))
        self._scroll.leave_out(text, reason)

    def _paragraph(self, node: etree._Element, depth: int) -> Iterator[Block]:
        properties = node.find(W + "pPr")
        look = self._styles.look(properties)
        content = self._runs.walk(node, bold=look.bold, hidden=look.hidden)
        if self._pending is not None:
            content = _joined(self._pending[0], content)
            self._pending = None
        if _mark_deleted(properties):
            # The end of the paragraph was deleted: it goes on in the next one, where there is one.
            self._pending = (content, look)
            return
        yield from self._finish(content, look, depth)
        if properties is not None and properties.find(W + "sectPr") is not None:
            self._break = True

    def _flush(self, depth: int) -> Iterator[Block]:
        """A paragraph that was to go on in the next one, where none comes."""
        if self._pending is not None:
            content, look = self._pending
            self._pending = None
            yield from self._finish(content, look, depth)

    def _finish(self, content: Content, look: Look, depth: int) -> Iterator[Block]:
        """The blocks of a paragraph, then those of its boxes and notes."""
        self._break |= content.page_break or look.page_break
        yield from self._lines(content, look)
        for scan in content.pictures:
            if depth == 0 and scan.fills(self._page):
                self.scans.append(scan)
                yield placeholder(len(self.scans) - 1)
            else:
                self.pictures += 1
        for box in content.boxes:
            self.boxes += 1
            yield from self.blocks(box, depth + 1)
        for key in content.notes:
            note = self._notes.pop(key, None)
            if note is not None:
                for block in self.blocks(note, depth + 1):
                    yield replace(block, kind="note")

    def _lines(self, content: Content, look: Look) -> Iterator[Block]:
        """One block of a paragraph; one for each line where breaks stand for ends of paragraphs."""
        if look.contents or 2 * content.listed > len(content.body):
            self._scroll.drop(content.body, "table of contents")
            return
        if not look.indent:
            look = replace(look, indent=_typed_indent(content.body.text))
        texts = [_clean(line.body) for line in content.lines]
        if not any(t.text for t in texts):
            self._gap = True
            return
        label, suffix = self._number(look)
        if look.align == "center" or look.level or look.title:
            whole = _spaced(texts)
            yield self._block(_labelled(label, suffix, whole), look, content.lines, label)
            return
        for n, (text, line) in enumerate(zip(texts, content.lines, strict=True)):
            if text.text:
                first = n == 0
                body = _labelled(label, suffix, text) if first else text
                yield self._block(
                    body, look if first else replace(look, num=""), [line], label if first else ""
                )

    def _number(self, look: Look) -> tuple[str, str]:
        if not look.num:
            return "", ""
        depth = self._numbering.depth_of(look.num, look.style) if look.depth is None else look.depth
        return self._numbering.next(look.num, depth)

    def _block(self, body: Mapped, look: Look, lines: list[Line], label: str) -> Block:
        bold = sum(x.bold for x in lines)
        length = sum(x.length for x in lines)
        marks = {"bold"} if length and bold >= 0.9 * length else set()
        marks |= {"page-break"} if self._break else set()
        marks |= {"gap"} if self._gap else set()
        marks |= {"indent"} if look.indent else set()
        self._break = self._gap = False
        kind: BlockKind = "paragraph"
        if look.level or look.title:
            kind = "heading"
        elif look.num and not label:
            kind = "list-item"
        return Block(
            body=body,
            kind=kind,
            level=look.level or (1 if look.title else 0),
            align=look.align,
            label=label,
            marks=frozenset(marks),
            indent=look.indent,
        )

    def _table(self, node: etree._Element, depth: int) -> Iterator[Block]:
        self._tables += 1
        number = self._tables
        merged: dict[int, str] = {}
        columns: list[str] = []
        for row, deleted in _rows(node):
            if deleted:
                self._leave_out(row, DELETED)
                continue
            later: list[Block] = []
            cells: list[Mapped] = []
            for cell, span, merge in _cells(row):
                inner = list(self.blocks(cell, depth + 1))
                later += [b for b in inner if b.kind == "table-row"]
                body = _spaced([b.body for b in inner if b.kind != "table-row"])
                at = len(cells)
                if merge == "restart":
                    merged[at] = body.text
                elif merge != "continue":
                    merged.pop(at, None)
                elif not body and repeats(merged.get(at, ""), columns[at] if at < len(columns) else ""):
                    body = Mapped.inserted(merged[at])
                cells += [body, *[EMPTY] * (span - 1)]
            columns = _columns(cells) or columns
            if any(cells):
                yield _row(cells, number)
            yield from later


def _row(cells: list[Mapped], number: int) -> Block:
    """A row of a table, a tab between its cells, without the empty ones at its end."""
    while not cells[-1]:
        cells.pop()
    parts: list[Mapped] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for k, body in enumerate(cells):
        if k:
            parts.append(Mapped.inserted("\t"))
            at += 1
        spans.append((at, at + len(body)))
        parts.append(body)
        at += len(body)
    return Block(concat(parts), "table-row", cells=tuple(spans), table=number)


def _columns(cells: list[Mapped]) -> list[str]:
    """What the columns hold, where a row is their header."""
    return header_roles([c.text for c in cells])


def _rows(table: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """The rows of a table, each with whether it was deleted."""
    for child in table:
        if child.tag == W + "tr":
            properties = child.find(W + "trPr")
            yield child, properties is not None and properties.find(W + "del") is not None
        elif child.tag in (W + "sdt", W + "customXml", W + "sdtContent", W + "ins"):
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[tuple[etree._Element, int, str]]:
    """The cells of a row, each with the columns that it spans and how it hangs on the one above it.

    The last is ``restart`` for the first of cells merged from above, ``continue`` for the others.
    """
    for child in row:
        if child.tag == W + "tc":
            properties = child.find(W + "tcPr")
            span = merge = None
            if properties is not None:
                span, merge = properties.find(W + "gridSpan"), properties.find(W + "vMerge")
            wide = span.get(W + "val", "1") if span is not None else "1"
            yield (
                child,
                min(WIDEST, max(1, int(wide))) if wide.isdigit() else 1,
                merge.get(W + "val", "continue") if merge is not None else "",
            )
        elif child.tag in (W + "sdt", W + "customXml", W + "sdtContent"):
            yield from _cells(child)


def _is_contents(node: etree._Element) -> bool:
    gallery = node.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and "Table of Contents" in gallery.get(W + "val", "")


def _mark_deleted(properties: etree._Element | None) -> bool:
    if properties is None:
        return False
    run = properties.find(W + "rPr")
    return run is not None and run.find(W + "del") is not None


def _joined(first: Content, second: Content) -> Content:
    first.lines[-1].parts += second.lines[0].parts
    first.lines[-1].bold += second.lines[0].bold
    first.lines[-1].length += second.lines[0].length
    first.lines += second.lines[1:]
    first.boxes += second.boxes
    first.notes += second.notes
    first.page_break |= second.page_break
    first.listed += second.listed
    first.pictures += second.pictures
    return first


def _typed_indent(text: str) -> float:
    """Ideographs of an indent that was typed as spaces."""
    blank = text[: len(text) - len(text.lstrip())]
    return sum(1.0 if c in "\u3000\u2003\t" else 0.5 for c in blank)


def _clean(body: Mapped) -> Mapped:
    """A line's text: tabs and breaks are spaces, none at the ends."""
    text = body.text.replace("\t", " ").replace("\n", " ")
    return tidy(body.replace_text(text))


def _spaced(texts: list[Mapped]) -> Mapped:
    parts: list[Mapped] = []
    for text in texts:
        if text.text:
            parts += [Mapped.inserted(" "), text] if parts else [text]
    return concat(parts)


def _labelled(label: str, suffix: str, body: Mapped) -> Mapped:
    """The computed number before its text; a space only where the number ends in a letter, digit or stop."""
    if not label:
        return body
    space = " " if suffix != "nothing" and label[-1].isascii() else ""
    return concat([Mapped.inserted(label + space), body])
