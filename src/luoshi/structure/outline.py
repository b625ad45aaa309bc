"""The outline of a document: labelled paragraphs to a tree.

Schemes nest in the order in which they first appear under each other, by their rank (GB/T 9704) where that
says nothing; a number that does not follow the one before it makes a problem, never a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from luoshi.structure.labels import Label, Scheme, read_label
from luoshi.structure.lines import Line

_NONE = re.compile(r"(?!)")
HEADING = Scheme("heading", 0, "section", _NONE, True)
ATTACHED = Scheme("attached", 2, "part", _NONE, True)
LIST_ITEM = Scheme("list-item", 31, "item", _NONE, True)
TURN = Scheme("turn", 0.5, "section", _NONE, True)
CAPTION = Scheme("caption", 20, "section", _NONE, True)
LISTS = 13
"""Schemes of this rank and above number lists, not the document."""

ITEMS = 18
"""Schemes of this rank and above make items of a list."""

LOOK_AHEAD = 400
"""Entries within which the next one of a row is looked for."""

PSEUDO = 7
"""Level of headings that the format does not mark."""

PARAGRAPH = Scheme("paragraph", 40, "paragraph", _NONE, True)


@dataclass(slots=True, eq=False)
class Node:
    """A node on its way. ``first`` and ``last`` are lines (``last`` exclusive), ``level`` the format's.

    ``title_span`` is where the title stands in the text of the first line.
    """

    scheme: Scheme
    first: int
    label: str = ""
    number: int | None = None
    sub: int = 0
    words: int = 0
    level: int = 0
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    last: int = 0
    title: str = ""
    title_span: tuple[int, int] | None = None
    kind: str = ""
    eid: str = ""
    speaker: str | None = None

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def depth(self) -> int:
        """1 for a node at the top."""
        n, node = 1, self.parent
        while node is not None and node.parent is not None:
            n, node = n + 1, node.parent
        return n


@dataclass(frozen=True, slots=True)
class Oddity:
    """Numbering that makes no legal row; ``line`` is where."""

    line: int
    code: str
    message: str


@dataclass(slots=True)
class Outline:
    """The tree (``root`` stands for the document itself) and what was odd about it."""

    root: Node
    oddities: list[Oddity] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        """All nodes in document order."""
        return [n for child in self.root.children for n in child.walk()]


@dataclass(frozen=True, slots=True)
class _Entry:
    line: int
    label: Label | None
    scheme: Scheme
    level: int

    @property
    def number(self) -> int | None:
        return self.label.number if self.label else None


class _Grower:
    """Puts one entry after another into the tree."""

    def __init__(self, lines: Sequence[Line], entries: Sequence[_Entry]) -> None:
        self.lines = lines
        self.entries = entries
        self.root = Node(HEADING, 0, last=len(lines))
        self.stack: list[Node] = []
        self.under: dict[str, str] = {}
        self.newest: dict[str, int] = {}
        self.odd: list[Oddity] = []

    def _follows(self, i: int, number: int, *, stop: Sequence[str] = ()) -> bool:
        """Whether the next entry of this scheme has the number ``number``, before one of a scheme in
        ``stop`` comes."""
        name = self.entries[i].scheme.name
        for later in self.entries[i + 1 : i + LOOK_AHEAD]:
            if later.scheme.name == name:
                return later.number == number
            if later.scheme.name in stop:
                return False
        return False

    def _resumes(self, i: int, node: Node, stop: Sequence[str]) -> bool:
        """Whether the row of ``node`` goes on behind the entry ``i``, before an outer scheme comes."""
        if node.number is None:
            return False
        for later in self.entries[i + 1 : i + LOOK_AHEAD]:
            if later.scheme.name in stop:
                return False
            if later.scheme.name == node.scheme.name:
                return later.number == node.number + 1
        return False

    def _open(self, name: str) -> int | None:
        """Place in the stack of the deepest open node of this scheme."""
        return next(
            (p for p in range(len(self.stack) - 1, -1, -1) if self.stack[p].scheme.name == name), None
        )

    def _row_of(self, entry: _Entry) -> int | None:
        """Place of the open node whose row the entry goes on with: its next number, else the deepest one."""
        rows = [p for p, n in enumerate(self.stack) if n.scheme.name == entry.scheme.name]
        if entry.number is not None:
            for p in reversed(rows):
                if (before := self.stack[p].number) is not None and entry.number == before + 1:
                    return p
        return rows[-1] if rows else None

    def add(self, i: int) -> None:
        """Put the entry ``i`` into the tree, or leave it a plain paragraph."""
        entry = self.entries[i]
        keep = self._place(i, entry)
        if keep is None:
            return
        del self.stack[keep:]
        parent = self.stack[-1] if self.stack else self.root
        label = entry.label
        node = Node(
            entry.scheme, entry.line, label.text if label else "", entry.number, label.sub if label else 0,
            label.end if label else 0, entry.level, parent,
        )  # fmt: skip
        parent.children.append(node)
        self.stack.append(node)
        if node.number is not None:
            self.newest[entry.scheme.name] = node.number
        self.under.setdefault(entry.scheme.name, parent.scheme.name if parent is not self.root else "")

    def _place(self, i: int, entry: _Entry) -> int | None:
        """How many open nodes stay open for the entry; ``None``: it is no entry after all."""
        if entry.scheme is TURN:
            return 0
        if entry.scheme is HEADING:
            return next((p for p, n in enumerate(self.stack) if _yields(n, entry)), len(self.stack))
        at = self._row_of(entry)
        if at is not None:
            return self._place_in_row(i, entry, at)
        keep = self._outer(i, entry)
        if not self._legal_start(i, entry):
            return None
        return keep

    def _place_in_row(self, i: int, entry: _Entry, at: int) -> int | None:
        before, n = self.stack[at].number, entry.number
        if (
            entry.scheme.rank <= ATTACHED.rank
            or n is None
            or before is None
            or n == before + 1
            or (n == before and entry.label and entry.label.sub)
        ):
            return at
        if n == 1:
            colon = self.lines[entry.line - 1].text.rstrip().endswith(("：", ":"))
            if (
                (colon and entry.line - 1 == self.stack[-1].first)
                or (at == len(self.stack) - 1 and self._resumes(i, self.stack[at], ()))
            ) and not self._follows_after_restart(i, before):
                return len(self.stack)
            if not entry.scheme.strong and not self._follows(i, 2):
                return None
            self._note(entry, "numbering-restart", "begins again at 1")
            return at
        if not entry.scheme.strong and not (before < n <= before + 3 or self._follows(i, n + 1)):
            return None
        self._note(entry, "numbering-gap", f"stands after {before}")
        return at

    def _follows_after_restart(self, i: int, before: int) -> bool:
        """A row of one that is followed by the old row's next number at once is the old row gone wrong."""
        return self._follows(i, before + 1) and not self._follows(i, 2) and before > 1

    def _outer(self, i: int, entry: _Entry) -> int:
        """How many open nodes are outer to a scheme that is not open."""
        known = self.under.get(entry.scheme.name)
        if known and (at := self._open(known)) is not None and self.stack[at].scheme.rank < entry.scheme.rank:
            return self._within(at + 1, entry)
        keep = len(self.stack)
        while keep and self._is_inner(self.stack[keep - 1], entry):
            top = self.stack[keep - 1]
            outer = [n.scheme.name for n in self.stack[: keep - 1]]
            nests = entry.number == 1 and top.scheme.rank >= 10 and entry.scheme.rank >= 10
            if (nests and self._resumes(i, top, outer)) or self.under.get(
                entry.scheme.name
            ) == top.scheme.name:
                return keep
            keep -= 1
        return keep

    def _within(self, keep: int, entry: _Entry) -> int:
        """Deeper nodes that are outer by rank stay open too."""
        while keep < len(self.stack) and not self._is_inner(self.stack[keep], entry):
            keep += 1
        return keep

    @staticmethod
    def _is_inner(node: Node, entry: _Entry) -> bool:
        if node.scheme is HEADING:
            return bool(entry.level and node.level >= entry.level)
        return node.scheme.rank >= entry.scheme.rank

    def _legal_start(self, i: int, entry: _Entry) -> bool:
        n, name = entry.number, entry.scheme.name
        if n is None or n == 1 or n == self.newest.get(name, 0) + 1:
            return True
        if name == "annex":
            return True
        if not entry.scheme.strong and not self._follows(i, n + 1):
            return False
        self._note(entry, "numbering-start", "does not begin at 1")
        return True

    def _note(self, entry: _Entry, code: str, what: str) -> None:
        if entry.scheme.rank >= LISTS and code == "numbering-restart":
            return  # lists begin again all the time
        label = entry.label.text if entry.label else ""
        self.odd.append(Oddity(entry.line, code, f"“{label}” {what}"))


