"""What a page says of its document outside the text: in its head, in a table, in the line under the title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from luoshi.read.metaline import Pair, lone_label, pairs
from luoshi.read.trim import keep
from luoshi.read.web.runs import Run
from luoshi.read.web.tree import Node, plain
from luoshi.text.lexicon import mapping

_SITE = re.compile(r"\s*[-_–—|｜]{1,2}\s*[^-_–—|｜]{2,40}$")


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
        cut = title[: m.start()]
        if cut.count("《") != cut.count("》") or cut.count("（") != cut.count("）") or cut[-1].isdigit():
            break
        title = cut
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
        found: list[Pair] = pairs(text)
        if not found and _in_table(lines[i]) and (single := lone_label(text)):
            found = [single]
        if not found:
            i += 1
            continue
        used.add(i)
        following = lines[i + 1] if i + 1 < len(lines) else None
        if not found[-1].value and following is not None and _is_value(lines[i], following):
            found[-1] = found[-1]._replace(value=following.line.text)
            used.add(i + 1)
            i += 1
        for key, value in keep(found):
            out.setdefault(key, value)
        i += 1
    return out, used


def _in_table(run: Run) -> bool:
    return run.block.tag in ("td", "th", "dt", "label")


def _is_value(label: Run, value: Run) -> bool:
    """Whether the next line is the value of a label that stands alone."""
    text = value.line.text
    if len(text) > 200 or pairs(text) or (lone_label(text) and _in_table(value)):
        return False
    if value.line.kind == "heading":
        return False
    if value.block is label.block:
        return label.block.tag not in ("td", "th")
    near = (label.block.parent, label.block.parent.parent if label.block.parent else None)
    return any(n in near for n in (value.block, *value.block.ancestors()) if n.tag not in ("body", "html"))
