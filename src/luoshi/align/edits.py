"""Typed edits between an upper and a lower wording, word by word."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Indel

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
    out: list[_Hunk] = []
    for hunk in _hunks(old, new):
        last = out[-1] if out else None
        small = sum(map(len, hunk.before)) <= BRIDGE
        if last and small and last.old and last.new and hunk.old and hunk.new:
            last.old += hunk.before + hunk.old
            last.new += hunk.before + hunk.new
        else:
            out.append(hunk)
    return tuple(_edit("".join(h.old), "".join(h.new)) for h in out)


@dataclass(slots=True)
class _Hunk:
    """Words that were given up and words that stand for them, after words that stayed."""

    before: list[str]
    old: list[str]
    new: list[str]


def _hunks(old: list[str], new: list[str]) -> list[_Hunk]:
    """Differences that keep as many words as can be kept."""
    out: list[_Hunk] = []
    before: list[str] = []
    for op in Indel.opcodes(old, new):
        a, b = old[op.src_start : op.src_end], new[op.dest_start : op.dest_end]
        if op.tag == "equal":
            before = a
        elif out and not before:
            out[-1].old += a
            out[-1].new += b
        else:
            out.append(_Hunk(before, a, b))
            before = []
    return out


def _edit(upper: str, lower: str) -> Edit:
    if not upper:
        return Edit("insert", "", lower)
    if not lower:
        return Edit("delete", upper, "")
    return Edit("replace", upper, lower)


def _words(text: str) -> list[str]:
    return [w for w in tokens.cut(text) if any(c.isalnum() for c in w)]
