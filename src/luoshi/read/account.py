"""The proof that nothing was lost: every code point of the source stands in a block or in a drop.

A reader claims each stretch that it leaves out, with the reason, in a :class:`Ledger`. What nobody claimed
and is white space or invisible is so named when the ledger is closed. Anything else that nobody claimed is a
fault of the reader: it is written as ``unassigned`` (and so seen); the tests hold that this never happens.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from luoshi.model import Block, Drop, Mapped, Reading
from luoshi.read.normalise import INVISIBLE

WHITE = "white space"
CONTROL = "control characters"
MARKUP = "markup"
UNASSIGNED = "unassigned"
_SPACE = re.compile(r"\s+")


class Ledger:
    """Which code points of a decoded source were left out, and why."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._reasons: list[str] = ["", UNASSIGNED, WHITE, CONTROL]
        self._codes: dict[str, int] = {r: i for i, r in enumerate(self._reasons)}
        self._claims: NDArray[np.int16] = np.zeros(len(text), dtype=np.int16)
        self._own: list[tuple[int, int]] = []

    def drop(self, start: int, end: int, reason: str) -> None:
        """Leave out a stretch of the source."""
        self._claims[start:end] = self._code(reason)

    def drop_body(self, body: Mapped, reason: str) -> None:
        """Leave out the origins of some characters, and the white space between them."""
        offsets = body.offsets[body.offsets >= 0]
        if len(offsets):
            self._claims[offsets] = self._code(reason)

    def _code(self, reason: str) -> int:
        code = self._codes.get(reason)
        if code is None:
            code = self._codes[reason] = len(self._reasons)
            self._reasons.append(reason)
        return code

    def close(self, blocks: Sequence[Block]) -> tuple[Drop, ...]:
        """The drops in source order, each a stretch with one reason; what stands in a block is in none.

        White space beside markup goes with it.
        """
        claims = self._claims
        claims[claims == 0] = 1
        kept = np.zeros(len(claims), dtype=np.bool_)
        firsts = np.zeros(len(blocks), dtype=np.int64)
        last = 0
        for i, block in enumerate(blocks):
            offsets = block.body.offsets
            offsets = offsets[offsets >= 0]
            if len(offsets):
                kept[offsets] = True
                last = max(last, int(offsets[0]))
            firsts[i] = last
        self._name_rest(claims, kept)
        claims[kept] = 0
        return self._rows(claims, firsts)

    def _name_rest(self, claims: NDArray[np.int16], kept: NDArray[np.bool_]) -> None:
        """White space and invisible characters that nobody claimed are called so."""
        for pattern, code in ((_SPACE, 2), (INVISIBLE, 3)):
            for m in pattern.finditer(self._text):
                part = claims[m.start() : m.end()]
                part[part == 1] = code

    def _rows(self, claims: NDArray[np.int16], firsts: NDArray[np.int64]) -> tuple[Drop, ...]:
        edges = np.flatnonzero(np.diff(claims)) + 1
        bounds = np.concatenate([[0], edges, [len(claims)]]).tolist()
        codes = claims[np.asarray(bounds[:-1], dtype=np.int64)].tolist() if len(claims) else []
        spans: list[list[int]] = []
        for start, end, code in zip(bounds[:-1], bounds[1:], codes, strict=True):
            if code == 0:
                continue
            if spans and spans[-1][1] == start and _merges(self._reasons, spans[-1][2], code):
                spans[-1][1] = end
                spans[-1][2] = spans[-1][2] if code == 2 else code
                continue
            spans.append([start, end, code])
        at = np.searchsorted(firsts, [s[0] for s in spans], side="left").tolist()
        return tuple(
            Drop(self._reasons[code], self._text[start:end], (start, end), at=where)
            for (start, end, code), where in zip(spans, at, strict=True)
        )


def _merges(reasons: list[str], left: int, right: int) -> bool:
    """Whether two stretches side by side are one: the same reason, or white space beside something."""
    if left == right:
        return True
    return (left == 2 and right > 3) or (right == 2 and left > 3)


def coverage_gaps(reading: Reading, length: int | None = None) -> tuple[tuple[int, int], ...]:
    """The stretches of the decoded source that stand neither in a block nor in a drop; none, if all is well.

    Also a stretch that stands in both, or a drop called ``unassigned``, is a gap.
    """
    n = reading.source.length if length is None else length
    count: NDArray[np.int32] = np.zeros(n, dtype=np.int32)
    for block in reading.blocks:
        offsets = block.body.offsets
        np.add.at(count, offsets[offsets >= 0], 1)
    for drop in reading.dropped:
        if drop.source_span is None or drop.reason == UNASSIGNED:
            continue
        count[drop.source_span[0] : drop.source_span[1]] += 1
    wrong = np.flatnonzero(count != 1)
    if not len(wrong):
        return ()
    groups = np.split(wrong, np.flatnonzero(np.diff(wrong) > 1) + 1)
    return tuple((int(g[0]), int(g[-1]) + 1) for g in groups)


def finish(text: str, reading: Reading, ledger: Ledger) -> Reading:
    """A reading of a flat source with its drops and its length."""
    return replace(
        reading,
        source=replace(reading.source, length=len(text)),
        dropped=ledger.close(reading.blocks),
    )
