"""The OFD reader: the pages of each document of a package, laid out as those of a PDF are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from luoshi.errors import Damaged, EmptyFile, TooLarge
from luoshi.model import Box, Drop, Mapped, Problem, Reading, Source
from luoshi.model.reading import Severity
from luoshi.read.formats import container
from luoshi.read.formats.docx.package import Package
from luoshi.read.formats.ofd.content import HIDDEN, Collected, collect
from luoshi.read.formats.ofd.package import OfdDocument, OfdPackage, PageRef, page_box
from luoshi.read.formats.ofd.xml import local
from luoshi.read.layout.compose import compose
from luoshi.read.layout.page import UNMAPPED, Page
from luoshi.read.protocol import Limits

MEDIA = "application/ofd"
TEMPLATE, ANNOTATION = "running head", "annotation"
METADATA = {"Title": "title", "Author": "author", "Subject": "subject"}
UNREADABLE = 0.2
"""Share of a page's characters without a meaning from which on the page cannot be read."""


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
        :raises TooLarge: when it has more pages than the limit.
        :raises EmptyFile: when none of its documents holds text.
        """
        package = OfdPackage(Package(data, source.path, limits), source.path)
        out: list[Reading] = []
        problems: list[Problem] = []
        pages = pictures = 0
        for document in package.documents():
            pages += len(document.pages)
            if pages > limits.pages:
                raise TooLarge(
                    f"{source.path} has {pages} pages, the limit is {limits.pages}.",
                    hint="Split it, or raise the limit.",
                )
            walk = _Walk(package, document, source)
            reading = walk.reading()
            pictures += walk.pictures
            if reading is None:
                problems += walk.problems
            else:
                out.append(reading)
        if not out:
            raise _empty(source, pages, pictures, problems)
        out[0] = replace(out[0], problems=(*out[0].problems, *problems))
        return tuple(out)


    def pages(self, data: bytes, source: Source, limits: Limits) -> Iterator[Page]:
        """The glyphs of its pages, one document after another, for a picture of them."""
        package = OfdPackage(Package(data, source.path, limits), source.path)
        for document in package.documents():
            yield from _Walk(package, document, source).pages()


def _empty(source: Source, pages: int, pictures: int, problems: list[Problem]) -> EmptyFile:
    if pictures:
        return EmptyFile(
            f"{source.path} holds no text, only pictures on {pages} pages.",
            hint="It is a scan: save it as PDF, its pages are then recognised.",
        )
    lost = next((p.message for p in problems if p.code.startswith("page-")), "")
    return EmptyFile(
        f"{source.path} holds no text on its {pages} pages. {lost}".strip(), hint="Fetch the document again."
    )


@dataclass(slots=True)
class _Walk:
    """The walk over the pages of one document."""

    package: OfdPackage
    document: OfdDocument
    source: Source
    left_out: list[tuple[int, str, str, tuple[Box, ...] | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pictures: int = 0

    def reading(self) -> Reading | None:
        """The document, ``None`` where no page holds text."""
        composed = compose(self.pages())
        if not composed.blocks:
            return None
        first: dict[int, int] = {}
        for i, block in enumerate(composed.blocks):
            first.setdefault(block.page, i)
        drops = list(composed.dropped)
        for page, reason, text, boxes in self.left_out:
            at = min((i for p, i in first.items() if p >= page), default=len(composed.blocks))
            drops.append(Drop(reason, text, boxes=boxes, at=at))
        self._listed()
        info = self.document.info
        own = {key: info[name] for name, key in METADATA.items() if info.get(name)}
        return Reading(
            source=replace(self.source, media_type=MEDIA),
            blocks=tuple(composed.blocks),
            dropped=tuple(sorted(drops, key=lambda d: d.at)),
            metadata={**own, **composed.metadata},
            problems=tuple(self.problems),
        )

    def pages(self) -> Iterator[Page]:
        """The glyphs of each page; what is left out of them is noted."""
        seen: set[str] = set()
        for number, ref in enumerate(self.document.pages, start=1):
            root = self._part(ref.part, number)
            if root is None:
                continue
            box = page_box(root) or self.document.area
            found = Collected()
            self._templates(root, found, seen, number, box)
            collect(root, found, self.document.resources)
            self._annotations(ref, number)
            for text in found.left_out:
                self.left_out.append((number, HIDDEN, text, None))
            page = found.page(number, box)
            self.pictures += len(found.pictures)
            self._judge(page, found)
            yield page

    def _part(self, part: str, number: int) -> etree._Element | None:
        try:
            root = self.package.xml(part)
        except (Damaged, TooLarge) as error:
            self._problem("warning", "page-damaged", f"Page {number} cannot be read: {error.message}", number)
            return None
        if root is None:
            self._problem("warning", "page-missing", f"Page {number} is not in the file.", number)
        return root

    def _judge(self, page: Page, found: Collected) -> None:
        """Says where a page shows more than it says."""
        odd = int((page.bits & UNMAPPED > 0).sum())
        letters = sum(map(str.isalnum, page.text)) + odd
        if not page.text and found.pictures:
            self._problem(
                "warning", "no-text", f"Page {page.number} holds a picture and no text.", page.number,
                "If it is a scan, save the file as PDF; its pages are then recognised.",
            )  # fmt: skip
        elif odd > UNREADABLE * letters:
            self._problem(
                "warning", "unreadable-font",
                f"Page {page.number}: of {odd} signs the file does not say which characters they are.",
                page.number, "Print it to PDF; its pages are then recognised.",
            )  # fmt: skip

    def _templates(
        self,
        root: etree._Element,
        found: Collected,
        seen: set[str],
        number: int,
        box: tuple[float, float, float, float],
    ) -> None:
        """A template's text belongs to the first page that uses it; on later pages it is a running head."""
        for node in root:
            key = node.get("TemplateID", "") if local(node) == "Template" else ""
            part = self.document.templates.get(key, "")
            template = self._part(part, number) if part else None
            if template is None:
                continue
            held = found if key not in seen else Collected()
            collect(template, held, self.document.resources)
            if held is not found:
                found.rules += held.rules
                page = held.page(number, box)
                if page.text:
                    body = Mapped.of_glyphs(page.text, page.glyphs())
                    self.left_out.append((number, TEMPLATE, page.text, body.boxes()))
            seen.add(key)

    def _annotations(self, ref: PageRef, number: int) -> None:
        for part in self.document.annotations.get(ref.id, ()):
            root = self._part(part, number)
            for node in root.iter("{*}Appearance") if root is not None else ():
                held = Collected()
                collect(node, held, self.document.resources)
                text = "".join([*held.texts, *held.left_out])
                if text.strip():
                    self.left_out.append((number, ANNOTATION, text, None))

    def _listed(self) -> None:
        if self.document.attachments:
            names = "、".join(self.document.attachments)
            self._problem(
                "info", "attachments", f"Attached files are not read: {names}.", None,
                "Save them beside the document and build with them.",
            )  # fmt: skip
        for line in self.document.signatures:
            self._problem("info", "signature", f"Signed ({line}); signatures are not verified.", None)

    def _problem(self, severity: Severity, code: str, message: str, page: int | None, hint: str = "") -> None:
        self.problems.append(Problem(self.source.path, severity, code, message, hint, page))
