"""What of a search for text reuse is shown to people: the summary page and the list for a spreadsheet.

Chosen are a few rows of the tables; only the texts that these need are read once more, and of each only the
stretches that are shown are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.pipeline.reuse_input import Reading
from luoshi.pipeline.reuse_texts import texts_of
from luoshi.reuse.corpus import Corpus
from luoshi.reuse.direction import rank_of
from luoshi.reuse.finish import Passages
from luoshi.reuse.settings import Settings

I64 = NDArray[np.int64]
Place = tuple[int, int, int]
"""A stretch: ordinal of its document, first character, the one behind the last."""

CLIP = 500
"""Characters of a stretch that are shown."""
TITLE = 200
"""Characters of a title that are shown."""
PAIRS, FAMILIES, STOCK, LONGEST, OTHERS = 30, 20, 10, 20, 4
"""Rows of the page's tables: pairs, families, families of stock phrases, passages; documents named beside a
family's first."""
LEVELS = ("", "township", "county", "city", "province", "central")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows of the tables that are shown.

    :param listed: ordinals of passages for the spreadsheet; ``longest`` for the page.
    :param pairs: ordinals of rows of ``documents``.
    :param first: for each family, the row of ``clusters`` with its earliest member; ``stock`` whether it is
        one of stock phrases.
    :param others: for each family, ordinals of further documents.
    """

    listed: I64
    longest: I64
    pairs: I64
    first: I64
    stock: NDArray[np.bool_]
    others: tuple[tuple[int, ...], ...]


def choose(
    passages: Passages, family: I64, members: dict[str, Any], pairs: dict[str, Any], top: int
) -> Chosen:
    """Which rows are shown; equal ones in the order of the tables.

    :param family: of each passage; ``members`` and ``pairs`` are columns of ``clusters`` and ``documents``.
    """
    is_stock = passages.relation == "stock"
    own = np.flatnonzero(~is_stock)
    own = own[_best(passages.matches[own])]
    one_each = np.sort(np.unique(family[own], return_index=True)[1])
    first = np.flatnonzero(members["earliest"])
    size = np.bincount(family, minlength=len(first))
    stock = 2 * np.bincount(family, weights=is_stock, minlength=len(first)) > size
    length = (members["end"] - members["start"])[first]
    shared = np.flatnonzero(pairs["passages"])
    order = np.lexsort((np.arange(len(first)), -length, -members["documents"][first]))
    shown = np.concatenate([order[~stock[order]][:FAMILIES], order[stock[order]][:STOCK]])
    return Chosen(
        listed=_best(passages.matches * passages.rarity)[:top],
        longest=own[one_each[:LONGEST]],
        pairs=shared[_best(pairs["weight"][shared])[:PAIRS]],
        first=first[shown],
        stock=stock[shown],
        others=tuple(_others(members, int(first[k]), int(members["members"][first[k]])) for k in shown),
    )  # fmt: skip


def _best(score: NDArray[Any]) -> I64:
    return np.argsort(-score.astype(np.float64), kind="stable").astype(np.int64)


def _others(members: dict[str, Any], first: int, count: int) -> tuple[int, ...]:
    """Documents of a family besides that of its first member; members of a family stand together."""
    some = members["document"][first : first + min(count, 1_000)].tolist()
    return tuple(d for d in dict.fromkeys(some) if d != some[0])[:OTHERS]


def places_of(chosen: Chosen, p: Passages, members: dict[str, Any], pairs: dict[str, Any]) -> set[Place]:
    """The stretches that are shown; of documents of which only the title is shown an empty one."""
    rows = np.union1d(chosen.listed, chosen.longest)
    out: set[Place] = set()
    for columns in ((p.a, p.a_start, p.a_end), (p.b, p.b_start, p.b_end)):
        out.update(zip(*(c[rows].tolist() for c in columns), strict=True))
    out.update(zip(*(members[n][chosen.first].tolist() for n in ("document", "start", "end")), strict=True))
    named = [d for some in chosen.others for d in some]
    out.update(
        (d, 0, 0) for d in [*named, *pairs["a"][chosen.pairs].tolist(), *pairs["b"][chosen.pairs].tolist()]
    )
    return out


def told(reading: Reading, places: Iterable[Place]) -> tuple[dict[int, str], dict[Place, str]]:
    """Titles of documents and the beginnings of stretches."""
    wanted: dict[int, list[Place]] = {}
    for place in places:
        wanted.setdefault(place[0], []).append(place)
    titles: dict[int, str] = {}
    texts: dict[Place, str] = {}
    for d, title, text in texts_of(reading, np.array(sorted(wanted), dtype=np.int64)):
        titles[d] = title[:TITLE]
        texts.update((place, text[place[1] : min(place[2], place[1] + CLIP)]) for place in wanted[d])
    return titles, texts


@dataclass(frozen=True, slots=True)
class Made:
    """What a search made, as far as people are told of it."""

    corpus: Corpus
    passages: Passages
    family: I64
    members: dict[str, Any]
    pairs: dict[str, Any]
    settings: Settings
    reading: Reading
    problems: int


def write_summary(made: Made, folder: Path, *, top: int, language: Any, tables: list[str]) -> None:
    """Writes ``summary.html`` and, unless ``top`` is 0, the best passages as ``passages.csv``."""
    from luoshi.report import reuse as report
    from luoshi.report.files import replace_file

    p = made.passages
    chosen = choose(p, made.family, made.members, made.pairs, top)
    titles, texts = told(made.reading, places_of(chosen, p, made.members, made.pairs))
    about = made.corpus.about

    def named(d: int) -> report.Named:
        a = about[d]
        return report.Named(a.id, titles.get(d, ""), a.date, LEVELS[rank_of(a.level)] or a.level)

    def stretch(*place: int) -> report.Stretch:
        d, start, end = place
        return report.Stretch(named(d), start, end, texts.get((d, start, end), ""))

    documents = made.members["documents"][np.flatnonzero(made.members["earliest"])]

    def shared(k: int) -> report.Shared:
        return report.Shared(
            stretch(int(p.a[k]), int(p.a_start[k]), int(p.a_end[k])),
            stretch(int(p.b[k]), int(p.b_start[k]), int(p.b_end[k])),
            int(p.matches[k]), round(float(p.similarity[k]), 4), round(float(p.rarity[k]), 4),
            p.relation[k], p.direction[k], int(documents[made.family[k]]),
        )  # fmt: skip

    def pair(k: int) -> report.Pair:
        c = made.pairs
        return report.Pair(
            named(int(c["a"][k])), named(int(c["b"][k])), int(c["passages"][k]), int(c["a_characters"][k]),
            int(c["b_characters"][k]), round(float(c["a_share"][k]), 4), round(float(c["b_share"][k]), 4),
            c["upper"][k],
        )  # fmt: skip

    def family(row: int, stock: bool, others: tuple[int, ...]) -> report.Family:
        c = {n: int(v[row]) for n, v in made.members.items()}
        first = stretch(c["document"], c["start"], c["end"])
        return report.Family(
            c["cluster"], first, c["documents"], c["members"], stock, tuple(map(named, others))
        )

    summary = report.Summary(
        files=[(PurePosixPath(s.path).name, s.bytes) for s in made.reading.sources],
        settings=made.settings.as_dict(),
        counts=_counts(made),
        pairs=[pair(int(k)) for k in chosen.pairs],
        families=[
            family(*row)
            for row in zip(chosen.first.tolist(), chosen.stock.tolist(), chosen.others, strict=True)
        ],
        longest=[shared(int(k)) for k in chosen.longest],
        tables=tables,
        rows=len(chosen.listed),
    )
    page = report.render(summary, language)
    replace_file(folder / "summary.html", page.encode("utf-8", "replace"))
    if top:
        sheet = report.spreadsheet((shared(int(k)) for k in chosen.listed), language)
        replace_file(folder / "passages.csv", b"\xef\xbb\xbf" + sheet.encode("utf-8", "replace"))


def _counts(made: Made) -> dict[str, int]:
    p, about = made.passages, made.corpus.about
    values = Counter(p.relation.tolist()) + Counter(p.direction.tolist())
    kinds = ("verbatim", "adapted", "stock", "down", "level", "up", "unknown")
    return {
        "documents": len(about),
        "characters": sum(a.length for a in about),
        "sharing": len(np.union1d(p.a, p.b)),
        "passages": len(p),
        "pairs": len(made.pairs["a"]),
        "families": int(made.members["earliest"].sum()),
        "problems": made.problems,
        "clip": CLIP,
        **{k: values[k] for k in kinds},
    }
