"""What a reader is: the interface of built-in readers and of anybody else's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from luoshi.model import Reading, Source

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a reader takes on before it refuses by name.

    :param text_bytes: size of a flat source (text, Markdown, HTML), in bytes.
    :param file_bytes: size of any other file, in bytes.
    :param pages: pages of a paginated source.
    :param page_seconds: time for one page of it.
    :param members: files in an archive.
    :param unpacked_bytes: what an archive may unpack to, in bytes.
    :param nesting: depth of archives in archives, or of elements in a page.
    """

    text_bytes: int = 64 * MIB
    file_bytes: int = 512 * MIB
    pages: int = 5_000
    page_seconds: float = 20.0
    members: int = 2_000
    unpacked_bytes: int = 1024 * MIB
    nesting: int = 512


@runtime_checkable
class Reader(Protocol):
    """Turns the bytes of one format into readings; registered in the entry-point group ``luoshi.readers``.

    ``name`` is a short word; ``extensions`` the usual ones with their dot, for messages and a small bonus
    only: the content decides. A reader may have more methods: ``lacks()`` says what must be installed before
    it can read, ``pages(data, source, limits)`` gives the glyphs of its pages (for pictures of them),
    ``prepare(files)`` gets names and bytes of many files that come next (to start a slow program once).
    """

    name: str
    extensions: tuple[str, ...]

    def score(self, head: bytes, name: str) -> float:
        """How sure the reader is that the file is its own: 0 (never) to 1 (certain).

        :param head: the first :data:`luoshi.read.opening.HEAD` bytes.
        :param name: the file's name.
        """
        ...

    def read(self, data: bytes, source: Source, limits: Limits) -> tuple[Reading, ...]:
        """The readings of the file, in order; an archive holds several.

        :raises luoshi.errors.InputError: when the file cannot be read at all; what is only partly broken is
            read, with a problem.
        """
        ...
