"""The package: a ZIP of XML parts, opened with limits on what it may unpack to, entities and DTDs refused."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from luoshi.errors import Damaged, TooLarge
from luoshi.read.protocol import MIB, Limits

RATIO = 400
"""A large XML part that unpacks to more than so many times its packed size is a bomb, not a text."""
SMALL = 8 * MIB

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """The parts of an Office file by name.

    :raises Damaged: when the ZIP's directory cannot be read.
    :raises TooLarge: when its parts unpack to more than the limit.
    """

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self._name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise Damaged(
                f"{name} is a damaged Office file: {error}.", hint="Fetch the document again."
            ) from error
        if len(infos) > limits.members or sum(i.file_size for i in infos) > limits.unpacked_bytes:
            raise TooLarge(
                f"{name} unpacks to {sum(i.file_size for i in infos) / MIB:,.0f} MiB in {len(infos)} parts.",
                hint="Save it without its pictures, or raise the limit.",
            )
        self._infos = {i.filename.replace("\\", "/").lstrip("/"): i for i in infos}

    def names(self) -> list[str]:
        """Names of all parts."""
        return list(self._infos)

    def raw(self, name: str) -> bytes | None:
        """The bytes of a part, ``None`` where there is no such part.

        :raises Damaged: when it is encrypted or cut off.
        :raises TooLarge: when it is a bomb.
        """
        info = self._infos.get(name)
        if info is None:
            return None
        if info.file_size > SMALL and info.file_size > RATIO * max(1, info.compress_size):
            raise TooLarge(
                f"{self._name}: {name} unpacks to {info.file_size / MIB:,.0f} MiB: refused as a bomb."
            )
        try:
            return self._zip.read(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            ValueError,
            NotImplementedError,
        ) as error:
            raise Damaged(
                f"{self._name}: its part {name} cannot be unpacked ({error}).",
                hint="Fetch the document again.",
            ) from error

    def verify(self, prefix: str) -> None:
        """Unpack all parts below a folder once, so that another program may open them without limits.

        :raises Damaged: when one is encrypted or cut off.
        :raises TooLarge: when one is a bomb.
        """
        for name in self._infos:
            if name.startswith(prefix) and not name.endswith("/"):
                self.raw(name)

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML part, ``None`` where there is no such part.

        :raises Damaged: when it is encrypted, cut off, no XML, or declares entities.
        :raises TooLarge: when it is a bomb.
        """
        data = self.raw(name)
        if data is None:
            return None
        if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
            raise Damaged(f"{self._name}: {name} declares entities, which no Office program writes.")
        if _STRICT.encode() in data[:4096]:
            data = data.replace(_STRICT.encode(), W[1:-1].encode())
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
        )
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise Damaged(
                f"{self._name}: its part {name} is not well-formed XML ({error}).",
                hint="Fetch the document again.",
            ) from error

    def related(self, part: str) -> dict[str, str]:
        """Targets of a part's relationships by id, inner ones only, as names of parts."""
        folder, base = posixpath.split(part)
        root = self.xml(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels")
        out: dict[str, str] = {}
        for rel in root.iter(_RELS) if root is not None else ():
            if rel.get("TargetMode") != "External":
                target = rel.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                out[rel.get("Id", "")] = posixpath.normpath(path)
        return out

    def main_part(self) -> str:
        """Name of the main document part."""
        root = self.xml("_rels/.rels")
        for rel in root.iter(_RELS) if root is not None else ():
            if rel.get("Type", "").endswith("/officeDocument"):
                return posixpath.normpath(rel.get("Target", "").lstrip("/"))
        return "word/document.xml"
