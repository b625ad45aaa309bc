"""What a page says of its document outside the text: in its head, in a table, in the line under the title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from luoshi.read.metaline import DATE, label_value, several
from luoshi.read.web.runs import Run
from luoshi.read.web.tree import Node, plain
from luoshi.text.lexicon import mapping

_SITE = re.compile(r"\s*[-_–—|｜]{1,2}\s*[^-_–—|｜]{2,40}$")
_CELLS = frozenset({"td", "th", "li", "dt", "dd", "label", "div", "p", "span"})


def head(text: str, root: Node) -> dict[str, str]:
    """Metadata of the page's head: the tags that official sites must set, then the page title."""
    keys = mapping("luoshi.read", "meta-tags.tsv")
    out: dict[str, str] = {}
    title = ""
    for node in root.walk():
        if node.tag == "meta":
            name = (node.attrs.get("name") or node.attrs.get("property") or "").lower()
            value = re.sub(r"\s+", " ", unescape(node.attrs.get("content", ""))).strip()
            if value and name in keys:
                out.setdefault(keys[name], value)
        elif node.tag == "title" and not title:
            title = unescape(plain(text, node))
    if title:
        out.setdefault("title", page_title(title))
    return out


def page_title(text: str) -> str:
    """The title of a page without the name of its site and section."""
    title = text.strip()
    while (m := _SITE.search(title)) and m.start() >= 6:
        title = title[: m.start()]
    return title.strip()


def of_lines(lines: Sequence[Run]) -> tuple[dict[str, str], set[int]]:
    """Metadata in lines outside the text, and which lines hold it.

    Pairs stand in one line (“发布时间：… 来源：…”) or in neighbouring cells (“索 引 号：” | “…”).
    """
    out: dict[str, str] = {}
    used: set[int] = set()
    i = 0
    while i < len(lines):
        text = lines[i].line.text
        if len(text) > 300 or lines[i].linked > 0.6 * len(text):
            i += 1
            continue
        pairs = several(text)
        if not pairs and (single := label_value(text)) and (single[2] or _in_table(lines[i])):
            pairs = [(single[0], single[1])]
        if not pairs:
            i += 1
            continue
        used.add(i)
        key, value = pairs[-1]
        following = lines[i + 1] if i + 1 < len(lines) else None
        if not value and following is not None and _is_value(lines[i], following):
            pairs[-1] = (key, following.line.text)
            used.add(i + 1)
            i += 1
        for key, value in pairs:
            if key != "-" and value and (key not in ("published", "date") or DATE.search(value)):
                out.setdefault(key, value)
        i += 1
    return out, used


def _in_table(run: Run) -> bool:
    return run.block.tag in ("td", "th", "dt", "label")


def _is_value(label: Run, value: Run) -> bool:
    """Whether the next line is the value of a label that stands alone."""
    text = value.line.text
    if len(text) > 200 or several(text) or ((found := label_value(text)) and found[2]):
        return False
    return value.block is not label.block or label.block.tag not in ("td", "th")
