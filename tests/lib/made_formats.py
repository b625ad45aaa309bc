"""One document in every format: as text, Markdown, HTML, Word with typed and with automatic numbers, OFD …"""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import docx
import ofd_writer
import openpyxl
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from luoshi.read.formats import soffice

DEMO = Path(__file__).resolve().parents[2] / "demo" / "documents"
_LABEL = re.compile(r"([一二三四五六七八九十]+、)|(（[一二三四五六七八九十]+）)|(\d+)\.\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph: ``depth`` 0 for the title, 1 for 一、, 2 for （一）, 3 for 1., 9 for text."""

    label: str
    text: str
    depth: int

    @property
    def typed(self) -> str:
        """With its number as it is typed in Chinese documents."""
        return self.label + (" " if self.label.endswith(".") else "") + self.text


def demo() -> list[Part]:
    """The demo plan, its Markdown taken off."""
    out: list[Part] = []
    text = next(DEMO.glob("03*.md")).read_text(encoding="utf-8").split("---", 2)[2]
    for raw in text.splitlines():
        line = re.sub(r"。\*\*\s*", "。", raw.strip()).replace("**", "")
        if not line or line.startswith("!["):
            continue
        title = line.startswith("# ")
        line = line.lstrip("# ")
        m = _LABEL.match(line)
        if title:
            out.append(Part("", line, 0))
        elif m is None:
            out.append(Part("", line, 9))
        else:
            label = f"{m[3]}." if m[3] else m[0]
            out.append(Part(label, line[m.end() :], 1 if m[1] else 2 if m[2] else 3))
    return out


def txt(parts: Sequence[Part]) -> bytes:
    """Plain text, a paragraph a line."""
    return "\n".join(("" if p.depth == 0 else "　　") + p.typed for p in parts).encode()


def md(parts: Sequence[Part]) -> bytes:
    """Markdown with headings."""
    marks = {0: "# ", 1: "## ", 2: "### "}
    return "\n\n".join(marks.get(p.depth, "") + p.typed for p in parts).encode()


def html(parts: Sequence[Part]) -> bytes:
    """A page as government sites save it: headings are only bold."""
    rows = []
    for p in parts:
        text = escape(p.typed)
        if p.depth == 0:
            rows.append(f'<h1 align="center">{text}</h1>')
        else:
            rows.append(f"<p>　　<strong>{text}</strong></p>" if p.depth < 3 else f"<p>　　{text}</p>")
    body = "\n".join(rows)
    return f'<html><head><meta charset="utf-8"></head><body><div>{body}</div></body></html>'.encode()


def word(parts: Sequence[Part], *, automatic: bool) -> bytes:
    """A Word file, its numbers typed or made by Word."""
    out = docx.Document()
    lists = _numbering(out) if automatic else (0, 0)
    for p in parts:
        if p.depth == 0:
            paragraph = out.add_paragraph(p.text)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.runs[0].font.size = Pt(22)
            paragraph.runs[0].bold = True
            continue
        paragraph = out.add_paragraph(p.text if automatic else p.typed)
        paragraph.paragraph_format.first_line_indent = Pt(32)
        if automatic and p.label:
            _number(paragraph, lists, p.depth - 1)
    data = io.BytesIO()
    out.save(data)
    return data.getvalue()


def _element(name: str, **values: str) -> OxmlElement:
    node = OxmlElement(name)
    for key, value in values.items():
        node.set(qn(f"w:{key}"), value)
    return node


def _numbering(out: docx.document.Document) -> tuple[int, int]:
    """Two lists: 一、 with （一） below it, and 1. that counts on through the whole document."""
    root = out.part.numbering_part.element
    outline = (("chineseCounting", "%1、", "nothing"), ("chineseCounting", "（%2）", "nothing"))
    first = root.find(qn("w:num"))
    for key, levels in (("77", outline), ("78", (("decimal", "%1.", "space"),))):
        abstract = _element("w:abstractNum", abstractNumId=key)
        abstract.append(_element("w:multiLevelType", val="multilevel"))
        for depth, (style, pattern, suffix) in enumerate(levels):
            level = _element("w:lvl", ilvl=str(depth))
            for name, value in (("start", "1"), ("numFmt", style), ("suff", suffix), ("lvlText", pattern)):
                level.append(_element(f"w:{name}", val=value))
            abstract.append(level)
        first.addprevious(abstract)
        num = _element("w:num", numId=key)
        num.append(_element("w:abstractNumId", val=key))
        root.append(num)
    return 77, 78


def _number(paragraph: docx.text.paragraph.Paragraph, lists: tuple[int, int], depth: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    node = _element("w:numPr")
    node.append(_element("w:ilvl", val=str(depth if depth < 2 else 0)))
    node.append(_element("w:numId", val=str(lists[depth == 2])))
    properties.append(node)


def rtf(parts: Sequence[Part]) -> bytes:
    """RTF as Word for China writes it: code page 936, lists with their labels in a table at its head."""

    def level(pattern: str, style: int, follow: int) -> str:
        text = "".join(
            f"\\'{int(c):02x}" if c.isdigit() else "".join(f"\\'{b:02x}" for b in c.encode("gb18030"))
            for c in pattern
        )
        places = "".join(f"\\'{i:02x}" for i, c in enumerate(pattern, start=1) if c.isdigit())
        return (
            f"{{\\listlevel\\levelnfc{style}\\levelnfcn{style}\\leveljc0\\levelfollow{follow}\\levelstartat1"
            f"{{\\leveltext\\'{len(pattern):02x}{text};}}{{\\levelnumbers{places};}}}}"
        )

    lists = [level("0、", 39, 2) + level("（1）", 39, 2), level("0.", 0, 1)]
    table = "".join(f"{{\\list\\listid{n}\\listtemplateid{n}{x}}}" for n, x in enumerate(lists, start=1))
    over = "".join(f"{{\\listoverride\\listid{n}\\listoverridecount0\\ls{n}}}" for n in (1, 2))
    out = [
        "{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fnil\\fcharset134 FangSong;}}"
        f"{{\\*\\listtable{table}}}{{\\*\\listoverridetable{over}}}"
    ]
    for p in parts:
        text = "".join(
            c if c.isascii() else "".join(f"\\'{b:02x}" for b in c.encode("gb18030")) for c in p.text
        )
        if p.depth == 0:
            out.append(f"\\pard\\qc\\b {text}\\b0\\par")
        elif p.label:
            where = "\\ls2\\ilvl0" if p.depth == 3 else f"\\ls1\\ilvl{p.depth - 1}"
            out.append(f"\\pard\\fi640{where} {text}\\par")
        else:
            out.append(f"\\pard\\fi640 {text}\\par")
    return ("\r\n".join(out) + "}").encode("ascii")


def ofd(parts: Sequence[Part]) -> bytes:
    """OFD pages as GB/T 9704 sets them."""
    return ofd_writer.write(
        [ofd_writer.Paragraph(p.typed, "title" if p.depth == 0 else "body") for p in parts], parts[0].text
    )


def pdf(parts: Sequence[Part]) -> bytes:
    """A PDF through typst, which must be installed."""
    import typst

    lines = [
        '#set page(paper: "a4", margin: (top: 37mm, left: 28mm, right: 26mm, bottom: 35mm))',
        '#set page(numbering: "— 1 —")',
        '#set text(font: ("Noto Serif CJK SC", "Noto Sans CJK SC"), size: 16pt, lang: "zh")',
        "#set par(first-line-indent: (amount: 2em, all: true), justify: true, leading: 12pt, spacing: 12pt)",
    ]
    for p in parts:
        text = re.sub(r'([\\#$*_`<>@"\[\]~/=+.-])', r"\\\1", p.typed)
        lines.append(f"#align(center)[#text(size: 22pt, weight: 700)[{text}]]" if p.depth == 0 else text)
    source = "\n\n".join(lines)
    data = typst.compile(source.encode())
    assert isinstance(data, bytes)
    return data


def by_libreoffice(word_file: bytes, ending: str, target: Path) -> None:
    """A Word file in another format, written by LibreOffice with a profile of its own."""
    program = soffice.program()
    assert program is not None
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "sample.docx").write_bytes(word_file)
        subprocess.run(
            [
                program, f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless",
                "--convert-to", ending, "--outdir", folder, str(place / "sample.docx"),
            ],
            check=True, timeout=120, capture_output=True,
        )  # fmt: skip
        target.write_bytes((place / f"sample.{ending}").read_bytes())


LEDGER_TITLE = "石门县2025年民生实事任务清单"
LEDGER_HEAD = ("序号", "任务事项", "牵头单位", "责任单位", "完成时限")
LEDGER_ROWS = (
    ("1", "新建村级养老服务站12个", "县民政局", "县财政局、各乡镇人民政府", "2025年9月底前"),
    ("2", "改造农村户用厕所3000座", "县农业农村局", "县卫生健康局", "2025年底前"),
    ("3", "开通城乡公交线路6条", "县交通运输局", "县公安局、县财政局", "2025年6月底前"),
    ("4", "完成8所学校食堂改造", "县教育体育局", "县市场监管局", "2025年8月底前"),
)


def ledger(ending: str) -> bytes:
    """A list of tasks as a table."""
    rows = [LEDGER_HEAD, *LEDGER_ROWS]
    if ending == "html":
        cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
        text = f'<html><head><meta charset="utf-8"></head><body><h1>{LEDGER_TITLE}</h1><table>{cells}</table>'
        return f"{text}</body></html>".encode()
    if ending == "csv":
        return ("\ufeff" + "\r\n".join(",".join(row) for row in rows) + "\r\n").encode()
    if ending == "ofd":
        paragraphs = [ofd_writer.Paragraph(LEDGER_TITLE, "title")]
        return ofd_writer.write([*paragraphs, *(ofd_writer.Paragraph("", "cells", row) for row in rows)])
    data = io.BytesIO()
    if ending == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append([LEDGER_TITLE])
        sheet.merge_cells("A1:E1")
        for row in rows:
            sheet.append([int(c) if c.isdigit() else c for c in row])
        book.save(data)
    else:
        out = docx.Document()
        out.add_paragraph(LEDGER_TITLE).alignment = WD_ALIGN_PARAGRAPH.CENTER
        table = out.add_table(rows=0, cols=len(LEDGER_HEAD))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        out.save(data)
    return data.getvalue()


def zipped(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()
