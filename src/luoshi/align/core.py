"""Links between two documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luoshi.align import judge, spans
from luoshi.align.background import Background
from luoshi.align.cells import cells, stripes
from luoshi.align.change import Setting, change_of
from luoshi.align.edits import edits_between
from luoshi.align.features import Features
from luoshi.align.pairing import Pair
from luoshi.align.signals import Signals, Vectors, signals
from luoshi.align.spans import Passage, Span
from luoshi.align.subject import same_subject
from luoshi.model import Document, Evidence, LinkRow, row_id
from luoshi.model.records import Change

Array = NDArray[Any]
Mask = NDArray[np.bool_]

CANDIDATES = 2
"""Candidates kept for a lower sentence."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Links of a pair of documents, and the candidates that fell below the threshold.

    Both are in the order of the lower text. A candidate's relation is what it would be if it were a link.
    """

    links: tuple[LinkRow, ...] = ()
    candidates: tuple[LinkRow, ...] = ()


def align(
    lower: Document | Features, upper: Document | Features, pair: Pair, background: Background | None = None
) -> Alignment:
    """Sentences of ``lower`` that carry on sentences of ``upper``.

    :param lower: a document, or its :class:`Features` where it meets several others.
    :param background: rarity and meaning of words; by default what comes with the package. It must be the
        one that the features were made with.
    """
    low = lower if isinstance(lower, Features) else Features(lower, background)
    up = upper if isinstance(upper, Features) else Features(upper, background)
    if not len(low.clauses) or not len(up.clauses):
        return Alignment()
    models = judge.load_models()
    barred = judge.barred_uppers(up)
    runs = list(stripes(low, up))
    # what a chapter answers is known only when all its sentences were looked at
    known = judge.together([_first(low, up, rows, models) for rows in runs]) if len(runs) > 1 else None
    views = [_view(low, up, rows, models, barred, known) for rows in runs]
    found = _Found(*(np.concatenate(x) for x in zip(*views, strict=True)))
    # stock phrases and titles in common make no relation
    worded = np.flatnonzero(found.words >= models.wording_link)
    said = {
        k: some
        for k in worded.tolist()
        if (some := spans.worded(low, up, int(found.best_lower[k]), int(found.best_upper[k])))
    }
    at = list(said)
    related = judge.relatedness(
        len(np.unique(found.rows[at])), len(np.unique(found.columns[at])), (len(low.kept), len(up.kept)),
        _granted(low, up),
    )  # fmt: skip
    words = judge.shifted(found.words, related**judge.WORDING_PRIOR)
    found = replace(found, words=words, serves=judge.shifted(found.serves, related))
    return _judged(low, up, pair, found, said, models)


def _worded(low: Features, up: Features, rows: slice, models: judge.Models) -> tuple[Signals, Vectors]:
    """Signals of some lower sentences against all upper ones, and their probabilities of shared wording."""
    theme = dict(zip(judge.THEME, models.theme.weights.tolist(), strict=True))
    found = signals(low, up, cells(low, up, rows, theme["head_sentence"], theme["block_block"]))
    return found, judge.shared_wording(models, low, found)


def _first(low: Features, up: Features, rows: slice, models: judge.Models) -> judge.Answered:
    """Which passages of the upper document some lower sentences answer."""
    found, words = _worded(low, up, rows, models)
    return judge.answered(up, words, found)


def _view(
    low: Features,
    up: Features,
    rows: slice,
    models: judge.Models,
    barred: Mask,
    known: judge.Answered | None,
) -> tuple[Array, ...]:
    """What is worth keeping of some lower sentences against all upper ones: rows, columns, best clauses,
    probabilities of shared wording and of serving.

    :param known: what all lower sentences answer, where these are not all.
    """
    found, words = _worded(low, up, rows, models)
    judge.passages_answered(low, up, known or judge.answered(up, words, found), found)
    some = found.cells
    # only an action, or the heading above some, makes something concrete
    serves, _, _ = judge.serving(models, found, words, ~(low.acts | low.headings), barred)
    kept = (words >= models.wording_candidate) | (serves >= models.serves_candidate)
    return tuple(
        x[kept] for x in (some.rows, some.columns, found.best_lower, found.best_upper, words, serves)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Pairs of sentences that may be links: see :func:`_view`."""

    rows: Array
    columns: Array
    best_lower: Array
    best_upper: Array
    words: Array
    serves: Array


def _granted(low: Features, up: Features) -> float:
    """The share of linked sentences that is taken for granted of two documents."""
    if same_subject(low, up):
        return judge.SUBJECT
    return judge.CITED if _cites(low.document, up.document) else judge.UNRELATED


def _cites(lower: Document, upper: Document) -> bool:
    """Whether the lower document names the upper one by title or number."""
    title, number = upper.row.title, upper.row.number
    return any((c.title and c.title in title) or (number and c.number == number) for c in lower.row.cites)


