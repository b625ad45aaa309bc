"""Page furniture among lines: page numbers, running heads, advertising, captions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from luoshi.model import Mapped
from luoshi.read.lines import Line

PAGE_NUMBER = "page number"
_NUMBER = re.compile(
    r"(?:[-—–－─]{1,3}\s*\d{1,4}\s*[-—–－─]{1,3}|第\s*\d{1,4}\s*页(?:\s*[，,/／]?\s*共\s*\d{1,4}\s*页)?|"
    r"[Pp]age\s+\d{1,4}(?:\s+of\s+\d{1,4})?|\d{1,4}\s*[/／]\s*\d{1,4}|·\s*\d{1,4}\s*·|\d{1,4})"
)


def strip_furniture(
    lines: Sequence[Line], *, drop_numbers: bool = True
) -> tuple[list[Line], list[tuple[str, Mapped]]]:
    """The lines without page furniture, and what was taken with its reason.

    :param drop_numbers: whether lines can be page numbers (a web page has none).
    """
    taken: list[tuple[str, Mapped]] = []
    kept: list[Line] = []
    carry_break = False
    for i, line in enumerate(lines):
        if (
            drop_numbers
            and len(line.text) <= 16
            and _NUMBER.fullmatch(line.text)
            and _is_page_number(lines, i)
        ):
            taken.append((PAGE_NUMBER, line.body))
            carry_break = True
            continue
        if carry_break:
            line.page_break = True
            carry_break = False
        kept.append(line)
    return kept, taken


def _is_page_number(lines: Sequence[Line], i: int) -> bool:
    """A decorated number always; a bare one when its neighbours are no numbers too."""
    line = lines[i]
    if not line.text.isdigit():
        return True
    near = [lines[j] for j in (i - 1, i + 1) if 0 <= j < len(lines)]
    return not any(re.fullmatch(r"[\d.,%\s]+", n.text) for n in near)
