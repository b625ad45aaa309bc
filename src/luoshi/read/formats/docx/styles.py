"""Paragraph styles with what they inherit: outline level, list, alignment, indent, boldness."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from luoshi.model.reading import Align
from luoshi.read.formats.docx.package import W

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
ALIGN: dict[str, Align] = {
    "center": "center", "right": "right", "end": "right", "left": "left", "start": "left", "both": "left",
    "distribute": "left",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks: what its own properties say over what its style says.

    ``level`` of the outline from 1, 0 for body text; ``depth`` of the list from 0, ``None`` where only the
    list itself says which of its levels belongs to the style; ``indent`` of the first line in ideographs.
    """

    level: int = 0
    num: str = ""
    depth: int | None = None
    style: str = ""
    align: Align = ""
    indent: float = 0.0
    bold: bool = False
    title: bool = False
    contents: bool = False
    hidden: bool = False
    page_break: bool = False


class Styles:
    """The styles of a document; :meth:`look` resolves a paragraph's."""

    def __init__(self, root: etree._Element | None) -> None:
        self._nodes: dict[str, etree._Element] = {}
        self._looks: dict[str, Look] = {}
        self._default = ""
        for node in root.iter(W + "style") if root is not None else ():
            key = node.get(W + "styleId", "")
            if node.get(W + "type", "paragraph") == "paragraph":
                self._nodes[key] = node
                if node.get(W + "default") in ("1", "true"):
                    self._default = key

    def look(self, properties: etree._Element | None) -> Look:
        """The look of a paragraph with these ``w:pPr``."""
        style = _val(properties, "pStyle") if properties is not None else ""
        look = self._style(style or self._default, 0)
        return _over(look, properties)

    def _style(self, key: str, depth: int) -> Look:
        if key not in self._looks:
            node = self._nodes.get(key)
            if node is None or depth > 20:
                return Look()
            base = self._style(_val(node, "basedOn"), depth + 1) if _val(node, "basedOn") else Look()
            self._looks[key] = self._own(base, node)
        return self._looks[key]

    def _own(self, base: Look, node: etree._Element) -> Look:
        name = _val(node, "name").strip().lower()
        look = replace(_over(base, node.find(W + "pPr")), style=node.get(W + "styleId", ""))
        run = node.find(W + "rPr")
        if run is not None:
            look = replace(look, bold=flag(run, "b", look.bold), hidden=flag(run, "vanish", look.hidden))
        heading = _HEADING.match(name)
        if heading and not _val(node.find(W + "pPr"), "outlineLvl"):
            # the built-in style says its level by its name, whatever it is based on
            look = replace(look, level=int(heading.group(1)))
        if name in ("title", "标题", "公文标题"):
            look = replace(look, title=True)
        if name.startswith(("toc ", "目录")):
            look = replace(look, contents=True, level=0)
        return look


def _over(look: Look, properties: etree._Element | None) -> Look:
    if properties is None:
        return look
    outline = _val(properties, "outlineLvl")
    if outline.isdigit():
        look = replace(look, level=int(outline) + 1 if int(outline) < 9 else 0)
    lists = properties.find(W + "numPr")
    if lists is not None:
        depth = _val(lists, "ilvl")
        num = _val(lists, "numId") or look.num
        look = replace(
            look, num="" if num == "0" else num, depth=int(depth) if depth.isdigit() else look.depth
        )
    align = ALIGN.get(_val(properties, "jc"))
    if align:
        look = replace(look, align=align)
    indent = properties.find(W + "ind")
    if indent is not None:
        look = replace(look, indent=_first_line(indent, look.indent))
    return replace(look, page_break=flag(properties, "pageBreakBefore", look.page_break))


def _first_line(node: etree._Element, old: float) -> float:
    """Ideographs of the first line's indent; a hanging one is none."""
    chars, twips = node.get(W + "firstLineChars", ""), node.get(W + "firstLine", "")
    if chars.lstrip("-").isdigit() and int(chars):
        return int(chars) / 100
    if twips.isdigit():
        # 三号 (16 pt) is the body size of official documents, 320 twips an ideograph.
        return round(int(twips) / 320, 2)
    return 0.0 if node.get(W + "hanging") or node.get(W + "hangingChars") else old


def _val(node: etree._Element | None, name: str) -> str:
    child = node.find(W + name) if node is not None else None
    return child.get(W + "val", "") if child is not None else ""


def flag(node: etree._Element, name: str, default: bool) -> bool:
    """An on/off property: present without a value means on."""
    child = node.find(W + name)
    return default if child is None else child.get(W + "val", "1") not in ("0", "false", "off")
