"""Which part of a page is the document: known containers first, checked against where the sentences stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from luoshi.read.metaline import lone_label, pairs
from luoshi.read.web.runs import Run, hidden
from luoshi.read.web.tree import Node
from luoshi.text.lexicon import table

_SENTENCE = re.compile(r"[，。；！？]")
_CHROME_TAGS = frozenset(
    {
        "nav",
        "footer",
        "aside",
        "button",
        "select",
        "option",
        "form",
        "input",
        "textarea",
        "noscript",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "head",
        "title",
        "datalist",
        "template",
        "svg",
        "math",
    }
)
_NEVER = frozenset(
    {"head", "title", "select", "option", "textarea", "iframe", "noscript", "template", "svg", "math"}
)
SHARE = 0.9
"""The text is in the smallest element that holds this share of the page's sentences."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The element with the text, and elements in it or around it that are none of it, with the reason."""

    main: Node
    chrome: dict[Node, str]


@cache
def _containers() -> tuple[tuple[str, re.Pattern[str], int], ...]:
    return tuple(
        (attribute, re.compile(pattern, re.IGNORECASE), int(strength))
        for attribute, pattern, strength in table("luoshi.read", "containers.tsv")
    )


@cache
def _chrome_names() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(p, re.IGNORECASE), reason) for p, reason in table("luoshi.read", "chrome.tsv"))


@lru_cache(maxsize=4096)
def strength(names: str, identifier: str) -> int:
    """How sure a class list and an id are to be the container of a text: 0 to 3."""
    best = 0
    for attribute, pattern, value in _containers():
        if value > best:
            words = (identifier,) if attribute == "id" else names.split()
            if any(pattern.fullmatch(w) for w in words if w):
                best = value
    return best


@lru_cache(maxsize=4096)
def chrome_reason(names: str) -> str:
    """Why an element with these ids and classes is not text, empty where its names say nothing."""
    for pattern, reason in _chrome_names():
        if pattern.search(names):
            return reason
    return ""


def choose(root: Node, lines: list[Run]) -> Choice:
    """The main element of a page.

    :param lines: all lines of the page.
    """
    weight = _weights(lines)
    total = weight.get(root, 0.0)
    chrome = _chrome(root, weight, total)
    for node in metadata_tables(lines):
        if not any(n in chrome for n in (node, *node.ancestors())):
            chrome[node] = "metadata"
    for node in chrome:
        lost = weight.get(node, 0.0)
        if lost and not any(a in chrome for a in node.ancestors()):
            for a in (node, *node.ancestors()):
                weight[a] = weight.get(a, 0.0) - lost
    total = weight.get(root, 0.0)
    if total <= 0:
        return Choice(_body(root), chrome)
    dense = _whole(_smallest(root, weight, SHARE * total, chrome), weight, chrome)
    known = _known(root, weight, chrome)
    main = dense
    if known is not None:
        held = weight.get(known, 0.0)
        need = {3: 0.5, 2: 0.7, 1: 0.85}[_strength(known)]
        if held >= need * weight.get(dense, 0.0):
            main = known
    return Choice(main, {n: r for n, r in chrome.items() if n is not main and n not in set(main.ancestors())})


def metadata_tables(lines: list[Run]) -> list[Node]:
    """Tables and lists that hold labels of metadata with their values and nothing else."""
    labels: dict[Node, int] = {}
    held: dict[Node, int] = {}
    for run in lines:
        node = next((n for n in (run.block, *run.block.ancestors()) if n.tag in ("table", "ul", "dl")), None)
        if node is None:
            continue
        held[node] = held.get(node, 0) + 1
        if len(run.line.text) <= 200 and (lone_label(run.line.text) or pairs(run.line.text)):
            labels[node] = labels.get(node, 0) + 1
    return [node for node, n in labels.items() if n >= 3 and n >= 0.4 * held[node]]


def _body(root: Node) -> Node:
    return next((n for n in root.walk() if n.tag == "body"), root)


def _weights(lines: Iterable[Run]) -> dict[Node, float]:
    """How much running text stands in each element: characters outside links, of lines like sentences."""
    weight: dict[Node, float] = {}
    for run in lines:
        text = run.line.text
        bare = len(text) - run.linked
        if bare < 0.5 * len(text):
            continue
        marks = len(_SENTENCE.findall(text))
        value = float(bare) if marks or bare >= 25 else 0.3 * bare if bare >= 6 else 0.1 * bare
        node: Node | None = run.block
        while node is not None:
            weight[node] = weight.get(node, 0.0) + value
            node = node.parent
    return weight


def _chrome(root: Node, weight: dict[Node, float], total: float) -> dict[Node, str]:
    """Elements around the text, by tag, name or style; none that holds a good part of the sentences."""
    out: dict[Node, str] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if not node.tag:
            continue
        reason = ""
        most = 0.3
        if hidden(node):
            reason, most = "hidden text", 0.7
        elif node.tag in _CHROME_TAGS:
            reason = "navigation"
        elif node.tag == "figcaption":
            reason = "caption"
        elif node.raw and ("id" in node.attrs or "class" in node.attrs):
            reason = chrome_reason(node.names.strip())
        if reason and (node.tag in _NEVER or weight.get(node, 0.0) <= most * total) and _strength(node) < 3:
            out[node] = reason
            continue
        stack.extend(node.children)
    return out


def _strength(node: Node) -> int:
    if not node.raw:
        return 0
    return strength(node.attrs.get("class", "").lower(), node.attrs.get("id", "").lower())


def _smallest(root: Node, weight: dict[Node, float], need: float, chrome: dict[Node, str]) -> Node:
    """The deepest element that still holds the needed weight."""
    node = root
    while True:
        inner = [c for c in node.children if c.tag and c not in chrome and weight.get(c, 0.0) >= need]
        if not inner or inner[0].tag in (
            "p",
            "tr",
            "tbody",
            "li",
            "ul",
            "ol",
            "h1",
            "h2",
            "h3",
            "span",
            "font",
            "b",
        ):
            return node
        node = inner[0]


def _whole(node: Node, weight: dict[Node, float], chrome: dict[Node, str]) -> Node:
    """The element around a node whose other parts are of the same piece: paragraphs, tables without a name.

    Editors wrap a part of a text in an element of its own; the annexes behind it belong to the text too.
    """
    best = node
    while node.parent is not None and node.parent.tag not in ("body", "html", "#root", "form"):
        others = [
            c for c in node.parent.children if c is not node and c.tag and c not in chrome and weight.get(c)
        ]
        if any(not _anonymous(c) for c in others):
            break
        added = sum(weight[c] for c in others)
        if others and added < 0.02 * weight[node] and any(c.tag != "p" for c in others):
            break
        node = node.parent
        if others:
            best = node
    return best


def _anonymous(node: Node) -> bool:
    if node.tag == "p":
        return True
    named = node.attrs.get("id") or node.attrs.get("class") if node.raw else ""
    return not named and node.tag not in ("h1", "h2", "ul", "dl", "a")


def _known(root: Node, weight: dict[Node, float], chrome: dict[Node, str]) -> Node | None:
    """The known container with the most text; of those within each other the surest, then the outermost."""
    best: tuple[float, int, int] | None = None
    found: Node | None = None
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        if not node.tag or node in chrome:
            continue
        sure = _strength(node)
        held = weight.get(node, 0.0)
        if sure and held > 0:
            key = (held * (0.6 + 0.2 * sure), sure, -depth)
            if best is None or key > best:
                best, found = key, node
        stack.extend((c, depth + 1) for c in node.children)
    return found
