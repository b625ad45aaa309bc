"""How the sentences of a document stand: in blocks under headings, in rows of tables, or outside of it
all."""

from __future__ import annotations

import re
from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from luoshi.model import Document
from luoshi.text.units import find_groups

Index = NDArray[np.int32]
Mask = NDArray[np.bool_]

_NOTE = re.compile(
    r"[（(【\[][^（）()\n]{1,400}[）)】\]]|(?:牵头|责任|配合|主管|协办|参与)(?:单位|部门)[：:]"
)


def paragraphs_of(document: Document) -> Index:
    """Ordinal of the paragraph that each sentence stands in (-1: none)."""
    starts = [p.start for p in document.paragraphs]
    return np.array([bisect_right(starts, s.evidence.start) - 1 for s in document.sentences], dtype=np.int32)


def silent(document: Document, paragraph: Index) -> list[bool]:
    """For each sentence whether it takes no part: the box, the title, editor's notes and signatures, and the
    cells beside a task (numbers, bodies, dates), which tell who does it and when."""
    box = document.box or (0, 0)
    asks = ("action", "goal")
    at = paragraph.tolist()
    asking = {n for n, s in zip(at, document.sentences, strict=True) if s.kind in asks}
    out = []
    for n, sentence in zip(at, document.sentences, strict=True):
        start = sentence.evidence.start
        kind = document.paragraphs[n].kind if n >= 0 else "body"
        beside = kind == "table-row" and (
            sentence.kind == "heading" or (n in asking and sentence.kind not in asks)
        )
        out.append(beside or box[0] <= start < box[1] or kind in ("title", "note"))
    return out


def unit_notes(document: Document) -> Mask:
    """``bool[text]``: what only says who is responsible (（责任单位：…）, 由…牵头 in brackets)."""
    out = np.zeros(len(document.text), dtype=np.bool_)
    for p in document.paragraphs:
        part = document.text[p.start : p.end]
        if _NOTE.search(part):
            for group in find_groups(part, running=False):
                out[p.start + group.start : p.start + group.end] = True
    return out


def blocks(document: Document, paragraph: Index) -> tuple[Index, list[int], list[int]]:
    """Block of each sentence (article, item, or paragraph where nothing is numbered), the ordinal of each
    block's heading (or first) sentence, and that of the heading of the chapter above (-1: none)."""
    provisions = {p.id: p for p in document.provisions}
    block: list[int] = []
    heads: list[int] = []
    parents: list[int] = []
    seen: dict[str, int] = {}
    head_of: dict[str, int] = {}
    for n, sentence in enumerate(document.sentences):
        row = provisions.get(sentence.provision or "")
        name = row.id if row else f"paragraph {paragraph[n]}"
        if name not in seen:
            seen[name] = len(heads)
            heads.append(n)
            head_of[name] = n
            above = row.parent if row else None
            while above and above not in head_of and above in provisions:
                above = provisions[above].parent
            parents.append(head_of.get(above or "", -1))
        block.append(seen[name])
    return np.array(block, dtype=np.int32), heads, parents
