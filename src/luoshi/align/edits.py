"""Typed edits between an upper and a lower wording, word by word."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from luoshi.model import Edit
from luoshi.text import tokens

BRIDGE = 2
"""Characters that may stay the same inside one replaced phrase (加大支持力度 → 用好支持政策)."""


def edits_between(upper: str, lower: str) -> tuple[Edit, ...]:
    """What was replaced, inserted or deleted on the way from ``upper`` to ``lower``.

    Words are those of the segmenter, punctuation does not count. Edits with no more than a short word
    between them are one phrase; single characters never stand alone beside their word.
    """
    old, new = _words(upper), _words(lower)
    out: list[list[list[str]]] = []
    bridge: list[str] = []
    for op in Levenshtein.opcodes(old, new):
        a, b = old[op.src_start : op.src_end], new[op.dest_start : op.dest_end]
        if op.tag == "equal":
            bridge = a
            continue
        if out and (not bridge or (sum(map(len, bridge)) <= BRIDGE and _both(out[-1]) and a and b)):
            out[-1][0] += bridge + a
            out[-1][1] += bridge + b
        else:
            out.append([a, b])
        bridge = []
    return tuple(_edit("".join(a), "".join(b)) for a, b in out if a or b)


def _both(pair: list[list[str]]) -> bool:
    return bool(pair[0]) and bool(pair[1])


def _edit(upper: str, lower: str) -> Edit:
    if not upper:
        return Edit("insert", "", lower)
    if not lower:
        return Edit("delete", upper, "")
    return Edit("replace", upper, lower)


def _words(text: str) -> list[str]:
    return [w for w in tokens.cut(text) if any(c.isalnum() for c in w)]
