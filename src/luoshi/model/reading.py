"""What a reader hands on: blocks in reading order, and what it left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from luoshi.model.mapped import Box, Mapped

BlockKind = Literal["paragraph", "heading", "list-item", "table-row", "caption", "note"]
Align = Literal["left", "center", "right", ""]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was given.

    ``path`` as given on the command line (POSIX form), ``size`` in bytes, ``media_type`` by content,
    ``encoding`` of flat sources, ``length`` in code points of the decoded text (0 for paginated ones).
    """

    path: str
    sha256: str
    size: int
    media_type: str
    encoding: str = ""
    length: int = 0
    reader: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A paragraph, heading, table row … of the source, lines joined, in reading order.

    :param body: its clean text with origins; no newline inside.
    :param kind: what the format itself says (a heading only where the format marks one).
    :param level: heading level of the format (``h2`` → 2), list depth, else 0.
    :param align: alignment where the format or the layout shows it.
    :param page: 1-based page where it begins, 0 where there are none.
    :param label: a number computed by the format (Word's automatic 一、), already in ``body`` too.
    :param marks: ``bold``, ``indent`` (the first line is), ``page-break`` (a new page begins before
        it), ``gap`` (blank lines or extra space before it), ``lines`` (joined from hard-wrapped lines).
    :param indent: width of the first line's indent in ideographs (half-width spaces count a half).
    :param cells: for table rows, ``(start, end)`` of each cell in ``body``.
    :param table: ordinal of the table in the file, from 1; 0 outside tables.
    """

    body: Mapped
    kind: BlockKind = "paragraph"
    level: int = 0
    align: Align = ""
    page: int = 0
    label: str = ""
    marks: frozenset[str] = frozenset()
    indent: float = 0.0
    cells: tuple[tuple[int, int], ...] = ()
    table: int = 0

    @property
    def text(self) -> str:
        """The characters of :attr:`body`."""
        return self.body.text


@dataclass(frozen=True, slots=True)
class Drop:
    """Source text that a reader or the structure step left out, and why.

    ``reason``: page number, running head, advertising, caption, markup, metadata, navigation, duplicate,
    white space, control characters …; ``at``: ordinal of the block before which it stood.
    """

    reason: str
    quote: str
    source_span: tuple[int, int] | None = None
    boxes: tuple[Box, ...] | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the program could not do or is unsure of.

    ``code`` is a short stable word, ``message`` says what and where, ``hint`` what to do.
    """

    source: str
    severity: Severity
    code: str
    message: str
    hint: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A source file, read.

    ``metadata``: what the file says of itself outside its text (front matter, the metadata table of a
    government page, document properties), keys among ``title``, ``date``, ``published``, ``issuer``,
    ``number``, ``secrecy``, ``author``, ``publisher``, ``index``, ``subject``, ``effective``, ``expires``;
    values as written.
    """

    source: Source
    blocks: tuple[Block, ...]
    dropped: tuple[Drop, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
