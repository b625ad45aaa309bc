"""DOC, WPS, ODT and RTF: LibreOffice makes DOCX of them, and the reader of DOCX reads that."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

from luoshi.errors import Damaged, InputError
from luoshi.model import Problem, Reading, Source
from luoshi.read.formats import container, ole, soffice
from luoshi.read.formats.docx import DocxReader
from luoshi.read.protocol import Limits

RTF = b"{\\rtf"
ODT = "application/vnd.oasis.opendocument.text"
MEDIA = {
    "doc": "application/msword",
    "wps": "application/vnd.ms-works",
    "rtf": "application/rtf",
    "odt": ODT,
}
WORDS = frozenset({"WordDocument"})
OTHERS = {
    "PowerPoint Document": "a presentation (PPT)",
    "Workbook": "a workbook (XLS)",
    "Book": "a workbook (XLS)",
    "__properties_version1.0": "a letter of Outlook (MSG)",
}
KEPT = 64
"""Converted files that are kept until they are read."""


class OfficeReader:
    """Reads what only an office program can open."""

    name = "office"
    extensions: tuple[str, ...] = (".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt", ".ott", ".fodt")

    def score(self, head: bytes, name: str) -> float:
        """By the first bytes; of an old Office file by the streams that its directory names."""
        named = name.lower().endswith(self.extensions)
        if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(RTF):
            return 0.99
        if head.startswith(ole.MAGIC):
            return 0.98 if ole.utf16("WordDocument") in head else 0.95 if named else 0.5
        if container.media_type(head).startswith(ODT):
            return 1.0
        if b"<office:document" in head[:2000] and ODT.encode() in head[:4000]:
            return 0.99
        return 0.0

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """One reading.

        :raises Damaged: when it is encrypted, or LibreOffice makes nothing of it.
        :raises InputError: when LibreOffice is not installed, or takes too long.
        """
        kind = ending(data, source.path)
        made = _CACHE.take(source.sha256)
        if made is None:
            try:
                made = soffice.convert([(kind, data)])[0]
            except InputError as error:
                raise type(error)(f"{source.path}: {error.message}", hint=error.hint) from error
        if made is None:
            raise Damaged(
                f"{source.path}: LibreOffice cannot open it; it is damaged, encrypted or no document.",
                hint="Open it in the program that it was written with, and save it as DOCX.",
            )
        readings = DocxReader().read(made, source, limits)
        macros = _macros(data, source)
        return tuple(
            replace(
                r,
                source=replace(r.source, media_type=MEDIA[kind]),
                problems=(*r.problems, *macros) if n == 0 else r.problems,
            )
            for n, r in enumerate(readings)
        )

    def lacks(self) -> str:
        """Whether LibreOffice is missing."""
        return "" if soffice.program() else soffice.INSTALL

    def prepare(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Convert many files in one run, so that reading them afterwards costs no start of LibreOffice.

        What fails here is left for :meth:`read` to try, and to name.

        :param files: name and bytes of each.
        """
        wanted = [(name, data) for name, data in files if self.score(data[: 1 << 16], name) > 0.9]
        if len(wanted) < 2:
            return
        for at in range(0, len(wanted), KEPT // 2):
            batch = []
            for name, data in wanted[at : at + KEPT // 2]:
                try:
                    batch.append((ending(data, name), data))
                except InputError:
                    continue
            try:
                made = soffice.convert(batch)
            except InputError:
                return
            for (_, data), docx in zip(batch, made, strict=True):
                if docx is not None:
                    _CACHE.put(hashlib.sha256(data).hexdigest(), docx)


class _Cache:
    """Converted files by the hash of what they were made of; each is taken once."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}
        self._lock = Lock()

    def put(self, key: str, docx: bytes) -> None:
        with self._lock:
            self._held[key] = docx
            while len(self._held) > KEPT:
                self._held.pop(next(iter(self._held)))

    def take(self, key: str) -> bytes | None:
        with self._lock:
            return self._held.pop(key, None)


_CACHE = _Cache()


def ending(data: bytes, name: str) -> str:
    """The ending that tells LibreOffice what a file is, by its content.

    :raises Damaged: when it is encrypted, or something else than a text document.
    """
    if not data.startswith(ole.MAGIC):
        return "rtf" if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(RTF) else "odt"
    ole.refuse_encrypted(data, name)
    found = ole.streams(data)
    if found and not found & WORDS:
        what = next(
            (v for k, v in OTHERS.items() if k in found), "an old Office file without a text document"
        )
        raise Damaged(f"{name} is {what}.", hint="Save the text in it as DOCX.")
    return "doc"


def _macros(data: bytes, source: Source) -> tuple[Problem, ...]:
    if data.startswith(ole.MAGIC) and {"_VBA_PROJECT", "VBA", "Macros"} & ole.streams(data):
        return (Problem(source.path, "info", "macros", "The file holds macros; they were not looked at."),)
    return ()
