"""Word files (DOCX, DOTX, DOCM): a walk of the body of our own.

python-docx drops text boxes, content controls, tracked insertions and automatic numbers; a document without
its numbers has no outline. What a Word file says in headers, footers, comments, deleted and hidden text is
left out of the text and reported.
"""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from luoshi.errors import Damaged, EmptyFile
from luoshi.model import Problem, Reading, Source
from luoshi.read.formats import container
from luoshi.read.formats.docx.body import Body
from luoshi.read.formats.docx.numbering import Numbering, read_numbering
from luoshi.read.formats.docx.package import Package, W
from luoshi.read.formats.docx.scans import page_size, recognised
from luoshi.read.formats.docx.scroll import Scroll
from luoshi.read.formats.docx.styles import Styles
from luoshi.read.protocol import Limits

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ASIDE = {"header": "running head", "footer": "running foot", "comments": "comment"}
"""Parts that are no part of the text, by their relationship's file name, and the reason given."""
SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})


class DocxReader:
    """Reads Word files."""

    name = "docx"
    extensions: tuple[str, ...] = (".docx", ".docm", ".dotx", ".dotm")

    def score(self, head: bytes, name: str) -> float:
        """1 where the ZIP's first entries are those of a Word file, less for a ZIP that is called one."""
        if not head.startswith(b"PK\x03\x04"):
            return 0.0
        if container.holds(head, "word/"):
            return 1.0
        office = container.office(head) and not any(container.holds(head, f) for f in ("xl/", "ppt/"))
        return 0.9 if office and name.lower().endswith(self.extensions) else 0.4 if office else 0.0

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading.

        :raises Damaged: when it is no Word file, or is cut off.
        :raises EmptyFile: when it holds no text at all.
        """
        package = Package(data, source.path, limits)
        main = package.main_part()
        root = package.xml(main)
        body = root.find(W + "body") if root is not None else None
        if body is None:
            raise Damaged(
                f"{source.path} holds no Word document.",
                hint="Open it in an office program and save it anew.",
            )
        scroll = Scroll()
        related = package.related(main)
        notes = _notes(package, related)
        walk = Body(scroll, *_definitions(package, related), notes, page_size(body))
        found = list(walk.blocks(body))
        seen, said = recognised(found, walk.scans, package, related, source.path, walk.tables)
        blocks = tuple(seen)
        _leave_aside(package, related, scroll)
        if not blocks:
            raise _empty(source, walk, said)
        text = scroll.text
        return (
            Reading(
                source=replace(source, media_type=MEDIA, length=len(text)),
                blocks=blocks,
                dropped=scroll.ledger().close(blocks),
                metadata=_properties(package),
                problems=(*said, *_problems(source, package, walk)),
            ),
        )


def _empty(source: Source, walk: Body, said: list[Problem]) -> EmptyFile | Damaged:
    """Why a file holds no text: it is empty, or its pictures were not read."""
    worst = next((p for p in said if p.severity == "error"), None)
    if worst is not None and worst.code == "missing-extra":
        return EmptyFile(f"{source.path} holds pictures only. {worst.message}", hint=worst.hint)
    if worst is not None:
        return Damaged(f"{source.path}: {worst.message}", hint=worst.hint)
    n = walk.pictures + len(walk.scans)
    if n:
        hint = "If it is a scan, save it as PDF; its pages are then recognised."
        return EmptyFile(f"{source.path} holds no text, only {n} pictures.", hint=hint)
    return EmptyFile(f"{source.path} holds no text.")


def _part(related: dict[str, str], name: str) -> str:
    """The related part whose file is called so (word/styles.xml), empty where there is none."""
    return next((p for p in related.values() if p.rsplit("/", 1)[-1].lower() == name), "")


def _definitions(package: Package, related: dict[str, str]) -> tuple[Styles, Numbering]:
    styles = package.xml(_part(related, "styles.xml"))
    return Styles(styles), read_numbering(package.xml(_part(related, "numbering.xml")))


def _notes(package: Package, related: dict[str, str]) -> dict[tuple[str, str], etree._Element]:
    """Footnotes and endnotes by kind and id, without the lines that separate them from the text."""
    out: dict[tuple[str, str], etree._Element] = {}
    for kind in ("footnote", "endnote"):
        root = package.xml(_part(related, f"{kind}s.xml"))
        for note in root.iter(W + kind) if root is not None else ():
            if note.get(W + "type") not in SEPARATORS:
                out[kind, note.get(W + "id", "")] = note
    return out


def _leave_aside(package: Package, related: dict[str, str], scroll: Scroll) -> None:
    """Headers, footers and comments go on the scroll as left out."""
    for part in sorted(set(related.values())):
        name = part.rsplit("/", 1)[-1].lower()
        reason = next((r for prefix, r in ASIDE.items() if name.startswith(prefix)), "")
        root = package.xml(part) if reason and name.endswith(".xml") else None
        for paragraph in root.iter(W + "p") if root is not None else ():
            text = "".join(t.text or "" for t in paragraph.iter(W + "t"))
            scroll.leave_out(text + "\n" if text else "", reason)


def _properties(package: Package) -> dict[str, str]:
    """The author; a title in the properties is as a rule that of another document, saved under a new name."""
    root = package.xml("docProps/core.xml") if "docProps/core.xml" in package.names() else None
    creator = root.find("{http://purl.org/dc/elements/1.1/}creator") if root is not None else None
    author = (creator.text or "").strip() if creator is not None else ""
    return {"author": author} if author else {}


def _problems(source: Source, package: Package, walk: Body) -> tuple[Problem, ...]:
    out = []
    if walk.pictures:
        out.append(
            Problem(
                source.path, "info", "pictures",
                f"{walk.pictures} pictures are not read." if walk.pictures > 1 else "A picture is not read.",
                "If they hold text (a scan, a table as a picture), save the file as PDF.",
            )
        )  # fmt: skip
    if any(n.endswith("vbaProject.bin") for n in package.names()):
        out.append(
            Problem(source.path, "info", "macros", "The file holds macros; they were not looked at.", "")
        )
    return tuple(out)