def _yields(node: Node, heading: _Entry) -> bool:
    """Whether an open node ends before an unlabelled heading.

    A heading of the format outranks labels that the format does not mark; one that only looks like a heading
    (bold, a short sentence) stands within chapters and sections.
    """
    if node.scheme is HEADING or heading.level < PSEUDO:
        return not node.level or node.level >= heading.level
    return node.scheme.rank > 12


def _is_heading(line: Line) -> bool:
    return line.block.kind == "heading" or line.kind == "heading"


def _entries(lines: Sequence[Line]) -> list[_Entry]:
    out: list[_Entry] = []
    for i, line in enumerate(lines):
        if not line.entry or line.kind in ("title", "note", "table-row"):
            continue
        level = (line.block.level or 1) if line.block.kind == "heading" else 0
        if line.kind == "part":
            label = read_label(line.text)
            annex = label if label and label.scheme.name == "annex" else None
            out.append(_Entry(i, annex, annex.scheme if annex else ATTACHED, level))
            continue
        label = read_label(line.text)
        if line.turn:
            out.append(_Entry(i, None, TURN, 0))
        elif label is not None and label.scheme.name != "annex":
            out.append(_Entry(i, label, label.scheme, level))
        elif _is_heading(line):
            out.append(_Entry(i, None, HEADING, level or PSEUDO))
        elif line.block.kind == "list-item":
            out.append(_Entry(i, None, LIST_ITEM, 0))
    return out


