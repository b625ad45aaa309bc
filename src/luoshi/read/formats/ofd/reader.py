"""The OFD reader: the pages of each document of a package, laid out as those of a PDF are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from luoshi.errors import Damaged, EmptyFile, TooLarge
from luoshi.model import Box, Drop, Mapped, Problem, Reading, Source
from luoshi.model.reading import Severity
from luoshi.read import ocr, paged
from luoshi.read.formats import container
from luoshi.read.formats.docx.package import Package
from luoshi.read.formats.ofd.content import HIDDEN, Collected, collect
from luoshi.read.formats.ofd.package import OfdDocument, OfdPackage, PageRef, page_box
from luoshi.read.formats.ofd.scans import main_picture, recognise
from luoshi.read.formats.ofd.xml import local
from luoshi.read.formats.pdf import usable
from luoshi.read.layout.compose import Laid, compose, lay
from luoshi.read.layout.page import Page
from luoshi.read.protocol import Limits

MEDIA = "application/ofd"
TEMPLATE, ANNOTATION, REPLACED = "running head", "annotation", "recognised anew"
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
        :raises TooLarge: when it has more pages than the limit.
        :raises EmptyFile: when none of its documents holds text.
        """
        package = OfdPackage(Package(data, source.path, limits), source.path)
        out: list[Reading] = []
        problems: list[Problem] = []
        pages = 0
        for walk in _walks(package, source, limits):
            pages += len(walk.document.pages)
            reading = walk.reading()
            if reading is None:
                problems += walk.problems
            else:
                out.append(reading)
        if not out:
            raise _empty(source, pages, problems)
        out[0] = replace(out[0], problems=(*out[0].problems, *problems))
        return tuple(out)

    def pages(self, data: bytes, source: Source, limits: Limits) -> Iterator[Page]:
        """The glyphs of its pages, one document after another, for a picture of them."""
        package = OfdPackage(Package(data, source.path, limits), source.path)
        for walk in _walks(package, source, limits):
            yield from (page for page, _ in walk.pages())


def _walks(package: OfdPackage, source: Source, limits: Limits) -> Iterator[_Walk]:
    """The documents of a package; their pages are counted through the file."""
    pages = 0
    for document in package.documents():
        before, pages = pages, pages + len(document.pages)
        if pages > limits.pages:
            raise TooLarge(
                f"{source.path} has {pages} pages, the limit is {limits.pages}.",
                hint="Split it, or raise the limit.",
            )
        yield _Walk(package, document, source, before)


def _empty(source: Source, pages: int, problems: list[Problem]) -> EmptyFile | Damaged:
    worst = next((p for p in problems if p.severity == "error"), None)
    if worst is None:
        return EmptyFile(
            f"{source.path} holds no text on its {pages} pages.",
            hint="What they show is drawn as shapes: print the file to PDF, or save its pages as pictures.",
        )
    if worst.code == "missing-extra":
        return EmptyFile(f"{source.path} holds pictures only. {worst.message}", hint=worst.hint)
    return Damaged(f"{source.path}: {worst.message}", hint=worst.hint)


@dataclass(slots=True)
class _Walk:
    """The walk over the pages of one document; ``before`` are the pages of those before it."""

    package: OfdPackage
    document: OfdDocument
    source: Source
    before: int = 0
    left_out: list[tuple[int, str, str, tuple[Box, ...] | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def reading(self) -> Reading | None:
        """The document, ``None`` where no page holds text."""
        composed = compose(self._laid())
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

    def _laid(self) -> list[Laid]:
        """The pages laid out; those without usable text are recognised where that can be."""
        out: dict[int, Laid] = {}
        wanted: dict[int, tuple[Page, Collected]] = {}
        for page, found in self.pages():
            kind = usable.verdict(page)
            if kind == usable.GARBLED:
                self._problem(
                    "warning", "unreadable-font",
                    f"Page {page.number} has text in a font that does not say which characters it shows.",
                    page.number, "Print it to PDF; its pages are then recognised.",
                )  # fmt: skip
            if kind in (usable.PICTURE, usable.GARBLED) and main_picture(page, found) is not None:
                wanted[page.number] = (page, found)
            else:
                out[page.number] = lay(page)
        if wanted and not ocr.installed():
            self.problems.append(paged.unread(self.source.path, list(wanted), "extra"))
        elif wanted:
            self._recognise(wanted, out)
        for number, (page, _) in wanted.items():
            if number not in out:
                out[number] = lay(page)
        return [out[k] for k in sorted(out)]

    def _recognise(self, wanted: dict[int, tuple[Page, Collected]], out: dict[int, Laid]) -> None:
        pages: list[Page] = []
        for found in recognise(self.package, self.document, wanted):
            if isinstance(found, ocr.Lost):
                self.problems.append(paged.unread(self.source.path, [found.number], found.why))
                continue
            pages.append(found)
            out[found.number] = lay(found, besides=wanted[found.number][0], reason=REPLACED)
        self.problems += paged.doubts(self.source.path, sorted(pages, key=lambda p: p.number))

    def pages(self) -> Iterator[tuple[Page, Collected]]:
        """The glyphs of each page, and what else is on it; what is left out of them is noted."""
        seen: set[str] = set()
        for number, ref in enumerate(self.document.pages, start=self.before + 1):
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
            yield found.page(number, box), found

    def _part(self, part: str, number: int) -> etree._Element | None:
        try:
            root = self.package.xml(part)
        except (Damaged, TooLarge) as error:
            self._problem("warning", "page-damaged", f"Page {number} cannot be read: {error.message}", number)
            return None
        if root is None:
            self._problem("warning", "page-missing", f"Page {number} is not in the file.", number)
        return root

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
