"""Elements and attributes of OFD parts; files name the namespace in several ways, so that it says nothing."""

from __future__ import annotations

import math
import re

from lxml import etree

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def local(node: etree._Element) -> str:
    """Name of an element without its namespace, empty for a comment."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(node: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element down a path of names."""
    for name in path:
        if node is None:
            return None
        node = next((c for c in node if local(c) == name), None)
    return node


def text_of(node: etree._Element | None) -> str:
    """The text of an element, empty where there is none."""
    return (node.text or "").strip() if node is not None else ""


def number(text: str, default: float) -> float:
    """A number, or the default."""
    try:
        value = float(text)
    except ValueError:
        return default
    return value if math.isfinite(value) else default


def numbers(text: str) -> list[float]:
    """All numbers of an attribute; none where one of them is no number at all."""
    try:
        out = [float(w) for w in text.split()]
    except ValueError:
        out = [float(m) for m in _NUMBER.findall(text)]
    return out if all(map(math.isfinite, out)) else []
