"""OFD (GB/T 33190), the national format for documents of a fixed layout: a reader of our own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from luoshi.errors import Damaged, EmptyFile, TooLarge
from luoshi.model import Block, Drop, Mapped, Problem, Reading, Source
from luoshi.read.formats import container
from luoshi.read.formats.docx.package import Package
from luoshi.read.formats.ofd import lines as page_lines
from luoshi.read.formats.ofd.content import POINTS, Collected, Glyphs, collect, local
from luoshi.read.formats.ofd.package import OfdDocument, OfdPackage, PageRef, page_box
from luoshi.read.furniture import strip_furniture
from luoshi.read.protocol import Limits
from luoshi.read.reflow import reflow

MEDIA = "application/ofd"
TEMPLATE, ANNOTATION = "running head", "annotation"
METADATA = {"Title": "title", "Author": "author", "Subject": "subject"}


class OfdReader:
    """Reads OFD files; each document of a package is a reading."""

    name = "ofd"
    extensions: tuple[str, ...] = (".ofd",)

    def score(self, head: bytes, name: str) -> float:
        """1 for a ZIP whose first entries are those of an OFD file, 0.95 for one that is called so."""
        names = container.names(head)
        if any(n == "OFD.xml" or n.startswith("Doc_0/") for n in names) and not container.office(head):
            return 1.0
        return 0.95 if names and name.lower().endswith(self.extensions) else 0.0

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading for each document.

        :raises Damaged: when it is no OFD file, is cut off or encrypted.
        :raises EmptyFile: when none of its documents holds text.
        """
        package = OfdPackage(Package(data, source.path, limits), source.path)
        out: list[Reading] = []
        pictures = pages = 0
        for document in package.documents():
            pages += len(document.pages)
            if pages > limits.pages:
                raise TooLarge(
                    f"{source.path} has {pages} pages, the limit is {limits.pages}.",
                    hint="Split it, or raise the limit.",
                )
            walk = _Pages(package, document, source)
            reading = walk.reading()
            pictures += walk.pictures
            if reading is not None:
                out.append(reading)
        if not out:
            raise _empty(source, pages, pictures)
        return tuple(out)


def _empty(source: Source, pages: int, pictures: int) -> EmptyFile:
    if pictures:
        return EmptyFile(
            f"{source.path} holds no text, only pictures on {pages} pages.",
            hint="It is a scan: save it as PDF, its pages are then recognised.",
        )
    return EmptyFile(f"{source.path} holds no text on its {pages} pages.", hint="Fetch the document again.")


@dataclass(slots=True)
class _Pages:
    """The walk over the pages of one document."""

    package: OfdPackage
    document: OfdDocument
    source: Source
    dropped: list[Drop] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pictures: int = 0

    def reading(self) -> Reading | None:
        """The document, ``None`` where no page holds text."""
        pages = [(n, g, page_lines.rows(g), wide) for n, g, wide in self._glyphs()]
        stripped = strip_furniture(page_lines.lines(pages))
        flow = reflow(stripped.kept)
        if not flow.blocks:
            return None
        for reason, part in stripped.taken:
            self.dropped.append(Drop(reason, part.text, boxes=part.boxes(), at=_place(flow.blocks, part)))
        for reason, part, at in flow.dropped:
            self.dropped.append(Drop(reason, part.text, boxes=part.boxes(), at=at))
        self._listed()
        info = self.document.info
        metadata = {key: info[name] for name, key in METADATA.items() if info.get(name)}
        return Reading(
            source=replace(self.source, media_type=MEDIA),
            blocks=tuple(flow.blocks),
            dropped=tuple(sorted(self.dropped, key=lambda d: d.at)),
            metadata=metadata,
            problems=tuple(self.problems),
        )

    def _glyphs(self) -> Iterator[tuple[int, Glyphs, float]]:
        seen: set[str] = set()
        for number, ref in enumerate(self.document.pages, start=1):
            try:
                root = self.package.xml(ref.part)
            except (Damaged, TooLarge) as error:
                self._problem("warning", "page-damaged", f"Page {number}: {error.message}", number)
                continue
            if root is None:
                self._problem("warning", "page-missing", f"Page {number} is not in the file.", number)
                continue
            box = page_box(root) or self.document.area
            found = Collected()
            self._templates(root, found, seen, number)
            collect(root, found, self.document.bold_fonts)
            self._annotations(ref, number)
            for text, reason in found.left_out:
                self.dropped.append(Drop(reason, text, at=0))
            self.pictures += found.pictures
            glyphs = found.glyphs((box[0], box[1]))
            if found.pictures and not glyphs.text.strip():
                self._problem(
                    "warning", "no-text", f"Page {number} holds pictures and no text.", number,
                    "If it is a scan, save the file as PDF; its pages are then recognised.",
                )  # fmt: skip
            yield number, glyphs, box[2] * POINTS

    def _templates(self, root: etree._Element, found: Collected, seen: set[str], number: int) -> None:
        """A template's text belongs to the first page that uses it; on later pages it is a running head."""
        for node in root:
            if local(node) != "Template":
                continue
            key = node.get("TemplateID", "")
            part = self.document.templates.get(key, "")
            try:
                template = self.package.xml(part)
            except Damaged:
                template = None
            if template is None:
                continue
            held = found if key not in seen else Collected()
            collect(template, held, self.document.bold_fonts)
            if key in seen and held.chars:
                self.dropped.append(Drop(TEMPLATE, "".join(held.chars), at=0))
            seen.add(key)

    def _annotations(self, ref: PageRef, number: int) -> None:
        for part in self.document.annotations.get(ref.id, ()):
            try:
                root = self.package.xml(part)
            except Damaged:
                continue
            for node in root.iter("{*}Appearance") if root is not None else ():
                held = Collected()
                collect(node, held)
                text = "".join([*held.chars, *(t for t, _ in held.left_out)])
                if text.strip():
                    self.dropped.append(Drop(ANNOTATION, text, at=0))

    def _listed(self) -> None:
        if self.document.attachments:
            names = "、".join(self.document.attachments)
            self._problem(
                "info", "attachments", f"Attached files are not read: {names}.", None,
                "Save them beside the document and build with them.",
            )  # fmt: skip
        for line in self.document.signatures:
            self._problem("info", "signature", f"Signed ({line}); signatures are not verified.", None)

    def _problem(self, severity: str, code: str, message: str, page: int | None, hint: str = "") -> None:
        self.problems.append(
            Problem(self.source.path, severity, code, message, hint, page)  # type: ignore[arg-type]
        )


def _place(blocks: Sequence[Block], part: Mapped) -> int:
    """Ordinal of the first block that begins below a part of a page, or on a later page."""
    if part.glyphs is None:
        return 0
    page, top = float(part.glyphs[0, 0]), float(part.glyphs[0, 2])
    for i, block in enumerate(blocks):
        spots = block.body.glyphs
        if spots is None:
            continue
        first = spots[spots[:, 0] > 0][:1]
        if len(first) and (float(first[0, 0]), float(first[0, 2])) > (page, top):
            return i
    return len(blocks)
