"""Pieces of an official document in Word that the task book and divisions of work share (GB/T 9704-2012).

The fonts are named, not embedded; Word falls back to what is there.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from luoshi.report.files import printable

TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋_GB2312"
HEAD_FONT = "黑体"
SECOND_FONT = "楷体_GB2312"
LATIN_FONT = "Times New Roman"
CELL_LINE = 340
"""Line height in tables, in twentieths of a point."""
CELL_SIZE = 21
"""五号, in half points."""


def twips(mm: float) -> int:
    """Millimetres as Word counts them."""
    return round(mm * 1440 / 25.4)


def fonts(properties: Any, font: str) -> None:
    """Sets the fonts of run properties: ``font`` for Chinese, one for all other letters."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    made = OxmlElement("w:rFonts")
    for slot, name in (("ascii", LATIN_FONT), ("hAnsi", LATIN_FONT), ("cs", LATIN_FONT), ("eastAsia", font)):
        made.set(qn(f"w:{slot}"), name)
    properties.insert(0, made)


def run(paragraph: Any, text: str, font: str, size: float) -> Any:
    """A run of text at the end of a paragraph; ``size`` in points."""
    made = paragraph.add_run(printable(text))  # a line break in it stays one
    made.font.size = Pt(size)
    fonts(made._r.get_or_add_rPr(), font)
    return made


def page_number(footer: Any, side: Any) -> None:
    """The page's number in a footer as official documents have it: — 1 —."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    margin = Pt(14)
    paragraph.paragraph_format.left_indent = margin if side == WD_ALIGN_PARAGRAPH.LEFT else None
    paragraph.paragraph_format.right_indent = margin if side == WD_ALIGN_PARAGRAPH.RIGHT else None
    run(paragraph, "— ", "宋体", 14)
    field = run(paragraph, "", "宋体", 14)
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "1"), ("end", "")):
        if kind in ("begin", "separate", "end"):
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:t" if kind else "w:instrText")
            part.text = text
        field._r.append(part)
    run(paragraph, " —", "宋体", 14)


def cell_xml(text: str, width: float, *, head: bool = False, center: bool = False, span: int = 1) -> str:
    """A table's cell, ``width`` in mm, across ``span`` columns; what stands in the text is escaped."""
    font = HEAD_FONT if head else BODY_FONT
    middle = '<w:jc w:val="center"/>' if center else ""
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    parts = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in printable(text).split("\n")
    )
    # off the grid of lines, which is for running text
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/>{across}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="40" w:after="40" w:line="{CELL_LINE}" w:lineRule="exact"/>'
        f"{middle}</w:pPr>"
        f'<w:r><w:rPr><w:rFonts w:ascii="{LATIN_FONT}" w:hAnsi="{LATIN_FONT}" w:cs="{LATIN_FONT}" '
        f'w:eastAsia="{font}"/><w:sz w:val="{CELL_SIZE}"/></w:rPr>{parts}</w:r></w:p></w:tc>'
    )
