"""Where a place stands in an outline, as officials write it: 二（一）1, 第一章第三条."""

from __future__ import annotations

import re
from collections.abc import Iterable

_STOPS = "、.．,，"
_PART = re.compile("[一二三四五六七八九十]+")


def joined(labels: Iterable[str], title: str = "") -> str:
    """The labels of nodes from the chapter down in one: no stop at the end, none before a bracket.

    What was joined already stays as it is.

    :param title: of the last node, which then ends it.
    """
    out = ""
    for label in filter(None, (x.strip() for x in labels)):
        if label[0] in "（(〔第":
            out = out.rstrip(_STOPS)
        out += label
    if title:
        return headed(out, title)
    out = out.rstrip(_STOPS)
    return f"第{out}部分" if _PART.fullmatch(out) else out


def headed(label: str, title: str) -> str:
    """A heading: label and title, a space between them only where no mark is."""
    gap = "" if not label or label[-1] in f"{_STOPS}）)〕" else " "
    return f"{label.strip()}{gap}{title.strip()}".strip()
