"""Writes OFD files (GB/T 33190) for tests: pages of text with positions, templates, attachments, seals."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

NAMESPACE = "http://www.ofdspec.org/2016"
PAGE = (210.0, 297.0)
LEFT, TOP, WIDE, LINES = 28.0, 37.0, 156.0, 22
"""GB/T 9704: the text stands 28 mm from the left, 37 mm from the top, 156 mm wide, 22 lines a page."""
EM = 5.56
"""A character of size 三号 with 28 to a line, in millimetres."""
PITCH = 225.0 / LINES


@dataclass(slots=True)
class Piece:
    """A line of text: its left edge and base line in millimetres, its size."""

    text: str
    x: float
    y: float
    size: float = EM
    extra: str = ""
    """Further attributes of the object (CTM, Visible …)."""


@dataclass(slots=True)
class PageSpec:
    """A page: pieces, straight strokes ``(x0, y0, x1, y1)``, ids of templates, pictures."""

    pieces: list[Piece] = field(default_factory=list)
    strokes: list[tuple[float, float, float, float]] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    pictures: int = 0


@dataclass(slots=True)
class Doc:
    """One document of a package."""

    pages: list[PageSpec]
    title: str = ""
    templates: dict[str, PageSpec] = field(default_factory=dict)
    attachments: list[str] = field(default_factory=list)
    seals: list[str] = field(default_factory=list)
    picture: bytes = b""
    """What all pictures of the document show."""


@dataclass(slots=True)
class Paragraph:
    """A paragraph to be set: ``style`` is title, heading, body, right or cells (of a table's row)."""

    text: str
    style: str = "body"
    cells: tuple[str, ...] = ()


def width(text: str) -> float:
    """Width in ems: half for ASCII."""
    return sum(0.5 if c.isascii() else 1.0 for c in text)


def deltas(text: str, size: float) -> str:
    """The steps of a text, runs of equal ones as ``g n step``."""
    out: list[str] = []
    steps = [round(size * (0.5 if c.isascii() else 1.0), 4) for c in text[:-1]]
    i = 0
    while i < len(steps):
        n = 1
        while i + n < len(steps) and steps[i + n] == steps[i]:
            n += 1
        out += ["g", str(n), f"{steps[i]:g}"] if n > 2 else [f"{steps[i]:g}"] * n
        i += n
    return " ".join(out)


def object_of(piece: Piece, id_: int) -> str:
    """A TextObject."""
    step = deltas(piece.text, piece.size)
    box = (piece.x, piece.y - piece.size, width(piece.text) * piece.size + 1, piece.size * 1.3)
    return (
        f'<ofd:TextObject ID="{id_}" Font="1" Size="{piece.size:g}" {piece.extra} '
        f'Boundary="{" ".join(f"{v:g}" for v in box)}">'
        f'<ofd:TextCode X="0" Y="{piece.size:g}"{f" DeltaX={chr(34)}{step}{chr(34)}" if step else ""}>'
        f"{escape(piece.text)}</ofd:TextCode></ofd:TextObject>"
    )


def content(page: PageSpec) -> str:
    """Content.xml of a page or template."""
    objects = [object_of(p, 100 + n) for n, p in enumerate(page.pieces)]
    for n, (x0, y0, x1, y1) in enumerate(page.strokes):
        w, h = x1 - x0, y1 - y0
        objects.append(
            f'<ofd:PathObject ID="{5000 + n}" LineWidth="0.3" '
            f'Boundary="{x0:g} {y0:g} {w or 0.4:g} {h or 0.4:g}">'
            f"<ofd:AbbreviatedData>M 0 0 L {w:g} {h:g}</ofd:AbbreviatedData></ofd:PathObject>"
        )
    objects += [
        f'<ofd:ImageObject ID="{9000 + n}" Boundary="20 20 170 250" ResourceID="77" CTM="170 0 0 250 0 0"/>'
        for n in range(page.pictures)
    ]
    used = "".join(f'<ofd:Template TemplateID="{t}" ZOrder="Background"/>' for t in page.templates)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ofd:Page xmlns:ofd="{NAMESPACE}">{used}'
        f'<ofd:Content><ofd:Layer ID="2">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def package(docs: Sequence[Doc]) -> bytes:
    """The bytes of an OFD file."""
    parts: dict[str, str | bytes] = {}
    bodies = ""
    for d, doc in enumerate(docs):
        folder = f"Doc_{d}"
        signed = f"<ofd:Signatures>/{folder}/Signs/Signatures.xml</ofd:Signatures>" if doc.seals else ""
        bodies += (
            f"<ofd:DocBody><ofd:DocInfo><ofd:DocID>{d:032x}</ofd:DocID><ofd:Title>{escape(doc.title)}</ofd:Title>"
            f"</ofd:DocInfo><ofd:DocRoot>{folder}/Document.xml</ofd:DocRoot>{signed}</ofd:DocBody>"
        )
        parts |= _document(folder, doc)
    parts["OFD.xml"] = (
        f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="{NAMESPACE}" DocType="OFD" Version="1.1">'
        f"{bodies}</ofd:OFD>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name in ["OFD.xml", *(n for n in parts if n != "OFD.xml")]:
            z.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), parts[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _document(folder: str, doc: Doc) -> dict[str, str | bytes]:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    parts: dict[str, str | bytes] = {}
    templates = pages = ""
    for n, (key, spec) in enumerate(doc.templates.items()):
        parts[f"{folder}/Tpls/Tpl_{n}/Content.xml"] = content(spec)
        templates += f'<ofd:TemplatePage ID="{key}" BaseLoc="Tpls/Tpl_{n}/Content.xml"/>'
    for n, page in enumerate(doc.pages):
        parts[f"{folder}/Pages/Page_{n}/Content.xml"] = content(page)
        pages += f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/Page_{n}/Content.xml"/>'
    attached = ""
    if doc.attachments:
        attached = "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
        listed = "".join(
            f'<ofd:Attachment ID="{n}" Name="{escape(a)}"/>' for n, a in enumerate(doc.attachments)
        )
        parts[f"{folder}/Attachs/Attachments.xml"] = (
            f'{head}<ofd:Attachments xmlns:ofd="{NAMESPACE}">{listed}</ofd:Attachments>'
        )
    if doc.seals:
        signs = "".join(
            f'<ofd:Signature ID="s{n}" Type="Seal" BaseLoc="Sign_{n}/Signature.xml"/>'
            for n in range(len(doc.seals))
        )
        parts[f"{folder}/Signs/Signatures.xml"] = (
            f'{head}<ofd:Signatures xmlns:ofd="{NAMESPACE}">{signs}</ofd:Signatures>'
        )
        for n, who in enumerate(doc.seals):
            parts[f"{folder}/Signs/Sign_{n}/Signature.xml"] = (
                f'{head}<ofd:Signature xmlns:ofd="{NAMESPACE}"><ofd:SignedInfo>'
                f'<ofd:Provider ProviderName="{escape(who)}"/>'
                f"<ofd:SignatureDateTime>2024-07-01 09:00:00</ofd:SignatureDateTime>"
                f"</ofd:SignedInfo></ofd:Signature>"
            )
    parts[f"{folder}/PublicRes.xml"] = (
        f'{head}<ofd:Res xmlns:ofd="{NAMESPACE}" BaseLoc="Res"><ofd:Fonts>'
        f'<ofd:Font ID="1" FontName="仿宋"/></ofd:Fonts><ofd:MultiMedias>'
        f'<ofd:MultiMedia ID="77" Type="Image"><ofd:MediaFile>page.png</ofd:MediaFile>'
        f"</ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    if doc.picture:
        parts[f"{folder}/Res/page.png"] = doc.picture
    parts[f"{folder}/Document.xml"] = (
        f'{head}<ofd:Document xmlns:ofd="{NAMESPACE}"><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID>'
        f"<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{templates}</ofd:CommonData>"
        f"<ofd:Pages>{pages}</ofd:Pages>{attached}</ofd:Document>"
    )
    return parts


def wrap(text: str, first: float, measure: float) -> list[str]:
    """Lines of a paragraph of so many ems; closing marks may hang over, opening ones do not end a line."""
    out: list[str] = []
    line, room = "", measure - first
    for c in text:
        if width(line + c) > room and c not in "，。、；：！？）》”":
            carried = line[-1:] if line[-1:] in "（《“" else ""
            out.append(line[: len(line) - len(carried)])
            line, room = carried, measure
        line += c
    return [*out, line] if line else out


def typeset(paragraphs: Iterable[Paragraph]) -> list[PageSpec]:
    """Pages as GB/T 9704 sets them, with a page number at the foot of each."""
    setter = _Setter()
    for p in paragraphs:
        if p.style == "title":
            size = EM * 1.375
            for line in wrap(p.text, 0, WIDE / size):
                setter.line(line, LEFT + (WIDE - width(line) * size) / 2, size)
        elif p.style == "right":
            setter.line(p.text, LEFT + WIDE - width(p.text) * EM - 2 * EM)
        elif p.style == "cells":
            setter.row(p.cells)
        else:
            for n, line in enumerate(wrap(p.text, 2, WIDE / EM)):
                setter.line(line, LEFT + (2 * EM if n == 0 else 0))
    for n, page in enumerate(setter.pages, start=1):
        foot = f"— {n} —"
        page.pieces.append(Piece(foot, LEFT + (WIDE - width(foot) * 4.9) / 2, 275, 4.9))
    return setter.pages


class _Setter:
    """Puts lines and rows on pages, from the top down."""

    def __init__(self) -> None:
        self.pages: list[PageSpec] = []
        self._y = TOP + LINES * PITCH

    def _room(self, height: float) -> PageSpec:
        if self._y + height > TOP + LINES * PITCH + 0.1 or not self.pages:
            self.pages.append(PageSpec())
            self._y = TOP
        return self.pages[-1]

    def line(self, text: str, x: float, size: float = EM) -> None:
        """A line of text."""
        self._room(PITCH).pieces.append(Piece(text, x, self._y + EM, size))
        self._y += PITCH

    def row(self, cells: Sequence[str]) -> None:
        """A row of a table with rules around its cells, their text wrapped."""
        size, pitch = EM * 0.75, PITCH * 0.75
        step = WIDE / len(cells)
        wrapped = [wrap(c, 0, step / size - 1) for c in cells]
        height = pitch * max(1, *(len(w) for w in wrapped)) + 2
        page = self._room(height)
        top, bottom = self._y, self._y + height
        for k, lines in enumerate(wrapped):
            for n, line in enumerate(lines):
                page.pieces.append(Piece(line, LEFT + k * step + 1, top + 1 + n * pitch + size, size))
        edges = [LEFT + k * step for k in range(len(cells) + 1)]
        page.strokes += [(LEFT, y, LEFT + WIDE, y) for y in (top, bottom)]
        page.strokes += [(x, top, x, bottom) for x in edges]
        self._y = bottom


def write(paragraphs: Iterable[Paragraph], title: str = "") -> bytes:
    """A document of so many paragraphs as an OFD file."""
    return package([Doc(typeset(paragraphs), title)])
