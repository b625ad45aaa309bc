"""The tree of a page, forgiving as a browser is, with the place of every text in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from luoshi.read.web.tokens import END, OTHER, RAW, START, TEXT, attributes, tokens

VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "basefont",
        "bgsound",
        "frame",
        "keygen",
    }
)
BLOCK = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "plaintext",
        "pre",
        "search",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "ucapcontent",
        "ucaptitle",
    }
)
_CLOSED_BY_BLOCK = "p"
_SAME = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "option": frozenset({"option"}),
    "tr": frozenset({"tr", "td", "th"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tbody": frozenset({"tr", "td", "th", "tbody", "thead", "tfoot"}),
    "thead": frozenset({"tr", "td", "th", "tbody", "thead", "tfoot"}),
    "tfoot": frozenset({"tr", "td", "th", "tbody", "thead", "tfoot"}),
}
_SCOPE = {
    "li": frozenset({"ul", "ol", "menu", "dir"}),
    "dt": frozenset({"dl"}),
    "dd": frozenset({"dl"}),
    "option": frozenset({"select", "datalist", "optgroup"}),
}
_TABLE = frozenset({"table"})


@dataclass(slots=True, eq=False)
class Node:
    """An element, or a text (``tag`` empty) that stands at ``start`` to ``end`` of the source."""

    tag: str
    start: int
    end: int = 0
    raw: str = ""
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    _attrs: dict[str, str] | None = None

    @property
    def attrs(self) -> dict[str, str]:
        """The attributes of an element."""
        if self._attrs is None:
            self._attrs = attributes(self.raw) if self.raw else {}
        return self._attrs

    @property
    def names(self) -> str:
        """Its id and classes, in lower case."""
        return f"{self.attrs.get('id', '')} {self.attrs.get('class', '')}".lower()

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def ancestors(self) -> Iterator[Node]:
        """Its parent, that one's parent, and so on."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


@dataclass(slots=True)
class Page:
    """A parsed page: the root, and the stretches that are markup or scripts."""

    root: Node
    markup: list[tuple[int, int]] = field(default_factory=list)
    scripts: list[tuple[int, int]] = field(default_factory=list)


def parse(text: str, start: int, depth: int) -> Page:
    """The tree of a page.

    :param start: where the page begins in the text.
    :param depth: elements nested deeper than this are taken as flat.
    """
    page = Page(Node("#root", start, len(text)))
    stack = [page.root]
    for kind, name, raw, a, b in tokens(text, start):
        top = stack[-1]
        if kind == TEXT:
            top.children.append(Node("", a, b, parent=top))
        elif kind == RAW:
            page.scripts.append((a, b))
        else:
            page.markup.append((a, b))
            if kind == START:
                _open(stack, name, raw, a, b, depth)
            elif kind == END:
                _close(stack, name, a, b)
            elif kind == OTHER:
                continue
    for node in stack[1:]:
        node.end = len(text)
    return page


def _open(stack: list[Node], name: str, raw: str, start: int, end: int, depth: int) -> None:
    if name in BLOCK:
        _imply_ends(stack, name, start)
    top = stack[-1]
    node = Node(name, start, end, raw, top)
    top.children.append(node)
    if name not in VOID and len(stack) < depth and not (raw.endswith("/>") and name not in BLOCK):
        stack.append(node)


def _imply_ends(stack: list[Node], name: str, at: int) -> None:
    """Close what a new block element closes: an open paragraph, the list item or cell before it."""
    same = _SAME.get(name)
    if same is not None:
        scope = _SCOPE.get(name, _TABLE)
        for i in range(len(stack) - 1, 0, -1):
            if stack[i].tag in scope:
                break
            if stack[i].tag in same:
                _pop_to(stack, i, at)
        return
    for i in range(len(stack) - 1, 0, -1):
        tag = stack[i].tag
        if tag == _CLOSED_BY_BLOCK:
            _pop_to(stack, i, at)
            return
        if tag in BLOCK:
            return


def _close(stack: list[Node], name: str, start: int, end: int) -> None:
    if name in ("br", "p") and (name == "br" or not any(n.tag == "p" for n in stack)):
        stack[-1].children.append(Node("br", start, end, parent=stack[-1]))
        return
    for i in range(len(stack) - 1, 0, -1):
        tag = stack[i].tag
        if tag == name:
            _pop_to(stack, i, end)
            return
        if name not in BLOCK and tag in BLOCK:
            return
        if tag == "table" or (
            tag in ("td", "th", "tr") and name not in ("table", "tbody", "thead", "tfoot", "tr")
        ):
            return


def _pop_to(stack: list[Node], index: int, at: int) -> None:
    for node in stack[index:]:
        node.end = at
    del stack[index:]


def plain(text: str, node: Node) -> str:
    """The characters of a node without markup, white space collapsed."""
    raw = "".join(text[n.start : n.end] for n in node.walk() if not n.tag)
    return re.sub(r"\s+", " ", raw).strip()
