"""Writes Word files from pieces of WordprocessingML, for what python-docx cannot write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "application/vnd.openxmlformats-package"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="{_R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
ROOTS = {
    "styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes",
    "comments": "comments", "header1": "hdr", "footer1": "ftr",
}  # fmt: skip
_KINDS = {"header1": "header", "footer1": "footer"}


def word(
    body: str, parts: Mapping[str, str] | None = None, extra: Mapping[str, bytes] | None = None
) -> bytes:
    """A Word file.

    :param body: the children of ``w:body``.
    :param parts: children of the roots of further parts, by name (styles, numbering, footnotes, header1 …).
    :param extra: whole parts by path.
    """
    parts = parts or {}
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    files: dict[str, bytes] = {
        "[Content_Types].xml": (
            f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="{_PACKAGE}.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ).encode(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": f"{head}<w:document {_SPACES}><w:body>{body}</w:body></w:document>".encode(),
        "word/_rels/document.xml.rels": _relations(
            {f"rId{n}": (_KINDS.get(name, name), f"{name}.xml") for n, name in enumerate(parts, start=1)}
        ),
    }
    for name, inner in parts.items():
        root = ROOTS[name]
        files[f"word/{name}.xml"] = f"{head}<w:{root} {_SPACES}>{inner}</w:{root}>".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in {**files, **(extra or {})}.items():
            z.writestr(name, data)
    return out.getvalue()


def _relations(targets: Mapping[str, tuple[str, str]]) -> bytes:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{_R}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0"?><Relationships xmlns="{space}">{inner}</Relationships>'.encode()


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*content: str, properties: str = "") -> str:
    """A paragraph of runs (plain strings become such)."""
    inner = "".join(c if c.startswith("<") else r(c) for c in content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def numbered(text: str, depth: int = 0, num: int = 1) -> str:
    """A paragraph of a list."""
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{num}"/></w:numPr>')


def level(
    depth: int, style: str, pattern: str, *, start: int = 1, suffix: str = "nothing", more: str = ""
) -> str:
    """A level of a list."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:suff w:val="{suffix}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def lists(*abstract: str, nums: Mapping[int, tuple[int, str]] | None = None) -> str:
    """numbering.xml: definitions in order (ids from 0); ``nums``: list → its definition and overrides."""
    out = "".join(f'<w:abstractNum w:abstractNumId="{n}">{x}</w:abstractNum>' for n, x in enumerate(abstract))
    nums = nums or {n + 1: (n, "") for n in range(len(abstract))}
    return out + "".join(
        f'<w:num w:numId="{num}"><w:abstractNumId w:val="{base}"/>{override}</w:num>'
        for num, (base, override) in nums.items()
    )


def table(*rows: str) -> str:
    """A table of rows."""
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def row(*cells: str) -> str:
    """A row of cells (plain strings become such)."""
    return f"<w:tr>{''.join(c if c.startswith('<') else cell(c) for c in cells)}</w:tr>"


def cell(text: str = "", properties: str = "") -> str:
    """A cell."""
    inner = p(text) if text else "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def box(*paragraphs: str) -> str:
    """A run with a text box, and the fallback for old programs that repeats it."""
    inner = "".join(paragraphs)
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic><a:graphicData>"
        f"<wps:wsp><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></wps:wsp>"
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
