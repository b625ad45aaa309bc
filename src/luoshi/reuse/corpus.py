"""Documents as integer columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luoshi.kernels import reuse as kernels
from luoshi.reuse import letters

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]

UNDATED = "9999"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a document besides its text.

    ``date`` is ISO, as exact as known; ``level`` as in :data:`luoshi.reuse.direction.RANK`; documents of one
    ``series`` are versions or parts of one work; ``length`` counts code points of the text.
    """

    id: str
    date: str | None = None
    level: str | None = None
    series: str | None = None
    length: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Symbols:
    """Texts as symbols, one after the other.

    A symbol is a Han character or its like, or a whole word of a script that writes words.

    :param sym: ``uint32[n]``; words have the top bit set.
    :param start: ``uint32[n]``, place of its first character in its document, in code points.
    :param width: ``uint8[n]``, its characters.
    :param mark: ``uint8[n]``: bits 0–1 what border stands before it (2 sentence, 1 clause), bits 2–4 how many
        closing marks follow it at once, bits 5–6 how many opening marks stand before it at once.
    :param bounds: ``int64[documents + 1]``, where each document begins in the columns.
    """

    sym: U32
    start: U32
    width: U8
    mark: U8
    bounds: I64


def symbols(texts: Sequence[str]) -> Symbols:
    """Texts taken apart to symbols."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    bounds = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(t) for t in texts], out=bounds[1:])
    n = len(codes)
    sym, start = np.empty(n, dtype=np.uint32), np.empty(n, dtype=np.uint32)
    width, mark = np.empty(n, dtype=np.uint8), np.empty(n, dtype=np.uint8)
    ends = np.empty(len(bounds), dtype=np.int64)
    m = kernels.symbols(codes, bounds, letters.table(), sym, start, width, mark, ends)
    return Symbols(sym[:m], start[:m], width[:m], mark[:m], ends)


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """All documents: what is known of them, their symbols, and their orders.

    :param about: in the order in which they were read; no result depends on it.
    :param age: ``uint32[documents]``, place of each in the order of date, level and id: what comes earlier is
        taken for the source.
    :param by_age: ``int64[documents]``, the inverse.
    :param rank: ``uint32[documents]``, place of each in an order by what it holds. Two documents are compared
        in this order, so that neither names nor dates change what is found.
    :param by_rank: ``int64[documents]``, the inverse.
    :param series: ``uint32[documents]``; documents of equal number are not compared.
    :param equal_to: ``int64[documents]``: where more documents than the cap hold the same symbols, all but
        the earliest name it and are not looked at themselves; -1 otherwise.
    """

    about: tuple[About, ...]
    symbols: Symbols
    age: U32
    by_age: I64
    rank: U32
    by_rank: I64
    series: U32
    equal_to: I64


def corpus(
    about: Sequence[About], columns: Symbols, *, digest: NDArray[np.uint64] | None = None,
    same_series: bool = False, copies: int = 1 << 60,
) -> Corpus:  # fmt: skip
    """Puts documents into their orders.

    :param digest: of each document (:func:`digests`), where that is known already.
    :param same_series: compare documents of one series too.
    :param copies: so many equal documents take part at most.
    """
    age, by_age = age_of(about)
    digest = digests(columns) if digest is None else digest
    by_rank = np.lexsort((age, digest)).astype(np.int64)
    series = np.arange(len(about), dtype=np.uint32)
    if not same_series:
        first: dict[str, int] = {}
        for d, a in enumerate(about):
            if a.series:
                series[d] = first.setdefault(a.series, d)
    return Corpus(
        tuple(about),
        columns,
        age,
        by_age,
        _inverse(by_rank),
        by_rank,
        series,
        _equals(digest, by_rank, copies),
    )


def age_of(about: Sequence[About]) -> tuple[U32, I64]:
    """Place of each document in the order of date, level and id, and the inverse."""
    from luoshi.reuse.direction import rank_of

    ranks = {level: -rank_of(level) for level in {a.level for a in about}}
    keys = [(a.date or UNDATED, ranks[a.level], a.id) for a in about]
    by_age = np.array(sorted(range(len(about)), key=keys.__getitem__), dtype=np.int64)
    return _inverse(by_age), by_age


def digests(columns: Symbols) -> NDArray[np.uint64]:
    """A number for what each document holds."""
    out = np.empty(len(columns.bounds) - 1, dtype=np.uint64)
    kernels.digests(columns.sym, columns.bounds, out)
    return out


def _inverse(order: I64) -> U32:
    out = np.empty(len(order), dtype=np.uint32)
    out[order] = np.arange(len(order), dtype=np.uint32)
    return out


def _equals(digest: NDArray[np.uint64], by_rank: I64, copies: int) -> I64:
    """The earliest of more than ``copies`` documents of one digest, for the others."""
    out = np.full(len(digest), -1, dtype=np.int64)
    ordered = digest[by_rank]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else by_rank[:0]
    for at, size in zip(first, np.diff(np.r_[first, len(ordered)]), strict=True):
        if size > copies:
            out[by_rank[at + 1 : at + size]] = by_rank[at]
    return out