def _close(node: Node, end: int) -> None:
    """Set where every node ends: before its next sibling, or with its parent."""
    node.last = end
    ends = [after.first for after in node.children[1:]] + [end]
    for child, stop in zip(node.children, ends, strict=False):
        _close(child, stop)


def _trim(node: Node, lines: Sequence[Line]) -> None:
    """Signatures and editors' notes behind the last paragraph belong to no node."""
    for child in node.children:
        while child.last > child.first + 1 and lines[child.last - 1].kind == "note":
            child.last -= 1
        _trim(child, lines)


_CLOSING = re.compile(r"(?:本[\u4e00-\u9fff]{1,8}自[^。]{2,20}起|特此|此[函复]|以上(?:意见|请示|报告))")


def _release(node: Node, lines: Sequence[Line]) -> None:
    """What follows a whole list is not its last item's: the paragraphs behind the last of several items that
    hold one line each, and the words with which a document closes."""
    for k, child in enumerate(node.children):
        row = [c for c in node.children[:k] if c.scheme.name == child.scheme.name]
        ends_row = k + 1 == len(node.children) or node.children[k + 1].scheme.name != child.scheme.name
        plain_row = bool(row) and all(c.last == c.first + 1 for c in row)
        if child.scheme.rank >= ITEMS and plain_row and ends_row and not child.children:
            child.last = child.first + 1
        _release(child, lines)
    if node.children and node.scheme.name != "article":
        last = node.children[-1]
        while last.last > last.first + 1 and _CLOSING.match(lines[last.last - 1].text):
            _cut_back(last, last.last - 1)


def _cut_back(node: Node, end: int) -> None:
    node.last = min(node.last, end)
    for child in node.children:
        _cut_back(child, end)


def grow(lines: Sequence[Line]) -> Outline:
    """The outline of a document's lines; lines of kind ``part`` begin an annex or an attached text."""
    entries = _entries(lines)
    grower = _Grower(lines, entries)
    for i in range(len(entries)):
        grower.add(i)
    _close(grower.root, len(lines))
    _trim(grower.root, lines)
    _release(grower.root, lines)
    return Outline(grower.root, grower.odd)


def add_paragraphs(outline: Outline, lines: Sequence[Line]) -> None:
    """Give unlabelled paragraphs an address.

    In a law every 款 of an article that has several; in a document without any label every paragraph.
    """
    for node in outline.nodes:
        if node.scheme.name in ("article", "en-article"):
            _clauses(node, lines)
    if not outline.root.children:
        for i, line in enumerate(lines):
            if line.kind == "body":
                child = Node(PARAGRAPH, i, parent=outline.root, last=i + 1)
                outline.root.children.append(child)


def _clauses(article: Node, lines: Sequence[Line]) -> None:
    """Nodes for the clauses (款) of an article that has several, the labelled items below their clause."""
    inside = {i for child in article.children for i in range(child.first, child.last)}
    first = article.first
    after_title = article.title_span[1] if article.title_span else article.words
    own_line = bool(lines[first].text[after_title:].strip(" 　)）】"))
    heads = [
        i
        for i in range(first if own_line else first + 1, article.last)
        if i not in inside and lines[i].kind in ("body", "heading" if i == first else "body")
    ]
    # a paragraph behind items and not labelled is swallowed by the last item: it begins a clause of its own
    tails = [
        i
        for child in article.children
        for i in range(child.first + 1, child.last)
        if _is_tail(child, i, lines)
    ]
    heads = sorted({*heads, *tails})
    if not heads or (len(heads) < 2 and own_line):
        return
    children, article.children = article.children, []
    for i, after in zip(heads, [*heads[1:], article.last], strict=True):
        clause = Node(PARAGRAPH, i, parent=article, last=after)
        for child in children:
            if i <= child.first < after:
                child.parent = clause
                clause.children.append(child)
        article.children.append(clause)
    for clause in article.children:
        _close(clause, clause.last)


def _is_tail(item: Node, i: int, lines: Sequence[Line]) -> bool:
    """An unlabelled paragraph behind the last item of a list, and not below a nested one."""
    if item.children or item.parent is None or item is not item.parent.children[-1]:
        return False
    return lines[i].kind == "body" and lines[item.first].text.rstrip()[-1:] in "。."