def _judged(
    low: Features,
    up: Features,
    pair: Pair,
    found: _Found,
    said: dict[int, list[Passage]],
    models: judge.Models,
) -> Alignment:
    """Links and candidates; ``said``: the passages of the pairs whose wording may be a link."""
    links: list[LinkRow] = []
    candidates: list[LinkRow] = []
    taken: dict[int, list[Span]] = {}
    worded = found.words >= models.wording_link
    served = (found.serves >= models.serves_link) & ~worded

    def passages(k: int) -> list[Passage]:
        some = said.get(k, [])
        if found.words[k] < models.wording_link and k not in said:
            some = spans.worded(low, up, int(found.best_lower[k]), int(found.best_upper[k]))
        sure = found.words[k] >= models.wording_sure
        return some if sure else [spans.unsure(low, up, p) for p in some]

    def concrete(k: int) -> Passage | None:
        i = int(found.rows[k])
        return spans.served(low, up, int(low.kept[i]), int(up.kept[found.columns[k]]), taken.get(i, []))

    for k in np.flatnonzero(worded).tolist():
        for passage in passages(k):
            links.append(_row(low, up, pair, passage, float(found.words[k])))
            taken.setdefault(int(found.rows[k]), []).append(passage.lower)
    some = np.flatnonzero(served).tolist()
    links += [_row(low, up, pair, p, float(found.serves[k])) for k in some if (p := concrete(k))]
    for k in _candidates(found, worded | served, models):
        near = passages(k) if found.words[k] >= models.wording_candidate else []
        best = max(near, key=lambda p: p.lower[1] - p.lower[0]) if near else concrete(k)
        if best:
            candidates.append(_row(low, up, pair, best, float(max(found.words[k], found.serves[k]))))
    return Alignment(_ordered(links), _ordered(candidates))


def _candidates(found: _Found, linked: Mask, models: judge.Models) -> Iterator[int]:
    """The best pairs of each lower sentence that are no links."""
    near = (found.words >= models.wording_candidate) | (found.serves >= models.serves_candidate)
    some = np.flatnonzero(near & ~linked)
    value = np.maximum(found.words, found.serves)[some]
    order = some[np.lexsort((found.columns[some], -value, found.rows[some]))]
    seen: dict[int, int] = {}
    for k in order.tolist():
        row = int(found.rows[k])
        seen[row] = seen.get(row, 0) + 1
        if seen[row] <= CANDIDATES:
            yield k


def _row(low: Features, up: Features, pair: Pair, passage: Passage, score: float) -> LinkRow:
    a = low.document.evidence(*passage.lower)
    b = up.document.evidence(*passage.upper)
    edits = edits_between(b.quote, a.quote) if passage.relation == "adapted" else ()
    # a heading is a label, a report tells: that they leave words out means nothing
    told = low.is_heading(a.start) or not (low.asks(a.start) or up.asks(b.start))
    compare = passage.relation == "adapted" and not told
    part = low.key_of(*passage.lower)
    stock = float(low.stock[part].mean()) if part.stop > part.start else 0.0
    return LinkRow(
        id=row_id(f"{a.document}\t{b.document}", "link", f"{a.start}:{a.quote}\t{b.start}:{b.quote}"),
        lower=a,
        upper=b,
        relation=passage.relation,
        score=round(score, 4),
        edits=edits,
        change=_change(low, up, a, b) if compare else None,
        stock=round(stock, 4),
        direction=pair.direction,
        direction_basis=pair.basis,
    )


def _change(low: Features, up: Features, a: Evidence, b: Evidence) -> Change | None:
    lower, upper = low.document.row, up.document.row
    same_place = lower.level == upper.level and lower.region == upper.region
    return change_of(
        b.quote,
        a.quote,
        amounts=same_place or lower.work == upper.work,
        above=_setting(up, b.start),
        below=_setting(low, a.start),
    )


def _setting(features: Features, at: int) -> Setting:
    """What stands around a place; beside a cell of a table the day that another cell of its row names."""
    n = features.sentence_at(at)
    start, end = features.spans[n]
    row = features.row_of(n)
    beside = f"{features.text[end : row[1]]}，" if row else ""
    return Setting(beside + features.text[start:at], features.block_text(n), features.text, row is not None)


def _ordered(rows: list[LinkRow]) -> tuple[LinkRow, ...]:
    """In the order of the lower text, each id once (the surer of two passages that came out alike)."""
    best: dict[str, LinkRow] = {}
    for row in rows:
        if row.id not in best or best[row.id].score < row.score:
            best[row.id] = row

    def place(row: LinkRow) -> tuple[int, int, int, int]:
        return row.lower.start, row.upper.start, row.lower.end, row.upper.end

    return tuple(sorted(best.values(), key=place))
