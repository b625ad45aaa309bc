"""Links between two documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from luoshi.align import judge, spans
from luoshi.align.background import Background
from luoshi.align.change import Setting, change_of
from luoshi.align.edits import edits_between
from luoshi.align.features import Features
from luoshi.align.pairing import Pair
from luoshi.align.signals import Matrix, Signals, signals
from luoshi.align.spans import Passage, Span
from luoshi.model import Document, Evidence, LinkRow, row_id
from luoshi.model.records import Change

CELLS = 4_000_000
"""Pairs of clauses looked at in one go: bounds the memory to about 100 MB."""
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
    links: list[LinkRow] = []
    candidates: list[LinkRow] = []
    if len(low.clauses) and len(up.clauses):
        models = judge.load_models()
        barred = judge.others_say(up)
        views = _views(low, up, models)
        related = judge.relatedness([v.words for v in views], models, _cites(low.document, up.document))
        for view in views:
            found = _judged(low, up, pair, view, models, barred, related)
            links += found.links
            candidates += found.candidates
    return Alignment(_ordered(links), _ordered(candidates))


@dataclass(slots=True, eq=False)
class _View:
    """Some lower sentences against all upper ones: probabilities of shared wording; the signals may be let go
    where a pair of documents takes several views, and are then reckoned again."""

    rows: slice
    words: Matrix
    signals: Signals | None


def _views(low: Features, up: Features, models: judge.Models) -> list[_View]:
    stripes = list(_stripes(low, len(up.clauses)))
    out = []
    for rows in stripes:
        found = signals(low, up, rows)
        words = judge.shared_wording(models, low, rows, found)
        out.append(_View(rows, words, found if len(stripes) == 1 else None))
    return out


def _cites(lower: Document, upper: Document) -> bool:
    """Whether the lower document names the upper one by title or number."""
    title, number = upper.row.title, upper.row.number
    return any((c.title and c.title in title) or (number and c.number == number) for c in lower.row.cites)


def _stripes(low: Features, width: int) -> Iterator[slice]:
    """Rows of lower sentences, whole blocks where they fit, few enough for the memory."""
    clauses = np.bincount(low.clauses.sentence, minlength=len(low.spans))[low.kept]
    block = low.block[low.kept]
    start, size = 0, 0
    for n, count in enumerate(clauses.tolist()):
        if size and (size + count) * width > CELLS:
            # back to the beginning of the block, unless it began the stripe
            cut = n
            while cut > start + 1 and block[cut - 1] == block[n]:
                cut -= 1
            cut = n if cut <= start + 1 else cut
            yield slice(start, cut)
            start, size = cut, int(clauses[cut:n].sum())
        size += count
    yield slice(start, len(clauses))


def _judged(
    low: Features,
    up: Features,
    pair: Pair,
    view: _View,
    models: judge.Models,
    barred: np.ndarray,
    related: float,
) -> Alignment:
    rows = view.rows
    found = view.signals
    if found is None:
        found = signals(low, up, rows)
        judge.shared_wording(models, low, rows, found)
    # only an action makes something concrete
    serves, _ = judge.serving(models, found, view.words, ~low.acts[rows], barred)
    words = judge.shifted(view.words, related**judge.WORDING_PRIOR)
    serves = judge.shifted(serves, related)
    first = int(np.searchsorted(low.clauses.sentence, low.kept[rows.start]))
    links: list[LinkRow] = []
    candidates: list[LinkRow] = []
    taken: dict[int, list[Span]] = {}
    for i, j in np.argwhere(words >= models.wording_link).tolist():
        for passage in spans.worded(low, up, found, first, i, j):
            links.append(_row(low, up, pair, passage, float(words[i, j])))
            taken.setdefault(i, []).append(passage.lower)
    for i, j in np.argwhere((serves >= models.serves_link) & (words < models.wording_link)).tolist():
        passage = spans.served(low, up, int(low.kept[rows][i]), int(up.kept[j]), taken.get(i, []))
        links.append(_row(low, up, pair, passage, float(serves[i, j])))
    for i, j, score in _candidates(words, serves, models):
        worded = spans.worded(low, up, found, first, i, j) if words[i, j] >= models.wording_candidate else []
        if worded:
            passage = max(worded, key=lambda p: p.lower[1] - p.lower[0])
        else:
            passage = spans.served(low, up, int(low.kept[rows][i]), int(up.kept[j]), taken.get(i, []))
        candidates.append(_row(low, up, pair, passage, score))
    return Alignment(tuple(links), tuple(candidates))


def _candidates(words: Matrix, serves: Matrix, models: judge.Models) -> Iterator[tuple[int, int, float]]:
    """The best cells of each row that are no links."""
    linked = (words >= models.wording_link) | (serves >= models.serves_link)
    near = (words >= models.wording_candidate) | (serves >= models.serves_candidate)
    value = np.where(near & ~linked, np.maximum(words, serves), 0)
    order = np.argsort(-value, axis=1, kind="stable")[:, :CANDIDATES]
    for i, columns in enumerate(order.tolist()):
        for j in columns:
            if value[i, j] > 0:
                yield i, j, float(value[i, j])


def _row(low: Features, up: Features, pair: Pair, passage: Passage, score: float) -> LinkRow:
    a = low.document.evidence(*passage.lower)
    b = up.document.evidence(*passage.upper)
    edits = edits_between(b.quote, a.quote) if passage.relation == "adapted" else ()
    # a heading is a label: that it leaves words out means nothing
    compare = passage.relation == "adapted" and not low.is_heading(a.start)
    part = slice(*np.searchsorted(low.place, passage.lower).tolist())
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
