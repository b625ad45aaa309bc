"""The package of an OFD file: documents, pages, templates, what is attached and who signed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from luoshi.errors import Damaged
from luoshi.read.formats.docx.package import Package
from luoshi.read.formats.ofd.content import Resources
from luoshi.read.formats.ofd.xml import child, local, numbers, text_of

BOLD_NAMES = (
    "bold", "black", "heavy", "simhei", "heiti", "xiaobiaosong", "dabiaosong", "-hei", "fzhei", "fzxbs",
    "fzdbs", "hyhei", "黑体", "小标宋", "大标宋",
)  # fmt: skip
"""What the names of faces hold that are heavier than the text."""
A4 = (0.0, 0.0, 210.0, 297.0)


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page: its part, and its corner and size in millimetres where the document says so."""

    part: str
    id: str


@dataclass(slots=True)
class OfdDocument:
    """One ``DocBody``: what it says of itself and where its parts are."""

    info: dict[str, str]
    root: str
    pages: list[PageRef] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)
    area: tuple[float, float, float, float] = A4
    resources: Resources = field(default_factory=Resources)
    media: dict[str, str] = field(default_factory=dict)
    attachments: list[str] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    annotations: dict[str, list[str]] = field(default_factory=dict)


class OfdPackage:
    """The parts of an OFD file; names in it are resolved as the programs that write them mean them."""

    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._name = name
        self._lower = {n.lower(): n for n in package.names()}

    def xml(self, part: str) -> etree._Element | None:
        """The root of a part, ``None`` where there is none."""
        return self._package.xml(part) if part else None

    def raw(self, part: str) -> bytes | None:
        """The bytes of a part (a picture), ``None`` where there is none."""
        return self._package.raw(part) if part else None

    def locate(self, target: str, beside: str) -> str:
        """The part that a file at ``beside`` means: relative to it, or to the root; empty if none."""
        target = target.strip().replace("\\", "/")
        if not target:
            return ""
        folder = posixpath.dirname(beside)
        for path in (
            target if target.startswith("/") else posixpath.join(folder, target),
            target,
            posixpath.join(folder, target.lstrip("/")),
        ):
            found = self._lower.get(posixpath.normpath(path).lstrip("/").lower())
            if found:
                return found
        return ""

    def documents(self) -> Iterator[OfdDocument]:
        """The documents of the package, in order.

        :raises Damaged: when there is no OFD.xml, or it names no document.
        """
        main = self.locate("OFD.xml", "")
        root = self.xml(main)
        if root is None:
            raise Damaged(f"{self._name} holds no OFD document.", hint="Fetch the document again.")
        for body in root:
            if local(body) == "DocBody":
                document = self._document(body, main)
                if document is not None:
                    yield document

    def _document(self, body: etree._Element, main: str) -> OfdDocument | None:
        place = child(body, "DocRoot")
        part = self.locate(place.text or "" if place is not None else "", main)
        root = self.xml(part)
        if root is None:
            return None
        about = child(body, "DocInfo")
        info = {local(n): (n.text or "").strip() for n in (about if about is not None else ()) if len(n) == 0}
        out = OfdDocument(info, part)
        common = child(root, "CommonData")
        out.area = _box(child(common, "PageArea")) or A4
        for node in common if common is not None else ():
            if local(node) == "TemplatePage":
                out.templates[node.get("ID", "")] = self.locate(node.get("BaseLoc", ""), part)
        pages = child(root, "Pages")
        for node in pages if pages is not None else ():
            if local(node) == "Page":
                out.pages.append(PageRef(self.locate(node.get("BaseLoc", ""), part), node.get("ID", "")))
        self._resources(common, part, out)
        out.attachments = self._attachments(root, part)
        out.signatures = self._signatures(body, main)
        out.annotations = self._annotations(root, part)
        return out

    def _resources(self, common: etree._Element | None, part: str, out: OfdDocument) -> None:
        """Bold fonts, drawings and pictures that objects refer to by id."""
        bold: set[str] = set()
        units: dict[str, etree._Element] = {}
        for node in common if common is not None else ():
            if local(node) not in ("PublicRes", "DocumentRes"):
                continue
            place = self.locate(node.text or "", part)
            root = self._try(place)
            if root is None:
                continue
            folder = root.get("BaseLoc", "")
            for item in root.iter("{*}Font", "{*}CompositeGraphicUnit", "{*}MultiMedia"):
                key, kind = item.get("ID", ""), local(item)
                if kind == "Font":
                    name = (item.get("FontName", "") + " " + item.get("FamilyName", "")).lower()
                    if item.get("Bold", "").lower() in ("true", "1") or any(w in name for w in BOLD_NAMES):
                        bold.add(key)
                elif kind == "CompositeGraphicUnit":
                    units[key] = item
                else:
                    file = text_of(child(item, "MediaFile"))
                    found = self.locate(posixpath.join(folder, file), place) or self.locate(file, place)
                    if found:
                        out.media[key] = found
        out.resources = Resources(frozenset(bold), units)

    def _try(self, part: str) -> etree._Element | None:
        """A part that the text does not depend on: where it is broken we go on without it."""
        try:
            return self.xml(part)
        except Damaged:
            return None

    def _attachments(self, root: etree._Element, part: str) -> list[str]:
        node = child(root, "Attachments")
        at = self.locate(node.text or "" if node is not None else "", part)
        listed = self._try(at)
        if listed is None:
            return []
        return [
            n.get("Name", "") or posixpath.basename(text_of(child(n, "FileLoc")))
            for n in listed
            if local(n) == "Attachment"
        ]

    def _signatures(self, body: etree._Element, main: str) -> list[str]:
        """One line a signature or seal: its kind, date, and who made it."""
        node = child(body, "Signatures")
        at = self.locate(node.text or "" if node is not None else "", main)
        listed = self._try(at)
        out = []
        for entry in listed if listed is not None else ():
            if local(entry) != "Signature":
                continue
            root = self._try(self.locate(entry.get("BaseLoc", ""), at))
            signed = child(root, "SignedInfo")
            provider = child(signed, "Provider")
            date = child(signed, "SignatureDateTime")
            kind = "seal" if entry.get("Type", "Seal") == "Seal" else "signature"
            words = [
                kind,
                (date.text or "").strip() if date is not None else "",
                provider.get("ProviderName", "") if provider is not None else "",
            ]
            out.append(" ".join(w for w in words if w))
        return out

    def _annotations(self, root: etree._Element, part: str) -> dict[str, list[str]]:
        node = child(root, "Annotations")
        at = self.locate(node.text or "" if node is not None else "", part)
        listed = self._try(at)
        out: dict[str, list[str]] = {}
        for page in listed if listed is not None else ():
            place = child(page, "FileLoc")
            found = self.locate(place.text or "" if place is not None else "", at)
            if local(page) == "Page" and found:
                out.setdefault(page.get("PageID", ""), []).append(found)
        return out


def _box(area: etree._Element | None) -> tuple[float, float, float, float] | None:
    """``PhysicalBox`` of a page area: x, y, width, height in millimetres."""
    node = child(area, "PhysicalBox")
    values = numbers(node.text or "") if node is not None else []
    if len(values) != 4 or not all(abs(v) < 1e4 for v in values) or min(values[2:]) <= 0:
        return None
    return (values[0], values[1], values[2], values[3])


def page_box(root: etree._Element) -> tuple[float, float, float, float] | None:
    """The page's own box, where it has one."""
    return _box(child(root, "Area"))
