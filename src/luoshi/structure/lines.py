"""The paragraphs of a reading on their way to a document."""

from __future__ import annotations

import re
from dataclasses import dataclass

from luoshi.model import Block, Mapped

FINAL = "。！？；…!?;"
"""Marks that end a sentence, so a paragraph that ends with one is no heading."""

_CLOSERS = "”’」』）〉》】〕)]\"'"
_NOTE_BEHIND = re.compile(r"[。！？][”’]?\s*[（(【][^（()【】]{2,60}[）)】]$")
_OCCASION = re.compile(r"[—–―-]{1,2}\s*(?:19|20)\d{2}年\d{1,2}月\d{1,2}日\s*在[^上]{2,40}(?<!上)$")
WHITE = "".join(c for c in map(chr, range(0x3001)) if c.isspace())
"""All white space."""
_MARKS = re.compile("[“”‘’\"'《》〈〉「」*#]+")
_OPEN = re.compile(r"[（(][^（()）]*$")


@dataclass(slots=True)
class Line:
    """A paragraph on its way: its text, the block that it came from, and what was found out about it.

    ``kind`` is that of :class:`luoshi.model.Paragraph`; ``at`` the ordinal of the block in the reading;
    ``entry`` says that the outline may read a label here; ``drop`` is the reason to leave the line out;
    ``turn`` says that another speaker of an interview begins here.
    """

    body: Mapped
    block: Block
    at: int
    kind: str = "body"
    speaker: str | None = None
    entry: bool = True
    drop: str = ""
    turn: bool = False

    @property
    def text(self) -> str:
        """The characters."""
        return self.body.text

    def part(self, start: int, end: int | None = None) -> Line:
        """A line of a stretch of this one, without white space at its ends."""
        return Line(self.body[start:end].strip(), self.block, self.at, self.kind, self.speaker, self.entry)


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, closing marks and a note in brackets left aside."""
    text = text.rstrip()
    if not text:
        return False
    last = text.rstrip(_CLOSERS)[-2:]
    return (
        last[-1:] in tuple(FINAL)
        or bool(re.fullmatch(r"[A-Za-z\d]\.", last))
        or bool(_NOTE_BEHIND.search(text[-80:]))
    )


def heal(lines: list[Line]) -> list[Line]:
    """Join short lines where a bracket opened in one closes in the next (a note set on two lines)."""
    out: list[Line] = []
    for line in lines:
        last = out[-1] if out else None
        if (
            last is not None
            and len(last.text) < 80
            and len(line.text) < 80
            and (
                (_OPEN.search(last.text) and re.match(r"[^（(]*[）)]", line.text))
                or (_OCCASION.match(last.text) and re.match(r"[^，。]{2,30}(?:上|时)$", line.text))
            )
            and "gap" not in line.block.marks
            and not line.block.cells
        ):
            last.body = last.body + line.body
        else:
            out.append(line)
    return out


def bare(text: str) -> str:
    """The text without white space and quotation marks, for comparing titles."""
    return _MARKS.sub("", "".join(text.split()))
